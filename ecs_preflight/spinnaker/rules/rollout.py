"""The rule of a deploy stage's strategy: one that Orca has."""

from __future__ import annotations

from difflib import get_close_matches

from ecs_preflight.spinnaker.opaque import Opaque
from ecs_preflight.spinnaker.rollouts import STRATEGIES
from ecs_preflight.spinnaker.rules.violation import Broken, Undecided, Violation
from ecs_preflight.spinnaker.server_group import ServerGroup

_OF_OTHER_PROVIDERS = frozenset({"rollingpush", "cfrollingredblack"})


def strategy_is_known(group: ServerGroup) -> Broken:
    strategy = group.strategy
    if isinstance(strategy, Opaque):
        yield Undecided(("strategy",), strategy.text)
    elif strategy is not None and strategy.lower() not in STRATEGIES:
        near = get_close_matches(strategy.lower(), STRATEGIES, n=1)
        is_of_another = strategy.lower() in _OF_OTHER_PROVIDERS
        none = "Orca has no strategy of that name, and deploys with none: the server group before it keeps running"
        yield Violation(
            ("strategy",),
            f"the deployment strategy is {strategy!r}",
            "Orca has it for other cloud providers, and clouddriver-ecs lacks what it calls" if is_of_another else none,
            f'Write "strategy": "{near[0] if near else "redblack"}", or "" for none.',
            is_degraded=True,
        )
