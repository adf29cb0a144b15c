"""Values that only Spinnaker itself can read: recognised, never resolved, and never taken for an id or an ARN.

kork: `EncryptedSecret`, `UserSecretReference`.
"""

from __future__ import annotations

_SCHEMES = ("encrypted:", "encryptedFile:", "secret://", "secretFile://", "configserver:")


def is_secret_reference(value: str) -> bool:
    """Whether the value names a secret kept elsewhere: `encrypted:s3!r:us-west-2!b:bucket!f:file`."""
    return value.startswith(_SCHEMES)


def is_opaque(value: str | None) -> bool:
    """Whether any part of the value cannot be known here: a secret reference, or an unresolved `${...}`."""
    return value is not None and ("${" in value or any(scheme in value for scheme in _SCHEMES))
