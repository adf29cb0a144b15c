"""PERMISSION001 and PERMISSION004: what was tried, and what of it was denied."""

from __future__ import annotations

import pytest

from ecs_preflight.answers import TriedCall
from ecs_preflight.facts import Absent, Gap, Known, Listing, Unknown
from ecs_preflight.findings import CheckResult, Severity
from ecs_preflight.questions import may_get_role, role
from tests.checks.permission_facts import AS_AWS, AS_ECS, CLUSTERS, POLICIES, POWER_USER, Change, holding, of, tried
from tests.checks.role_facts import (
    ACCOUNT,
    BLOCKED,
    FAILED,
    MANAGED,
    MANAGED_ROLE,
    NOT_APPLICABLE,
    PASSED,
    UNDETERMINED,
    a_config,
    allowed,
    asked_for,
    denied,
    judged,
    told,
)

DENIED = "AccessDeniedException: User: x is not authorized to perform: it"
BY_SCP = f"{DENIED} with an explicit deny in a service control policy"
BY_BOUNDARY = f"{DENIED} because no permissions boundary allows the action"
NO_CLUSTER: Change = (CLUSTERS, Known(Listing()))
WORKLOAD = {"name": "web", "cpu": 256, "memory": 512}
FARGATE = {**WORKLOAD, "launch_type": "FARGATE", "network_mode": "awsvpc"}


def of_reads(*changes: Change, workloads: tuple[object, ...] = (), version: str | None = None) -> CheckResult:
    config = a_config(version=version, workloads=workloads)  # type: ignore[arg-type]
    return judged("PERMISSION001", config, tried(AS_ECS), tried(AS_AWS), NO_CLUSTER, *changes)


def test_it_passes_where_every_read_is_allowed() -> None:
    assert of_reads().outcome is PASSED


@pytest.mark.parametrize(
    ("change", "severity", "breaks"),
    [
        (tried(AS_ECS, ListClusters=DENIED), Severity.ERROR, "no ECS cluster is offered"),
        (tried(AS_ECS, DescribeScalableTargets=DENIED), Severity.ERROR, "server groups are hidden"),
        (tried(AS_ECS, ListAccountSettings=DENIED), Severity.ERROR, "leaves a task definition behind"),
        (tried(AS_ECS, ListSecrets=DENIED), Severity.WARNING, "picker of registry credentials"),
        (tried(AS_ECS, ListServices=DENIED), Severity.WARNING, "picker of registries"),
        (tried(AS_AWS, DescribeInstances=DENIED), Severity.ERROR, "no address and no zone"),
        (tried(AS_AWS, DescribeSubnets=DENIED), Severity.WARNING, "resolve no subnets"),
        (tried(AS_AWS, DescribeLaunchConfigurations=DENIED), Severity.WARNING, "logs an error at every poll"),
        (tried(AS_AWS, DescribeTargetHealth=DENIED), Severity.WARNING, "no target group is known"),
    ],
    ids=lambda value: "" if not isinstance(value, str) else value,
)
def test_what_breaks_decides_how_bad_a_denial_is(change: Change, severity: Severity, breaks: str) -> None:
    result = of_reads(change)
    (problem,) = result.problems
    assert (result.outcome, problem.severity) == (FAILED, severity)
    assert breaks in problem.evidence
    assert DENIED in problem.evidence
    assert MANAGED_ROLE in problem.remediation
    assert '"Effect": "Allow"' in problem.remediation


@pytest.mark.parametrize(("workload", "severity"), [(WORKLOAD, Severity.WARNING), (FARGATE, Severity.ERROR)])
def test_the_workloads_say_whether_the_network_is_needed(workload: object, severity: Severity) -> None:
    """Subnets are resolved for awsvpc alone, and Fargate has no other mode."""
    assert of_reads(tried(AS_AWS, DescribeSubnets=DENIED), workloads=(workload,)).severity is severity


@pytest.mark.parametrize(("workload", "severity"), [(WORKLOAD, Severity.ERROR), (FARGATE, Severity.WARNING)])
def test_the_workloads_say_whether_container_instances_are_needed(workload: object, severity: Severity) -> None:
    change = tried(of("production"), ListContainerInstances=DENIED)
    listed: Change = (CLUSTERS, Known(Listing(("production",))))
    assert of_reads(listed, change, workloads=(workload,)).severity is severity


def test_denials_of_one_gravity_are_one_problem() -> None:
    result = of_reads(tried(AS_ECS, ListClusters=DENIED, DescribeAlarms=DENIED, ListSecrets=DENIED))
    assert [problem.severity for problem in result.problems] == [Severity.ERROR, Severity.WARNING]
    assert result.problems[0].summary == "'SpinnakerManaged' may not call ecs:ListClusters and 1 more"
    assert '["ecs:ListClusters", "cloudwatch:DescribeAlarms"]' in result.problems[0].remediation


