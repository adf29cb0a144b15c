"""Nothing here may reach beyond loopback: pytest-socket (setup.cfg) refuses every other address."""
