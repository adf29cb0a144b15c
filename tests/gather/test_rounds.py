"""gather: each question once, in rounds, by whoever may answer, on threads or in other processes alike."""

from __future__ import annotations

import multiprocessing
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from json import dumps, loads
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from ecs_preflight import questions
from ecs_preflight.answers import Simulation
from ecs_preflight.aws.access import AwsAccess
from ecs_preflight.errors import AccessError, ForbiddenCallError
from ecs_preflight.facts import Absent, Asker, Known, Question, Snapshot, Unknown
from ecs_preflight.gather.rounds import ANSWERERS, BATCH_ANSWERERS, gather
from tests.aws.canned import CALLER_ARN, CannedAccess, CannedAws, Refusal, Sent, served, session_of
from tests.plans import CLOUDDRIVER, MANAGED, config, made, many_accounts, plan, requiring

DENIED = Refusal("AccessDeniedException", "is not authorized")
SESSION_ARN = f"arn:aws:sts::{MANAGED}:assumed-role/SpinnakerManaged/Spinnaker"


def cluster(name: str, account: str = MANAGED) -> dict[str, Any]:
    return {"clusterName": name, "clusterArn": f"arn:aws:ecs:us-east-1:{account}:cluster/{name}", "status": "ACTIVE"}


def described(sent: Sent) -> dict[str, Any]:
    """Every cluster is there, but for those called missing."""
    names = sent.parameters["clusters"]
    arns = "arn:aws:ecs:us-east-1:100000000002:cluster/"
    return {
        "clusters": [cluster(name) for name in names if not name.startswith("missing")],
        "failures": [{"arn": arns + name, "reason": "MISSING"} for name in names if name.startswith("missing")],
    }


def canned(**answers: Any) -> CannedAws:
    return CannedAws({"AssumeRole": session_of, "DescribeClusters": described, **answers})


def gathered(aws: CannedAws, *asked: Question[Any], **options: Any) -> Snapshot:
    return gather(plan(requiring(*asked)), CannedAccess(aws=aws, **options))


PRODUCTION = questions.cluster("ecs", "us-east-1", "production")
ALL_CLUSTERS = questions.clusters("ecs", "us-east-1")


def test_every_kind_of_question_has_somebody_to_answer_it() -> None:
    assert {*ANSWERERS, *BATCH_ANSWERERS} == {kind.name for kind in questions.ALL_KINDS}
    assert not set(ANSWERERS) & set(BATCH_ANSWERERS)


def test_a_question_of_many_checks_is_asked_once() -> None:
    aws = canned(ListClusters={"clusterArns": [cluster("production")["clusterArn"]]})
    checks = [requiring(ALL_CLUSTERS, PRODUCTION, check_id=f"TEST00{number}") for number in range(5)]
    snapshot = gather(plan(*checks), CannedAccess(aws=aws))

    assert Counter(aws.operations()) == {"GetCallerIdentity": 1, "AssumeRole": 1, "ListClusters": 1, "DescribeClusters": 1}
    assert snapshot[ALL_CLUSTERS].require().items == ("production",)
    assert snapshot[PRODUCTION].require().status == "ACTIVE"
    assert snapshot.answered_by == {ALL_CLUSTERS: SESSION_ARN, PRODUCTION: SESSION_ARN}
    assert snapshot.calls == {
        "sts:GetCallerIdentity": 1,
        "sts:AssumeRole": 1,
        "ecs:ListClusters": 1,
        "ecs:DescribeClusters": 1,
    }
    assert snapshot.source == "aws"


def test_answers_open_further_questions() -> None:
    """The clusters are listed in the first round, described in the second."""
    aws = canned(ListClusters={"clusterArns": [cluster(name)["clusterArn"] for name in ("a", "b", "missing")]})

    def needs(_: Any, __: Any, known: Snapshot) -> Iterator[Question[Any]]:
        yield ALL_CLUSTERS
        listed = known[ALL_CLUSTERS].value_or_none()
        yield from (questions.cluster("ecs", "us-east-1", name) for name in (listed.items if listed else ()))

    asked: list[str] = []
    snapshot = gather(
        plan(made(lambda *_: iter(()), needs)),
        CannedAccess(aws=aws),
        observe=lambda question: asked.append(question.kind.name),
    )
    assert asked == ["clusters", "cluster", "cluster", "cluster"]
    assert aws.operations().count("DescribeClusters") == 1
    assert snapshot[questions.cluster("ecs", "us-east-1", "b")].require().cluster_name == "b"
    assert snapshot[questions.cluster("ecs", "us-east-1", "missing")] == Absent(
        "there is no ECS cluster 'missing' in ecs/us-east-1"
    )


