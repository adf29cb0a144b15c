"""Every check, in the order of the report. Listed by hand; a test says that none was forgotten."""

from __future__ import annotations

from types import ModuleType

from ecs_preflight.checks import accounts, capacity, clusters, roles, trust
from ecs_preflight.checks._check import Check

_MODULES: tuple[ModuleType, ...] = (accounts, roles, trust, clusters, capacity)

ALL_CHECKS: tuple[Check, ...] = tuple(check for module in _MODULES for check in vars(module).values() if isinstance(check, Check))
CHECK_WITH_ID = {check.id: check for check in ALL_CHECKS}
