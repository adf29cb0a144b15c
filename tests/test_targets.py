"""The ids of targets: one grammar, any name, there and back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecs_preflight.errors import UsageError
from ecs_preflight.targets import Target

IDS = [
    (Target(), "config"),
    (Target("prod"), "prod"),
    (Target("prod", "us-east-1"), "prod/us-east-1"),
    (Target("prod", "us-east-1", "web"), "prod/us-east-1/web"),
    (Target("prod", "us-east-1", "web", "api"), "prod/us-east-1/web/api"),
    (Target("prod", "us-east-1", "*"), "prod/us-east-1/*"),
    (Target("config"), "%63onfig"),
    (Target("config", "us-east-1"), "%63onfig/us-east-1"),
    (Target("configuration"), "configuration"),
    (Target("team/prod"), "team%2Fprod"),
    (Target("50%"), "50%25"),
    (Target("a b:c@d+e,f=(g)"), "a b:c@d+e,f=(g)"),
    (Target("*"), "%2A"),
    (Target("prod", "us-east-1", "web", "*"), "prod/us-east-1/web/%2A"),
    (Target("prod", "us-east-1", "web[0]?"), "prod/us-east-1/web%5B0%5D%3F"),
    (Target("prod", "us-east-1", "arn:aws:ecs:us-east-1:1:cluster/web"), "prod/us-east-1/arn:aws:ecs:us-east-1:1:cluster%2Fweb"),
    (Target("größe"), "gr%C3%B6%C3%9Fe"),
    (Target("line\nfeed"), "line%0Afeed"),
]

NAMES = st.text(min_size=1).filter(lambda name: name != "*")


@pytest.mark.parametrize(("target", "written"), IDS, ids=[written for _, written in IDS])
def test_a_target_and_its_id(target: Target, written: str) -> None:
    assert target.id == written
    assert str(target) == written
    assert Target.parse(written) == target


@given(st.lists(NAMES, max_size=4))
def test_any_names_come_back(names: list[str]) -> None:
    target = Target(*names)

    assert Target.parse(target.id) == target


@given(st.lists(st.sampled_from(["*", "config", "%63onfig", "%2A", "%", "/", "..", " ", "\n", "\ud800", "è"]), max_size=4))
def test_names_that_look_like_the_grammar_come_back_in_plain_ascii(names: list[str]) -> None:
    target = Target(*names)

    assert Target.parse(target.id) == target
    assert target.id.isascii()
    assert target.id.isprintable()


@given(st.lists(NAMES, max_size=4), st.lists(NAMES, max_size=4))
def test_two_targets_share_no_id(names: list[str], others: list[str]) -> None:
    assert (Target(*names).id == Target(*others).id) is (names == others)


@given(st.lists(st.characters(codec="utf-8") | st.sampled_from("/%*\x00\ud800"), min_size=1).map("".join))
def test_a_name_keeps_clear_of_the_grammar(name: str) -> None:
    assert len(Target(name, name, f"{name}-", name).id.split("/")) == 4


@pytest.mark.parametrize("written", ["", "/", "prod/", "/us-east-1", "prod//web", "a/b/c/d/e"])
def test_what_is_no_id_is_said_with_the_grammar(written: str) -> None:
    with pytest.raises(UsageError) as refused:
        Target.parse(written)

    assert repr(written) in refused.value.message
    assert "ACCOUNT/REGION/CLUSTER" in (refused.value.hint or "")
    assert refused.value.exit_code == 2


@pytest.mark.parametrize("written", ["prod%FF", "%C3/us-east-1"])
def test_escapes_that_spell_no_text_are_refused(written: str) -> None:
    with pytest.raises(UsageError, match="no UTF-8"):
        Target.parse(written)


@pytest.mark.parametrize(
    ("target", "every"),
    [(Target("prod", "us-east-1", "*"), True), (Target("prod", "us-east-1", "web"), False), (Target(), False)],
)
def test_every_cluster_is_a_target(target: Target, every: bool) -> None:
    assert target.is_every_cluster is every


def test_targets_sort_from_the_whole_to_the_part() -> None:
    whole, account, region, cluster, workload = (target for target, _ in IDS[:5])

    assert sorted([workload, region, whole, cluster, account]) == [whole, account, region, cluster, workload]
