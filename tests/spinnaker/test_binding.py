"""What Spring's binder makes of values, and every kind of defect that it leaves."""

from __future__ import annotations

import pytest

from ecs_preflight.errors import Location
from ecs_preflight.spinnaker.accounts import Permissions, Region
from ecs_preflight.spinnaker.defects import DefectKind
from tests.spinnaker.builders import only, read


def account(line: str):
    """The one AWS account of a file whose fourth line is `line`, and the defects."""
    whole = read(f"aws:\n  accounts:\n  - name: a\n    {line}\n")
    return whole.aws.accounts[0], whole.defects


STRINGS = [
    ("accountId: 123456789012", "123456789012"),
    ("accountId: '012345670123'", "012345670123"),
    ("accountId: 012345670123", "1402433619"),
    ("accountId: 1234_5678_9012", "123456789012"),
    ("accountId: yes", "true"),
    ("accountId: 1e3", "1000.0"),
    ("accountId: ' 1 '", " 1 "),
    ("account-id: x", "x"),
    ("ACCOUNT_ID: x", "x"),
]


@pytest.mark.parametrize(("line", "value"), STRINGS)
def test_a_string_is_what_java_makes_of_the_yaml_value(line: str, value: str) -> None:
    bound, defects = account(line)
    assert bound.account_id == value
    assert defects == ()


def test_a_number_keeps_the_text_that_was_written() -> None:
    bound, _ = account("accountId: 012345670123")
    written = bound.written("account_id")
    assert written is not None
    assert (written.text, written.value, written.quoted) == ("012345670123", 1402433619, False)
    assert written.location == Location("1.yml", 4, 16)
    assert bound.where("account_id") == written.location
    assert bound.where("session_name") == bound.location == Location("1.yml", 3, 5)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("true", True),
        ("on", True),
        ("'yes'", True),
        ("'1'", True),
        ("off", False),
        ("'No'", False),
        ("'FALSE'", False),
        ("0", False),
    ],
)
def test_a_switch_takes_springs_words(written: str, value: bool) -> None:
    bound, defects = account(f"enabled: {written}")
    assert bound.enabled is value
    assert defects == ()


@pytest.mark.parametrize(
    ("written", "value"),
    [("true", True), ("false", False), ("'FALSE'", False), ("off", False), ("'off'", True), ("whatever", True), ("", True)],
)
def test_a_provider_is_on_unless_it_says_false(written: str, value: bool) -> None:
    assert read(f"ecs:\n  enabled: {written}\n").ecs.enabled is value


@pytest.mark.parametrize(("written", "value"), [("3600", 3600), ("'3600'", 3600), ("' 900 '", 900), ("0x10", 16), ("'0x10'", 16)])
def test_a_number_is_read(written: str, value: int) -> None:
    bound, defects = account(f"sessionDurationSeconds: {written}")
    assert bound.session_duration_seconds == value
    assert defects == ()


@pytest.mark.parametrize(
    ("written", "value"),
    [("[a, b]", ("a", "b")), ("a, b", ("a", "b")), ("a", ("a",)), ("", ()), ("[]", ()), ("[1, yes]", ("1", "true"))],
)
def test_a_list_of_strings_may_be_one_string(written: str, value: tuple[str, ...]) -> None:
    bound, defects = account(f"requiredGroupMembership: {written}")
    assert bound.required_group_membership == value
    assert defects == ()


def test_regions_are_bound() -> None:
    bound, defects = account(
        "regions: [{name: us-east-1, availabilityZones: 'us-east-1a,us-east-1b'}, {name: eu-west-1, deprecated: yes}]"
    )
    assert bound.regions == (
        Region(name="us-east-1", availability_zones=("us-east-1a", "us-east-1b")),
        Region(name="eu-west-1", deprecated=True),
    )
    assert defects == ()


def test_permissions_are_bound_in_any_case() -> None:
    bound, defects = account("permissions: {READ: [a, b], write: c}")
    assert bound.permissions == Permissions(read=("a", "b"), write=("c",))
    assert defects == ()


