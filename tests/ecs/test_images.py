"""Addresses of images in ECR, and those that are of other registries."""

from __future__ import annotations

import pytest

from ecs_preflight.ecs.images import EcrImage

HOST = "123456789012.dkr.ecr.us-east-1.amazonaws.com"
DIGEST = f"sha256:{'0' * 64}"


@pytest.mark.parametrize(
    ("address", "image"),
    [
        (f"{HOST}/web:7", EcrImage("123456789012", "us-east-1", "web", "7")),
        (f"{HOST}/shop/web", EcrImage("123456789012", "us-east-1", "shop/web", "latest")),
        (f"{HOST}/web:7@{DIGEST}", EcrImage("123456789012", "us-east-1", "web", DIGEST)),
        (f"{HOST}.cn/web:7", EcrImage("123456789012", "us-east-1", "web", "7")),
        ("public.ecr.aws/shop/web:7", None),
        ("web:7", None),
        (f"{HOST}/web:", None),
        (f"{HOST}/", None),
        ("", None),
    ],
)
def test_addresses(address: str, image: EcrImage | None) -> None:
    assert EcrImage.parse(address) == image
