"""Between moto's routing and moto's answers: who calls, may they, and does the sandbox know better.

While the block lasts, every call that reaches moto in this process goes through here, whether botocore's stubber or
moto's HTTP server took it in. https://docs.getmoto.org/en/latest/docs/contributing/development_tips/urls.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from moto.core.exceptions import ServiceException
from moto.core.parse import PROTOCOL_PARSERS
from moto.core.request import determine_request_protocol
from moto.core.responses import ActionResult, BaseResponse
from moto.core.utils import get_service_model
from moto.utilities.utils import get_partition

from ecs_preflight.sandbox.authorization import require_allowed
from ecs_preflight.sandbox.calls import Call, Refusal
from ecs_preflight.sandbox.error_shapes import error_shape
from ecs_preflight.sandbox.keyring import Keyring
from ecs_preflight.sandbox.regions import require_enabled

Answerer = Callable[[Call], Mapping[str, Any]]
Answerers = Mapping[tuple[str, str], Answerer]
# Names the account that the seeding client works in; moto's own header for the same.
SEEDED_ACCOUNT_HEADER = "x-moto-account-id"


@contextmanager
def overriding(keyring: Keyring, answerers: Answerers, disabled_regions: Mapping[str, frozenset[str]]) -> Iterator[None]:
    """Answer by `answerers`, else by moto, whoever is allowed to ask. After the block moto is as it was."""
    responses: Any = BaseResponse  # the class that all of moto's services answer with
    motos_own = responses.call_action

    def call_action(response: Any) -> Any:
        call = _arrived(response, keyring)
        if call is None:
            return motos_own(response)
        try:
            require_enabled(call, disabled_regions)
            require_allowed(call)
            answerer = answerers.get((call.service, call.operation))
            if answerer is None:
                return _answered_by_moto(motos_own, response, call)
            return response.serialized(ActionResult(dict(answerer(call))))
        except Refusal as refusal:
            return _refused(response, call, refusal)
        except ServiceException as error:  # moto's own, from a backend that an answerer looked into
            return _refused(response, call, Refusal(error.code, error.message))

    responses.call_action = call_action
    try:
        yield
    finally:
        responses.call_action = motos_own


def _arrived(response: Any, keyring: Keyring) -> Call | None:
    """The call that moto's response object was made for; None of what is no API call."""
    operation, service = response._get_action(), response.boto3_service_name
    if not operation or not service:
        return None
    region = _credential_scope(response) or response.region
    partition = get_partition(region)
    caller = keyring.caller(response.get_access_key(), response.headers.get(SEEDED_ACCOUNT_HEADER, ""), partition)
    response.region, response.partition = region, partition  # moto reads them from the host, which in GovCloud says neither
    response.current_account = caller.account_id
    return Call(service, operation, region, partition, caller, _parameters(response, operation))


def _credential_scope(response: Any) -> str:
    """The region that the call was signed for: `Credential=KEY/DATE/REGION/SERVICE/aws4_request`."""
    parts = response.headers.get("Authorization", "").partition("Credential=")[2].split(",")[0].split("/")
    return parts[2] if len(parts) == 5 else ""


def _parameters(response: Any, operation: str) -> dict[str, Any]:
    model = get_service_model(response.boto3_service_name)
    request = response.normalized_request
    parser = PROTOCOL_PARSERS[determine_request_protocol(model, request.content_type)]
    parsed = parser(model.operation_model(operation), map_type=dict).parse(
        {
            "method": request.method,
            "values": request.values,
            "headers": request.headers,
            "body": request.data,
            "url_path": request.path,
            "url_params": response.uri_match,
        }
    )
    return dict(parsed)


def _refused(response: Any, call: Call, refusal: Refusal) -> Any:
    protocol = response.determine_response_protocol(get_service_model(call.service))
    status, headers, body = error_shape(protocol, refusal)
    return status, {**response.response_headers, **headers}, body


def _answered_by_moto(motos_own: Callable[[Any], Any], response: Any, call: Call) -> Any:
    """moto's answer. What moto does not know, or stumbles over, is an error of the service: no answer, and no crash."""
    try:
        return motos_own(response)
    except NotImplementedError:
        raise Refusal("NotSimulated", f"the sandbox does not simulate {call.action}") from None
    except Exception as error:
        raise Refusal("NotSimulated", f"the sandbox failed to simulate {call.action}: {type(error).__name__}") from error
