"""Rules of what it runs on: launch type, capacity providers, placement constraints and strategies."""

from __future__ import annotations

from ecs_preflight.ecs.query import compile_query
from ecs_preflight.ecs.query_text import QueryError
from ecs_preflight.spinnaker.opaque import Opaque, is_blank, known
from ecs_preflight.spinnaker.rules.violation import Broken, Undecided, Violation, refused, undecided
from ecs_preflight.spinnaker.server_group import ServerGroup
from ecs_preflight.spinnaker.server_group_parts import CapacityProviderItem

_LAUNCH_TYPES = ("EC2", "FARGATE", "EXTERNAL")
_FARGATE = frozenset({"FARGATE", "FARGATE_SPOT"})
_SPREAD = (
    "instanceId",
    "attribute:ecs.availability-zone",
    "attribute:ecs.instance-type",
    "attribute:ecs.os-type",
    "attribute:ecs.ami-id",
)
_BINPACK = ("cpu", "memory")
# https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html
_MOST_PROVIDERS, _MOST_WEIGHT, _MOST_BASE = 20, 1000, 100_000


def launch_type_is_well_chosen(group: ServerGroup) -> Broken:
    strategy, launch_type = group.capacity_provider_strategy, group.launch_type
    fix = 'Write "launchType": "EC2" or "FARGATE", or "capacityProviderStrategy": [{"capacityProvider": "NAME", "weight": 1}].'
    yield from undecided(("launchType",), launch_type)
    if isinstance(strategy, Opaque):
        yield Undecided(("capacityProviderStrategy",), strategy.text)
        return
    if strategy and not is_blank(launch_type):
        message = "LaunchType cannot be specified when CapacityProviderStrategy are specified."
        found = "both launchType and capacityProviderStrategy are given"
        yield refused("launchType.invalid", ("launchType",), found, "Leave one of the two out.", message)
    elif strategy is None and is_blank(launch_type):
        message = "LaunchType or CapacityProviderStrategy must be specified."
        yield refused("launchType.invalid", (), "neither launchType nor capacityProviderStrategy is given", fix, message)
    if isinstance(launch_type, str) and launch_type.strip() and launch_type not in _LAUNCH_TYPES:
        yield Violation(
            ("launchType",),
            f"launchType is {launch_type!r}",
            f"clouddriver does not check this, and ECS refuses it: it knows {', '.join(_LAUNCH_TYPES)}",
            fix,
        )
    if strategy:
        yield from _strategy_of_providers(strategy)


def _strategy_of_providers(strategy: tuple[CapacityProviderItem, ...]) -> Broken:
    """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CapacityProviderStrategyItem.html"""
    where = "capacityProviderStrategy"

    def by_ecs(found: str, fix: str, *path: str | int) -> Violation:
        return Violation((where, *path), found, "clouddriver does not check this, and CreateService refuses it", fix)

    for number, item in enumerate(strategy):
        if is_blank(item.capacity_provider):
            yield by_ecs("a capacity provider has no name", 'Write "capacityProvider": "NAME".', number)
        weight, base = known(item.weight), known(item.base)
        if weight is not None and not 0 <= weight <= _MOST_WEIGHT:
            yield by_ecs(f"weight is {weight}", f"Write a weight from 0 to {_MOST_WEIGHT}.", number, "weight")
        if base is not None and not 0 <= base <= _MOST_BASE:
            yield by_ecs(f"base is {base}", f"Write a base from 0 to {_MOST_BASE}.", number, "base")
        yield from undecided((where, number, "capacityProvider"), item.capacity_provider)
    names = {known(item.capacity_provider) for item in strategy} - {None}
    if names & _FARGATE and names - _FARGATE:
        yield by_ecs("Fargate and Auto Scaling groups are mixed in one strategy", "Use providers of one sort.")
    if all(known(item.weight) == 0 or item.weight is None for item in strategy):
        yield by_ecs("no capacity provider has a weight above 0", "Give at least one a weight of 1.")
    if sum(1 for item in strategy if known(item.base)) > 1:
        yield by_ecs("more than one capacity provider has a base", "Leave base to one of them.")
    if len(strategy) > _MOST_PROVIDERS:
        yield by_ecs(f"{len(strategy)} capacity providers are listed", f"List at most {_MOST_PROVIDERS}.")


def placement_is_well_formed(group: ServerGroup) -> Broken:
    yield from _strategies(group)
    yield from _constraints(group)
    if group.runs_on_fargate and (known(group.placement_constraints) or known(group.placement_strategy_sequence)):
        yield Violation(
            ("placementConstraints" if known(group.placement_constraints) else "placementStrategySequence",),
            "placement is ruled on Fargate, which has none",
            "clouddriver does not check this, and CreateService refuses placement constraints and strategies on Fargate",
            'Write "placementConstraints": [] and "placementStrategySequence": [].',
        )


def _strategies(group: ServerGroup) -> Broken:
    where = "placementStrategySequence"
    sequence = group.placement_strategy_sequence
    if sequence is None:
        fix = f'Write "{where}": [], or [{{"type": "spread", "field": "attribute:ecs.availability-zone"}}].'
        yield refused(f"{where}.not.nullable", (), f"there is no {where}", fix)
        return
    if isinstance(sequence, Opaque):
        yield Undecided((where,), sequence.text)
        return
    for number, item in enumerate(sequence):
        yield from undecided((where, number, "type"), item.type)
        allowed = {"spread": _SPREAD, "binpack": _BINPACK}.get(str(item.type))
        if isinstance(item.type, Opaque) or item.type == "random":
            continue
        if allowed is None:
            fix = 'Write "type": "random", "spread" or "binpack", in lower case.'
            yield refused(f"{where}.type.invalid", (where, number, "type"), f"its type is {item.type!r}", fix)
        elif isinstance(item.field, Opaque):
            yield Undecided((where, number, "field"), item.field.text)
        elif item.field not in allowed:
            found = f"{item.type} goes by {item.field!r}"
            fix = f"Write one of {', '.join(allowed)}; clouddriver takes no other, though ECS does."
            yield refused(f"{where}.{item.type}.invalid", (where, number, "field"), found, fix)


def _constraints(group: ServerGroup) -> Broken:
    """What CreateService refuses: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_PlacementConstraint.html"""
    where = "placementConstraints"
    for number, item in enumerate(known(group.placement_constraints) or ()):
        if isinstance(item.type, Opaque) or isinstance(item.expression, Opaque):
            yield from undecided((where, number), item.type if isinstance(item.type, Opaque) else item.expression)
        elif item.type not in ("memberOf", "distinctInstance"):
            yield _by_ecs((where, number, "type"), f"its type is {item.type!r}", 'Write "memberOf" or "distinctInstance".')
        elif item.type == "distinctInstance" and item.expression is not None:
            yield _by_ecs((where, number), "distinctInstance has an expression", "Leave the expression out.")
        elif item.type == "memberOf":
            try:
                compile_query(item.expression or "")
            except QueryError as error:
                yield _by_ecs((where, number, "expression"), "an expression cannot be read", str(error))
    yield from undecided((where,), group.placement_constraints)


def _by_ecs(path: tuple[str | int, ...], found: str, fix: str) -> Violation:
    return Violation(path, found, "clouddriver passes placement constraints on unread, and CreateService refuses it", fix)
