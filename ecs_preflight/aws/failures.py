"""What botocore raises, in our words. The only module that knows its exceptions."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

from botocore import exceptions as botocore_errors


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


class AwsFailure(Exception):
    """A call that brought no answer. `code` and `message` are AWS's own, without secrets."""

    def __init__(self, action: str, kind: FailureKind, code: str, message: str) -> None:
        super().__init__(f"{action}: {code}: {message}")
        self.action = action
        self.kind = kind
        self.code = code
        self.message = message

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
    "ResourceNotFoundException", "NotFoundException",
}  # fmt: skip
_THROTTLED = {
    "Throttling", "ThrottlingException", "ThrottledException", "RequestLimitExceeded", "RequestThrottled",
    "RequestThrottledException", "TooManyRequestsException", "SlowDown", "LimitExceededException", "PriorRequestNotComplete",
}  # fmt: skip
_TRANSIENT = {
    "ServerException",
    "InternalError",
    "InternalFailure",
    "ServiceUnavailable",
    "RequestTimeout",
    "RequestTimeoutException",
}
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
    if isinstance(error, botocore_errors.HTTPClientError | botocore_errors.ResponseParserError):
        return AwsFailure(action, FailureKind.TRANSIENT, name, message)
    return AwsFailure(action, FailureKind.REFUSED, name, message)


def _kind(code: str, status: int) -> FailureKind:
    for codes, kind in _KINDS:
        if code in codes:
            return kind
    return FailureKind.TRANSIENT if status >= 500 else FailureKind.REFUSED


def _without(message: str, secrets: Iterable[str]) -> str:
    for secret in secrets:
        if secret:
            message = message.replace(secret, "(not shown)")
    return message
