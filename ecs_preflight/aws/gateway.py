"""Every call to AWS goes through here: signed by whom the caller says, retried by account and region, counted, translated."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from ecs_preflight.aws.access import AwsAccess
from ecs_preflight.aws.clients import Clients
from ecs_preflight.aws.credentials import Identity, speaking_as
from ecs_preflight.aws.failures import BOTOCORE_ERRORS, AwsFailure, FailureKind, translate
from ecs_preflight.aws.operations import Operation

_ATTEMPTS = 6
_LONGEST_WAIT = 8.0  # seconds


class Gateway:
    """One per run and process. Safe to use from many threads."""

    def __init__(self, access: AwsAccess, *, sleep: Callable[[float], None] = time.sleep) -> None:
        self.clients = Clients(access)
        self._sleep = sleep
        self._lock = threading.Lock()
        self._calls: Counter[str] = Counter()
        self._not_before: dict[tuple[str, str, str], float] = {}

    @property
    def calls(self) -> dict[str, int]:
        """How often each IAM action was called, retries counted."""
        with self._lock:
            return dict(self._calls)

    def call(self, operation: Operation, identity: Identity, region: str, secrets: Iterable[str] = (), **parameters: Any) -> Any:
        """The answer to one call, as botocore parses it.

        Throttling and passing faults are tried again with growing pauses, kept per account, region and service, so
        that one throttled account slows no other. Raises AwsFailure when there is no answer.
        """
        lane = (identity.account_id, region, operation.service)
        for attempt in range(1, _ATTEMPTS + 1):
            self._wait(lane)
            try:
                return self._once(operation, identity, region, parameters)
            except BOTOCORE_ERRORS as error:
                failure = translate(operation.action, error, (*identity.secrets, *secrets))
                if attempt == _ATTEMPTS or not failure.is_worth_retrying:
                    raise failure from None  # the cause may spell out what was sent
                self._hold(lane, attempt)
        raise AssertionError("the loop returns or raises")

    def pages(self, operation: Operation, identity: Identity, region: str, **parameters: Any) -> Iterator[Any]:
        """Every item of a listing, page after page. Raises AwsFailure where a page fails, after the items before it."""
        if operation.token is None:
            yield from self.call(operation, identity, region, **parameters)[operation.items]
            return
        sent, received = operation.token
        page = self.call(operation, identity, region, **parameters)
        seen: set[str] = set()
        while True:
            yield from page.get(operation.items, ())
            token = page.get(received)
            if not token:
                return
            if token in seen:
                raise AwsFailure(operation.action, FailureKind.REFUSED, "RepeatedToken", "the same page was given twice")
            seen.add(token)
            page = self.call(operation, identity, region, **parameters, **{sent: token})

    def batches(
        self, operation: Operation, identity: Identity, region: str, names: Iterable[str], **parameters: Any
    ) -> Iterator[Any]:
        """The answers to a call that takes a bounded number of names, one for each batch of them."""
        if operation.batch is None:
            raise TypeError(f"{operation.name} takes no list of names")
        member, size = operation.batch
        wanted = list(names)
        for start in range(0, len(wanted), size):
            yield self.call(operation, identity, region, **parameters, **{member: wanted[start : start + size]})

    def _once(self, operation: Operation, identity: Identity, region: str, parameters: dict[str, Any]) -> Any:
        client = self.clients.client(operation.service, region)
        with self._lock:
            self._calls[operation.action] += 1
        with speaking_as(identity):
            return getattr(client, operation.method)(**parameters)

    def _wait(self, lane: tuple[str, str, str]) -> None:
        with self._lock:
            pause = self._not_before.get(lane, 0.0) - time.monotonic()
        if pause > 0:
            self._sleep(pause)

    def _hold(self, lane: tuple[str, str, str], attempt: int) -> None:
        pause = min(_LONGEST_WAIT, 0.25 * 2**attempt) * random.uniform(0.5, 1.0)  # jitter, not secrecy
        with self._lock:
            self._not_before[lane] = max(self._not_before.get(lane, 0.0), time.monotonic() + pause)
