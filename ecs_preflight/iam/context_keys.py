"""The condition keys that a request for sts:AssumeRole may carry, for telling a misspelt one.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable

_GLOBAL = (
    "AssumedRoot",
    "CalledVia",
    "CalledViaFirst",
    "CalledViaLast",
    "CurrentTime",
    "Ec2InstanceSourcePrivateIPv4",
    "Ec2InstanceSourceVpc",
    "EpochTime",
    "FederatedProvider",
    "MultiFactorAuthAge",
    "MultiFactorAuthPresent",
    "PrincipalAccount",
    "PrincipalArn",
    "PrincipalIsAWSService",
    "PrincipalOrgID",
    "PrincipalOrgPaths",
    "PrincipalServiceName",
    "PrincipalServiceNamesList",
    "PrincipalType",
    "Referer",
    "RequestedRegion",
    "ResourceAccount",
    "ResourceOrgID",
    "ResourceOrgPaths",
    "SecureTransport",
    "SourceAccount",
    "SourceArn",
    "SourceIdentity",
    "SourceIp",
    "SourceOrgID",
    "SourceOrgPaths",
    "SourceVpc",
    "SourceVpcArn",
    "SourceVpce",
    "TagKeys",
    "TokenIssueTime",
    "UserAgent",
    "ViaAWSService",
    "VpcSourceIp",
    "VpceAccount",
    "VpceOrgID",
    "VpceOrgPaths",
    "userid",
    "username",
)
_OF_STS = ("DurationSeconds", "ExternalId", "RoleSessionName", "SourceIdentity", "TransitiveTagKeys")
WELL_KNOWN_KEYS = (*(f"aws:{name}" for name in _GLOBAL), *(f"sts:{name}" for name in _OF_STS))
# Followed by the name of a tag or context; that part may be anything.
_WITH_NAMES = ("aws:PrincipalTag/", "aws:RequestTag/", "aws:ResourceTag/", "iam:ResourceTag/", "sts:RequestContext/")
_CLOSE = 0.8


def is_well_known(key: str) -> bool:
    """The case of the letters means nothing."""
    name = key.lower()
    return name in _BY_LOWER_CASE or any(name.startswith(start.lower()) and name != start.lower() for start in _WITH_NAMES)


def near_miss(key: str, besides: Iterable[str] = ()) -> str | None:
    """The well-known key, or the one of `besides` (those that a policy mentions), that `key` is likely to mean."""
    if "/" in key:
        start, slash, name = key.partition("/")
        close = difflib.get_close_matches(start.lower() + slash, [known.lower() for known in _WITH_NAMES], n=1, cutoff=_CLOSE)
        return next((known + name for known in _WITH_NAMES if known.lower() in close), None)
    known = {**_BY_LOWER_CASE, **{other.lower(): other for other in besides}}
    without_prefix = {name.partition(":")[2]: full for name, full in known.items()}
    if key.lower() in without_prefix:
        return without_prefix[key.lower()]
    found = difflib.get_close_matches(key.lower(), known, n=1, cutoff=_CLOSE)
    return known[found[0]] if found else None


_BY_LOWER_CASE = {key.lower(): key for key in WELL_KNOWN_KEYS}