@pytest.mark.parametrize("empty", ["", "[]", "''"])
def test_an_emptied_list_is_written_and_blank(empty: str) -> None:
    aws = read(f"aws:\n  defaultRegions: {empty}\n").aws
    written = aws.written("default_regions")
    assert aws.default_regions == ()
    assert written is not None
    assert written.is_blank
    assert written.location.file == "1.yml"
    assert not aws.default_regions_are_packaged


DEFECTS = [
    ("asumeRole: x", DefectKind.UNKNOWN_KEY, "asumeRole", "assumeRole"),
    ("nonsense: x", DefectKind.UNKNOWN_KEY, "nonsense", None),
    ("shieldEnabled: true", DefectKind.KEY_IGNORED, "shieldEnabled", None),
    ("defaultAssumeRole: x", DefectKind.MISPLACED_KEY, "defaultAssumeRole", None),
    ("availabilityZones: [a]", DefectKind.MISPLACED_KEY, "availabilityZones", None),
    ("enabled: maybe", DefectKind.WRONG_TYPE, "enabled", None),
    ("sessionDurationSeconds: 15m", DefectKind.WRONG_TYPE, "sessionDurationSeconds", None),
    ("sessionDurationSeconds: 3000000000", DefectKind.WRONG_TYPE, "sessionDurationSeconds", None),
    ("sessionDurationSeconds: ${MISSING}", DefectKind.UNRESOLVED_PLACEHOLDER, "sessionDurationSeconds", None),
    ("sessionDurationSeconds: encrypted:s3!r:x", DefectKind.OPAQUE_VALUE, "sessionDurationSeconds", None),
    ("accountId: 012345678901", DefectKind.AMBIGUOUS_NUMBER, "accountId", None),
    ("requiredGroupMembership: [089]", DefectKind.AMBIGUOUS_NUMBER, "requiredGroupMembership[0]", None),
    ("accountId: [1]", DefectKind.WRONG_TYPE, "accountId", None),
    ("accountId: {a: 1}", DefectKind.WRONG_TYPE, "accountId", None),
    ("regions: {name: us-east-1}", DefectKind.WRONG_TYPE, "regions", None),
    ("regions: [[us-east-1]]", DefectKind.WRONG_TYPE, "regions[0]", None),
    ("requiredGroupMembership: [{a: 1}]", DefectKind.WRONG_TYPE, "requiredGroupMembership[0]", None),
    ("permissions: [READ]", DefectKind.WRONG_TYPE, "permissions", None),
    ("permissions: all", DefectKind.WRONG_TYPE, "permissions", None),
    ("lifecycleHooks: [hook]", DefectKind.WRONG_TYPE, "lifecycleHooks[0]", None),
    ("lifecycleHooks: hook", DefectKind.WRONG_TYPE, "lifecycleHooks", None),
    ("regions: [us-east-1]", DefectKind.BARE_STRING_REGION, "regions[0]", None),
    ("regions: us-east-1", DefectKind.BARE_STRING_REGION, "regions", None),
    ("regions: us-east-1, us-west-2", DefectKind.BARE_STRING_REGION, "regions", None),
    ("regions: [{availabilityZones: [a]}]", DefectKind.REGION_WITHOUT_NAME, "regions[0]", None),
    ("regions: [~]", DefectKind.BLANK_ENTRY, "regions[0]", None),
    ("regions: [{}]", DefectKind.BLANK_ENTRY, "regions[0]", None),
    ("permissions: {RAED: [a]}", DefectKind.UNKNOWN_AUTHORIZATION, "permissions.RAED", "READ"),
    ("permissions: {ADMIN: [a]}", DefectKind.UNKNOWN_AUTHORIZATION, "permissions.ADMIN", None),
    ("assumeRole:", DefectKind.BLANK_VALUE, "assumeRole", None),
    ("assumeRole: ''", DefectKind.BLANK_VALUE, "assumeRole", None),
    ("assumeRole: ${MISSING:}", DefectKind.BLANK_VALUE, "assumeRole", None),
    ("enabled:", DefectKind.BLANK_VALUE, "enabled", None),
    ("accountId: ${MISSING}", DefectKind.UNRESOLVED_PLACEHOLDER, "accountId", None),
    ("accountId: ${aws.accounts[0].accountId}", DefectKind.CIRCULAR_PLACEHOLDER, "accountId", None),
    (
        "requiredGroupMembership: ['${x}', '${aws.accounts[0].requiredGroupMembership[1]}']",
        DefectKind.UNRESOLVED_PLACEHOLDER,
        "requiredGroupMembership[0]",
        None,
    ),
    ("accountId: 1\n    ACCOUNT-ID: 2", DefectKind.KEY_WRITTEN_TWICE, "ACCOUNT-ID", None),
]


