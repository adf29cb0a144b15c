"""Answers about what a role may do: what is tried, and what the simulator says, against canned answers."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.credentials import Credentials

from ecs_preflight.answers import SimulatedAction, Simulation, TriedCall
from ecs_preflight.aws.credentials import Identity
from ecs_preflight.aws.failures import AwsFailure
from ecs_preflight.aws.gateway import Gateway
from ecs_preflight.facts import Absent, Gap, Known
from ecs_preflight.gather import permissions as answers
from ecs_preflight.gather.desk import Desk
from ecs_preflight.questions import may_get_role, reads_of_cluster, simulation
from tests.aws.canned import CannedAccess, CannedAws, Refusal, Sent
from tests.checks.role_facts import ACCOUNT, MANAGED, MANAGED_ROLE, a_config

SESSION = Identity(
    "E", f"arn:aws:sts::{MANAGED}:assumed-role/SpinnakerManaged/Spinnaker", Credentials("K", "not-to-be-shown", "nor-this")
)
DENIED = Refusal("AccessDeniedException", "is not authorized to perform: it")
OF_PRODUCTION = reads_of_cluster(ACCOUNT, "eu-west-1", "production")
NOTHING_WRONG: dict[str, Any] = {
    "DescribeClusters": {"clusters": []},
    "ListServices": {"serviceArns": []},
    "DescribeServices": {"services": [], "failures": [{"arn": "x", "reason": "MISSING"}]},
    "ListTasks": {"taskArns": []},
    "DescribeTasks": {"tasks": [], "failures": []},
    "ListContainerInstances": {"containerInstanceArns": []},
    "DescribeContainerInstances": {"containerInstances": [], "failures": []},
}


def desk(aws: CannedAws) -> Desk:
    access = CannedAccess(aws=aws)
    return Desk(a_config(), access, "salt", Gateway(access, sleep=lambda _: None))


def tried(**answered: Any) -> Any:
    aws = CannedAws({**NOTHING_WRONG, **answered})
    return answers.reads(desk(aws), SESSION, OF_PRODUCTION), aws


def test_every_read_is_tried_once_in_the_region_and_cluster_that_are_asked_about() -> None:
    fact, aws = tried()
    assert [call.action for call in fact.require().items] == [f"ecs:{name}" for name in NOTHING_WRONG]
    assert all(call.allowed for call in fact.require().items)
    sent = [sent for sent in aws.sent if sent.operation != "GetCallerIdentity"]
    assert [(s.operation, s.region) for s in sent] == [(name, "eu-west-1") for name in NOTHING_WRONG]
    tasks = next(s for s in sent if s.operation == "DescribeTasks").parameters
    assert tasks["cluster"] == "production"
    assert tasks["tasks"][0].startswith(f"arn:aws:ecs:eu-west-1:{MANAGED}:task/production/")


def test_a_denied_call_is_an_answer() -> None:
    fact, _ = tried(ListTasks=DENIED)
    denied = [call for call in fact.require().items if not call.allowed]
    assert denied == [TriedCall("ecs:ListTasks", False, "AccessDeniedException: is not authorized to perform: it")]


def test_that_something_is_not_found_says_that_it_may_be_looked_for() -> None:
    fact, _ = tried(ListServices=Refusal("ClusterNotFoundException", "Cluster not found."))
    assert TriedCall("ecs:ListServices", True) in fact.require().items


@pytest.mark.parametrize("code", ["InvalidParameterException", "ServerException", "UnrecognizedClientException"])
def test_an_error_that_may_come_before_the_decision_is_no_answer(code: str) -> None:
    fact, _ = tried(ListServices=Refusal(code, "Something else."))
    listing = fact.partial()
    assert listing.gaps == (Gap("ecs:ListServices", f"{code}: Something else."),)
    assert "ecs:ListServices" not in {call.action for call in listing.items}
    assert len(listing.items) == len(NOTHING_WRONG) - 1


def test_where_no_call_gave_an_answer_there_is_none() -> None:
    with pytest.raises(AwsFailure, match="ecs:DescribeClusters: InvalidParameterException"):
        tried(**dict.fromkeys(NOTHING_WRONG, Refusal("InvalidParameterException", "no")))


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ({"Role": {"RoleName": "web", "Arn": "a", "Path": "/", "RoleId": "r", "CreateDate": "2027-01-01T00:00:00Z"}}, True),
        (Refusal("AccessDenied", "no", 403), False),
    ],
)
def test_whether_a_role_may_be_read(answer: Any, expected: bool) -> None:
    fact = answers.may_get_role(desk(CannedAws({"GetRole": answer})), SESSION, may_get_role(ACCOUNT, "web"))
    attempt = fact.require()
    assert attempt.allowed is expected
    assert attempt.by == SESSION.arn


def test_a_role_that_is_not_there_says_nothing_of_what_is_allowed() -> None:
    aws = CannedAws({"GetRole": Refusal("NoSuchEntity", "The role cannot be found.", 404)})
    fact = answers.may_get_role(desk(aws), SESSION, may_get_role(ACCOUNT, "web"))
    assert fact == Absent(f"there is no role web in account {MANAGED}")


def test_a_role_that_could_not_be_asked_about_is_no_answer() -> None:
    aws = CannedAws({"GetRole": Refusal("ValidationError", "no such shape")})
    with pytest.raises(AwsFailure, match="ValidationError"):
        answers.may_get_role(desk(aws), SESSION, may_get_role(ACCOUNT, "web"))


ASKED = simulation(
    ACCOUNT, "eu-west-1", MANAGED_ROLE, ("ecs:CreateService", "ecs:TagResource"), "arn:of/it", {"ecs:cluster": "arn:c=1"}
)


def simulated(sent: Sent) -> dict[str, Any]:
    """One action a page."""
    if "Marker" not in sent.parameters:
        first = {
            "EvalActionName": "ecs:CreateService",
            "EvalDecision": "implicitDeny",
            "MissingContextValues": ["aws:SourceIp"],
            "OrganizationsDecisionDetail": {"AllowedByOrganizations": "false"},
            "PermissionsBoundaryDecisionDetail": {"AllowedByPermissionsBoundary": "true"},
        }
        return {"EvaluationResults": [first], "IsTruncated": "true", "Marker": "2"}
    second = {"EvalActionName": "ecs:TagResource", "EvalDecision": "allowed"}
    return {"EvaluationResults": [second], "IsTruncated": "false"}


def test_the_simulator_is_asked_in_batches_and_told_the_region() -> None:
    aws = CannedAws({"SimulatePrincipalPolicy": simulated})
    fact = answers.simulation(desk(aws), SESSION, ASKED)
    assert fact == Known(
        Simulation(
            (
                SimulatedAction("ecs:CreateService", "implicitDeny", ("aws:SourceIp",), False, True),
                SimulatedAction("ecs:TagResource", "allowed"),
            )
        )
    )
    sent = aws.of("SimulatePrincipalPolicy")
    assert len(sent) == 2
    given = sent[0].parameters
    assert given["PolicySourceArn"] == MANAGED_ROLE
    assert [given[f"ActionNames.member.{n}"] for n in (1, 2)] == ["ecs:CreateService", "ecs:TagResource"]
    assert given["ResourceArns.member.1"] == "arn:of/it"
    context = {
        given[f"ContextEntries.member.{n}.ContextKeyName"]: given[f"ContextEntries.member.{n}.ContextKeyValues.member.1"]
        for n in (1, 2)
    }
    assert context == {"aws:RequestedRegion": "eu-west-1", "ecs:cluster": "arn:c=1"}


def test_a_principal_that_the_simulator_does_not_find_is_absent() -> None:
    aws = CannedAws({"SimulatePrincipalPolicy": Refusal("NoSuchEntity", "It cannot be found.", 404)})
    assert answers.simulation(desk(aws), SESSION, ASKED) == Absent(f"there is no role {MANAGED_ROLE}")


def test_a_simulation_that_failed_is_no_answer() -> None:
    aws = CannedAws({"SimulatePrincipalPolicy": Refusal("PolicyEvaluation", "The request failed.", 500)})
    with pytest.raises(AwsFailure, match="PolicyEvaluation"):
        answers.simulation(desk(aws), SESSION, ASKED)
