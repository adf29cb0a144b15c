"""Who asks, and how each identity is come by: once, as clouddriver does it, and never in the wrong account."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ecs_preflight import questions
from ecs_preflight.aws.failures import AwsFailure, FailureKind
from ecs_preflight.errors import AccessError
from ecs_preflight.facts import Asker, secret_token
from ecs_preflight.findings import Blocked
from ecs_preflight.gather.desk import Desk
from tests.aws.canned import CALLER_ARN, CALLER_KEY, CannedAccess, CannedAws, Refusal, session_of
from tests.plans import CLOUDDRIVER, MANAGED, MANAGED_ROLE, config

AUDITOR_ROLE = f"arn:aws:iam::{MANAGED}:role/Auditor"
ROLE = questions.role("ecs", "SpinnakerManaged")


def desk(aws: CannedAws | None = None, clouddriver: str = CLOUDDRIVER, **preflight: Any) -> Desk:
    canned = aws or CannedAws()
    canned.answers.setdefault("AssumeRole", session_of)
    return Desk(config(clouddriver, **preflight), CannedAccess(aws=canned), "salt")


def in_account(extra: str, top: str = "") -> str:
    """The guide's file with more keys in the AWS account, and beside `aws.accounts`."""
    return CLOUDDRIVER.replace("      externalId", f"{extra}      externalId").replace(
        "  accounts:\n    - name: aws", f"{top}  accounts:\n    - name: aws"
    )


SESSIONS: list[tuple[str, str, Asker, dict[str, str]]] = [
    # clouddriver 1.37: session E has no external id and no duration of its own; the SDK's default is 900 seconds.
    ("plain E", CLOUDDRIVER, Asker.ECS_SESSION, {"RoleSessionName": "Spinnaker", "DurationSeconds": "900"}),
    (
        "plain A",
        CLOUDDRIVER,
        Asker.AWS_SESSION,
        {"RoleSessionName": "Spinnaker", "DurationSeconds": "900", "ExternalId": "the-external-id"},
    ),
    (
        "stated E",
        in_account(
            "      sessionName: deployer\n      sessionDurationSeconds: 1800\n", "  defaultSessionDurationSeconds: 1200\n"
        ),
        Asker.ECS_SESSION,
        {"RoleSessionName": "deployer", "DurationSeconds": "1200"},
    ),
    (
        "stated A",
        in_account(
            "      sessionName: deployer\n      sessionDurationSeconds: 1800\n", "  defaultSessionDurationSeconds: 1200\n"
        ),
        Asker.AWS_SESSION,
        {"RoleSessionName": "deployer", "DurationSeconds": "1800", "ExternalId": "the-external-id"},
    ),
]


@pytest.mark.parametrize(("clouddriver", "session", "expected"), [row[1:] for row in SESSIONS], ids=[row[0] for row in SESSIONS])
def test_a_session_is_assumed_exactly_as_clouddriver_does(clouddriver: str, session: Asker, expected: dict[str, str]) -> None:
    aws = CannedAws()
    identity = desk(aws, clouddriver).session("ecs", session)

    (sent,) = aws.of("AssumeRole")
    assert sent.parameters == {"Version": "2011-06-15", "RoleArn": MANAGED_ROLE, **expected}
    assert sent.access_key == CALLER_KEY
    assert identity.arn == f"arn:aws:sts::{MANAGED}:assumed-role/SpinnakerManaged/{expected['RoleSessionName']}"
    assert identity.asker == session.value


@pytest.mark.parametrize(
    ("clouddriver", "preflight", "region"),
    [
        (CLOUDDRIVER, {}, "us-west-2"),  # the AWS SDK's own default
        (CLOUDDRIVER, {"spinnaker": {"aws_region": "eu-central-1"}}, "eu-central-1"),
        (CLOUDDRIVER.replace("role/Spin", f"arn:aws-cn:iam::{MANAGED}:role/Spin"), {}, "cn-north-1"),
        (CLOUDDRIVER.replace("role/Spin", f"arn:aws-us-gov:iam::{MANAGED}:role/Spin"), {}, "us-gov-west-1"),
    ],
)
def test_sts_is_called_where_clouddriver_calls_it(clouddriver: str, preflight: dict[str, Any], region: str) -> None:
    aws = CannedAws()
    desk(aws, clouddriver, **preflight).session("ecs", Asker.ECS_SESSION)
    assert [sent.region for sent in aws.of("AssumeRole")] == [region]


