"""ARNs: their components, what is none, and the partitions of regions."""

from __future__ import annotations

import pytest
from botocore.loaders import Loader
from hypothesis import given
from hypothesis import strategies as st

from ecs_preflight.arn import Arn, partition_of_region, region_of_iam

WITHOUT_COLONS = st.text().filter(lambda text: ":" not in text)


# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html; resources keep their colons and slashes.
@pytest.mark.parametrize(
    ("text", "arn", "resource_type", "name"),
    [
        ("arn:aws:iam::123456789012:role/Web", Arn("aws", "iam", "", "123456789012", "role/Web"), "role", "Web"),
        ("arn:aws:iam::123456789012:role/team/a/Web", Arn("aws", "iam", "", "123456789012", "role/team/a/Web"), "role", "Web"),
        ("arn:aws:iam::123456789012:root", Arn("aws", "iam", "", "123456789012", "root"), "", "root"),
        (
            "arn:aws-cn:ecs:cn-north-1:123456789012:cluster/production",
            Arn("aws-cn", "ecs", "cn-north-1", "123456789012", "cluster/production"),
            "cluster",
            "production",
        ),
        ("arn:aws:s3:::bucket/a:b", Arn("aws", "s3", "", "", "bucket/a:b"), "bucket", "a:b"),
        ("arn:aws:sns:us-east-1:1:topic:sub", Arn("aws", "sns", "us-east-1", "1", "topic:sub"), "", "topic:sub"),
        (
            "arn:aws:sts::123456789012:assumed-role/Web/session",
            Arn("aws", "sts", "", "123456789012", "assumed-role/Web/session"),
            "assumed-role",
            "session",
        ),
    ],
)
def test_an_arn_has_six_components(text: str, arn: Arn, resource_type: str, name: str) -> None:
    assert Arn.parse(text) == arn
    assert (arn.resource_type, arn.resource_name) == (resource_type, name)


@pytest.mark.parametrize("text", ["", "role/Web", "arn:aws:iam::123456789012", "ARN:aws:iam::1:role/x", "urn:aws:iam::1:role/x"])
def test_what_spells_no_arn_is_none(text: str) -> None:
    assert Arn.parse(text) is None


@given(st.builds(Arn, WITHOUT_COLONS, WITHOUT_COLONS, WITHOUT_COLONS, WITHOUT_COLONS, st.text()))
def test_what_an_arn_spells_is_that_arn(arn: Arn) -> None:
    assert Arn.parse(str(arn)) == arn


def test_regions_are_in_the_partitions_that_botocore_knows() -> None:
    known = Loader().load_data("partitions")["partitions"]
    regions = {
        region: partition["id"] for partition in known for region in partition["regions"] if not region.endswith("-global")
    }
    assert len(regions) > 30
    assert {region: partition_of_region(region) for region in regions} == regions


def test_a_region_that_nobody_knows_is_in_the_first_partition() -> None:
    assert partition_of_region("mars-north-1") == "aws"


@pytest.mark.parametrize(
    ("partition", "region"),
    [("aws", "us-east-1"), ("aws-cn", "cn-north-1"), ("aws-us-gov", "us-gov-west-1")],
)
def test_iam_is_one_endpoint_in_a_partition(partition: str, region: str) -> None:
    """https://docs.aws.amazon.com/general/latest/gr/iam-service.html"""
    assert region_of_iam(partition) == region
