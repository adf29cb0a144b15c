"""What the managed role would ask for when Spinnaker deploys: each action with the resources and context it is authorized on.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html
https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsapplicationautoscaling.html
https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from ecs_preflight.answers import PrincipalPolicies, Simulation
from ecs_preflight.arn import Arn, region_of_iam
from ecs_preflight.checks.identity import managed_role_question
from ecs_preflight.config import PreflightConfig
from ecs_preflight.facts import Question
from ecs_preflight.iam.request import AccessRequest
from ecs_preflight.questions import role_policies, simulation
from ecs_preflight.spinnaker.requirements import Need, Requirement, Session, requirements_of
from ecs_preflight.targets import Target

# Authorized on a service of the cluster, on a task of it, and so on. `*` in a resource stands for all that it matches.
_ON_SERVICE = ("ecs:CreateService", "ecs:UpdateService", "ecs:DeleteService")
# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/supported-iam-actions-tagging.html
_TAGGING = ("ecs:TagResource",)
_ON_TASK = ("ecs:StopTask",)
_ON_TASK_DEFINITION = ("ecs:RegisterTaskDefinition",)
_ON_SCALABLE_TARGET = (
    "application-autoscaling:RegisterScalableTarget",
    "application-autoscaling:DeregisterScalableTarget",
    "application-autoscaling:PutScalingPolicy",
)
_ON_ALARM = ("cloudwatch:PutMetricAlarm", "cloudwatch:DeleteAlarms")
_OF_READ = {
    "ecs:DescribeClusters": "cluster/{cluster}",
    "ecs:DescribeServices": "service/{cluster}/*",
    "ecs:DescribeTasks": "task/{cluster}/*",
    "ecs:ListContainerInstances": "cluster/{cluster}",
    "ecs:DescribeContainerInstances": "container-instance/{cluster}/*",
    "ecr:ListImages": "repository/*",
    "ecr:DescribeImages": "repository/*",
}
# Asked within a call of another service, in whose region it stands.
_PASS_ROLE = "iam:PassRole"
# Who is passed a role, and when a role is made: these have checks of their own.
_ELSEWHERE = (_PASS_ROLE, "iam:GetRole", "iam:CreateServiceLinkedRole")


@dataclass(frozen=True, slots=True)
class Asked:
    """Actions of the managed role on one resource in one region, with the context keys that are known of them."""

    actions: tuple[str, ...]
    resource: str
    region: str
    context: Mapping[str, str] = field(default_factory=dict)

    def question(self, account: str, role_arn: str) -> Question[Simulation]:
        """What IAM's simulator is asked."""
        return simulation(account, self.region, role_arn, self.actions, self.resource, self.context)

    def request(self, role_arn: str, action: str) -> AccessRequest:
        """What its policies are evaluated for. Tags and where the call comes from are unknown."""
        arn = Arn.parse(role_arn)
        region = region_of_iam(arn.partition) if arn and action.startswith("iam:") and action != _PASS_ROLE else self.region
        known = {"aws:RequestedRegion": region, "aws:ResourceAccount": arn.account_id if arn else "", **self.context}
        return AccessRequest(principal=role_arn, action=action, resource=self.resource, context=known, context_complete=False)


def own_policies(config: PreflightConfig, target: Target) -> Question[PrincipalPolicies]:
    """Asks for the policies of the managed role."""
    return role_policies(target.account, managed_role_question(config, target).arguments[0])


def read_of(action: str, role: Arn, region: str, cluster: str) -> Asked:
    """One read of clouddriver's; those that are authorized on something smaller than `*`, on any such thing."""
    resource = _OF_READ.get(action, "*").format(cluster=cluster or "*")
    if resource != "*":
        resource = f"arn:{role.partition}:{action.partition(':')[0]}:{region}:{role.account_id}:{resource}"
    return Asked((action,), resource, region)


def writes(config: PreflightConfig) -> tuple[Requirement, ...]:
    """What clouddriver's operations change in the ECS account's session, in this version of Spinnaker."""
    return tuple(
        requirement
        for requirement in requirements_of(config.version, session=Session.ECS_ACCOUNT)
        if not requirement.is_read and requirement.need is not Need.NOISE and requirement.action not in _ELSEWHERE
    )


def asked_of_region(config: PreflightConfig, target: Target, role_arn: str) -> tuple[Asked, ...]:
    """All writes of a region; those on services and tasks for each ECS cluster that is named, else for any."""
    actions = dict.fromkeys(requirement.action for requirement in writes(config))
    arn = Arn.parse(role_arn)
    assert arn is not None  # managed_role_arn gives nothing else
    return tuple(_grouped(actions, arn, target.region, _cluster_names(config, target)))


def _grouped(actions: Iterable[str], role: Arn, region: str, clusters: tuple[str, ...]) -> Iterator[Asked]:
    left = list(actions)

    def taken(of: tuple[str, ...]) -> tuple[str, ...]:
        found = tuple(action for action in left if action in of)
        left[:] = [action for action in left if action not in of]
        return found

    def here(service: str, resource: str) -> str:
        return f"arn:{role.partition}:{service}:{region}:{role.account_id}:{resource}"

    on_service, tagging, on_task = taken(_ON_SERVICE), taken(_TAGGING), taken(_ON_TASK)
    for cluster in clusters:
        of_cluster = {"ecs:cluster": here("ecs", f"cluster/{cluster}")} if cluster != "*" else {}
        yield Asked(on_service, here("ecs", f"service/{cluster}/*"), region, of_cluster)
        yield Asked(tagging, here("ecs", f"service/{cluster}/*"), region, {**of_cluster, "ecs:CreateAction": "CreateService"})
        yield Asked(on_task, here("ecs", f"task/{cluster}/*"), region, of_cluster)
    yield Asked(taken(_ON_TASK_DEFINITION), here("ecs", "task-definition/*:*"), region)
    of_ecs = {"application-autoscaling:service-namespace": "ecs"}
    yield Asked(taken(_ON_SCALABLE_TARGET), here("application-autoscaling", "scalable-target/*"), region, of_ecs)
    yield Asked(taken(_ON_ALARM), here("cloudwatch", "alarm:*"), region)
    if left:
        yield Asked(tuple(left), "*", region)


def _cluster_names(config: PreflightConfig, target: Target) -> tuple[str, ...]:
    named = (name.rpartition("/")[2] for name in config.clusters(target.account, target.region))
    return tuple(dict.fromkeys(named)) or ("*",)
