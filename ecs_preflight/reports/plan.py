"""The plan: what would be checked, and what would be asked."""

from __future__ import annotations

import json

from ecs_preflight.facts import Snapshot
from ecs_preflight.plan import Plan


def render_plan(plan: Plan, format: str = "text") -> str:
    """The planned checks in order with the questions of each that are known before AWS is asked; text or json."""
    nothing = Snapshot()
    rows = [
        (item.check, item.target, sorted(question.id for question in item.questions(plan.config, nothing))) for item in plan.items
    ]
    if format == "json":
        document = [
            {"check": check.id, "slug": check.slug, "target": target.id, "severity": check.severity.name, "questions": questions}
            for check, target, questions in rows
        ]
        return json.dumps({"schema_version": 1, "plan": document}, indent=2) + "\n"
    lines = [f"{check.id}  {target.id}  {', '.join(questions)}".rstrip() for check, target, questions in rows]
    open_questions = plan.questions(nothing)
    lines.append(f"\n{len(rows)} checks; {len(open_questions)} questions to AWS to begin with.")
    return "\n".join(lines) + "\n"
