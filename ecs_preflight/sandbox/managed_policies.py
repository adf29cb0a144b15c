"""AWS managed policies, as moto ships them: those that a world attaches, put where moto looks for them.

moto loads all of them or none, and all of them take seconds.
"""

from __future__ import annotations

import json
from difflib import get_close_matches
from functools import cache
from typing import Any

from moto.iam.aws_managed_policies import aws_managed_policies_data
from moto.iam.models import AWSManagedPolicy, iam_backends

from ecs_preflight.errors import InputError


def provide_managed_policy(name: str, account_id: str, partition: str) -> str:
    """Its ARN, once the account has the policy."""
    known = _shipped()
    if name not in known:
        near = get_close_matches(name, known, n=1)
        raise InputError(
            f"{name!r} is not an AWS managed policy that the sandbox knows",
            hint=f"Did you mean {near[0]!r}?" if near else "Write the document under `policies` instead.",
        )
    policy = AWSManagedPolicy.from_data(name, account_id, partition, known[name])
    iam_backends[account_id][partition].managed_policies.setdefault(policy.arn, policy)
    return str(policy.arn)


@cache
def _shipped() -> dict[str, dict[str, Any]]:
    return dict(json.loads(aws_managed_policies_data))
