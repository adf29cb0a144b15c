"""How a run goes on: one line on a terminal, nothing elsewhere."""

from __future__ import annotations

import io

from ecs_preflight import questions
from ecs_preflight.progress import TerminalProgress
from tests.plans import result

CLEAR = "\r\x1b[2K"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def show(stream: io.StringIO) -> str:
    with TerminalProgress(stream) as progress:
        progress.answered(questions.clusters("ecs", "us-east-1"))
        progress.answered(questions.caller_identity())
        progress.judged(result("TRUST001", "ecs"))
    return stream.getvalue()


def test_on_a_terminal_one_line_is_rewritten_and_wiped_at_the_end() -> None:
    assert show(Terminal()).split(CLEAR) == [
        "",
        "asked AWS 1: clusters ecs us-east-1",
        "asked AWS 2: caller-identity",
        "judged 1: TRUST001 ecs",
        "",
    ]


def test_elsewhere_nothing_is_written() -> None:
    assert show(io.StringIO()) == ""


def test_a_long_line_does_not_wrap() -> None:
    stream = Terminal()
    TerminalProgress(stream).judged(result("TRUST001", "a" * 300))
    assert len(stream.getvalue().removeprefix(CLEAR)) == 110


def test_the_line_is_wiped_after_an_error_too() -> None:
    stream = Terminal()
    try:
        with TerminalProgress(stream) as progress:
            progress.judged(result())
            raise KeyboardInterrupt
    except KeyboardInterrupt:
        pass
    assert stream.getvalue().endswith(CLEAR)
