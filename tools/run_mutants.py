"""Runs the tests of a package against each of its mutants, and prints who survived: python tools/run_mutants.py iam [module ...]

The tests are those of tests/PACKAGE. Its laws under Hypothesis take part last, and only where they are asked for.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from forks import TIMED_OUT
from mutant_tests import Code
from mutants import Mutant, mutants_of
from mutants_afresh import codes_afresh
from mutants_in_place import codes_in_place

_ROOT = Path(__file__).resolve().parent.parent
_COLUMNS = ("killed", "by laws", "timed out", "survived")
_OUTCOMES: dict[int, str] = {Code.SURVIVED: "survived", Code.NO_PYTHON: "no Python", Code.BROKE_A_LAW: "by laws"}


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("package", help="such as iam: ecs_preflight/iam, tested by tests/iam")
    parser.add_argument("modules", nargs="*", help="only these modules of it, such as naming")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="processes at a time")
    parser.add_argument("--bodies", action="store_true", help="leave out module and class level, the slow part")
    parser.add_argument("--no-bodies", action="store_true", help="only module and class level")
    parser.add_argument("--laws", action="store_true", help="let who survives meet the laws under Hypothesis too")
    options = parser.parse_args(arguments)
    os.chdir(_ROOT)
    sys.path.insert(0, str(_ROOT))
    files = sorted(Path("ecs_preflight", options.package).resolve().glob("*.py"))
    chosen = [file for file in files if not options.modules or file.stem in options.modules]
    every = (mutant for file in chosen for mutant in mutants_of(file, _module(file)))
    left_out = {True: options.no_bodies, False: options.bodies}
    mutants = [mutant for mutant in every if not left_out[mutant.function is not None]]
    tests, began = f"tests/{options.package}", time.monotonic()
    codes = codes_in_place(mutants, tests, options.workers, laws=options.laws)
    left = [number for number, code in enumerate(codes) if code == Code.OPEN]
    print(f"{len(mutants)} mutants, {len(left)} to be imported afresh after {_minutes(began)}", flush=True)
    if left:
        for number, code in codes_afresh(mutants, left, tests, options.workers, laws=options.laws).items():
            codes[number] = code
    _report(mutants, codes)
    print(f"\n{_minutes(began)} in all")


def _module(file: Path) -> str:
    return ".".join(file.relative_to(_ROOT).with_suffix("").parts).removesuffix(".__init__")


def _minutes(began: float) -> str:
    return f"{(time.monotonic() - began) / 60:.1f} minutes"


def _report(mutants: Sequence[Mutant], codes: Sequence[int]) -> None:
    for mutant, code in zip(mutants, codes, strict=True):
        if code == Code.SURVIVED:
            print(mutant)
    counts = Counter(
        (name, _outcome(code)) for mutant, code in zip(mutants, codes, strict=True) for name in (mutant.file.name, "in all")
    )
    print(f"\n| module | mutants | {' | '.join(_COLUMNS)} | rate |\n| --- |{' ---: |' * (len(_COLUMNS) + 2)}")
    for name in dict.fromkeys([*(mutant.file.name for mutant in mutants), "in all"]):
        cells = [counts[name, column] for column in _COLUMNS]
        total = sum(cells)
        rate = 100 * (total - counts[name, "survived"]) / max(total, 1)
        print(f"| {name} | {total} | {' | '.join(map(str, cells))} | {rate:.1f} % |")


def _outcome(code: int) -> str:
    return "timed out" if code in TIMED_OUT else _OUTCOMES.get(code, "killed")


if __name__ == "__main__":
    main(sys.argv[1:])
