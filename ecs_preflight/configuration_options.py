"""Options that several commands have: the configuration that they are about, and how AWS is reached."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from ecs_preflight.errors import UsageError

if TYPE_CHECKING:
    from ecs_preflight.config import PreflightConfig


def add_configuration_options(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "files", nargs="+", metavar="FILE", help="clouddriver.yml and its overlays in order, or a Halyard config"
    )
    given = command.add_argument_group("what is known beside it")
    given.add_argument("--preflight", metavar="FILE", help="preflight.yml: clusters, workloads, waivers (see the schema)")
    given.add_argument("--cluster", action="append", default=[], metavar="ACCOUNT/REGION/NAME", help="an ECS cluster to look at")
    given.add_argument(
        "--pipeline",
        action="append",
        default=[],
        metavar="FILE",
        help="a pipeline, as `spin pipeline get` prints it",
    )
    given.add_argument("--spinnaker-version", metavar="V", help="such as 1.37.0; several findings depend on it")
    given.add_argument("--region", metavar="R", help="the region of clouddriver's environment, where it calls STS")
    given.add_argument(
        "--env", action="append", default=[], metavar="NAME=VALUE", help="a variable of clouddriver's environment, for ${NAME}"
    )


def add_reach_options(command: argparse.ArgumentParser) -> argparse._MutuallyExclusiveGroup:
    """The ways to AWS; gives the group of those that exclude each other."""
    reach = command.add_argument_group("how AWS is reached")
    mode = reach.add_mutually_exclusive_group()
    mode.add_argument("--sandbox", action="store_true", help="run against an embedded, simulated AWS")
    mode.add_argument("--snapshot", metavar="FILE", help="judge a saved snapshot instead of asking AWS")
    reach.add_argument("--profile", metavar="NAME", help="profile of the shared AWS configuration")
    reach.add_argument("--save-snapshot", metavar="FILE", help="keep what AWS said, with secrets replaced by tokens")
    return mode


def configured(options: argparse.Namespace) -> PreflightConfig:
    """What the options name, read and joined."""
    from ecs_preflight.config import load_config

    return load_config(
        *options.files,
        preflight=options.preflight,
        clusters=options.cluster,
        pipelines=options.pipeline,
        spinnaker_version=options.spinnaker_version,
        aws_region=options.region,
        environ=dict(_assignment("--env", text) for text in options.env),
        offline=getattr(options, "offline", False),
    )


def _assignment(option: str, text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not name or not equals:
        raise UsageError(f"{option} takes NAME=VALUE, and {name!r} has no value")
    return name, value
