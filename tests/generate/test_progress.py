"""Progress is one line where somebody looks, and nothing elsewhere."""

from __future__ import annotations

import io
import sys
from typing import Any

import pytest

from worldkit.generate import progress


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_nothing_is_said_to_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    assert progress.line() is progress.nothing


def test_a_terminal_gets_one_line_rewritten_in_place(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = _Terminal()
    monkeypatch.setattr(sys, "stderr", shown)
    tell = progress.line()
    tell(0, 1, "loading the model")
    tell(3, 40, "writing")
    tell(1, 1, "done")
    text = shown.getvalue()
    assert text.count("\n") == 1
    assert text.endswith("generate: done\n")
    assert "generate: writing 3/40" in text


def test_a_notebook_gets_one_display_that_is_updated() -> None:
    made: list[dict[str, str]] = []

    class Handle:
        def update(self, data: dict[str, str], **_: Any) -> None:
            made[-1] = data

    def display(data: dict[str, str], **_: Any) -> Handle:
        made.append(data)
        return Handle()

    tell = progress._Notebook(display)
    for step in range(5):
        tell(step, 5, "writing")
    assert made == [{"text/plain": "generate: writing 4/5"}]
