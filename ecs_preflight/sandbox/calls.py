"""One call to the simulated AWS, and the two ways in which it can be answered: with a value, or with a refusal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ecs_preflight.arn import Arn


@dataclass(frozen=True, slots=True)
class Caller:
    """Whose key signed a call."""

    arn: str
    """As sts:GetCallerIdentity gives it: of a role it is the session's."""
    principal_arn: str
    """The role or user whose policies hold."""
    user_id: str = ""
    expires: datetime | None = None
    seeds: bool = False
    """The sandbox itself, at work on the account's contents."""

    @property
    def account_id(self) -> str:
        arn = Arn.parse(self.arn)
        return arn.account_id if arn else ""

    @property
    def is_session(self) -> bool:
        """Whether it is a session of a role."""
        return self.arn != self.principal_arn


@dataclass(frozen=True, slots=True)
class Call:
    """An API operation as it arrived: botocore's names of service and operation, parameters as the API names them."""

    service: str
    operation: str
    region: str
    partition: str
    caller: Caller
    parameters: Mapping[str, Any]

    @property
    def account_id(self) -> str:
        return self.caller.account_id

    @property
    def action(self) -> str:
        """The IAM action that it takes."""
        return f"{_PREFIXES.get(self.service, self.service)}:{self.operation}"

    def get(self, name: str, otherwise: Any = None) -> Any:
        found = self.parameters.get(name)
        return otherwise if found is None else found

    def arn(self, resource: str, service: str | None = None) -> str:
        """The ARN of a resource of this call's account and region; IAM's have no region."""
        service = service or self.service
        return f"arn:{self.partition}:{service}:{'' if service == 'iam' else self.region}:{self.account_id}:{resource}"


# Where IAM's prefix is not botocore's name of the service.
_PREFIXES = {
    "service-quotas": "servicequotas",
    "elbv2": "elasticloadbalancing",
    "elb": "elasticloadbalancing",
    "awslambda": "lambda",
    "applicationautoscaling": "application-autoscaling",
    "resourcegroupstaggingapi": "tag",
}


class Refusal(Exception):
    """An error that AWS answers with: its code, its words, its HTTP status."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status
