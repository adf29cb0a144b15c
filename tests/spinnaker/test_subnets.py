"""The purposes that clouddriver gives subnets, shape by shape, and which subnets it chooses by them."""

from __future__ import annotations

import pytest

from ecs_preflight.ecs.subnets import Subnet, Tag
from ecs_preflight.spinnaker.subnets import read_purpose, select_subnets

METADATA = "immutable_metadata"


def tags(**given: str) -> tuple[Tag, ...]:
    return tuple(Tag(key=key, value=value) for key, value in given.items())


# AmazonSubnetProvider.groovy fromCacheData: the JSON first, then the Name.
@pytest.mark.parametrize(
    ("given", "purpose"),
    [
        ({}, None),
        ({METADATA: '{"purpose": "internal"}'}, "internal"),
        ({METADATA: '{"purpose": "internal (main)", "target": "ec2"}'}, "internal (main)"),
        ({METADATA: '{"purpose": "internal"}', "Name": "main.external.us-east-1a"}, "internal"),
        ({METADATA: '{"target": "ec2"}', "Name": "main.external.us-east-1a"}, "external (main)"),
        ({METADATA: '{"purpose": null}', "Name": "main.external.us-east-1a"}, "external (main)"),
        ({METADATA: '{"purpose": ""}', "Name": "main.external.us-east-1a"}, "external (main)"),
        ({METADATA: "null", "Name": "main.external.us-east-1a"}, "external (main)"),
        ({METADATA: "", "Name": "main.external.us-east-1a"}, "external (main)"),
        ({METADATA: '{"purpose": "internal"} and more'}, "internal"),
        ({METADATA: '{"purpose": 5}'}, "5"),
        ({METADATA: '{"purpose": true}'}, "true"),
        ({METADATA.upper(): '{"purpose": "internal"}'}, None),
        ({"Name": "main.internal.us-east-1a"}, "internal (main)"),
        ({"NAME": "main.internal.us-east-1a"}, "internal (main)"),
        ({"name": "main.internal.us-east-1a"}, "internal (main)"),
        ({"Name": "main.internal.us-east-1a..."}, "internal (main)"),
        ({"Name": "main.internal."}, None),
        ({"Name": "main.internal"}, None),
        ({"Name": "main.internal.us-east-1a.old"}, None),
        ({"Name": ".internal.us-east-1a"}, "internal ()"),
        ({"Name": "main..us-east-1a"}, " (main)"),
        ({"Name": "..."}, None),
        ({"Name": ""}, None),
        ({"Name": "main-internal-us-east-1a"}, None),
    ],
)
def test_a_purpose_is_read_as_clouddriver_reads_it(given: dict[str, str], purpose: str | None) -> None:
    reading = read_purpose(tags(**given))
    assert (reading.purpose, reading.throws, reading.logged) == (purpose, "", "")


@pytest.mark.parametrize("text", ["internal", "{purpose: internal}", '{"purpose": "in', '{"purpose": NaN}', "{"])
def test_what_is_no_json_is_logged_and_the_name_is_used(text: str) -> None:
    reading = read_purpose(tags(**{METADATA: text, "Name": "main.internal.us-east-1a"}))
    assert reading.purpose == "internal (main)"
    assert reading.logged.startswith("immutable_metadata is no JSON: ")
    assert not reading.throws


@pytest.mark.parametrize("text", ['["internal"]', '"internal"', "5", "true", "  "])
def test_json_of_another_type_breaks_the_reader(text: str) -> None:
    reading = read_purpose(tags(**{METADATA: text, "Name": "main.internal.us-east-1a"}))
    assert reading.purpose is None
    assert repr(text) in reading.throws


def subnet(name: str, zone: str | None, purpose: str | None) -> Subnet:
    given = tags(**{METADATA: f'{{"purpose": "{purpose}"}}'}) if purpose else ()
    return Subnet(subnet_id=name, availability_zone=zone, tags=given)


SUBNETS = (
    subnet("a1", "us-east-1a", "internal"),
    subnet("b1", "us-east-1b", "internal"),
    subnet("a2", "us-east-1a", "external"),
    subnet("a3", "us-east-1a", None),
    subnet("x", None, "internal"),
)


# SubnetSelector.java: purpose among the subnet types, and zone among the server group's.
@pytest.mark.parametrize(
    ("purposes", "zones", "chosen"),
    [
        (["internal"], ["us-east-1a", "us-east-1b"], "a1 b1"),
        (["internal"], ["us-east-1a"], "a1"),
        (["internal", "external"], ["us-east-1a"], "a1 a2"),
        (["Internal"], ["us-east-1a"], ""),
        (["internal"], ["us-east-1c"], ""),
        (["internal"], [], ""),
        ([], ["us-east-1a"], ""),
    ],
)
def test_subnets_are_chosen_by_purpose_and_zone(purposes: list[str], zones: list[str], chosen: str) -> None:
    assert " ".join(found.subnet_id for found in select_subnets(SUBNETS, purposes, zones)) == chosen
