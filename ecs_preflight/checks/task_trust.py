"""Whether ECS may assume a role for its tasks: asked by TRUST006, TRUST007 and TRUST009."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ecs_preflight.answers import Role
from ecs_preflight.arn import Arn
from ecs_preflight.checks.trust_requests import allow_assume_role, service_request, trust_document
from ecs_preflight.findings import Problem, Undetermined, Verdict
from ecs_preflight.iam.decision import EvalDecision, Evaluation
from ecs_preflight.iam.evaluate import evaluate_document
from ecs_preflight.spinnaker.trust_reader import ECS_TASKS


def untrusted_regions(found: Role, regions: Sequence[str]) -> Iterator[Problem | Verdict]:
    """One problem for the regions in which the role does not let ecs-tasks in, and what is open in each of the others."""
    evaluations = {region: evaluated_for_task(found, region) for region in regions}
    denied = {region: evaluation for region, evaluation in evaluations.items() if not _may(evaluation)}
    if denied:
        where = "" if len(denied) == len(evaluations) else f" in {', '.join(denied)}"
        arn = Arn.parse(found.arn)
        account_id = arn.account_id if arn else ""
        yield Problem(
            f"role {found.name} does not trust {ECS_TASKS}{where}",
            remediation=(
                f"Add this statement to the trust policy of {found.arn}:\n{allow_assume_role({'Service': ECS_TASKS})}\n"
                f"or, with conditions, allow aws:SourceAccount {account_id} and the aws:SourceArn of all tasks: "
                f"{', '.join(_source_arn(found, region, '*') for region in regions)}"
            ),
            evidence=next(iter(denied.values())).explanation,
        )
    for region, evaluation in evaluations.items():
        if evaluation.decision is EvalDecision.UNDECIDABLE:
            yield Undetermined(f"{found.name} in {region}: {evaluation.explanation}")


def evaluated_for_task(found: Role, region: str) -> Evaluation:
    """For a task of the role's account in a region, and for whatever else of ECS may stand in aws:SourceArn there.

    AWS documents only the shape `arn:aws:ecs:REGION:ACCOUNT:*`; what lets in the one and not the other is left open.
    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html
    """
    arn = Arn.parse(found.arn)
    document = trust_document(found)
    known = {"aws:SourceAccount": arn.account_id if arn else "", "aws:RequestedRegion": region}
    of_task, of_anything = (
        evaluate_document(
            document, service_request(ECS_TASKS, found, {**known, "aws:SourceArn": _source_arn(found, region, resource)})
        )
        for resource in ("task/any-cluster/0123456789abcdef0123456789abcdef", "any-resource")
    )
    if of_task.allowed and not of_anything.allowed:
        return evaluate_document(document, service_request(ECS_TASKS, found, known))
    return of_task


def _may(evaluation: Evaluation) -> bool:
    return evaluation.allowed or evaluation.decision is EvalDecision.UNDECIDABLE


def _source_arn(found: Role, region: str, resource: str) -> str:
    arn = Arn.parse(found.arn)
    return f"arn:{arn.partition}:ecs:{region}:{arn.account_id}:{resource}" if arn else ""
