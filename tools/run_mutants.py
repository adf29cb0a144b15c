"""Runs the tests of a package against each of its mutants, and prints who survived: python tools/run_mutants.py iam [module ...]

First the tests are collected once, and each mutant of a function's body is brought to life in a fork: the function is given the
mutant's code, and the tests that call it are run, fastest first. Mutants of module or class level, and survivors in functions
that are called while modules are imported, are then imported afresh in a process of their own, and meet all the tests.

The tests are those of tests/PACKAGE without Hypothesis: a verdict is the same in every run.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import _lru_cache_wrapper, cache, partial
from importlib import import_module
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from pathlib import Path
from types import CodeType, FrameType, FunctionType

import hypothesis  # noqa: F401  imported here, and so not once more in every child
import pydantic  # noqa: F401
import pytest
from forks import FAILED, TIMED_OUT, in_forks
from mutants import Mutant, mutants_of

_ROOT = Path(__file__).resolve().parent.parent
_SURVIVED, _KILLED, _NO_PYTHON, _OPEN = 0, FAILED, 97, 98
# Far more than all the tests need, without and with the imports: an endless loop is a mutant that was noticed.
_FIRST_SECONDS, _SECOND_SECONDS = 8, 20
_Place = tuple[str, str, int]
_PLUGINS = ("cacheprovider", "xdist", "pytest_cov", "terminal", "ecs_preflight")  # not needed, and slow to start
_PYTEST = (
    *("-x", "-s", "-m", "not hypothesis"),
    *(f"-pno:{name}" for name in _PLUGINS),
    "-Wignore::pytest.PytestAssertRewriteWarning",  # Hypothesis and the mutant are imported before pytest
)


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("package", help="such as iam: ecs_preflight/iam, tested by tests/iam")
    parser.add_argument("modules", nargs="*", help="only these modules of it, such as naming")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="processes at a time")
    parser.add_argument("--bodies", action="store_true", help="leave out module and class level, the slow part")
    options = parser.parse_args(arguments)
    os.chdir(_ROOT)
    sys.path.insert(0, str(_ROOT))
    files = sorted(Path("ecs_preflight", options.package).resolve().glob("*.py"))
    chosen = [file for file in files if not options.modules or file.stem in options.modules]
    every = (mutant for file in chosen for mutant in mutants_of(file, _module(file)))
    mutants = [mutant for mutant in every if mutant.function is not None or not options.bodies]
    tests, began = f"tests/{options.package}", time.monotonic()
    codes = _in_place(mutants, tests, options.workers)
    left = [number for number, code in enumerate(codes) if code == _OPEN]
    print(f"{len(mutants)} mutants, {len(left)} to be imported afresh after {_minutes(began)}", flush=True)
    broken = replace(mutants[0], source="raise ImportError")
    trials = [(0, _afresh(None, tests)), (1, _afresh(broken, tests))]
    if [code for _, code in in_forks(trials, 1, _SECOND_SECONDS)] != [_SURVIVED, _KILLED]:
        raise SystemExit("imported afresh, the tests fail without any mutant, or pass with one that breaks everything")
    jobs = ((number, _afresh(mutants[number], tests)) for number in left)
    for number, code in in_forks(jobs, options.workers, _SECOND_SECONDS):
        codes[number] = _told(mutants[number], code)
    _report(mutants, codes)
    print(f"\n{_minutes(began)} in all")


def _module(file: Path) -> str:
    return ".".join(file.relative_to(_ROOT).with_suffix("").parts).removesuffix(".__init__")


def _minutes(began: float) -> str:
    return f"{(time.monotonic() - began) / 60:.1f} minutes"


def _told(mutant: Mutant, code: int) -> int:
    if code == _SURVIVED:
        print(mutant, flush=True)
    return code


def _report(mutants: Sequence[Mutant], codes: Sequence[int]) -> None:
    counts = Counter(
        (name, _outcome(code)) for mutant, code in zip(mutants, codes, strict=True) for name in (mutant.file.name, "in all")
    )
    print("\n| module | mutants | killed | timed out | survived | rate |\n| --- | ---: | ---: | ---: | ---: | ---: |")
    for name in dict.fromkeys([*(mutant.file.name for mutant in mutants), "in all"]):
        killed, stopped, survived = (counts[name, outcome] for outcome in ("killed", "timed out", "survived"))
        total = killed + stopped + survived
        print(f"| {name} | {total} | {killed} | {stopped} | {survived} | {100 * (killed + stopped) / max(total, 1):.1f} % |")


def _outcome(code: int) -> str:
    if code in TIMED_OUT:
        return "timed out"
    return {_SURVIVED: "survived", _NO_PYTHON: "no Python"}.get(code, "killed")


def _in_place(mutants: Sequence[Mutant], tests: str, workers: int) -> list[int]:
    """The first round, in a child, so that this process imports nothing of the package."""
    reader, writer = os.pipe()
    if not os.fork():
        swaps = _Swaps(mutants, workers)
        pytest.main([*_PYTEST, tests], plugins=[swaps])
        with os.fdopen(writer, "w") as results:
            json.dump(swaps.codes, results)
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as results:
        codes: list[int] = json.load(results)
    os.wait()
    if len(codes) != len(mutants):
        raise SystemExit("the tests fail without any mutant")
    return codes


class _Swaps:
    """A pytest plugin: in place of one run of the tests, a clean run that is watched, and then one run a mutant."""

    def __init__(self, mutants: Sequence[Mutant], workers: int) -> None:
        self.codes: list[int] = []
        self._mutants = mutants
        self._workers = workers
        self._failed = False
        self._is_child = False
        self._called: set[CodeType] = set()
        self._imported: set[_Place] = set()
        self._callers: defaultdict[_Place, dict[pytest.Item, float]] = defaultdict(dict)

    def pytest_configure(self) -> None:
        sys.setprofile(self._note)

    def _note(self, frame: FrameType, event: str, _argument: object) -> None:
        if event == "call":
            self._called.add(frame.f_code)

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        sys.setprofile(None)
        self._imported = set(map(_place, self._called))
        for item in session.items:
            self._watch(item)
        if self._failed:
            return True
        self._is_child = True
        codes = dict.fromkeys(range(len(self._mutants)), _OPEN)
        for number, code in in_forks(self._jobs(), self._workers, _FIRST_SECONDS):
            codes[number] = _told(self._mutants[number], code)
        self.codes = list(codes.values())
        return True

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._failed = self._failed or report.failed
        if self._is_child and report.failed:
            os._exit(_KILLED)

    def _watch(self, item: pytest.Item) -> None:
        self._called.clear()
        began = time.perf_counter()
        _forget()
        sys.setprofile(self._note)
        try:
            _run(item)
        finally:
            sys.setprofile(None)
        for code in self._called:
            self._callers[_place(code)][item] = time.perf_counter() - began

    def _jobs(self) -> Iterator[tuple[int, Callable[[], int]]]:
        functions: defaultdict[_Place, list[FunctionType]] = defaultdict(list)
        for function in gc.get_objects():
            if isinstance(function, FunctionType):
                functions[_place(function.__code__)].append(function)
        gc.freeze()
        for number, mutant in enumerate(self._mutants):
            if mutant.function is None:
                continue
            place = _place(_body(_compiled(mutant.file), mutant))
            items = sorted(self._callers[place], key=self._callers[place].__getitem__)
            survived = _OPEN if place in self._imported or not functions[place] else _SURVIVED
            yield number, partial(_swap_and_run, mutant, functions[place], items, survived)


def _place(code: CodeType) -> _Place:
    return code.co_filename, code.co_name, code.co_firstlineno


def _run(item: pytest.Item) -> None:
    """A test that takes nothing but its parameters is called as it is, which is ten times faster than pytest's protocol."""
    parameters = item.callspec.params if hasattr(item, "callspec") else {}
    is_marked = any(mark.name != "parametrize" for mark in item.iter_markers())
    if isinstance(item, pytest.Function) and set(item.fixturenames) == set(parameters) and not is_marked:
        item.obj(**parameters)
    else:
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)


