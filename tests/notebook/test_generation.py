"""Generation in a view: begun, watched, stopped, gone on with, and taken as the editor's world."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, get_args
from unittest import mock

import comm
import pytest

import worldkit as wk
from tests.generate.test_resume import CHAPTER, _say
from tests.notebook.conftest import RecordingComm
from worldkit import World
from worldkit.core.progress import ignore
from worldkit.generation.direct.plan_form import FEATURES
from worldkit.generation.engines.base import Ask, OnReply, Reply
from worldkit.generation.pipeline import backend
from worldkit.widgets import generation_progress, parsing, protocol
from worldkit.widgets.generation_job import GenerationJob, run_of
from worldkit.widgets.generator import Generator
from worldkit.widgets.protocol.generation import Feature

PREMISE = "A lighthouse keeper must relight the lamp before the storm strikes the ships"


class Gate:
    """A model that waits after so many answers until it is let on; ``asked`` counts them."""

    name = "gate"
    capable = is_weak = holds_lengths = False

    def __init__(self, waits_at: int) -> None:
        self.waits_at, self.asked = waits_at, 0
        self.reached, self.open = threading.Event(), threading.Event()

    def answer(self, asks: Sequence[Ask], on_reply: OnReply = lambda *_: None) -> list[Reply]:
        replies: dict[int, Reply] = {}
        for number, ask in enumerate(asks):
            if self.asked == self.waits_at:
                self.reached.set()
                assert self.open.wait(60)
            self.asked += 1
            replies[number] = _say(ask, number)
            on_reply(number, replies[number])
        return [replies[number] for number in range(len(asks))]


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    """Have the model named "tiny" wait after 20 answers."""
    model = Gate(20)
    monkeypatch.setattr(backend.local_runner, "load", lambda name: model)
    monkeypatch.setattr(generation_progress, "MESSAGE_INTERVAL_SECONDS", 0.0)
    yield model
    model.open.set()


def show(make: Callable[[], Any]) -> tuple[Any, RecordingComm]:
    links: list[RecordingComm] = []

    def create(*args: Any, **kwargs: Any) -> RecordingComm:
        links.append(RecordingComm(*args, **kwargs))
        return links[-1]

    with mock.patch.object(comm, "create_comm", create):
        widget = make()
    return widget, links[-1]


def ask(link: RecordingComm, type: str, **body: Any) -> dict[str, Any]:
    link.take()
    link.receive({"type": type, "id": "1", "view": "v", **body})
    return next(message for message in link.take() if message.get("id") == "1")


def order(link: RecordingComm, text: str = PREMISE, **body: Any) -> dict[str, Any]:
    return ask(link, "generate", **{"source": "premise", "text": text, "model": "tiny", "seed": 3} | body)


def until(condition: Callable[[], object]) -> None:
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end, "waited a minute"
        time.sleep(0.01)


def test_a_world_from_a_premise_becomes_the_editors_world_and_undo_leads_back() -> None:
    editor, link = show(wk.edit)
    assert order(link, model="templates")["type"] == "accepted"
    until(lambda: editor.world.states and editor.generation["status"] == "done")
    assert editor.world == wk.generate(PREMISE, "templates", 3)
    assert "of the premise" in editor.generation["report"] and not editor.generation["usable"]
    assert ask(link, "generation", choice="discard")["type"] == "accepted" and editor.generation is None
    assert editor.undo().world.states == {}


def test_a_view_is_told_how_far_it_is_what_was_written_and_how_the_map_looks(gate: Gate) -> None:
    editor, link = show(wk.edit)
    order(link)
    assert gate.reached.wait(60)
    until(lambda: editor.generation["done"] > 0)
    state = editor.generation
    assert state["status"] == "running" and 0 < state["done"] < state["total"]
    assert "_" not in state["place"] and state["picture"].startswith("data:image/svg+xml;base64,")
    gate.open.set()
    until(lambda: editor.generation["status"] == "done")
    assert editor.generation["picture"] == editor.generation["text"] == ""


def test_a_stop_is_there_at_once_while_the_model_is_still_busy(gate: Gate) -> None:
    editor, link = show(wk.edit)
    order(link)
    assert gate.reached.wait(60)
    assert ask(link, "generation", choice="stop")["type"] == "accepted"
    assert editor.generation["status"] == "stopped" and editor.generation["usable"]
    assert not gate.open.is_set(), "the model has not answered yet"


def test_what_was_stopped_goes_on_to_the_world_it_would_have_been_and_asks_nothing_twice(gate: Gate) -> None:
    editor, link = show(wk.edit)
    order(link)
    assert gate.reached.wait(60)
    ask(link, "generation", choice="stop")
    ask(link, "generation", choice="continue")
    gate.open.set()
    until(lambda: editor.world.states)
    asked_before = gate.asked
    expected = wk.generate(PREMISE, "tiny", 3, progress=ignore)
    assert editor.world == expected
    assert asked_before == gate.asked - asked_before, "as many questions as without a stop"


def test_what_there_is_can_be_edited_instead(gate: Gate) -> None:
    editor, link = show(wk.edit)
    order(link)
    assert gate.reached.wait(60)
    ask(link, "generation", choice="stop")
    gate.open.set()
    assert ask(link, "generation", choice="use")["type"] == "accepted"
    assert editor.generation is None and editor.world.verify(PREMISE).passed
    assert "amber" in str(editor.world.to_dict()), "what was written is in it"


def test_a_generation_that_was_discarded_leaves_the_first_screen(gate: Gate) -> None:
    editor, link = show(wk.edit)
    order(link)
    assert gate.reached.wait(60)
    ask(link, "generation", choice="stop")
    ask(link, "generation", choice="discard")
    assert editor.generation is None and editor.start is not None and not editor.world.states
    gate.open.set()
    assert ask(link, "generation", choice="use")["code"] == "op"


def test_a_chapter_becomes_a_world_and_a_long_one_several_to_pick_from() -> None:
    editor, link = show(wk.edit)
    order(link, CHAPTER, source="chapter", model="templates")
    until(lambda: editor.world.states)
    assert editor.world == wk.from_text(CHAPTER, "templates", 3).world
    other, link = show(wk.edit)
    long = "\n\n".join(CHAPTER.replace("brass lantern", f"{word} lantern") for word in ["red", "blue", "green"]) * 3
    order(link, long, source="chapter", model="templates")
    until(lambda: other.generation["status"] == "done")
    assert len(other.generation["worlds"]) > 1 and not other.world.states
    assert ask(link, "generation", choice="use", world=99)["code"] == "op"
    ask(link, "generation", choice="use", world=1)
    assert [other.world] == [wk.from_text(long, "templates", 3).worlds["act_2"]]


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"model": "gpt-17"}, "is not known"),
        ({"model": "chat:ftp://example.org#m"}, "http or https"),
        ({"source": "chapter", "text": "Too short."}, "at least 400"),
        ({"states": 4}, "at least 5"),
        ({"states": 6.5}, "a whole number"),
        ({"seed": -1}, "at least 0"),
        ({"source": "dream"}, "'premise' or 'chapter'"),
        ({"text": "x" * 300_000}, "at most"),
    ],
)
def test_an_order_that_cannot_be_carried_out_says_why_and_begins_nothing(body: dict[str, Any], says: str) -> None:
    editor, link = show(wk.edit)
    reply = order(link, **body)
    assert reply["type"] == "rejected" and says in reply["message"]
    assert editor.generation is None


def test_a_failure_is_said_and_can_be_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def load(name: str) -> Any:
        raise wk.WorldError("the weights are damaged; install them again")

    monkeypatch.setattr(backend.local_runner, "load", load)
    editor, link = show(wk.edit)
    order(link)
    until(lambda: editor.generation["status"] == "failed")
    assert editor.generation["trouble"] == "the weights are damaged; install them again"
    ask(link, "generation", choice="continue")
    until(lambda: editor.generation["status"] == "failed")
    ask(link, "generation", choice="discard")
    assert editor.generation is None


def test_a_read_only_editor_and_a_second_order_are_refused(gate: Gate) -> None:
    editor, link = show(wk.edit)
    order(link)
    assert gate.reached.wait(60)
    assert "under way" in order(link, seed=4)["message"]
    editor.read_only = True
    assert ask(link, "generation", choice="stop")["code"] == "read_only"


def test_a_world_that_the_store_refuses_is_offered_still(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise wk.OpError(0, "add_state", "the store is full")

    stored = wk.Store(tmp_path / "worlds.db").create(World.new("Empty"))
    editor, link = show(lambda: wk.edit(stored))
    with monkeypatch.context() as patch:
        patch.setattr(wk.Store, "apply", refuse)
        order(link, model="templates")
        until(lambda: editor.generation["status"] == "done")
        assert "the store is full" in ask(link, "generation", choice="use")["message"]
    assert editor.world == stored.world and editor.generation["usable"]
    assert ask(link, "generation", choice="use")["type"] == "accepted"
    assert editor.world.states == stored.reload().world.states and editor.generation is None


def test_a_generation_is_under_way_until_its_world_is_taken() -> None:
    """Another that began meanwhile would lose its state to the end of the first."""
    refusals: list[str] = []

    def take(_: object) -> bool:
        for call in (order_another, lambda: job.decide("use"), lambda: job.decide("discard")):
            try:
                call()
            except wk.WorldError as refusal:
                refusals.append(str(refusal))
        job.stop()
        return True

    def order_another() -> None:
        assert isinstance(request, protocol.Generate)
        job.carry_out(request)

    job = GenerationJob(lambda: None, take)
    body = {"type": "generate", "id": "1", "view": "v", "source": "premise", "text": PREMISE, "model": "templates"}
    request = parsing.read_editor(body)
    order_another()
    until(lambda: not job.is_running)
    assert len(refusals) == 3 and "under way" in refusals[0]
    assert job.state is not None and job.state["status"] == "done" and not job.state["usable"]


def test_a_generation_that_is_done_is_not_gone_on_with() -> None:
    editor, link = show(wk.edit)
    order(link, model="templates")
    until(lambda: editor.world.states and editor.generation["status"] == "done")
    assert "is done" in ask(link, "generation", choice="continue")["message"]
    assert editor.generation["status"] == "done"


def test_the_form_of_a_cell_hands_the_world_over() -> None:
    worlds: list[World] = []
    _, link = show(lambda: Generator(worlds.append))
    order(link, model="templates")
    until(lambda: ask(link, "generation", choice="use")["type"] == "accepted")
    assert worlds == [wk.generate(PREMISE, "templates", 3)]
    assert ask(link, "fly")["code"] == "invalid"


def test_closing_a_widget_stops_its_generation(gate: Gate) -> None:
    editor, link = show(wk.edit)
    order(link)
    assert gate.reached.wait(60)
    editor.close()
    gate.open.set()
    until(lambda: not any(thread.name == "worldkit-generation" for thread in threading.enumerate()))
    assert gate.asked < 30 and not editor.world.states


def test_a_view_orders_the_features_that_generation_knows() -> None:
    assert get_args(Feature) == FEATURES
    message = {"type": "generate", "id": 1, "view": "v", "source": "premise", "text": "A diver.", "model": "templates"}
    request = parsing.read_editor({**message, "features": ["missions", "timers"]})
    assert isinstance(request, protocol.Generate)
    assert run_of(request).commission.model.features == {"missions", "timers"}
    with pytest.raises(parsing.Malformed):
        parsing.read_editor({**message, "features": ["dragons"]})
