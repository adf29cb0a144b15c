"""ACCOUNT015 and 016: the sessions that clouddriver asks STS for on behalf of an ECS account."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.builders import changed, failed, judged, with_in_account, with_in_aws


# https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
@pytest.mark.parametrize("name", ["Sp", "x" * 64, "'{{name}}@{{accountId}}'", "a_b+c=d,e.f@g-h"])
def test_session_names_that_sts_takes(tmp_path: Path, name: str) -> None:
    assert judged(tmp_path, with_in_account(f"sessionName: {name}")).is_green


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("x", "it has 1 character"),
        ("x" * 65, "it has 65 characters"),
        ("Spinnäker", "it holds 'ä'"),
        ("'{{nmae}}'", "it holds '{}'"),
        ("", "it is blank, and only a missing one gets the default"),
    ],
)
def test_session_names_that_sts_refuses(tmp_path: Path, name: str, says: str) -> None:
    for text in (with_in_account(f"sessionName: {name}"), with_in_aws(f"defaultSessionName: {name}")):
        found = failed(judged(tmp_path, text))

        assert list(found) == ["ACCOUNT015"]
        assert says in found["ACCOUNT015"].problems[0].summary


def test_a_session_name_that_cannot_be_rendered(tmp_path: Path) -> None:
    text = changed("prod-aws", "prod$aws", with_in_account("sessionName: '{{name}}'"))

    assert "its template cannot be rendered" in failed(judged(tmp_path, text))["ACCOUNT015"].problems[0].summary


@pytest.mark.parametrize(("default", "version", "fails"), [(3600, None, False), (1800, None, True), (3600, "1.36.0", True)])
def test_the_default_duration_reaches_the_ecs_account(tmp_path: Path, default: int, version: str | None, fails: bool) -> None:
    text = with_in_aws(f"defaultSessionDurationSeconds: {default}", with_in_account("sessionDurationSeconds: 3600"))

    assert ("ACCOUNT016" in failed(judged(tmp_path, text, spinnaker_version=version))) is fails