@pytest.mark.parametrize(("line", "kind", "path", "near_miss"), DEFECTS)
def test_a_defect_is_found(line: str, kind: DefectKind, path: str, near_miss: str | None) -> None:
    _, defects = account(line)
    first = defects[0]
    assert (first.kind, first.path, first.near_miss) == (kind, f"aws.accounts[0].{path}", near_miss)
    assert first.location.file == "1.yml"
    assert first.location.line in (4, 5)
    assert first.found
    assert first.expected
    assert str(first).startswith(f"1.yml:{first.location.line}:")


def test_every_kind_of_defect_is_told_apart() -> None:
    elsewhere = {
        DefectKind.ENTRY_WITHOUT_NAME,
        DefectKind.LIST_REPLACED,
        DefectKind.DOCUMENT_NOT_ACTIVE,
        DefectKind.REFUSED_BY_HALYARD,
    }
    assert {kind for _, kind, _, _ in DEFECTS} | elsewhere == set(DefectKind)


@pytest.mark.parametrize(
    ("text", "kind", "path"),
    [
        ("ecs: {accounts: [{awsAccount: a}]}", DefectKind.ENTRY_WITHOUT_NAME, "ecs.accounts[0]"),
        ("aws: {accounts: [{accountId: '1'}]}", DefectKind.ENTRY_WITHOUT_NAME, "aws.accounts[0]"),
        ("ecs: {accounts: [{nmae: e}]}", DefectKind.UNKNOWN_KEY, "ecs.accounts[0].nmae"),
        ("ecs: {accounts: [~]}", DefectKind.BLANK_ENTRY, "ecs.accounts[0]"),
        ("ecs: {accounts: [e]}", DefectKind.WRONG_TYPE, "ecs.accounts[0]"),
        ("ecs: {accounts: e}", DefectKind.WRONG_TYPE, "ecs.accounts"),
        ("ecs: on", DefectKind.WRONG_TYPE, "ecs"),
        ("aws: [a]", DefectKind.WRONG_TYPE, "aws"),
        (
            "ecs: {accounts: [{name: e, awsAccount: a, permissions: {READ: [x]}}]}",
            DefectKind.KEY_IGNORED,
            "ecs.accounts[0].permissions",
        ),
        ("ecs: {accounts: [{name: e, awsAccount: a, regions: [x]}]}", DefectKind.KEY_IGNORED, "ecs.accounts[0].regions"),
        ("ecs: {accounts: [{name: e, accountId: 1}]}", DefectKind.KEY_IGNORED, "ecs.accounts[0].accountId"),
        ("ecs: {accounts: [{name: e, awsAcount: a}]}", DefectKind.UNKNOWN_KEY, "ecs.accounts[0].awsAcount"),
        ("ecs: {accounts: [{name: e}], awsAccount: a}", DefectKind.MISPLACED_KEY, "ecs.awsAccount"),
        ("ecs: {namingStrategy: tags}", DefectKind.MISPLACED_KEY, "ecs.namingStrategy"),
        ("ecs: {defaultRegions: []}", DefectKind.MISPLACED_KEY, "ecs.defaultRegions"),
        ("aws: {assumeRole: role/x}", DefectKind.MISPLACED_KEY, "aws.assumeRole"),
        ("aws: {loadAccounts: {maxRetry: 3}}", DefectKind.UNKNOWN_KEY, "aws.loadAccounts.maxRetry"),
        ("aws: {defaultRegions: [us-east-1]}", DefectKind.BARE_STRING_REGION, "aws.defaultRegions[0]"),
    ],
)
def test_a_defect_of_a_block_is_found(text: str, kind: DefectKind, path: str) -> None:
    first = read(text).defects[0]
    assert (first.kind, first.path) == (kind, path)


