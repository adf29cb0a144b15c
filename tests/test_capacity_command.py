"""`ecs-preflight capacity`: what it prints of the example, in the sandbox and from a snapshot, and its exit codes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from ecs_preflight.cli import main

CROWDED = Path(__file__).parents[1] / "examples" / "crowded"
EXAMPLE = (str(CROWDED / "clouddriver.yml"), "--preflight", str(CROWDED / "preflight.yml"))

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the sandbox said of the example; every further run is from this."""
    path = str(tmp_path_factory.mktemp("saved") / "snapshot.json")
    main(["capacity", *EXAMPLE, "--sandbox", "--save-snapshot", path, "--output", str(Path(path).with_suffix(".txt"))])
    return path


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], snapshot: str) -> Run:
    def ran(*arguments: str) -> tuple[int, str, str]:
        code = main(["capacity", *EXAMPLE, "--snapshot", snapshot, *arguments])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return ran


WHOLE = """\
SIMULATED: this ran against the embedded AWS of the sandbox. It says nothing about your AWS accounts.

ECS cluster shop/us-east-1/shop-production
  3 container instances; new tasks can go to 2 of them; 5 tasks run
  beware: i-fcbd04c340212ef7c has an agent that is not connected; if that lasts longer than a minute, it is down. (web, nightly, search)
  beware: Pods of EKS on Fargate share the vCPU quota, and are not counted. (worker)
  beware: AWS does not tell beforehand whether it has capacity on Fargate. (worker)

  workload  more wanted  more fit  answer                what binds
  web                 4         3  1 does not fit        CPU
  worker              2        12  fits                  VCPU_QUOTA
  nightly             2         7  fits alone            CPU
  search              3         1  fits after scale-out  CPU, MEMORY

web: 4 more are wanted, 3 fit; on EC2, one copy takes 512 CPU units, 1024 MiB
  binds    CPU (7 would fit if that alone were no limit)
  refused  copy 4 by 2 of 3 container instances, RESOURCE:CPU: has too little CPU left (i-61bc1396e13cd9383, i-6ddf4d92a12a5e41b)
  refused  copy 4 by 1 of 3 container instances, AGENT: has no connected agent (i-fcbd04c340212ef7c)
  fix      Bring back the ECS agent of i-fcbd04c340212ef7c (there: sudo systemctl restart ecs): 7 fit then. Or:
           Add 1 container instance of type m5.large (an empty one holds 4), or ask for 3. Room is missing for 1 copy of 512 CPU units, 1024 MiB.

worker: 2 more are wanted, 12 fit; on FARGATE, one copy takes 512 CPU units, 1024 MiB, a network interface
  binds    VCPU_QUOTA: the quota L-3032A538 (Fargate On-Demand vCPU resource count) is 6 vCPU, and 0 are in use
  more     For more than 12: aws service-quotas request-service-quota-increase --service-code fargate --quota-code L-3032A538 --desired-value 7 --region us-east-1

nightly: 2 more are wanted, 7 fit; on EC2, one copy takes 256 CPU units, 512 MiB
  binds    CPU (16 would fit if that alone were no limit)
  refused  copy 8 by 2 of 3 container instances, RESOURCE:CPU: has too little CPU left (i-61bc1396e13cd9383, i-6ddf4d92a12a5e41b)
  refused  copy 8 by 1 of 3 container instances, AGENT: has no connected agent (i-fcbd04c340212ef7c)
  more     For more, add container instances: an empty m5.large holds 8.

search: 3 more are wanted, 1 fits; on capacity provider on-demand, one copy takes 1024 CPU units, 3072 MiB, a network interface
  binds    CPU, MEMORY
  refused  copy 2 by 2 of 3 container instances, RESOURCE:CPU, RESOURCE:MEMORY: has too little CPU left and has too little memory left (i-61bc1396e13cd9383, i-6ddf4d92a12a5e41b)
  refused  copy 2 by 1 of 3 container instances, AGENT, CAPACITY_PROVIDER, LOCATION: has no connected agent and belongs to another capacity provider and is in no zone of the subnets (i-fcbd04c340212ef7c)
  later    3 of 3 after scale-out: capacity provider 'on-demand' needs 1 instance more (an empty m5.large holds 2), and can add 1 by itself; the group on-demand stands at 2 of at most 3 instances

Together, web and nightly want 6 copies: 4 fit, 2 do not.
  each     web: 3 of 4; nightly: 1 of 2
  fix      Bring back the ECS agent of i-fcbd04c340212ef7c: all fit then.

Together, web, nightly and search want 9 copies: not determined.
  because  they may take room on the same container instances, and how many fit at once was not worked out
"""  # noqa: E501


