"""IAM policies ready to paste: each identity gets what this run asks with it, and Spinnaker what it calls."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from ecs_preflight import questions
from ecs_preflight.aws.operations import OPERATION_OF_ACTION
from ecs_preflight.config import PreflightConfig
from ecs_preflight.facts import Kind
from ecs_preflight.iam.policy import PolicyDocument
from ecs_preflight.permissions import policies_of_preflight, policies_of_spinnaker
from ecs_preflight.plan import make_plan
from ecs_preflight.runner import run_preflight
from ecs_preflight.spinnaker.versions import SpinnakerVersion
from tests.aws.canned import CannedAccess, CannedAws, Refusal, session_of
from tests.plans import CLOUDDRIVER, MANAGED, MANAGED_ROLE, MANAGING_IDENTITY, config, plan, requiring

AUDITOR = f"arn:aws:iam::{MANAGED}:role/Auditor"
SERVICES = ["ecs.amazonaws.com", "application-autoscaling.amazonaws.com"]


def of_preflight(of: PreflightConfig, *kinds: Kind[Any]) -> dict[str, Any]:
    """For a run that may ask these kinds of questions; for a whole run where none is named."""
    planned = plan(replace(requiring(), asks=kinds), of=of) if kinds else make_plan(of)
    documents: dict[str, Any] = json.loads(policies_of_preflight(planned))
    for document in documents.values():
        assert PolicyDocument.model_validate(document).problems("identity") == ()
    return documents


def actions(document: Any) -> set[str]:
    listed = [statement["Action"] for statement in document["Statement"]]
    return {action for each in listed for action in ([each] if isinstance(each, str) else each)}


def assumed(documents: dict[str, Any]) -> list[str]:
    return [
        arn
        for statement in documents.get("caller", {"Statement": []})["Statement"]
        if statement["Action"] == "sts:AssumeRole"
        for arn in statement["Resource"]
    ]


WHO: list[tuple[str, PreflightConfig, tuple[Kind[Any], ...], dict[str, set[str]], list[str]]] = [
    ("what needs no permission", config(), (questions.CALLER_IDENTITY, questions.CLOCK), {}, []),
    ("the attempt alone", config(), (questions.ASSUME_ROLE,), {"caller": {"sts:AssumeRole"}}, [MANAGED_ROLE]),
    (
        "as the managed role: it must be assumed first",
        config(),
        (questions.CLUSTER, questions.CLUSTERS),
        {"caller": {"sts:AssumeRole"}, "managed role": {"ecs:DescribeClusters", "ecs:ListClusters"}},
        [MANAGED_ROLE],
    ),
    (
        "a reader by role must be assumed too",
        config(reader={"role_arn": AUDITOR}),
        (questions.ROLE,),
        {"caller": {"sts:AssumeRole"}, "reader": {"iam:GetRole", "iam:ListRoles"}},
        [AUDITOR],
    ),
    (
        "a reader by profile has its own credentials",
        config(reader={"profile": "auditor"}),
        (questions.ROLE,),
        {"reader": {"iam:GetRole", "iam:ListRoles"}},
        [],
    ),
    (
        "the managing identity is read by a reader of the run, else by the caller",
        config(accounts={"ecs": {"reader": {"profile": "auditor"}}}),
        (questions.MANAGING_POLICIES,),
        {"caller": {*questions.MANAGING_POLICIES.actions, *questions.MANAGING_POLICIES.optional_actions}},
        [],
    ),
    (
        "a reader of one account of two",
        config(CLOUDDRIVER + "    - {name: ecs2, awsAccount: aws}\n", accounts={"ecs2": {"reader": {"role_arn": AUDITOR}}}),
        (questions.ROLE,),
        {
            "caller": {"sts:AssumeRole"},
            "reader": {"iam:GetRole", "iam:ListRoles"},
            "managed role": {"iam:GetRole", "iam:ListRoles"},
        },
        [MANAGED_ROLE, AUDITOR],
    ),
]


@pytest.mark.parametrize(("of", "kinds", "expected", "roles"), [row[1:] for row in WHO], ids=[row[0] for row in WHO])
def test_each_identity_gets_what_is_asked_with_it(
    of: PreflightConfig, kinds: tuple[Kind[Any], ...], expected: dict[str, set[str]], roles: list[str]
) -> None:
    documents = of_preflight(of, *kinds)
    assert {identity: actions(document) for identity, document in documents.items()} == expected
    assert assumed(documents) == roles


def test_a_whole_run_asks_for_reads_and_assume_role_only() -> None:
    documents = of_preflight(config(managing_identity_arn=MANAGING_IDENTITY))
    named = set.union(*(actions(document) for document in documents.values()))
    assert named <= set(OPERATION_OF_ACTION)
    assert "sts:GetCallerIdentity" not in named  # it needs no permission
    for statement in documents["managed role"]["Statement"]:
        assert statement["Effect"] == "Allow"


def test_what_a_run_calls_is_what_the_policies_allow() -> None:
    """Against an AWS that refuses everything, so that every fallback is tried."""
    refusing = CannedAws({"AssumeRole": session_of})
    answers = refusing.answers
    for operation in OPERATION_OF_ACTION.values():
        answers.setdefault(operation.name, Refusal("AccessDenied", "no", 403))
    of = config(managing_identity_arn=MANAGING_IDENTITY, thresholds={"agent_recheck_seconds": 0})
    report = run_preflight(of, CannedAccess(aws=refusing))
    allowed = set.union(*(actions(document) for document in of_preflight(of).values())) | {"sts:GetCallerIdentity"}
    assert set(report.run.calls) <= allowed
    assert "iam:GetRole" in report.run.calls


def stated(of: PreflightConfig, version: str) -> PreflightConfig:
    return replace(of, clouddriver=of.clouddriver.model_copy(update={"version": SpinnakerVersion.parse(version)}))


def managed(of: PreflightConfig) -> dict[str, Any]:
    documents: dict[str, Any] = json.loads(policies_of_spinnaker(of, "managed"))
    for name, document in documents.items():
        assert PolicyDocument.model_validate(document["trust_policy"]).problems("trust") == (), name
        if "permissions" in document:
            assert PolicyDocument.model_validate(document["permissions"]).problems("identity") == (), name
    return documents


def test_the_managing_identity_may_assume_and_look_up_regions() -> None:
    document = json.loads(policies_of_spinnaker(config(), "managing"))["permissions"]
    assert actions(document) == {"ec2:DescribeRegions", "ec2:DescribeAvailabilityZones", "sts:AssumeRole"}
    assert document["Statement"][-1]["Resource"] == [MANAGED_ROLE]


@pytest.mark.parametrize(("version", "services"), [(None, SERVICES), ("1.18.0", SERVICES), ("1.19.0", []), ("1.37.0", [])])
def test_the_managed_role_trusts_the_managing_identity_and_up_to_1_18_two_services(
    version: str | None, services: list[str]
) -> None:
    of = config(managing_identity_arn=MANAGING_IDENTITY)
    trust = managed(stated(of, version) if version else of)[MANAGED_ROLE]["trust_policy"]
    principals = [statement["Principal"] for statement in trust["Statement"]]
    assert principals == [{"AWS": MANAGING_IDENTITY}, *([{"Service": services}] if services else [])]


def test_fargate_without_an_execution_role_makes_the_managed_role_one() -> None:
    workloads = [
        {"name": "web", "memory": 512, "cpu": 256, "launch_type": "FARGATE", "task_role": "webTaskRole"},
        {"name": "own", "memory": 512, "cpu": 256, "launch_type": "FARGATE", "execution_role": "ownExecutionRole"},
    ]
    clusters = {"us-east-1": {"clusters": {"production": {"workloads": workloads}}}}
    of = config(managing_identity_arn=MANAGING_IDENTITY, accounts={"ecs": {"regions": clusters, "task_roles": ["sharedRole"]}})
    document = managed(stated(of, "1.37.0"))[MANAGED_ROLE]
    passing = next(row for row in document["permissions"]["Statement"] if row["Action"] == "iam:PassRole")

    assert {"Service": ["ecs-tasks.amazonaws.com"]} in [row["Principal"] for row in document["trust_policy"]["Statement"]]
    assert passing["Resource"] == sorted(
        [MANAGED_ROLE, *(f"arn:aws:iam::{MANAGED}:role/{name}" for name in ("webTaskRole", "ownExecutionRole", "sharedRole"))]
    )
    assert passing["Condition"] == {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}}


def test_without_named_roles_any_role_of_the_account_may_be_passed_and_of_no_other() -> None:
    statements = managed(stated(config(), "1.37.0"))[MANAGED_ROLE]["permissions"]["Statement"]
    passing = next(row for row in statements if row["Action"] == "iam:PassRole")
    assert passing["Resource"] == f"arn:aws:iam::{MANAGED}:role/*"


def test_task_roles_trust_ecs_tasks_and_nobody_else() -> None:
    (statement,) = managed(config())["task roles"]["trust_policy"]["Statement"]
    assert statement == {"Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"}, "Action": "sts:AssumeRole"}


def test_accounts_without_a_role_have_no_policy() -> None:
    without = config(CLOUDDRIVER.replace("  defaultAssumeRole: role/SpinnakerManaged\n", ""))
    assert set(managed(without)) == {"task roles"}
    assert assumed(of_preflight(without, questions.ASSUME_ROLE)) == []


def test_a_role_given_as_an_arn_stands_as_it_is_given() -> None:
    given = f"arn:aws:iam::{MANAGED}:role/apps/webTaskRole"
    statements = managed(stated(config(accounts={"ecs": {"task_roles": [given]}}), "1.37.0"))[MANAGED_ROLE]["permissions"][
        "Statement"
    ]
    passing = next(row for row in statements if row["Action"] == "iam:PassRole")
    assert passing["Resource"] == [given]


@pytest.mark.parametrize(("version", "passed"), [("1.18.0", True), (None, True), ("1.19.0", False)])
def test_up_to_1_18_the_managed_role_itself_is_passed(version: str | None, passed: bool) -> None:
    of = config() if version is None else stated(config(), version)
    statements = managed(of)[MANAGED_ROLE]["permissions"]["Statement"]
    services = [row["Condition"]["StringEquals"]["iam:PassedToService"] for row in statements if row["Action"] == "iam:PassRole"]
    assert (["ecs.amazonaws.com", "application-autoscaling.amazonaws.com"] in services) is passed