@pytest.mark.parametrize(
    ("clouddriver", "account", "region"),
    [
        (CLOUDDRIVER, "ecs", "us-east-1"),
        (CLOUDDRIVER, "", "us-east-1"),
        (CLOUDDRIVER.replace("role/Spin", f"arn:aws-cn:iam::{MANAGED}:role/Spin"), "ecs", "cn-north-1"),
        (CLOUDDRIVER.replace("role/Spin", f"arn:aws-us-gov:iam::{MANAGED}:role/Spin"), "ecs", "us-gov-west-1"),
    ],
)
def test_iam_is_signed_for_the_one_region_of_its_partition(clouddriver: str, account: str, region: str) -> None:
    assert desk(clouddriver=clouddriver).iam_region(account) == region


def test_each_identity_is_made_once_however_many_ask_at_once() -> None:
    aws = CannedAws()
    counter = desk(aws, reader={"role_arn": AUDITOR_ROLE})
    ready = threading.Barrier(12)

    def asks(_: int) -> list[Any]:
        ready.wait()
        return [counter.caller(), counter.session("ecs", Asker.ECS_SESSION), counter.reader("ecs")]

    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(asks, range(12)))
    assert all(answer == answers[0] for answer in answers)
    assert sorted(aws.operations()) == ["AssumeRole", "AssumeRole", "GetCallerIdentity"]


def test_a_failure_is_kept_too_and_told_to_everybody() -> None:
    aws = CannedAws({"AssumeRole": Refusal("AccessDenied", "not authorized to perform: sts:AssumeRole", 403)})
    counter = desk(aws)
    for _ in range(3):
        with pytest.raises(AwsFailure, match=r"^sts:AssumeRole: AccessDenied: not authorized") as caught:
            counter.identity(Asker.ECS_SESSION, ROLE)
        assert caught.value.kind is FailureKind.DENIED
    assert len(aws.of("AssumeRole")) == 1


def test_a_refusal_that_quotes_the_external_id_is_told_without_it() -> None:
    quoting = Refusal("ValidationError", "Value 'the-external-id' at 'externalId' failed to satisfy constraint")
    with pytest.raises(AwsFailure, match=r"Value '\(not shown\)' at 'externalId'") as caught:
        desk(CannedAws({"AssumeRole": quoting})).session("ecs", Asker.AWS_SESSION)
    assert "the-external-id" not in str(caught.value)


@pytest.mark.parametrize(
    ("clouddriver", "session", "says"),
    [
        (in_account("      sessionName: encrypted:s3!r:us-west-2!b:bucket!f:file\n"), Asker.ECS_SESSION, "session name"),
        (CLOUDDRIVER.replace("the-external-id", "${EXTERNAL_ID}"), Asker.AWS_SESSION, "external id"),
    ],
)
def test_what_spinnaker_alone_can_read_is_never_sent(clouddriver: str, session: Asker, says: str) -> None:
    aws = CannedAws()
    with pytest.raises(AwsFailure, match=f"the {says} is read by Spinnaker alone") as caught:
        desk(aws, clouddriver).session("ecs", session)
    assert caught.value.kind is FailureKind.UNSENT
    assert aws.sent == []


def test_without_a_role_there_is_no_session() -> None:
    clouddriver = CLOUDDRIVER.replace("  defaultAssumeRole: role/SpinnakerManaged\n", "")
    aws = CannedAws()
    with pytest.raises(AwsFailure, match="the configuration names no role to assume"):
        desk(aws, clouddriver).session("ecs", Asker.ECS_SESSION)
    with pytest.raises(Blocked, match=r"'other' is not in aws.accounts"):
        desk(clouddriver=CLOUDDRIVER.replace("awsAccount: aws", "awsAccount: other")).session("ecs", Asker.ECS_SESSION)
    assert aws.sent == []


def test_the_reader_by_role_is_assumed_by_the_caller_without_anything_of_clouddrivers() -> None:
    aws = CannedAws()
    reader = desk(aws, reader={"role_arn": AUDITOR_ROLE}).identity(Asker.READER, ROLE)

    assert reader
    assert reader.arn == f"arn:aws:sts::{MANAGED}:assumed-role/Auditor/ecs-preflight"
    assert [sent.parameters for sent in aws.of("AssumeRole")] == [
        {"Version": "2011-06-15", "RoleArn": AUDITOR_ROLE, "RoleSessionName": "ecs-preflight"}
    ]