def test_the_example_whole(run: Run, snapshot: str) -> None:
    code, out, err = run()

    assert (code, err) == (1, "")
    assert out == WHOLE
    assert Path(snapshot).with_suffix(".txt").read_text() == WHOLE  # the sandbox itself said the same


PER_INSTANCE = """\
    instance             type      zone        status              free CPU  free MiB  copies  why not the next
    i-61bc1396e13cd9383  m5.large  us-east-1a  ACTIVE                   768      2662       2  ENI, MEMORY
    i-6ddf4d92a12a5e41b  m5.large  us-east-1b  ACTIVE                  1024      5734       2  ENI
    i-fcbd04c340212ef7c  m5.large  us-east-1c  ACTIVE, agent gone      2048      7782       0  AGENT
"""


def test_a_row_for_each_instance(run: Run) -> None:
    code, out, _ = run("--memory", "900", "--cpu", "100", "--network-mode", "awsvpc", "--count", "5", "--per-instance")

    assert code == 1
    assert PER_INSTANCE in out


def test_a_size_that_fits_exits_with_0(run: Run) -> None:
    code, out, _ = run("--memory", "256", "--count", "3")

    assert code == 0
    assert re.search(r"a task of 0 CPU units, 256 MiB +3 +32  fits +MEMORY", out)


def test_draining_and_adding(run: Run) -> None:
    assert run("--add", "m5.large")[0] == 3  # whether search takes the room as well is not worked out
    assert run("--add", "3xm5.large@on-demand")[0] == 0
    code, out, _ = run("--drain", "i-61bc1396e13cd9383")
    assert code == 1
    assert "note: what if i-61bc1396e13cd9383 drains." in out


def test_json(run: Run) -> None:
    code, out, err = run("--format", "json", "--per-instance")

    document = json.loads(out)
    assert (code, err) == (1, "")
    assert list(document) == ["schema_version", "answer", "clusters", "run"]
    (found,) = document["clusters"]
    assert (found["target"], found["container_instances"]) == (
        "shop/us-east-1/shop-production",
        {"registered": 3, "taking_tasks": 2},
    )
    web = found["workloads"][0]
    assert (web["answer"], web["wanted"], web["more_fit"], web["missing"]) == (
        "DOES_NOT_FIT",
        4,
        {"at_least": 3, "at_most": 3},
        1,
    )
    assert [row["refuses_next_for"] for row in web["instances"]] == [["CPU"], ["CPU"], ["AGENT"]]
    assert "instances" not in json.loads(run("--format", "json")[1])["clusters"][0]["workloads"][0]


def test_exit_zero_and_output(run: Run, tmp_path: Path) -> None:
    code, out, _ = run("--exit-zero", "--output", str(tmp_path / "room.txt"))

    assert (code, out) == (0, "")
    assert (tmp_path / "room.txt").read_text() == WHOLE


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--drain", "i-61bc1396e13cd9384"), "Did you mean i-61bc1396e13cd9383?"),
        (("--add", "2xm5.lagre"), "Known are m5.12xlarge"),
        (("--add", "many"), "'many' is no number of instances of a type"),
        (("--cpu", "256"), "one copy's memory is not given"),
        (("--cluster", "shop/us-east-1"), "names no ECS cluster"),
        (("--output", "/"), "the file cannot be written"),
    ],
)
def test_what_cannot_be_read_exits_with_2(run: Run, arguments: tuple[str, ...], said: str) -> None:
    code, out, err = run(*arguments)

    assert (code, out) == (2, "")
    assert said in err


def test_a_cluster_that_the_snapshot_does_not_hold_is_undetermined(run: Run) -> None:
    code, out, _ = run("--cluster", "shop/us-east-1/other")

    assert code == 3
    assert "ECS cluster shop/us-east-1/other\n  not determined: no answer: this was never asked" in out
    assert "shop-production" not in out
