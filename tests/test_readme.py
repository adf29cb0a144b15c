"""What the README shows is what comes out."""

from __future__ import annotations

from pathlib import Path

import pytest

from ecs_preflight.cli import main

ROOT = Path(__file__).parent.parent


def test_the_report_is_the_demos(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    main(["check", "examples/guide/clouddriver.yml", "--preflight", "examples/guide/preflight.yml", "--sandbox"])
    shown = (ROOT / "README.md").read_text(encoding="utf-8").split("```text\n")[1].split("```")[0]

    assert capsys.readouterr().out == shown


def test_the_trust_policy_is_explained_as_shown(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    command = next(line for line in readme.splitlines() if line.startswith("    ecs-preflight trust"))
    main(command.split()[1:])

    assert capsys.readouterr().out == readme.split("### One trust policy")[1].split("```text\n")[1].split("```")[0]


def test_the_room_is_that_of_the_example(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    main(["capacity", "examples/crowded/clouddriver.yml", "--preflight", "examples/crowded/preflight.yml", "--sandbox"])
    section = (ROOT / "README.md").read_text(encoding="utf-8").split("### How many more tasks fit")[1]

    assert capsys.readouterr().out == section.split("```text\n")[1].split("```")[0]


@pytest.mark.parametrize("path", ["docs/checks.md", "docs/design.md", "CONTRIBUTING.md", "CHANGELOG.md"])
def test_what_it_links_to_is_there(path: str) -> None:
    assert f"({path})" in (ROOT / "README.md").read_text(encoding="utf-8")
    assert (ROOT / path).is_file()
