"""What can stop a run: a sentence, a place, what to do, and an exit code."""

from __future__ import annotations

import pickle

import pytest

from ecs_preflight import errors
from ecs_preflight.errors import (
    AccessError,
    ForbiddenCallError,
    InputError,
    InputErrors,
    Location,
    PreflightError,
    SyntaxInputError,
    UsageError,
)

PLACE = Location("clouddriver.yml", 3, 5)


@pytest.mark.parametrize(
    ("location", "written"),
    [(PLACE, "clouddriver.yml:3:5"), (Location("a.yml", 3), "a.yml:3"), (Location("a.yml"), "a.yml")],
    ids=["line and column", "line", "file"],
)
def test_a_place(location: Location, written: str) -> None:
    assert str(location) == written


def test_an_error_says_where_what_and_how_to_mend_it() -> None:
    assert str(PreflightError("it is wrong")) == "it is wrong"
    assert str(PreflightError("it is wrong", hint="Mend it.")) == "it is wrong\n  Mend it."
    assert str(InputError("it is wrong", location=PLACE, hint="Mend it.")) == "clouddriver.yml:3:5: it is wrong\n  Mend it."


def test_several_errors_are_said_in_order_and_stand_for_the_first() -> None:
    both = InputErrors((SyntaxInputError("one", location=PLACE, hint="Do."), InputError("two")))
    assert str(both) == "clouddriver.yml:3:5: one\n  Do.\ntwo"
    assert (both.message, both.location, both.hint) == ("one", PLACE, "Do.")


@pytest.mark.parametrize(
    ("error", "code"),
    [(InputError, 2), (SyntaxInputError, 2), (UsageError, 2), (AccessError, 2), (ForbiddenCallError, 4), (PreflightError, 4)],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_exit_codes(error: type[PreflightError], code: int) -> None:
    assert error("x").exit_code == code
    assert issubclass(error, PreflightError)


@pytest.mark.parametrize("error", [AccessError, ForbiddenCallError, UsageError], ids=lambda error: error.__name__)
def test_an_error_crosses_processes_whole(error: type[PreflightError]) -> None:
    copy = pickle.loads(pickle.dumps(error("it is wrong", location=PLACE, hint="Mend it.")))
    assert type(copy) is error
    assert str(copy) == "clouddriver.yml:3:5: it is wrong\n  Mend it."


def test_the_tree_is_drawn_as_it_is() -> None:
    """Depth in the drawing is depth below PreflightError, and every kind is drawn."""
    drawn = {}
    for line in (errors.__doc__ or "").splitlines():
        name = line.lstrip("│├└─ ").partition(" ")[0]
        kind = getattr(errors, name, None) if name.isidentifier() else None
        if isinstance(kind, type):
            drawn[kind] = (len(line) - len(line.lstrip("│├└─ "))) // 4
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, PreflightError)]
    assert drawn == {kind: kind.__mro__.index(PreflightError) for kind in kinds}