def test_clusters_are_described_by_the_hundred() -> None:
    aws = canned()
    asked = [questions.cluster("ecs", "us-east-1", f"c{number}") for number in range(250)]
    snapshot = gathered(aws, *asked)

    assert sorted(len(sent.parameters["clusters"]) for sent in aws.of("DescribeClusters")) == [50, 100, 100]
    assert all(snapshot[question].require().cluster_name == question.arguments[0] for question in asked)
    assert list(snapshot.facts) == sorted(asked, key=lambda question: question.id)


ROLE = questions.role("ecs", "SpinnakerManaged")
READ = {
    "Role": {"RoleName": "SpinnakerManaged", "RoleId": "AROA", "Arn": "arn", "Path": "/", "CreateDate": "2027-03-01T00:00:00Z"}
}
READER = {"reader": {"role_arn": f"arn:aws:iam::{MANAGED}:role/Auditor"}}


def reading_by(allowed: str) -> Any:
    """IAM that answers one key only."""
    return lambda sent: READ if allowed in sent.access_key else Refusal("AccessDenied", f"{sent.access_key} may not", 403)


@pytest.mark.parametrize(
    ("allowed", "answered_by"),
    [("AUDITOR", f"arn:aws:sts::{MANAGED}:assumed-role/Auditor/ecs-preflight"), ("SPINNAKERMANAGED", SESSION_ARN)],
)
def test_who_is_denied_gives_way_to_the_next(allowed: str, answered_by: str) -> None:
    denied = Refusal("AccessDenied", "no listing either", 403)
    aws = canned(GetRole=reading_by(allowed), ListRoles=denied)
    snapshot = gather(plan(requiring(ROLE), of=config(**READER)), CannedAccess(aws=aws))

    assert isinstance(snapshot[ROLE], Known)
    assert snapshot.answered_by[ROLE] == answered_by


def test_an_unknown_says_what_each_was_told() -> None:
    aws = canned(
        GetRole=reading_by("nobody"), ListRoles=lambda sent: Refusal("AccessDenied", f"{sent.access_key} lists not", 403)
    )
    snapshot = gather(plan(requiring(ROLE), of=config(**READER)), CannedAccess(aws=aws))

    assert snapshot[ROLE] == Unknown(
        "iam:GetRole",
        "as the reader, iam:ListRoles: AccessDenied: ASIA100000000002AUDITOR lists not; "
        "as the managed role, iam:ListRoles: AccessDenied: ASIA100000000002SPINNAKERMANAGED lists not",
    )
    assert ROLE not in snapshot.answered_by


def test_what_all_were_told_alike_is_said_once() -> None:
    aws = canned(AssumeRole=Refusal("AccessDenied", "not authorized to perform: sts:AssumeRole", 403))
    snapshot = gather(plan(requiring(PRODUCTION), of=config(**READER)), CannedAccess(aws=aws))
    assert snapshot[PRODUCTION] == Unknown("sts:AssumeRole", "AccessDenied: not authorized to perform: sts:AssumeRole")


def test_where_nobody_may_ask_it_says_so() -> None:
    question = questions.managing_policies("arn:aws:iam::999999999999:role/spinnaker")
    assert gathered(canned(), question)[question] == Unknown(
        "iam:GetRole", "there is nobody to ask: no reader, and no session of the managed role"
    )


@pytest.mark.parametrize(
    ("operation", "answer", "question"),
    [
        ("DescribeClusters", {"clusters": [{"status": "ACTIVE"}]}, PRODUCTION),
        ("DescribeClusters", {"clusters": [{**cluster("production"), "runningTasksCount": "many"}]}, PRODUCTION),
        ("ListAccountSettings", {"settings": [{"value": "enabled"}]}, questions.account_settings("ecs", "us-east-1")),
    ],
)
def test_an_answer_that_is_none_costs_only_itself(operation: str, answer: Any, question: Question[Any]) -> None:
    aws = canned(ListClusters={"clusterArns": []}, **{operation: answer})
    snapshot = gathered(aws, question, ALL_CLUSTERS)

    assert isinstance(snapshot[question], Unknown)
    assert "the answer is not what the API describes" in snapshot[question].error  # type: ignore[union-attr]
    assert isinstance(snapshot[ALL_CLUSTERS], Known)


def test_an_odd_region_costs_only_itself() -> None:
    odd = questions.clusters("ecs", "US East (N. Virginia)")
    snapshot = gathered(canned(ListClusters={"clusterArns": []}), odd, ALL_CLUSTERS)

    assert isinstance(snapshot[odd], Unknown)
    assert "InvalidRegionError" in snapshot[odd].error  # type: ignore[union-attr]
    assert isinstance(snapshot[ALL_CLUSTERS], Known)


