"""The environment while the sandbox is open: the user's own AWS settings and credentials are put aside.

Without this, AWS_ENDPOINT_URL would lead past moto, AWS_PROFILE to real credentials, and a profile's credential_process
would run.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from ecs_preflight.errors import UsageError

# Not given out by the sandbox, hence the managing identity's: see keyring.py.
CALLER_KEY = "AKIASANDBOXSPINNAKER"
_SECRET = "no-secret-at-all"
_PUT_ASIDE = ("AWS_", "BOTO_", "MOTO_", "TEST_SERVER_MODE", "TEST_PROXY_MODE")


def profile_keys(profiles: Iterable[str]) -> dict[str, str]:
    """The access key that each profile holds which preflight.yml names."""
    return {name: f"AKIASANDBOXPROFILE{number:02d}" for number, name in enumerate(sorted(profiles))}


def not_installed(error: ModuleNotFoundError) -> UsageError:
    """What to say where moto, or a part of it, is not there."""
    return UsageError(f"the sandbox needs {error.name}", hint="pip install 'ecs_preflight[sandbox]'")


@contextmanager
def sandbox_environment(profiles: Mapping[str, str]) -> Iterator[None]:
    """Only the sandbox's made-up credentials are there; `profiles` says which access key each profile holds."""
    before = {name: value for name, value in os.environ.items() if name.startswith(_PUT_ASIDE)}
    with TemporaryDirectory(prefix="ecs-preflight-sandbox-") as folder:
        credentials = Path(folder) / "credentials"
        credentials.write_text("".join(_profile(name, key) for name, key in profiles.items()), encoding="utf-8")
        config = Path(folder) / "config"
        config.touch()
        _set({
            "AWS_ACCESS_KEY_ID": CALLER_KEY,
            "AWS_SECRET_ACCESS_KEY": _SECRET,
            "AWS_CONFIG_FILE": str(config),
            "AWS_SHARED_CREDENTIALS_FILE": str(credentials),
            "AWS_EC2_METADATA_DISABLED": "true",
        })  # fmt: skip
        try:
            yield
        finally:
            _set(before)


def _set(variables: Mapping[str, str]) -> None:
    for name in [name for name in os.environ if name.startswith(_PUT_ASIDE)]:
        del os.environ[name]
    os.environ.update(variables)


def _profile(name: str, access_key: str) -> str:
    return f"[{name}]\naws_access_key_id = {access_key}\naws_secret_access_key = {_SECRET}\n\n"
