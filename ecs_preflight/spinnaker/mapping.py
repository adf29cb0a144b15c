"""What an ECS account comes to once its AWS account is found: the role, the two sessions, the regions.

clouddriver: `EcsAccountBuilder`, `AmazonCredentialsParser`, `AssumeRoleAmazonCredentials` and its
`NetflixSTSAssumeRoleSessionCredentialsProvider`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from ecs_preflight.spinnaker.accounts import AwsAccount, AwsProvider, EcsAccount, Region
from ecs_preflight.spinnaker.secrets import is_opaque, is_secret_reference
from ecs_preflight.spinnaker.templates import Rendered, render
from ecs_preflight.spinnaker.versions import SpinnakerVersion, is_at_least

DEFAULT_SESSION_NAME = "Spinnaker"
# The AWS SDK's STSAssumeRoleSessionCredentialsProvider.DEFAULT_DURATION_SECONDS.
DEFAULT_SESSION_DURATION_SECONDS = 900


@dataclass(frozen=True, slots=True)
class AssumedRole:
    """The role that clouddriver assumes: `written` is the template in force, `arn` what reaches STS, or None and a `problem`."""

    written: str | None
    arn: str | None
    unresolved: tuple[str, ...] = ()
    problem: str | None = None

    @property
    def is_opaque(self) -> bool:
        """The ARN holds something that only Spinnaker can read, so nothing can be said of it here."""
        return is_opaque(self.arn)


@dataclass(frozen=True, slots=True)
class RoleSession:
    """What one AssumeRole call asks for. Session E is the ECS account's, session A the AWS account's; tags, policies and source
    identity are never sent."""

    role_arn: str | None
    session_name: str | None
    external_id: str | None = field(repr=False)
    duration_seconds: int
    duration_is_stated: bool
    """False: clouddriver leaves it to the SDK, whose default is 900 seconds."""


@dataclass(frozen=True, slots=True)
class EffectiveRegion:
    """A region that clouddriver serves for an account, with the zones it would use."""

    name: str
    availability_zones: tuple[str, ...]
    preferred_zones: tuple[str, ...]
    written: Region
    """The entry that names it: the account's own, or the default region's where the account has none."""

    @property
    def is_looked_up(self) -> bool:
        """clouddriver asks AWS for the zones, as the managing identity, at every start."""
        return not self.availability_zones


@dataclass(frozen=True, slots=True)
class AccountMapping:
    """An ECS account, its AWS account (None: there is none of that name) and what follows."""

    ecs_account: EcsAccount
    aws_account: AwsAccount | None
    role: AssumedRole | None
    session_e: RoleSession | None
    session_a: RoleSession | None
    regions: tuple[EffectiveRegion, ...]

    @property
    def role_arn(self) -> str | None:
        """The ARN where it is known: not where it is missing, and not where it is opaque."""
        return self.role.arn if self.role and not self.role.is_opaque else None

    @property
    def account_id(self) -> str | None:
        """The AWS account's digits where they are known."""
        written = self.aws_account.account_id if self.aws_account else None
        return None if is_opaque(written) else written


def mapping_of(aws: AwsProvider, ecs_account: EcsAccount, version: SpinnakerVersion | None) -> AccountMapping:
    """The whole of it. An unstated version counts as the newest."""
    account = aws.account(ecs_account.aws_account)
    if account is None:
        return AccountMapping(ecs_account, None, None, None, None, ())
    role = effective_assume_role(aws, account)
    session_a = session_of_aws_account(aws, account, version)
    return AccountMapping(
        ecs_account, account, role, session_of_ecs_account(aws, account, version), session_a, effective_regions(aws, account)
    )


