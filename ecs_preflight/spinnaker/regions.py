"""The AWS regions by partition, as botocore 1.44.5 has them (its endpoints.json and partitions.json, read on 2026-11-23)."""

from __future__ import annotations

import re

AS_OF = "2026-11-23"

REGIONS: tuple[str, ...] = (
    # aws
    *("af-south-1", "ap-east-1", "ap-east-2", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-south-2"),
    *("ap-southeast-1", "ap-southeast-2", "ap-southeast-3", "ap-southeast-4", "ap-southeast-5", "ap-southeast-6"),
    *("ap-southeast-7", "ca-central-1", "ca-west-1", "eu-central-1", "eu-central-2", "eu-north-1", "eu-south-1", "eu-south-2"),
    *("eu-west-1", "eu-west-2", "eu-west-3", "il-central-1", "me-central-1", "me-south-1", "me-west-1", "mx-central-1"),
    *("sa-east-1", "sa-west-1", "us-east-1", "us-east-2", "us-west-1", "us-west-2"),
    # aws-cn, aws-us-gov, aws-eusc, aws-iso, aws-iso-b, aws-iso-e, aws-iso-f
    *("cn-north-1", "cn-northwest-1", "us-gov-east-1", "us-gov-west-1", "eusc-de-east-1", "us-iso-east-1", "us-iso-west-1"),
    *("us-isob-east-1", "us-isob-west-1", "eu-isoe-west-1", "us-isof-east-1", "us-isof-south-1"),
)

# The regionRegex of every partition, in one; an unknown name of this shape may be a region younger than the list.
_SHAPE = re.compile(r"^(?:(?:us|eu|ap|sa|ca|me|af|il|mx|cn)-|us-(?:gov|iso|isob|isof)-|eu-isoe-|eusc-de-)[a-z]+-\d+$")


def is_known_region(text: str) -> bool:
    return text in REGIONS


def looks_like_region(text: str) -> bool:
    """Whether it has the shape of a region's name: `us-east-1` and `eu-east-7`, not `us-east-1a` and not `virginia`."""
    return bool(_SHAPE.match(text))
