"""Documents, requests and completions for the laws: every operator, element and kind of caller, over a few keys that collide."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import Any

from hypothesis import strategies as st

from tests.iam.builders import ALICE, APP, ECS_TASKS, OTHER, ROLE, ROOT, SESSION, STRANGER, document

CALLERS: tuple[Any, ...] = (ALICE, APP, SESSION, STRANGER, ROOT, ECS_TASKS, "AROAEXAMPLE123", {"type": "anonymous"})
_ARNS = (
    "arn:aws:sns:us-east-1:1:t", "arn:aws:sns:*:1:*", "arn:aws:sns:us-*:*:t*", "arn:aws:iam::*:role/a*", "nonsense", "*",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Family:
    """Keys of one type, the operators that compare them, values that policies hold, values that requests hold."""

    keys: tuple[str, ...]
    operators: tuple[str, ...]
    of_policies: tuple[Any, ...]
    of_requests: tuple[Any, ...]


FAMILIES = (
    Family(
        ("k:a", "k:b"),
        ("StringEquals", "StringNotEquals", "StringLike", "StringNotLike", "NumericLessThan"),
        ("1", "2", "1*", "*", "${k:b}", "x-${k:a, '1'}", "${*}", 1, True),
        ("1", "2", "12", "*", "true", "x-1", "x-2"),
    ),
    Family(
        ("k:c",),
        ("StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase"),
        ("a", "A", "b", "${k:a, 'b'}"),
        ("a", "A", "B", "c", "1"),
    ),
    Family(
        ("k:number",),
        (
            "NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericLessThanEquals", "NumericGreaterThan",
            "NumericGreaterThanEquals",
        ),
        ("1", "5", 5.5, "ten"),
        ("0", "1", "3", "5", "5.5", "7", "ten"),
    ),
    Family(
        ("k:date",),
        ("DateEquals", "DateNotEquals", "DateLessThan", "DateLessThanEquals", "DateGreaterThan", "DateGreaterThanEquals"),
        ("2020-01-01", "2021-01-01T00:00:00Z", 1577836800, "soon"),
        ("2019-01-01", "2020-01-01", "2020-06-01T12:00:00+01:00", "2022", "1577836800", "1600000000000", "soon"),
    ),
    Family(
        ("k:address",),
        ("IpAddress", "NotIpAddress"),
        ("10.0.0.0/8", "10.1.0.0/16", "0.0.0.0/0", "2001:db8::/32", "nonsense"),
        ("10.0.0.1", "10.1.2.3", "1.2.3.4", "2001:db8::1", "::1", "nonsense"),
    ),
    Family(("k:flag",), ("Bool",), (True, "false", "maybe", "${k:a}"), ("true", "false", "maybe")),
    Family(("k:bytes",), ("BinaryEquals",), ("QQ==", "Qg==", "!"), ("QQ==", "Qg==", "A", "zz")),
    Family(
        ("aws:SourceArn",),
        ("ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike", "StringLike", "StringNotLike"),
        (*_ARNS, "arn:aws:sns:*:*:${k:a}"),
        ("arn:aws:sns:us-east-1:1:t", "arn:aws:sns:us-west-1:2:tx", "arn:aws:sns:eu:1:a:b", "arn:aws:iam::1:role/ab", "nope"),
    ),
    Family(
        ("aws:TagKeys",),
        ("StringEquals", "StringNotEquals", "StringLike", "StringNotLike"),
        ("1", "2", "1*", "*"),
        ("1", "2", "12", ["1", "2"], ["1", "3"], ["3", "4"], ["1", "2", "3"]),
    ),
)  # fmt: skip
VALUES = {key: family.of_requests for family in FAMILIES for key in family.keys}


@dataclass(frozen=True, eq=False)
class World:
    """A few keys, and what may be drawn over them."""

    statements: st.SearchStrategy[dict[str, Any]]
    identity_statements: st.SearchStrategy[dict[str, Any]]
    contexts: st.SearchStrategy[dict[str, Any]]
    completions: st.SearchStrategy[dict[str, Any]]
    """Every key given, or said to be absent."""

    @cached_property
    def policy_sets(self) -> st.SearchStrategy[dict[str, Any]]:
        identity = st.builds(document, self.identity_statements, self.identity_statements)
        return st.fixed_dictionaries(
            {
                "identity": st.lists(identity, max_size=2),
                "resource": st.builds(document, self.statements, self.statements) | st.none(),
            },
            optional={
                "boundary": st.lists(identity, min_size=1, max_size=1),
                "session": identity,
                "scp": st.lists(st.lists(identity, max_size=2), max_size=2),
                "rcp": st.lists(st.lists(st.builds(document, self.statements), max_size=2), max_size=1),
            },
        )


def _operators(family: Family) -> st.SearchStrategy[str]:
    prefixes = ("", "", "ForAllValues:", "ForAnyValue:")
    return st.builds(
        lambda prefix, base, suffix: f"{prefix}{base}{suffix}",
        st.sampled_from(prefixes),
        st.sampled_from(family.operators),
        st.sampled_from(("", "", "IfExists")),
    )


def _clauses(family: Family) -> st.SearchStrategy[tuple[str, str, Any]]:
    keys = st.sampled_from(family.keys)
    compared = st.tuples(_operators(family), keys, st.lists(st.sampled_from(family.of_policies), max_size=2))
    return compared | compared | compared | st.tuples(st.just("Null"), keys, st.sampled_from(("true", "false", True)))


def _block(clauses: list[tuple[str, str, Any]]) -> dict[str, dict[str, Any]]:
    block: dict[str, dict[str, Any]] = {}
    for operator, key, values in clauses:
        block.setdefault(operator, {})[key] = values
    return block


_WHO = st.sampled_from(
    (
        {"AWS": ROOT},
        {"AWS": "*"},
        "*",
        {"AWS": [ALICE, APP]},
        {"AWS": [SESSION, OTHER]},
        {"AWS": "AROAEXAMPLE123", "Service": ECS_TASKS},
    )
)
_WHAT = st.sampled_from(
    ({"Action": "*"}, {"Action": "sts:AssumeRole"}, {"Action": ["sts:Tag*", "STS:assume*"]}, {"NotAction": "sts:TagSession"})
)
_WHERE = st.sampled_from(
    ({"Resource": "*"}, {"Resource": "*"}, {"Resource": ROLE}, {"NotResource": "arn:aws:s3:::${k:a}"}, {"NotResource": ROLE},
     {"Resource": "arn:aws:iam::*:role/${k:b, 'target'}"})
)  # fmt: skip


def world_of(families: tuple[Family, ...]) -> World:
    conditions = st.lists(st.sampled_from(families).flatmap(_clauses), max_size=3).map(_block)
    effects = st.sampled_from(("Allow", "Allow", "Deny"))
    named = st.builds(
        lambda name, who: {name: who}, st.sampled_from(("Principal", "Principal", "Principal", "NotPrincipal")), _WHO
    )

    def statements(who: st.SearchStrategy[Any], where: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
        return st.builds(
            lambda effect, who, what, where, when: {"Effect": effect, **who, **what, **where, "Condition": when},
            effects, who, _WHAT, where, conditions,
        )  # fmt: skip

    keys = dict.fromkeys((*(key for family in families for key in family.keys), "k:a", "k:b"))
    return World(
        statements(named, st.just({}) | _WHERE),
        statements(st.just({}), _WHERE),
        st.fixed_dictionaries({}, optional={key: st.sampled_from((*VALUES[key], ["1", "2"])) for key in keys}),
        st.fixed_dictionaries({key: st.sampled_from((None, *VALUES[key])) for key in keys}),
    )


worlds = st.sampled_from([world_of(families) for size in (1, 2) for families in combinations(FAMILIES, size)])
questions = st.fixed_dictionaries(
    {
        "principal": st.sampled_from(CALLERS),
        "action": st.sampled_from(("sts:AssumeRole", "sts:AssumeRole", "sts:TagSession", "s3:GetObject")),
        "resource": st.just(ROLE),
    }
)
