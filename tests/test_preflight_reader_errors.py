"""What cannot be read in preflight.yml is said where it stands, with what is expected and the near miss."""

from __future__ import annotations

import pytest

from ecs_preflight.errors import Location, SyntaxInputError
from ecs_preflight.preflight_reader import parse_preflight_file

CLUSTER = "accounts:\n  prod:\n    regions:\n      us-east-1:\n        clusters:\n          web:\n"
WORKLOAD = (
    CLUSTER + "            workloads:\n              - {name: web, memory: 512}\n              - name: api\n                "
)
WEB = "accounts.prod.regions.us-east-1.clusters.web"
WAIVER = "waivers:\n  - check: CAPACITY001\n    target: prod/*\n    reason: it grows\n    "


@pytest.mark.parametrize(
    ("text", "place", "message", "hint"),
    [
        # Unknown keys, with a near miss at every level.
        ("acounts: {}", (1, 1), "`acounts` is not a key of preflight.yml", "Did you mean `accounts`?"),
        ("spinnaker:\n  verison: 1.37.0", (2, 3), "`verison` is not a key of spinnaker", "Did you mean `version`?"),
        ("reader: {profile: a, role: b}", (1, 22), "`role` is not a key of reader", "Did you mean `profile`?"),
        ("thresholds: {copys: 3}", (1, 14), "`copys` is not a key of thresholds", "Did you mean `copies`?"),
        ("accounts: {prod: {task_role: []}}", (1, 19), "`task_role` is not a key of accounts.prod", "Did you mean `task_roles`?"),
        (
            "accounts: {prod: {reader: {profil: a}}}",
            (1, 28),
            "`profil` is not a key of accounts.prod.reader",
            "Did you mean `profile`?",
        ),
        (
            "accounts: {prod: {regions: {us-east-1: {cluster: {}}}}}",
            (1, 41),
            "`cluster` is not a key of accounts.prod.regions.us-east-1",
            "Did you mean `clusters`?",
        ),
        (
            CLUSTER + "            workload: []",
            (7, 13),
            f"`workload` is not a key of {WEB}",
            "Did you mean `workloads`?",
        ),
        (
            WORKLOAD + "memory: 4\n                netwrk_mode: host",
            (11, 17),
            f"`netwrk_mode` is not a key of {WEB}.workloads[1]",
            "Did you mean `network_mode`?",
        ),
        (
            WORKLOAD + "memory: 4\n                placement_constraints: [{type: memberOf, expresion: x}]",
            (11, 58),
            f"`expresion` is not a key of {WEB}.workloads[1].placement_constraints[0]",
            "Did you mean `expression`?",
        ),
        (
            WORKLOAD + "memory: 4\n                placement_strategy: [{type: spread, fields: x}]",
            (11, 53),
            f"`fields` is not a key of {WEB}.workloads[1].placement_strategy[0]",
            "Did you mean `field`?",
        ),
        (WAIVER + "until: 2027-03-01\n    untill: x", (6, 5), "`untill` is not a key of waivers[0]", "Did you mean `until`?"),
        # Wrong types.
        ("spinnaker: 1.37.0", (1, 1), "spinnaker: `1.37.0` was found where a mapping is expected", None),
        ("reader: auditor", (1, 1), "reader: `auditor` was found where a mapping is expected", None),
        ("accounts: [prod]", (1, 1), "accounts: a list was found where a mapping is expected", None),
        ("accounts: {prod: [us-east-1]}", (1, 12), "accounts.prod: a list was found where a mapping is expected", None),
        (
            CLUSTER + "            workloads: {name: web}",
            (7, 13),
            f"{WEB}.workloads: a mapping was found where a list is expected",
            "Begin each element with `- `.",
        ),
        (
            WORKLOAD + "memory: much",
            (10, 17),
            f"{WEB}.workloads[1].memory: `much` was found; expected a whole number",
            None,
        ),
        (
            WORKLOAD + "memory: 3",
            (10, 17),
            f"{WEB}.workloads[1].memory: `3` was found; expected greater than or equal to 4",
            None,
        ),
        (
            WORKLOAD + "memory: 4\n                launch_type: fargate",
            (11, 17),
            f"{WEB}.workloads[1].launch_type: `fargate` was found; expected 'EC2', 'FARGATE' or 'EXTERNAL'",
            None,
        ),
        (
            WORKLOAD + "memory: 4\n                host_ports: [80, 70000]",
            (11, 34),
            f"{WEB}.workloads[1].host_ports[1]: `70000` was found; expected less than or equal to 65535",
            None,
        ),
        # Missing keys.
        (WORKLOAD + "cpu: 4", (9, 17), f"{WEB}.workloads[1].memory is missing", "Add it."),
        (WAIVER + "outcomes: [BLOCKED]", (2, 5), "waivers[0].until is missing", "Add it."),
        # ARNs, days, versions, names.
        (
            "managing_identity_arn: role/spinnaker",
            (1, 1),
            "managing_identity_arn: `role/spinnaker` was found; expected the ARN of a role or an IAM user, "
            "such as arn:aws:iam::123456789012:role/NAME",
            None,
        ),
        (
            "reader: {role_arn: auditor}",
            (1, 10),
            "reader.role_arn: `auditor` was found; expected the ARN of a role, such as arn:aws:iam::123456789012:role/NAME",
            None,
        ),
        (
            WAIVER + "until: 2027-02-30",
            (5, 5),
            "waivers[0].until: `2027-02-30` was found; expected a day such as 2027-03-01",
            None,
        ),
        (WAIVER + "until: 20270301", (5, 5), "waivers[0].until: `20270301` was found; expected a day such as 2027-03-01", None),
        (
            WAIVER + "until: 2027-03-01\n    outcomes: [PASSED]",
            (6, 16),
            "waivers[0].outcomes[0]: `PASSED` was found; expected 'FAILED', 'UNDETERMINED' or 'BLOCKED'",
            None,
        ),
        (
            "spinnaker:\n  version: latest",
            (2, 3),
            'spinnaker.version: `latest` was found; expected a release such as "1.37.0"',
            None,
        ),
        (
            'accounts: {prod: {task_roles: [""]}}',
            (1, 32),
            "accounts.prod.task_roles[0]: `` was found; expected a text that is not empty",
            None,
        ),
        ('accounts:\n  "": {}', (2, 3), "accounts: the key `` was found; expected a text that is not empty", None),
        (
            CLUSTER.replace("web:", "'*':"),
            (6, 11),
            "accounts.prod.regions.us-east-1.clusters: the key `*` was found; expected the name of an ECS cluster; "
            "where none is named, all are looked at",
            None,
        ),
        (
            WORKLOAD.replace("name: api", "name: web") + "memory: 4",
            (7, 13),
            f"{WEB}.workloads: a list was found; expected each workload to have a name of its own, and 'web' stands 2 times",
            None,
        ),
        # A reader is one of two.
        ("reader: {}", (1, 1), "reader: a mapping was found; expected either profile or role_arn", None),
        (
            'accounts:\n  prod:\n    reader:\n      profile: a\n      role_arn: "arn:aws:iam::123456789012:role/b"',
            (3, 5),
            "accounts.prod.reader: a mapping was found; expected either profile or role_arn",
            None,
        ),
        # What is no such document at all.
        ("- a", (1, 1), "the document is a list where a mapping is expected", "Write `key: value` lines at its top."),
        ("spinnaker: {}\nspinnaker: {}", (2, 1), "the key `spinnaker` stands twice: in line 1 and in line 2", None),
    ],
)
def test_what_cannot_be_read_is_said_where_it_stands(text: str, place: tuple[int, int], message: str, hint: str | None) -> None:
    with pytest.raises(SyntaxInputError) as raised:
        parse_preflight_file(text, "preflight.yml")
    error = raised.value
    assert error.location == Location("preflight.yml", *place)
    assert error.message == message
    assert error.exit_code == 2
    assert hint is None or error.hint == hint
