"""ROLE006 and ROLE007: the regions that clouddriver looks up when it starts, and those that it will work in."""

from __future__ import annotations

from collections.abc import Iterator

from ecs_preflight.answers import Attempt, RegionStatus
from ecs_preflight.arn import Arn, partition_of_region
from ecs_preflight.checks._check import Facts, Judgement, Questions, check
from ecs_preflight.checks.denials import read_denial
from ecs_preflight.checks.identity import (
    is_managing_identity,
    managed_role_arn,
    managing_identity,
    says_whose_identity,
)
from ecs_preflight.checks.scopes import each_account
from ecs_preflight.config import PreflightConfig
from ecs_preflight.facts import Snapshot
from ecs_preflight.findings import NotApplicable, Problem, Severity, Undetermined, Verdict
from ecs_preflight.questions import (
    CALLER_IDENTITY,
    CALLER_REGIONS,
    CALLER_ZONES,
    MANAGED_REGIONS,
    MANAGING_REGIONS,
    caller_identity,
    caller_may_list_regions,
    caller_may_list_zones,
    managed_account_regions,
    managing_account_regions,
)
from ecs_preflight.spinnaker.mapping import sts_region
from ecs_preflight.spinnaker.secrets import is_opaque
from ecs_preflight.targets import Target

# The regions that no account can switch off. What AWS has opened since March 2019 is off until an account opts in.
# https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html
_ALWAYS_ENABLED = frozenset(
    (
        *("ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-southeast-1", "ap-southeast-2", "ca-central-1"),
        *("eu-central-1", "eu-north-1", "eu-west-1", "eu-west-2", "eu-west-3", "sa-east-1"),
        *("us-east-1", "us-east-2", "us-west-1", "us-west-2"),
    )
)
_ENABLED_EVERYWHERE = "opt-in-not-required"
_EVERY_ZONE_IS_WRITTEN = "every region carries its availability zones, so that clouddriver looks none up"
_LISTING_STATEMENT = '{"Effect": "Allow", "Action": ["ec2:DescribeRegions", "ec2:DescribeAvailabilityZones"], "Resource": "*"}'
_REGION_IS_OFF = ("AuthFailure", "UnrecognizedClientException", "InvalidClientTokenId", "OptInRequired")


def looked_up_regions(config: PreflightConfig, account: str) -> tuple[str, ...]:
    """The regions without zones that clouddriver asks AWS about before it loads this account, as the managing identity.

    The default regions are among them, the packaged us-east-1 too: from 1.28 on always, before that where a region of the
    account's own has none. clouddriver.md section 3.5 and fact 5; `DefaultAWSAccountInfoLookup`.
    """
    mapping = config.mapping_or_none(account)
    own = [region.name for region in mapping.regions if region.is_looked_up] if mapping else []
    if not own and config.clouddriver.is_at_least("1.28") is False:
        return ()
    defaults = [region.name for region in config.clouddriver.aws.default_regions if not region.availability_zones]
    return tuple(dict.fromkeys((*defaults, *own)))


def _worked_in(config: PreflightConfig, account: str) -> tuple[str, ...]:
    """The regions to find enabled in the managed account; where clouddriver looks none up, those that can be off at all."""
    regions = config.spinnaker_regions(account)
    if looked_up_regions(config, account):
        return regions
    return tuple(
        name for name in regions if is_opaque(name) or (partition_of_region(name) == "aws" and name not in _ALWAYS_ENABLED)
    )


def _readable(names: tuple[str, ...]) -> tuple[str, ...]:
    """Without what Spinnaker alone can read, of which nothing can be asked or said."""
    return tuple(name for name in names if not is_opaque(name))


def _unreadable(*names: str) -> Iterator[Verdict]:
    for name in dict.fromkeys(names):
        if is_opaque(name):
            yield Undetermined(f"the region {name} is read by Spinnaker alone")


def _managed_home(config: PreflightConfig, target: Target) -> str:
    return sts_region(managed_role_arn(config, target), config.aws_region)