def _swap_and_run(mutant: Mutant, functions: Sequence[FunctionType], items: Sequence[pytest.Item], survived: int) -> int:
    try:
        code = _body(compile(mutant.source, str(mutant.file), "exec"), mutant)
    except SyntaxError:
        return _NO_PYTHON
    try:
        for function in functions:
            function.__code__ = code
    except ValueError:  # the mutant closes over other names: it needs a module of its own
        return _OPEN
    _forget()
    for item in items:
        _run(item)
    return survived


def _forget() -> None:
    """Empty every cache: what an earlier test was told by the code as it was says nothing of a mutant, nor who calls it."""
    for found in _caches():
        found.cache_clear()


@cache
def _caches() -> list[_lru_cache_wrapper[object]]:
    """Those of the package. Found once, before the tests' objects are frozen: what is frozen is not found again."""
    wrappers = (found for found in gc.get_objects() if isinstance(found, _lru_cache_wrapper))
    return [found for found in wrappers if (found.__module__ or "").startswith("ecs_preflight")]


@cache
def _compiled(file: Path) -> CodeType:
    return compile(file.read_text(encoding="utf-8"), str(file), "exec")


def _body(code: CodeType, mutant: Mutant) -> CodeType:
    """The code of the mutant's function in that of its module."""
    for name in str(mutant.function).split("."):
        code = next(inner for inner in code.co_consts if isinstance(inner, CodeType) and inner.co_name == name)
    return code


def _afresh(mutant: Mutant | None, tests: str) -> Callable[[], int]:
    """The second round: everything is imported, with the mutant in place of its module."""

    def run() -> int:
        if mutant is not None:
            try:
                compile(mutant.source, str(mutant.file), "exec")
            except SyntaxError:
                return _NO_PYTHON
            # Before pytest, whose assertion rewriting takes the modules of its plugins for its own, and passes other finders by.
            sys.meta_path.insert(0, _Finder(mutant))
            import_module(mutant.module)
        return _SURVIVED if pytest.main([*_PYTEST, tests], plugins=[_Runs()]) == pytest.ExitCode.OK else _KILLED

    return run


class _Runs:
    """A pytest plugin: one run that ends at the first failure."""

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        if session.testsfailed:
            os._exit(_KILLED)
        for item in session.items:
            _run(item)
        return True

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            os._exit(_KILLED)


class _Finder:
    """Finds the mutant in place of its module."""

    def __init__(self, mutant: Mutant) -> None:
        self._mutant = mutant

    def find_spec(self, name: str, _path: object = None, _target: object = None) -> ModuleSpec | None:
        if name != self._mutant.module:
            return None
        return spec_from_file_location(name, self._mutant.file, loader=_Loader(self._mutant))


class _Loader(SourceFileLoader):
    def __init__(self, mutant: Mutant) -> None:
        super().__init__(mutant.module, str(mutant.file))
        self._mutant = mutant

    def get_code(self, _fullname: str) -> CodeType:
        return compile(self._mutant.source, str(self._mutant.file), "exec")


if __name__ == "__main__":
    main(sys.argv[1:])
