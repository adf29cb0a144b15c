"""Which policy denied, out of AWS's own words.

https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
"""

from __future__ import annotations

import pytest

from ecs_preflight.checks.denials import Denial, Layer, read_denial

USER = "User: arn:aws:iam::777788889999:user/JohnDoe is not authorized to perform: codecommit:ListRepositories"


@pytest.mark.parametrize(
    ("message", "layer", "is_explicit"),
    [
        (f"{USER} because no service control policy allows the codecommit:ListRepositories action", Layer.SCP, False),
        (f"{USER} with an explicit deny in a service control policy", Layer.SCP, True),
        (f"{USER} with an explicit deny in a resource control policy", Layer.RCP, True),
        (f"{USER} because no VPC endpoint policy allows the codecommit:ListRepositories action", Layer.ENDPOINT, False),
        (f"{USER} with an explicit deny in a VPC endpoint policy", Layer.ENDPOINT, True),
        (f"{USER} because no permissions boundary allows the codecommit:ListRepositories action", Layer.BOUNDARY, False),
        (f"{USER} with an explicit deny in a permissions boundary", Layer.BOUNDARY, True),
        (f"{USER} because no session policy allows the codecommit:ListRepositories action", Layer.SESSION, False),
        (f"{USER} with an explicit deny in a session policy", Layer.SESSION, True),
        (f"{USER} because no resource-based policy allows the secretsmanager:GetSecretValue action", Layer.TRUST, False),
        (f"{USER} with an explicit deny in a resource-based policy", Layer.TRUST, True),
        ("sts:AssumeRole on resource: role-arn with an explicit deny in the role trust policy", Layer.TRUST, True),
        (f"{USER} because no identity-based policy allows the codecommit:ListRepositories action", Layer.IDENTITY, False),
        (f"{USER} with an explicit deny in an identity-based policy", Layer.IDENTITY, True),
        (f"{USER} with an explicit deny in an identity-based policy: arn:aws:iam::1:policy/no", Layer.IDENTITY, True),
    ],
)
def test_the_layer_is_read(message: str, layer: Layer, is_explicit: bool) -> None:
    denial = read_denial(message)
    assert denial == Denial(layer, is_explicit)
    assert denial.sentence.endswith(".")
    assert ("Deny" in denial.sentence) is is_explicit


@pytest.mark.parametrize(
    "message", ["", USER, f"{USER} with an explicit deny in a policy of the moon", "because no reason allows it"]
)
def test_where_none_is_named_none_is_read(message: str) -> None:
    assert read_denial(message) is None
