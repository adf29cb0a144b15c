"""Role, sessions and regions of an ECS account, as clouddriver comes to them."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_preflight.spinnaker.accounts import AwsProvider, Region
from ecs_preflight.spinnaker.mapping import (
    effective_assume_role,
    effective_regions,
    effective_session_name,
    mapping_of,
    regions_looked_up,
    sts_region,
)
from ecs_preflight.spinnaker.versions import SpinnakerVersion
from tests.spinnaker.builders import aws_account, ecs_account

ID = "123456789012"

ROLES: list[tuple[str, dict[str, Any], dict[str, Any], str | None]] = [
    ("short form", {"assume_role": "role/x"}, {}, f"arn:aws:iam::{ID}:role/x"),
    ("with a path", {"assume_role": "role/team/x"}, {}, f"arn:aws:iam::{ID}:role/team/x"),
    ("no role/", {"assume_role": "spinnakerManaged"}, {}, f"arn:aws:iam::{ID}:spinnakerManaged"),
    ("a whole ARN", {"assume_role": "arn:aws-cn:iam::1:role/x"}, {}, "arn:aws-cn:iam::1:role/x"),
    ("China in short", {"assume_role": "role/x", "regions": (Region(name="cn-north-1"),)}, {}, f"arn:aws:iam::{ID}:role/x"),
    ("the default", {"assume_role": None}, {"default_assume_role": "role/d"}, f"arn:aws:iam::{ID}:role/d"),
    ("a blank defeats the default", {"assume_role": ""}, {"default_assume_role": "role/d"}, f"arn:aws:iam::{ID}:"),
    ("neither", {"assume_role": None}, {}, None),
    ("a template", {"assume_role": "role/{{name}}-{{environment}}"}, {}, f"arn:aws:iam::{ID}:role/prod-prod"),
    ("environment", {"assume_role": "role/{{environment}}", "environment": "live"}, {}, f"arn:aws:iam::{ID}:role/live"),
    ("account type", {"assume_role": "role/{{accountType}}", "account_type": "t"}, {}, f"arn:aws:iam::{ID}:role/t"),
    ("an ARN template", {"assume_role": "arn:aws:iam::{{accountId}}:role/x"}, {}, f"arn:aws:iam::{ID}:role/x"),
    ("a default template", {"assume_role": None}, {"default_assume_role": "role/{{name}}"}, f"arn:aws:iam::{ID}:role/prod"),
    ("no id", {"account_id": None}, {}, None),
    ("no id, a whole ARN", {"account_id": None, "assume_role": "arn:aws:iam::1:role/x"}, {}, "arn:aws:iam::1:role/x"),
    ("a bad name", {"name": "a$b", "assume_role": "role/{{name}}"}, {}, None),
]


@pytest.mark.parametrize(("account", "aws", "arn"), [case[1:] for case in ROLES], ids=[case[0] for case in ROLES])
def test_the_role_is_rendered_and_expanded(account: dict[str, Any], aws: dict[str, Any], arn: str | None) -> None:
    role = effective_assume_role(AwsProvider(**aws), aws_account(**account))
    assert role.arn == arn
    assert (role.problem is None) == (arn is not None)


def test_a_template_that_is_left_over_is_reported() -> None:
    role = effective_assume_role(AwsProvider(), aws_account(assume_role="role/{{acountId}}"))
    assert (role.unresolved, role.written) == (("{{acountId}}",), "role/{{acountId}}")


@pytest.mark.parametrize(
    "changed",
    [
        {"assume_role": "${ROLE}"},
        {"assume_role": "role/${ROLE}"},
        {"assume_role": "encrypted:s3!r:x!b:y!f:z"},
        {"account_id": "${ACCOUNT_ID}"},
        {"account_id": "encrypted:s3!r:x!b:y!f:z"},
    ],
)
def test_what_only_spinnaker_can_read_gives_no_arn(changed: dict[str, Any]) -> None:
    account = aws_account(**changed)
    mapping = mapping_of(AwsProvider(accounts=(account,)), ecs_account(), None)
    assert mapping.role is not None
    assert mapping.role.is_opaque
    assert mapping.role_arn is None
    assert mapping.account_id == (None if "account_id" in changed else ID)


SESSIONS: list[tuple[str, str | None, dict[str, Any], dict[str, Any], tuple[Any, ...], tuple[Any, ...]]] = [
    ("nothing stated", None, {}, {}, ("Spinnaker", None, 900, False), ("Spinnaker", None, 900, False)),
    ("the id stays with A", None, {"external_id": "x"}, {}, ("Spinnaker", None, 900, False), ("Spinnaker", "x", 900, False)),
    ("no id up to 1.22", "1.22.4", {"external_id": "x"}, {}, ("Spinnaker", None, 900, False), ("Spinnaker", None, 900, False)),
    ("an id from 1.23", "1.23.0", {"external_id": "x"}, {}, ("Spinnaker", None, 900, False), ("Spinnaker", "x", 900, False)),
    ("a blank id is sent", None, {"external_id": ""}, {}, ("Spinnaker", None, 900, False), ("Spinnaker", "", 900, False)),
    (
        *("own duration", None, {"session_duration_seconds": 3600}, {}),
        *(("Spinnaker", None, 900, False), ("Spinnaker", None, 3600, True)),
    ),
    (
        *("default duration", None, {}, {"default_session_duration_seconds": 1800}),
        *(("Spinnaker", None, 1800, True), ("Spinnaker", None, 1800, True)),
    ),
    (
        *("both durations", "1.37.0", {"session_duration_seconds": 3600}, {"default_session_duration_seconds": 1800}),
        *(("Spinnaker", None, 1800, True), ("Spinnaker", None, 3600, True)),
    ),
    (
        *("no duration up to 1.36", "1.36.0", {"session_duration_seconds": 3600}, {"default_session_duration_seconds": 1800}),
        *(("Spinnaker", None, 900, False), ("Spinnaker", None, 900, False)),
    ),
    ("a name", None, {"session_name": "{{name}}-s"}, {}, ("prod-s", None, 900, False), ("prod-s", None, 900, False)),
    ("the default name", None, {}, {"default_session_name": "d"}, ("d", None, 900, False), ("d", None, 900, False)),
    ("a blank name", None, {"session_name": ""}, {"default_session_name": "d"}, ("", None, 900, False), ("", None, 900, False)),
]


@pytest.mark.parametrize(
    ("version", "account", "aws", "session_e", "session_a"), [case[1:] for case in SESSIONS], ids=[case[0] for case in SESSIONS]
)
def test_the_two_sessions_differ(
    version: str | None, account: dict[str, Any], aws: dict[str, Any], session_e: tuple[Any, ...], session_a: tuple[Any, ...]
) -> None:
    stated = SpinnakerVersion.parse(version) if version else None
    mapping = mapping_of(AwsProvider(accounts=(aws_account(**account),), **aws), ecs_account(), stated)
    for session, expected in ((mapping.session_e, session_e), (mapping.session_a, session_a)):
        assert session is not None
        assert (session.session_name, session.external_id, session.duration_seconds, session.duration_is_stated) == expected
        assert session.role_arn == f"arn:aws:iam::{ID}:role/spinnakerManaged"


def test_an_external_id_is_in_no_repr() -> None:
    mapping = mapping_of(AwsProvider(accounts=(aws_account(external_id="hush"),)), ecs_account(), None)
    assert "hush" not in repr(mapping)


def test_a_session_name_that_cannot_be_rendered_is_none() -> None:
    rendered = effective_session_name(AwsProvider(), aws_account(name="a\\b", session_name="{{name}}"))
    assert (rendered.text, rendered.problem is not None) == (None, True)


def test_without_an_aws_account_there_is_nothing_to_say() -> None:
    mapping = mapping_of(AwsProvider(accounts=(aws_account(),)), ecs_account(aws_account="Prod"), None)
    assert (mapping.aws_account, mapping.role, mapping.session_e, mapping.session_a, mapping.regions) == (
        None,
        None,
        None,
        None,
        (),
    )
    assert (mapping.role_arn, mapping.account_id) == (None, None)


US, EU = "us-east-1", "eu-west-1"
ZONES = ("us-east-1a", "us-east-1b")

REGIONS: list[tuple[str, tuple[Region, ...], tuple[Region, ...], list[tuple[Any, ...]]]] = [
    ("its own", (Region(name=EU),), (Region(name=US),), [(EU, (), (), True)]),
    ("the defaults", (), (Region(name=US), Region(name=EU)), [(US, (), (), True), (EU, (), (), True)]),
    ("none at all", (), (), []),
    ("own zones", (Region(name=US, availability_zones=ZONES),), (), [(US, ZONES, ZONES, False)]),
    (
        *("own preferred zones", (Region(name=US, availability_zones=ZONES, preferred_zones=("us-east-1b", "us-east-1z")),), ()),
        [(US, ZONES, ("us-east-1b",), False)],
    ),
    (
        *("the default's zones", (Region(name=US, preferred_zones=("us-east-1a",)),)),
        *((Region(name=US, availability_zones=ZONES, preferred_zones=("us-east-1b",)),), [(US, ZONES, ("us-east-1b",), False)]),
    ),
    (
        *("own zones before the default's", (Region(name=US, availability_zones=("us-east-1c",)),)),
        *((Region(name=US, availability_zones=ZONES),), [(US, ("us-east-1c",), ("us-east-1c",), False)]),
    ),
]


@pytest.mark.parametrize(("own", "defaults", "effective"), [case[1:] for case in REGIONS], ids=[case[0] for case in REGIONS])
def test_regions_and_zones(own: tuple[Region, ...], defaults: tuple[Region, ...], effective: list[tuple[Any, ...]]) -> None:
    regions = effective_regions(AwsProvider(default_regions=defaults), aws_account(regions=own))
    found = [(region.name, region.availability_zones, region.preferred_zones, region.is_looked_up) for region in regions]
    assert found == effective
    assert [region.written.name for region in regions] == [region.name for region in regions]


@pytest.mark.parametrize(
    ("aws", "names"),
    [
        ({"accounts": ()}, ()),
        ({"accounts": (aws_account(),)}, (US,)),
        ({"accounts": (aws_account(regions=(Region(name=EU),)),)}, (US, EU)),
        ({"accounts": (aws_account(regions=(Region(name=EU, availability_zones=("eu-west-1a",)),)),)}, (US,)),
        (
            {
                "accounts": (aws_account(regions=(Region(name=US, availability_zones=ZONES),)),),
                "default_regions": (Region(name=US, availability_zones=ZONES),),
            },
            (),
        ),
        ({"accounts": (aws_account(enabled=False, regions=(Region(name=EU),)),)}, ()),
    ],
)
def test_regions_without_zones_are_looked_up_at_every_start(aws: dict[str, Any], names: tuple[str, ...]) -> None:
    assert regions_looked_up(AwsProvider(**aws)) == names


@pytest.mark.parametrize(
    ("arn", "region"),
    [
        ("arn:aws:iam::1:role/x", "eu-west-1"),
        ("arn:aws-us-gov:iam::1:role/x", "us-gov-west-1"),
        ("arn:aws-cn:iam::1:role/x", "cn-north-1"),
        # Letter by letter what the code does: it looks at the whole ARN.
        ("arn:aws:iam::1:role/aws-cn-reader", "cn-north-1"),
    ],
)
def test_sts_is_called_where_the_arn_or_the_environment_says(arn: str, region: str) -> None:
    assert sts_region(arn, "eu-west-1") == region
