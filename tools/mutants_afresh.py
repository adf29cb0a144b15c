"""Mutants that no swap brings to life: everything is imported once more, with the mutant in place of its module.

Those of module and class level, and those in functions that are called while modules are imported. They meet all the tests.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from importlib import import_module
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from types import CodeType

import pytest
from forks import Job, in_forks
from mutant_tests import Code, parted, run_item, run_pytest
from mutants import Mutant

# Many times what all the tests, and all the laws, need with the imports before them.
_SECONDS, _SECONDS_OF_LAWS = 60, 400


def codes_afresh(mutants: Sequence[Mutant], numbers: Sequence[int], tests: str, workers: int, *, laws: bool) -> dict[int, int]:
    """A code for each of the mutants with these numbers."""
    _prove_that_it_works(mutants[0], tests)
    codes = dict(in_forks(_jobs(mutants, numbers, tests, laws=False), workers))
    if laws:
        survivors = [number for number in numbers if codes[number] == Code.SURVIVED]
        codes |= in_forks(_jobs(mutants, survivors, tests, laws=True), workers)
    return codes


def _prove_that_it_works(mutant: Mutant, tests: str) -> None:
    broken = replace(mutant, source="raise ImportError")
    trials = [Job(number, partial(_run, tried, tests, laws=False), _SECONDS) for number, tried in enumerate((None, broken))]
    if dict(in_forks(trials, 1)) != {0: Code.SURVIVED, 1: Code.KILLED}:
        raise SystemExit("imported afresh, the tests fail without any mutant, or pass with one that breaks everything")


def _jobs(mutants: Sequence[Mutant], numbers: Sequence[int], tests: str, *, laws: bool) -> Iterator[Job]:
    for number in numbers:
        yield Job(number, partial(_run, mutants[number], tests, laws=laws), _SECONDS_OF_LAWS if laws else _SECONDS)


def _run(mutant: Mutant | None, tests: str, *, laws: bool) -> int:
    if mutant is not None:
        try:
            compile(mutant.source, str(mutant.file), "exec")
        except SyntaxError:
            return Code.NO_PYTHON
        # Before pytest, whose assertion rewriting takes the modules of its plugins for its own, and passes other finders by.
        sys.meta_path.insert(0, _Finder(mutant))
        import_module(mutant.module)
    noticed = Code.BROKE_A_LAW if laws else Code.KILLED
    return Code.SURVIVED if run_pytest(tests, _Runs(noticed, laws=laws)) == pytest.ExitCode.OK else noticed


class _Runs:
    """A pytest plugin: one run, of the laws or of all else, that ends at the first failure."""

    def __init__(self, noticed: Code, *, laws: bool) -> None:
        self._noticed = noticed
        self._laws = laws

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        if session.testsfailed:
            os._exit(self._noticed)
        for item in parted(session.items)[self._laws]:
            run_item(item)
        return True

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            os._exit(self._noticed)


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
