"""The sandbox's clients talk to this process or to this machine: anything else is refused before it is sent."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from moto.backend_index import backend_url_patterns
from moto.core.models import botocore_stubber

from ecs_preflight.errors import ForbiddenCallError


def is_loopback(url: str) -> bool:
    """Whether a URL names this machine: localhost, 127.0.0.0/8 or ::1. Other names are not looked up."""
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def require_loopback(url: str | None) -> None:
    """Raise ForbiddenCallError for an endpoint that is elsewhere; None is the in-process moto."""
    if url is not None and not is_loopback(url):
        raise ForbiddenCallError(
            f"the sandbox does not write to {url}",
            hint="Only the embedded AWS is seeded: moto in this process, or its server on 127.0.0.1.",
        )


def keep_inside(session: Any) -> None:
    """Let no client of this botocore session send anything to another machine."""
    session.register("before-send", _refuse_elsewhere, unique_id="ecs-preflight-sandbox-loopback")


def _refuse_elsewhere(request: Any, **_: Any) -> None:
    if not _is_taken_by_moto(request.url):
        require_loopback(request.url)


def _is_taken_by_moto(url: str) -> bool:
    """Whether moto, at work in this process, answers a URL: that of a service it knows, or any of AWS's own domain."""
    parts = urlsplit(url)
    address = f"{parts.scheme}://{parts.netloc}{parts.path}"
    known = parts.netloc.endswith(".amazonaws.com") or any(pattern.match(address) for _, pattern in backend_url_patterns)
    return botocore_stubber.enabled and known
