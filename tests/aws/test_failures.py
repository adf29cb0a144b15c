"""What botocore raises, in our words: by code, by status, by class."""

from __future__ import annotations

import pickle
from typing import Any

import pytest
from botocore import exceptions as errors
from botocore.parsers import ResponseParserError

from ecs_preflight.aws.failures import BOTOCORE_ERRORS, AwsFailure, FailureKind, translate

K = FailureKind


def client_error(code: str, status: int = 400, message: str = "said") -> errors.ClientError:
    return errors.ClientError({"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": status}}, "X")


# https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html and its like of IAM, ECS, EC2, Auto Scaling
CODES: list[tuple[str, int, FailureKind]] = [
    ("AccessDenied", 403, K.DENIED),  # STS, IAM, Auto Scaling (query)
    ("AccessDeniedException", 400, K.DENIED),  # ECS (JSON)
    ("UnauthorizedOperation", 403, K.DENIED),  # EC2
    ("NoSuchEntity", 404, K.MISSING),  # IAM
    ("ClusterNotFoundException", 400, K.MISSING),  # ECS
    ("Throttling", 400, K.THROTTLED),  # IAM, STS, Auto Scaling
    ("ThrottlingException", 400, K.THROTTLED),  # ECS
    ("RequestLimitExceeded", 503, K.THROTTLED),  # EC2
    ("TooManyRequestsException", 429, K.THROTTLED),
    ("429", 429, K.THROTTLED),  # a proxy's answer: the status is all there is
    ("ServerException", 500, K.TRANSIENT),  # ECS
    ("InternalFailure", 500, K.TRANSIENT),
    ("ServiceFailure", 500, K.TRANSIENT),  # IAM
    ("InternalError", 500, K.TRANSIENT),  # EC2
    ("Unavailable", 503, K.TRANSIENT),  # EC2
    ("502", 502, K.TRANSIENT),
    ("RequestTimeout", 408, K.TRANSIENT),
    ("ExpiredToken", 403, K.CREDENTIALS),  # STS, IAM
    ("ExpiredTokenException", 400, K.CREDENTIALS),  # ECS
    ("InvalidClientTokenId", 403, K.CREDENTIALS),  # STS, IAM
    ("UnrecognizedClientException", 400, K.CREDENTIALS),  # ECS
    ("AuthFailure", 401, K.CREDENTIALS),  # EC2
    ("SignatureDoesNotMatch", 403, K.CREDENTIALS),
    ("RequestExpired", 400, K.CREDENTIALS),  # EC2: the clock
    ("RegionDisabledException", 403, K.REGION_DISABLED),  # STS
    ("OptInRequired", 401, K.REGION_DISABLED),  # EC2
    ("ValidationError", 400, K.REFUSED),
    ("ClientException", 400, K.REFUSED),
    ("InvalidParameterException", 400, K.REFUSED),
    ("SomethingNew", 400, K.REFUSED),
]


@pytest.mark.parametrize(("code", "status", "kind"), CODES, ids=[f"{code}-{status}" for code, status, _ in CODES])
def test_an_answer_of_aws_by_its_code(code: str, status: int, kind: FailureKind) -> None:
    failure = translate("ecs:ListClusters", client_error(code, status))

    assert (failure.action, failure.kind, failure.code, failure.message) == ("ecs:ListClusters", kind, code, "said")
    assert failure.is_worth_retrying == (kind in (K.THROTTLED, K.TRANSIENT))
    assert failure.said == f"{code}: said"
    assert str(failure) == f"ecs:ListClusters: {code}: said"


NO_ANSWER: list[tuple[Exception, FailureKind]] = [
    (errors.EndpointConnectionError(endpoint_url="https://sts.example"), K.TRANSIENT),
    (errors.ConnectTimeoutError(endpoint_url="https://sts.example"), K.TRANSIENT),
    (errors.ReadTimeoutError(endpoint_url="https://sts.example"), K.TRANSIENT),
    (errors.ConnectionClosedError(endpoint_url="https://sts.example"), K.TRANSIENT),
    (errors.ProxyConnectionError(proxy_url="http://proxy"), K.TRANSIENT),
    (errors.SSLError(endpoint_url="https://sts.example", error="certificate"), K.TRANSIENT),
    (ResponseParserError("no XML"), K.TRANSIENT),
    (errors.NoCredentialsError(), K.CREDENTIALS),
    (errors.PartialCredentialsError(provider="env", cred_var="AWS_SECRET_ACCESS_KEY"), K.CREDENTIALS),
    (errors.CredentialRetrievalError(provider="process", error_msg="exit 1"), K.CREDENTIALS),
    (errors.TokenRetrievalError(provider="sso", error_msg="gone"), K.CREDENTIALS),
    (errors.UnauthorizedSSOTokenError(), K.CREDENTIALS),
    (errors.ParamValidationError(report="RoleSessionName: too short"), K.REFUSED),
    (errors.InvalidRegionError(region_name="us east"), K.UNSENT),
    (errors.NoRegionError(), K.UNSENT),
    (errors.UnknownServiceError(service_name="ecs", known_service_names=""), K.UNSENT),
]


@pytest.mark.parametrize(("error", "kind"), NO_ANSWER, ids=[type(error).__name__ for error, _ in NO_ANSWER])
def test_no_answer_by_its_class(error: Exception, kind: FailureKind) -> None:
    failure = translate("sts:AssumeRole", error)

    assert isinstance(error, BOTOCORE_ERRORS)
    assert failure.kind is kind
    assert failure.code == type(error).__name__
    assert failure.message == str(error)


def test_an_error_without_any_details_still_has_a_code() -> None:
    failure = translate("ecs:ListClusters", errors.ClientError({}, "ListClusters"))
    assert (failure.code, failure.message, failure.said) == ("Unknown", "", "Unknown")


@pytest.mark.parametrize(
    ("message", "secrets", "said"),
    [
        ("Value 'abc' at 'externalId'", ["abc"], "Value '(not shown)' at 'externalId'"),
        ("abcdef and abc", ["abc", "abcdef"], "(not shown) and (not shown)"),
        ("abcdef and abc", ["abcdef", "abc"], "(not shown) and (not shown)"),
        ("nothing of it", ["", "abc"], "nothing of it"),
    ],
)
def test_secrets_are_struck_out(message: str, secrets: list[str], said: str) -> None:
    assert translate("sts:AssumeRole", client_error("ValidationError", message=message), secrets).message == said
    assert translate("sts:AssumeRole", errors.ParamValidationError(report=message), iter(secrets)).message.endswith(said)


def test_a_failure_crosses_processes() -> None:
    failure = AwsFailure("sts:AssumeRole", K.DENIED, "AccessDenied", "no")
    copy: Any = pickle.loads(pickle.dumps(failure))
    assert (copy.action, copy.kind, copy.code, copy.message, str(copy)) == (
        "sts:AssumeRole",
        K.DENIED,
        "AccessDenied",
        "no",
        str(failure),
    )