def effective_assume_role(aws: AwsProvider, account: AwsAccount) -> AssumedRole:
    """What does not start with `arn:` goes behind `arn:aws:iam::ID:`, in China too; a blank `assumeRole` defeats the default."""
    written = account.assume_role if account.assume_role is not None else aws.default_assume_role
    if written is None:
        return AssumedRole(None, None, (), "there is neither an assumeRole nor a defaultAssumeRole")
    rendered = render(written, _substitutions(account))
    if rendered.text is None:
        return AssumedRole(written, None, (), rendered.problem)
    if rendered.text.startswith(("arn:", "${")) or is_secret_reference(rendered.text):
        return AssumedRole(written, rendered.text, rendered.unresolved)
    if account.account_id is None:
        return AssumedRole(written, None, rendered.unresolved, "there is no accountId to make an ARN of")
    return AssumedRole(written, f"arn:aws:iam::{account.account_id}:{rendered.text}", rendered.unresolved)


def effective_session_name(aws: AwsProvider, account: AwsAccount) -> Rendered:
    """`Spinnaker` unless something is written; a blank is written too, and STS refuses it."""
    written = account.session_name if account.session_name is not None else aws.default_session_name
    return Rendered(DEFAULT_SESSION_NAME) if written is None else render(written, _substitutions(account))


def session_of_ecs_account(aws: AwsProvider, account: AwsAccount, version: SpinnakerVersion | None) -> RoleSession:
    """Session E: EcsAccountBuilder copies neither the external id nor the account's own duration."""
    duration = aws.default_session_duration_seconds if is_at_least(version, "1.37") is not False else None
    return _session(aws, account, None, duration)


def session_of_aws_account(aws: AwsProvider, account: AwsAccount, version: SpinnakerVersion | None) -> RoleSession:
    """Session A: with the external id (from 1.23) and the account's own duration (from 1.37)."""
    own = account.session_duration_seconds
    stated = own if own is not None else aws.default_session_duration_seconds
    duration = stated if is_at_least(version, "1.37") is not False else None
    external_id = account.external_id if is_at_least(version, "1.23") is not False else None
    return _session(aws, account, external_id, duration)


def effective_regions(aws: AwsProvider, account: AwsAccount) -> tuple[EffectiveRegion, ...]:
    """The account's regions, else all default regions. A region without zones takes those of the default region of its name."""
    defaults = {region.name: region for region in aws.default_regions}
    effective = []
    for region in account.regions or aws.default_regions:
        zones_of = region if region.availability_zones else defaults.get(region.name, region)
        zones = zones_of.availability_zones
        preferred = tuple(zone for zone in zones_of.preferred_zones if zone in zones) or zones
        effective.append(EffectiveRegion(region.name, zones, preferred, region))
    return tuple(effective)


def regions_looked_up(aws: AwsProvider) -> tuple[str, ...]:
    """The regions without zones, default ones too: clouddriver looks them up at every start, as the managing identity."""
    accounts = [account for account in aws.accounts if account.enabled]
    if not accounts:
        return ()
    of_accounts = [region.name for account in accounts for region in effective_regions(aws, account) if region.is_looked_up]
    defaults = [region.name for region in aws.default_regions if not region.availability_zones]
    return tuple(dict.fromkeys((*defaults, *of_accounts)))


def sts_region(role_arn: str, environment_region: str) -> str:
    """Where clouddriver calls STS: fixed for GovCloud and China, else where its environment puts it (`spinnaker.aws_region`)."""
    if "aws-us-gov" in role_arn:
        return "us-gov-west-1"
    return "cn-north-1" if "aws-cn" in role_arn else environment_region


def _session(aws: AwsProvider, account: AwsAccount, external_id: str | None, duration: int | None) -> RoleSession:
    return RoleSession(
        role_arn=effective_assume_role(aws, account).arn,
        session_name=effective_session_name(aws, account).text,
        external_id=external_id,
        duration_seconds=DEFAULT_SESSION_DURATION_SECONDS if duration is None else duration,
        duration_is_stated=duration is not None,
    )


def _substitutions(account: AwsAccount) -> dict[str, str]:
    environment = account.environment if account.environment is not None else account.name
    account_type = account.account_type if account.account_type is not None else account.name
    named = {"name": account.name, "environment": environment, "accountType": account_type}
    return named if account.account_id is None else {**named, "accountId": account.account_id}
