"""clouddriver's account configuration, field for field: `aws.*` and `ecs.*` as its classes bind them.

clouddriver: `CredentialsConfig`, `AccountsConfiguration.Account`, `ECSCredentialsConfig`. A field left out has what clouddriver's
packaged configuration or class gives it.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import Annotated, TypeVar, cast

from pydantic import Field, PrivateAttr

from ecs_preflight.spinnaker.written import WrittenModel

# The file layer that clouddriver ships on its classpath (clouddriver-web/config/clouddriver.yml).
PACKAGED_FILE = "clouddriver's packaged clouddriver.yml"

Named = TypeVar("Named", "AwsAccount", "EcsAccount")


class OnUnlessFalse:
    """Marks a switch that Spring reads with @ConditionalOnProperty: whatever is present and not `false` is on."""


class Region(WrittenModel):
    """An element of `regions` or `defaultRegions`: a mapping, never a bare name."""

    name: str
    availability_zones: tuple[str, ...] = ()
    """Empty: clouddriver looks them up with the managing identity."""
    preferred_zones: tuple[str, ...] = ()
    deprecated: bool = False


class Permissions(WrittenModel):
    """Groups by authorization; clouddriver trims and lower-cases their names. Any other key stops clouddriver."""

    read: tuple[str, ...] = Field((), alias="READ")
    write: tuple[str, ...] = Field((), alias="WRITE")
    execute: tuple[str, ...] = Field((), alias="EXECUTE")
    create: tuple[str, ...] = Field((), alias="CREATE")


class LifecycleHook(WrittenModel):
    """An EC2 Auto Scaling lifecycle hook; nothing of ECS uses it."""

    name: str | None = None
    role_arn: str | None = Field(None, alias="roleARN")
    notification_target_arn: str | None = Field(None, alias="notificationTargetARN")
    lifecycle_transition: str | None = None
    heartbeat_timeout: int | None = None
    """Seconds."""
    default_result: str | None = None


class AwsAccount(WrittenModel):
    """An element of `aws.accounts`. `assume_role`, `session_name`, `default_key_pair`, `edda`, `front50`, `discovery`,
    `bastion_host` and the hooks' ARNs are templates of `{{name}}`, `{{accountId}}`, `{{environment}}`, `{{accountType}}`."""

    name: str
    account_id: str | None = None
    environment: str | None = None
    account_type: str | None = None
    enabled: bool = True
    assume_role: str | None = None
    session_name: str | None = None
    session_duration_seconds: int | None = None
    """Read from 1.37 on; does not reach an ECS account."""
    external_id: str | None = Field(None, repr=False)
    """Read from 1.23 on; does not reach an ECS account."""
    regions: tuple[Region, ...] = ()
    """Empty: all default regions."""
    default_key_pair: str | None = None
    default_security_groups: tuple[str, ...] = ()
    permissions: Permissions = Permissions()
    required_group_membership: tuple[str, ...] = ()
    lambda_enabled: bool = False
    edda: str | None = None
    edda_enabled: bool | None = None
    discovery: str | None = None
    discovery_enabled: bool | None = None
    front50: str | None = None
    front50_enabled: bool | None = None
    bastion_host: str | None = None
    bastion_enabled: bool | None = None
    lifecycle_hooks: tuple[LifecycleHook, ...] = ()
    allow_private_third_party_images: bool = False
    managing_account_profile: str | None = None
    """The base profile of this account, in releases of the monorepo; does not reach an ECS account."""


class LoadAccounts(WrittenModel):
    """`aws.loadAccounts`: how often clouddriver retries an account that does not parse."""

    multi_threading_enabled: bool = False
    number_of_threads: int = 15
    timeout_in_seconds: int = 180
    max_retries: int = 10
    back_off_in_ms: int = 5000
    exponential_backoff: bool = False
    exponential_backoff_multiplier: int = 2
    exponential_back_off_interval_ms: int = 10000
    use_managing_account_profile: bool = False


