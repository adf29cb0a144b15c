"""What is asked beside the configuration: which clusters, a task of these sizes, instances that go or come."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from ecs_preflight.errors import UsageError
from ecs_preflight.preflight_workload import WorkloadFile
from ecs_preflight.targets import Target
from ecs_preflight.workloads.making import workload_of_sizes
from ecs_preflight.workloads.workload import Workload

_ADDED = re.compile(r"(?:([1-9][0-9]{0,3})\s*x\s*)?([a-z][a-z0-9-]*\.[a-z0-9-]+)(?:@([\w-]+))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Added:
    """So many fresh instances of an EC2 instance type, in the Auto Scaling group of a capacity provider or of none."""

    count: int
    instance_type: str
    capacity_provider: str | None = None

    @classmethod
    def parse(cls, text: str) -> Added:
        """Of `3xm5.large`, `m5.large` for one, or `3xm5.large@PROVIDER`. Raises UsageError."""
        found = _ADDED.fullmatch(text.strip())
        if not found:
            raise UsageError(
                f"{text!r} is no number of instances of a type", hint="Such as 3xm5.large, or 3xm5.large@CAPACITY-PROVIDER."
            )
        return cls(int(found[1] or 1), found[2], found[3])


@dataclass(frozen=True, slots=True)
class Wish:
    """Of nothing else than the configuration, where everything is left out."""

    clusters: tuple[Target, ...] = ()
    """The only ones to look at; none means all that the configuration is about."""
    size: Workload | None = None
    """In the place of the workloads of the configuration."""
    drained: tuple[str, ...] = ()
    """EC2 instance ids, or ARNs, of container instances that are taken for DRAINING."""
    added: tuple[Added, ...] = ()
    """Instances that are taken to have joined."""


def wished_size(**fields: Any) -> Workload | None:
    """A task of these sizes, as keys of a workload in preflight.yml; what is None is left out, and None where all are.

    Raises UsageError for a number that is none of these sizes, and where memory is missing.
    """
    stated = {name: value for name, value in fields.items() if value is not None}
    if not stated:
        return None
    if "memory" not in stated:
        given = ", ".join(map(_option, stated))
        raise UsageError(f"{given}: one copy's memory is not given", hint="Give --memory, in MiB.")
    try:
        entry = WorkloadFile.model_validate({"name": _name(stated), **stated})
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        name = str(fault["loc"][0]) if fault["loc"] else "memory"
        raise UsageError(f"{_option(name)} {stated.get(name)}: {fault['msg']}") from None
    return workload_of_sizes(entry)


def _option(name: str) -> str:
    return "--count" if name == "desired_count" else f"--{name.replace('_', '-')}"


def _name(stated: dict[str, Any]) -> str:
    return f"a task of {stated.get('cpu', 0)} CPU units, {stated['memory']} MiB"
