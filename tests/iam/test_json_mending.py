"""Broken JSON, mended where one document alone can have been meant."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecs_preflight.errors import SyntaxInputError
from ecs_preflight.iam.grammar import GrammarError, read_policy
from ecs_preflight.iam.json_mending import mend_json
from ecs_preflight.iam.json_reader import read_json
from tests.iam.builders import APP, ECS_TASKS, document, trusts

DOCUMENT = document(trusts({"Service": ["ecs.amazonaws.com", ECS_TASKS], "AWS": APP}))
GOOD = json.dumps(DOCUMENT, indent=1)


def read(text: str) -> Any:
    try:
        value = read_json(text, "policy").value
        read_policy(value)
    except (SyntaxInputError, GrammarError):
        return None
    return value


ONE_MEANING = {
    "the guide's brackets": (" }\n ]\n}", " }\n }\n ]", "`] }` is written in place of `} ]`"),
    "a closer missing in the middle": (
        '"arn:aws:iam::111122223333:role/app"\n   }',
        '"arn:aws:iam::111122223333:role/app"\n   ',
        "a `}` is written",
    ),
    "a list not closed": ('tasks.amazonaws.com"\n    ]', 'tasks.amazonaws.com"\n    ', "a `]` is written"),
    "the last bracket missing": ("]\n}", "]\n", "a `}` is written"),
    "a bracket too many": ("]\n}", "]\n}}", "the `}` is removed"),
    "a comma too many": ("]\n}", "],\n}", "the comma before the closing `}` is removed"),
    "two commas": ('Allow",', 'Allow",,', "the `,` is removed"),
    "a comma missing": ('Allow",', 'Allow"', "a `,` is written"),
    "a colon missing": ('"Effect": ', '"Effect" ', "a `:` is written"),
    "an opening bracket missing": ('"Principal": {', '"Principal": ', "a `{` is written"),
    "a comment": ('Allow",', 'Allow", // let in', "the comment is removed"),
    "a comment of shells": ('Allow",', 'Allow", # let in', "the comment is removed"),
    "a comment over lines": ('Allow",', 'Allow", /* let\nin */', "the comment is removed"),
    "typographic quotes": ('"Allow"', "\u201cAllow\u201d", "straight double quotes"),
    "single quotes": ('"Allow"', "'Allow'", "straight double quotes"),
    "a space that is none": ('"Effect": ', '"Effect":\u00a0', "is made a space"),
    "an invisible sign": ('"Effect": ', '"Effect":\u200b ', "U+200B is removed"),
}


@pytest.mark.parametrize(("good", "bad", "told"), ONE_MEANING.values(), ids=ONE_MEANING)
def test_what_can_mean_one_thing_is_mended(good: str, bad: str, told: str) -> None:
    broken = GOOD.replace(good, bad, 1)
    assert broken != GOOD
    mended = mend_json(broken, read)
    assert mended is not None
    assert json.loads(mended[0]) == DOCUMENT
    assert told in " ".join(mend.done for mend in mended[1])


def test_a_text_that_was_cut_off_is_closed() -> None:
    mended = mend_json(GOOD.rstrip("\n }]"), read)
    assert mended is not None
    assert json.loads(mended[0]) == DOCUMENT
    assert [mend.done for mend in mended[1]] == ["`}]}` is written at the end"]


def test_each_mend_has_its_place_and_lines_are_kept() -> None:
    broken = GOOD.replace('"Version"', '/* one\ntwo */ "Version"').replace(" }\n ]\n}", " }\n }\n ]")
    mended = mend_json(broken, read)
    assert mended is not None
    assert [broken[mend.offset] for mend in mended[1]] == ["/", "}"]
    assert mended[0].count("\n") == broken.count("\n")


def test_a_good_text_is_left_alone() -> None:
    assert mend_json(GOOD, read) == (GOOD, ())


GUESSES = {
    "nothing": "",
    "white space": " \n",
    "not even nearly": "Version: 2012-10-17",
    "two things wrong": GOOD.replace('Allow",', 'Allow"').replace('"Effect": ', '"Effect" '),
    "a text not closed": GOOD.replace('Allow"', "Allow"),
    "a key twice": GOOD.replace('"Effect": "Allow",', '"Effect": "Allow", "Effect": "Deny",'),
    "closed wrongly all over": GOOD.replace("]", "}"),
    "deep": "[" * 1200,
    "long": "[" * 5000,
    "a number beyond bounds": "9" * 5000,
}


@pytest.mark.parametrize("text", GUESSES.values(), ids=GUESSES)
def test_what_would_be_a_guess_is_not_mended(text: str) -> None:
    assert mend_json(text, read) is None


def test_words_of_other_languages_are_written_as_json() -> None:
    secure = document(trusts(Condition={"Bool": {"aws:SecureTransport": True}}))
    mended = mend_json(json.dumps(secure).replace("true", "True"), read)
    assert mended is not None
    assert json.loads(mended[0]) == secure
    assert mended[1][0].done == "`True` is written `true`"


def test_two_meanings_are_none() -> None:
    """One bracket too many, or one too few: a reader that takes both hears of neither."""
    assert mend_json("[[1, 2]", _any_json) is None
    assert mend_json("[[1, 2]", lambda text: [[1, 2]] if _any_json(text) == [[1, 2]] else None) is not None


def _any_json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


SIGNS = [found.start() for found in re.finditer(r'"[^"]*"|([{}\[\],:])', GOOD) if found[1]]


@pytest.mark.parametrize("where", SIGNS)
def test_a_sign_left_out_comes_back_or_nothing_does(where: int) -> None:
    """Whatever sign is missing: either the document that was meant comes out, or none."""
    mended = mend_json(GOOD[:where] + GOOD[where + 1 :], read)
    assert mended is None or json.loads(mended[0]) == DOCUMENT


@given(where=st.sampled_from(SIGNS), sign=st.sampled_from("{}[],:"))
@settings(max_examples=100, deadline=None)
def test_a_sign_too_many_goes_or_nothing_does(where: int, sign: str) -> None:
    mended = mend_json(GOOD[:where] + sign + GOOD[where:], read)
    assert mended is None or json.loads(mended[0]) == DOCUMENT
