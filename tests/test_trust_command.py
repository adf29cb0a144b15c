"""`ecs-preflight trust`: what goes to stdout and to stderr, and the exit codes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ecs_preflight.cli import main

MANAGING = "arn:aws:iam::100000000001:role/spinnaker"
HIDDEN = {"StringEquals": {"sts:ExternalId": "s3cret"}}
Trust = Callable[..., tuple[int, str, str]]


@pytest.fixture
def trust(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Trust:
    def run(*options: str, **changes: Any) -> tuple[int, str, str]:
        statement = {"Effect": "Allow", "Principal": {"AWS": MANAGING}, "Action": "sts:AssumeRole", **changes}
        path = tmp_path / "trust.json"
        path.write_text(json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
        code = main(["trust", "--policy", str(path), *options])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run


def test_it_explains(trust: Trust) -> None:
    code, out, err = trust("--principal", MANAGING)
    assert (code, err) == (0, "")
    assert "allowed: " in out
    assert json.loads(trust("--principal", MANAGING, "--format", "json")[1])["verdict"]["decision"] == "allowed"


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ((), 3),
        (("--context", "sts:ExternalId=s3cret"), 0),
        (("--context", "sts:ExternalId=other"), 1),
        (("--context", "sts:ExternalId="), 1),
        (("--context", "sts:ExternalId=s3cret", "--context", "sts:ExternalId=other"), 1),
        (("--no-context", "sts:ExternalId"), 1),
        (("--as-clouddriver",), 1),
        (("--as-clouddriver", "--context", "sts:ExternalId=s3cret"), 0),
    ],
)
def test_what_is_known_of_the_request_decides(trust: Trust, options: tuple[str, ...], code: int) -> None:
    got, out, err = trust("--principal", MANAGING, *options, Condition=HIDDEN)
    assert got == code
    assert "s3cret" not in out + err


def test_a_fix_is_the_document_alone_on_stdout(trust: Trust) -> None:
    code, out, err = trust("--fix", "--principal", MANAGING, Principal={"Service": "ecs.amazonaws.com"})
    assert code == 0
    assert json.loads(out)["Statement"][1]["Principal"] == {"AWS": MANAGING}
    assert "a statement is added" in err


@pytest.mark.parametrize(
    ("changes", "code"), [({"Effect": "Deny"}, 1), ({"Condition": HIDDEN}, 3), ({"Principal": "*"}, 1)], ids=str
)
def test_no_fix_leaves_stdout_empty(trust: Trust, changes: dict[str, Any], code: int) -> None:
    got, out, err = trust("--fix", "--principal", MANAGING, **changes)
    assert (got, out) == (code, "")
    assert err
    assert "s3cret" not in err


def test_a_statement_of_its_own(trust: Trust) -> None:
    code, out, _ = trust("--fix", "--own-statement", "--principal", MANAGING, Condition=HIDDEN)
    assert code == 0
    assert len(json.loads(out)["Statement"]) == 2


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--context", "a:b=c"), "Add --principal ARN."),
        (("--as-clouddriver",), "Add --principal ARN."),
        (("--fix", "--own-statement"), "Add --principal ARN."),
        (("--own-statement", "--principal", MANAGING), "give it with --fix"),
        (("--principal", "spinnaker"), "'spinnaker' is none of them"),
    ],
)
def test_options_that_say_nothing_are_refused(trust: Trust, options: tuple[str, ...], told: str) -> None:
    code, out, err = trust(*options)
    assert (code, out) == (2, "")
    assert told in err


def test_help_says_how_absence_is_stated(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["trust", "--help"])
    out = capsys.readouterr().out
    assert "--no-context KEY" in out
    assert "with --fix: it takes a decision, and no document is printed" in out
