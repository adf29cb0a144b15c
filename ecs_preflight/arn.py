"""Amazon Resource Names: `arn:partition:service:region:account-id:resource`.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Arn:
    """The six components of an ARN; `resource` keeps whatever colons and slashes it has."""

    partition: str
    service: str
    region: str
    account_id: str
    resource: str

    @classmethod
    def parse(cls, text: str) -> Arn | None:
        """The ARN that `text` spells, or None where it spells none."""
        parts = text.split(":", 5)
        if len(parts) != 6 or parts[0] != "arn":
            return None
        return cls(*parts[1:])

    @property
    def resource_type(self) -> str:
        """`role` of `role/path/name`, `` of an ARN whose resource has no type."""
        return self.resource.partition("/")[0] if "/" in self.resource else ""

    @property
    def resource_name(self) -> str:
        """The last segment: `name` of `role/path/name`, as IAM's session ARNs keep it."""
        return self.resource.rpartition("/")[2]

    def __str__(self) -> str:
        return f"arn:{self.partition}:{self.service}:{self.region}:{self.account_id}:{self.resource}"


# The partition that a region belongs to, by the prefix of its name, as botocore's partitions.json has it.
_PARTITION_OF_PREFIX = (
    ("cn-", "aws-cn"),
    ("us-gov-", "aws-us-gov"),
    ("us-isob-", "aws-iso-b"),
    ("us-isof-", "aws-iso-f"),
    ("eu-isoe-", "aws-iso-e"),
    ("us-iso-", "aws-iso"),
    ("eusc-", "aws-eusc"),
)


def partition_of_region(region: str) -> str:
    """`aws-cn` for `cn-north-1`, `aws` for whatever carries no other partition's prefix."""
    return next((partition for prefix, partition in _PARTITION_OF_PREFIX if region.startswith(prefix)), "aws")


_REGIONS_OF_IAM = {"aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1"}


def region_of_iam(partition: str) -> str:
    """The region that signs for IAM, which has one endpoint in a partition, and that aws:RequestedRegion names in its calls.

    https://docs.aws.amazon.com/general/latest/gr/iam-service.html
    """
    return _REGIONS_OF_IAM.get(partition, "us-east-1")
