"""What the sandbox answers about what a deployment finds: services, task definitions, images, log groups, secrets.

They are read from the world itself: no call of this package but these looks at them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ecs_preflight.sandbox.calls import Call, Refusal
from ecs_preflight.sandbox.world import Region, World

Answerer = Callable[[Call], Mapping[str, Any]]


def deployment_answerers(world: World) -> dict[tuple[str, str], Answerer]:
    """The answerers, by service and operation."""
    held = _Held(world)
    return {
        ("ecs", "DescribeServices"): held.describe_services,
        ("ecs", "DescribeTaskDefinition"): held.describe_task_definition,
        ("ecr", "DescribeImages"): held.describe_images,
        ("logs", "DescribeLogGroups"): held.describe_log_groups,
        ("secretsmanager", "DescribeSecret"): held.describe_secret,
    }


class _Held:
    """A world, asked in the words of AWS's APIs."""

    def __init__(self, world: World) -> None:
        self._world = world

    def _region(self, call: Call, account_id: str = "") -> Region:
        account = self._world.accounts.get(account_id or call.account_id)
        return (account.regions.get(call.region) if account else None) or Region()

    def describe_services(self, call: Call) -> dict[str, Any]:
        """A missing one is a failure within a good answer: API_DescribeServices.html"""
        name = call.get("cluster", "default").rpartition("/")[2]
        cluster = self._region(call).clusters.get(name)
        if cluster is None:
            raise Refusal("ClusterNotFoundException", "Cluster not found.")
        found, missing = [], []
        for wanted in call.get("services", ()):
            bare = wanted.rpartition("/")[2]
            held = cluster.services.get(bare)
            if held is None:
                missing.append({"arn": call.arn(f"service/{name}/{bare}"), "reason": "MISSING"})
                continue
            found.append(
                {
                    "serviceName": bare,
                    "serviceArn": call.arn(f"service/{name}/{bare}"),
                    "clusterArn": call.arn(f"cluster/{name}"),
                    "status": "ACTIVE",
                    "desiredCount": held.desired_count,
                    "runningCount": held.desired_count,
                    "launchType": held.launch_type,
                    "taskDefinition": call.arn(f"task-definition/{held.task_definition}"),
                }
            )
        return {"services": found, "failures": missing}

    def describe_task_definition(self, call: Call) -> dict[str, Any]:
        """By ARN, family:revision or family. https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeTaskDefinition.html"""
        family, _, revision = call.get("taskDefinition", "").rpartition("/")[2].partition(":")
        held = self._region(call).task_definitions.get(family)
        if held is None or (revision and revision != str(held.revision)):
            raise Refusal("ClientException", "Unable to describe task definition.")
        container: dict[str, Any] = {"name": family, "image": family, "cpu": held.cpu, "memoryReservation": held.memory}
        definition: dict[str, Any] = {
            "taskDefinitionArn": call.arn(f"task-definition/{family}:{held.revision}"),
            "family": family,
            "revision": held.revision,
            "status": "ACTIVE",
            "networkMode": held.network_mode,
            "requiresAttributes": [],
            "containerDefinitions": [container],
        }
        if held.network_mode == "awsvpc":
            definition |= {"cpu": str(held.cpu), "memory": str(held.memory)}
        return {"taskDefinition": definition}

    def describe_images(self, call: Call) -> dict[str, Any]:
        """Of the registry that is named, which may be another account's."""
        registry = call.get("registryId", call.account_id)
        name = call.get("repositoryName", "")
        held = self._region(call, registry).repositories.get(name)
        if held is None:
            message = f"The repository with name '{name}' does not exist in the registry with id '{registry}'"
            raise Refusal("RepositoryNotFoundException", message)
        wanted = [item.get("imageTag") or item.get("imageDigest") for item in call.get("imageIds", ())]
        for tag in wanted:
            if tag not in held:
                message = f"The image with imageId {{imageTag:'{tag}'}} does not exist within the repository with name '{name}'"
                raise Refusal("ImageNotFoundException", message)
        return {"imageDetails": [{"registryId": registry, "repositoryName": name, "imageTags": [tag]} for tag in wanted]}

    def describe_log_groups(self, call: Call) -> dict[str, Any]:
        prefix = call.get("logGroupNamePrefix", "")
        names = [name for name in self._region(call).log_groups if name.startswith(prefix)]
        return {"logGroups": [{"logGroupName": name, "arn": call.arn(f"log-group:{name}:*")} for name in names]}

    def describe_secret(self, call: Call) -> dict[str, Any]:
        """By name or ARN; of an ARN the six characters that Secrets Manager adds do not count here."""
        wanted = call.get("SecretId", "").rpartition(":")[2]
        for name in self._region(call).secrets:
            if wanted in (name, f"{name}-abcdef"):
                return {"Name": name, "ARN": call.arn(f"secret:{name}-abcdef")}
        raise Refusal("ResourceNotFoundException", "Secrets Manager can't find the specified secret.")
