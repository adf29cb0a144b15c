"""One client per service and region, made once, serving every account."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from botocore.exceptions import BotoCoreError, InvalidRegionError

from ecs_preflight.aws.access import AwsAccess


class Clients:
    """The clients of a run. boto's sessions are not safe to share between threads while clients are made; its clients are."""

    def __init__(self, access: AwsAccess) -> None:
        self._access = access
        self._session = access.client_session()
        self._config = access.client_config()
        self._lock = threading.Lock()
        self._clients: dict[tuple[str, str], Any] = {}

    def prepare(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Make the clients for these (service, region) pairs, before any pool of threads is at work.

        One that cannot be made, as for a region that is no region's name, fails when it is called, and is told then.
        """
        for service, region in pairs:
            with suppress(BotoCoreError):
                self.client(service, region)

    def client(self, service: str, region: str) -> Any:
        """The one client of a service in a region."""
        found = self._clients.get((service, region))
        if found is not None:
            return found
        with self._lock:
            if (service, region) not in self._clients:
                self._clients[service, region] = self._made(service, region)
            return self._clients[service, region]

    def _made(self, service: str, region: str) -> Any:
        endpoint_url = self._access.endpoint_url
        try:
            return self._session.create_client(service, region_name=region, endpoint_url=endpoint_url, config=self._config)
        except ValueError as error:  # botocore's own for some names that make no endpoint
            raise InvalidRegionError(region_name=region) from error
