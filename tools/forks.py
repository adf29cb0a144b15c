"""Many short runs of code that may do anything: each in a child process with bounds on its time and memory."""

from __future__ import annotations

import os
import resource
import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

_ADDRESS_SPACE = 4 * 2**30
FAILED = 1
TIMED_OUT = frozenset({-signal.SIGXCPU, -signal.SIGKILL})


@dataclass(frozen=True)
class Job:
    """Something to run, and the processor time that it may take."""

    number: int
    run: Callable[[], int]
    cpu_seconds: int


def in_forks(jobs: Iterable[Job], workers: int) -> Iterator[tuple[int, int]]:
    """The number of each job with what it returned, FAILED where it raised, or minus the signal that ended it."""
    running: dict[int, int] = {}
    for job in jobs:
        if len(running) == workers:
            yield _next_of(running)
        child = os.fork()
        if not child:
            _run_and_exit(job.run, job.cpu_seconds)
        running[child] = job.number
    while running:
        yield _next_of(running)


def _next_of(running: dict[int, int]) -> tuple[int, int]:
    child, status = os.wait()
    return running.pop(child), os.waitstatus_to_exitcode(status)


def _run_and_exit(job: Callable[[], int], cpu_seconds: int) -> None:
    code = FAILED
    try:
        nothing = os.open(os.devnull, os.O_RDWR)
        os.dup2(nothing, sys.__stdout__.fileno())
        os.dup2(nothing, sys.__stderr__.fileno())
        resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 2))
        resource.setrlimit(resource.RLIMIT_AS, (_ADDRESS_SPACE, _ADDRESS_SPACE))
        code = job()
    finally:
        os._exit(code)
