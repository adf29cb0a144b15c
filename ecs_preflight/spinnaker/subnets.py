"""Which subnets clouddriver gives an awsvpc service: those whose purpose the server group names, in its zones.

clouddriver-aws provider/view/AmazonSubnetProvider.groovy (fromCacheData), clouddriver-ecs services/SubnetSelector.java.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, NoReturn

from ecs_preflight.ecs.subnets import Subnet, Tag

# Compared to the letter; the Name tag whatever its case.
_METADATA_KEY = "immutable_metadata"
_NAME_KEY = "name"


@dataclass(frozen=True, slots=True)
class PurposeReading:
    """What clouddriver makes of a subnet's tags. Without a purpose no server group can name it."""

    purpose: str | None = None
    throws: str = ""
    """Why its reader fails, and with it every look at the subnets of that account and region."""
    logged: str = ""
    """What it logs, and passes over."""


def read_purpose(tags: Iterable[Tag]) -> PurposeReading:
    """The `purpose` in the JSON of the tag immutable_metadata; else `b (a)` of a Name of three parts `a.b.c`."""
    listed = tuple(tags)
    text = next((tag.value for tag in listed if tag.key == _METADATA_KEY), "")
    purpose, logged = "", ""
    if text:
        try:
            metadata = _first_json_value(text)
        except ValueError as error:
            metadata, logged = None, f"{_METADATA_KEY} is no JSON: {error}"
        if metadata is not None and not isinstance(metadata, dict):
            return PurposeReading(throws=f"{_METADATA_KEY} is no JSON object: {text!r}")
        purpose = _as_groovy_has_it((metadata or {}).get("purpose"))
    name = next((tag.value for tag in listed if tag.key.lower() == _NAME_KEY), "")
    if name and not purpose:
        # String.split drops the empty parts at the end, and no others.
        parts = name.rstrip(".").split(".")
        purpose = f"{parts[1]} ({parts[0]})" if len(parts) == 3 else ""
    return PurposeReading(purpose or None, logged=logged)


def select_subnets(subnets: Iterable[Subnet], purposes: Collection[str], zones: Collection[str]) -> tuple[Subnet, ...]:
    """Those with one of the purposes in one of the zones; purposes are compared to the letter."""
    return tuple(
        subnet for subnet in subnets if subnet.availability_zone in zones and read_purpose(subnet.tags).purpose in purposes
    )


def _first_json_value(text: str) -> Any:
    """Jackson reads one value and leaves what follows it; white space alone is not even one, and is not forgiven."""
    if not text.strip():
        return text
    value, _ = json.JSONDecoder(parse_constant=_refuse_constant).raw_decode(text.strip())
    return value


def _refuse_constant(name: str) -> NoReturn:
    """NaN and Infinity, which Python reads and Jackson does not."""
    raise ValueError(f"{name} is no JSON")


def _as_groovy_has_it(value: Any) -> str:
    """Put into a variable of type String, any value is its text."""
    if value is None or isinstance(value, str):
        return value or ""
    return str(value).lower() if isinstance(value, bool) else str(value)
