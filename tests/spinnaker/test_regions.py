from __future__ import annotations

import pytest

from ecs_preflight.arn import partition_of_region
from ecs_preflight.spinnaker.regions import AS_OF, REGIONS, is_known_region, looks_like_region


def test_every_known_region_looks_like_one() -> None:
    assert all(looks_like_region(region) for region in REGIONS)
    assert len(set(REGIONS)) == len(REGIONS)
    assert len(AS_OF.split("-")) == 3


def test_the_partitions_are_all_there() -> None:
    partitions = {partition_of_region(region) for region in REGIONS}
    assert partitions == {"aws", "aws-cn", "aws-us-gov", "aws-eusc", "aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f"}


@pytest.mark.parametrize(
    ("text", "known", "shaped"),
    [
        ("us-east-1", True, True),
        ("eu-east-7", False, True),
        ("us-east-1a", False, False),
        ("us-east", False, False),
        ("US-EAST-1", False, False),
        ("virginia", False, False),
        ("us-est-1", False, True),
        ("aws-global", False, False),
        ("", False, False),
    ],
)
def test_a_name_is_known_or_shaped_like_a_region(text: str, known: bool, shaped: bool) -> None:
    assert is_known_region(text) is known
    assert looks_like_region(text) is shaped
