"""The bar of ``paint`` in a notebook: shown once, updated seldom, and one line when it is over."""

from __future__ import annotations

from typing import Any

from tests.notebook.conftest import RecordingComm
from worldkit.widgets.display import TEXT, WIDGET
from worldkit.widgets.painting_progress import PaintingProgress


class Output:
    """What a cell shows, as IPython's ``display`` is told."""

    def __init__(self) -> None:
        self.shown: list[dict[str, Any]] = []

    def __call__(self, data: dict[str, Any], **_: Any) -> Output:
        self.update(data)
        return self

    def update(self, data: dict[str, Any], **_: Any) -> None:
        self.shown.append(data)


def test_the_bar_follows_the_pictures_and_leaves_one_line(comms: list[RecordingComm]) -> None:
    output = Output()
    progress = PaintingProgress(output, "paint", clock=lambda: 0.0)
    progress(0, 3, "lane")
    assert set(output.shown[0]) == {TEXT, WIDGET} and output.shown[0][TEXT] == "paint: lane 0/3"
    bar = progress._bar
    progress(0, 3, "lane, step 2 of 20")  # too soon after the last one
    assert progress._text.value == "paint: lane 0/3"
    progress(1, 3, "bench")
    assert (bar.value, bar.max, progress._text.value) == (1, 3, "paint: bench 1/3")
    progress(3, 3, "done")
    assert output.shown[1:] == [{TEXT: "paint: done 3/3"}]


def test_a_run_that_ends_early_says_how_far_it_came(comms: list[RecordingComm]) -> None:
    output = Output()
    progress = PaintingProgress(output, "paint")
    progress(2, 9, "attic")
    progress.failed()
    assert output.shown[-1] == {TEXT: "paint: stopped at 2 of 9"}
    progress = PaintingProgress(output, "paint")
    progress(0, 9, "attic")
    progress.failed()
    assert output.shown[-1] == {TEXT: "paint: stopped before anything was done"}


def test_a_call_with_nothing_to_paint_shows_nothing(comms: list[RecordingComm]) -> None:
    output = Output()
    PaintingProgress(output, "paint")(1, 1, "done")
    assert output.shown == []


def test_the_id_of_a_state_cannot_steer_a_terminal(comms: list[RecordingComm]) -> None:
    output = Output()
    PaintingProgress(output, "paint")(0, 2, "\x1b[2J")
    assert "\x1b" not in output.shown[0][TEXT]
