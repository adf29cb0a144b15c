"""How a run goes on, shown on a terminal and nowhere else."""

from __future__ import annotations

from typing import Any, TextIO

from ecs_preflight.facts import Question
from ecs_preflight.findings import CheckResult


class TerminalProgress:
    """One line that is rewritten; nothing at all where the stream is no terminal."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._shows = stream.isatty()
        self._answered = 0
        self._judged = 0

    def __enter__(self) -> TerminalProgress:
        return self

    def __exit__(self, *_: object) -> None:
        self._write("")

    def answered(self, question: Question[Any]) -> None:
        self._answered += 1
        self._write(f"asked AWS {self._answered}: {question.kind.name} {question.account} {question.region}".rstrip())

    def judged(self, result: CheckResult) -> None:
        self._judged += 1
        self._write(f"judged {self._judged}: {result.check} {result.target.id}")

    def _write(self, line: str) -> None:
        if self._shows:
            self._stream.write(f"\r\x1b[2K{line[:110]}")
            self._stream.flush()
