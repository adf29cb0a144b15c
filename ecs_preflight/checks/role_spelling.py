"""What is wrong with an assumeRole as it is written, and what to write instead."""

from __future__ import annotations

import re

from ecs_preflight.arn import Arn, partition_of_region
from ecs_preflight.spinnaker.accounts import AwsAccount
from ecs_preflight.spinnaker.mapping import AssumedRole, EffectiveRegion

# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html: names, paths, 64 characters
_PATH_AND_NAME = re.compile(r"(?:[!-.0-~]+/)*[\w+=,.@-]{1,64}", re.ASCII)
_ACCOUNT_ID = re.compile(r"[0-9]{12}")
_OTHER_TYPES = {"user": "an IAM user", "group": "a group", "instance-profile": "an instance profile", "policy": "a policy"}


def is_account_id(text: str | None) -> bool:
    """Whether these are the twelve digits of an AWS account."""
    return text is not None and _ACCOUNT_ID.fullmatch(text) is not None


def misspelling(role: AssumedRole, account: AwsAccount) -> str | None:
    """What is wrong, as the end of `the role of 'X' ...`; None where the ARN is that of a role of the account."""
    written = role.written or ""
    if role.arn is None:
        return f"cannot be rendered: {role.problem}"
    if role.unresolved:
        return f"keeps {', '.join(role.unresolved)}, which clouddriver does not know"
    if not written.strip():
        return "is blank, and a blank defeats defaultAssumeRole"
    if role.arn != role.arn.strip() or written != written.strip():
        return "begins or ends with a blank, which clouddriver keeps"
    arn = Arn.parse(role.arn)
    if arn is None:
        return "begins like an ARN, and has not its six parts"
    return _of_another_service(arn) or _no_role(arn.resource) or _of_another_account(arn, account)


def _of_another_service(arn: Arn) -> str | None:
    if arn.service == "sts":
        return "is the ARN of a session, not of the role behind it"
    if arn.service != "iam":
        return f"is an ARN of {arn.service or 'no service'}, not of iam"
    return "has a region in its ARN: those of IAM have none" if arn.region else None


def _no_role(resource: str) -> str | None:
    """What is wrong with what stands behind the account in the ARN."""
    kind, _, rest = resource.partition("/")
    if kind != "role":
        if resource.lower().startswith("arn:"):
            return f"begins with `{resource[:4]}` where `arn:` is due"
        if kind in _OTHER_TYPES:
            return f"is {_OTHER_TYPES[kind]}: only roles can be assumed"
        if resource.lstrip("/").lower().startswith("role/"):
            return f"begins with `{resource[: resource.lower().index('role/') + 5]}` where `role/` is due"
        return "lacks `role/` before its name"
    if rest.startswith("role/"):
        return "begins with `role/` twice"
    if not rest or rest.endswith("/"):
        return "ends before the name of the role"
    return None if _PATH_AND_NAME.fullmatch(rest) else "has a name that no role can have"


def _of_another_account(arn: Arn, account: AwsAccount) -> str | None:
    if not is_account_id(arn.account_id):
        return f"is of the account {arn.account_id!r}, and twelve digits are due"
    if is_account_id(account.account_id) and arn.account_id != account.account_id:
        return f"is of the account {arn.account_id}, and accountId says {account.account_id}"
    return None


def role_to_write(role: AssumedRole, account: AwsAccount, regions: tuple[EffectiveRegion, ...]) -> str:
    """The assumeRole that was probably meant; SpinnakerManaged stands for a name that cannot be guessed."""
    meant = _meant(role.arn or role.written or "")
    name = meant or "SpinnakerManaged"
    partition = next((partition_of_region(region.name) for region in regions), "aws")
    account_id = account.account_id if is_account_id(account.account_id) else "ACCOUNT_ID"
    whole = f"arn:{partition}:iam::{account_id}:role/{name}"
    short = f"role/{name}, or " if partition == "aws" else ""  # clouddriver puts arn:aws: before a short one
    known = "" if meant else ", with the name of your managed role"
    return f"Write assumeRole: {short}{whole}{known}."


def _meant(text: str) -> str | None:
    arn = Arn.parse(text.strip())
    resource = arn.resource if arn else text
    if resource.strip().lower().startswith("arn:"):  # an ARN put before an ARN
        resource = resource.rpartition(":")[2]
    if arn and arn.service == "sts":
        resource = resource.split("/")[1] if "/" in resource else ""
    kind, _, rest = resource.strip().lstrip("/").partition("/")
    while kind.lower() == "role" and rest:
        kind, _, rest = rest.partition("/")
    name = "" if kind in _OTHER_TYPES else f"{kind}/{rest}" if rest or resource.endswith("/") else kind
    return name if _PATH_AND_NAME.fullmatch(name) and name.lower() != "role" else None
