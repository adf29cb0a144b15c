"""The sandbox as a whole: opened, run against, closed, and nothing left behind."""

from __future__ import annotations

import logging
import os
import pickle
import random
import socket
import subprocess
import sys
from pathlib import Path
from textwrap import dedent
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from botocore.exceptions import EndpointConnectionError
from moto import mock_aws
from moto.core.models import botocore_stubber
from moto.core.responses import BaseResponse
from moto.iam.models import iam_backends
from moto.moto_api._internal import mock_random

from ecs_preflight.errors import AccessError, UsageError
from ecs_preflight.findings import Outcome
from ecs_preflight.runner import run_preflight
from ecs_preflight.sandbox.run import sandbox, serve
from tests.sandbox.builders import MANAGED_ROLE, assumed, client, config, opened


def test_the_healthy_world_passes_every_check() -> None:
    settings = config()
    with sandbox(settings) as access:
        report = run_preflight(settings, access)
    assert {result.outcome for result in report.results} <= {Outcome.PASSED, Outcome.NOT_APPLICABLE}
    assert Outcome.PASSED in {result.outcome for result in report.results}
    assert report.run.source == "sandbox"


def test_the_caller_is_the_managing_identity() -> None:
    with opened():
        who = client("sts").get_caller_identity()
    assert who["Arn"] == "arn:aws:sts::100000000001:assumed-role/spinnaker/ecs-preflight-sandbox"
    assert who["Account"] == "100000000001"


def test_the_users_environment_does_not_leak_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://aws.example")
    monkeypatch.setenv("AWS_PROFILE", "no-such-profile")
    monkeypatch.setenv("AWS_USE_FIPS_ENDPOINT", "true")
    monkeypatch.setenv("MOTO_ACCOUNT_ID", "999999999999")
    settings = config()
    with sandbox(settings) as access:
        assert access.caller_credentials().access_key == "AKIASANDBOXSPINNAKER"
        report = run_preflight(settings, access)
    assert {result.outcome for result in report.results} <= {Outcome.PASSED, Outcome.NOT_APPLICABLE}
    assert os.environ["AWS_PROFILE"] == "no-such-profile"
    assert "AWS_ACCESS_KEY_ID" not in os.environ


def test_nothing_is_left_behind() -> None:
    call_action, random_state, environment = BaseResponse.call_action, mock_random.getstate(), dict(os.environ)
    with opened():
        assumed()
    assert BaseResponse.call_action is call_action
    assert mock_random.getstate() == random_state
    assert dict(os.environ) == environment
    assert not botocore_stubber.enabled
    assert not iam_backends["100000000002"]["aws"].roles


def test_nothing_is_left_behind_after_an_error() -> None:
    call_action = BaseResponse.call_action
    with pytest.raises(ZeroDivisionError), opened():
        raise ZeroDivisionError
    assert BaseResponse.call_action is call_action
    assert not botocore_stubber.enabled


def test_ids_are_the_same_in_every_run() -> None:
    def role_id() -> str:
        random.random()
        with opened():
            return str(iam_backends["100000000002"]["aws"].get_role_by_arn(MANAGED_ROLE).id)

    assert role_id() == role_id()


def test_only_one_is_open_at_a_time() -> None:
    with opened(), pytest.raises(UsageError, match="mocked in this process already"), opened():
        pass
    with mock_aws(), pytest.raises(UsageError, match="mocked in this process already"), opened():
        pass


def test_it_is_not_carried_to_another_process() -> None:
    with sandbox(config()) as access, pytest.raises(AccessError, match="lives in this process alone"):
        pickle.dumps(access)


def test_a_port_that_is_taken_is_said() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(UsageError, match="cannot be had"), serve(config(), port=taken.getsockname()[1]):
            pass


def test_the_server_is_gone_afterwards() -> None:
    with serve(config()) as endpoint_url:
        sts = client("sts", endpoint_url=endpoint_url, aws_access_key_id="x", aws_secret_access_key="x")
        assert sts.get_caller_identity()["Account"] == "100000000001"
    level = logging.getLogger("werkzeug").level
    with pytest.raises(EndpointConnectionError):
        sts.get_caller_identity()
    assert level == logging.NOTSET


def run_python(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """In another process, where nothing is imported yet."""
    root = Path(__file__).parents[2]
    return subprocess.run(
        [sys.executable, "-c", dedent(code)],
        env={**os.environ, **environment, "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_environment_does_not_leak_in_while_moto_is_imported() -> None:
    ran = run_python(
        """
        from ecs_preflight.sandbox.run import sandbox
        from tests.sandbox.builders import client, config
        with sandbox(config()):
            print(client("sts").get_caller_identity()["Account"])
        """,
        AWS_PROFILE="no-such-profile",
        AWS_CONFIG_FILE=__file__,
        AWS_ENDPOINT_URL="http://aws.example",
        TEST_SERVER_MODE="true",
        MOTO_IAM_LOAD_MANAGED_POLICIES="true",
    )
    assert (ran.stdout.strip(), ran.stderr) == ("100000000001", "")


def test_moto_is_not_imported_before_the_sandbox_opens() -> None:
    ran = run_python("import sys, ecs_preflight.sandbox.run; print('moto' in sys.modules)")
    assert (ran.stdout.strip(), ran.stderr) == ("False", "")


@pytest.mark.parametrize(("missing", "opened_by"), [("moto", "sandbox"), ("flask", "serve")])
def test_what_is_not_installed_is_said(missing: str, opened_by: str) -> None:
    ran = run_python(
        f"""
        import sys
        from ecs_preflight.errors import UsageError
        from ecs_preflight.sandbox.run import {opened_by}
        from tests.sandbox.builders import config
        sys.modules["{missing}"] = None
        try:
            with {opened_by}(config()):
                pass
        except UsageError as error:
            print(error)
        """
    )
    assert f"needs {missing}" in ran.stdout
    assert "pip install" in ran.stdout


def test_what_is_no_call_of_an_api_is_left_to_moto() -> None:
    scope = "AWS4-HMAC-SHA256 Credential=AKIAMADEUPMADEUPMADE/20270101/us-east-1/iam/aws4_request, Signature=0"
    with serve(config()) as endpoint_url, pytest.raises(HTTPError) as raised:
        urlopen(Request(endpoint_url, data=b"", headers={"Authorization": scope}), timeout=10)
    raised.value.close()
    assert raised.value.code == 404