def test_the_cluster_is_named_where_a_policy_leaves_it_out() -> None:
    """Agents read every cluster of the account, used or not (failure-modes F47)."""
    listed: Change = (CLUSTERS, Known(Listing(("production", "other"))))
    result = of_reads(listed, tried(of("production")), tried(of("other"), ListTasks=DENIED, DescribeTasks=DENIED))
    assert result.outcome is FAILED
    assert "ecs:ListTasks of ECS cluster other (TaskCachingAgent: server groups have no instances)" in told(result)


def test_clusters_that_are_named_are_tried_first_and_of_the_others_ten() -> None:
    config = a_config(workloads=[WORKLOAD])
    names = ("production", *(f"c{number}" for number in range(15)))
    listed: Change = (CLUSTERS, Known(Listing(names)))
    asked = {question.arguments[0] for question in asked_for("PERMISSION001", config, listed) if question.arguments}
    assert asked == {"production", *(f"c{number}" for number in range(10))}
    changes = [tried(of(name)) for name in asked]
    result = judged("PERMISSION001", config, tried(AS_ECS), tried(AS_AWS), listed, *changes)
    assert result.outcome is PASSED
    assert "5 more ECS clusters" in result.reason


def test_a_named_cluster_that_is_not_there_is_not_tried() -> None:
    """CLUSTER001 says that it is missing."""
    config = a_config(workloads=[WORKLOAD])
    assert not [question for question in asked_for("PERMISSION001", config, NO_CLUSTER) if question.arguments]


def test_who_denied_decides_who_can_help() -> None:
    assert "administrators of the organization" in told(of_reads(tried(AS_ECS, ListClusters=BY_SCP)))
    assert f"the permissions boundary of {MANAGED_ROLE}" in told(of_reads(tried(AS_ECS, ListClusters=BY_BOUNDARY)))
    (both,) = of_reads(tried(AS_ECS, ListClusters=BY_SCP, DescribeAlarms=DENIED)).problems
    assert "have to allow ecs:ListClusters in its" in both.remediation
    assert f'a policy of {MANAGED_ROLE}:\n{{"Effect": "Allow", "Action": "cloudwatch:DescribeAlarms"' in both.remediation


@pytest.mark.parametrize(
    ("clause", "remedy"),
    [
        ("with an explicit deny in an identity-based policy", "take away or narrow the Deny that applies to ecs:ListClusters"),
        ("with an explicit deny in a permissions boundary", "In the permissions boundary of"),
        ("because no session policy allows the action", "made with a session policy"),
        ("because no VPC endpoint policy allows the action", "in the policy of the VPC endpoint"),
        ("with an explicit deny in a resource-based policy", "in the policy of the resource itself"),
    ],
)
def test_each_layer_has_its_own_remedy(clause: str, remedy: str) -> None:
    (problem,) = of_reads(tried(AS_ECS, ListClusters=f"{DENIED} {clause}")).problems
    assert remedy in problem.remediation
    assert '"Effect": "Allow"' not in problem.remediation


def test_images_are_tried_on_a_repository_that_nobody_has() -> None:
    """A role for some repositories alone is denied there: that is worth knowing, and no more."""
    result = of_reads(tried(AS_ECS, ListImages=DENIED, DescribeImages=DENIED))
    assert (result.outcome, result.severity) == (FAILED, Severity.INFO)


def test_a_read_that_gave_no_answer_is_not_green() -> None:
    gap = Known(Listing((TriedCall("ecs:ListClusters", True),), (Gap("ecr:ListImages", "Throttling: slow down"),)))
    result = of_reads((AS_ECS, gap))
    assert (result.outcome, result.reason) == (UNDETERMINED, "ecr:ListImages: Throttling: slow down")


def test_a_denial_outweighs_what_gave_no_answer() -> None:
    some = Known(Listing((TriedCall("ecs:ListClusters", False, DENIED),), (Gap("ecr:ListImages", "Throttling"),)))
    result = of_reads((AS_ECS, some))
    assert result.outcome is FAILED
    assert result.beside is UNDETERMINED


def test_clusters_that_could_not_be_listed_are_not_green() -> None:
    result = of_reads((CLUSTERS, Known(Listing((), (Gap("ListClusters after 100 items", "Throttling"),)))))
    assert result.outcome is UNDETERMINED


@pytest.mark.parametrize("question", [AS_ECS, AS_AWS, CLUSTERS])
def test_without_a_session_nothing_is_known(question: object) -> None:
    change: Change = (question, Unknown("sts:AssumeRole", "AccessDenied: no"))  # type: ignore[assignment]
    assert of_reads(change).outcome is UNDETERMINED


def test_one_session_that_could_not_be_had_hides_nothing_of_the_other() -> None:
    result = of_reads((AS_ECS, Unknown("sts:AssumeRole", "AccessDenied: no")), tried(AS_AWS, DescribeInstances=DENIED))
    assert result.outcome is FAILED
    assert result.beside is UNDETERMINED


def test_where_there_is_no_role_there_is_nothing_to_judge() -> None:
    assert judged("PERMISSION001", a_config(assume_role="not a role")).outcome is BLOCKED


