"""What people write for assumeRole, what is said of it, and what they are told to write."""

from __future__ import annotations

from pathlib import Path

import pytest

from ecs_preflight.checks.role_spelling import is_account_id
from ecs_preflight.findings import Outcome, Severity
from tests.builders import changed, failed, judged, outcomes, with_in_aws

ID = "123456789012"
SHORT, WHOLE = "Write assumeRole: role/spinnaker, or ", f"arn:aws:iam::{ID}:role/spinnaker."
GUESSED = "with the name of your managed role"

# What clouddriver makes of it: AssumeRoleAmazonCredentials.java:36-66; F07, F08 of failure-modes.md.
GOOD = [
    "role/SpinnakerManaged",
    "role/path/to/SpinnakerManaged",
    f"arn:aws:iam::{ID}:role/SpinnakerManaged",
    "'role/{{name}}'",
    "'arn:aws:iam::{{accountId}}:role/x'",
    f"role/{'x' * 64}",
    "role/a+b=c,d.e@f-g_h",
]
# written, what is said of it, what the remedy says
BAD = [
    ("spinnaker", "lacks `role/` before its name", SHORT + WHOLE),
    (f"arn:aws:iam::{ID}:spinnaker", "lacks `role/` before its name", SHORT + WHOLE),
    ("/role/spinnaker", "begins with `/role/` where `role/` is due", SHORT + WHOLE),
    ("Role/spinnaker", "begins with `Role/` where `role/` is due", SHORT + WHOLE),
    ("role/role/spinnaker", "begins with `role/` twice", SHORT + WHOLE),
    (f"arn:aws:iam::{ID}:role/role/spinnaker", "begins with `role/` twice", SHORT + WHOLE),
    (f"ARN:aws:iam::{ID}:role/spinnaker", "begins with `ARN:` where `arn:` is due", SHORT + WHOLE),
    ("'role/spinnaker '", "begins or ends with a blank", SHORT + WHOLE),
    ("' role/spinnaker'", "begins or ends with a blank", SHORT + WHOLE),
    (f"' arn:aws:iam::{ID}:role/spinnaker'", "begins or ends with a blank", SHORT + WHOLE),
    ("path/to/spinnaker", "lacks `role/` before its name", "Write assumeRole: role/path/to/spinnaker, or "),
    ("user/spinnaker", "is an IAM user: only roles can be assumed", GUESSED),
    ("group/spinnaker", "is a group: only roles can be assumed", GUESSED),
    ("instance-profile/spinnaker", "is an instance profile: only roles", GUESSED),
    ("policy/spinnaker", "is a policy: only roles", GUESSED),
    (f"arn:aws:sts::{ID}:assumed-role/spinnaker/i-0123", "is the ARN of a session", SHORT + WHOLE),
    (f"arn:aws:ecs:us-east-1:{ID}:role/spinnaker", "is an ARN of ecs, not of iam", SHORT + WHOLE),
    (f"arn:aws:iam:us-east-1:{ID}:role/spinnaker", "has a region in its ARN", SHORT + WHOLE),
    ("arn:aws:iam::role/spinnaker", "has not its six parts", SHORT + WHOLE),
    ("arn:aws:iam::12:role/spinnaker", "is of the account '12'", SHORT + WHOLE),
    ("arn:aws:iam::210987654321:role/spinnaker", f"is of the account 210987654321, and accountId says {ID}", SHORT + WHOLE),
    ("role/", "ends before the name of the role", GUESSED),
    ("role/path/", "ends before the name of the role", GUESSED),
    ("role/*", "has a name that no role can have", GUESSED),
    ("role/spinnäker", "has a name that no role can have", GUESSED),
    (f"role/{'x' * 65}", "has a name that no role can have", GUESSED),
    ("", "is blank, and a blank defeats defaultAssumeRole", GUESSED),
    ("'role/{{nmae}}'", "keeps {{nmae}}, which clouddriver does not know", GUESSED),
    ("'{{accountType}}'", "lacks `role/` before its name", "role/prod-aws"),
]


@pytest.mark.parametrize("written", GOOD)
def test_what_is_well(tmp_path: Path, written: str) -> None:
    assert judged(tmp_path, changed("role/SpinnakerManaged", written)).is_green


@pytest.mark.parametrize(("written", "says", "mends"), BAD)
def test_what_is_not_well(tmp_path: Path, written: str, says: str, mends: str) -> None:
    (found,) = failed(judged(tmp_path, changed("role/SpinnakerManaged", written), select=("ACCOUNT007",))).values()
    (problem,) = found.problems

    assert found.severity is Severity.FATAL
    assert says in problem.summary
    assert mends in problem.remediation
    assert problem.location is not None
    assert problem.location.line == 6


@pytest.mark.parametrize(("written", "says", "mends"), BAD)
def test_a_default_is_held_to_the_same(tmp_path: Path, written: str, says: str, mends: str) -> None:
    text = changed("      assumeRole: role/SpinnakerManaged\n", "", with_in_aws(f"defaultAssumeRole: {written}"))
    (found,) = failed(judged(tmp_path, text, select=("ACCOUNT007",))).values()

    assert says in found.problems[0].summary
    assert mends in found.problems[0].remediation
    assert found.problems[0].location is not None
    assert found.problems[0].location.line == 2


@pytest.mark.parametrize(("name", "says"), [("a$b", "cannot be rendered: the value of name holds `$`"), ("{{name}}x", "levels")])
def test_a_template_that_clouddriver_cannot_render(tmp_path: Path, name: str, says: str) -> None:
    text = changed("prod-aws", f"'{name}'", changed("role/SpinnakerManaged", "'role/{{name}}'"))
    found = failed(judged(tmp_path, text))["ACCOUNT007"]

    assert says in f"{found.problems[0].summary} {found.problems[0].evidence}"


@pytest.mark.parametrize("written", ["spinnaker", "'arn:aws:iam::{{accountId}}:role/x'"])
@pytest.mark.parametrize("account_id", ['accountId: "12"', "accountId:", "# accountId"])
def test_an_arn_is_not_judged_that_is_made_of_an_invalid_account_id(tmp_path: Path, written: str, account_id: str) -> None:
    text = changed('accountId: "123456789012"', account_id, changed("role/SpinnakerManaged", written))
    report = judged(tmp_path, text)

    assert list(failed(report)) == ["ACCOUNT005"]
    assert outcomes(report, "prod")["ACCOUNT007"] is Outcome.BLOCKED


def test_outside_of_the_partition_aws_only_the_whole_arn_is_offered(tmp_path: Path) -> None:
    text = changed("us-east-1", "us-gov-west-1", changed("role/SpinnakerManaged", "spinnaker"))
    (found,) = failed(judged(tmp_path, text, select=("ACCOUNT007",))).values()

    assert found.problems[0].remediation == f"Write assumeRole: arn:aws-us-gov:iam::{ID}:role/spinnaker."


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        (ID, True),
        ("012345678901", True),
        ("12345678901", False),
        (f"{ID}\n", False),
        ("١٢٣٤٥٦٧٨٩٠١٢", False),
        ("", False),
        (None, False),
    ],
)
def test_an_account_id_is_twelve_plain_digits(text: str | None, is_one: bool) -> None:
    assert is_account_id(text) is is_one
