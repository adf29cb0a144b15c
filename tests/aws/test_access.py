"""How a run reaches AWS: whose credentials are found, and what may leave the process."""

from __future__ import annotations

import os
import pickle
from pathlib import Path

import botocore.session
import pytest

from ecs_preflight.aws.access import AwsAccess
from ecs_preflight.errors import AccessError


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No AWS settings, and a home without any."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


def test_without_credentials_it_is_an_access_error_with_what_to_do() -> None:
    with pytest.raises(AccessError, match="no AWS credentials were found") as caught:
        AwsAccess().caller_credentials()
    assert caught.value.exit_code == 2
    assert "--offline" in str(caught.value)


def test_a_profile_that_does_not_exist_is_an_access_error() -> None:
    with pytest.raises(AccessError, match=r"the profile 'spinaker' cannot be used: .*could not be found"):
        AwsAccess(profile="spinaker").caller_credentials()


def test_a_profile_of_the_environment_that_does_not_exist_is_one_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "spinaker")
    with pytest.raises(AccessError, match=r"no AWS credentials: .*spinaker"):
        AwsAccess().caller_credentials()


def test_the_environment_a_profile_and_a_session_give_credentials(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws" / "credentials").write_text("[auditor]\naws_access_key_id=AKIAPROFILE\naws_secret_access_key=s\n")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAENVIRONMENT")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "s")
    session = botocore.session.Session()
    session.set_credentials("AKIASESSION", "s")

    assert AwsAccess().caller_credentials().access_key == "AKIAENVIRONMENT"
    assert AwsAccess(profile="auditor").caller_credentials().access_key == "AKIAPROFILE"
    assert AwsAccess(profile="auditor", session=session).caller_credentials().access_key == "AKIASESSION"


def test_a_boto3_session_serves_too() -> None:
    import boto3

    session = boto3.Session(aws_access_key_id="AKIABOTO3", aws_secret_access_key="s")
    assert AwsAccess(session=session).caller_credentials().access_key == "AKIABOTO3"


def test_it_pickles_without_a_session() -> None:
    access = AwsAccess(profile="spinnaker", region="us-east-1", endpoint_url="http://127.0.0.1:1", concurrency=3)
    assert pickle.loads(pickle.dumps(access)) == access


def test_with_a_session_it_does_not_leave_the_process() -> None:
    session = botocore.session.Session()
    session.set_credentials("AKIASESSION", "the-secret")
    access = AwsAccess(session=session)

    with pytest.raises(AccessError, match="cannot leave its process") as caught:
        pickle.dumps(access)
    assert "profile" in (caught.value.hint or "")
    assert "session" not in repr(access)
    assert "the-secret" not in repr(access)


def test_regional_sts_and_the_ca_bundle_are_set(tmp_path: Path) -> None:
    session = AwsAccess(ca_bundle=str(tmp_path / "ca.pem")).client_session()

    assert session.get_config_variable("ca_bundle") == str(tmp_path / "ca.pem")
    assert session.create_client("sts", region_name="eu-west-1").meta.endpoint_url == "https://sts.eu-west-1.amazonaws.com"