GET_WEB = may_get_role(ACCOUNT, "webTaskRole")


def of_get_role(*changes: Change, task_roles: tuple[str, ...] = ("webTaskRole",)) -> CheckResult:
    return judged("PERMISSION004", a_config(task_roles=task_roles), *changes)


def test_a_task_role_that_may_be_read() -> None:
    assert of_get_role((GET_WEB, allowed())).outcome is PASSED


def test_a_task_role_that_may_not_be_read() -> None:
    result = of_get_role((GET_WEB, denied("not authorized because no identity-based policy allows the iam:GetRole action")))
    (problem,) = result.problems
    assert (result.outcome, result.severity) == (FAILED, Severity.ERROR)
    assert f'"Resource": "arn:aws:iam::{MANAGED}:role/webTaskRole"' in problem.remediation
    assert "no Allow statement applies" in problem.evidence


def test_a_task_role_that_is_named_by_its_arn_is_asked_for_by_its_name() -> None:
    arn = f"arn:aws:iam::{MANAGED}:role/web/webTaskRole"
    result = of_get_role((GET_WEB, denied()), task_roles=(arn,))
    assert result.outcome is FAILED
    assert f'"Resource": "{arn}"' in told(result)


@pytest.mark.parametrize(
    ("fact", "outcome"),
    [(Absent("there is no role"), BLOCKED), (Unknown("sts:AssumeRole", "AccessDenied"), UNDETERMINED)],
)
def test_what_cannot_be_tried_is_not_green(fact: object, outcome: object) -> None:
    assert of_get_role((GET_WEB, fact)).outcome is outcome  # type: ignore[arg-type]


def test_one_role_hides_no_other() -> None:
    other = may_get_role(ACCOUNT, "other")
    result = of_get_role((GET_WEB, Absent("there is none")), (other, denied()), task_roles=("webTaskRole", "other"))
    assert result.outcome is FAILED
    assert "other" in result.problems[0].summary


def test_without_task_roles_and_for_roles_of_another_account_it_does_not_apply() -> None:
    assert of_get_role(task_roles=()).outcome is NOT_APPLICABLE
    assert of_get_role(task_roles=("arn:aws:iam::999999999999:role/web",)).outcome is NOT_APPLICABLE


def test_an_execution_role_is_not_read_by_clouddriver() -> None:
    config = a_config(workloads=[{**WORKLOAD, "execution_role": "run"}])
    assert judged("PERMISSION004", config, (role(ACCOUNT, "run"), Absent("x"))).outcome is NOT_APPLICABLE


NO_SESSION = Unknown("sts:AssumeRole", "AccessDenied: no")


def test_where_the_role_cannot_be_assumed_its_policies_tell_what_is_certainly_denied() -> None:
    """PowerUserAccess holds nothing of iam:*; what it allows is still not proven by a call."""
    listed: Change = (CLUSTERS, Known(Listing(("production",))))
    unheard: list[Change] = [(question, NO_SESSION) for question in (AS_ECS, AS_AWS, of("production"))]
    result = judged("PERMISSION001", None, listed, *unheard, holding(POWER_USER))
    (problem,) = result.problems
    assert (result.outcome, result.beside) == (FAILED, UNDETERMINED)
    assert problem.severity is Severity.WARNING
    assert "iam:ListRoles" in problem.evidence
    assert "iam:ListServerCertificates (AmazonCertificateCachingAgent" in problem.evidence
    assert "not tried" in problem.evidence
    assert "ecs:ListClusters" not in problem.evidence


def test_policies_for_one_cluster_leave_open_what_was_not_tried() -> None:
    """A read that is authorized on a cluster is not certain to be denied because another cluster is."""
    listed: Change = (CLUSTERS, Known(Listing(("production", "other"))))
    unheard: list[Change] = [(question, NO_SESSION) for question in (AS_ECS, AS_AWS, of("production"), of("other"))]
    here = f"arn:aws:ecs:us-east-1:{MANAGED}:cluster/production"
    result = judged("PERMISSION001", None, listed, *unheard, holding(POWER_USER, {**NOT_HERE, "NotResource": here}))
    assert "ecs:ListContainerInstances of ECS cluster other" in told(result)
    assert "of ECS cluster production" not in told(result)


NOT_HERE = {"Effect": "Deny", "Action": "ecs:ListContainerInstances"}


def test_policies_that_cannot_be_read_either_add_nothing() -> None:
    unheard: list[Change] = [(question, NO_SESSION) for question in (AS_ECS, AS_AWS)]
    unread: Change = (POLICIES, Unknown("iam:GetRolePolicy", "AccessDenied"))
    result = judged("PERMISSION001", None, NO_CLUSTER, *unheard, unread)
    assert (result.outcome, result.problems) == (UNDETERMINED, ())
    odd = holding({"Effect": "Allow", "Action": "*", "Resource": "*", "Unheard": 1})
    assert judged("PERMISSION001", None, NO_CLUSTER, *unheard, odd).outcome is UNDETERMINED
