"""The command line: parses, calls, prints, exits. The document goes to stdout alone; everything else to stderr."""

from __future__ import annotations

import argparse
import os
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ecs_preflight._version import __version__
from ecs_preflight.capacity_command import EXIT_CODES as EXIT_CODES_OF_CAPACITY
from ecs_preflight.capacity_command import add_capacity_options, run_capacity
from ecs_preflight.configuration_options import add_configuration_options, add_reach_options, configured
from ecs_preflight.errors import PreflightError, UsageError
from ecs_preflight.output import require_writable, wants_colour, write_document
from ecs_preflight.trust_command import EXIT_CODES as EXIT_CODES_OF_TRUST
from ecs_preflight.trust_command import add_trust_options, run_trust

if TYPE_CHECKING:
    from ecs_preflight.facts import Snapshot
    from ecs_preflight.findings import Report

_SEVERITIES = ("INFO", "WARNING", "ERROR", "FATAL")
_EXIT_CODES = """\
exit codes:
  0  nothing at or above --fail-on
  1  a check at or above --fail-on failed
  2  the input cannot be read, or AWS cannot be asked anything
  3  none failed, but one at or above --fail-on could not be determined or is blocked
  4  a fault of ecs-preflight itself
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    options = parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except PreflightError as error:
        sys.stderr.write(f"ecs-preflight: {error}\n")
        return error.exit_code
    except BrokenPipeError:  # `ecs-preflight ... | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130
    except Exception as error:  # noqa: BLE001  # the last line of defence: said in one sentence, never as a traceback
        sys.stderr.write(f"ecs-preflight {__version__}: internal error: {_told(error)}\n")
        sys.stderr.write("  Please report this line, and the command that led to it.\n")
        return 4


def _told(error: Exception) -> str:
    """What went wrong and where; not the message, which may quote what must not be shown."""
    where = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} at {Path(where.filename).name}:{where.lineno}"


def parser() -> argparse.ArgumentParser:
    """The grammar of the command line."""
    root = argparse.ArgumentParser(
        prog="ecs-preflight",
        description="Checks Amazon ECS accounts before Spinnaker is pointed at them.",
        epilog=_EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    root.add_argument("--version", action="version", version=f"ecs-preflight {__version__}")
    commands = root.add_subparsers(metavar="COMMAND", required=True)

    check = commands.add_parser(
        "check", help="run the checks", epilog=_EXIT_CODES, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add_configuration_options(check)
    _add_selection(check)
    add_reach_options(check).add_argument("--offline", action="store_true", help="judge only what needs no AWS")
    report = check.add_argument_group("the report")
    report.add_argument("--format", choices=("text", "json"), default="text")
    report.add_argument("--output", metavar="FILE", help="write the report there instead of to stdout")
    report.add_argument("--fail-on", type=str.upper, choices=_SEVERITIES, default="ERROR", metavar="SEVERITY")
    report.add_argument("--exit-zero", action="store_true", help="exit 0 whatever the checks find")
    report.add_argument("--verbose", "-v", action="store_true", help="list what passed and did not apply too")
    check.set_defaults(run=_check)

    capacity = commands.add_parser(
        "capacity",
        help="say how many more tasks fit in each ECS cluster, and what stops the next one",
        epilog=EXIT_CODES_OF_CAPACITY,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_capacity_options(capacity)
    capacity.set_defaults(run=run_capacity)

    plan = commands.add_parser("plan", help="list what would be checked and asked; AWS is not reached")
    add_configuration_options(plan)
    _add_selection(plan)
    plan.add_argument("--offline", action="store_true", help="plan only what needs no AWS")
    plan.add_argument("--format", choices=("text", "json"), default="text")
    plan.set_defaults(run=_plan)

    explain = commands.add_parser("explain", help="say what a check checks, why it matters, how to fix it")
    explain.add_argument("check", nargs="?", metavar="ID", help="a check's id, family or slug; none lists all")
    explain.set_defaults(run=_explain)

    permissions = commands.add_parser("permissions", help="print IAM policies, ready to paste")
    add_configuration_options(permissions)
    _add_selection(permissions)
    permissions.add_argument(
        "--for",
        dest="of",
        choices=("preflight", "managing", "managed"),
        default="preflight",
        help="whose: what this run needs (default), or what Spinnaker's managing identity or managed roles need",
    )
    permissions.set_defaults(run=_permissions)

    trust = commands.add_parser(
        "trust",
        help="explain one trust policy, or fix it; AWS is not reached",
        epilog=EXIT_CODES_OF_TRUST,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_trust_options(trust)
    trust.set_defaults(run=run_trust)

    schema = commands.add_parser("schema", help="print the JSON Schema of preflight.yml")
    schema.set_defaults(run=_schema)

    hal = commands.add_parser("hal", help="print the hal commands that create this configuration")
    add_configuration_options(hal)
    what = hal.add_mutually_exclusive_group()
    what.add_argument("--all", action="store_true", help="the AWS accounts and both providers too, not the mapping alone")
    what.add_argument("--clouddriver", action="store_true", help="print the clouddriver.yml of a Halyard config instead")
    hal.set_defaults(run=_hal)
    return root


def _add_selection(command: argparse.ArgumentParser) -> None:
    which = command.add_argument_group("which checks")
    which.add_argument("--select", action="append", default=[], metavar="IDS", help="ids, families, slugs or patterns, by comma")
    which.add_argument("--ignore", action="append", default=[], metavar="IDS", help="the same, to leave out")


def _ids(given: Sequence[str]) -> list[str]:
    names = [name.strip() for text in given for name in text.split(",") if name.strip()]
    if given and not names:
        raise UsageError("a selection was given that names no check", hint="An empty variable? Leave the option out to mean all.")
    return names


def _check(options: argparse.Namespace) -> int:
    from ecs_preflight.findings import Severity
    from ecs_preflight.progress import TerminalProgress
    from ecs_preflight.reach import reached
    from ecs_preflight.runner import run_preflight
    from ecs_preflight.snapshot_file import save_snapshot

    config = configured(options)
    require_writable(options.output)
    require_writable(options.save_snapshot)
    beside = options.files[0] if options.sandbox else None
    kept: list[Snapshot] = []
    with (
        reached(config, snapshot=options.snapshot, sandbox_beside=beside, profile=options.profile) as access,
        TerminalProgress(sys.stderr) as progress,
    ):
        report = run_preflight(
            config,
            access,
            select=_ids(options.select),
            ignore=_ids(options.ignore),
            progress=progress,
            keep=kept.append,
        )
    write_document(_rendered(report, options), options.output)
    if options.save_snapshot:
        save_snapshot(kept[0], options.save_snapshot)
    return 0 if options.exit_zero else report.exit_code(Severity[options.fail_on])


def _rendered(report: Report, options: argparse.Namespace) -> str:
    from ecs_preflight.reports.formats import render
    from ecs_preflight.reports.text import render_text

    if options.format != "text":
        return render(report, options.format)
    return render_text(report, colour=not options.output and wants_colour(), verbose=options.verbose)


def _plan(options: argparse.Namespace) -> int:
    from ecs_preflight.plan import make_plan
    from ecs_preflight.reports.plan import render_plan

    plan = make_plan(configured(options), _ids(options.select), _ids(options.ignore))
    write_document(render_plan(plan, options.format))
    return 0


def _explain(options: argparse.Namespace) -> int:
    from ecs_preflight.plan import checks_named
    from ecs_preflight.reports.explain import render_catalogue, render_explanation

    if options.check is None:
        write_document(render_catalogue())
    else:
        write_document("\n".join(render_explanation(check) for check in checks_named([options.check])))
    return 0


def _permissions(options: argparse.Namespace) -> int:
    from ecs_preflight.permissions import policies_of_preflight, policies_of_spinnaker
    from ecs_preflight.plan import make_plan

    config = configured(options)
    if options.of == "preflight":
        write_document(policies_of_preflight(make_plan(config, _ids(options.select), _ids(options.ignore))))
    else:
        write_document(policies_of_spinnaker(config, options.of))
    return 0


def _schema(_: argparse.Namespace) -> int:
    from ecs_preflight.preflight_file import json_schema

    write_document(json_schema())
    return 0


def _hal(options: argparse.Namespace) -> int:
    from ecs_preflight.spinnaker.hal_commands import clouddriver_yaml, hal_commands, hal_notes

    clouddriver = configured(options).clouddriver
    if options.clouddriver:
        write_document(clouddriver_yaml(clouddriver))
        return 0
    commands = hal_commands(clouddriver)
    if not options.all:  # the mapping alone: the AWS accounts are there, the providers are on
        commands = tuple(command for command in commands if "ecs account add" in command or "deploy apply" in command)
    write_document("".join(f"{command}\n" for command in commands))
    for note in hal_notes(clouddriver):
        sys.stderr.write(f"not in Halyard, for profiles/clouddriver-local.yml: {note}\n")
    return 0
