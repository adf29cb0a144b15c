"""Condition keys, well known and misspelt."""

from __future__ import annotations

import pytest

from ecs_preflight.iam.context_keys import WELL_KNOWN_KEYS, is_well_known, near_miss


@pytest.mark.parametrize("key", ["aws:SourceIp", "AWS:SOURCEIP", "sts:externalid", "aws:PrincipalTag/team", "aws:requesttag/x"])
def test_well_known(key: str) -> None:
    assert is_well_known(key)


@pytest.mark.parametrize("key", ["aws:SourceIps", "SourceIp", "aws:PrincipalTag/", "token.example.com:sub", ""])
def test_not_well_known(key: str) -> None:
    assert not is_well_known(key)


@pytest.mark.parametrize(
    ("key", "meant"),
    [
        ("aws:SourceIps", "aws:SourceIp"),
        ("SourceIp", "aws:SourceIp"),
        ("externalid", "sts:ExternalId"),
        ("aws:ExternalId", "sts:ExternalId"),
        ("sts:ExtrnalId", "sts:ExternalId"),
        ("aws:PrincpalTag/team", "aws:PrincipalTag/team"),
        ("token.example.com:sud", "token.example.com:sub"),
        ("aws:PrincpalTag/team/of/mine", "aws:PrincipalTag/team/of/mine"),
        ("SUB", "token.example.com:sub"),
        ("sub", "token.example.com:sub"),
        ("userid", "aws:userid"),
        ("b", None),
        ("y:b", "x:y:b"),
        ("aws:PrinxxxxTag/x", None),
        ("aws:SXurceIQ", "aws:SourceIp"),
        ("aws:SXXrceIQ", None),
        ("k:a", None),
        ("nothing/like", None),
    ],
)
def test_what_a_key_is_likely_to_mean(key: str, meant: str | None) -> None:
    assert near_miss(key, ["token.example.com:sub", "x:y:b"]) == meant


def test_the_list_is_in_order_and_without_doubles() -> None:
    lowered = [key.lower() for key in WELL_KNOWN_KEYS]
    assert len(lowered) == len(set(lowered))
