"""Mutants in the bodies of functions: one process collects the tests, and each mutant is swapped in in a fork of it.

The tests are run once without a mutant, watched, and then those that call the function, fastest first, once a mutant.
"""

from __future__ import annotations

import gc
import json
import math
import os
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import _lru_cache_wrapper, cache, partial
from pathlib import Path
from types import CodeType, FrameType, FunctionType

import pytest
from forks import Job, in_forks
from mutant_tests import Code, parted, run_item, run_pytest
from mutants import Mutant

# An endless loop is a mutant that was noticed. Whoever survives must get through all its tests: they may take twice what they
# took while they were watched, which slows them down by itself, and no more than all the tests need. Laws need longer.
_LEAST_SECONDS, _TIMES = 5, 2
_MOST_SECONDS, _MOST_SECONDS_OF_LAWS = 40, 240
_Place = tuple[str, str, int]


def codes_in_place(mutants: Sequence[Mutant], tests: str, workers: int, *, laws: bool) -> list[int]:
    """A code for each mutant; OPEN for those that must be imported afresh. In a child, so that this process imports nothing."""
    reader, writer = os.pipe()
    if not os.fork():
        swaps = _Swaps(mutants, workers, laws=laws)
        run_pytest(tests, swaps)
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

    def __init__(self, mutants: Sequence[Mutant], workers: int, *, laws: bool) -> None:
        self.codes: list[int] = []
        self._mutants = mutants
        self._workers = workers
        self._laws = laws
        self._failed = False
        self._failing_code: Code | None = None
        self._called: set[CodeType] = set()
        self._imported: set[_Place] = set()
        self._callers: defaultdict[_Place, dict[pytest.Item, float]] = defaultdict(dict)
        self._functions: defaultdict[_Place, list[FunctionType]] = defaultdict(list)

    def pytest_configure(self) -> None:
        sys.setprofile(self._note)

    def _note(self, frame: FrameType, event: str, _argument: object) -> None:
        if event == "call":
            self._called.add(frame.f_code)

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        sys.setprofile(None)
        self._imported = set(map(_place, self._called))
        tests, laws = parted(session.items)
        for item in [*tests, *(laws if self._laws else ())]:
            self._watch(item)
        if self._failed:
            return True
        for function in gc.get_objects():
            if isinstance(function, FunctionType):
                self._functions[_place(function.__code__)].append(function)
        gc.freeze()
        codes: dict[int, int] = dict.fromkeys(range(len(self._mutants)), Code.OPEN)
        self._failing_code = Code.KILLED
        swapped = [number for number, mutant in enumerate(self._mutants) if mutant.function is not None]
        codes |= in_forks(self._jobs(swapped, set(tests), _MOST_SECONDS), self._workers)
        if self._laws:
            self._failing_code = Code.BROKE_A_LAW
            survivors = [number for number in swapped if codes[number] == Code.SURVIVED]
            codes |= in_forks(self._jobs(survivors, set(laws), _MOST_SECONDS_OF_LAWS), self._workers)
        self.codes = list(codes.values())
        return True

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._failed = self._failed or report.failed
        if self._failing_code is not None and report.failed:
            os._exit(self._failing_code)

    def _watch(self, item: pytest.Item) -> None:
        self._called.clear()
        began = time.perf_counter()
        _forget()
        sys.setprofile(self._note)
        try:
            run_item(item)
        finally:
            sys.setprofile(None)
        for code in self._called:
            self._callers[_place(code)][item] = time.perf_counter() - began

    def _jobs(self, numbers: Iterable[int], among: set[pytest.Item], most_seconds: int) -> Iterator[Job]:
        for number in numbers:
            mutant = self._mutants[number]
            place = _place(_body(_compiled(mutant.file), mutant))
            callers, functions = self._callers[place], self._functions[place]
            items = sorted(among & callers.keys(), key=callers.__getitem__)
            survived = Code.OPEN if place in self._imported or not functions else Code.SURVIVED
            watched = sum(callers[item] for item in items)
            seconds = min(_LEAST_SECONDS + math.ceil(_TIMES * watched), most_seconds)
            yield Job(number, partial(_swap_and_run, mutant, functions, items, survived), seconds)


def _place(code: CodeType) -> _Place:
    return code.co_filename, code.co_name, code.co_firstlineno


def _swap_and_run(mutant: Mutant, functions: Sequence[FunctionType], items: Sequence[pytest.Item], survived: Code) -> int:
    try:
        code = _body(compile(mutant.source, str(mutant.file), "exec"), mutant)
    except SyntaxError:
        return Code.NO_PYTHON
    try:
        for function in functions:
            function.__code__ = code
    except ValueError:  # the mutant closes over other names: it needs a module of its own
        return Code.OPEN
    _forget()
    for item in items:
        run_item(item)
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
