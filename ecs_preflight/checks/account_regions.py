"""ACCOUNT009: the regions of AWS accounts, as clouddriver would take them. No AWS is needed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from difflib import get_close_matches

from ecs_preflight.checks._check import Facts, Judgement, check
from ecs_preflight.checks.aws_accounts import judged_accounts
from ecs_preflight.checks.scopes import each_account
from ecs_preflight.config import PreflightConfig
from ecs_preflight.findings import Problem, Severity
from ecs_preflight.spinnaker.accounts import Region
from ecs_preflight.spinnaker.defects import DefectKind
from ecs_preflight.spinnaker.regions import AS_OF, REGIONS, is_known_region, looks_like_region
from ecs_preflight.spinnaker.secrets import is_opaque
from ecs_preflight.targets import Target


def _each_account_and_the_whole(config: PreflightConfig) -> Iterator[Target]:
    """Each ECS account for its AWS account; the whole for what no account can be named for, and for unmapped AWS accounts."""
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
        yield from _never_bound(config)
        yield from _problems(config.clouddriver.aws.default_regions, "aws.defaultRegions", None)
    for account, severity in judged_accounts(config, target):
        yield from _problems(account.regions, f"the AWS account {account.name!r}", severity)


def _never_bound(config: PreflightConfig) -> Iterator[Problem]:
    for defect in config.clouddriver.defects:
        if defect.kind is DefectKind.BARE_STRING_REGION:
            yield Problem(
                f"{defect.path} is {defect.found}, not a mapping: clouddriver does not start",
                remediation=f"Write it as {defect.expected.partition(': ')[2]}",
                evidence=defect.expected,
                location=defect.location,
            )
        elif defect.kind is DefectKind.REGION_WITHOUT_NAME:
            yield Problem(
                f"{defect.path} has no name: clouddriver does not start",
                remediation="Add name: to it, or delete it.",
                evidence=defect.found,
                location=defect.location,
            )


def _problems(regions: tuple[Region, ...], whose: str, severity: Severity | None) -> Iterator[Problem]:
    times = Counter(region.name for region in regions)
    for region in {region.name: region for region in regions}.values():
        if times[region.name] > 1:
            yield Problem(
                f"{region.name} is listed {times[region.name]} times in {whose}",
                remediation="List it once.",
                location=region.location,
                severity=severity,
            )
        if not is_known_region(region.name) and not is_opaque(region.name):
            yield _unknown(region, whose, severity)


def _unknown(region: Region, whose: str, severity: Severity | None) -> Problem:
    near = get_close_matches(region.name, REGIONS, n=1)
    if looks_like_region(region.name):
        milder = Severity.WARNING  # it may be younger than the list
    elif region.availability_zones:
        milder = Severity.ERROR  # clouddriver looks nothing up, and only its agents fail
    else:
        milder = Severity.FATAL
    return Problem(
        f"{region.name!r} of {whose} is not the name of a region",
        remediation=f"Write {near[0]}." if near else "Write the name of a region, such as us-east-1.",
        evidence=f"it is not among the {len(REGIONS)} regions known on {AS_OF}",
        location=region.location,
        severity=milder if severity is None else min(milder, severity),
    )
