"""preflight.yml as models: defaults, what is refused, and the task of a workload."""

from __future__ import annotations

import pickle
from datetime import date, datetime
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from ecs_preflight.ecs.task import TaskDefinition
from ecs_preflight.errors import Location
from ecs_preflight.preflight_file import (
    ClusterFile,
    PreflightFile,
    PreflightModel,
    Reader,
    Thresholds,
    Waiver,
    WorkloadFile,
)

ROLE = "arn:aws:iam::123456789012:role/auditor"


def a_waiver(**changed: Any) -> dict[str, Any]:
    return {"check": "CAPACITY001", "target": "prod/*", "until": "2027-03-01", "reason": "it grows", **changed}


def test_a_file_that_says_nothing_has_the_defaults() -> None:
    read = PreflightFile.model_validate({})
    assert read == PreflightFile()
    assert (read.spinnaker.version, read.managing_identity_arn, read.reader, read.accounts, read.waivers) == (
        None,
        None,
        None,
        {},
        (),
    )
    assert read.thresholds == Thresholds(copies=3, waiver_notice_days=14, agent_recheck_seconds=20)


@pytest.mark.parametrize(
    "arn",
    [
        "arn:aws:iam::123456789012:role/spinnaker",
        "arn:aws:iam::123456789012:role/team/sub/spinnaker+=,.@-_1",
        "arn:aws-cn:iam::123456789012:role/spinnaker",
        "arn:aws-us-gov:iam::123456789012:role/spinnaker",
        "arn:aws:iam::123456789012:user/spinnaker",
    ],
)
def test_the_managing_identity_is_a_role_or_a_user(arn: str) -> None:
    assert PreflightFile(managing_identity_arn=arn).managing_identity_arn == arn


@pytest.mark.parametrize(
    "arn",
    [
        "",
        "spinnaker",
        "role/spinnaker",
        "arn:aws:iam::12345678901:role/spinnaker",
        "arn:aws:iam::1234567890123:role/spinnaker",
        "arn:aws:iam::१२३४५६७८९०१२:role/spinnaker",
        "arn:aws:iam::123456789012:role/",
        "arn:aws:iam::123456789012:role/ä",
        "arn:aws:iam::123456789012:role/a b",
        "arn:aws:iam::123456789012:role/a\n",
        "arn:aws:iam::123456789012:root",
        "arn:aws:iam::123456789012:group/spinnaker",
        "arn:aws:iam:us-east-1:123456789012:role/spinnaker",
        "arn:aws:sts::123456789012:assumed-role/spinnaker/session",
        "arn:aws:iam::123456789012:instance-profile/spinnaker",
    ],
)
def test_any_other_arn_is_refused(arn: str) -> None:
    with pytest.raises(ValidationError, match="expected the ARN of a role or an IAM user"):
        PreflightFile(managing_identity_arn=arn)
    with pytest.raises(ValidationError, match="expected the ARN of a role"):
        Reader(role_arn=arn)


def test_a_reader_that_is_a_user_cannot_be_assumed() -> None:
    with pytest.raises(ValidationError, match="expected the ARN of a role"):
        Reader(role_arn="arn:aws:iam::123456789012:user/auditor")


@pytest.mark.parametrize("reader", [{}, {"profile": "a", "role_arn": ROLE}, {"profile": None, "role_arn": None}])
def test_a_reader_is_a_profile_or_a_role(reader: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="expected either profile or role_arn"):
        Reader.model_validate(reader)


@pytest.mark.parametrize("until", ["2027-03-01", date(2027, 3, 1)])
def test_the_end_of_a_waiver_is_a_day(until: Any) -> None:
    assert Waiver.model_validate(a_waiver(until=until)).until == date(2027, 3, 1)


@pytest.mark.parametrize(
    "until",
    # Of the numbers, pydantic would take the first for a day in 1970 and the second for one in 2027.
    [
        20270301,
        "20270301",
        1798761600,
        "1798761600",
        "2027-02-30",
        "2027-3-1",
        "01.03.2027",
        "2027-W09-1",
        "soon",
        "",
        None,
        "2027-03-01T00:00",
    ],
)
def test_what_is_no_day_is_refused(until: Any) -> None:
    with pytest.raises(ValidationError, match="expected a day such as 2027-03-01"):
        Waiver.model_validate(a_waiver(until=until))


def test_a_moment_is_no_day() -> None:
    with pytest.raises(ValidationError):
        Waiver.model_validate(a_waiver(until=datetime(2027, 3, 1, 12)))


