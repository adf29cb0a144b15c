"""What a check is judged on, and the one grammar of its id.

`config`, `account`, `account/region`, `account/region/cluster`, `account/region/cluster/workload`; `account/region/*` is
every ECS cluster of that account and region. `account` is the name of an ECS account in `ecs.accounts`.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, unquote

from ecs_preflight.errors import UsageError

EVERY_CLUSTER = "*"
_CONFIG = "config"


@dataclass(frozen=True, slots=True, order=True)
class Target:
    """The parts of a target's id, unescaped; all empty is the configuration as a whole."""

    account: str = ""
    region: str = ""
    cluster: str = ""
    workload: str = ""

    @classmethod
    def parse(cls, target_id: str) -> Target:
        """The target that an id names.

        Raises UsageError where the id has more than four parts, an empty one, or escapes that spell no text.
        """
        if target_id == _CONFIG:
            return cls()
        parts = target_id.split("/")
        if len(parts) > 4 or not all(parts):
            raise UsageError(
                f"{target_id!r} is not the id of a target",
                hint="Expected config, ACCOUNT, ACCOUNT/REGION, ACCOUNT/REGION/CLUSTER or ACCOUNT/REGION/CLUSTER/WORKLOAD.",
            )
        try:
            return cls(*(unquote(part, errors="surrogatepass") for part in parts))
        except UnicodeDecodeError as error:
            raise UsageError(f"{target_id!r} has percent-encoded bytes that are no UTF-8", hint="Write % as %25.") from error

    @property
    def id(self) -> str:
        """The id: parts joined by `/`, each percent-encoded, so that any name can stand in it."""
        if not self.account:
            return _CONFIG
        parts = (self.account, self.region, self.cluster, self.workload)
        used = parts[: max(index for index, part in enumerate(parts) if part) + 1]
        account, *rest = (_escape(part) for part in used)
        if account == _CONFIG:  # an ECS account may well be called "config"
            account = f"%{ord('c'):02X}onfig"
        if self.cluster == EVERY_CLUSTER:
            rest[1] = EVERY_CLUSTER
        return "/".join((account, *rest))

    @property
    def is_every_cluster(self) -> bool:
        return self.cluster == EVERY_CLUSTER

    def __str__(self) -> str:
        return self.id


def _escape(name: str) -> str:
    return quote(name, safe=" :@+,=()", errors="surrogatepass")
