"""`ecs-preflight trust`: one trust policy explained or fixed, without AWS. Parses, calls, prints."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from ecs_preflight.errors import UsageError
from ecs_preflight.output import write_document

if TYPE_CHECKING:
    from ecs_preflight.reports.trust_question import TrustQuestion

EXIT_CODES = """\
exit codes:
  0  IAM takes the policy, and the principal may assume the role; with --fix: fixed, or nothing to change
  1  IAM refuses it, or the principal may not; with --fix: it takes a decision, and no document is printed
  2  the policy cannot be read
  3  it depends on condition keys that are not stated
"""


def add_trust_options(trust: argparse.ArgumentParser) -> None:
    trust.add_argument("--policy", required=True, metavar="FILE", help="the policy document, as JSON")
    trust.add_argument("--format", choices=("text", "json"), default="text", help="of the explanation")
    request = trust.add_argument_group("the request", "what is not stated is unknown, but for what the principal itself implies")
    request.add_argument("--principal", metavar="ARN", help="who would assume the role: an ARN or a service principal")
    request.add_argument(
        "--context",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="a condition key with its value; once more for a second value; `KEY=` is the empty text",
    )
    request.add_argument("--no-context", action="append", default=[], metavar="KEY", help="a condition key that it does not have")
    request.add_argument(
        "--as-clouddriver",
        action="store_true",
        help="it is clouddriver's, for an ECS account: no external id, no session tags, no source identity",
    )
    fix = trust.add_argument_group("the fix")
    fix.add_argument("--fix", action="store_true", help="print the policy with the smallest change that makes it right")
    fix.add_argument(
        "--own-statement",
        action="store_true",
        help="give the principal a statement without conditions, even where one with conditions names it",
    )


def run_trust(options: argparse.Namespace) -> int:
    from ecs_preflight.reports.trust import explain_trust, render_trust_json, render_trust_text
    from ecs_preflight.reports.trust_fix import fix_and_tell
    from ecs_preflight.yamlfile import read_text

    question = _question(options)
    text = read_text(options.policy)
    if options.fix:
        fixed = fix_and_tell(text, options.policy, question, own_statement=options.own_statement)
        sys.stderr.write(fixed.remarks)
        write_document(fixed.document or "")
        return fixed.exit_code
    explanation = explain_trust(text, options.policy, question)
    write_document((render_trust_json if options.format == "json" else render_trust_text)(explanation))
    return explanation.exit_code


def _question(options: argparse.Namespace) -> TrustQuestion | None:
    from ecs_preflight.reports.trust_question import TrustQuestion, stated_context

    if options.own_statement and not options.fix:
        raise UsageError("--own-statement says how to fix: give it with --fix")
    context = stated_context(options.context, options.no_context)
    if options.principal:
        return TrustQuestion(options.principal, context, as_clouddriver=options.as_clouddriver)
    if context or options.as_clouddriver or options.own_statement:
        raise UsageError("something is stated of a request, and not who makes it", hint="Add --principal ARN.")
    return None
