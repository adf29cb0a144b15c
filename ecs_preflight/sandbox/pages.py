"""Lists in pages, as ECS gives them: 100 at the most, and a token for what follows. moto gives everything at once."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from typing import Any

from ecs_preflight.sandbox.calls import Call, Refusal

_LONGEST_PAGE = 100


def page(call: Call, member: str, items: Sequence[Any]) -> dict[str, Any]:
    """The part of `items` that the call asks for, under `member`."""
    size = call.get("maxResults", _LONGEST_PAGE)
    if not 1 <= size <= _LONGEST_PAGE:
        raise Refusal("InvalidParameterException", f"maxResults must be between 1 and {_LONGEST_PAGE}.")
    start = _position(call.get("nextToken"))
    answer: dict[str, Any] = {member: list(items[start : start + size])}
    if start + size < len(items):
        answer["nextToken"] = base64.b64encode(str(start + size).encode()).decode()
    return answer


def _position(token: str | None) -> int:
    if token is None:
        return 0
    try:
        return int(base64.b64decode(token, validate=True))
    except (ValueError, binascii.Error):
        raise Refusal("InvalidParameterException", "Invalid token.") from None
