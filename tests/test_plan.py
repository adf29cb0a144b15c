"""Which check on which target: selection by id, family, slug and pattern, and what is asked first."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ecs_preflight import questions
from ecs_preflight.checks import ALL_CHECKS
from ecs_preflight.errors import UsageError
from ecs_preflight.facts import Absent, Asker, Known, Listing, Snapshot
from ecs_preflight.plan import checks_named, make_plan
from ecs_preflight.targets import Target
from tests.plans import CLOUDDRIVER, config, made, plan, requiring

WITH_CLUSTER = {"accounts": {"ecs": {"regions": {"us-east-1": {"clusters": {"production": None}}}}}}


def ids(*selectors: str) -> set[str]:
    return {check.id for check in checks_named(selectors)}


FAMILY_TRUST = {check.id for check in ALL_CHECKS if check.family == "TRUST"}


@pytest.mark.parametrize(
    ("selector", "named"),
    [
        ("TRUST001", {"TRUST001"}),
        ("trust001", {"TRUST001"}),
        ("managing-identity-not-trusted", {"TRUST001"}),
        ("Managing-Identity-*", ids("managing-identity-*")),
        ("TRUST", FAMILY_TRUST),
        ("trust", FAMILY_TRUST),
        ("TRUST*", FAMILY_TRUST),
        ("TRUST00[12]", {check.id for check in ALL_CHECKS if check.id in ("TRUST001", "TRUST002")}),
        ("*", {check.id for check in ALL_CHECKS}),
    ],
)
def test_a_selector_names_by_id_family_slug_or_pattern(selector: str, named: set[str]) -> None:
    assert ids(selector) == named
    assert "TRUST001" in named


def test_selectors_add_up_and_ignore_takes_away() -> None:
    chosen = make_plan(config(), ["TRUST", "ROLE002", "TRUST001"], ["managing-identity-not-trusted"]).items
    named = {item.check.id for item in chosen}
    assert "ROLE002" in named
    assert "TRUST001" not in named
    assert named <= FAMILY_TRUST | {"ROLE002"}


@pytest.mark.parametrize(
    ("selector", "hint"),
    [
        ("TRUST01", "Did you mean TRUST001?"),
        ("trsut001", "Did you mean TRUST001?"),
        ("TRUSTS", "Did you mean TRUST?"),
        ("managing-identity-not-trustd", "Did you mean managing-identity-not-trusted?"),
        ("xyzzy", "ecs-preflight explain lists all checks."),
        ("", "ecs-preflight explain lists all checks."),
    ],
)
def test_a_selector_that_names_nothing_has_a_near_miss(selector: str, hint: str) -> None:
    with pytest.raises(UsageError, match="no check is called") as caught:
        make_plan(config(), [selector])
    assert caught.value.hint == hint
    assert caught.value.exit_code == 2
    with pytest.raises(UsageError, match="no check is called"):
        make_plan(config(), ignore=[selector])


@pytest.mark.parametrize(("select", "ignore"), [([], ["*"]), (["TRUST"], ["TRUST"]), (["TRUST001"], ["trust*"])])
def test_a_selection_that_leaves_nothing_is_an_error(select: list[str], ignore: list[str]) -> None:
    with pytest.raises(UsageError, match="the selection leaves no check to run"):
        make_plan(config(), select, ignore)


def test_offline_only_what_needs_no_aws_is_planned() -> None:
    planned = make_plan(config(offline=True))
    assert planned.items
    assert all(item.check.is_offline for item in planned.items)
    assert planned.questions(Snapshot()) == ()
    with pytest.raises(UsageError, match="the selection leaves no check to run"):
        make_plan(config(offline=True), ["TRUST001"])


def test_checks_with_nothing_to_judge_are_an_error() -> None:
    with pytest.raises(UsageError, match="nothing to judge"):
        make_plan(config("aws: {enabled: true}\necs: {enabled: true, accounts: []}\n"), ["TRUST001", "CLUSTER001"])
    with pytest.raises(UsageError, match="nothing to judge"):
        make_plan(config(), ["CAPACITY001"])  # no workload is named


def test_the_plan_is_in_report_order_and_each_target_stands_once() -> None:
    twice = CLOUDDRIVER + "    - {name: ecs2, awsAccount: aws}\n"
    planned = make_plan(config(twice, **WITH_CLUSTER), ["CLUSTER001", "TRUST001"])
    assert [item.id for item in planned.items] == [
        "TRUST001[ecs]",
        "TRUST001[ecs2]",
        "CLUSTER001[ecs/us-east-1/production]",
        "CLUSTER001[ecs2/us-east-1/*]",
    ]
    positions = [ALL_CHECKS.index(item.check) for item in make_plan(config()).items]
    assert positions == sorted(positions)
    assert {check.id for check in planned.selected} == {"TRUST001", "CLUSTER001"}


def test_questions_are_put_once_in_plan_order_and_only_while_they_are_open() -> None:
    a, b, c = (questions.clusters("ecs", region) for region in ("c", "b", "a"))
    planned = plan(requiring(a), requiring(b, c, a, check_id="TEST002"))
    assert planned.questions(Snapshot()) == (a, c, b)
    assert planned.questions(Snapshot({a: Absent("none"), b: Known(Listing())})) == (c,)
    assert planned.questions(Snapshot({question: Absent("none") for question in (a, b, c)})) == ()


def test_the_kinds_of_a_plan_are_those_of_its_checks() -> None:
    planned = make_plan(config(), ["TRUST001", "ACCOUNT001"])
    assert planned.kinds == next(check for check in ALL_CHECKS if check.id == "TRUST001").asks


def test_a_question_that_a_check_does_not_list_is_our_fault() -> None:
    check = replace(requiring(questions.caller_identity()), asks=(questions.CLUSTERS,))
    with pytest.raises(LookupError, match="TEST001 needs caller-identity/-/-, a kind that it does not list"):
        plan(check).questions(Snapshot())


def test_what_is_known_opens_further_questions() -> None:
    listed = questions.clusters("ecs", "us-east-1")
    check = made(
        lambda *_: iter(()),
        lambda config, target, known: (
            listed,
            *(questions.cluster("ecs", "us-east-1", name) for name in (known[listed].value_or_none() or Listing()).items),
        ),
    )
    assert plan(check).questions(Snapshot()) == (listed,)
    assert plan(check).questions(Snapshot({listed: Known(Listing(("a",)))})) == (questions.cluster("ecs", "us-east-1", "a"),)
    assert plan(check).questions(Snapshot({listed: Absent("none")})) == ()


def test_a_planned_check_is_named_by_check_and_target() -> None:
    item = plan(requiring(questions.assume_role("ecs", Asker.ECS_SESSION)), on=(Target("a/b", "us-east-1"),)).items[0]
    assert item.id == "TEST001[a%2Fb/us-east-1]"
