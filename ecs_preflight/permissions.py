"""IAM policies ready to paste: what this run needs, and what Spinnaker and its managed roles need."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, Literal

from ecs_preflight.arn import Arn
from ecs_preflight.checks.fargate_execution import is_execution_role
from ecs_preflight.checks.used_roles import used_roles
from ecs_preflight.config import PreflightConfig
from ecs_preflight.facts import Asker, Kind
from ecs_preflight.plan import Plan
from ecs_preflight.spinnaker.requirements import Need, Session, requirements_of
from ecs_preflight.spinnaker.versions import is_at_least

LEGACY_SERVICES = ("ecs.amazonaws.com", "application-autoscaling.amazonaws.com")
ECS_TASKS = "ecs-tasks.amazonaws.com"
_UNSTATED = "arn:aws:iam::MANAGING_ACCOUNT_ID:role/MANAGING_ROLE"
_NEEDS_NO_PERMISSION = "sts:GetCallerIdentity"
_ON_EVERYTHING = ("iam:PassRole", "iam:CreateServiceLinkedRole", "sts:AssumeRole")


def policies_of_preflight(plan: Plan) -> str:
    """A JSON object: for each identity that this run asks with, the identity policy that it needs."""
    actions: dict[str, set[str]] = {"caller": set()}
    for kind in plan.kinds:
        for identity in _ask_as(kind, plan.config):
            actions.setdefault(identity, set()).update((*kind.actions, *kind.optional_actions))
    assumed = _reader_arns(plan.config) if "reader" in actions else []
    if "managed role" in actions or "sts:AssumeRole" in actions["caller"]:
        assumed = [*_role_arns(plan.config), *assumed]
    documents: dict[str, Any] = {}
    for identity in sorted(actions):
        looked_at = actions[identity] - {_NEEDS_NO_PERMISSION, "sts:AssumeRole"}
        statements = [_allow(looked_at)] if looked_at else []
        if identity == "caller":
            statements += _assume(assumed)
        if statements:
            documents[identity] = _document(statements)
    return _text(documents)


def policies_of_spinnaker(config: PreflightConfig, of: Literal["managing", "managed"]) -> str:
    """A JSON object: the managing identity's policy, or for each managed role its trust policy and permissions.

    The trust policies are the guide's: both services up to Spinnaker 1.18, and while no version is stated.
    """
    if of == "managing":
        looked_up = {"ec2:DescribeRegions", "ec2:DescribeAvailabilityZones"}
        return _text({"permissions": _document([_allow(looked_up), *_assume(_role_arns(config))])})
    documents: dict[str, Any] = {}
    for role_arn in _role_arns(config):
        documents[role_arn] = {
            "trust_policy": trust_policy_of_managed_role(config, role_arn),
            "permissions": _document(_permissions_of_managed_role(config, role_arn)),
        }
    documents["task roles"] = {"trust_policy": trust_policy_of_task_role()}
    return _text(documents)


def trust_policy_of_managed_role(config: PreflightConfig, role_arn: str) -> dict[str, Any]:
    """Who must be able to assume a managed role: the managing identity, and the services that its version passes the role to."""
    services: list[str] = []
    if _is_passed_itself(config):
        services += LEGACY_SERVICES
    if is_execution_role(config, role_arn):
        services.append(ECS_TASKS)
    statements = [_trust({"AWS": config.managing_identity_arn or _UNSTATED})]
    if services:
        statements.append(_trust({"Service": services}))
    return _document(statements)


def trust_policy_of_task_role() -> dict[str, Any]:
    """Who must be able to assume a task role or a task execution role: the guide's second policy, mended."""
    return _document([_trust({"Service": ECS_TASKS})])


