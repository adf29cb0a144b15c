"""What several checks ask about identities: who is the managing identity, and which role it is to assume."""

from __future__ import annotations

from ecs_preflight.arn import Arn
from ecs_preflight.config import PreflightConfig
from ecs_preflight.findings import Blocked
from ecs_preflight.targets import Target


def managed_role_arn(config: PreflightConfig, target: Target) -> str:
    """The ARN of the role that clouddriver assumes for an ECS account; Blocked where the configuration gives none."""
    mapping = config.mapping(target.account)
    if mapping.role_arn is None or not config.role_is_known(target.account):
        written = mapping.role.written if mapping.role else None
        raise Blocked(f"the configuration gives no valid role ARN for {target.account!r} (assumeRole: {written})")
    return mapping.role_arn


def as_role_or_user(arn: str) -> str:
    """The principal behind a session: `assumed-role/NAME/SESSION` of STS is the role NAME, whose path a session loses."""
    parsed = Arn.parse(arn)
    if parsed is None or parsed.service != "sts" or parsed.resource_type != "assumed-role":
        return arn
    name = parsed.resource.split("/")[1]
    return f"arn:{parsed.partition}:iam::{parsed.account_id}:role/{name}"


def is_same_principal(arn: str, other: str) -> bool:
    """Whether two ARNs name one role or user; the path of a role, which sessions lose, is not compared."""
    one, two = Arn.parse(as_role_or_user(arn)), Arn.parse(as_role_or_user(other))
    if one is None or two is None:
        return arn == other
    return (one.partition, one.account_id, one.resource_type, one.resource_name) == (
        two.partition,
        two.account_id,
        two.resource_type,
        two.resource_name,
    )


def is_managing_identity(config: PreflightConfig, caller_arn: str) -> bool:
    """Whether the caller is who Spinnaker is. Where nobody is stated, the caller is taken for it."""
    stated = config.managing_identity_arn
    return stated is None or is_same_principal(caller_arn, stated)


def managing_identity(config: PreflightConfig, caller_arn: str) -> str:
    """The ARN that trust policies are evaluated for: as stated, else the role or user behind the caller."""
    return config.managing_identity_arn or as_role_or_user(caller_arn)
