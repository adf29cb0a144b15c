"""One client for everybody: each request is signed by whoever is speaking, and by nobody where nobody is."""

from __future__ import annotations

import contextvars
import random
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from botocore.credentials import Credentials, RefreshableCredentials
from botocore.exceptions import ClientError, CredentialRetrievalError
from hypothesis import given, settings
from hypothesis import strategies as st

from ecs_preflight.aws.clients import Clients
from ecs_preflight.aws.credentials import Identity, of_profile, of_session, speaking_as
from ecs_preflight.aws.failures import AwsFailure, FailureKind
from ecs_preflight.aws.gateway import Gateway
from ecs_preflight.aws.operations import GET_CALLER_IDENTITY, LIST_CLUSTERS
from ecs_preflight.errors import AccessError, ForbiddenCallError
from tests.aws.canned import CannedAccess, CannedAws


def account(number: int) -> Identity:
    return Identity("E", f"arn:aws:iam::{number:012d}:role/managed", Credentials(f"KEY{number}", f"secret{number}"))


def test_many_threads_and_many_accounts_share_clients_and_never_signatures() -> None:
    def clusters(sent: Any) -> dict[str, Any]:
        """Says who signed; the second of two pages must be asked for by the same account as the first."""
        page = sent.parameters.get("nextToken")
        assert page is None or page.startswith(f"{sent.access_key}-")
        return {"clusterArns": [sent.access_key], **({} if page else {"nextToken": f"{sent.access_key}-2"})}

    aws = CannedAws({"ListClusters": clusters})
    gateway = Gateway(CannedAccess(aws=aws))
    numbers = [number for number in range(40) for _ in range(5)]
    random.Random(1).shuffle(numbers)

    def asked(number: int) -> list[str]:
        return list(gateway.pages(LIST_CLUSTERS, account(number), random.choice(("us-east-1", "eu-west-1"))))

    with ThreadPoolExecutor(24) as pool:
        answers = list(pool.map(asked, numbers))
    assert answers == [[f"KEY{number}", f"KEY{number}"] for number in numbers]
    assert len(aws.sent) == 2 * len(numbers)
    assert gateway.calls == {"ecs:ListClusters": 2 * len(numbers)}


def test_with_nobody_bound_nothing_is_sent() -> None:
    aws = CannedAws()
    client = Clients(CannedAccess(aws=aws)).client("sts", "us-east-1")

    with pytest.raises(ForbiddenCallError, match="no identity was chosen"):
        client.get_caller_identity()
    assert aws.sent == []


def test_the_environment_never_signs_for_an_unbound_call(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAENVIRONMENT")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    aws = CannedAws()
    client = Clients(CannedAccess(aws=aws)).client("sts", "us-east-1")

    with pytest.raises(ForbiddenCallError):
        client.get_caller_identity()
    with speaking_as(account(7)):
        client.get_caller_identity()
    assert [sent.access_key for sent in aws.sent] == ["KEY7"]


def test_binding_ends_with_its_block_and_stays_in_its_thread() -> None:
    aws = CannedAws()
    client = Clients(CannedAccess(aws=aws)).client("sts", "us-east-1")
    failures: list[Exception] = []

    def elsewhere() -> None:
        try:
            client.get_caller_identity()
        except ForbiddenCallError as error:
            failures.append(error)

    with speaking_as(account(1)):
        with speaking_as(account(2)):
            client.get_caller_identity()
        client.get_caller_identity()
        thread = threading.Thread(target=contextvars.Context().run, args=(elsewhere,))
        thread.start()
        thread.join()
    elsewhere()
    assert [sent.access_key for sent in aws.sent] == ["KEY2", "KEY1"]
    assert len(failures) == 2


def test_refreshable_credentials_are_refreshed_when_they_sign() -> None:
    keys = iter(range(10))

    def fresh() -> dict[str, str]:
        return {"access_key": f"KEY{next(keys)}", "secret_key": "s", "token": "t", "expiry_time": "2000-01-01T00:00:00Z"}

    expired = RefreshableCredentials.create_from_metadata(fresh(), refresh_using=fresh, method="test")
    identity = Identity("caller", "arn:aws:iam::100000000001:role/spinnaker", expired)

    with pytest.raises(CredentialRetrievalError, match="still expired"):
        identity.frozen()
    assert identity.secrets == ()


class Failing:
    """Credentials whose refresh ends in `error`."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def get_frozen_credentials(self) -> Any:
        raise self._error


@pytest.mark.parametrize(
    "error",
    [
        RuntimeError("Credentials were refreshed, but the refreshed credentials are still expired."),
        ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "AssumeRole"),
        CredentialRetrievalError(provider="sso", error_msg="the token is gone"),
        OSError("no such program"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_refresh_that_fails_is_a_matter_of_credentials(error: Exception) -> None:
    gateway = Gateway(CannedAccess(), sleep=pytest.fail)
    with pytest.raises(AwsFailure) as caught:
        gateway.call(GET_CALLER_IDENTITY, Identity("caller", "", Failing(error)), "us-east-1")
    assert caught.value.kind is FailureKind.CREDENTIALS


@given(st.text(min_size=1), st.text(min_size=1))
@settings(max_examples=30)
def test_an_identity_never_shows_its_credentials(secret: str, token: str) -> None:
    identity = Identity("E", "arn:aws:iam::100000000001:role/managed", Credentials("AKIA", f"<{secret}>", f"<{token}>"))
    assert identity.secrets == (f"<{secret}>", f"<{token}>")
    assert f"<{secret}>" not in repr(identity)
    assert f"<{token}>" not in str(identity)


def test_of_session_reads_what_assume_role_gives() -> None:
    arn = "arn:aws:sts::100000000002:assumed-role/SpinnakerManaged/Spinnaker"
    keys = {"AccessKeyId": "ASIA", "SecretAccessKey": "s", "SessionToken": "t"}
    identity = of_session("E", {"Credentials": keys, "AssumedRoleUser": {"Arn": arn}})

    assert (identity.asker, identity.arn, identity.account_id) == ("E", arn, "100000000002")
    assert identity.frozen()[:3] == ("ASIA", "s", "t")


def test_of_profile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    credentials, config = tmp_path / "credentials", tmp_path / "config"
    credentials.write_text("[auditor]\naws_access_key_id = AKIAAUDITOR\naws_secret_access_key = s\n")
    config.write_text("[profile empty]\nregion = us-east-1\n[profile broken]\nrole_arn = arn:aws:iam::1:role/a\n")
    for name, value in {
        "AWS_SHARED_CREDENTIALS_FILE": str(credentials),
        "AWS_CONFIG_FILE": str(config),
        "AWS_EC2_METADATA_DISABLED": "true",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("AWS_ACCESS_KEY_ID", raising=False)

    assert of_profile("auditor").access_key == "AKIAAUDITOR"
    for profile, said in {
        "none": r"the profile 'none' cannot be used: .*could not be found",
        "empty": "the profile 'empty' holds no credentials",
        "broken": "the profile 'broken' cannot be used",
    }.items():
        with pytest.raises(AccessError, match=said):
            of_profile(profile)