def _regions_of_both_accounts(config: PreflightConfig, target: Target, known: Snapshot) -> Questions:
    if not config.role_is_known(target.account):
        return
    if _readable(looked_up_regions(config, target.account)):
        yield caller_identity()
        yield managing_account_regions(config.aws_region)
    if _readable(_worked_in(config, target.account)):
        yield managed_account_regions(target.account, _managed_home(config, target))


@check(
    "ROLE006",
    "region-not-enabled",
    Severity.FATAL,
    on=each_account,
    needs=_regions_of_both_accounts,
    asks=(CALLER_IDENTITY, MANAGING_REGIONS, MANAGED_REGIONS),
)
@says_whose_identity
def regions_are_enabled(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    Every region that clouddriver looks up when it starts exists and is enabled in the managing account (FATAL), and every region
    of the account is enabled in the managed account (ERROR). Looked up are the regions without availability zones, among them
    those of `aws.defaultRegions`, which are us-east-1 where nothing is written.

    ## Why it matters
    clouddriver asks EC2 for its regions as the managing identity, which sees only what its own account has enabled. One that is
    missing is an `IllegalArgumentException: Unknown region: [x]`, the AWS account is dropped with a warning, and the ECS account
    on it stops the start: `Credentials 'X' of type 'aws' cannot be found`. Where the managed account has a region off, every
    call there fails with `AuthFailure` or `UnrecognizedClientException`.

    ## How to fix it
    Enable the region in the account that is named, or take it out of `regions` or `aws.defaultRegions`. With zones written for
    it (`availabilityZones`), clouddriver does not look it up.
    """
    managed_role_arn(config, target)
    looked_up = looked_up_regions(config, target.account)
    worked_in = _worked_in(config, target.account)
    if not looked_up and not worked_in:
        raise NotApplicable(_EVERY_ZONE_IS_WRITTEN)
    yield from _unreadable(*looked_up, *worked_in)
    if looked_up := _readable(looked_up):
        yield from _in_managing_account(config, facts, looked_up)
    if worked_in := _readable(worked_in):
        listing = facts[managed_account_regions(target.account, _managed_home(config, target))].require()
        status = _by_name(listing.items)
        account_id = managed_role_arn(config, target).split(":")[4]
        for name in worked_in:
            if not _is_on(status.get(name)):
                yield _off(name, status.get(name), "managed", account_id, Severity.ERROR)


def _in_managing_account(config: PreflightConfig, facts: Facts, looked_up: tuple[str, ...]) -> Iterator[Problem | Verdict]:
    """A caller of another account sees only which regions no account needs to enable."""
    caller = facts[caller_identity()].require()
    listing = facts[managing_account_regions(config.aws_region)].require()
    status = _by_name(listing.items)
    asked, managing = Arn.parse(caller.arn), Arn.parse(managing_identity(config, caller.arn))
    is_other_account = asked is None or managing is None or asked.account_id != managing.account_id
    is_same_partition = asked is not None and managing is not None and asked.partition == managing.partition
    for name in looked_up:
        found = status.get(name)
        if found and found.opt_in_status == _ENABLED_EVERYWHERE and is_same_partition:
            continue
        if is_other_account:
            yield Undetermined(
                f"whether {name} is enabled in the managing account is not seen by {caller.arn}, which is of another account"
            )
        elif not _is_on(found):
            yield _off(name, found, "managing", caller.account_id, None)


def _by_name(regions: tuple[RegionStatus, ...]) -> dict[str, RegionStatus]:
    return {region.name: region for region in regions}


def _is_on(status: RegionStatus | None) -> bool:
    return status is not None and status.is_enabled


def _off(name: str, status: RegionStatus | None, whose: str, account_id: str, severity: Severity | None) -> Problem:
    if status is None:
        return Problem(
            f"EC2 lists no region {name} to the {whose} account {account_id}",
            remediation=f"Correct {name!r} in regions or aws.defaultRegions, or write its availabilityZones.",
            evidence="ec2:DescribeRegions with all regions does not mention it: a wrong name, or a region of another partition",
            severity=severity,
        )
    return Problem(
        f"region {name} is not enabled in the {whose} account {account_id}",
        remediation=f"With credentials of account {account_id}: aws account enable-region --region-name {name}",
        evidence=f"ec2:DescribeRegions says {status.opt_in_status}",
        severity=severity,
    )


def _attempts_of_managing_identity(config: PreflightConfig, target: Target, known: Snapshot) -> Questions:
    """Only the managing identity's own attempts tell anything."""
    looked_up = looked_up_regions(config, target.account)
    if not config.role_is_known(target.account) or not looked_up:
        return
    yield caller_identity()
    caller = known[caller_identity()].value_or_none()
    if caller and is_managing_identity(config, caller.arn):
        yield caller_may_list_regions(config.aws_region)
        yield from (caller_may_list_zones(name) for name in _readable(looked_up))


@check(
    "ROLE007",
    "managing-identity-cannot-list-regions",
    Severity.FATAL,
    on=each_account,
    needs=_attempts_of_managing_identity,
    asks=(CALLER_IDENTITY, CALLER_REGIONS, CALLER_ZONES),
)
@says_whose_identity
def managing_identity_can_list_regions(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    The managing identity may call ec2:DescribeRegions, and ec2:DescribeAvailabilityZones in every region that clouddriver looks
    up when it starts. It is tried; undetermined where somebody else runs this.

    ## Why it matters
    clouddriver looks up regions and zones with its own credentials, not with the managed role. Where that is denied, the AWS
    account is dropped with the warning `Failed to parse aws account`, and the ECS account on it stops the start:
    `Credentials 'X' of type 'aws' cannot be found`.

    ## How to fix it
    Allow both actions to the managing identity. Or write `availabilityZones` for every region, those of
    `aws.defaultRegions` included: then nothing is looked up.
    """
    managed_role_arn(config, target)
    looked_up = looked_up_regions(config, target.account)
    if not looked_up:
        raise NotApplicable(_EVERY_ZONE_IS_WRITTEN)
    caller = facts[caller_identity()].require()
    if not is_managing_identity(config, caller.arn):
        raise Undetermined(f"{caller.arn} ran this, not the managing identity {config.managing_identity_arn}")
    identity = managing_identity(config, caller.arn)
    attempts: list[tuple[str, str, Attempt]] = []
    try:
        attempt = facts[caller_may_list_regions(config.aws_region)].require()
        attempts.append(("ec2:DescribeRegions", config.aws_region, attempt))
    except Verdict as verdict:
        yield verdict
    yield from _unreadable(*looked_up)
    for name in _readable(looked_up):
        try:
            attempts.append(("ec2:DescribeAvailabilityZones", name, facts[caller_may_list_zones(name)].require()))
        except Verdict as verdict:
            yield verdict
    for action in dict.fromkeys(action for action, _, _ in attempts):
        denied = [(region, attempt) for asked, region, attempt in attempts if asked == action and not attempt.allowed]
        if denied:
            yield _cannot_list(action, denied, identity)


def _cannot_list(action: str, denied: list[tuple[str, Attempt]], identity: str) -> Problem:
    regions = ", ".join(region for region, _ in denied)
    first = denied[0][1]
    denial = read_denial(first.error_message)
    off = [region for region, attempt in denied if attempt.error_code in _REGION_IS_OFF]
    mend = [f"Add this statement to a policy of {identity}:\n{_LISTING_STATEMENT}"] if len(off) < len(denied) else []
    mend += (
        [f"Enable {', '.join(off)} in the managing account: credentials are not known to a region that is off."] if off else []
    )
    return Problem(
        f"{identity.rpartition(':')[2]} may not call {action} in {regions}",
        remediation="\n".join(mend),
        evidence="\n".join((first.said, *((denial.sentence,) if denial else ()))),
    )
