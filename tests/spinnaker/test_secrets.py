from __future__ import annotations

import pytest

from ecs_preflight.spinnaker.secrets import is_opaque, is_secret_reference

# kork-secrets' EncryptedSecret and UserSecretReference.
REFERENCES = [
    "encrypted:s3!r:us-west-2!b:bucket!f:file!k:key",
    "encryptedFile:secrets-manager!r:us-west-2!s:name",
    "secret://vault?k=v",
    "secretFile://s3?b=bucket",
    "configserver:file",
]


@pytest.mark.parametrize("value", REFERENCES)
def test_a_reference_is_opaque(value: str) -> None:
    assert is_secret_reference(value)
    assert is_opaque(value)
    assert is_opaque(f"arn:aws:iam::{value}:role/x")


@pytest.mark.parametrize(
    ("value", "opaque"),
    [(None, False), ("", False), ("role/x", False), ("${ID}", True), ("role/${ROLE}", True), ("{{name}}", False)],
)
def test_what_else_cannot_be_known(value: str | None, opaque: bool) -> None:
    assert is_opaque(value) is opaque
    assert value is None or not is_secret_reference(value)
