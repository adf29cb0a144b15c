"""Values compared with what is known of a key only in part: the role behind a session, whose path nobody sees."""

from __future__ import annotations

import pytest

from ecs_preflight.iam.caller import Caller
from ecs_preflight.iam.comparisons import ArnComparison, TextComparison
from ecs_preflight.iam.context import ANYTHING, RequestContext, Shape
from ecs_preflight.iam.patterns import Glob
from ecs_preflight.iam.truth import Truth
from tests.iam.builders import APP, SESSION, TRUSTING

_CONTEXT = RequestContext({}, Caller.of(SESSION), complete=False)
_PARTITION = Shape((Glob.of(f"arn:*:iam::{TRUSTING}:role/app"),))
_YES, _NO, _OPEN = Truth.YES, Truth.NO, Truth.UNKNOWN


def _role() -> Shape:
    shape = _CONTEXT.look_up("aws:PrincipalArn")
    assert isinstance(shape, Shape)
    return shape


# a pattern, what it says of the role, of any value at all, and of a role whose partition is not known
_PATTERNS: tuple[tuple[str, Truth, Truth, Truth], ...] = (
    (APP, _OPEN, _OPEN, _OPEN),
    (APP.replace("role/", "role/team/"), _OPEN, _OPEN, _OPEN),
    (APP.replace("role/", "role/*"), _YES, _OPEN, _OPEN),
    (APP.replace("app", "other"), _NO, _OPEN, _OPEN),
    (APP.replace("app", "team/other"), _NO, _OPEN, _OPEN),
    (APP.replace(TRUSTING, "444455556666"), _NO, _OPEN, _OPEN),
    ("arn:aws:iam::*:*", _YES, _OPEN, _OPEN),
    ("arn:aws-cn:iam::*:*", _NO, _OPEN, _OPEN),
    ("arn:*:*:*:*:*", _YES, _OPEN, _OPEN),
    ("nonsense", _NO, _NO, _NO),
)


@pytest.mark.parametrize(("pattern", "of_role", "of_anything", "of_partition"), _PATTERNS)
def test_an_arn_against_what_is_known_in_part(pattern: str, of_role: Truth, of_anything: Truth, of_partition: Truth) -> None:
    comparison = ArnComparison.compile(pattern, variables=False)
    shapes = (_role(), ANYTHING, _PARTITION)
    truths = [comparison.answer_shape("aws:PrincipalArn", shape, _CONTEXT).truth for shape in shapes]
    assert truths == [of_role, of_anything, of_partition]


@pytest.mark.parametrize(
    ("pattern", "truth"),
    [
        (APP, _OPEN),
        ("*", _YES),
        (f"arn:aws:iam::{TRUSTING}:role/*", _YES),
        ("*/app", _YES),
        ("*/other", _NO),
        ("arn:aws:s3*", _NO),
    ],
)
def test_a_text_against_what_is_known_in_part(pattern: str, truth: Truth) -> None:
    comparison = TextComparison.like(pattern, variables=False)
    assert comparison.answer_shape("aws:PrincipalArn", _role(), _CONTEXT).truth is truth
