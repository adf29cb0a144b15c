"""preflight.yml is read, and every part of it remembers where it was written."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from ecs_preflight.errors import InputError, InputErrors, Location, SyntaxInputError
from ecs_preflight.preflight_file import PreflightFile
from ecs_preflight.preflight_reader import parse_preflight_file, read_preflight_file

WHOLE = """\
spinnaker: {version: 1.10, aws_region: us-west-2}
managing_identity_arn: arn:aws:iam::123456789012:role/spinnaker
reader:
  profile: auditor
thresholds:
accounts:
  prod:
    reader: {role_arn: "arn:aws:iam::123456789012:role/auditor"}
    task_roles: [web, api]
    regions:
      us-east-1:
        clusters:
          production:
            workloads:
              - name: web
                memory: 512
                placement_constraints:
                  - {type: memberOf, expression: "attribute:a == b"}
                placement_strategy: [{type: random}]
              - {name: api, memory: 256}
          idle:
      eu-west-1: &west {clusters: {one: {}}}
      eu-west-2: *west
  blank:
waivers:
  - {check: CAPACITY001, target: "prod/*", until: 2027-03-01, reason: it grows}
  -
    check: CLUSTER001
    target: prod/us-east-1/*
    until: "2027-03-01"
    reason: later
"""


def read(text: str) -> PreflightFile:
    return parse_preflight_file(dedent(text), "preflight.yml")


def test_every_part_remembers_where_it_was_written() -> None:
    whole = read(WHOLE)
    prod = whole.accounts["prod"]
    production = prod.regions["us-east-1"].clusters["production"]
    web, api = production.workloads
    places = [
        (whole, 1, 1),
        (whole.spinnaker, 1, 1),
        (whole.reader, 3, 1),
        (whole.thresholds, 5, 1),
        (prod, 7, 3),
        (prod.reader, 8, 5),
        (prod.regions["us-east-1"], 11, 7),
        (production, 13, 11),
        (web, 15, 17),
        (web.placement_constraints[0], 18, 21),
        (web.placement_strategy[0], 19, 38),
        (api, 20, 17),
        (prod.regions["us-east-1"].clusters["idle"], 21, 11),
        (whole.accounts["blank"], 24, 3),
        (whole.waivers[0], 26, 5),
        (whole.waivers[1], 28, 5),
    ]
    assert [model and model.location for model, *_ in places] == [Location("preflight.yml", *place) for _, *place in places]


def test_what_an_alias_repeats_stands_where_it_was_written_and_each_region_in_its_own_line() -> None:
    regions = read(WHOLE).accounts["prod"].regions
    assert [region.location and region.location.line for region in regions.values()] == [11, 22, 23]
    assert regions["eu-west-1"] == regions["eu-west-2"]
    assert [regions[name].clusters["one"].location for name in ("eu-west-1", "eu-west-2")] == [
        Location("preflight.yml", 22, 36)
    ] * 2


def test_a_part_that_was_not_written_has_no_place_and_defaults_are_shared_by_nobody() -> None:
    assert read("spinnaker:\nthresholds:").thresholds.location == Location("preflight.yml", 2, 1)
    nothing = read("")
    assert (nothing.spinnaker.location, nothing.thresholds.location, nothing.reader) == (None, None, None)
    assert PreflightFile().thresholds.location is None


def test_lines_make_no_difference_to_what_it_says() -> None:
    assert read(WHOLE) == read("# written later\n\n" + WHOLE)
    assert read(WHOLE) == PreflightFile.model_validate(read(WHOLE).model_dump())


@pytest.mark.parametrize(
    ("written", "version"),
    [
        ("1.10", "1.10"),
        ("'1.10'", "1.10"),
        ('"1.37.0"', "1.37.0"),
        ("1.37.0", "1.37.0"),
        ("2025.0", "2025.0"),
        ("release-1.37.x", "release-1.37.x"),
        ("", None),
        ("~", None),
    ],
)
def test_a_version_stays_as_it_was_written(written: str, version: str | None) -> None:
    """To YAML, an unquoted 1.10 is the number 1.1."""
    assert read(f"spinnaker: {{version: {written}}}").spinnaker.version == version


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# nothing yet",
        "---",
        "spinnaker:\nreader:\nmanaging_identity_arn:\nthresholds:\naccounts:\nwaivers:",
        "accounts:\n  prod:\n  dev:\n    task_roles:\n    regions:",
    ],
)
def test_sections_may_be_blank(text: str) -> None:
    blank = read(text)
    assert [account.regions for account in blank.accounts.values()] in ([], [{}, {}])
    assert blank.model_copy(update={"accounts": {}}) == PreflightFile()


def test_everything_amiss_is_told_at_once() -> None:
    with pytest.raises(InputErrors) as raised:
        read("spinaker: {}\nthresholds: {copies: 0}\nwaivers: [{check: A}]")
    assert [error.location.line for error in raised.value.errors if error.location] == [1, 2, 3, 3, 3]
    assert str(raised.value).startswith(
        "preflight.yml:1:1: `spinaker` is not a key of preflight.yml\n  Did you mean `spinnaker`?\n"
    )


def test_a_file_is_called_by_its_path(tmp_path: Path) -> None:
    path = tmp_path / "my preflight.yml"
    path.write_text("\ufeffaccounts: {prod: {}}\n", encoding="utf-8")
    assert read_preflight_file(path).accounts["prod"].location == Location(str(path), 1, 12)
    path.write_text("zzz: 1\n", encoding="utf-8")
    with pytest.raises(SyntaxInputError) as raised:
        read_preflight_file(str(path))
    assert str(raised.value).startswith(f"{path}:1:1: `zzz` is not a key of preflight.yml")


def test_a_file_that_is_not_there_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="the file cannot be read: no such file") as raised:
        read_preflight_file(tmp_path / "none.yml")
    assert raised.value.location == Location(str(tmp_path / "none.yml"))
