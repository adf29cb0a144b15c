"""The AWS actions that clouddriver calls, as data: who calls, in which session, when, and what breaks without it.

Session E is the ECS account's, A the AWS account's, B clouddriver's own (the managing identity). The data stands in `calls.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise

from ecs_preflight.spinnaker.calls import CALLS
from ecs_preflight.spinnaker.versions import SpinnakerVersion, is_at_least


class Session(str, Enum):
    """Whose credentials make the call."""

    ECS_ACCOUNT = "E"
    AWS_ACCOUNT = "A"
    MANAGING = "B"


class Caller(str, Enum):
    """What kind of thing in clouddriver makes the call."""

    START = "start"
    AGENT = "agent"  # every poll, in every region of the account
    SCREEN = "screen"  # when somebody looks
    OPERATION = "operation"  # a deploy stage


class Need(str, Enum):
    """How much depends on it."""

    REQUIRED = "required"
    CONDITIONAL = "conditional"  # required where `when` holds
    NOISE = "noise"  # a logged error and nothing else of ECS


class When(str, Enum):
    """The circumstance of a conditional need."""

    ALWAYS = "always"
    EC2_LAUNCH_TYPE = "tasks run on container instances"
    AWSVPC = "the network mode is awsvpc"
    LOAD_BALANCER = "a target group is used"
    INPUTS_TASK_ROLE = "an inputs deployment names a task role"
    PASSED_ROLE = "Fargate, a task role or an execution role is used"
    TAGS = "tags are set or the naming strategy is tags"
    COPIED_SCALING = "scaling policies are copied from the server group before"
    SOURCE = "the server group is made from another one"
    ALARMS = "the service has CloudWatch alarms"
    ROLE_PICKER = "task roles are picked in the UI"
    REGISTRY_SECRET = "registry credentials are picked in the UI"
    SERVICE_DISCOVERY = "service discovery is used"
    IMAGE_SEARCH = "images are looked up in ECR"
    CAPACITY_PROVIDERS = "capacity providers are picked in the UI"
    EVENTS = "a server group's events are looked at"
    LEGACY_ROLES = "Spinnaker passes the managed role itself"
    SERVICE_LINKED_ROLES = "a service-linked role is missing"
    ZONES_LOOKED_UP = "a region in use carries no availability zones"
    LAMBDA = "lambdaEnabled is set"
    CLOUDFORMATION = "aws.features.cloud-formation.enabled is set"
    LAUNCH_TEMPLATES = "aws.features.launch-templates is set"
    SECRETS = "the configuration holds encrypted: references"


@dataclass(frozen=True, slots=True)
class Requirement:
    """One action of one caller. `since` and `until` are the first and the last release that calls it, None: all of them."""

    action: str
    session: Session
    caller: Caller
    by: str
    breaks: str
    need: Need = Need.REQUIRED
    when: When = When.ALWAYS
    since: str | None = None
    until: str | None = None

    @property
    def is_read(self) -> bool:
        """Whether the action changes nothing, so that it can be tried."""
        return self.action.partition(":")[2].startswith(("Describe", "List", "Get"))

    def is_in_force(self, version: SpinnakerVersion | None) -> bool:
        """Whether that release calls it; an unstated version counts as the newest."""
        if self.since is not None and is_at_least(version, self.since) is False:
            return False
        return self.until is None or (version is not None and not version > _last(self.until))


def requirements_of(
    version: SpinnakerVersion | None, *, session: Session | None = None, caller: Caller | None = None
) -> tuple[Requirement, ...]:
    """What that release calls, in that session and by that kind of caller where they are given."""
    return tuple(
        requirement
        for requirement in REQUIREMENTS
        if requirement.is_in_force(version) and session in (None, requirement.session) and caller in (None, requirement.caller)
    )


def _last(release: str) -> SpinnakerVersion:
    major, minor = release.split(".")
    return SpinnakerVersion(int(major), int(minor), 10**6)


_GROUP = re.compile(r"^== (?P<session>\w) (?P<caller>\w+)$")
_BLOCK = re.compile(r"^(?P<by>[^\[:]+?)(?: \[(?P<flags>[^\]]+)\])?: (?P<breaks>.+)$")


def _read(table: str) -> Iterator[Requirement]:
    session, caller, block = Session.MANAGING, Caller.START, None
    for line in filter(None, table.splitlines()):
        if group := _GROUP.match(line):
            session, caller = Session(group["session"]), Caller(group["caller"])
        elif line.startswith(" ") and block:
            need, when, since, until = _circumstance(block["flags"] or "")
            for action in line.split():
                yield Requirement(action, session, caller, block["by"], block["breaks"], need, when, since, until)
        else:
            block = _BLOCK.match(line)


def _circumstance(flags: str) -> tuple[Need, When, str | None, str | None]:
    """`noise`, the name of a circumstance, `since` or `until` a release."""
    words = flags.split()
    after = dict(pairwise(words))
    when = next((When[word] for word in words if word in When.__members__), When.ALWAYS)
    conditional = Need.REQUIRED if when is When.ALWAYS else Need.CONDITIONAL
    return Need.NOISE if "noise" in words else conditional, when, after.get("since"), after.get("until")


REQUIREMENTS: tuple[Requirement, ...] = tuple(_read(CALLS))
