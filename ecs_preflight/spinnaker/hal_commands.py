"""The `hal` commands that create an account mapping, and clouddriver.yml for whoever leaves Halyard."""

from __future__ import annotations

import re
import shlex
from typing import Any

import yaml

from ecs_preflight.spinnaker.accounts import AwsAccount, AwsProvider, EcsAccount, EcsProvider
from ecs_preflight.spinnaker.clouddriver import Clouddriver
from ecs_preflight.spinnaker.mapping import AccountMapping
from ecs_preflight.spinnaker.secrets import is_secret_reference
from ecs_preflight.spinnaker.written import WrittenModel

_APPLY = "hal deploy apply"


def hal_commands(clouddriver: Clouddriver) -> tuple[str, ...]:
    """Every command in order, quoted for a shell: AWS accounts, ECS accounts, both providers on, deploy. No external id is in
    them: the shell takes it from a variable. See `hal_notes` for what Halyard cannot express."""
    aws_accounts = [_add_aws_account(clouddriver.aws, account) for account in clouddriver.aws.accounts]
    ecs_accounts = [_add_ecs_account(account) for account in clouddriver.ecs.accounts]
    return (
        *aws_accounts,
        *(["hal config provider aws enable"] if aws_accounts else []),
        *ecs_accounts,
        *(["hal config provider ecs enable"] if ecs_accounts else []),
        _APPLY,
    )


def hal_commands_of_mapping(aws: AwsProvider, mapping: AccountMapping) -> tuple[str, ...]:
    """The commands for one ECS account and the AWS account that it maps to."""
    accounts = (mapping.aws_account,) if mapping.aws_account else ()
    ecs = EcsProvider(accounts=(mapping.ecs_account,))
    return hal_commands(Clouddriver(aws=aws.model_copy(update={"accounts": accounts}), ecs=ecs))


def hal_notes(clouddriver: Clouddriver) -> tuple[str, ...]:
    """What has no flag and no key in Halyard, and goes to profiles/clouddriver-local.yml."""
    aws, ecs = clouddriver.aws, clouddriver.ecs
    notes = [
        f"ECS account {account.name}: namingStrategy {account.naming_strategy}"
        for account in ecs.accounts
        if account.naming_strategy
    ]
    if ecs.default_naming_strategy not in (None, "default"):
        notes.append(f"ecs.defaultNamingStrategy {ecs.default_naming_strategy}")
    for account in aws.accounts:
        notes.extend(f"AWS account {account.name}: {what}" for what in _inexpressible(account))
    if aws.default_assume_role:
        notes.append("aws.defaultAssumeRole has no flag: the role is written to every account")
    for field in ("default_session_name", "default_session_duration_seconds"):
        if getattr(aws, field) is not None:
            notes.append(f"aws.{AwsProvider.model_fields[field].alias} {getattr(aws, field)}")
    notes.extend(f"default region {region.name}: zones" for region in aws.default_regions if region.availability_zones)
    return tuple(notes)


def clouddriver_yaml(clouddriver: Clouddriver) -> str:
    """The `aws` and `ecs` blocks of clouddriver.yml, with what was written and no more. A secret becomes a placeholder such as
    `${AWS_PROD_EXTERNAL_ID}`, for the environment to fill."""
    blocks = {"aws": _plain(clouddriver.aws, "aws"), "ecs": _plain(clouddriver.ecs, "ecs")}
    return yaml.dump({key: block for key, block in blocks.items() if block}, Dumper=_Dumper, sort_keys=False, allow_unicode=True)


def secret_variable(*names: str) -> str:
    """The environment variable that stands for a secret: `AWS_PROD_EXTERNAL_ID`."""
    return "_".join(re.sub(r"[^A-Za-z0-9]+", "_", name).strip("_").upper() for name in names)


def _add_aws_account(aws: AwsProvider, account: AwsAccount) -> str:
    role = account.assume_role if account.assume_role is not None else aws.default_assume_role
    flags = (
        ("--account-id", account.account_id),
        ("--assume-role", role),
        ("--regions", ",".join(region.name for region in account.regions)),
        ("--environment", account.environment),
        ("--default-key-pair", account.default_key_pair),
        ("--edda", account.edda),
        ("--discovery", account.discovery),
        ("--lambda-enabled", "true" if account.lambda_enabled else None),
        ("--read-permissions", ",".join(account.permissions.read)),
        ("--write-permissions", ",".join(account.permissions.write)),
        ("--required-group-membership", ",".join(account.required_group_membership)),
    )
    command = _command("hal config provider aws account add", account.name, flags)
    if not account.external_id:
        return command
    if is_secret_reference(account.external_id):
        return f"{command} --external-id {shlex.quote(account.external_id)}"
    return f'{command} --external-id "${secret_variable("aws", account.name, "external_id")}"'


def _add_ecs_account(account: EcsAccount) -> str:
    return _command("hal config provider ecs account add", account.name, (("--aws-account", account.aws_account),))


def _command(words: str, name: str, flags: tuple[tuple[str, str | None], ...]) -> str:
    stated = [f"{flag} {shlex.quote(value)}" for flag, value in flags if value]
    return " ".join((words, shlex.quote(name), *stated))


def _inexpressible(account: AwsAccount) -> list[str]:
    notes = [f"region {region.name}: zones" for region in account.regions if region.availability_zones or region.preferred_zones]
    if account.session_name is not None:
        notes.append(f"sessionName {account.session_name} has no flag (a key of the halconfig)")
    if account.session_duration_seconds is not None:
        notes.append(f"sessionDurationSeconds {account.session_duration_seconds}")
    if not account.enabled:
        notes.append("enabled: false")
    if account.front50 or account.bastion_host or account.account_type:
        notes.append("front50, bastionHost, accountType")
    if account.lifecycle_hooks:
        notes.append("lifecycleHooks (the flags --launching-lifecycle-hook-... and --terminating-lifecycle-hook-...)")
    if account.permissions.execute or account.permissions.create:
        notes.append("permissions EXECUTE and CREATE")
    return notes


def _plain(model: WrittenModel, *names: str) -> dict[str, Any]:
    """What was written, by clouddriver's own spelling."""
    plain = {}
    for field, info in type(model).model_fields.items():
        value = getattr(model, field)
        if field not in model.model_fields_set or value is None:
            continue
        if not info.repr and value and not is_secret_reference(value) and not value.startswith("${"):
            value = f"${{{secret_variable(*names, field)}}}"
        plain[info.alias or field] = _value(value, names)
    return plain


def _value(value: Any, names: tuple[str, ...]) -> Any:
    if isinstance(value, WrittenModel):
        return _plain(value, *names)
    if isinstance(value, tuple):
        return [
            _plain(item, *names, getattr(item, "name", "") or "") if isinstance(item, WrittenModel) else item for item in value
        ]
    return value


class _Dumper(yaml.SafeDumper):
    """Quotes whatever starts like a number: SnakeYAML knows more of them than PyYAML does."""


def _quoted(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"' if re.match(r"[-+.\d]", text) else None)


_Dumper.add_representer(str, _quoted)