@pytest.mark.parametrize(
    "text",
    [
        "aws: {primaryAccount: a, bakeryDefaults: {x: 1}, features: {cloudFormation: {enabled: true}}}",
        "aws: {client: {maxErrorRetry: 3}}",
        "aws: {accounts: [{name: a, providerVersion: V1}]}",
        "ecs: {primaryAccount: e, accounts: [{name: e, awsAccount: a, permissions: {}, requiredGroupMembership: []}]}",
        "aws: {loadAccounts: }",
        "ecs:",
        "google: {nonsense: [us-east-1], non-sense: 1}",
    ],
)
def test_what_others_read_or_nobody_filled_in_is_no_defect(text: str) -> None:
    assert read(text).defects == ()


def test_only_what_spring_refuses_stops_clouddriver() -> None:
    stops = {kind for line, kind, _, _ in DEFECTS if account(line)[1][0].stops_clouddriver}
    assert stops == {
        DefectKind.WRONG_TYPE,
        DefectKind.BARE_STRING_REGION,
        DefectKind.REGION_WITHOUT_NAME,
        DefectKind.BLANK_ENTRY,
        DefectKind.UNKNOWN_AUTHORIZATION,
        DefectKind.CIRCULAR_PLACEHOLDER,
    }


@pytest.mark.parametrize("written", ["'012345678901'", "123456789012", "012345670123", "0123456789ab", "0-8-9"])
def test_quotes_or_no_zero_leave_no_doubt(written: str) -> None:
    assert account(f"accountId: {written}")[1] == ()


def test_a_doubtful_number_says_both_readings() -> None:
    bound, defects = account("accountId: 012345678901")
    assert bound.account_id == "012345678901"
    assert "`1.2345678901E10`" in only(defects).found
    _, of_secret = account("externalId: 012345678901")
    assert "2345678901" not in str(only(of_secret))


def test_a_bare_region_is_mended_in_the_defect() -> None:
    assert "- {name: us-east-1}" in only(account("regions: [us-east-1]")[1]).expected
    assert "[{name: a}, {name: b}]" in only(account("regions: a,b")[1]).expected


def test_an_unresolved_placeholder_stays_in_the_value() -> None:
    bound, defects = account("assumeRole: role/${ROLE}")
    assert bound.assume_role == "role/${ROLE}"
    assert only(defects).found == "nothing gives `${ROLE}` a value"


SECRET_FIELDS = [
    ("aws: {accessKeyId: hush, secretAccessKey: hush}", "access_key_id"),
    ("aws: {accounts: [{name: a, externalId: hush}]}", "external_id"),
    ("aws: {accounts: [{name: a, externalId: '${MISSING:hush}'}]}", "external_id"),
    ("aws: {accounts: [{name: a, externalId: ['hush']}]}", "external_id"),
    ("aws: {accounts: [{name: a, externalId: '${hush}'}]}", "external_id"),
]


@pytest.mark.parametrize(("text", "field"), SECRET_FIELDS)
def test_a_secret_is_in_no_repr_and_in_no_defect(text: str, field: str) -> None:
    whole = read(text)
    told = repr(whole) + str(whole) + "".join(map(str, whole.defects))
    assert "hush" not in told
    model = whole.aws if field == "access_key_id" else whole.aws.accounts[0]
    written = model.written(field)
    assert written is not None
    assert written.location.line == 1
    assert "hush" not in repr(written) or written.text == "${hush}"
