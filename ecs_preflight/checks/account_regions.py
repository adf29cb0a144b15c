"""ACCOUNT009: the regions of AWS accounts, as clouddriver would take them. No AWS is needed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from ecs_preflight.checks._check import Facts, Judgement, check
from ecs_preflight.checks.aws_accounts import judged_accounts
from ecs_preflight.checks.scopes import each_account
from ecs_preflight.config import PreflightConfig
from ecs_preflight.errors import Location
from ecs_preflight.findings import Problem, Severity, Undetermined
from ecs_preflight.spinnaker.accounts import AwsAccount, Region, near_misses
from ecs_preflight.spinnaker.defects import Defect, DefectKind
from ecs_preflight.spinnaker.regions import AS_OF, REGIONS, is_known_region, looks_like_region
from ecs_preflight.spinnaker.secrets import is_opaque
from ecs_preflight.targets import Target


def _each_account_and_the_whole(config: PreflightConfig) -> Iterator[Target]:
    """Each ECS account for its AWS account; the whole for the default regions and the AWS accounts that none maps to."""
    yield from each_account(config)
    yield Target()


@check("ACCOUNT009", "region-malformed", Severity.FATAL, on=_each_account_and_the_whole)
def regions_are_well_formed(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    Every region of an AWS account, and every default region, is a mapping with the name of a region that exists, listed once.

    ## Why it matters
    A bare name (`regions: [us-east-1]`) and, beside others, a region without a name stop clouddriver while it binds its
    configuration. A region that is unknown or listed twice drops the AWS account (`Unknown region: [x]`, `Duplicate key`), and
    clouddriver does not start because of the ECS account. With zones of its own an unknown region loads, and its agents fail.

    ## How to fix it
    Write `regions: [{name: us-east-1}]`, each region once.
    """
    if not target.account:
        yield from _not_bindable(config, None)
        yield from _ill_named(config.clouddriver.aws.default_regions, "aws.defaultRegions", None)
        yield from _repeated(config.clouddriver.aws.default_regions, "aws.defaultRegions", Severity.WARNING)
    for account, severity in judged_accounts(config, target):
        whose = f"the AWS account {account.name!r}"
        yield from _not_bindable(config, account)
        yield from _ill_named(account.regions, whose, severity)
        yield from _repeated(account.regions, whose, severity)


def _not_bindable(config: PreflightConfig, account: AwsAccount | None) -> Iterator[Problem]:
    """What stops clouddriver while it binds, whoever's regions it is found among: those of an account, or the default ones."""
    for defect in config.clouddriver.defects:
        if defect.kind not in (DefectKind.BARE_STRING_REGION, DefectKind.REGION_WITHOUT_NAME):
            continue
        if _owner(config, defect) != account:
            continue
        if defect.kind is DefectKind.BARE_STRING_REGION:
            yield Problem(
                f"{defect.path} is {defect.found}, not a mapping: clouddriver does not start",
                remediation=f"Write it as {defect.expected.partition(': ')[2]}",
                evidence=defect.expected,
                location=defect.location,
            )
        else:
            yield Problem(
                f"{defect.path} has no name: clouddriver does not start",
                remediation="Add name: to it, or delete it.",
                evidence=defect.found,
                location=defect.location,
            )


def _owner(config: PreflightConfig, defect: Defect) -> AwsAccount | None:
    """The AWS account whose `regions` begin nearest before a defect; None for the default regions, and accounts not judged."""
    aws = config.clouddriver.aws
    lists = ((aws.written("default_regions"), None), *((account.written("regions"), account) for account in aws.accounts))
    before = [
        (_place(written.location), owner)
        for written, owner in lists
        if written and written.location.file == defect.location.file and _place(written.location) <= _place(defect.location)
    ]
    owner = max(before, key=lambda begun: begun[0])[1] if before else None
    mapped = (aws.account(account.aws_account) for account in config.ecs_accounts)
    return owner if owner in (*mapped, *config.unmapped_aws_accounts) else None


def _place(location: Location) -> tuple[int, int]:
    return location.line or 0, location.column or 0


def _ill_named(regions: tuple[Region, ...], whose: str, severity: Severity | None) -> Judgement:
    for region in {region.name: region for region in regions}.values():
        if is_opaque(region.name):
            yield Undetermined(f"the name of a region of {whose} is read by Spinnaker alone")
        elif not is_known_region(region.name):
            yield _unknown(region, whose, severity)


def _repeated(regions: tuple[Region, ...], whose: str, severity: Severity | None) -> Iterator[Problem]:
    times = Counter(region.name for region in regions)
    for region in {region.name: region for region in regions}.values():
        if times[region.name] > 1:
            yield Problem(
                f"{region.name} is listed {times[region.name]} times in {whose}",
                remediation="List it once.",
                location=region.location,
                severity=severity,
            )


def _unknown(region: Region, whose: str, severity: Severity | None) -> Problem:
    near = _near(region.name)
    if looks_like_region(region.name):
        milder, then = Severity.WARNING, "it has the shape of a region, and may be younger than that list"
    elif region.availability_zones:
        milder, then = Severity.ERROR, "it has zones of its own, so clouddriver looks nothing up, and its agents fail"
    else:
        milder, then = Severity.FATAL, f"clouddriver looks it up at its start: Unknown region: [{region.name}]"
    return Problem(
        f"{region.name!r} of {whose} is not the name of a region",
        remediation=f"Write {' or '.join(near)}." if near else "Write the name of a region, such as us-east-1.",
        evidence=f"it is not among the {len(REGIONS)} regions known on {AS_OF}; {then}",
        location=region.where("name"),
        severity=milder if severity is None else min(milder, severity),
    )


def _near(name: str) -> tuple[str, ...]:
    """The region that is meant where one is plain: in another case, with blanks, or a zone of it. Else what is spelled alike."""
    near = near_misses(name, REGIONS)
    plain = next((known for known in (name.strip().casefold(), name[:-1]) if is_known_region(known)), None)
    return (plain,) if plain else near
