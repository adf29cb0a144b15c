"""Every answer of the sandbox is asked for twice: of the moto in this process, and of its server over HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from ecs_preflight.sandbox.run import sandbox, serve
from ecs_preflight.sandbox.world import World
from tests.sandbox.builders import MANAGED_ROLE, client, config

MADE_UP = {"AccessKeyId": "AKIAMADEUPMADEUPMADE", "SecretAccessKey": "none", "SessionToken": "none"}


class Wire:
    """Makes clients of an open sandbox."""

    def __init__(self, endpoint_url: str | None) -> None:
        self._endpoint_url = endpoint_url

    def client(self, service: str, region: str = "us-east-1", keys: Any = None) -> Any:
        """A client with these keys; without any, the managing identity's."""
        return client(service, region, keys or MADE_UP, endpoint_url=self._endpoint_url)

    def assume(self, role_arn: str = MANAGED_ROLE, *, keys: Any = None, region: str = "us-east-1", **parameters: Any) -> Any:
        """The keys of a session."""
        sts = self.client("sts", region, keys)
        return sts.assume_role(RoleArn=role_arn, RoleSessionName="Spinnaker", **parameters)["Credentials"]


@pytest.fixture(params=["in process", "over HTTP"], scope="module")
def opened_on(request: pytest.FixtureRequest) -> Callable[[World], Any]:
    """Opens a world on one of the two wires."""

    @contextmanager
    def in_process(world: World) -> Iterator[Wire]:
        with sandbox(config(), world):
            yield Wire(None)

    @contextmanager
    def over_http(world: World) -> Iterator[Wire]:
        with serve(config(), world) as endpoint_url:
            yield Wire(endpoint_url)

    return in_process if request.param == "in process" else over_http
