"""The report for people, compared whole."""

from __future__ import annotations

import re
from dataclasses import replace
from textwrap import dedent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecs_preflight.findings import Outcome, Problem, Report, Severity
from ecs_preflight.reports.text import render_result, render_text
from tests.plans import result
from tests.reports.reports import AGENTS, ASIDE, BLOCKED, EMPTY, GREEN, PASSED, REPORT, RUN, TRUST

WHOLE = """\
Note: Spinnaker's version is not stated

FATAL   TRUST001 managing-identity-not-trusted  ecs
  • SpinnakerManaged does not trust arn:aws:iam::100000000001:user/spinnaker
    seen implicitDeny: no statement matches
    fix  aws iam update-assume-role-policy --role-name SpinnakerManaged \\
           --policy-document file://trust.json

ERROR   CLUSTER004 agents-disconnected  ecs/us-east-1/production
  • WARNING: 1 of 3 agents is disconnected
  • all agents of b are disconnected
    at   preflight.yml:7:3
  beside this, not everything could be looked at: page 2 could not be read: Throttling

WARNING ACCOUNT014 key-ignored-by-clouddriver  ecs
  • `asumeRole` is no key that clouddriver knows
    at   clouddriver.yml:12:7
    fix  Write `assumeRole`.

INFO    TRUST002 ecs-services-not-trusted  ecs
  • ecs.amazonaws.com may not assume the role

Could not be determined
  • ecs:DescribeClusters: AccessDeniedException: no
    ecs/eu-west-1/*: CLUSTER001
    ecs/us-east-1/production: CLUSTER001, CLUSTER002
  • iam:GetRole: AccessDenied: no
    ecs: ROLE009

Blocked: what these judge does not exist
  • there is no role web in account 100000000002
    ecs: TRUST006

Waived
  • CAPACITY001 ecs/us-east-1/production/web: FAILED, until 2027-04-30: the cluster grows in April
    only 1 of 4 copies of web fit

"""
WELL = """\
Passed
  ACCOUNT001 aws-account-not-found  ecs

Not applicable
  ROLE006 region-not-enabled  ecs: all regions carry their zones

"""
SUMMARY = """\
1 passed, 4 failed, 1 blocked, 4 undetermined, 1 not applicable, 1 waived of 12 checks.
Why each matters: ecs-preflight explain TRUST001
"""
ANSI = re.compile(r"\x1b\[[0-9;]*m")


def test_the_whole_report() -> None:
    assert render_text(REPORT) == WHOLE + SUMMARY


def test_the_whole_report_in_full() -> None:
    assert render_text(REPORT, verbose=True) == WHOLE + WELL + SUMMARY


def test_a_green_report_is_short() -> None:
    assert render_text(GREEN) == "Note: Spinnaker's version is not stated\n\n1 passed, 1 not applicable of 2 checks.\n"
    assert render_text(EMPTY) == "nothing was checked of 0 checks.\n"


def test_what_was_simulated_says_so_first_and_last() -> None:
    text = render_text(Report((PASSED,), replace(RUN, source="sandbox", notes=())))
    assert text == dedent(
        """\
        SIMULATED: this ran against the embedded AWS of the sandbox. It says nothing about your AWS accounts.

        1 passed of 1 checks.
        (simulated AWS)
        """
    )


@pytest.mark.parametrize("report", [REPORT, GREEN, EMPTY, Report((TRUST,), replace(RUN, source="sandbox"))])
@pytest.mark.parametrize("verbose", [False, True])
def test_in_colour_it_is_the_same_text(report: Report, verbose: bool) -> None:
    coloured = render_text(report, colour=True, verbose=verbose)
    assert "\x1b[" in coloured
    assert ANSI.sub("", coloured) == render_text(report, verbose=verbose)


@given(st.text(), st.text(), st.text())
@settings(max_examples=40, deadline=None)
def test_whatever_it_quotes_is_the_same_text_in_colour(summary: str, evidence: str, remediation: str) -> None:
    problem = Problem(f"x{summary}", remediation, evidence)
    report = Report((replace(TRUST, problems=(problem,)),), RUN)
    assert ANSI.sub("", render_text(report, colour=True)) == render_text(report)


@pytest.mark.parametrize(
    ("quoted", "shown"),
    [
        ("a\tb", "a    b"),
        ("a\r\nb", "a\n         b"),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("bell\x07", "bell\\x07"),
        ("\x9b2J", "\\x9b2J"),
        ("back\x08\x08\x08", "back\\x08\\x08\\x08"),
        ("half \ud800 of one", "half \\ud800 of one"),
        ("ünïcödé 漢字 •", "ünïcödé 漢字 •"),
    ],
)
def test_what_a_terminal_would_obey_is_spelt_out(quoted: str, shown: str) -> None:
    failed = replace(TRUST, problems=(Problem("summary", evidence=quoted),))
    assert f"    seen {shown}\n" in render_text(Report((failed,), RUN))
    assert shown in render_result(failed)
    assert "\x1b" not in render_result(replace(BLOCKED, reason="\x1b[2J"))


def test_the_worst_comes_first_and_plan_order_after_that() -> None:
    results = [result(f"TEST00{number}", outcome=Outcome.FAILED, severity=Severity(number % 3)) for number in range(6)]
    heads = [line.split() for line in render_text(Report(tuple(results), RUN)).splitlines() if " TEST" in line and "  " in line]
    assert [(head[0], head[1]) for head in heads if head[0] in Severity.__members__] == [
        ("ERROR", "TEST002"),
        ("ERROR", "TEST005"),
        ("WARNING", "TEST001"),
        ("WARNING", "TEST004"),
        ("INFO", "TEST000"),
        ("INFO", "TEST003"),
    ]


def test_one_result_by_itself_uses_the_same_words() -> None:
    assert render_result(AGENTS) in WHOLE
    assert render_result(TRUST) in WHOLE
    assert render_result(BLOCKED) == "BLOCKED TRUST006 slug  ecs: there is no role web in account 100000000002"
    assert render_result(ASIDE) == "NOT_APPLICABLE ROLE006 region-not-enabled  ecs: all regions carry their zones"
