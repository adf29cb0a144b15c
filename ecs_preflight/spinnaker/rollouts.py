"""What a deployment of Spinnaker's demands at once: the new server group beside the old one, and a rollback after it.

Every server group of ECS is a service of its own. orca: RedBlackStrategy and HighlanderStrategy act on the old one after the
new one is up; RollingRedBlackStrategy and MonitoredDeployStrategy grow the new one step by step to the size of the old one.
clouddriver-ecs: DisableServiceAtomicOperation sets the desired count to 0 whatever percentage it is given,
EnableServiceAtomicOperation to the scalable target's MaxCapacity.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from ecs_preflight.errors import UsageError

_KEEPS_OLD = frozenset({"", "none"})
_GROWS_IN_STEPS = frozenset({"rollingredblack", "monitored"})
_DISABLES_OLD = frozenset({"redblack"}) | _GROWS_IN_STEPS
_DESTROYS_OLD = frozenset({"highlander"})
_DECIDES_ITSELF = frozenset({"custom"})
STRATEGIES = tuple(sorted(_KEEPS_OLD | _DISABLES_OLD | _DESTROYS_OLD | _DECIDES_ITSELF))
"""Orca's words for the strategies that a deploy stage of ECS may have, in lower case; a blank is none."""


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
    target_percentages: Sequence[int] = (),
) -> RolloutDemand:
    """The demand of one deploy stage.

    `old` is the server group before it: its `desired` count, and the `scalableTargetMax` of its scalable target where that is
    known; None where it is the first. With `use_source_capacity`, and always where it grows in steps, the new one takes the
    old one's desired count. `target_percentages` are these steps; none given is one step. Raises UsageError for a strategy
    that Orca does not have, and for a negative count.
    """
    word = strategy.lower()  # Orca compares names without regard to case
    if word not in STRATEGIES:
        near = get_close_matches(word, STRATEGIES, n=1)
        hint = f"Did you mean {near[0]!r}?" if near else f"Expected one of {', '.join(filter(None, STRATEGIES))}."
        raise UsageError(f"{strategy!r} is not a deployment strategy of Spinnaker's", hint=hint)
    running = (old or {}).get("desired") or 0
    maximum = (old or {}).get("scalableTargetMax")
    if min(capacity_desired, running, maximum or 0) < 0:
        raise UsageError("A desired count is 0 or more.")
    follows = old is not None and (use_source_capacity or word in _GROWS_IN_STEPS)
    new = running if follows else capacity_desired
    first_step = new
    if word in _GROWS_IN_STEPS and target_percentages:
        first_step = -(-new * min(target_percentages[0], 100) // 100)
    return RolloutDemand(
        new_desired=new,
        peak_running=max(running + first_step, new),
        old_after=_left(word, running),
        rollback_enable_desired=None if word in _DESTROYS_OLD else maximum,
    )


def _left(strategy: str, running: int) -> int | None:
    if strategy in _DECIDES_ITSELF:
        return None
    return running if strategy in _KEEPS_OLD else 0
