"""What a workload says of itself where little is known."""

from __future__ import annotations

import pytest

from ecs_preflight.errors import Location
from ecs_preflight.findings import Undetermined
from ecs_preflight.workloads.workload import Workload


def test_nothing_is_known_of_a_workload_without_a_definition() -> None:
    workload = Workload("web", registered="web:7")
    assert (workload.containers, list(workload.log_configurations), list(workload.registry_secrets)) == ((), [], [])
    assert workload.is_looked_up
    assert not workload.executes_as_managed_role


def test_where_it_stands_is_not_what_it_is() -> None:
    assert Workload("web", location=Location("a", 1)) == Workload("web", location=Location("b", 2))


def test_only_what_is_required_must_be_known() -> None:
    workload = Workload("web", unknown={"image": "${tag}", "desired_count": "${n}"})
    workload.require("cpu", "memory")
    with pytest.raises(Undetermined, match=r"the desired count of 'web' is not known: \$\{n\}"):
        workload.require("cpu", "desired_count")