@pytest.mark.parametrize("version", ["1.37.0", "1.37", "1.10", "2025.0", "release-1.37.x", "main", "branch:release-1.37.x"])
def test_a_version_is_a_release_or_a_branch(version: str) -> None:
    assert PreflightFile.model_validate({"spinnaker": {"version": version}}).spinnaker.version == version


@pytest.mark.parametrize("version", ["latest", "1", "1.x", "one"])
def test_what_is_no_version_is_refused(version: str) -> None:
    with pytest.raises(ValidationError, match="expected a release such as"):
        PreflightFile.model_validate({"spinnaker": {"version": version}})


def test_two_workloads_of_one_name_are_refused() -> None:
    """Their targets would have one id, and the second would never be judged."""
    with pytest.raises(ValidationError, match="a name of its own, and 'web' stands 2 times"):
        ClusterFile.model_validate({"workloads": [{"name": name, "memory": 4} for name in ("web", "api", "web")]})


@pytest.mark.parametrize("name", ["**", "a*", "arn:aws:ecs:us-east-1:1:cluster/web", "\n"])
def test_any_name_but_the_wildcard_may_be_a_cluster(name: str) -> None:
    region = {"clusters": {name: {}}}
    assert PreflightFile.model_validate({"accounts": {"prod": {"regions": {"us-east-1": region}}}}).accounts["prod"]
    with pytest.raises(ValidationError, match="where none is named, all are looked at"):
        PreflightFile.model_validate({"accounts": {"prod": {"regions": {"us-east-1": {"clusters": {"*": {}}}}}}})


def test_models_are_frozen_and_compare_by_what_they_say_not_by_where() -> None:
    one, other = Reader(profile="a"), Reader(profile="a")
    one.written_at(Location("preflight.yml", 3, 1))
    other.written_at(Location("preflight.yml", 9, 1))
    assert (one, hash(one)) == (other, hash(other))
    assert one == Reader(profile="a") != Reader(profile="b")
    assert (one.location, Reader(profile="a").location) == (Location("preflight.yml", 3, 1), None)
    assert pickle.loads(pickle.dumps(one)).location == one.location == one.model_copy().location
    with pytest.raises(ValidationError, match="frozen"):
        one.profile = "b"  # type: ignore[misc]


def models_below(model: type[BaseModel]) -> list[type[BaseModel]]:
    return [model, *(found for below in model.__subclasses__() for found in models_below(below))]


@pytest.mark.parametrize("model", models_below(PreflightModel), ids=lambda model: model.__name__)
def test_no_model_takes_a_key_that_it_does_not_have(model: type[BaseModel]) -> None:
    with pytest.raises(ValidationError, match="Extra inputs are not permitted"):
        model.model_validate({"a_key_of_nobody": 1})


@pytest.mark.parametrize(
    ("workload", "definition"),
    [
        (
            {"name": "web", "cpu": 256, "memory": 512},
            {
                "family": "web",
                "networkMode": "bridge",
                "containerDefinitions": [
                    {"name": "web", "image": "web", "cpu": 256, "memoryReservation": 512, "portMappings": []}
                ],
            },
        ),
        (
            {"name": "dns", "memory": 64, "network_mode": "host", "host_ports": [53, 953], "host_ports_udp": [53], "gpus": 2},
            {
                "family": "dns",
                "networkMode": "host",
                "containerDefinitions": [
                    {
                        "name": "dns",
                        "image": "dns",
                        "cpu": 0,
                        "memoryReservation": 64,
                        "portMappings": [
                            {"containerPort": 53, "hostPort": 53, "protocol": "tcp"},
                            {"containerPort": 953, "hostPort": 953, "protocol": "tcp"},
                            {"containerPort": 53, "hostPort": 53, "protocol": "udp"},
                        ],
                        "resourceRequirements": [{"type": "GPU", "value": "2"}],
                    }
                ],
            },
        ),
        (
            # Fargate wants the sizes on the task: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html
            {"name": "f", "cpu": 1024, "memory": 2048, "network_mode": "awsvpc", "launch_type": "FARGATE"},
            {
                "family": "f",
                "networkMode": "awsvpc",
                "containerDefinitions": [{"name": "f", "image": "f", "cpu": 1024, "memoryReservation": 2048, "portMappings": []}],
                "cpu": "1024",
                "memory": "2048",
            },
        ),
    ],
)
def test_a_workload_is_the_task_that_clouddriver_would_register(workload: dict[str, Any], definition: dict[str, Any]) -> None:
    made = WorkloadFile.model_validate(workload).task_definition_of_sizes()
    assert made == definition
    assert TaskDefinition.model_validate(made).family == workload["name"]
