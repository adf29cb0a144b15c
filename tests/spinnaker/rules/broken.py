"""What rules say of server groups, in a form that a table can hold."""

from __future__ import annotations

from ecs_preflight.spinnaker.rules.violation import Broken, Undecided, Violation

CODE = "createServerGroupDescription."


def codes(broken: Broken) -> list[str]:
    """clouddriver's code without its common part, `?key` for what is undecided, `-` for what clouddriver forgets."""
    return [_code(item) for item in broken]


def _code(item: Violation | Undecided) -> str:
    if isinstance(item, Undecided):
        return "?" + ".".join(str(step) for step in item.path)
    assert item.fix
    assert len(item.found) < 90
    if CODE not in item.consequence:
        return "-"
    return item.consequence.partition(CODE)[2].partition(" ")[0]


def violations(broken: Broken) -> list[Violation]:
    return [item for item in broken if isinstance(item, Violation)]