def _permissions_of_managed_role(config: PreflightConfig, role_arn: str) -> list[dict[str, Any]]:
    called = {
        requirement.action
        for requirement in requirements_of(config.version)
        if requirement.session is not Session.MANAGING and requirement.need is not Need.NOISE
    }
    account_of_role = Arn.parse(role_arn)
    partition, account_id = (account_of_role.partition, account_of_role.account_id) if account_of_role else ("aws", "*")
    statements = [_allow(called.difference(_ON_EVERYTHING))]
    if "iam:PassRole" in called:
        statements.append(
            {
                "Effect": "Allow",
                "Action": "iam:PassRole",
                "Resource": sorted(_passed_roles(config, role_arn)) or f"arn:{partition}:iam::{account_id}:role/*",
                "Condition": {"StringEquals": {"iam:PassedToService": ECS_TASKS}},
            }
        )
        if _is_passed_itself(config):
            statements.append(
                {
                    "Effect": "Allow",
                    "Action": "iam:PassRole",
                    "Resource": role_arn,
                    "Condition": {"StringEquals": {"iam:PassedToService": list(LEGACY_SERVICES)}},
                }
            )
    if "iam:CreateServiceLinkedRole" in called:
        names = ["ecs.amazonaws.com", "ecs.application-autoscaling.amazonaws.com"]
        statements.append(
            {
                "Effect": "Allow",
                "Action": "iam:CreateServiceLinkedRole",
                "Resource": f"arn:{partition}:iam::{account_id}:role/aws-service-role/*",
                "Condition": {"StringEquals": {"iam:AWSServiceName": names}},
            }
        )
    return statements


def _passed_roles(config: PreflightConfig, role_arn: str) -> set[str]:
    """The task and execution roles that are named for the accounts of a managed role."""
    prefix = role_arn.partition(":role/")[0]
    named: set[str] = {role_arn} if is_execution_role(config, role_arn) else set()
    for account in _accounts_of(config, role_arn):
        roles = {use.written for use in used_roles(config, account)}
        named.update(role if role.startswith("arn:") else f"{prefix}:role/{role}" for role in roles)
    return named


def _is_passed_itself(config: PreflightConfig) -> bool:
    """Up to 1.18 clouddriver passes the managed role to CreateService and RegisterScalableTarget; so does an unstated version."""
    return is_at_least(config.version, "1.19") is not True


def _accounts_of(config: PreflightConfig, role_arn: str) -> list[str]:
    return [account.name for account in config.ecs_accounts if _role_arn(config, account.name) == role_arn]


def _role_arns(config: PreflightConfig) -> list[str]:
    return list(dict.fromkeys(arn for account in config.ecs_accounts if (arn := _role_arn(config, account.name))))


def _role_arn(config: PreflightConfig, account: str) -> str | None:
    mapping = config.mapping_or_none(account)
    return mapping.role_arn if mapping and config.role_is_known(account) else None


_CALLED = {Asker.CALLER: "caller", Asker.READER: "reader", Asker.ECS_SESSION: "managed role", Asker.AWS_SESSION: "managed role"}


def _ask_as(kind: Kind[Any], config: PreflightConfig) -> set[str]:
    """The identities that will answer: for each account the first of the kind's askers that it has."""
    is_of_accounts = Asker.ECS_SESSION in kind.askers
    accounts = [account.name for account in config.ecs_accounts] if is_of_accounts else [""]
    return {
        _CALLED[next(asker for asker in kind.askers if asker is not Asker.READER or config.reader(account))]
        for account in accounts
    }


def _reader_arns(config: PreflightConfig) -> list[str]:
    readers = (config.reader(account) for account in ("", *(account.name for account in config.ecs_accounts)))
    return list(dict.fromkeys(reader.role_arn for reader in readers if reader and reader.role_arn))


def _document(statements: list[dict[str, Any]]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": statements}


def _allow(actions: Iterable[str]) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": sorted(actions), "Resource": "*"}


def _assume(role_arns: list[str]) -> list[dict[str, Any]]:
    return [{"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": role_arns}] if role_arns else []


def _trust(principal: dict[str, Any]) -> dict[str, Any]:
    return {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}


def _text(document: dict[str, Any]) -> str:
    return json.dumps(document, indent=2) + "\n"
