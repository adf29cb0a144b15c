"""One client per service and region, made once, serving every account."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from typing import Any

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
        """Make the clients for these (service, region) pairs, before any pool of threads is at work."""
        for service, region in pairs:
            self.client(service, region)

    def client(self, service: str, region: str) -> Any:
        """The one client of a service in a region."""
        found = self._clients.get((service, region))
        if found is not None:
            return found
        with self._lock:
            return self._clients.setdefault((service, region), self._made(service, region))

    def _made(self, service: str, region: str) -> Any:
        return self._session.create_client(
            service, region_name=region, endpoint_url=self._access.endpoint_url, config=self._config
        )