class Broke(CannedAccess):
    """A caller without credentials."""

    def caller_credentials(self) -> Any:
        raise AccessError("no AWS credentials were found")


@pytest.mark.parametrize("executor", [None, "threads"])
def test_without_credentials_the_run_stops(executor: str | None) -> None:
    """Exit code 2 and one sentence: there is nothing that could be said of anything."""
    aws = canned()
    pool = ThreadPoolExecutor(2) if executor else None
    with pytest.raises(AccessError, match="no AWS credentials were found") as caught:
        gather(plan(requiring(PRODUCTION, ALL_CLUSTERS)), Broke(aws=aws), pool)
    assert caught.value.exit_code == 2
    assert aws.sent == []


def test_a_reader_whose_profile_is_missing_stops_the_run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """It was named to be used: to go on with less than was asked for would look like an answer."""
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    of = config(reader={"profile": "auditor"})
    with pytest.raises(AccessError, match=r"IAM cannot be read: the profile 'auditor' cannot be used"):
        gather(plan(requiring(ROLE), of=of), CannedAccess(aws=canned()))


def test_a_forbidden_call_stops_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*_: Any) -> Any:
        raise ForbiddenCallError("iam:DeleteRole is not on the read-only list, and was not sent")

    monkeypatch.setitem(ANSWERERS, "clusters", forbidden)  # type: ignore[arg-type]
    with pytest.raises(ForbiddenCallError):
        gathered(canned(), ALL_CLUSTERS)


def test_an_expired_session_is_no_answer_and_the_run_goes_on() -> None:
    expired = Refusal("ExpiredToken", "The security token included in the request is expired", 403)
    snapshot = gathered(canned(GetCallerIdentity=expired), PRODUCTION, questions.caller_identity())
    assert snapshot[PRODUCTION] == Unknown(
        "sts:GetCallerIdentity", "ExpiredToken: The security token included in the request is expired"
    )


def test_agents_are_looked_at_again_after_one_pause_a_round() -> None:
    names = ("a", "b", "c")
    first = {name: questions.container_instances("ecs", "us-east-1", name) for name in names}
    again = {name: questions.container_instances_again("ecs", "us-east-1", name) for name in names}

    def needs(_: Any, __: Any, known: Snapshot) -> Iterator[Question[Any]]:
        yield from first.values()
        yield from (again[name] for name in names if first[name] in known)

    aws = canned(ListContainerInstances={"containerInstanceArns": []})
    pauses: list[tuple[float, int]] = []
    settled = config(thresholds={"agent_recheck_seconds": 7})
    snapshot = gather(
        plan(made(lambda *_: iter(()), needs), of=settled),
        CannedAccess(aws=aws),
        sleep=lambda seconds: pauses.append((seconds, aws.operations().count("ListContainerInstances"))),
    )
    assert pauses == [(7, 3)]  # after all three were looked at once
    assert aws.operations().count("ListContainerInstances") == 6
    assert all(question in snapshot for question in (*first.values(), *again.values()))


def test_without_such_questions_nobody_sleeps() -> None:
    gather(plan(requiring(PRODUCTION)), CannedAccess(aws=canned()), sleep=pytest.fail)


def test_a_throttled_account_starves_no_other() -> None:
    """The first account hangs with all its questions until every other account is done, with two threads for all."""
    others = threading.Semaphore(0)
    first_in = threading.Lock()
    count, regions = 6, ("us-east-1", "us-west-2", "eu-west-1")

    def listed(sent: Sent) -> Any:
        if "200000000000" in sent.access_key:
            with first_in:
                for _ in range((count - 1) * len(regions)):
                    assert others.acquire(timeout=30), "the other accounts were starved"
                others.release((count - 1) * len(regions))
        else:
            others.release()
        return {"clusterArns": []}

    asked = [questions.clusters(f"ecs{number}", region) for number in range(count) for region in regions]
    of = config(many_accounts(count))
    snapshot = gather(plan(requiring(*asked), of=of), CannedAccess(aws=canned(ListClusters=listed), concurrency=2))
    assert all(isinstance(snapshot[question], Known) for question in asked)


