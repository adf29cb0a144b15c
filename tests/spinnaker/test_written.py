"""Where a value was written, and what is kept of a secret."""

from __future__ import annotations

import pickle

import pytest

from ecs_preflight.errors import Location
from ecs_preflight.spinnaker.written import REDACTED, Written
from ecs_preflight.yamlfile import parse_yaml
from tests.spinnaker.builders import aws_account, read
from tests.spinnaker.test_clouddriver import PLAIN


def written(text: str, *, secret: bool = False) -> Written:
    (entry,) = parse_yaml(f"key: {text}", "f.yml").entries
    return Written.of(entry.node, secret=secret)


@pytest.mark.parametrize(
    ("text", "kept", "members", "blank"),
    [
        ("012", ("012", 10), None, False),
        ("'012'", ("012", "012"), None, False),
        ("", ("", None), None, True),
        ("''", ("", ""), None, True),
        ("~", ("~", None), None, True),
        ("'  '", ("  ", "  "), None, True),
        ("[]", ("", None), 0, True),
        ("[1, 2]", ("", None), 2, False),
        ("{}", ("", None), 0, True),
        ("{a: 1}", ("", None), 1, False),
    ],
)
def test_the_text_and_its_value_are_kept(text: str, kept: tuple[str, object], members: int | None, blank: bool) -> None:
    found = written(text)
    assert ((found.text, found.value), found.members, found.is_blank) == (kept, members, blank)
    assert (found.location.file, found.location.line) == ("f.yml", 1)


@pytest.mark.parametrize(
    ("text", "kept"), [("hush", REDACTED), ("1234", REDACTED), ("${X:hush}", REDACTED), ("${X}", "${X}"), ("", ""), ("''", "")]
)
def test_of_a_secret_only_a_placeholder_is_kept(text: str, kept: str) -> None:
    assert written(text, secret=True).text == kept


def test_where_it_was_written_survives_a_pickle() -> None:
    copy = pickle.loads(pickle.dumps(read(PLAIN)))
    assert copy == read(PLAIN)
    assert copy.aws.accounts[0].written("account_id").location == Location("1.yml", 7, 18)


def test_a_field_that_does_not_exist_is_no_field() -> None:
    with pytest.raises(KeyError, match="AwsAccount has no field 'accountId'"):
        aws_account().written("accountId")


def test_a_model_made_in_python_was_written_nowhere() -> None:
    account = aws_account()
    assert (account.location, account.written("name"), account.where("name")) == (None, None, None)
