"""How an error looks on the wire: each of AWS's protocols has a shape of its own.

https://smithy.io/2.0/aws/protocols/index.html; https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-error-response.html
"""

from __future__ import annotations

import json
from xml.sax.saxutils import escape

from ecs_preflight.sandbox.calls import Refusal

_JSON_PROTOCOLS = ("json", "rest-json", "query-json")
_QUERY = "<ErrorResponse><Error><Type>Sender</Type>{error}</Error><RequestId>sandbox</RequestId></ErrorResponse>"
_EC2 = "<Response><Errors><Error>{error}</Error></Errors><RequestID>sandbox</RequestID></Response>"


def error_shape(protocol: str, refusal: Refusal) -> tuple[int, dict[str, str], str]:
    """Status, headers and body of a refusal, in the protocol that the call came in."""
    if protocol in _JSON_PROTOCOLS:
        body = json.dumps({"__type": refusal.code, "message": refusal.message})
        return refusal.status, {"content-type": "application/x-amz-json-1.1", "x-amzn-errortype": refusal.code}, body
    error = f"<Code>{escape(refusal.code)}</Code><Message>{escape(refusal.message)}</Message>"
    template = _EC2 if protocol == "ec2" else _QUERY
    return refusal.status, {"content-type": "text/xml"}, template.format(error=error)
