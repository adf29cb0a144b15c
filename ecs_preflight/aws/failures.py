"""What botocore raises, in our words. The only module that knows its exceptions."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

from botocore import exceptions as botocore_errors
from botocore.parsers import ResponseParserError

BOTOCORE_ERRORS = (botocore_errors.ClientError, botocore_errors.BotoCoreError, ResponseParserError)
"""All that a call to AWS may raise: no more than this is translated, and nothing else is swallowed."""


class FailureKind(str, Enum):
    """Why there was no answer."""

    DENIED = "denied"
    MISSING = "missing"
    THROTTLED = "throttled"
    TRANSIENT = "transient"
    CREDENTIALS = "credentials"
    REGION_DISABLED = "region disabled"
    REFUSED = "refused"
    """AWS understood the call and will not do it so: a value out of range, a malformed name."""
    UNSENT = "unsent"
    """The call could not even be made: no such region, no endpoint. That tells nothing of AWS."""


class AwsFailure(Exception):
    """A call that brought no answer. `code` and `message` are AWS's own, without secrets."""

    def __init__(self, action: str, kind: FailureKind, code: str, message: str) -> None:
        super().__init__(f"{action}: {code}: {message}")
        self.action = action
        self.kind = kind
        self.code = code
        self.message = message

    def __reduce__(self) -> tuple[type[AwsFailure], tuple[str, FailureKind, str, str]]:
        return AwsFailure, (self.action, self.kind, self.code, self.message)

    @property
    def is_worth_retrying(self) -> bool:
        return self.kind in (FailureKind.THROTTLED, FailureKind.TRANSIENT)

    @property
    def said(self) -> str:
        """What AWS said: code and message."""
        return f"{self.code}: {self.message}" if self.message else self.code


_DENIED = {
    "AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "AuthorizationError",
    "UnauthorizedAccess", "Forbidden", "403",
}  # fmt: skip
_MISSING = {
    "NoSuchEntity", "NoSuchEntityException", "ClusterNotFoundException", "ServiceNotFoundException",
    "ResourceNotFoundException", "NotFoundException", "NoSuchResourceException",
}  # fmt: skip
_THROTTLED = {
    "Throttling", "ThrottlingException", "ThrottledException", "RequestLimitExceeded", "RequestThrottled",
    "RequestThrottledException", "TooManyRequestsException", "SlowDown", "LimitExceededException", "PriorRequestNotComplete",
    "EC2ThrottledException", "BandwidthLimitExceeded",
}  # fmt: skip
_TRANSIENT = {
    "ServerException", "InternalError", "InternalFailure", "ServiceUnavailable", "Unavailable", "ServiceFailure",
    "RequestTimeout", "RequestTimeoutException",
}  # fmt: skip
_CREDENTIALS = {
    "InvalidClientTokenId", "UnrecognizedClientException", "AuthFailure", "ExpiredToken", "ExpiredTokenException",
    "SignatureDoesNotMatch", "RequestExpired", "MissingAuthenticationToken", "IncompleteSignature",
}  # fmt: skip
_REGION_DISABLED = {"RegionDisabledException", "OptInRequired", "SubscriptionRequiredException"}

_KINDS = (
    (_DENIED, FailureKind.DENIED),
    (_MISSING, FailureKind.MISSING),
    (_THROTTLED, FailureKind.THROTTLED),
    (_TRANSIENT, FailureKind.TRANSIENT),
    (_CREDENTIALS, FailureKind.CREDENTIALS),
    (_REGION_DISABLED, FailureKind.REGION_DISABLED),
)


def translate(action: str, error: Exception, secrets: Iterable[str] = ()) -> AwsFailure:
    """The failure that a botocore exception means. Secrets that stand in its text are struck out."""
    if isinstance(error, botocore_errors.ClientError):
        details = error.response.get("Error", {})
        code = str(details.get("Code", "Unknown"))
        status = int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
        return AwsFailure(action, _kind(code, status), code, _without(str(details.get("Message", "")), secrets))
    name = type(error).__name__
    message = _without(str(error), secrets)
    if isinstance(
        error,
        botocore_errors.NoCredentialsError
        | botocore_errors.PartialCredentialsError
        | botocore_errors.CredentialRetrievalError
        | botocore_errors.TokenRetrievalError
        | botocore_errors.UnauthorizedSSOTokenError,
    ):
        return AwsFailure(action, FailureKind.CREDENTIALS, name, message)
    if isinstance(error, botocore_errors.HTTPClientError | botocore_errors.ConnectionError | ResponseParserError):
        return AwsFailure(action, FailureKind.TRANSIENT, name, message)
    if isinstance(error, botocore_errors.ParamValidationError):  # AWS would refuse it in the same words
        return AwsFailure(action, FailureKind.REFUSED, name, message)
    return AwsFailure(action, FailureKind.UNSENT, name, message)


def _kind(code: str, status: int) -> FailureKind:
    for codes, kind in _KINDS:
        if code in codes:
            return kind
    if status == 429:
        return FailureKind.THROTTLED
    return FailureKind.TRANSIENT if status >= 500 else FailureKind.REFUSED


def _without(message: str, secrets: Iterable[str]) -> str:
    for secret in sorted(secrets, key=len, reverse=True):  # one may be part of another
        if secret:
            message = message.replace(secret, "(not shown)")
    return message
