"""A server group as Jackson and Orca would have it: coercions, expressions, what is refused, what is misspelt."""

from __future__ import annotations

import pickle
from typing import Any

import pytest

from ecs_preflight.errors import Location, SyntaxInputError
from ecs_preflight.spinnaker.opaque import Opaque
from ecs_preflight.spinnaker.server_group_reader import read_server_group
from tests.spinnaker.server_groups import ECR, GONE, a_cluster, a_group, an_artifact_group, in_json


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (256, 256),
        ("256", 256),
        (256.0, 256),
        ("", None),
        (None, None),
        ("${parameters.cpu}", Opaque("${parameters.cpu}")),
    ],
)
def test_numbers_are_read_as_jackson_reads_them(written: Any, read: Any) -> None:
    group = a_group(computeUnits=written)
    assert group.compute_units == read
    assert group.defects == ()


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("computeUnits", "much", "a whole number"),
        ("computeUnits", True, "a whole number"),
        ("computeUnits", 2**31, "a whole number"),
        ("useTaskDefinitionArtifact", "perhaps", "true or false"),
        ("ecsClusterName", {"name": "x"}, "a text"),
        ("capacity", [], "an object"),
        ("placementStrategySequence", {}, "a list"),
        ("availabilityZones", ["us-east-1a"], "an object"),
        ("tags", ["a"], "an object"),
    ],
)
def test_what_jackson_refuses_is_told_of_and_the_rest_is_read(key: str, value: Any, expected: str) -> None:
    group = a_group(**{key: value})
    (defect,) = group.defects
    assert (defect.key, defect.expected, defect.is_refused) == (key, expected, True)
    assert str(defect.location).startswith("group.json:")
    assert group.application == "shop"


def test_a_fault_deep_inside_is_told_with_its_path_and_its_line() -> None:
    group = a_group(capacity={"min": 1, "max": "lots", "desired": 1})
    (defect,) = group.defects
    assert (defect.key, defect.found) == ("capacity.max", "a text")
    assert group.where("capacity", "max") == defect.location
    assert group.capacity.desired == 1  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("key", "meant"),
    [
        ("computeunits", "computeUnits"),
        ("reserved_memory", "reservedMemory"),
        ("ecsClusterNam", "ecsClusterName"),
        ("securityGroupName", "securityGroupNames"),
        ("dockerImageAdress", "dockerImageAddress"),
    ],
)
def test_a_misspelt_key_has_a_near_miss(key: str, meant: str) -> None:
    (defect,) = a_group(**{key: "x"}).defects
    assert (defect.key, defect.near_miss, defect.is_refused) == (key, meant, False)


@pytest.mark.parametrize("key", ["loadBalancers", "cloudProvider", "maxRemainingAsgs", "viewState", "ourOwnPlugin", "comments"])
def test_what_deck_and_plugins_keep_is_no_mistake(key: str) -> None:
    assert a_group(**{key: "x"}).defects == ()


@pytest.mark.parametrize(
    ("description", "image"),
    [
        ({"imageId": f"{ECR}/web:7"}, f"{ECR}/web:7"),
        ({"registry": ECR, "repository": "web", "tag": "7"}, f"{ECR}/web:7"),
        ({"repository": "web", "tag": "7"}, "web:7"),
        ({"repository": "web"}, "web:null"),
        ({"fromTrigger": True, "registry": ECR, "repository": "web"}, Opaque(f"{ECR}/web, with the tag of the trigger")),
        ({"fromContext": True, "stageId": "2"}, Opaque("the image that an earlier stage finds")),
        ({"imageId": f"{ECR}/web:${{parameters.tag}}"}, Opaque(f"{ECR}/web:${{parameters.tag}}")),
    ],
)
def test_orca_makes_an_image_of_its_description(description: dict[str, Any], image: Any) -> None:
    assert a_group(imageDescription=description).docker_image_address == image


@pytest.mark.parametrize(("finds", "image"), [(True, Opaque("the image that an earlier stage finds")), (False, None)])
def test_without_an_image_orca_looks_at_earlier_stages(finds: bool, image: Any) -> None:
    part = in_json(a_cluster(dockerImageAddress=GONE))
    assert read_server_group(part, is_of_stage=True, image_may_come_from_stages=finds).docker_image_address == image


def test_orca_fills_in_account_and_images_of_a_stage_and_of_nothing_else() -> None:
    assert a_group().credentials == "prod"
    assert an_artifact_group().container_to_image_map == {"web": f"{ECR}/shop/web:7"}
    assert read_server_group(in_json(a_cluster()), is_of_stage=False).credentials is None


def test_a_group_keeps_its_places_through_pickling_and_does_not_compare_them() -> None:
    group = a_group()
    again = pickle.loads(pickle.dumps(group))
    assert again == group == a_group()
    assert again.where("capacity", "min") == group.where("capacity", "min") == Location("group.json", 15, 5)
    assert group.where("nothing", "of", "it") == group.location == Location("group.json", 1, 1)
    assert group.stage == again.stage == "Deploy"


def test_what_is_no_object_is_refused_with_its_place() -> None:
    with pytest.raises(SyntaxInputError, match=r"group.json:1:1: a server group is expected here"):
        read_server_group(in_json(["a"]), is_of_stage=False)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("targetGroupMappings", [None]),
        ("targetGroupMappings", ["x", 3]),
        ("placementStrategySequence", [[]]),
        ("serviceDiscoveryAssociations", [{"registry": []}]),
    ],
)
def test_elements_that_are_no_objects_put_their_list_aside(key: str, value: Any) -> None:
    group = a_group(**{key: value})
    assert group.defects
    assert all(defect.is_refused and defect.key.startswith(key) for defect in group.defects)
    assert pickle.loads(pickle.dumps(group)) == group


def test_an_expression_in_the_place_of_an_object_makes_its_list_unknown() -> None:
    group = a_group(capacityProviderStrategy=["${provider}"])
    assert isinstance(group.capacity_provider_strategy, Opaque)
    assert group.defects == ()
