"""One client per service and region, however many ask, and however at once."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import pytest
from botocore.exceptions import InvalidRegionError

from ecs_preflight.aws.access import AwsAccess
from ecs_preflight.aws.clients import Clients


class CountingSession:
    """Makes clients slowly enough for all threads to ask meanwhile."""

    def __init__(self) -> None:
        self.made: list[tuple[str, str]] = []
        self._pause = threading.Event()

    def create_client(self, service: str, *, region_name: str, **_: Any) -> object:
        if region_name == "no region":
            raise InvalidRegionError(region_name=region_name)
        self.made.append((service, region_name))
        self._pause.wait(0.02)
        return object()


@dataclass(frozen=True)
class CountingAccess(AwsAccess):
    counting: CountingSession = field(default_factory=CountingSession)

    def client_session(self) -> Any:
        return self.counting


PAIRS = [(service, region) for service in ("ecs", "sts") for region in ("us-east-1", "eu-west-1")]


def test_however_many_threads_ask_each_client_is_made_once() -> None:
    access = CountingAccess()
    clients = Clients(access)
    ready = threading.Barrier(16)

    def asks(_: int) -> list[Any]:
        ready.wait()
        return [clients.client(*pair) for pair in PAIRS]

    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(asks, range(16)))
    assert sorted(access.counting.made) == sorted(PAIRS)
    assert all(answer == answers[0] for answer in answers)
    assert len(set(map(id, answers[0]))) == len(PAIRS)


def test_prepared_clients_are_the_ones_that_are_used() -> None:
    access = CountingAccess()
    clients = Clients(access)
    clients.prepare([("ecs", "no region"), *PAIRS])

    assert access.counting.made == PAIRS
    clients.client("ecs", "us-east-1")
    assert access.counting.made == PAIRS
    with pytest.raises(InvalidRegionError):
        clients.client("ecs", "no region")


def test_a_client_is_made_as_the_access_says() -> None:
    access = AwsAccess(endpoint_url="http://127.0.0.1:1", connect_timeout=1.5, read_timeout=2.5, concurrency=7)
    client = Clients(access).client("ecs", "eu-west-1")

    assert client.meta.endpoint_url == "http://127.0.0.1:1"
    assert client.meta.region_name == "eu-west-1"
    assert client.meta.config.connect_timeout == 1.5
    assert client.meta.config.read_timeout == 2.5
    assert client.meta.config.max_pool_connections == 7
    assert client.meta.config.retries["total_max_attempts"] == 1