ACCOUNTS = many_accounts(3)
WHOLE = tuple(
    question
    for number in range(3)
    for question in (
        questions.assume_role(f"ecs{number}", Asker.ECS_SESSION),
        questions.clusters(f"ecs{number}", "us-east-1"),
        questions.cluster(f"ecs{number}", "us-east-1", "production"),
        questions.cluster(f"ecs{number}", "us-east-1", "missing"),
        questions.account_settings(f"ecs{number}", "us-east-1"),
        questions.role(f"ecs{number}", "SpinnakerManaged"),
    )
)


def whole_aws() -> CannedAws:
    return canned(
        ListClusters={"clusterArns": [cluster("production")["clusterArn"]]},
        ListAccountSettings=lambda sent: (
            DENIED if "200000000001" in sent.access_key else {"settings": [{"name": "containerInsights", "value": "enabled"}]}
        ),
        GetRole=READ,
    )


def settled(snapshot: Snapshot) -> tuple[Any, Any]:
    return dict(snapshot.facts), dict(snapshot.answered_by)


@pytest.fixture(scope="module")
def on_threads() -> tuple[Any, Any]:
    return settled(gather(plan(requiring(*WHOLE), of=config(ACCOUNTS)), CannedAccess(aws=whole_aws())))


def test_threads_answer_everything(on_threads: tuple[Any, Any]) -> None:
    facts, answered_by = on_threads
    assert len(facts) == len(WHOLE)
    unknown = [question for question, fact in facts.items() if isinstance(fact, Unknown)]
    assert unknown == [questions.account_settings("ecs1", "us-east-1")]
    assert {question for question in WHOLE if question not in answered_by} == set(unknown)


def test_an_executor_of_threads_gives_the_same(on_threads: tuple[Any, Any]) -> None:
    with ThreadPoolExecutor(3) as executor:
        snapshot = gather(plan(requiring(*WHOLE), of=config(ACCOUNTS)), CannedAccess(aws=whole_aws()), executor)
    assert settled(snapshot) == on_threads


def test_an_executor_of_processes_gives_the_same(on_threads: tuple[Any, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIACALLER")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret-of-the-caller")
    monkeypatch.delenv("AWS_SESSION_TOKEN", raising=False)
    with served(whole_aws()) as endpoint_url, processes() as executor:
        snapshot = gather(plan(requiring(*WHOLE), of=config(ACCOUNTS)), AwsAccess(endpoint_url=endpoint_url), executor)
    assert settled(snapshot) == on_threads
    assert snapshot.calls["ecs:ListClusters"] == 3


def test_an_access_error_of_another_process_is_the_same_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    with processes() as executor, pytest.raises(AccessError, match=r"the profile 'none' cannot be used") as caught:
        gather(plan(requiring(PRODUCTION)), AwsAccess(profile="none"), executor)
    assert caught.value.hint


def processes() -> Executor:
    """Spawned: a fork of a process with threads may hang."""
    return ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn"))


def test_the_external_id_of_a_role_is_a_token_and_is_recognised() -> None:
    document = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"AWS": CALLER_ARN},
                "Action": "sts:AssumeRole",
                "Condition": {"StringEquals": {"sts:ExternalId": "the-external-id"}},
            }
        ],
    }
    role = {**READ["Role"], "AssumeRolePolicyDocument": quote(dumps(document))}
    snapshot = gather(plan(requiring(ROLE), of=config(CLOUDDRIVER)), CannedAccess(aws=canned(GetRole={"Role": role})))
    text = snapshot[ROLE].require().trust_policy
    stands = loads(text)["Statement"][0]["Condition"]["StringEquals"]["sts:ExternalId"]

    assert "the-external-id" not in text
    assert stands == snapshot.token("the-external-id")
    assert len(snapshot.salt) == 32


SIMULATED = questions.simulation("ecs", "us-east-1", f"arn:aws:iam::{MANAGED}:role/SpinnakerManaged", ("ecs:A",), "*", {})


def test_that_nobody_may_use_the_simulator_is_an_answer() -> None:
    """And it is asked as each who might: the managed role, then the caller, who is of another account here."""
    snapshot = gathered(canned(SimulatePrincipalPolicy=DENIED), SIMULATED)
    assert snapshot[SIMULATED] == Known(Simulation(is_refused=True))


def test_that_the_simulator_failed_is_none() -> None:
    snapshot = gathered(canned(SimulatePrincipalPolicy=Refusal("ServiceFailure", "later", 500)), SIMULATED)
    assert isinstance(snapshot[SIMULATED], Unknown)


def test_that_one_was_denied_and_another_could_not_be_had_is_none() -> None:
    aws = canned(AssumeRole=Refusal("RegionDisabledException", "STS is off", 403), SimulatePrincipalPolicy=DENIED)
    assert isinstance(gathered(aws, SIMULATED)[SIMULATED], Unknown)
