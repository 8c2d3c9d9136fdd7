"""Progress: a line or a bar in a terminal, a line or the graph filling in in a notebook, now and then one in a log."""

from __future__ import annotations

import base64
import io
import re
import sys
from collections.abc import Mapping
from functools import partial
from typing import Any

import pytest

from tests.generate.test_write import Parrot
from tests.generate.worlds import LIGHTHOUSE
from worldkit import WrongArgument, generate, generate_many
from worldkit.core import progress
from worldkit.core.progress import Address, LogLines, NotebookProgress
from worldkit.generation import generate_one
from worldkit.generation.engines.base import Ask, Reply
from worldkit.generation.planning.planner import plan
from worldkit.generation.prose.assembly import document
from worldkit.generation.prose.fields import wanted
from worldkit.generation.prose.requests import texts_to_come
from worldkit.generation.prose.writer import Writer
from worldkit.widgets.generation_progress import PICTURE_SHARE, GenerationProgress


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class _Handle:
    def __init__(self, updates: list[dict[str, str]]) -> None:
        self._shown = updates

    def update(self, data: dict[str, str], **_: Any) -> None:
        self._shown.append(data)


class _Display:
    """A notebook that keeps all it was ever shown."""

    def __init__(self) -> None:
        self.shown: list[dict[str, str]] = []
        self.displays = 0

    def __call__(self, data: dict[str, str], **_: Any) -> _Handle:
        self.displays += 1
        self.shown.append(data)
        return _Handle(self.shown)


class _Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def _answers() -> Parrot:
    def say(ask: Ask, n: int) -> Reply:
        words = " ".join(f"zep{n}{letter}" for letter in "abcdefgh")
        return Reply(f"{ask.prefix} {words}.", True, -1.0, 5)

    return Parrot(say)


def test_a_log_gets_a_line_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    log, clock = io.StringIO(), _Clock()
    monkeypatch.setattr(sys, "stderr", log)
    assert isinstance(progress.default_progress(), LogLines)
    tell = LogLines(clock=clock)
    for step in range(100):
        clock.now += 1
        tell(step, 100, "worlds")
    tell(1, 1, "done")
    lines = [f"generate: worlds {step}/100" for step in (29, 59, 89)]
    assert log.getvalue().splitlines() == [*lines, "generate: done"]


def test_a_log_gets_no_line_of_what_is_quick(monkeypatch: pytest.MonkeyPatch) -> None:
    log = io.StringIO()
    monkeypatch.setattr(sys, "stderr", log)
    assert len(generate_many(["A diver finds a door."] * 3, "templates", seed=[1, 2, 3])) == 3
    assert not log.getvalue()


def test_a_terminal_gets_one_line_rewritten_in_place(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = _Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setattr(progress, "find_spec", lambda name: None)
    tell = progress.default_progress()
    tell(0, 1, "loading the model")
    tell(3, 40, "writing")
    tell(1, 1, "done")
    text = terminal.getvalue()
    assert text.count("\n") == 1
    assert text.endswith("generate: done\n")
    assert "generate: writing 3/40" in text


def test_a_terminal_with_rich_gets_a_bar_with_the_stage_and_the_field(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = _Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    tell = progress.default_progress("revise")
    assert isinstance(tell, progress.Watch)
    tell(0, 1, "loading the model")
    tell.wrote(("state", "[red]lane", "base"), "A lane.")
    tell(3, 40, "writing")
    tell(1, 1, "done")
    text = terminal.getvalue()
    assert text.count("\n") == 1
    assert text.endswith("revise: done\n")
    assert "revise: writing" in text
    assert "3/40" in text
    assert "[red]lane.base" in text
    assert "\x1b[?25l" not in text, "the cursor is never hidden, so an interrupt need not bring it back"


def test_a_notebook_gets_one_display_that_is_updated_a_few_times_a_second() -> None:
    display, clock = _Display(), _Clock()
    tell = NotebookProgress(display, clock=clock)
    for step in range(200):
        clock.now += 0.01
        tell(step, 200, "writing")
    tell(1, 1, "done")
    assert display.displays == 1
    assert len(display.shown) <= 2 / progress.UPDATE_SECONDS + 3
    assert display.shown[-1] == {"text/plain": "generate: done"}


def cards(svg: str) -> list[tuple[str, str]]:
    """Return the place and the state of each card of a picture."""
    return re.findall(r'<g transform="translate\(([^)]+)\)"><title>([a-z_]+)\n', svg)


def picture_of(watch: GenerationProgress) -> str:
    """Return the picture of the world so far."""
    return base64.b64decode(watch.state()["picture"].partition(",")[2]).decode()


def test_the_world_so_far_is_shown_and_fills_in_without_a_card_moving() -> None:
    clock = _Clock()
    world_plan = plan(LIGHTHOUSE, 1, 6)
    fields = wanted(world_plan, 1)
    questions = [item for item in fields if item.question]
    watch = GenerationProgress(None, lambda: None, clock)
    watch.planned(partial(document, world_plan), texts_to_come(fields))
    assert watch.state()["total"] == len(questions)
    first_picture = picture_of(watch)
    assert {state for _, state in cards(first_picture)} == {place.id for place in world_plan.places}
    for item in questions:
        watch.wrote(item.at, "A lamp.")
    clock.now += 3_600
    watch(1, 1, "done")
    assert picture_of(watch) != first_picture
    assert cards(picture_of(watch)) == cards(first_picture), "no card moves"


def test_pictures_take_a_small_share_of_the_time() -> None:
    clock = _Clock()
    world_plan = plan(LIGHTHOUSE, 1, 6)
    watch = GenerationProgress(None, lambda: None, clock)
    drawings: list[float] = []

    def slow_document(texts: Mapping[Address, str]) -> Any:
        drawings.append(clock.now)
        clock.now += 0.5
        return document(world_plan, texts)

    watch.planned(slow_document, texts_to_come(wanted(world_plan, 1)))
    for step in range(4000):
        clock.now += 0.01
        watch.wrote(("state", world_plan.places[0].id, "base"), f"A lamp, {step}.")
        watch(step, 4000, "writing")
    assert len(drawings) > 1
    assert len(drawings) * 0.5 <= PICTURE_SHARE * clock.now + 0.5


class _OtherWatch:
    """A progress whose methods take what those of a watch do not get."""

    def __call__(self, done: int, total: int, what: str) -> None: ...

    def planned(self, plan: Any, fields: Any) -> None:
        assert plan.places

    def wrote(self, at: Any, text: str) -> None: ...


class _NarrowWatch(_OtherWatch):
    def planned(self, plan: Any) -> None: ...  # type: ignore[override]


@pytest.mark.parametrize("watch", [_OtherWatch(), _NarrowWatch()])
def test_a_progress_that_expects_another_plan_is_told_what_it_gets(watch: Any) -> None:
    with pytest.raises(WrongArgument, match=r"progress: expected a method planned\(document, texts\)"):
        generate(LIGHTHOUSE, "templates", progress=watch)


def test_a_progress_that_only_counts_is_told_only_counts() -> None:
    calls: list[tuple[int, int, str]] = []
    generate_one(LIGHTHOUSE, 1, 6, Writer(_answers()), lambda *call: calls.append(call))
    assert calls[-1] == (1, 1, "done")
