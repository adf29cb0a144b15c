"""Elements of DescribeContainerInstances, as models and as a table."""

from __future__ import annotations

import pickle
import time
from datetime import datetime, timedelta, timezone

import pytest

from ecs_preflight.ecs._model import read_shape
from ecs_preflight.ecs.instance import ContainerInstance
from ecs_preflight.ecs.instance_table import InstanceTable, read_instances
from ecs_preflight.ecs.placement import place
from ecs_preflight.errors import InputError, UsageError
from tests.ecs.builders import arn, instance, simple


def read(**members: object) -> ContainerInstance:
    return ContainerInstance.model_validate(instance() | members)


def test_attributes_become_a_mapping_and_unknown_members_are_ignored() -> None:
    model = read(attributes=[{"name": "spot"}, {"name": "stack", "value": "prod"}], versionNext=9)
    assert dict(model.attributes) == {"spot": None, "stack": "prod"}


def test_a_null_member_is_an_absent_one() -> None:
    assert read(capacityProviderName=None, status=None).status == ""


def test_a_model_survives_json_and_pickle() -> None:
    model = ContainerInstance.model_validate(instance(gpus=["GPU-1"], ports=[80]))
    assert ContainerInstance.model_validate_json(model.model_dump_json(by_alias=True)) == model
    assert set(model.remaining_resources.ports) >= {22, 80}
    assert pickle.loads(pickle.dumps(model)) == model


@pytest.mark.parametrize(
    "moment",
    [
        1529360908.0,
        "2018-06-18T22:28:28Z",
        "2018-06-18T22:28:28+00:00",
        "2018-06-18T22:28:28",
        datetime(2018, 6, 18, 22, 28, 28),
        datetime(2018, 6, 19, 0, 28, 28, tzinfo=timezone(timedelta(hours=2))),
    ],
)
def test_registered_at_is_read_from_what_boto3_and_json_give(moment: object) -> None:
    assert read(registeredAt=moment).registered_at == 1529360908.0


def test_a_moment_without_a_zone_is_utc_wherever_this_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    try:
        assert read(registeredAt="2018-06-18T22:28:28").registered_at == 1529360908.0
    finally:
        monkeypatch.undo()
        time.tzset()


@pytest.mark.parametrize(
    ("members", "external"),
    [
        ({}, False),
        ({"ec2InstanceId": "mi-0123456789abcdef0"}, True),
        ({"attributes": [{"name": "ecs.capability.external"}]}, True),
        ({"ec2InstanceId": None}, False),
    ],
    ids=str,
)
def test_external_instances_are_known_by_their_capability_or_their_id(members: dict[str, object], external: bool) -> None:
    # https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-anywhere.html
    assert read(**members).is_external is external
    assert InstanceTable((read(**members),)).external == [external]


@pytest.mark.parametrize(
    ("members", "message"),
    [
        ({"attributes": ["spot"]}, "attributes: expected a list of attributes, each"),
        ({"attributes": [{"value": "yes"}]}, "attributes: expected a list of attributes"),
        ({"attributes": [{"name": 7}]}, "attributes: expected a list of attributes"),
        ({"attributes": [{"name": "spot", "value": 7}]}, "attributes: expected a list of attributes"),
        ({"attributes": 7}, "attributes: expected a list of attributes"),
        (
            {"remainingResources": ["CPU"]},
            "remainingResources: expected a list of resources, each",
        ),
        ({"remainingResources": [{"name": "PORTS", "stringSetValue": ["http"]}]}, "remainingResources: invalid literal for int"),
        ({"remainingResources": [{"name": "PORTS", "stringSetValue": 80}]}, "remainingResources: expected a list of resources"),
        ({"registeredResources": [7]}, "registeredResources: expected a list of resources"),
        ({"registeredAt": "yesterday"}, "registeredAt"),
    ],
    ids=str,
)
def test_what_is_no_answer_of_ecs_is_an_input_error(members: dict[str, object], message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_instances([instance() | members])


def test_attributes_may_be_a_mapping_already() -> None:
    assert read(attributes={"spot": None, "stack": "prod"}).attributes == {"spot": None, "stack": "prod"}


def test_texts_that_instances_share_are_held_once() -> None:
    one, other = (read(attributes=[{"name": "".join(["st", "ack"]), "value": "".join(["pr", "od"])}]) for _ in range(2))
    assert next(iter(one.attributes)) is next(iter(other.attributes))
    assert one.attributes["stack"] is other.attributes["stack"]


def test_where_an_instance_is_and_how_it_does() -> None:
    assert (read().instance_type, read().availability_zone, read().is_impaired) == ("m5.large", "us-east-1a", False)
    bare = read(attributes=[], healthStatus={"overallStatus": "IMPAIRED"})
    assert (bare.instance_type, bare.availability_zone, bare.is_impaired) == (None, None, True)


def test_a_table_has_empty_texts_where_nothing_is_known() -> None:
    table = read_instances([instance("a"), instance("b", zone=None, kind=None)])
    assert table.zones == ["us-east-1a", ""]
    assert table.instance_types == ["m5.large", ""]


def test_a_table_serves_for_any_number_of_placements() -> None:
    table = read_instances([instance("a"), instance("b", cpu=0)])
    assert read_instances(table) is table
    assert place(simple(), 99, on=table).max_placeable == place(simple(), 99, on=table.instances).max_placeable == 8


def test_a_bad_instance_is_an_input_error_that_names_the_member() -> None:
    with pytest.raises(InputError, match=r"This is not the container instance that the ECS API describes: .*status"):
        read_shape(ContainerInstance, instance() | {"status": ["ACTIVE"]}, name="container instance")
    with pytest.raises(InputError, match="container instance: Input should be a valid dictionary"):
        read_instances(["i-1"])  # type: ignore[list-item]


def test_an_instance_may_come_only_once() -> None:
    with pytest.raises(UsageError, match="A container instance is given twice"):
        read_instances([instance("a"), ContainerInstance.model_validate(instance("a"))])
    assert list(read_instances([instance("a"), instance("b")]).arns) == [
        arn("a"),
        arn("b"),
    ]
