"""A rule that is broken says who refuses it, with clouddriver's own code."""

from __future__ import annotations

from ecs_preflight.spinnaker.opaque import Opaque
from ecs_preflight.spinnaker.rules.violation import Undecided, refused, undecided


def test_the_code_is_the_one_that_clouddriver_shows() -> None:
    violation = refused("capacity.not.nullable", (), "there is no capacity", "Write it.", "A message.")
    assert violation.consequence == "clouddriver refuses it: createServerGroupDescription.capacity.not.nullable (A message.)"
    assert not violation.is_degraded


def test_only_what_is_opaque_is_undecided() -> None:
    assert list(undecided(("a",), Opaque("${x}"))) == [Undecided(("a",), "${x}")]
    assert list(undecided(("a",), "x")) == []
