"""What the sandbox's STS answers: who a caller is, and whether it may be someone else.

moto's AssumeRole succeeds on any role, denying ones and missing ones too; this one obeys the trust policy.
https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
"""

from __future__ import annotations

import re
from typing import Any

from ecs_preflight.arn import Arn
from ecs_preflight.sandbox.authorization import decide_assume_role
from ecs_preflight.sandbox.calls import Call, Refusal
from ecs_preflight.sandbox.keyring import Keyring, principal

_ROLE_ARN = re.compile(r"arn:[\w-]+:iam::\d{12}:role/[\w+=,.@/-]+")
_SESSION_NAME = re.compile(r"[\w+=,.@-]*")
_LONGEST_SESSION = 43200
_LONGEST_CHAINED_SESSION = 3600


def get_caller_identity(call: Call) -> dict[str, Any]:
    return {"UserId": call.caller.user_id, "Account": call.account_id, "Arn": call.caller.arn}


def assume_role(keyring: Keyring, call: Call) -> dict[str, Any]:
    role_arn, session_name = call.get("RoleArn", ""), call.get("RoleSessionName", "")
    seconds = call.get("DurationSeconds", 3600)
    _require_valid(role_arn, session_name, seconds)
    role = principal(role_arn)
    arn = Arn.parse(role_arn)
    # A missing role, and one of another partition, is denied in the same words: STS tells nobody what exists.
    if role is None or arn is None or arn.partition != call.partition:
        raise _denied(call, role_arn)
    if not decide_assume_role(call, role, call.get("ExternalId"), session_name).allowed:
        raise _denied(call, role_arn)
    _require_duration(call, role, seconds)
    keys = keyring.give_session(role, session_name, seconds)
    return {
        "Credentials": {
            "AccessKeyId": keys.access_key_id,
            "SecretAccessKey": keys.secret_access_key,
            "SessionToken": keys.session_token,
            "Expiration": keys.expires,
        },
        "AssumedRoleUser": {"AssumedRoleId": keys.caller.user_id, "Arn": keys.caller.arn},
    }


def _denied(call: Call, role_arn: str) -> Refusal:
    return Refusal(
        "AccessDenied",
        f"User: {call.caller.arn} is not authorized to perform: sts:AssumeRole on resource: {role_arn}",
        403,
    )


def _require_valid(role_arn: str, session_name: str, seconds: int) -> None:
    if not _ROLE_ARN.fullmatch(role_arn):
        raise Refusal("ValidationError", f"{role_arn} is invalid")
    if not _SESSION_NAME.fullmatch(session_name):
        raise _invalid(session_name, "roleSessionName", r"Member must satisfy regular expression pattern: [\w+=,.@-]*")
    if len(session_name) > 64:
        raise _invalid(session_name, "roleSessionName", "Member must have length less than or equal to 64")
    if seconds > _LONGEST_SESSION:
        raise _invalid(str(seconds), "durationSeconds", f"Member must have value less than or equal to {_LONGEST_SESSION}")


def _invalid(value: str, parameter: str, constraint: str) -> Refusal:
    return Refusal(
        "ValidationError",
        f"1 validation error detected: Value '{value}' at '{parameter}' failed to satisfy constraint: {constraint}",
    )


def _require_duration(call: Call, role: Any, seconds: int) -> None:
    """A session of a session lasts an hour at most, whatever the role allows.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html#iam-term-role-chaining
    """
    if seconds > int(role.max_session_duration or _LONGEST_CHAINED_SESSION):
        raise Refusal("ValidationError", "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.")
    if call.caller.is_session and call.caller.expires and seconds > _LONGEST_CHAINED_SESSION:
        raise Refusal(
            "ValidationError",
            "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining",
        )
