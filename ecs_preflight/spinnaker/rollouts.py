"""What a deployment of Spinnaker's demands at once: the new server group beside the old one, and a rollback after it.

Every server group of ECS is a service of its own, started at its full desired count. orca: RedBlackStrategy and
HighlanderStrategy act on the old one after the new one is up; clouddriver-ecs: DisableServiceAtomicOperation sets the desired
count to 0 whatever percentage it is given, EnableServiceAtomicOperation to the scalable target's MaxCapacity.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from ecs_preflight.errors import UsageError

_KEEPS_OLD = frozenset({"", "none"})
_DISABLES_OLD = frozenset({"redblack", "rollingredblack", "monitored"})
_DESTROYS_OLD = frozenset({"highlander"})
_DECIDES_ITSELF = frozenset({"custom"})
STRATEGIES = tuple(sorted(_KEEPS_OLD | _DISABLES_OLD | _DESTROYS_OLD | _DECIDES_ITSELF))
"""Orca's words for the strategies of a deploy stage; a blank is none."""


@dataclass(frozen=True, slots=True)
class RolloutDemand:
    """Copies. `peak_running` are those of both server groups at once, `old_after` what is left of the old one in the end.

    `rollback_enable_desired` is what a rollback sets the old one to; None where there is none to go back to, or where its
    scalable target is not known. Of strategy `custom`, a pipeline decides, `old_after` is None.
    """

    new_desired: int
    peak_running: int
    old_after: int | None
    rollback_enable_desired: int | None

    @property
    def extra(self) -> int:
        """The room that it takes beside all that runs now: the old server group is part of that."""
        return self.new_desired

    @property
    def rollback_peak(self) -> int | None:
        """Copies at once during a rollback: the old server group at its maximum beside the new one."""
        return None if self.rollback_enable_desired is None else self.new_desired + self.rollback_enable_desired


def rollout_demand(
    strategy: str,
    *,
    capacity_desired: int,
    old: Mapping[str, int | None] | None = None,
    use_source_capacity: bool = False,
) -> RolloutDemand:
    """The demand of one deploy stage.

    `old` is the server group before it: its `desired` count, and the `scalableTargetMax` of its scalable target where that is
    known; None where it is the first. With `use_source_capacity` the new one takes the old one's desired count. Raises
    UsageError for a strategy that Orca does not have, and for a negative count.
    """
    if strategy not in STRATEGIES:
        near = get_close_matches(strategy.lower(), STRATEGIES, n=1)
        hint = f"Did you mean {near[0]!r}?" if near else f"Expected one of {', '.join(filter(None, STRATEGIES))}."
        raise UsageError(f"{strategy!r} is not a deployment strategy of Spinnaker's", hint=hint)
    running = (old or {}).get("desired") or 0
    maximum = (old or {}).get("scalableTargetMax")
    if min(capacity_desired, running, maximum or 0) < 0:
        raise UsageError("A desired count is 0 or more.")
    new = running if use_source_capacity and old is not None else capacity_desired
    return RolloutDemand(
        new_desired=new,
        peak_running=running + new,
        old_after=_left(strategy, running),
        rollback_enable_desired=None if strategy in _DESTROYS_OLD else maximum,
    )


def _left(strategy: str, running: int) -> int | None:
    if strategy in _DECIDES_ITSELF:
        return None
    return running if strategy in _KEEPS_OLD else 0
