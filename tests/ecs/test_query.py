"""The cluster query language, by the examples and tables of the guide.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cluster-query-language.html
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecs_preflight.ecs import java_regex
from ecs_preflight.ecs.instance import ContainerInstance
from ecs_preflight.ecs.query import UndecidedQueryError, compile_query
from ecs_preflight.ecs.query_text import QueryError
from tests.ecs.builders import instance


def read(name: str, groups: tuple[str, ...] = (), **members: Any) -> tuple[ContainerInstance, tuple[str, ...]]:
    return ContainerInstance.model_validate(instance(name, **members)), groups


# Every instance differs from the others in what the expressions ask for.
INSTANCES = {
    "a": read(
        "a",
        kind="t2.small",
        attributes={"stack": "prod", "rack": "r1"},
        versionInfo={"agentVersion": "1.14.5"},
        registeredAt=1518429600.0,  # 2018-02-12T10:00:00Z
    ),
    "b": read(
        "b",
        ("service:production",),
        kind="t2.medium",
        zone="us-east-1b",
        attributes={"stack": "dev", "rack": "r1"},
        versionInfo={"agentVersion": "1.9.0"},
        registeredAt="2018-06-18T22:28:28Z",
        runningTasksCount=1,
    ),
    "c": read(
        "c",
        ("database", "service:web"),
        kind="g2.2xlarge",
        zone="us-east-1d",
        attributes={"team": "core infra", "size": "10", "spot": None},
        runningTasksCount=2,
        agentConnected=False,
    ),
    "d": read(
        "d",
        ("service:web",),
        kind=None,
        zone=None,
        attributes={"stack": "Prod", "size": "9", "path": "a/b\\c"},
        versionInfo={},
        registeredAt=None,
        ec2InstanceId="mi-0123",
        runningTasksCount=10,
    ),
}


def matching(expression: str) -> str:
    """The names of the instances that match, in one word."""
    query = compile_query(expression)
    return "".join(name for name, (model, groups) in INSTANCES.items() if query.matches(model, groups))


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        # The examples of the guide.
        ("attribute:ecs.instance-type == t2.small", "a"),
        ("attribute:ecs.availability-zone in [us-east-1a, us-east-1b]", "ab"),
        ("task:group == service:production", "b"),
        ("not(task:group == database)", "abd"),
        ("runningTasksCount == 1", "b"),
        ("agentVersion < 1.14.5", "b"),
        ("registeredAt < 2018-02-13", "a"),
        ("ec2InstanceId in ['i-a', 'i-b']", "ab"),
        ("attribute:ecs.instance-type =~ g2.* and attribute:ecs.availability-zone != us-east-1a", "c"),
        ("attribute:stack exists", "abd"),
        ("agentConnected == true", "abd"),
        # The table of operators: symbol and word.
        ("attribute:stack equals prod", "a"),
        ("attribute:stack != prod", "bd"),
        ("attribute:stack not_equals prod", "bd"),
        ("runningTasksCount > 1", "cd"),
        ("runningTasksCount greater_than 1", "cd"),
        ("runningTasksCount >= 2", "cd"),
        ("runningTasksCount greater_than_equal 2", "cd"),
        ("runningTasksCount < 2", "ab"),
        ("runningTasksCount less_than 2", "ab"),
        ("runningTasksCount <= 2", "abc"),
        ("runningTasksCount less_than_equal 2", "abc"),
        ("attribute:stack !exists", "c"),
        ("attribute:stack not_exists", "c"),
        ("attribute:rack in [r1, r2]", "ab"),
        ("attribute:stack !in [prod]", "bd"),
        ("attribute:stack not_in [prod, dev]", "d"),
        ("attribute:ecs.instance-type matches t2.*", "ab"),
        ("attribute:ecs.instance-type !~ t2.*", "c"),
        ("attribute:ecs.instance-type not_matches t2.*", "c"),
        # Booleans in both spellings, and parentheses.
        ("attribute:stack == prod and attribute:rack == r1", "a"),
        ("attribute:stack == prod && attribute:rack == r1", "a"),
        ("attribute:stack == prod or attribute:stack == dev", "ab"),
        ("attribute:stack == prod || attribute:stack == dev", "ab"),
        ("!(attribute:stack == prod)", "bcd"),
        ("not (attribute:stack == prod)", "bcd"),
        ("(attribute:stack == prod or attribute:stack == dev) and attribute:ecs.availability-zone == us-east-1b", "b"),
        ("attribute:rack exists and not(attribute:stack == prod)", "b"),
        ("not(attribute:stack exists and attribute:rack exists)", "cd"),
        ("((attribute:stack == prod or attribute:stack == dev) and attribute:rack == r1)", "ab"),
        # A missing value matches nothing but !exists (containers-roadmap#486).
        ("attribute:absent != x", ""),
        ("attribute:absent !in [x]", ""),
        ("attribute:absent !~ x.*", ""),
        ("not(attribute:absent == x)", "abcd"),
        ("attribute:spot exists", "c"),
        ("attribute:spot == ''", "c"),
        ("attribute:spot != yes", "c"),
        # Values are compared as they are given.
        ("attribute:stack == PROD", ""),
        ("attribute:stack == Prod", "d"),
        ("attribute:team == 'core infra'", "c"),
        ("attribute:team in ['core infra', web]", "c"),
        ("attribute:path == a/b\\c", "d"),
        ("attribute:stack=='prod'", "a"),
        ("attribute:stack==prod&&attribute:rack==r1", "a"),
        ("attribute:stack in[prod,dev]", "ab"),
        ("  attribute:stack   ==   prod  ", "a"),
        ("(attribute:rack exists or attribute:size exists) and (attribute:spot exists)", "c"),
        # Versions compare by their components.
        ("agentVersion == 1.14.5", "a"),
        ("agentVersion > 1.9.0", "ac"),
        ("agentVersion >= 1.86", "c"),
        ("agentVersion <= 1.9", "b"),
        ("agentVersion != 1.9.0", "ac"),
        ("agentVersion == 1.14.5.0.1", ""),
        ("agentVersion < 1.14.5.0.1", "ab"),
        # Moments, in the four formats of the guide.
        ("registeredAt == 2018-06-18T22:28:28+00:00", "b"),
        ("registeredAt == 2018-06-18T22:28:28Z", "b"),
        ("registeredAt == 2018-06-18T22:28:28", "b"),
        ("registeredAt > 2018-06-18", "bc"),
        ("registeredAt >= 2018-06-19T00:28:28+02:00", "bc"),
        ("registeredAt != 2018-06-18T22:28:28Z", "ac"),
        # An instance has as many groups as its tasks have.
        ("task:group == service:web", "cd"),
        ("task:group == service:web and runningTasksCount > 2", "d"),
        ("task:group == service:web or task:group == service:production", "bcd"),
        ("!(task:group == service:web) and runningTasksCount > 0", "b"),
        # Undocumented, read as the rest of the language suggests.
        ("task:group in [database, x]", "c"),
        ("task:group != service:web", "ab"),
        ("task:group !in [service:web]", "ab"),
        ("task:group =~ service:.*", "bcd"),
        ("task:group !~ service:.*", "a"),
        ("task:group exists", "bcd"),
        ("task:group !exists", "a"),
        ("attribute:size > 9", "c"),
        ("attribute:stack > dev", "a"),
        ("not attribute:stack == prod and attribute:rack == r1", "b"),
        ("not not(attribute:stack == prod)", "a"),
        ("attribute:stack == dev or attribute:stack == prod and attribute:rack == r9", "b"),
        ('attribute:team == "core infra"', "c"),
        # Regular expressions: whole values, and parentheses of their own.
        ("attribute:ecs.instance-type =~ t2", ""),
        ("attribute:ecs.instance-type =~ (t2|g2).*", "abc"),
        ("(attribute:ecs.instance-type =~ (t2|g2).* and attribute:rack exists)", "ab"),
        ("attribute:ecs.instance-type =~ [tg]2[.](small|2xlarge)", "ac"),
        ("attribute:path =~ a/b\\\\.", "d"),
        ("attribute:team =~ 'core .*'", "c"),
        ("ec2InstanceId !~ i-.*", "d"),
        ("ec2InstanceId == i-a", "a"),
        ("ec2InstanceId not_in [i-a, i-b]", "cd"),
        ("agentConnected != true", "c"),
        ("agentConnected in [true, false]", "abcd"),
        ("agentConnected =~ tr.*", "abd"),
    ],
)
def test_an_expression_matches(expression: str, expected: str) -> None:
    assert matching(expression) == expected


@pytest.mark.parametrize(
    ("expression", "warning"),
    [
        ("attribute:a == b or attribute:c == d and attribute:e == f", "which of and and or binds first"),
        ("not attribute:a == b", "how far a not without parentheses reaches"),
        ("!attribute:a == b", "how far a not without parentheses reaches"),
        ("(attribute:a == b)", "parentheses around a single comparison"),
        ("attribute:a > 5", "> on attribute is not documented"),
        ("attribute:a less_than 5", "less_than on attribute is not documented"),
        ("task:group != b", "!= on task:group is not documented"),
        ("task:group in [b]", "in on task:group is not documented"),
        ("task:group exists", "exists on task:group is not documented"),
        ("attribute:a =~ t2", "t2 is taken to match whole values"),
        ("attribute:a =~ a++.*", "only Java's own engine can judge '++'"),
        ("registeredAt == 2018-06-18", "a date without a time is taken for its midnight in UTC"),
        ('attribute:a == "b"', "the guide quotes values with ' only"),
    ],
)
def test_a_corner_that_the_guide_leaves_open_is_warned_of(expression: str, warning: str) -> None:
    assert any(warning in said for said in compile_query(expression).warnings)


@pytest.mark.parametrize(
    ("expression", "warnings"),
    [
        ("(attribute:a == b)", ("parentheses around a single comparison are not documented",)),
        ("(task:group == b)", ("parentheses around a single comparison are not documented",)),
        ("(not(attribute:a == b))", ()),
        ("(attribute:a == b and attribute:c == d)", ()),
        ("not attribute:a == b", ("how far a not without parentheses reaches is not documented: write not(...)",)),
        ("not(attribute:a == b)", ()),
        ("not (attribute:a == b)", ()),
        ("! (attribute:a == b)", ()),
        (
            "attribute:a == b or attribute:c == d and attribute:e == f",
            ("which of and and or binds first is not documented: write parentheses",),
        ),
        (
            "attribute:c == d and attribute:e == f or attribute:a == b or attribute:g == h",
            ("which of and and or binds first is not documented: write parentheses",),
        ),
        ("attribute:a == b or attribute:c == d or attribute:e == f", ()),
        ('attribute:a == "b"', ("the guide quotes values with ' only",)),
        ("registeredAt == 2018-06-18", ("a date without a time is taken for its midnight in UTC, which the guide does not say",)),
        ("registeredAt != 2018-06-18", ("a date without a time is taken for its midnight in UTC, which the guide does not say",)),
        ("registeredAt == 2018-06-18T00:00:00Z", ()),
        ("registeredAt > 2018-06-18", ()),
        ("attribute:a =~ t2", ("t2 is taken to match whole values; the guide does not say: write .* where meant",)),
    ],
)
def test_warnings_are_these_and_no_more(expression: str, warnings: tuple[str, ...]) -> None:
    assert compile_query(expression).warnings == warnings


@pytest.mark.parametrize(
    "expression",
    [
        "attribute:ecs.instance-type =~ g2.* and attribute:ecs.availability-zone != us-east-1d",
        "not(task:group == database)",
        "(attribute:a == b or attribute:c == d) and attribute:e == f",
        "attribute:a =~ .*large",
        "runningTasksCount > 0 and agentVersion >= 1.80.0 and registeredAt > 2018-06-18",
    ],
)
def test_what_the_guide_documents_is_not_warned_of(expression: str) -> None:
    assert compile_query(expression).warnings == ()


@pytest.mark.parametrize(
    ("expression", "verdict"),
    [
        ("attribute:stack =~ p++rod", None),
        ("attribute:stack !~ p++rod", None),
        ("not(attribute:stack =~ p++rod)", None),
        ("attribute:stack =~ p++rod and attribute:rack == r9", False),
        ("attribute:stack =~ p++rod and attribute:rack == r1", None),
        ("attribute:stack =~ p++rod or attribute:rack == r1", True),
        ("attribute:stack =~ p++rod or attribute:rack == r9", None),
        ("attribute:absent =~ p++rod", False),
    ],
)
def test_what_cannot_be_judged_decides_only_where_it_must(expression: str, verdict: bool | None) -> None:
    assert compile_query(expression).decide(INSTANCES["a"][0]) is verdict


def test_an_undecided_query_raises_rather_than_guess() -> None:
    with pytest.raises(UndecidedQueryError, match="only Java's own engine can judge"):
        compile_query("attribute:stack =~ p++rod").matches(instance(attributes={"stack": "prod"}))
    with pytest.raises(UndecidedQueryError, match="Give the groups of the tasks that run on it"):
        compile_query("task:group == service:web").matches(instance(), None)


def test_an_undecided_query_says_why() -> None:
    with pytest.raises(UndecidedQueryError) as undecided:
        compile_query("task:group == service:web").matches(instance(), None)
    assert str(undecided.value) == (
        "Whether an instance matches 'task:group == service:web' cannot be told.\n  Give the groups of the tasks that run on it."
    )
    with pytest.raises(UndecidedQueryError) as unclear:
        compile_query("attribute:stack =~ p++rod").matches(instance(attributes={"stack": "prod"}))
    assert unclear.value.hint == (
        "only Java's own engine can judge '++' in 'p++rod'; "
        "p++rod is taken to match whole values; the guide does not say: write .* where meant"
    )


def test_a_moment_without_a_zone_is_utc_wherever_this_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    try:
        compile_query.cache_clear()
        assert matching("registeredAt == 2018-06-18T22:28:28") == "b"
    finally:
        monkeypatch.undo()
        time.tzset()
        compile_query.cache_clear()


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("attribute:size == 10", "c"),
        ("attribute:size == 10.0", ""),
        ("attribute:size != 10.0", "cd"),
        ("attribute:spot =~ .*", "c"),
        ("attribute:spot =~ .+", ""),
        ("attribute:path =~ a/b\\\\c and attribute:size exists", "d"),
        ("(attribute:path =~ a/b\\\\c)", "d"),
    ],
)
def test_values_are_texts(expression: str, expected: str) -> None:
    assert matching(expression) == expected


@pytest.fixture
def _without_re2(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(java_regex, "_re2", lambda: None)
    compile_query.cache_clear()
    yield
    compile_query.cache_clear()


@pytest.mark.usefixtures("_without_re2")
def test_without_re2_a_regular_expression_is_never_unmatched() -> None:
    query = compile_query("attribute:stack =~ prod.*")
    assert query.decide(INSTANCES["a"][0]) is None
    assert "google-re2 is not installed" in query.warnings[0]


_COMPARISONS = st.sampled_from(
    [
        "attribute:stack == prod",
        "attribute:rack exists",
        "runningTasksCount > 1",
        "task:group == service:web",
        "agentVersion < 1.14.5",
        "attribute:ecs.instance-type =~ t2.*",
    ]
)


@given(_COMPARISONS, _COMPARISONS)
@settings(max_examples=40, deadline=None)
def test_booleans_follow_de_morgan(left: str, right: str) -> None:
    assert matching(f"not({left} and {right})") == matching(f"not({left}) or not({right})")
    assert set(matching(f"{left} or {right}")) == set(matching(left)) | set(matching(right))
    assert set(matching(f"{left} and {right}")) == set(matching(left)) & set(matching(right))


@given(st.text(max_size=40))
@settings(max_examples=200, deadline=None)
def test_any_text_compiles_or_is_a_query_error(text: str) -> None:
    try:
        query = compile_query(text)
    except QueryError:
        return
    assert all(query.decide(model, groups) in (True, False, None) for model, groups in INSTANCES.values())
