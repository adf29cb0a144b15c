"""ACCOUNT: keys that clouddriver ignores, lists that an overlay hides, values left blank. No AWS is needed."""

from __future__ import annotations

from ecs_preflight.checks._check import Facts, Judgement, check
from ecs_preflight.checks.scopes import whole_config
from ecs_preflight.config import PreflightConfig
from ecs_preflight.findings import Problem, Severity
from ecs_preflight.spinnaker.defects import Defect, DefectKind
from ecs_preflight.targets import Target

_IGNORED = (
    DefectKind.UNKNOWN_KEY,
    DefectKind.MISPLACED_KEY,
    DefectKind.KEY_IGNORED,
    DefectKind.KEY_WRITTEN_TWICE,
    DefectKind.DOCUMENT_NOT_ACTIVE,
    DefectKind.REFUSED_BY_HALYARD,
)
_LEFT_OPEN = (
    DefectKind.BLANK_VALUE,
    DefectKind.UNRESOLVED_PLACEHOLDER,
    DefectKind.AMBIGUOUS_NUMBER,
    DefectKind.OPAQUE_VALUE,
)
# A blank in these has a check of its own, with what it does there.
_JUDGED_ELSEWHERE = ("accountId", "assumeRole", "sessionName", "awsAccount", "name", "defaultAssumeRole", "defaultSessionName")


@check("ACCOUNT014", "key-ignored-by-clouddriver", Severity.WARNING, on=whole_config)
def every_key_has_an_effect(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    Every key under `aws` and `ecs` is one that clouddriver reads where it stands; every key of a Halyard config one that Halyard
    takes.

    ## Why it matters
    clouddriver ignores a misspelt or misplaced key without a word: `assumerole_` is no role, and `permissions` of an ECS account
    protect nothing, because clouddriver reads only name, awsAccount and namingStrategy there. Halyard refuses the whole file.

    ## How to fix it
    Correct the spelling or the indentation, or delete the key.
    """
    for defect in _of_kinds(config, _IGNORED):
        near = f"Write {defect.near_miss}." if defect.near_miss else "Correct or delete it."
        moved = f"Move it: {defect.expected}." if defect.kind is DefectKind.MISPLACED_KEY else near
        yield Problem(
            _short(f"{defect.path}: {defect.found}"),
            remediation=moved,
            evidence=defect.expected,
            location=defect.location,
        )


@check("ACCOUNT017", "list-replaced-by-overlay", Severity.WARNING, on=whole_config)
def overlays_hide_no_entries(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    No list of a later file leaves out entries of the same list in an earlier one.

    ## Why it matters
    Spring merges maps and replaces lists: one `aws.accounts` entry in clouddriver-local.yml removes every account of
    clouddriver.yml, and clouddriver does not start because of the ECS accounts that map to them.

    ## How to fix it
    Repeat every entry in the last file, or keep the list in one file.
    """
    for defect in _of_kinds(config, (DefectKind.LIST_REPLACED,)):
        yield Problem(
            _short(f"{defect.path} hides {', '.join(defect.hidden)} of an earlier file"),
            remediation="Repeat the hidden entries in this file, or keep the list in one file.",
            evidence=defect.found,
            location=defect.location,
        )


@check("ACCOUNT020", "value-left-blank", Severity.WARNING, on=whole_config)
def values_are_filled_in(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    No value is blank, no `${NAME}` is left without a value, no unquoted number is read differently by different releases.

    ## Why it matters
    A blank is the empty text to clouddriver, not "not given": it defeats the default. A placeholder that nothing gives a value
    stays in the text, letter by letter, and fails at the first call.

    ## How to fix it
    Fill it in or delete the key; give the variable in clouddriver's environment (here: `--env NAME=VALUE`).
    """
    for defect in _of_kinds(config, _LEFT_OPEN):
        key = defect.path.rpartition(".")[2]
        if key in _JUDGED_ELSEWHERE and defect.kind in (DefectKind.BLANK_VALUE, DefectKind.AMBIGUOUS_NUMBER):
            continue
        yield Problem(
            _short(f"{defect.path}: {defect.found}"),
            remediation=_mend(defect),
            evidence=defect.expected,
            location=defect.location,
            severity=Severity.INFO if defect.kind is DefectKind.OPAQUE_VALUE else None,
        )


def _mend(defect: Defect) -> str:
    if defect.kind is DefectKind.UNRESOLVED_PLACEHOLDER:
        return "Give the variable a value in clouddriver's environment, and here with --env NAME=VALUE."
    if defect.kind is DefectKind.BLANK_VALUE:
        return "Fill it in, or delete the key."
    return f"{defect.expected[:1].upper()}{defect.expected[1:]}."


def _of_kinds(config: PreflightConfig, kinds: tuple[DefectKind, ...]) -> list[Defect]:
    return [defect for defect in config.clouddriver.defects if defect.kind in kinds]


def _short(summary: str) -> str:
    """A summary is a line of under 100 characters; the evidence and the location say the rest."""
    return summary if len(summary) < 100 else f"{summary[:96]}..."
