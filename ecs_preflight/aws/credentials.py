"""Whose credentials sign a call: chosen per call, so that one client serves every account.

A client's signer asks its credentials for frozen ones at every request (botocore's RequestSigner). Ours look into a
ContextVar, and fail closed where nobody is bound.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

import botocore.session
from botocore.credentials import CredentialProvider, CredentialResolver, Credentials
from botocore.exceptions import BotoCoreError, CredentialRetrievalError

from ecs_preflight.arn import Arn
from ecs_preflight.errors import AccessError, ForbiddenCallError


@dataclass(frozen=True, slots=True)
class Identity:
    """One principal that can sign: its credentials are never shown."""

    asker: str
    arn: str
    credentials: Any = field(repr=False, compare=False)
    """botocore credentials; refreshable ones refresh themselves."""

    @property
    def account_id(self) -> str:
        arn = Arn.parse(self.arn)
        return arn.account_id if arn else ""

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must not be shown of them; nothing where they cannot be had any more."""
        try:
            frozen = self.frozen()
        except BotoCoreError:
            return ()
        return tuple(value for value in (frozen.secret_key, frozen.token) if value)

    def frozen(self) -> Any:
        """Keys to sign one request with. Raises botocore's CredentialRetrievalError where they cannot be refreshed."""
        try:
            return self.credentials.get_frozen_credentials()
        except BotoCoreError:
            raise
        except Exception as error:  # a refresh is a call of its own, or a program, and fails as those do
            raise CredentialRetrievalError(provider=self.asker, error_msg=str(error)) from error


_speaking: ContextVar[Identity | None] = ContextVar("ecs_preflight_identity", default=None)


@contextmanager
def speaking_as(identity: Identity) -> Iterator[None]:
    """Sign every call within the block as `identity`."""
    token = _speaking.set(identity)
    try:
        yield
    finally:
        _speaking.reset(token)


class _BoundCredentials(Credentials):  # type: ignore[misc]  # botocore is untyped
    """Credentials that are whoever is speaking."""

    def __init__(self) -> None:
        super().__init__("unbound", "unbound")

    def get_frozen_credentials(self) -> Any:
        identity = _speaking.get()
        if identity is None:
            raise ForbiddenCallError("a call was about to be signed while no identity was chosen for it")
        return identity.frozen()


class _BoundProvider(CredentialProvider):  # type: ignore[misc]  # botocore is untyped
    METHOD = "ecs-preflight-bound"

    def load(self) -> Credentials:
        return _BoundCredentials()


def of_profile(profile: str | None) -> Any:
    """The credentials of a profile of the shared AWS configuration; None is boto's own chain.

    Raises AccessError where there is no such profile, or it leads to no credentials.
    """
    named = f"the profile {profile!r}" if profile else "boto's chain of credentials"
    try:
        found = botocore.session.Session(profile=profile).get_credentials()
    except Exception as error:  # profiles fail in many ways; each is said with its cause
        raise AccessError(f"{named} cannot be used: {error}", hint="Check the shared AWS configuration.") from error
    if found is None:
        raise AccessError(f"{named} holds no credentials", hint="Check the shared AWS configuration.")
    return found


def of_session(asker: str, answer: Any) -> Identity:
    """The identity that sts:AssumeRole gave."""
    given = answer["Credentials"]
    keys = Credentials(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"])
    return Identity(asker, answer["AssumedRoleUser"]["Arn"], keys)


def install(session: Any) -> None:
    """Make every client of this botocore session sign as whoever is speaking."""
    session.register_component("credential_provider", CredentialResolver([_BoundProvider()]))
