"""The last door: no operation leaves the process unless it stands in the table of operations."""

from __future__ import annotations

from typing import Any

from ecs_preflight.aws.operations import ALL_OPERATIONS
from ecs_preflight.errors import ForbiddenCallError

_ALLOWED = frozenset((operation.service, operation.name) for operation in ALL_OPERATIONS)


def install(session: Any) -> None:
    """Refuse, in every client made from this botocore session, each operation outside the table.

    The event comes before the request is signed and sent, whoever made the call and however.
    """
    session.register("before-call", _refuse_what_is_not_listed, unique_id="ecs-preflight-read-only")


def _refuse_what_is_not_listed(model: Any, **_: Any) -> None:
    service = model.service_model.service_name
    if (service, model.name) not in _ALLOWED:
        raise ForbiddenCallError(
            f"{service}:{model.name} is not on the read-only list, and was not sent",
            hint="This is a fault of ecs_preflight itself: please report it.",
        )
