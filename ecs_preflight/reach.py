"""What a run looks at: AWS itself, the embedded one of the sandbox, a saved snapshot, or nothing at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from ecs_preflight.config import PreflightConfig
from ecs_preflight.facts import Snapshot

if TYPE_CHECKING:
    from ecs_preflight.aws.access import AwsAccess


@contextmanager
def reached(
    config: PreflightConfig,
    *,
    snapshot: str | Path | None = None,
    sandbox_beside: str | Path | None = None,
    profile: str | None = None,
) -> Iterator[AwsAccess | Snapshot]:
    """What to give run_preflight, open as long as the block lasts.

    A snapshot's file; else nothing, where the configuration is judged offline; else the sandbox, seeded from the
    configuration and from what lies beside that file; else AWS, as `profile` or boto's own chain finds it.
    """
    if snapshot is not None:
        from ecs_preflight.snapshot_file import load_snapshot

        yield load_snapshot(snapshot)
    elif config.offline:
        yield Snapshot()
    elif sandbox_beside is not None:
        from ecs_preflight.sandbox.run import sandbox, world_beside

        with sandbox(config, world_beside(config, Path(sandbox_beside))) as access:
            yield access
    else:
        from ecs_preflight.aws.access import AwsAccess

        yield AwsAccess(profile=profile)
