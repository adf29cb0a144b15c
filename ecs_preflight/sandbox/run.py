"""Opens the sandbox: in this process for one run, or over HTTP on this machine for any client."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from ecs_preflight.aws.access import AwsAccess
from ecs_preflight.config import PreflightConfig
from ecs_preflight.sandbox.environment import not_installed, profile_keys, sandbox_environment
from ecs_preflight.sandbox.healthy import healthy_world
from ecs_preflight.sandbox.world import World
from ecs_preflight.sandbox.world_file import FILE_NAME, read_world


@contextmanager
def sandbox(config: PreflightConfig, world: World | None = None) -> Iterator[AwsAccess]:
    """An embedded AWS within this process, to give to run_preflight as long as the block lasts.

    It holds `world`, else the healthy world of the configuration. The caller is the managing identity. The user's own
    AWS settings and credentials are put aside meanwhile. Raises UsageError where moto mocks AWS in this process already.
    """
    held = world or healthy_world(config)
    with sandbox_environment(profile_keys(held.profiles)), _simulation().in_process(held) as access:
        yield access


@contextmanager
def serve(config: PreflightConfig, world: World | None = None, port: int = 0) -> Iterator[str]:
    """The same AWS as an HTTP server on 127.0.0.1: the endpoint to set AWS_ENDPOINT_URL to.

    Whatever credentials sign a call, the caller is the managing identity, unless the sandbox itself gave them out.
    """
    held = world or healthy_world(config)
    with ExitStack() as server:
        with sandbox_environment(profile_keys(held.profiles)):
            endpoint_url = server.enter_context(_simulation().over_http(held, port))
        yield endpoint_url


def world_beside(config: PreflightConfig, file: Path) -> World:
    """What sandbox.yml beside a configuration file describes; without one, the healthy world."""
    beside = file.parent / FILE_NAME
    return read_world(beside) if beside.is_file() else healthy_world(config)


def _simulation() -> Any:
    """The module that imports moto: moto reads the environment meanwhile, which must not be the user's own."""
    try:
        from ecs_preflight.sandbox import simulation
    except ModuleNotFoundError as error:
        raise not_installed(error) from error
    return simulation
