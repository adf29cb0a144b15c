"""Rules of what is inside the containers: environment, role, registry secret, logs, labels and tags."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ecs_preflight.spinnaker.opaque import Opaque, is_blank, known
from ecs_preflight.spinnaker.rules.violation import Broken, Violation, refused, undecided
from ecs_preflight.spinnaker.server_group import ServerGroup

_RESERVED = ("SERVER_GROUP", "CLOUD_STACK", "CLOUD_DETAIL")
_ROLE_NAME = re.compile(r"[\w+=,.@-]{1,64}", re.ASCII)
# https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_LogConfiguration.html
_LOG_DRIVERS = ("awsfirelens", "awslogs", "fluentd", "gelf", "journald", "json-file", "splunk", "syslog")
_LOG_DRIVERS_OF_FARGATE = ("awsfirelens", "awslogs", "splunk")
# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-using-tags.html
_MOST_TAGS, _LONGEST_KEY, _LONGEST_VALUE = 50, 128, 256
_MONIKER = "moniker.spinnaker.io/"


def environment_is_free(group: ServerGroup) -> Broken:
    """Only names are shown: a value may be a secret."""
    names = known(group.environment_variables)
    taken = [name for name in _RESERVED if isinstance(names, Mapping) and name in names]
    if taken:
        found = f"{', '.join(taken)} is set, which is Spinnaker's own"
        fix = "Call it otherwise: Spinnaker sets these three itself."
        yield refused("environmentVariables.invalid", ("environmentVariables", taken[0]), found, fix)
    yield from undecided(("environmentVariables",), group.environment_variables)


def task_role_is_a_name(group: ServerGroup) -> Broken:
    role = group.task_role
    if group.is_from_artifact and not is_blank(group.iam_role) and group.iam_role != "None (No IAM role)":
        yield Violation(
            ("iamRole",),
            "iamRole is ignored beside a task definition artifact",
            "clouddriver takes the role of the artifact alone: the containers would run without this one",
            "Write it into the artifact, as taskRoleArn, and leave iamRole out.",
            is_degraded=True,
        )
    if isinstance(role, str) and not _ROLE_NAME.fullmatch(role):
        bare = role.rpartition("/")[2]
        yield Violation(
            ("iamRole",),
            f"iamRole names {bare!r} by more than its name" if role else "iamRole is empty",
            f"{role!r} was found; clouddriver gives it to iam:GetRole as it stands, which takes names alone: "
            "`The specified value for roleName is invalid`",
            f'Write "iamRole": "{bare}".' if bare else 'Write the name of a role, or "None (No IAM role)".',
        )


def registry_secret_can_be_read(group: ServerGroup) -> Broken:
    secret = group.registry_secret
    if secret is None:
        return
    if isinstance(secret, str) and not secret.strip():
        yield Violation(
            ("dockerImageCredentialsSecret",),
            "dockerImageCredentialsSecret is empty",
            "clouddriver does not check this, and sends an empty credentialsParameter, which ECS refuses",
            'Write "None (No registry credentials)", or leave it out.',
        )
    elif group.runs_on_fargate is False:
        yield Violation(
            ("dockerImageCredentialsSecret",),
            "a registry secret is named, and no execution role reads it",
            "of inputs clouddriver gives an execution role to Fargate alone; ECS refuses repositoryCredentials without one",
            "Give the task definition as an artifact, with executionRoleArn and repositoryCredentials in it.",
        )


def logs_are_well_configured(group: ServerGroup) -> Broken:
    driver = group.log_driver_in_force
    if not isinstance(driver, str):
        yield from undecided(("logDriver",), driver)
        return
    allowed = _LOG_DRIVERS_OF_FARGATE if group.runs_on_fargate else _LOG_DRIVERS
    if driver not in allowed:
        where = " on Fargate" if group.runs_on_fargate else ""
        yield Violation(
            ("logDriver",),
            f"logDriver is {driver!r}{where}",
            f"clouddriver does not check this, and RegisterTaskDefinition refuses it: {', '.join(allowed)}",
            'Write "logDriver": "awslogs", or "None".',
        )
    options = group.log_options
    if driver != "awslogs" or isinstance(options, Opaque):
        return
    needed = ["awslogs-group", "awslogs-region", *(["awslogs-stream-prefix"] if group.runs_on_fargate else [])]
    missing = [name for name in needed if is_blank((options or {}).get(name))]
    if missing:
        yield Violation(
            ("logOptions",) if options is not None else (),
            f"awslogs has no {', '.join(missing)}",
            "clouddriver does not check this, and RegisterTaskDefinition refuses it",
            f'Write "logOptions": {{{", ".join(f"{chr(34)}{name}{chr(34)}: {chr(34)}...{chr(34)}" for name in needed)}}}.',
        )
    region, stated = group.region, (options or {}).get("awslogs-region")
    if isinstance(region, str) and isinstance(stated, str) and stated.strip() and stated != region:
        yield Violation(
            ("logOptions", "awslogs-region"),
            f"awslogs-region is {stated}, and the tasks run in {region}",
            "the logs go to another region than the tasks; where the log group is not there, no task starts",
            f'Write "awslogs-region": "{region}".',
            is_degraded=True,
        )


def tags_are_well_formed(group: ServerGroup, naming_strategy: str | None) -> Broken:
    """`naming_strategy` is that of the ECS account: `tags` writes tags of its own."""
    tags = known(group.tags)
    if not isinstance(tags, Mapping):
        yield from undecided(("tags",), group.tags)
        return

    def by_ecs(found: str, fix: str, *path: str) -> Violation:
        return Violation(("tags", *path), found, "clouddriver does not check this, and CreateService refuses it", fix)

    for name, value in tags.items():
        if name.lower().startswith("aws:"):
            yield by_ecs(f"the tag {name!r} begins with aws:", "Choose another name: aws: is AWS's own.", name)
        if len(name) > _LONGEST_KEY or (isinstance(value, str) and len(value) > _LONGEST_VALUE):
            yield by_ecs(f"the tag {name[:20]!r} is too long", f"At most {_LONGEST_KEY} and {_LONGEST_VALUE} characters.", name)
        if name.startswith(_MONIKER) and (naming_strategy or "").lower() == "tags":
            yield by_ecs(f"the tag {name!r} is the naming strategy's own", "Leave it out: Spinnaker writes it.", name)
    own = 5 if (naming_strategy or "").lower() == "tags" else 0
    if len(tags) + own > _MOST_TAGS:
        yield by_ecs(f"{len(tags) + own} tags would be set", f"Set at most {_MOST_TAGS - own}.")