class _ByName:
    """Accounts by name, of two the last; made anew for other accounts. Never compared: it says nothing that they do not."""

    def __init__(self) -> None:
        self._of: tuple[object, dict[str, object]] = ((), {})

    def get(self, accounts: tuple[Named, ...], name: str | None) -> Named | None:
        of, found = self._of
        if of is not accounts:
            found = {account.name: account for account in accounts}
            self._of = (accounts, found)
        return None if name is None else cast("Named | None", found.get(name))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ByName)

    __hash__ = None  # type: ignore[assignment]


class AwsProvider(WrittenModel):
    """The `aws` block."""

    enabled: Annotated[bool, OnUnlessFalse()] = False
    access_key_id: str | None = Field(None, repr=False)
    secret_access_key: str | None = Field(None, repr=False)
    default_regions: tuple[Region, ...] = (Region(name="us-east-1"),)
    default_assume_role: str | None = None
    default_session_name: str | None = None
    default_session_duration_seconds: int | None = None
    """Read from 1.37 on; the only duration that reaches an ECS account."""
    default_key_pair_template: str | None = "{{name}}-keypair"
    default_edda_template: str | None = None
    default_front50_template: str | None = None
    default_discovery_template: str | None = None
    default_bastion_host_template: str | None = None
    default_security_groups: tuple[str, ...] = ()
    default_lifecycle_hooks: tuple[LifecycleHook, ...] = ()
    default_lifecycle_hook_role_arn_template: str | None = Field(None, alias="defaultLifecycleHookRoleARNTemplate")
    default_lifecycle_hook_notification_target_arn_template: str | None = Field(
        None, alias="defaultLifecycleHookNotificationTargetARNTemplate"
    )
    load_accounts: LoadAccounts = LoadAccounts()
    custom_property_binding_enabled: Annotated[bool, OnUnlessFalse()] = False
    """On: accounts come from Spring Cloud Config alone, and none from these files."""
    accounts: tuple[AwsAccount, ...] = ()

    _by_name: _ByName = PrivateAttr(default_factory=_ByName)

    def account(self, name: str | None) -> AwsAccount | None:
        """The account of exactly that name; of two, the last, as clouddriver keeps it."""
        return self._by_name.get(self.accounts, name)

    def near_misses(self, name: str) -> tuple[str, ...]:
        """Names of accounts that `name` may have meant, best first: its twelve digits, another case, a typo."""
        of_id = tuple(account.name for account in self.accounts if account.account_id == name)
        return tuple(dict.fromkeys((*of_id, *near_misses(name, tuple(account.name for account in self.accounts)))))

    @property
    def default_regions_are_packaged(self) -> bool:
        """Nobody wrote `defaultRegions`: clouddriver's own us-east-1 is in force."""
        written = self.written("default_regions")
        return written.location.file == PACKAGED_FILE if written else "default_regions" not in self.model_fields_set


class EcsAccount(WrittenModel):
    """An element of `ecs.accounts`: the only three fields that clouddriver binds there."""

    name: str
    aws_account: str | None = None
    """The name of an AWS account of Spinnaker's, never the 12 digits; None where the entry has none."""
    naming_strategy: str | None = None


class EcsProvider(WrittenModel):
    """The `ecs` block; clouddriver's packaged configuration has none."""

    enabled: Annotated[bool, OnUnlessFalse()] = False
    default_naming_strategy: str | None = "default"
    accounts: tuple[EcsAccount, ...] = ()

    @property
    def accounts_stated(self) -> bool:
        """Whether the key is there at all: clouddriver takes an empty list, and does not start without the key."""
        return "accounts" in self.model_fields_set

    _by_name: _ByName = PrivateAttr(default_factory=_ByName)

    def account(self, name: str) -> EcsAccount | None:
        return self._by_name.get(self.accounts, name)

    def naming_strategy_of(self, account: EcsAccount) -> str | None:
        """The account's own unless it is blank, else the default."""
        own = account.naming_strategy
        return own if own and own.strip() else self.default_naming_strategy


def near_misses(name: str, known: tuple[str, ...]) -> tuple[str, ...]:
    """What of `known` a person may have meant by `name`: the same in another case first, then what is spelled alike."""
    folded = tuple(
        candidate for candidate in known if candidate.casefold().strip() == name.casefold().strip() and candidate != name
    )
    return tuple(dict.fromkeys((*folded, *get_close_matches(name, known, n=3, cutoff=0.6))))
