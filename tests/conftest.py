"""Nothing here may reach beyond loopback: pytest-socket (setup.cfg) refuses every other address."""

from __future__ import annotations

pytest_plugins = ["pytester"]
