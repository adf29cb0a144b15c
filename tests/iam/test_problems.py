"""What IAM refuses at write time, in its words and with its place."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ecs_preflight.iam import PolicyDocument
from ecs_preflight.iam.problems import PolicyKind
from tests.iam.builders import ALICE, APP, ROOT, TRUSTING, document, grants, statement, trusts

_S3 = "arn:aws:s3:::bucket"
_NO_ACTION = {"Effect": "Allow", "Resource": "*"}
_VENDOR = "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."
_ONE_COLON = "Actions/Condition can contain only one colon."
_LEGACY = "The policy failed legacy parsing"
_TRUST_ACTION = (
    "Trust Policy statement actions can only be sts:AssumeRole, sts:AssumeRoleWithSAML,  and sts:AssumeRoleWithWebIdentity"
)
_FULLY = "Resource vendor must be fully qualified and cannot contain regexes."
_IAM_PATH = 'IAM resource path must either be "*" or start with user/, federated-user/, role/, group/'
_OIDC = f"arn:aws:iam::{TRUSTING}:oidc-provider/idp"
_SAML = f"arn:aws:iam::{TRUSTING}:saml-provider/idp"

# what is written, as what; the message and its path
_REFUSED: tuple[tuple[dict[str, Any], PolicyKind, str, str], ...] = (
    ({"Statement": grants("s3:*")}, "identity", "Policy document must be version 2012-10-17 or greater.", "Version"),
    ({"Statement": grants("s3:*")}, "scp", "Policy document must be version 2012-10-17 or greater.", "Version"),
    (document(), "trust", "Syntax errors in policy.", "Statement"),
    (
        document(grants(Sid="a"), grants(Sid="a")),
        "identity",
        "Statement IDs (SID) in a single policy must be unique.",
        "Statement[1].Sid",
    ),
    (
        document(trusts(Sid="a"), trusts(Sid="a")),
        "trust",
        "Statement IDs (SID) in a single policy must be unique.",
        "Statement[1].Sid",
    ),
    (document(grants(Sid="a b")), "identity", "Statement IDs (SID) must be alpha-numeric.", "Statement[0].Sid"),
    (document(trusts(Sid="a-b")), "trust", "Statement IDs (SID) must be alpha-numeric.", "Statement[0].Sid"),
    (document(_NO_ACTION), "identity", "Policy statement must contain actions.", "Statement[0]"),
    (document(grants([])), "identity", "Policy statement must contain actions.", "Statement[0]"),
    (document(trusts(NotAction=[])), "trust", "Policy statement must contain actions.", "Statement[0]"),
    (document(grants("invalid")), "identity", _VENDOR, "Statement[0].Action[0]"),
    (document({"Effect": "Allow", "NotAction": "", "Resource": "*"}), "identity", _VENDOR, "Statement[0].NotAction[0]"),
    (document(grants(["s3:*", "a a:List"])), "identity", "Vendor a a is not valid", "Statement[0].Action[1]"),
    (document(grants(":List")), "identity", "Vendor  is not valid", "Statement[0].Action[0]"),
    (document(grants("s3:List:Bucket")), "identity", _ONE_COLON, "Statement[0].Action[0]"),
    (document(statement(Action="s3:*")), "identity", "Policy statement must contain resources.", "Statement[0]"),
    (document(grants("s3:*", [])), "scp", "Policy statement must contain resources.", "Statement[0]"),
    (document(grants("s3:*", "x")), "identity", 'Resource x must be in ARN format or "*".', "Statement[0].Resource[0]"),
    (document(grants("s3:*", ["*", ""])), "identity", 'Resource  must be in ARN format or "*".', "Statement[0].Resource[1]"),
    (
        document({"Effect": "Deny", "Action": "s3:*", "NotResource": "a:b"}),
        "identity",
        'Partition "b" is not valid for resource "arn:b:*:*:*:*".',
        "Statement[0].NotResource[0]",
    ),
    (
        document(grants("s3:*", "a:aws:s3:::b")),
        "identity",
        'Resource a:aws:s3:::b must be in ARN format or "*".',
        "Statement[0].Resource[0]",
    ),
    (document(grants("s3:*", "arn:aws")), "identity", _FULLY, "Statement[0].Resource[0]"),
    (document(grants("s3:*", "arn:aws:s*:::b")), "identity", _FULLY, "Statement[0].Resource[0]"),
    (document(grants("s3:*", "arn:aws:s3::b")), "identity", _LEGACY, "Statement[0].Resource[0]"),
    (document(grants("s3:*", "arn:aws::::b")), "identity", _LEGACY, "Statement[0].Resource[0]"),
    (document(grants("s3:*", "arn:aws:iam:::b")), "identity", _IAM_PATH, "Statement[0].Resource[0]"),
    (document(grants("s3:*", "arn:aws:iam:::b*")), "identity", _IAM_PATH, "Statement[0].Resource[0]"),
    (
        document(grants("s3:*", "arn:aws:iam:us-east-1::role/x")),
        "identity",
        "IAM resource arn:aws:iam:us-east-1::role/x cannot contain region information.",
        "Statement[0].Resource[0]",
    ),
    (
        document(grants("s3:*", "arn:aws:s3:us-east-1::b")),
        "identity",
        "Resource arn:aws:s3:us-east-1::b can not contain region information.",
        "Statement[0].Resource[0]",
    ),
    *(
        (
            document(grants("s3:*", Condition={"DateLessThan": {"a": ["2020-01-01", date]}})),
            "identity",
            _LEGACY,
            "Statement[0].Condition.DateLessThan.a[1]",
        )
        for date in (
            "soon",
            "234-13",
            "2020-01-32",
            "2020-01-01T24:00",
            "2020-01-01T2:00:00+1",
            "9223372036854775808",
            "2020-01-01T1:00:00.1234567890Z",
        )
    ),
    (document(trusts()), "identity", "Policy document should not specify a principal.", "Statement[0].Principal"),
    (document(trusts(NotPrincipal="*")), "scp", "Policy document should not specify a principal.", "Statement[0].NotPrincipal"),
    (document(statement(Action="sts:AssumeRole")), "trust", "Missing required field Principal", "Statement[0]"),
    (document(grants("s3:*")), "resource", "Missing required field Principal", "Statement[0]"),
    (document(trusts({})), "trust", "Missing required field Principal cannot be empty!", "Statement[0].Principal"),
    (document(trusts({"AWS": []})), "trust", "Missing required field Principal cannot be empty!", "Statement[0].Principal"),
    (document(trusts("*")), "trust", 'AssumeRolepolicy contained an invalid principal: "STAR":"*".', "Statement[0].Principal"),
    (document(trusts(NotPrincipal={"AWS": ALICE})), "trust", "Has prohibited field NotPrincipal.", "Statement[0].NotPrincipal"),
    (document(trusts(Resource="*")), "trust", "Has prohibited field Resource.", "Statement[0].Resource"),
    (document(trusts(NotResource="*")), "trust", "Has prohibited field NotResource.", "Statement[0].NotResource"),
    *(
        (document(trusts(Action=action)), "trust", _TRUST_ACTION, "Statement[0].Action[0]")
        for action in ("sts:BadAssumeRole", "s3:GetObject", "sts:GetCallerIdentity", "iam:*")
    ),
    *(
        (
            document(trusts({kind: name})),
            "trust",
            f'Invalid principal in policy: "{kind.upper()}":"{name}"',
            f"Statement[0].Principal.{kind}",
        )
        for kind, name in (
            ("AWS", f"arn:aws:iam::{TRUSTING}:role/*"),
            ("AWS", f"arn:aws:iam::{TRUSTING}:group/admins"),
            ("AWS", "alice"),
            ("Service", "ecs-tasks"),
            ("Service", "*.amazonaws.com"),
            ("Federated", ALICE),
            ("Federated", f"{_SAML}*"),
            ("CanonicalUser", "79a59df900b949e5"),
        )
    ),
    (
        document(statement(NotPrincipal={"AWS": f"{APP}*"}, Action="s3:*", Resource=_S3)),
        "resource",
        f'Invalid principal in policy: "AWS":"{APP}*"',
        "Statement[0].NotPrincipal.AWS",
    ),
)
_ACCEPTED: tuple[tuple[dict[str, Any], PolicyKind], ...] = (
    (document(trusts()), "trust"),
    (document(trusts(), version="2008-10-17"), "trust"),
    (document(trusts({"AWS": "*"})), "trust"),
    (document(trusts({"AWS": [TRUSTING, ALICE, APP, "AROADBQP57FF2AEXAMPLE"]})), "trust"),
    (document(trusts({"Federated": [_OIDC, _SAML, "accounts.google.com"]}, Action="sts:AssumeRoleWith*")), "trust"),
    (document(trusts(Action=["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity", "sts:SetContext"])), "trust"),
    (document(trusts(Action="sts:*"), trusts(Action="*")), "trust"),
    (document(trusts(NotAction="sts:TagSession")), "trust"),
    (document(trusts(Sid=""), trusts(Sid="")), "trust"),
    (document(trusts("*", Action="s3:*", Resource=_S3, Sid="with spaces")), "resource"),
    (document(trusts({"CanonicalUser": "79a59df900b949e5"}, Action="s3:*", Resource=_S3)), "resource"),
    (document(grants("*"), grants("*:*"), grants("**")), "identity"),
    (
        document(
            grants("iam:*", ["arn:aws:iam::*:role/x", "arn:aws:iam::1:*", "arn:aws:iam::1:r*", "arn:aws:iam::1:${aws:username}"])
        ),
        "identity",
    ),
    (
        document(grants("s3:*", ["arn:*:s3:::b", "arn:aws:s3:us-east-1:1:accesspoint/x", "arn:aws:s3:*:1:b", "ar*:aws:s3:::b"])),
        "identity",
    ),
    (
        document(grants("sqs:*", ["arn:aws:sqs", "arn:aws:sqs:us-east-1", "arn:aws-cn:sqs:::x", "arn:aws-eusc:sqs:::x"])),
        "identity",
    ),
    (
        document(
            grants("s3:*", Condition={"DateLessThan": {"a": ["01T", "-292275054", "2016-12-13t2:00:00.593194+23", 1577836800]}})
        ),
        "scp",
    ),
)


@pytest.mark.parametrize(("written", "kind", "message", "path"), _REFUSED)
def test_iam_refuses(written: dict[str, Any], kind: PolicyKind, message: str, path: str) -> None:
    problems = PolicyDocument.model_validate(written).problems(kind)
    assert (message, path) in [(problem.message[: len(message)], problem.path) for problem in problems]
    assert all(problem.line is problem.column is None for problem in problems)


@pytest.mark.parametrize(("written", "kind"), _ACCEPTED)
def test_iam_accepts(written: dict[str, Any], kind: PolicyKind) -> None:
    assert PolicyDocument.model_validate(written).problems(kind) == ()


def _of_size(size: int) -> dict[str, Any]:
    filler = trusts(Condition={"StringEquals": {"sts:ExternalId": ""}})
    short = size - len(json.dumps(document(filler)).replace(" ", ""))
    return document(trusts(Condition={"StringEquals": {"sts:ExternalId": "x" * short}}))


@pytest.mark.parametrize(("size", "messages"), [(2048, []), (2049, ["Cannot exceed quota for ACLSizePerRole: 2048"])])
def test_a_trust_policy_has_2048_characters_without_white_space(size: int, messages: list[str]) -> None:
    loose = json.dumps(_of_size(size), indent=8)
    assert all(problem.is_quota for problem in PolicyDocument.parse(loose).problems("trust"))
    assert [problem.message for problem in PolicyDocument.parse(loose).problems("trust")] == messages
    assert [problem.message for problem in PolicyDocument.model_validate(_of_size(size)).problems("trust")] == messages


def test_a_managed_policy_has_6144_characters() -> None:
    policy = PolicyDocument.model_validate(document(grants([f"s3:Action{number}" for number in range(500)])))
    (problem,) = policy.problems("identity")
    assert problem.message == "Cannot exceed quota for PolicySize: 6144"
    assert "10240" in problem.hint
    assert policy.problems("scp") == ()


def test_a_forbidden_character_is_placed() -> None:
    text = json.dumps(document(trusts(Sid="a")), ensure_ascii=False, indent=1).replace('"a"', '"a\u2013\u2013"')
    first, *others = PolicyDocument.parse(text).problems("trust")
    assert not first.is_quota
    assert first.message.endswith("regular expression pattern: [\\u0009\\u000A\\u000D\\u0020-\\u00FF]+")
    assert (first.line, first.column, first.hint) == (10, 13, "remove the character U+2013 ('\\u2013')")
    assert [other.message[:20] for other in others] == ["Statement IDs (SID) "]
    (unplaced, _) = PolicyDocument.model_validate(document(trusts(Sid="\u2013"))).problems("trust")
    assert (unplaced.line, unplaced.column) == (None, None)


def test_problems_of_a_text_have_line_and_column() -> None:
    listed = (
        '{"Version": "2012-10-17",\n "Statement": [\n  {"Effect": "Allow",\n   "Principal": "*",\n'
        '   "Action": ["sts:AssumeRole",\n    "s3:*"]}]}'
    )
    single = '{"Statement":\n  {"Effect": "Allow",\n   "Principal": {"AWS": "' + ROOT + '"},\n   "Action": "s3:*"}}'
    assert [(problem.path, problem.line, problem.column) for problem in PolicyDocument.parse(listed).problems("trust")] == [
        ("Statement[0].Action[1]", 6, 5),
        ("Statement[0].Principal", 4, 4),
    ]
    assert [(problem.path, problem.line, problem.column) for problem in PolicyDocument.parse(single).problems("trust")] == [
        ("Statement[0].Action[0]", 4, 4),
    ]


def test_a_document_without_a_version_is_blamed_as_a_whole() -> None:
    (problem,) = PolicyDocument.parse('\n {"Statement": {"Effect": "Allow", "Action": "a:b", "Resource": "*"}}').problems(
        "identity"
    )
    assert (problem.path, problem.line, problem.column) == ("Version", 2, 2)
