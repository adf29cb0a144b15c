"""ACCOUNT: keys and values as such: ignored, hidden by an overlay, left open, secret, of the wrong type. No AWS is needed."""

from __future__ import annotations

import re

from ecs_preflight.checks._check import Facts, Judgement, check
from ecs_preflight.checks.scopes import whole_config
from ecs_preflight.config import PreflightConfig
from ecs_preflight.errors import Location
from ecs_preflight.findings import Problem, Severity
from ecs_preflight.spinnaker.defects import Defect, DefectKind
from ecs_preflight.spinnaker.secrets import is_opaque
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
_NOT_BINDABLE = (
    DefectKind.WRONG_TYPE,
    DefectKind.BLANK_ENTRY,
    DefectKind.UNKNOWN_AUTHORIZATION,
    DefectKind.CIRCULAR_PLACEHOLDER,
)
_IS_REFERENCE = re.compile(r"\$\{[^:{}]+\}")  # with a default behind a colon, the key would stand in the file after all
_REMEDIES = {
    DefectKind.KEY_IGNORED: "Delete it.",
    DefectKind.KEY_WRITTEN_TWICE: "Delete one of them.",
    DefectKind.DOCUMENT_NOT_ACTIVE: "Start clouddriver with that profile, or take the condition out of the document.",
}


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
        yield Problem(
            defect.found if defect.kind is DefectKind.MISPLACED_KEY else f"{defect.path}: {defect.found}",
            remediation=_put_right(defect),
            evidence=defect.expected,
            location=defect.location,
        )
    aws = config.clouddriver.aws
    if aws.custom_property_binding_enabled and aws.accounts:
        yield Problem(
            "aws.accounts is not read: aws.customPropertyBindingEnabled is on",
            remediation="Delete aws.customPropertyBindingEnabled, or judge the accounts that Spring Cloud Config has.",
            evidence="with it clouddriver takes its AWS accounts from Spring Cloud Config alone",
            location=aws.where("custom_property_binding_enabled"),
        )


def _put_right(defect: Defect) -> str:
    if defect.near_miss:
        return f"Write {defect.near_miss}."
    if defect.kind is DefectKind.MISPLACED_KEY:
        return f"Move it: {defect.expected}."
    return _REMEDIES.get(defect.kind, "Correct or delete it.")


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
            f"{defect.path} hides {', '.join(defect.hidden)} of an earlier file",
            remediation="Repeat the hidden entries in this file, or keep the list in one file.",
            evidence=defect.found,
            location=defect.location,
        )


@check("ACCOUNT018", "long-lived-keys-in-config", Severity.WARNING, on=whole_config)
def no_keys_are_in_the_configuration(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    `aws.accessKeyId` and `aws.secretAccessKey` do not stand in the files in clear.

    ## Why it matters
    They are long-lived and readable by whoever reads the file. They also outweigh the role of the pod or instance that
    clouddriver runs on (IRSA, instance profile), so that Spinnaker is somebody else than it seems.

    ## How to fix it
    Delete them and let clouddriver's pod or instance have a role; or refer to a secret: `encrypted:...`.
    """
    aws = config.clouddriver.aws
    for field, key in (("access_key_id", "accessKeyId"), ("secret_access_key", "secretAccessKey")):
        value, written = getattr(aws, field), aws.written(field)
        if value and not is_opaque(value) and not (written and _IS_REFERENCE.fullmatch(written.text)):
            yield Problem(
                f"aws.{key} stands in the file in clear",
                remediation="Delete it, and let clouddriver run with a role; or write encrypted:... in its place.",
                evidence="its value is not shown",
                location=aws.where(field),
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
        if defect.location in _judged_elsewhere(config, defect.kind):
            continue
        yield Problem(
            f"{defect.path}: {defect.found}",
            remediation=_mend(defect),
            evidence=defect.expected,
            location=defect.location,
            severity=Severity.INFO if defect.kind is DefectKind.OPAQUE_VALUE else None,
        )


def _judged_elsewhere(config: PreflightConfig, kind: DefectKind) -> set[Location | None]:
    """Where a defect of that kind is another check's, which says what it does there: ACCOUNT001, 003, 005, 007, 009, 013, 015."""
    aws, ecs = config.clouddriver.aws, config.clouddriver.ecs
    mapped = [account for ecs_account in config.ecs_accounts if (account := aws.account(ecs_account.aws_account))]
    judged = [*mapped, *config.unmapped_aws_accounts]
    ids = {account.where("account_id") for account in judged}
    if kind is not DefectKind.BLANK_VALUE:
        return ids if kind is DefectKind.AMBIGUOUS_NUMBER else set()
    regions = [region for account in judged for region in account.regions]
    return {
        *ids,
        *(account.where("assume_role") for account in judged),
        *(account.where("session_name") for account in mapped),
        *(region.where("name") for region in (*regions, *aws.default_regions)),
        *(account.where(field) for account in ecs.accounts for field in ("name", "aws_account")),
        aws.where("default_assume_role") if any(account.assume_role is None for account in judged) else None,
        aws.where("default_session_name") if any(account.session_name is None for account in mapped) else None,
        ecs.where("default_naming_strategy") if any(not account.naming_strategy for account in config.ecs_accounts) else None,
    }


def _mend(defect: Defect) -> str:
    if defect.kind is DefectKind.UNRESOLVED_PLACEHOLDER:
        return "Give the variable a value in clouddriver's environment, and here with --env NAME=VALUE."
    if defect.kind is DefectKind.BLANK_VALUE:
        return "Fill it in, or delete the key."
    return f"{defect.expected[:1].upper()}{defect.expected[1:]}."


@check("ACCOUNT022", "value-not-bindable", Severity.FATAL, on=whole_config)
def values_can_be_bound(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    Every value under `aws` and `ecs` is of the type that clouddriver's classes have there: a list where a list is due, a number,
    a mapping; every entry of `aws.accounts` has a name.

    ## Why it matters
    Spring binds the whole block or nothing: with one such value clouddriver does not start
    (`Failed to bind properties under 'aws.accounts'`).

    ## How to fix it
    Write what is expected there.
    """
    for defect in _of_kinds(config, _NOT_BINDABLE):
        yield _of_defect(defect, f"{defect.path}: {defect.found}", f"In its place: {defect.expected}.")
    for defect in _of_kinds(config, (DefectKind.ENTRY_WITHOUT_NAME,)):
        if defect.path.startswith("aws"):
            yield _of_defect(defect, "an entry of aws.accounts has no name", "Add name: to it, or delete it.")


def _of_kinds(config: PreflightConfig, kinds: tuple[DefectKind, ...]) -> list[Defect]:
    return [defect for defect in config.clouddriver.defects if defect.kind in kinds]


def _of_defect(defect: Defect, summary: str, remediation: str) -> Problem:
    return Problem(summary, remediation=remediation, evidence=f"{defect.found}; {defect.expected}", location=defect.location)
