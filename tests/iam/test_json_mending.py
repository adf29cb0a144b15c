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
from ecs_preflight.iam.json_mending import Mend, mend_json
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


_MISSING = "is written where one was missing"
_QUOTES = "the quotes are made straight double quotes"
_COMMENT = "the comment is removed: JSON has none"
_SECURE = document(trusts(Condition={"Bool": {"aws:SecureTransport": True}}))
# what stands in the good text, what instead, how far into that the mend is, and what it does
ONE_MEANING = {
    "the guide's brackets": (" }\n ]\n}", " }\n }\n ]", 4, "`] }` is written in place of `} ]`"),
    "a closer missing in the middle": ('/app"\n   }', '/app"\n   ', 9, f"a `}}` {_MISSING}"),
    "a list not closed": ('tasks.amazonaws.com"\n    ]', 'tasks.amazonaws.com"\n    ', 25, f"a `]` {_MISSING}"),
    "the last bracket missing": ("]\n}", "]\n\n\n", 4, f"a `}}` {_MISSING}"),
    "a bracket too many": ("]\n}", "]\n}}", 3, "the `}` is removed"),
    "a comma too many": ("]\n}", "],\n}", 1, "the comma before the closing `}` is removed"),
    "a comma too many in a list": (
        'tasks.amazonaws.com"',
        'tasks.amazonaws.com",',
        20,
        "the comma before the closing `]` is removed",
    ),
    "two commas": ('Allow",', 'Allow",,', 7, "the `,` is removed"),
    "a comma missing": ('Allow",', 'Allow"', 10, f"a `,` {_MISSING}"),
    "a colon missing": ('"Effect": ', '"Effect" ', 9, f"a `:` {_MISSING}"),
    "an opening bracket missing": ('"Principal": {', '"Principal": ', 18, f"a `{{` {_MISSING}"),
    "a comment": ('Allow",', 'Allow", // let in', 8, _COMMENT),
    "a comment of shells": ('Allow",', 'Allow", # let in', 8, _COMMENT),
    "a comment over lines": ('Allow",', 'Allow", /* let\nin */', 8, _COMMENT),
    "typographic quotes": ('"Allow"', "\u201cAllow\u201d", 0, _QUOTES),
    "single quotes": ('"Allow"', "'Allow'", 0, _QUOTES),
    "a space that is none": ('"Effect": ', '"Effect":\u00a0', 9, "white space that is not JSON's is made a space"),
    "an invisible sign": ('"Effect": ', '"Effect":\u200b ', 9, "the invisible character U+200B is removed"),
}


@pytest.mark.parametrize(("good", "bad", "place", "told"), ONE_MEANING.values(), ids=ONE_MEANING)
def test_what_can_mean_one_thing_is_mended(good: str, bad: str, place: int, told: str) -> None:
    broken = GOOD.replace(good, bad, 1)
    assert broken != GOOD
    mended = mend_json(broken, read)
    assert mended is not None
    assert json.loads(mended[0]) == DOCUMENT
    assert mended[1] == (Mend(broken.index(bad) + place, told),)


COMPACT = {
    "brackets in each other's place": ("}]}", "}}]", 1, "`] }` is written in place of `} ]`"),
    "two commas": ('Allow",', 'Allow",,', 7, "the `,` is removed"),
    "a comma missing": ('Allow",', 'Allow"', 6, f"a `,` {_MISSING}"),
}


@pytest.mark.parametrize(("good", "bad", "place", "told"), COMPACT.values(), ids=COMPACT)
def test_a_text_without_white_space_is_mended_as_well(good: str, bad: str, place: int, told: str) -> None:
    broken = json.dumps(DOCUMENT, separators=(",", ":")).replace(good, bad, 1)
    mended = mend_json(broken, read)
    assert mended is not None
    assert json.loads(mended[0]) == DOCUMENT
    assert mended[1] == (Mend(broken.index(bad) + place, told),)


def test_a_comment_behind_the_last_comma_hides_it_not() -> None:
    mended = mend_json(GOOD.replace('tasks.amazonaws.com"', 'tasks.amazonaws.com", // the tasks'), read)
    assert mended is not None
    assert json.loads(mended[0]) == DOCUMENT
    assert [mend.done for mend in mended[1]] == ["the comma before the closing `]` is removed", _COMMENT]


def test_as_many_signs_as_are_tried() -> None:
    cut_off = "[" + ",".join("1" * 750)
    mended = mend_json(cut_off, _any_json)
    assert mended is not None
    assert mended[0] == cut_off + "]"
    assert mend_json(cut_off + " ", _any_json) is None


def test_a_text_that_was_cut_off_is_closed() -> None:
    cut_off = "\n" + GOOD.rstrip("\n }]")
    mended = mend_json(cut_off + "\n", read)
    assert mended is not None
    assert json.loads(mended[0]) == DOCUMENT
    assert mended == (cut_off + "}]}", (Mend(len(cut_off), "`}]}` is written at the end"),))


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
    "a word too many": GOOD.replace('AssumeRole"', 'AssumeRole" x'),
    "deep": "[" * 1200,
    "long": "[" * 5000,
    "a number beyond bounds": "9" * 5000,
}


@pytest.mark.parametrize("text", GUESSES.values(), ids=GUESSES)
def test_what_would_be_a_guess_is_not_mended(text: str) -> None:
    assert mend_json(text, read) is None


def test_words_of_other_languages_are_written_as_json() -> None:
    mended = mend_json(json.dumps(_SECURE).replace("true", "True"), read)
    assert mended is not None
    assert json.loads(mended[0]) == _SECURE
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
