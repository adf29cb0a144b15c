"""The plan, shown."""

from __future__ import annotations

import json

from ecs_preflight import questions
from ecs_preflight.facts import Asker
from ecs_preflight.reports.plan import render_plan
from ecs_preflight.targets import Target
from tests.plans import made, plan, requiring

PLAN = plan(
    requiring(questions.assume_role("ecs", Asker.ECS_SESSION), questions.caller_identity()),
    requiring(questions.caller_identity(), check_id="TEST002"),
    made(lambda *_: iter(()), check_id="TEST003"),
    on=(Target("ecs"),),
)


def test_as_text() -> None:
    assert render_plan(PLAN) == (
        "TEST001  ecs  assume-role/ecs/-/E, caller-identity/-/-\n"
        "TEST002  ecs  caller-identity/-/-\n"
        "TEST003  ecs\n"
        "\n"
        "3 checks; 2 questions to AWS to begin with.\n"
    )


def test_as_json() -> None:
    document = json.loads(render_plan(PLAN, "json"))
    assert list(document) == ["schema_version", "plan"]
    assert document["schema_version"] == 1
    assert document["plan"][0] == {
        "check": "TEST001",
        "slug": "slug-of-test001",
        "target": "ecs",
        "severity": "ERROR",
        "questions": ["assume-role/ecs/-/E", "caller-identity/-/-"],
    }
    assert [row["check"] for row in document["plan"]] == ["TEST001", "TEST002", "TEST003"]
