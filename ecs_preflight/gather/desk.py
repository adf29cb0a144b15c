"""Who asks: the caller, the managed role in its two sessions, the reader. Each is made once, and only when needed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from ecs_preflight.arn import Arn, partition_of_region, region_of_iam
from ecs_preflight.aws.access import AwsAccess
from ecs_preflight.aws.credentials import Identity, of_profile, of_session
from ecs_preflight.aws.failures import AwsFailure, FailureKind
from ecs_preflight.aws.gateway import Gateway
from ecs_preflight.aws.operations import ASSUME_ROLE, GET_CALLER_IDENTITY
from ecs_preflight.config import PreflightConfig
from ecs_preflight.errors import AccessError
from ecs_preflight.facts import Asker, Question, secret_token
from ecs_preflight.preflight_file import Reader
from ecs_preflight.spinnaker.mapping import AccountMapping
from ecs_preflight.spinnaker.mapping import sts_region as sts_region_of
from ecs_preflight.spinnaker.secrets import is_opaque

T = TypeVar("T")


class Desk:
    """The identities of one run in one process, and the gateway they speak through."""

    def __init__(self, config: PreflightConfig, access: AwsAccess, salt: str, gateway: Gateway | None = None) -> None:
        self.config = config
        self.salt = salt
        self.gateway = gateway or Gateway(access)
        self._access = access
        self._lock = threading.Lock()
        self._made: dict[Hashable, _Once] = {}

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """What `make` gives, or raises, the first time; the same to everybody after that."""
        with self._lock:
            once = self._made.setdefault(key, _Once())
        return once.get(make)  # type: ignore[no-any-return]

    def token(self, secret: str) -> str:
        return secret_token(secret, self.salt)

    def identity(self, asker: Asker, question: Question[Any]) -> Identity | None:
        """Whose credentials to ask a question with; None where this asker does not exist or has no business there.

        Raises AwsFailure where the identity could not be had.
        """
        if asker is Asker.CALLER:
            identity: Identity | None = self.caller()
        elif asker is Asker.READER:
            identity = self.reader(question.account)
        else:
            identity = self.session(question.account, asker)
        expected = self._account_asked_about(question)
        if identity is None or not expected or identity.account_id == expected:
            return identity
        if asker is Asker.CALLER:
            return None  # the caller reads IAM of its own account only
        raise AwsFailure(
            question.kind.actions[0],
            FailureKind.REFUSED,
            "WrongAccount",
            f"the {identity.asker} is {identity.arn}, not a principal of account {expected}",
        )

    def caller(self) -> Identity:
        """Whoever runs the preflight."""
        return self.once("caller", lambda: self._identified("caller", self._access.caller_credentials(), self.sts_region()))

    def session(self, account: str, session: Asker) -> Identity:
        """The managed role as clouddriver assumes it for an ECS account (E) or its AWS account (A)."""
        return self.once(("session", account, session), lambda: self._assumed(self.mapping(account), session))

    def reader(self, account: str) -> Identity | None:
        """The auditor that preflight.yml names for an account; None where it names none."""
        reader = self.config.reader(account)
        return self.once(("reader", reader), lambda: self._read_by(reader)) if reader else None

    def mapping(self, account: str) -> AccountMapping:
        return self.config.mapping(account)

    def sts_region(self, role_arn: str | None = None) -> str:
        """Where clouddriver calls STS to assume a role; without one, where its environment puts it."""
        return sts_region_of(role_arn or "", self.config.aws_region)

    def iam_region(self, account: str) -> str:
        """IAM is one endpoint per partition; this is the region that signs for it."""
        mapping = self.config.mapping_or_none(account) if account else None
        arn = Arn.parse((mapping.role_arn if mapping else None) or self.config.managing_identity_arn or "")
        partition = arn.partition if arn else partition_of_region(self.config.aws_region)
        return region_of_iam(partition)

    def _assumed(self, mapping: AccountMapping, session: Asker) -> Identity:
        """As clouddriver does it: role, session name, duration and external id, and nothing else."""
        shape = mapping.session_e if session is Asker.ECS_SESSION else mapping.session_a
        if shape is None or mapping.role_arn is None:
            raise AwsFailure("sts:AssumeRole", FailureKind.REFUSED, "NoRole", "the configuration names no role to assume")
        for name, value in (("session name", shape.session_name), ("external id", shape.external_id)):
            if is_opaque(value):
                raise AwsFailure(
                    "sts:AssumeRole", FailureKind.UNSENT, "ReadBySpinnaker", f"the {name} is read by Spinnaker alone"
                )
        parameters: dict[str, Any] = {
            "RoleArn": mapping.role_arn,
            "RoleSessionName": shape.session_name,
            "DurationSeconds": shape.duration_seconds,
        }
        if shape.external_id is not None:
            parameters["ExternalId"] = shape.external_id
        answer = self.gateway.call(
            ASSUME_ROLE,
            self.caller(),
            self.sts_region(mapping.role_arn),
            secrets=(shape.external_id or "",),
            **parameters,
        )
        return of_session(session.value, answer)

    def _read_by(self, reader: Reader) -> Identity:
        if reader.role_arn:
            answer = self.gateway.call(
                ASSUME_ROLE,
                self.caller(),
                self.sts_region(reader.role_arn),
                RoleArn=reader.role_arn,
                RoleSessionName="ecs-preflight",
            )
            return of_session("reader", answer)
        try:
            credentials = of_profile(reader.profile)
        except AccessError as error:
            hint = "It is the `reader` of preflight.yml: name another, or mend the shared AWS configuration."
            raise AccessError(f"IAM cannot be read: {error.message}", hint=hint) from error
        return self._identified("reader", credentials, self.sts_region())

    def _identified(self, asker: str, credentials: Any, region: str) -> Identity:
        unnamed = Identity(asker, "", credentials)
        answer = self.gateway.call(GET_CALLER_IDENTITY, unnamed, region)
        return Identity(asker, answer["Arn"], credentials)

    def _account_asked_about(self, question: Question[Any]) -> str:
        """The AWS account that an answer must come from; empty where any will do: names of roles mean something in one only."""
        if question.kind.askers == (Asker.CALLER,):
            return ""
        named = self.mapping(question.account).role_arn if question.account else "".join(question.arguments[:1])
        arn = Arn.parse(named or "")
        return arn.account_id if arn else ""


class _Once:
    """A value, or the exception that it ended in, made by the first who asks."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._value: Any = None
        self._error: Exception | None = None
        self._done = False

    def get(self, make: Callable[[], Any]) -> Any:
        with self._lock:
            if not self._done:
                try:
                    self._value = make()
                except Exception as error:  # noqa: BLE001  # kept, to be raised to everybody who asks
                    self._error = error
                self._done = True
        if self._error is not None:
            raise self._error
        return self._value
