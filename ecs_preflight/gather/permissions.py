"""Answers about what the managed role may do: calls that are tried, and what IAM's own simulator says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ecs_preflight.answers import Attempt, SimulatedAction, Simulation, TriedCall
from ecs_preflight.arn import Arn
from ecs_preflight.aws.credentials import Identity
from ecs_preflight.aws.failures import AwsFailure, FailureKind
from ecs_preflight.aws.operations import GET_ROLE, SIMULATE_PRINCIPAL_POLICY
from ecs_preflight.facts import Absent, Fact, Gap, Known, Listing, Question
from ecs_preflight.gather.desk import Desk
from ecs_preflight.gather.trials import AS_AWS_ACCOUNT, AS_ECS_ACCOUNT, OF_CLUSTER, Trial

_TRIALS: Mapping[str, tuple[Trial, ...]] = {
    "reads-as-ecs-account": AS_ECS_ACCOUNT,
    "reads-of-cluster": OF_CLUSTER,
    "reads-as-aws-account": AS_AWS_ACCOUNT,
}


def reads(desk: Desk, identity: Identity, question: Question[Listing[TriedCall]]) -> Fact[Listing[TriedCall]]:
    """Every read of the kind, tried once; one that gave no answer is a gap. Raises AwsFailure where none gave any."""
    tried: list[TriedCall] = []
    failures: list[AwsFailure] = []
    for trial in _TRIALS[question.kind.name]:
        try:
            tried.append(_tried(desk, identity, question, trial))
        except AwsFailure as failure:
            failures.append(failure)
    if failures and not tried:
        raise failures[0]
    return Known(Listing(tuple(tried), tuple(Gap(failure.action, failure.said) for failure in failures)))


def _tried(desk: Desk, identity: Identity, question: Question[Any], trial: Trial) -> TriedCall:
    arn = Arn.parse(identity.arn)
    place = {
        "partition": arn.partition if arn else "aws",
        "account_id": identity.account_id,
        "region": question.region,
        "cluster": question.arguments[0] if question.arguments else "",
    }
    operation = trial.operation
    region = desk.iam_region(question.account) if operation.service == "iam" else question.region
    try:
        desk.gateway.call(operation, identity, region, **trial.parameters_for(place))
    except AwsFailure as failure:
        if failure.kind is FailureKind.DENIED:
            return TriedCall(operation.action, False, failure.said)
        if failure.code not in trial.not_found:
            raise
    return TriedCall(operation.action, True)


def may_get_role(desk: Desk, identity: Identity, question: Question[Attempt]) -> Fact[Attempt]:
    """Whether iam:GetRole is allowed on one role, which must exist for that to mean anything."""
    (name,) = question.arguments
    try:
        desk.gateway.call(GET_ROLE, identity, desk.iam_region(question.account), RoleName=name)
    except AwsFailure as failure:
        if failure.kind is FailureKind.MISSING:
            return Absent(f"there is no role {name} in account {identity.account_id}")
        if failure.kind is not FailureKind.DENIED:
            raise
        return Known(Attempt(False, identity.arn, failure.code, failure.message))
    return Known(Attempt(True, identity.arn))


def simulation(desk: Desk, identity: Identity, question: Question[Simulation]) -> Fact[Simulation]:
    """What IAM's simulator says of a role, several actions on one resource in a call.

    The region is given as aws:RequestedRegion: without it, SCPs that allow some regions only deny everything.
    https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
    """
    role_arn, actions, resource, *given = question.arguments
    context = {"aws:RequestedRegion": question.region, **dict(entry.split("=", 1) for entry in given)}
    results = desk.gateway.pages(
        SIMULATE_PRINCIPAL_POLICY,
        identity,
        desk.iam_region(question.account),
        PolicySourceArn=role_arn,
        ActionNames=actions.split(","),
        ResourceArns=[resource],
        ContextEntries=[
            {"ContextKeyName": key, "ContextKeyValues": [value], "ContextKeyType": "string"} for key, value in context.items()
        ],
    )
    try:
        return Known(Simulation(tuple(_simulated(raw) for raw in results)))
    except AwsFailure as failure:
        if failure.kind is FailureKind.MISSING:
            return Absent(f"there is no role {role_arn}")
        raise


def _simulated(raw: Any) -> SimulatedAction:
    """One resource was asked about: where results stand by resource too, its own is the whole's."""
    organizations = raw.get("OrganizationsDecisionDetail")
    boundary = raw.get("PermissionsBoundaryDecisionDetail")
    return SimulatedAction(
        action=raw["EvalActionName"],
        decision=raw["EvalDecision"],
        missing_context=tuple(raw.get("MissingContextValues", ())),
        organizations_allow=organizations.get("AllowedByOrganizations") if organizations else None,
        boundary_allows=boundary.get("AllowedByPermissionsBoundary") if boundary else None,
    )
