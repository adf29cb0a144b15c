"""How to reach AWS: by which profile or session, region and endpoint. Holds no credentials of its own."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import botocore.config
import botocore.session

from ecs_preflight.aws import credentials, guard
from ecs_preflight.aws.credentials import Identity
from ecs_preflight.errors import AccessError


@dataclass(frozen=True)
class AwsAccess:
    """How a run reaches AWS.

    `profile` names a profile of the shared AWS configuration; `session` is a boto3 or botocore session to take the
    caller's credentials from (it stays in this process: an access that holds one cannot be pickled). With neither,
    boto's own chain finds the caller. `endpoint_url` serves every service from one address, as a local AWS does;
    without it boto's own settings (AWS_ENDPOINT_URL among them) hold.
    """

    profile: str | None = None
    region: str | None = None
    endpoint_url: str | None = None
    ca_bundle: str | None = None
    connect_timeout: float = 5.0
    """Seconds."""
    read_timeout: float = 20.0
    """Seconds."""
    concurrency: int = 16
    """Calls in flight at once."""
    source: str = "aws"
    """What the report says it looked at: aws or sandbox."""
    session: Any = field(default=None, repr=False, compare=False)

    def __getstate__(self) -> dict[str, Any]:
        if self.session is not None:
            raise AccessError(
                "an AwsAccess made from a session cannot leave its process: it would carry credentials",
                hint="Name a profile, or let boto's own chain find the credentials in the other process.",
            )
        return dict(self.__dict__)

    def caller_credentials(self) -> Any:
        """The caller's credentials as boto finds them; AccessError where there are none."""
        if self.profile and not self.session:
            return credentials.of_profile(self.profile)
        try:
            found = (self.session or botocore.session.Session()).get_credentials()
        except Exception as error:  # the chain fails in many ways; each is said with its cause
            raise AccessError(f"no AWS credentials: {error}", hint="Check --profile and the shared AWS configuration.") from error
        if found is None:
            raise AccessError(
                "no AWS credentials were found",
                hint="Set AWS_PROFILE or AWS_ACCESS_KEY_ID, give --profile, or judge what needs no AWS with --offline.",
            )
        return found

    def client_session(self) -> Any:
        """A botocore session whose clients sign as whoever is speaking, and only read."""
        session = botocore.session.Session()
        session.set_config_variable("sts_regional_endpoints", "regional")
        if self.ca_bundle:
            session.set_config_variable("ca_bundle", self.ca_bundle)
        credentials.install(session)
        guard.install(session)
        return session

    def client_config(self) -> botocore.config.Config:
        """botocore tries each call once: its retry state lives in the client, which all accounts share."""
        return botocore.config.Config(
            connect_timeout=self.connect_timeout,
            read_timeout=self.read_timeout,
            max_pool_connections=self.concurrency,
            retries={"total_max_attempts": 1},
            user_agent_extra="ecs-preflight",
        )


__all__ = ["AwsAccess", "Identity"]
