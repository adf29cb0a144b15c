"""What a call touches, as IAM sees it: the ARNs that its action is authorized on.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html
https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html
"""

from __future__ import annotations

from collections.abc import Callable

from moto.iam.models import iam_backends

from ecs_preflight.sandbox.calls import Call


def resources_of(call: Call) -> tuple[str, ...]:
    """ARNs; `*` of an action that is not authorized on anything smaller, or of one that is not listed here."""
    found = _RESOURCES.get((call.service, call.operation))
    return found(call) or ("*",) if found else ("*",)


def _clusters(call: Call) -> tuple[str, ...]:
    return tuple(_cluster_arn(call, name) for name in call.get("clusters", ()))


def _cluster(call: Call) -> tuple[str, ...]:
    return (_cluster_arn(call, call.get("cluster", "default")),)


def _cluster_arn(call: Call, name: str) -> str:
    return name if name.startswith("arn:") else call.arn(f"cluster/{name}")


def _in_cluster(kind: str, parameter: str) -> Callable[[Call], tuple[str, ...]]:
    def arns(call: Call) -> tuple[str, ...]:
        cluster = call.get("cluster", "default").rpartition("/")[2]
        return tuple(
            name if name.startswith("arn:") else call.arn(f"{kind}/{cluster}/{name}") for name in call.get(parameter, ())
        )

    return arns


def _providers(call: Call) -> tuple[str, ...]:
    return tuple(
        name if name.startswith("arn:") else call.arn(f"capacity-provider/{name}") for name in call.get("capacityProviders", ())
    )


def _role(call: Call) -> tuple[str, ...]:
    """With the path that the role has; one that does not exist is authorized as if it had none."""
    name = call.get("RoleName", "")
    roles = iam_backends[call.account_id][call.partition].roles.values()
    return (next((role.arn for role in list(roles) if role.name == name), call.arn(f"role/{name}")),)


def _user(call: Call) -> tuple[str, ...]:
    name = call.get("UserName", "")
    users = iam_backends[call.account_id][call.partition].users.values()
    return (next((user.arn for user in list(users) if user.name == name), call.arn(f"user/{name}")),)


def _group(call: Call) -> tuple[str, ...]:
    return (call.arn(f"group/{call.get('GroupName', '')}"),)


def _named(parameter: str) -> Callable[[Call], tuple[str, ...]]:
    return lambda call: (call.get(parameter, "*"),)


_RESOURCES: dict[tuple[str, str], Callable[[Call], tuple[str, ...]]] = {
    ("ecs", "DescribeClusters"): _clusters,
    ("ecs", "ListContainerInstances"): _cluster,
    ("ecs", "DescribeContainerInstances"): _in_cluster("container-instance", "containerInstances"),
    ("ecs", "DescribeTasks"): _in_cluster("task", "tasks"),
    ("ecs", "DescribeServices"): _in_cluster("service", "services"),
    ("ecs", "DescribeCapacityProviders"): _providers,
    ("iam", "SimulatePrincipalPolicy"): _named("PolicySourceArn"),
    ("iam", "GetPolicy"): _named("PolicyArn"),
    ("iam", "GetPolicyVersion"): _named("PolicyArn"),
    **{("iam", operation): _role for operation in ("GetRole", "ListRolePolicies", "GetRolePolicy", "ListAttachedRolePolicies")},
    **{
        ("iam", operation): _user
        for operation in (
            "GetUser",
            "ListUserPolicies",
            "GetUserPolicy",
            "ListAttachedUserPolicies",
            "ListGroupsForUser",
        )
    },
    **{("iam", operation): _group for operation in ("ListGroupPolicies", "GetGroupPolicy", "ListAttachedGroupPolicies")},
}
