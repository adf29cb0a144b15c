"""Every refusal word for word: AWS's sentence, where, and how to mend it. One document has one problem."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_preflight.iam import PolicyDocument
from ecs_preflight.iam.problems import PolicyKind
from tests.iam.builders import ALICE, APP, document, grants, statement, trusts

_S3 = "arn:aws:s3:::bucket"
_ARN = "an ARN is arn:aws:service:region:account:resource"
_NO_ARN = 'Resource {} must be in ARN format or "*".'
_PARTITIONS = "partitions are aws, aws-cn, aws-eusc, aws-iso, aws-iso-b, aws-iso-e, aws-iso-f, aws-us-gov"
_REGEXES = "Resource vendor must be fully qualified and cannot contain regexes."
_SPELLED_OUT = "spell the service out: arn:aws:s3:::..."
_PRINCIPAL = 'add "Principal": {"AWS": an ARN or account id} or {"Service": "ecs-tasks.amazonaws.com"}'
_ITS_ROLE = "a trust policy is about the role that it belongs to"
_NOT_FOR_NAMES = "Policy document should not specify a principal."
_ATTACHED = "an identity-based policy is for whom it is attached to"
_ASSUMES = "Trust Policy statement actions can only be sts:AssumeRole, sts:AssumeRoleWithSAML,  and sts:AssumeRoleWithWebIdentity"
_SIDS = "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*"
_IAM_PATHS = (
    'IAM resource path must either be "*" or start with user/, federated-user/, role/, group/, instance-profile/, mfa/, '
    "server-certificate/, policy/, sms-mfa/, saml-provider/, oidc-provider/, report/, access-report/."
)

# what is written, as what; the path, AWS's sentence, the hint
_WORDS: tuple[tuple[dict[str, Any], PolicyKind, str, str, str], ...] = (
    (
        document(grants("s3:*", _S3), version="2008-10-17"),
        "identity",
        "Version",
        "Policy document must be version 2012-10-17 or greater.",
        'write "Version": "2012-10-17"; a policy without a Version is of 2008-10-17',
    ),
    (document(), "trust", "Statement", "Syntax errors in policy.", "a policy has at least one statement"),
    (
        document(trusts(Sid="a"), trusts(Sid="a")),
        "trust",
        "Statement[1].Sid",
        "Statement IDs (SID) in a single policy must be unique.",
        'rename "a"',
    ),
    (document(trusts(Sid="a b")), "trust", "Statement[0].Sid", _SIDS, '"a b" has other characters'),
    (
        document({"Effect": "Allow", "Resource": _S3}),
        "identity",
        "Statement[0]",
        "Policy statement must contain actions.",
        'add "Action": a service and an action, such as "sts:AssumeRole"',
    ),
    (
        document(grants("invalid", _S3)),
        "identity",
        "Statement[0].Action[0]",
        "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.",
        '"invalid" is not of the form service:Action',
    ),
    (
        document(grants("s3:a:b", _S3)),
        "identity",
        "Statement[0].Action[0]",
        "Actions/Condition can contain only one colon.",
        '"s3:a:b" is not of the form service:Action',
    ),
    (
        document(grants("s 3:a", _S3)),
        "identity",
        "Statement[0].Action[0]",
        "Vendor s 3 is not valid",
        '"s 3:a" is not of the form service:Action',
    ),
    (document(trusts(Action="s3:Get*")), "trust", "Statement[0].Action[0]", _ASSUMES, '"s3:Get*" does not assume a role'),
    (
        document(statement(Action="s3:*")),
        "identity",
        "Statement[0]",
        "Policy statement must contain resources.",
        'add "Resource": an ARN, a list of ARNs, or "*"',
    ),
    (document(grants("s3:*", "x")), "identity", "Statement[0].Resource[0]", _NO_ARN.format("x"), _ARN),
    (
        document(grants("s3:*", "a:aws:s3:::b")),
        "identity",
        "Statement[0].Resource[0]",
        _NO_ARN.format("a:aws:s3:::b"),
        _ARN,
    ),
    (
        document(grants("s3:*", "arn:awz:s3:::b")),
        "identity",
        "Statement[0].Resource[0]",
        'Partition "awz" is not valid for resource "arn:awz:s3:::b".',
        _PARTITIONS,
    ),
    (
        document(grants("s3:*", "arn:awz:s3")),
        "identity",
        "Statement[0].Resource[0]",
        'Partition "awz" is not valid for resource "arn:awz:s3:*:*:*".',
        _PARTITIONS,
    ),
    (document(grants("s3:*", "arn:aws")), "identity", "Statement[0].Resource[0]", _REGEXES, _SPELLED_OUT),
    (document(grants("s3:*", "arn:aws:s?:::b")), "identity", "Statement[0].Resource[0]", _REGEXES, _SPELLED_OUT),
    (
        document(grants("s3:*", "arn:aws:s3::b")),
        "identity",
        "Statement[0].Resource[0]",
        "The policy failed legacy parsing",
        f"arn:aws:s3::b has 5 components; {_ARN}",
    ),
    (document(grants("iam:*", "arn:aws:iam::1:b")), "identity", "Statement[0].Resource[0]", _IAM_PATHS, '"b" does not'),
    (document(grants("iam:*", "arn:aws:iam::1:b:c")), "identity", "Statement[0].Resource[0]", _IAM_PATHS, '"b:c" does not'),
    (
        document(grants("iam:*", "arn:aws-cn:iam:us-east-1:1:role/x")),
        "identity",
        "Statement[0].Resource[0]",
        "IAM resource arn:aws-cn:iam:us-east-1:1:role/x cannot contain region information.",
        "leave the region empty: arn:aws-cn:iam::...",
    ),
    (
        document(grants("s3:*", "arn:aws:s3:us-east-1::b")),
        "identity",
        "Statement[0].Resource[0]",
        "Resource arn:aws:s3:us-east-1::b can not contain region information.",
        "leave the region empty: arn:aws:s3:::bucket",
    ),
    (
        document(trusts(Condition={"DateLessThan": {"aws:CurrentTime": "soon"}})),
        "trust",
        "Statement[0].Condition.DateLessThan.aws:CurrentTime[0]",
        "The policy failed legacy parsing",
        '"soon" is no date: write 2017-07-01T00:00:00Z, or epoch seconds',
    ),
    (
        document(statement(Principal={"AWS": ALICE}, Action="s3:*", Resource=_S3)),
        "identity",
        "Statement[0].Principal",
        _NOT_FOR_NAMES,
        f"remove Principal: {_ATTACHED}",
    ),
    (
        document(statement(NotPrincipal={"AWS": ALICE}, Action="s3:*", Resource=_S3)),
        "scp",
        "Statement[0].NotPrincipal",
        _NOT_FOR_NAMES,
        f"remove NotPrincipal: {_ATTACHED}",
    ),
    (
        document(statement(Action="sts:AssumeRole")),
        "trust",
        "Statement[0]",
        "Missing required field Principal",
        _PRINCIPAL,
    ),
    (
        document(trusts({"AWS": []})),
        "trust",
        "Statement[0].Principal",
        "Missing required field Principal cannot be empty!",
        _PRINCIPAL,
    ),
    (document(trusts(Resource="*")), "trust", "Statement[0].Resource", "Has prohibited field Resource.", _ITS_ROLE),
    (document(trusts(NotResource=_S3)), "trust", "Statement[0].NotResource", "Has prohibited field NotResource.", _ITS_ROLE),
    (
        document(trusts(NotPrincipal={"AWS": ALICE})),
        "trust",
        "Statement[0].NotPrincipal",
        "Has prohibited field NotPrincipal.",
        "name whom the role trusts, in Principal",
    ),
    (
        document(trusts("*")),
        "trust",
        "Statement[0].Principal",
        'AssumeRolepolicy contained an invalid principal: "STAR":"*".',
        'write {"AWS": "*"}, and a condition, if everyone is meant',
    ),
    (
        document(trusts({"AWS": f"{APP}*"})),
        "trust",
        "Statement[0].Principal.AWS",
        f'Invalid principal in policy: "AWS":"{APP}*"',
        "a principal has no wildcards in it and is no group",
    ),
    (
        document(trusts({"Service": "ecs-tasks"})),
        "trust",
        "Statement[0].Principal.Service",
        'Invalid principal in policy: "SERVICE":"ecs-tasks"',
        "it names no Service",
    ),
)


@pytest.mark.parametrize(("written", "kind", "path", "message", "hint"), _WORDS, ids=[row[3][:50] for row in _WORDS])
def test_a_refusal_is_aws_sentence_with_a_place_and_a_mend(
    written: dict[str, Any], kind: PolicyKind, path: str, message: str, hint: str
) -> None:
    (problem,) = PolicyDocument.model_validate(written).problems(kind)
    assert (problem.path, problem.message, problem.hint) == (path, message, hint)


@pytest.mark.parametrize(
    ("size", "kind", "message", "hint"),
    [
        (
            2049,
            "trust",
            "Cannot exceed quota for ACLSizePerRole: 2048",
            "the policy has 2049 characters without white space; the quota of the account can be raised to 4096",
        ),
        (
            6145,
            "identity",
            "Cannot exceed quota for PolicySize: 6144",
            "the policy has 6145 characters without white space; as inline policies, those of a role may have 10240 together",
        ),
    ],
)
def test_a_policy_over_its_quota_says_by_how_much(size: int, kind: PolicyKind, message: str, hint: str) -> None:
    def of(filler: str) -> dict[str, Any]:
        condition = {"StringEquals": {"sts:ExternalId": filler}}
        return document(trusts(Condition=condition) if kind == "trust" else grants("s3:*", Condition=condition))

    empty = len(PolicyDocument.model_validate(of("")).to_json())
    (problem,) = PolicyDocument.model_validate(of("x" * (size - empty))).problems(kind)
    assert (problem.path, problem.message, problem.hint) == ("", message, hint)
    assert PolicyDocument.model_validate(of("x" * (size - 1 - empty))).problems(kind) == ()


@pytest.mark.parametrize("name", ["accesspoint/x", "storagelens/x"])
def test_these_of_s3_have_a_region(name: str) -> None:
    policy = document(grants("s3:*", f"arn:aws:s3:us-east-1:111122223333:{name}"))
    assert PolicyDocument.model_validate(policy).problems("identity") == ()


@pytest.mark.parametrize("filler", ["\u00e9", "x y z "])
def test_a_character_counts_once_and_white_space_never(filler: str) -> None:
    def of(text: str) -> dict[str, Any]:
        return document(trusts(Condition={"StringEquals": {"sts:ExternalId": text}}))

    room = 2048 - len(PolicyDocument.model_validate(of("")).to_json())
    full = filler * room if len(filler) == 1 else filler * (room // 3) + "x" * (room % 3)
    assert PolicyDocument.model_validate(of(full)).problems("trust") == ()
    assert [problem.message for problem in PolicyDocument.model_validate(of(full + "x")).problems("trust")] == [
        "Cannot exceed quota for ACLSizePerRole: 2048"
    ]


_CHARACTERS = (
    "Value at 'policyDocument' failed to satisfy constraint: "
    "Member must satisfy regular expression pattern: [\\u0009\\u000A\\u000D\\u0020-\\u00FF]+"
)


def test_forbidden_characters_are_listed_where_each_first_stands() -> None:
    policy = document(grants("s3:*", [f"{_S3}/\u2014", f"{_S3}/\u2013", f"{_S3}/\u20ac\u2014"]))
    problems = PolicyDocument.model_validate(policy).problems("identity")
    assert [(problem.path, problem.message, problem.hint) for problem in problems] == [
        ("", _CHARACTERS, "remove the character U+2014 ('\\u2014')"),
        ("", _CHARACTERS, "remove the character U+2013 ('\\u2013')"),
        ("", _CHARACTERS, "remove the character U+20AC ('\\u20ac')"),
    ]
    assert PolicyDocument.model_validate(policy).problems("scp") == ()
