"""What a run looks at: a snapshot before everything, nothing where it is offline, the sandbox, else AWS."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from ecs_preflight.answers import CallerIdentity
from ecs_preflight.aws.access import AwsAccess
from ecs_preflight.errors import InputError, UsageError
from ecs_preflight.facts import Known, Snapshot
from ecs_preflight.questions import caller_identity
from ecs_preflight.reach import reached
from ecs_preflight.runner import run_preflight
from ecs_preflight.snapshot_file import save_snapshot
from tests.builders import CLOUDDRIVER, loaded

CALLER = "arn:aws:iam::100000000077:user/somebody"

# Called in another process, where `import moto` finds nothing.
WITHOUT_MOTO = """
import sys
from importlib.abc import MetaPathFinder

class WithoutMoto(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "moto":
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, WithoutMoto())
from ecs_preflight.config import load_config
from ecs_preflight.errors import UsageError
from ecs_preflight.reach import reached

config = load_config(sys.argv[1])
with reached(config) as access:
    print(type(access).__name__)
try:
    with reached(config, sandbox_beside=sys.argv[1]):
        print("opened")
except UsageError as error:
    print(error.exit_code, error)
"""


def test_aws_is_reached_as_the_profile_or_as_boto_finds_it(tmp_path: Path) -> None:
    config = loaded(tmp_path, CLOUDDRIVER)
    with reached(config) as access, reached(config, profile="auditor") as other:
        assert access == AwsAccess()
        assert other == AwsAccess(profile="auditor")


def test_offline_there_is_nothing_to_look_at(tmp_path: Path) -> None:
    config = loaded(tmp_path, CLOUDDRIVER, offline=True)
    with reached(config, profile="auditor", sandbox_beside=tmp_path / "clouddriver0.yml") as seen:
        assert isinstance(seen, Snapshot)
        assert not seen.facts


@pytest.mark.parametrize("offline", [True, False])
def test_a_snapshot_that_was_saved_is_looked_at_before_everything_else(tmp_path: Path, offline: bool) -> None:
    saved = Snapshot(facts={caller_identity(): Known(CallerIdentity(CALLER, "123456789012", "AIDAEXAMPLE"))})
    save_snapshot(saved, tmp_path / "snapshot.json")
    config = loaded(tmp_path, CLOUDDRIVER, offline=offline)
    with reached(config, snapshot=tmp_path / "snapshot.json", sandbox_beside=tmp_path, profile="auditor") as seen:
        assert isinstance(seen, Snapshot)
        assert (seen.source, seen.facts, seen.taken_at) == ("snapshot", saved.facts, saved.taken_at)


def test_a_snapshot_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No such file"), reached(loaded(tmp_path, CLOUDDRIVER), snapshot=tmp_path / "none.json"):
        pytest.fail("it was opened")


def test_the_sandbox_is_seeded_from_the_configuration_and_gone_afterwards(tmp_path: Path) -> None:
    config = loaded(tmp_path, CLOUDDRIVER)
    with reached(config, sandbox_beside=tmp_path / "clouddriver0.yml") as access:
        assert isinstance(access, AwsAccess)
        assert access.source == "sandbox"
    with reached(config, sandbox_beside=tmp_path / "clouddriver0.yml") as again:
        assert isinstance(again, AwsAccess)


def test_the_sandbox_is_what_lies_beside_the_configuration(tmp_path: Path) -> None:
    (tmp_path / "sandbox.yml").write_text(f"managing_identity_arn: {CALLER}\n", encoding="utf-8")
    config = loaded(tmp_path, CLOUDDRIVER)
    seen: list[Snapshot] = []
    with reached(config, sandbox_beside=tmp_path / "clouddriver0.yml") as access:
        run_preflight(config, access, keep=seen.append)
    caller = seen[0][caller_identity()]
    assert isinstance(caller, Known)
    assert caller.value.arn == CALLER


def test_a_sandbox_file_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    (tmp_path / "sandbox.yml").write_text("managing_identity: x\n", encoding="utf-8")
    beside = tmp_path / "clouddriver0.yml"
    with pytest.raises(InputError, match="managing_identity"), reached(loaded(tmp_path, CLOUDDRIVER), sandbox_beside=beside):
        pytest.fail("it was opened")


def test_within_a_sandbox_there_is_no_other(tmp_path: Path) -> None:
    config, beside = loaded(tmp_path, CLOUDDRIVER), tmp_path / "clouddriver0.yml"
    with (
        reached(config, sandbox_beside=beside),
        pytest.raises(UsageError, match="mocked"),
        reached(config, sandbox_beside=beside),
    ):
        pytest.fail("it was opened")


def test_without_moto_aws_is_reached_and_the_sandbox_says_what_to_install(tmp_path: Path) -> None:
    loaded(tmp_path, CLOUDDRIVER)
    command = [sys.executable, "-c", WITHOUT_MOTO, str(tmp_path / "clouddriver0.yml")]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines() == ["AwsAccess", "2 the sandbox needs moto", "  pip install 'ecs_preflight[sandbox]'"]
