"""What the sandbox's ECS answers about container instances and tasks.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Operations.html
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from functools import partial
from typing import Any

from moto.ecs.models import ecs_backends

from ecs_preflight.ecs.requirements import TaskRequirements, task_requirements
from ecs_preflight.sandbox.calls import Call, Refusal
from ecs_preflight.sandbox.fleet import Fleet, Instance, Task, read_registered
from ecs_preflight.sandbox.pages import page

_MOST_DESCRIBED = 100
_MOST_STARTED = 10


def instance_answerers(fleet: Fleet) -> dict[tuple[str, str], Callable[[Call], Mapping[str, Any]]]:
    """The answerers, by service and operation."""
    answerers: tuple[Callable[[Fleet, Call], Mapping[str, Any]], ...] = (
        register_container_instance,
        update_container_instances_state,
        list_container_instances,
        describe_container_instances,
        start_task,
        list_tasks,
        describe_tasks,
    )
    return {("ecs", _operation(answerer.__name__)): partial(answerer, fleet) for answerer in answerers}


def register_container_instance(fleet: Fleet, call: Call) -> dict[str, Any]:
    name = active_cluster(call).name
    identity = json.loads(call.get("instanceIdentityDocument", "{}"))
    instance = Instance(
        arn=call.arn(f"container-instance/{name}/{fleet.new_id()}"),
        ec2_instance_id=identity.get("instanceId", ""),
        registered=read_registered(call.get("totalResources", ())),
        attributes={attribute["name"]: attribute.get("value") for attribute in call.get("attributes", ())},
    )
    fleet.instances(call.account_id, call.region, name)[instance.arn] = instance
    return {"containerInstance": instance.described(health=False)}


def update_container_instances_state(fleet: Fleet, call: Call) -> dict[str, Any]:
    found, failures = _named(fleet, call)
    for instance in found:
        instance.status = call.get("status", "ACTIVE")
    return {"containerInstances": [instance.described(health=False) for instance in found], "failures": failures}


def list_container_instances(fleet: Fleet, call: Call) -> dict[str, Any]:
    if call.get("filter"):
        raise Refusal("NotSimulated", "the sandbox does not filter container instances")
    status = call.get("status")
    instances = _instances(fleet, call).values()
    arns = [instance.arn for instance in instances if status in (None, instance.status)]
    return page(call, "containerInstanceArns", arns)


def describe_container_instances(fleet: Fleet, call: Call) -> dict[str, Any]:
    found, failures = _named(fleet, call)
    health = "CONTAINER_INSTANCE_HEALTH" in call.get("include", ())
    return {"containerInstances": [instance.described(health=health) for instance in found], "failures": failures}


def start_task(fleet: Fleet, call: Call) -> dict[str, Any]:
    """Starts what fits, and says of the rest why it does not: moto starts anything, and says nothing."""
    cluster = active_cluster(call)
    definition = ecs_backends[call.account_id][call.region].describe_task_definition(call.get("taskDefinition", ""))
    demand = _demand(definition)
    found, failures = _named(fleet, call, at_most=_MOST_STARTED)
    started: list[Task] = []
    for instance in found:
        reason = instance.shortfall(demand)
        if reason:
            failures.append({"arn": instance.arn, "reason": reason})
            continue
        task = Task(
            arn=call.arn(f"task/{cluster.name}/{fleet.new_id()}"),
            cluster_arn=cluster.arn,
            instance_arn=instance.arn,
            definition_arn=definition.arn,
            family=definition.family,
            group=call.get("group", f"family:{definition.family}"),
            demand=demand,
            started_at=datetime.now(timezone.utc),
        )
        instance.tasks.append(task)
        started.append(task)
    return {"tasks": [task.described() for task in started], "failures": failures}


def list_tasks(fleet: Fleet, call: Call) -> dict[str, Any]:
    instance, family = call.get("containerInstance", ""), call.get("family")
    on_instances = call.get("launchType", "EC2") == "EC2"  # nothing else runs here
    tasks = fleet.tasks(call.account_id, call.region, active_cluster(call).name).values()
    arns = [
        task.arn
        for task in tasks
        if on_instances
        and call.get("desiredStatus", "RUNNING") == "RUNNING"
        and task.instance_arn.endswith(instance)
        and family in (None, task.family)
    ]
    return page(call, "taskArns", arns)


def describe_tasks(fleet: Fleet, call: Call) -> dict[str, Any]:
    tasks = fleet.tasks(call.account_id, call.region, active_cluster(call).name)
    found, failures = _found(call, tasks, "tasks", "task", _MOST_DESCRIBED)
    return {"tasks": [task.described() for task in found], "failures": failures}


def active_cluster(call: Call) -> Any:
    """moto's cluster that the call names; without a name it is `default`."""
    name = call.get("cluster", "default").rpartition("/")[2]
    cluster = ecs_backends[call.account_id][call.region].clusters.get(name)
    if cluster is None:
        raise Refusal("ClusterNotFoundException", "Cluster not found.")
    if cluster.status != "ACTIVE":
        raise Refusal("ClusterNotFoundException", "The referenced cluster was inactive.")
    return cluster


def _instances(fleet: Fleet, call: Call) -> dict[str, Instance]:
    return fleet.instances(call.account_id, call.region, active_cluster(call).name)


def _named(fleet: Fleet, call: Call, at_most: int = _MOST_DESCRIBED) -> tuple[list[Instance], list[dict[str, str]]]:
    return _found(call, _instances(fleet, call), "containerInstances", "container-instance", at_most)


def _found(
    call: Call, among: Mapping[str, Any], parameter: str, kind: str, at_most: int
) -> tuple[list[Any], list[dict[str, str]]]:
    """Those that the call names, by id or ARN, and a failure for each that there is not."""
    names = call.get(parameter, ())
    if not names:
        raise Refusal("InvalidParameterException", f"{parameter} cannot be empty.")
    if len(names) > at_most:
        raise Refusal("InvalidParameterException", f"{parameter} cannot hold more than {at_most} elements.")
    by_id = {arn.rpartition("/")[2]: element for arn, element in among.items()}
    ids = [name.rpartition("/")[2] for name in names]
    missing = [{"arn": call.arn(f"{kind}/{name}"), "reason": "MISSING"} for name in ids if name not in by_id]
    return [by_id[name] for name in ids if name in by_id], missing


def _demand(definition: Any) -> TaskRequirements:
    written = {
        "family": definition.family,
        "networkMode": definition.network_mode,
        "cpu": definition.cpu,
        "memory": definition.memory,
        "containerDefinitions": definition.container_definitions,
    }
    return task_requirements({name: value for name, value in written.items() if value is not None})


def _operation(name: str) -> str:
    """`start_task` as the API spells it."""
    return "".join(word.capitalize() for word in name.split("_"))
