"""An AWS of canned answers: it reads who signed and what was asked, and opens no socket but, where asked to, on loopback."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from typing import Any
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

from botocore.awsrequest import AWSResponse
from botocore.credentials import Credentials

from ecs_preflight.aws.access import AwsAccess

CALLER_KEY = "AKIACALLER"
CALLER_ARN = "arn:aws:iam::100000000001:user/spinnaker"
_CREDENTIAL = re.compile(r"Credential=([^/]+)/\d+/([^/]+)/([^/]+)/aws4_request")


@dataclass(frozen=True)
class Sent:
    """One request as it would have left the process."""

    service: str
    operation: str
    region: str
    access_key: str
    """Whose signature it bears."""
    parameters: Mapping[str, Any]


@dataclass(frozen=True)
class Refusal:
    """An error answer; the text is AWS's own shape for the service's protocol."""

    code: str
    message: str = ""
    status: int = 400


Answer = Mapping[str, Any] | Refusal
Answering = Answer | Callable[[Sent], Answer]


@dataclass
class CannedAws:
    """Answers by operation. What is not canned is an error, so that no test passes by an accidental answer."""

    answers: dict[str, Answering] = field(default_factory=dict)
    sent: list[Sent] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.answers.setdefault("GetCallerIdentity", identity(CALLER_ARN))

    def operations(self) -> list[str]:
        return [sent.operation for sent in self.sent]

    def of(self, operation: str) -> list[Sent]:
        return [sent for sent in self.sent if sent.operation == operation]

    def answer(self, headers: Mapping[str, str], body: bytes) -> tuple[int, bytes]:
        sent = _read(headers, body)
        self.sent.append(sent)
        canned = self.answers[sent.operation]
        given = canned(sent) if callable(canned) else canned
        return _refused(sent, given) if isinstance(given, Refusal) else (200, _spelt(sent, given))

    def before_send(self, request: Any, **_: Any) -> AWSResponse:
        headers = {name: value.decode() if isinstance(value, bytes) else value for name, value in request.headers.items()}
        sent = request.body or b""
        status, body = self.answer(headers, sent.encode() if isinstance(sent, str) else sent)
        return AWSResponse(request.url, status, {"date": "Mon, 01 Mar 2027 12:00:00 GMT"}, _Raw(body))


def identity(arn: str) -> dict[str, str]:
    """What GetCallerIdentity says."""
    return {"Arn": arn, "Account": arn.split(":")[4], "UserId": "AIDAEXAMPLE"}


def session_of(sent: Sent) -> dict[str, Any]:
    """What AssumeRole gives: keys that are told apart by the role and by whether an external id came along."""
    role = sent.parameters["RoleArn"]
    key = f"ASIA{role.split(':')[4]}{role.rsplit('/', 1)[-1].upper()}{'X' if 'ExternalId' in sent.parameters else ''}"
    account, name = role.split(":")[4], role.rsplit("/", 1)[-1]
    arn = f"arn:aws:sts::{account}:assumed-role/{name}/{sent.parameters['RoleSessionName']}"
    keys = {"AccessKeyId": key, "SecretAccessKey": f"secret-of-{key}", "SessionToken": f"token-of-{key}"}
    return {
        "Credentials": {**keys, "Expiration": "2027-03-01T13:00:00Z"},
        "AssumedRoleUser": {"Arn": arn, "AssumedRoleId": f"AROAEXAMPLE:{sent.parameters['RoleSessionName']}"},
    }


@dataclass(frozen=True)
class CannedAccess(AwsAccess):
    """Reaches a CannedAws instead of AWS."""

    aws: CannedAws = field(default_factory=CannedAws)

    def client_session(self) -> Any:
        session = super().client_session()
        session.register("before-send", self.aws.before_send)
        return session

    def caller_credentials(self) -> Any:
        return Credentials(CALLER_KEY, "secret-of-the-caller")


@contextmanager
def served(aws: CannedAws) -> Iterator[str]:
    """The same over HTTP on loopback, for other processes: the endpoint's URL."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status, answer = aws.answer(dict(self.headers.items()), body)
            self.send_response(status)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Raw(BytesIO):
    def stream(self, **_: Any) -> Iterator[bytes]:
        yield self.read()


def _read(headers: Mapping[str, str], body: bytes) -> Sent:
    lower = {name.lower(): value for name, value in headers.items()}
    found = _CREDENTIAL.search(lower["authorization"])
    assert found, "the request is not signed"
    access_key, region, service = found.groups()
    if "x-amz-target" in lower:
        return Sent(service, lower["x-amz-target"].partition(".")[2], region, access_key, json.loads(body))
    parameters = dict(parse_qsl(body.decode()))
    return Sent(service, parameters.pop("Action"), region, access_key, parameters)


_OF_JSON = frozenset({"ecr", "ecs", "logs", "secretsmanager", "servicequotas"})


def _spelt(sent: Sent, answer: Mapping[str, Any]) -> bytes:
    if sent.service in _OF_JSON:
        return json.dumps(answer).encode()
    item = "item" if sent.service == "ec2" else "member"
    content = "".join(_xml(name, value, item) for name, value in answer.items())
    if sent.service != "ec2":
        content = f"<{sent.operation}Result>{content}</{sent.operation}Result>"
    return f"<{sent.operation}Response>{content}</{sent.operation}Response>".encode()


def _xml(name: str, value: Any, item: str) -> str:
    if isinstance(value, Mapping):
        return f"<{name}>{''.join(_xml(key, member, item) for key, member in value.items())}</{name}>"
    if isinstance(value, list | tuple):
        return f"<{name}>{''.join(_xml(item, member, item) for member in value)}</{name}>"
    return f"<{name}>{escape(str(value))}</{name}>"


def _refused(sent: Sent, refusal: Refusal) -> tuple[int, bytes]:
    """The three shapes of AWS's errors: of its JSON, its query and its EC2 protocol."""
    code, message = refusal.code, escape(refusal.message)
    if sent.service in _OF_JSON:
        text = json.dumps({"__type": f"com.amazonaws.{sent.service}#{code}", "message": refusal.message})
    elif sent.service == "ec2":
        error = f"<Error><Code>{code}</Code><Message>{message}</Message></Error>"
        text = f"<Response><Errors>{error}</Errors><RequestID>r</RequestID></Response>"
    else:
        error = f"<Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error>"
        text = f"<ErrorResponse>{error}<RequestId>r</RequestId></ErrorResponse>"
    return refusal.status, text.encode()
