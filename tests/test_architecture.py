"""What holds of the code as a whole: who may import what, how long a file gets, how light an import is."""

from __future__ import annotations

import ast
import configparser
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "ecs_preflight"
TESTS = ROOT / "tests"
MODULES = sorted(path for path in PACKAGE.rglob("*.py"))
TEST_MODULES = sorted(path for path in TESTS.rglob("*.py"))
AWS_LIBRARIES = {"boto3", "botocore", "moto", "s3transfer"}


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


every_module = pytest.mark.parametrize("path", MODULES, ids=relative)
every_test_module = pytest.mark.parametrize("path", TEST_MODULES, ids=relative)


def imported(path: Path, *, at_the_top: bool = False) -> set[str]:
    """The modules that a file imports; with `at_the_top`, without those of functions and of TYPE_CHECKING blocks."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return set(_imports(tree.body if at_the_top else list(ast.walk(tree))))


def _imports(nodes: list[ast.stmt] | list[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def roots(names: set[str]) -> set[str]:
    return {name.partition(".")[0] for name in names}


@every_module
def test_only_aws_and_the_sandbox_know_botos_libraries(path: Path) -> None:
    if path.relative_to(PACKAGE).parts[0] not in ("aws", "sandbox"):
        assert not roots(imported(path)) & AWS_LIBRARIES


@every_module
def test_moto_and_flask_stay_in_the_sandbox(path: Path) -> None:
    if path.relative_to(PACKAGE).parts[0] != "sandbox":
        assert not roots(imported(path)) & {"moto", "flask", "werkzeug"}


@every_module
def test_a_module_has_a_docstring_and_at_most_300_lines(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 300
    assert ast.get_docstring(ast.parse(text)) or path.name == "_version.py"


@every_module
def test_inside_the_package_modules_are_imported_and_not_packages(path: Path) -> None:
    """What takes names from an `__init__` above it is how cycles come about. Only `checks` lists something in its own."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module not in ("ecs_preflight.checks", "__future__"):
            folder = ROOT.joinpath(*node.module.split("."))
            if folder.is_dir() and PACKAGE in (folder, *folder.parents):
                assert all((folder / f"{alias.name}.py").exists() for alias in node.names), ast.unparse(node)


@every_module
def test_nobody_prints_or_exits_but_the_faces(path: Path) -> None:
    if path.name in ("cli.py", "__main__.py") or path == PACKAGE / "reports" / "explain.py":
        return
    calls = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
    called = {node.func.id for node in calls if isinstance(node.func, ast.Name)}
    assert not called & {"print", "exit", "quit", "input", "eval", "exec", "breakpoint"}


@every_module
def test_no_module_is_named_for_nothing(path: Path) -> None:
    assert path.stem not in {"utils", "util", "helpers", "helper", "common", "manager", "misc"}


@every_test_module
def test_no_test_patches(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert not roots(imported(path)) & {"mock", "pytest_mock"}
    assert "unittest.mock" not in imported(path)
    patched = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr in ("patch", "MagicMock")]
    assert patched == []


def test_tests_lie_where_what_they_test_lies() -> None:
    """tests/a/test_b.py tests a.b, or a part of it (test_b_of_something.py), or a whole folder (see WHOLE)."""
    lost = [relative(path) for path in TEST_MODULES if path.name.startswith("test_") and not _mirrors(path)]
    assert lost == []


# What is tested across modules: the name of the test says what of.
WHOLE = {
    "tests": {"architecture", "public_api", "readme"},
    "tests/checks": {"all_checks"},
}
WHOLE_OF_ANY = {"cases", "corpus", "documented", "examples", "laws", "malformations", "public_names", "traps"}


def _mirrors(path: Path) -> bool:
    folder = path.parent.relative_to(TESTS)
    name = path.stem.removeprefix("test_")
    if folder.parts[:1] == ("acceptance",) or name in WHOLE.get(relative(path.parent), set()) | WHOLE_OF_ANY:
        return True
    modules = {module.stem.lstrip("_") for module in (PACKAGE / folder).glob("*.py")} | {
        module.name for module in (PACKAGE / folder).iterdir()
    }
    return any(name == module or name.startswith(f"{module}_") for module in modules)


def test_every_folder_of_the_package_has_its_tests() -> None:
    folders = {path.parent.relative_to(PACKAGE) for path in MODULES}
    assert [str(folder) for folder in sorted(folders) if not any((TESTS / folder).glob("test_*.py"))] == []


def loaded(program: str) -> set[str]:
    """The top modules that a fresh Python loads to run a program."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", program], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return {line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines() if "import time" in line}


HEAVY = {"boto3", "botocore", "moto", "pydantic", "pydantic_core", "yaml", "rich", "scipy", "numpy", "re2"}


@pytest.mark.parametrize(
    "program",
    [
        "import ecs_preflight",
        "import ecs_preflight; dir(ecs_preflight); ecs_preflight.__version__",
        "import ecs_preflight.pytest_plugin",
        "import sys; sys.argv = ['ecs-preflight', '--help']\nfrom ecs_preflight.cli import main\n"
        "try: main()\nexcept SystemExit as end: assert end.code == 0",
        "import sys; sys.argv = ['ecs-preflight', 'check', '--help']\nfrom ecs_preflight.cli import main\n"
        "try: main()\nexcept SystemExit as end: assert end.code == 0",
        "from ecs_preflight import PreflightError",
    ],
)
def test_what_everybody_imports_is_light(program: str) -> None:
    assert "ecs_preflight" in loaded(program)
    assert loaded(program) & HEAVY == set()


def test_an_api_user_who_judges_snapshots_needs_no_boto() -> None:
    names = "load_config, load_snapshot, render, run_preflight, save_snapshot, Snapshot, Report, Target"
    assert loaded(f"from ecs_preflight import {names}") & AWS_LIBRARIES == set()


def test_the_layers_are_those_of_the_design_and_leave_nothing_out() -> None:
    """import-linter keeps them (`make lint`); here only that its contract knows every module there is."""
    settings = configparser.ConfigParser()
    settings.read(ROOT / "setup.cfg")
    contract = settings["importlinter:contract:layers"]
    named = {
        name for line in contract["layers"].splitlines() for name in line.replace("|", ":").replace(" ", "").split(":") if name
    }
    outside = set(contract["exhaustive_ignores"].split())
    there = {path.stem for path in PACKAGE.glob("*.py")} | {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert named | outside == there - {"__init__"}
