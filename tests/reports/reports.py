"""One report that holds a result of every outcome and severity, to be rendered in every format."""

from __future__ import annotations

from datetime import date, datetime, timezone

from ecs_preflight.errors import Location
from ecs_preflight.findings import CheckResult, Outcome, Problem, Report, RunInfo, Severity, WaiverNote
from ecs_preflight.targets import Target

PRODUCTION = Target("ecs", "us-east-1", "production")

TRUST = CheckResult(
    "TRUST001",
    "managing-identity-not-trusted",
    Target("ecs"),
    Severity.FATAL,
    Outcome.FAILED,
    problems=(
        Problem(
            "SpinnakerManaged does not trust arn:aws:iam::100000000001:user/spinnaker",
            "aws iam update-assume-role-policy --role-name SpinnakerManaged \\\n  --policy-document file://trust.json",
            "implicitDeny: no statement matches",
            severity=Severity.FATAL,
        ),
    ),
)
AGENTS = CheckResult(
    "CLUSTER004",
    "agents-disconnected",
    PRODUCTION,
    Severity.ERROR,
    Outcome.FAILED,
    reason="page 2 could not be read: Throttling",
    problems=(
        Problem("1 of 3 agents is disconnected", severity=Severity.WARNING),
        Problem("all agents of b are disconnected", severity=Severity.ERROR, location=Location("preflight.yml", 7, 3)),
    ),
)
WARNED = CheckResult(
    "ACCOUNT014",
    "key-ignored-by-clouddriver",
    Target("ecs"),
    Severity.WARNING,
    Outcome.FAILED,
    problems=(
        Problem(
            "`asumeRole` is no key that clouddriver knows",
            "Write `assumeRole`.",
            severity=Severity.WARNING,
            location=Location("clouddriver.yml", 12, 7),
        ),
    ),
)
MILD = CheckResult(
    "TRUST002",
    "ecs-services-not-trusted",
    Target("ecs"),
    Severity.INFO,
    Outcome.FAILED,
    problems=(Problem("ecs.amazonaws.com may not assume the role", severity=Severity.INFO),),
)
DENIED = "ecs:DescribeClusters: AccessDeniedException: no"
UNSEEN = tuple(
    CheckResult(check, "slug", target, Severity.ERROR, Outcome.UNDETERMINED, reason)
    for check, target, reason in (
        ("CLUSTER001", PRODUCTION, DENIED),
        ("CLUSTER002", PRODUCTION, DENIED),
        ("CLUSTER001", Target("ecs", "eu-west-1", "*"), DENIED),
        ("ROLE009", Target("ecs"), "iam:GetRole: AccessDenied: no"),
    )
)
BLOCKED = CheckResult(
    "TRUST006", "slug", Target("ecs"), Severity.ERROR, Outcome.BLOCKED, "there is no role web in account 100000000002"
)
WAIVED = CheckResult(
    "CAPACITY001",
    "tasks-do-not-fit",
    Target("ecs", "us-east-1", "production", "web"),
    Severity.ERROR,
    Outcome.WAIVED,
    problems=(Problem("only 1 of 4 copies of web fit", severity=Severity.ERROR),),
    waiver=WaiverNote("the cluster grows in April", date(2027, 4, 30), Outcome.FAILED),
)
PASSED = CheckResult("ACCOUNT001", "aws-account-not-found", Target("ecs"), Severity.FATAL, Outcome.PASSED)
ASIDE = CheckResult(
    "ROLE006", "region-not-enabled", Target("ecs"), Severity.FATAL, Outcome.NOT_APPLICABLE, "all regions carry their zones"
)
RESULTS = (PASSED, WARNED, ASIDE, TRUST, MILD, *UNSEEN, BLOCKED, AGENTS, WAIVED)

RUN = RunInfo(
    started_at=datetime(2027, 3, 1, 12, tzinfo=timezone.utc),
    taken_at=datetime(2027, 3, 1, 11, 59, 58, tzinfo=timezone.utc),
    source="aws",
    duration_seconds=1.5,
    calls={"sts:AssumeRole": 2},
    answered_by={"role/ecs/-/SpinnakerManaged": "arn:aws:sts::100000000002:assumed-role/Auditor/ecs-preflight"},
    notes=("Spinnaker's version is not stated",),
)
REPORT = Report(RESULTS, RUN)
GREEN = Report((PASSED, ASIDE), RUN)
EMPTY = Report((), RunInfo(RUN.started_at))