@pytest.fixture
def auditor_profile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "credentials"
    file.write_text("[auditor]\naws_access_key_id = AKIAAUDITOR\naws_secret_access_key = s\n")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(file))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.delenv("AWS_ACCESS_KEY_ID", raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


def who(arn: str) -> dict[str, str]:
    return {"Arn": arn, "Account": arn.split(":")[4], "UserId": "AIDAEXAMPLE"}


@pytest.mark.usefixtures("auditor_profile")
def test_the_reader_by_profile_says_who_it_is() -> None:
    arn = f"arn:aws:iam::{MANAGED}:user/auditor"
    aws = CannedAws({"GetCallerIdentity": lambda sent: who(arn if sent.access_key == "AKIAAUDITOR" else CALLER_ARN)})
    reader = desk(aws, reader={"profile": "auditor"}).identity(Asker.READER, ROLE)

    assert reader
    assert (reader.asker, reader.arn) == ("reader", arn)
    assert [sent.access_key for sent in aws.sent] == ["AKIAAUDITOR"]


@pytest.mark.usefixtures("auditor_profile")
def test_a_reader_that_is_not_there_stops_the_run() -> None:
    with pytest.raises(AccessError, match="IAM cannot be read: the profile 'auditer' cannot be used") as caught:
        desk(reader={"profile": "auditer"}).identity(Asker.READER, ROLE)
    assert caught.value.exit_code == 2
    assert "preflight.yml" in str(caught.value)


@pytest.mark.usefixtures("auditor_profile")
def test_an_account_may_have_a_reader_of_its_own() -> None:
    aws = CannedAws({"GetCallerIdentity": lambda sent: who(f"arn:aws:iam::{MANAGED}:user/auditor")})
    counter = desk(aws, reader={"profile": "auditor"}, accounts={"ecs": {"reader": {"role_arn": AUDITOR_ROLE}}})

    own, common = counter.reader("ecs"), counter.reader("")
    assert own
    assert common
    assert ":assumed-role/Auditor/" in own.arn
    assert common.arn.endswith(":user/auditor")


def test_without_a_reader_there_is_none() -> None:
    assert desk().identity(Asker.READER, ROLE) is None


@pytest.mark.parametrize(
    "question",
    [ROLE, questions.role_policies("ecs", "SpinnakerManaged"), questions.cluster("ecs", "us-east-1", "production")],
    ids=str,
)
def test_a_reader_of_another_account_is_refused(question: Any) -> None:
    with pytest.raises(AwsFailure, match=f"not a principal of account {MANAGED}") as caught:
        desk(reader={"role_arn": "arn:aws:iam::999999999999:role/Auditor"}).identity(Asker.READER, question)
    assert caught.value.action == question.kind.actions[0]


def test_a_reader_of_another_account_does_not_read_the_managing_identity() -> None:
    """A role of the same name in another account would be read instead."""
    question = questions.managing_policies(CALLER_ARN)
    elsewhere = desk(reader={"role_arn": "arn:aws:iam::999999999999:role/Auditor"})
    with pytest.raises(AwsFailure, match="not a principal of account 100000000001"):
        elsewhere.identity(Asker.READER, question)

    beside = desk(reader={"role_arn": "arn:aws:iam::100000000001:role/Auditor"}).identity(Asker.READER, question)
    assert beside
    assert beside.account_id == "100000000001"


@pytest.mark.parametrize(
    ("question", "caller", "may"),
    [
        (ROLE, CALLER_ARN, False),  # of another account than the managed role's
        (ROLE, f"arn:aws:iam::{MANAGED}:user/admin", True),
        (questions.managing_policies(CALLER_ARN), CALLER_ARN, True),
        (questions.managing_policies(CALLER_ARN), f"arn:aws:iam::{MANAGED}:user/admin", False),
        (questions.caller_identity(), CALLER_ARN, True),
        (questions.assume_role("ecs", Asker.ECS_SESSION), CALLER_ARN, True),
        (questions.caller_may_list_regions("us-east-1"), CALLER_ARN, True),
    ],
)
def test_the_caller_reads_iam_in_its_own_account_only(question: Any, caller: str, may: bool) -> None:
    identity = desk(CannedAws({"GetCallerIdentity": who(caller)})).identity(Asker.CALLER, question)
    assert (identity.arn if identity else None) == (caller if may else None)


def test_a_session_of_another_account_than_the_roles_does_not_answer_for_it() -> None:
    aws = CannedAws({"AssumeRole": lambda sent: session_of(_elsewhere(sent))})
    with pytest.raises(AwsFailure, match="WrongAccount"):
        desk(aws).identity(Asker.ECS_SESSION, ROLE)


def _elsewhere(sent: Any) -> Any:
    return replace(sent, parameters={**sent.parameters, "RoleArn": "arn:aws:iam::999999999999:role/SpinnakerManaged"})


def test_secrets_are_tokens_of_the_runs_salt() -> None:
    assert desk().token("the-external-id") == secret_token("the-external-id", "salt")
    assert "external" not in desk().token("the-external-id")
