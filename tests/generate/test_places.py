"""Places are written side by side: bounded, the same world as one after another, and each falls back alone."""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from tests.generate import storyteller, strong_answers
from tests.generate.server import HEAD, serving
from tests.generate.storyteller import PREMISE, Body, good, kind_of
from worldkit import Interrupted, Report, World, generate_with_report
from worldkit.core.progress import ignore
from worldkit.generation.direct import basis_reading, draft, example, places, plan_form, shape
from worldkit.generation.direct.places import waves
from worldkit.generation.direct.plan import MoveOutline, ids
from worldkit.generation.engines import openai_client
from worldkit.generation.pipeline import backend

WAIT_S = 20.0
"""Seconds after which a test gives up waiting for something that should come at once."""


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Try again at once, and give up soon."""
    monkeypatch.setattr(openai_client, "PAUSES_S", (0.0,))


def place_of(body: Body) -> str:
    """Return the id of the place that a request asks for; empty when it asks for something else."""
    question = next(turn["content"] for turn in reversed(body["messages"]) if turn["role"] == "user")
    return question.split(",")[0].removeprefix("Write ") if kind_of(body) == "place" else ""


def generate_from(script: Callable[[Body, int], Any], *, size: str = "", **options: Any) -> tuple[World, Report]:
    with serving(script) as server:
        model = f"{server.model}{size}"
        return generate_with_report(PREMISE, model, progress=options.pop("progress", ignore), **options)


class InFlight:
    """Counts the requests that are answered at the same time."""

    def __init__(self) -> None:
        self.count, self.most = 0, 0
        self.changed = threading.Condition()

    def __enter__(self) -> None:
        with self.changed:
            self.count += 1
            self.most = max(self.most, self.count)
            self.changed.notify_all()

    def __exit__(self, *_: object) -> None:
        with self.changed:
            self.count -= 1


def test_places_of_an_endpoint_are_asked_for_at_the_same_time_and_never_more_than_the_limit() -> None:
    in_flight = InFlight()

    def script(body: Body, number: int) -> str:
        if place_of(body) in ("", "p1"):  # the first place tells how fast the model is
            return good(body)
        with in_flight:
            with in_flight.changed:  # no answer before as many are asked for as may be
                assert in_flight.changed.wait_for(lambda: in_flight.most == backend.MAX_CONCURRENT_PLACES, WAIT_S)
            return good(body)

    _, report = generate_from(script, states=9, size="-1b")
    assert in_flight.most == backend.MAX_CONCURRENT_PLACES and report.fallbacks == ()


def test_the_world_is_the_same_whichever_answer_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    last_is_asked = threading.Event()

    def last_first(body: Body, number: int) -> str:
        if place_of(body) == "p2":
            assert last_is_asked.wait(WAIT_S)
        if place_of(body) == "p4":
            last_is_asked.set()
        return good(body)

    world, _ = generate_from(last_first, size="-1b")
    monkeypatch.setattr(backend, "MAX_CONCURRENT_PLACES", 1)
    assert generate_from(good, size="-1b")[0].to_json() == world.to_json()


def example_shape() -> Body:
    """Return a plan in the shape of the worked example: p4 is reached with a key of p1, and needs one of p3."""
    plan_ids = ids(6)
    question = plan_form.question(strong_answers.basis_of(6), plan_ids, example._plan().moves)
    form = {"json_schema": {"schema": plan_form.schema(plan_ids)}}
    return storyteller.plan({"messages": [{"content": question}], "response_format": form})


def test_a_place_is_written_after_those_it_has_to_agree_with_and_is_shown_what_they_say() -> None:
    both_are_asked = threading.Barrier(2, timeout=WAIT_S)
    questions: dict[str, str] = {}

    def script(body: Body, number: int) -> str:
        if kind_of(body) == "plan":
            return json.dumps(example_shape())
        questions[place_of(body)] = body["messages"][-1]["content"]
        if place_of(body) in ("p2", "p3"):
            both_are_asked.wait()
        answer = json.loads(good(body))
        if place_of(body) == "p3":
            answer["e1"]["say"] = "You read the letters H and Q on the shaft."
        return json.dumps(answer)

    _, report = generate_from(script)
    ids_in_order = [id for id in questions if id]
    assert not report.fallbacks and (ids_in_order[0], ids_in_order[3]) == ("p1", "p4")
    [line] = [line for line in questions["p4"].splitlines() if line.startswith("What was written of the night key")]
    assert "H and Q" in line and "What was written of the way here" in questions["p4"]
    assert "What was written" not in questions["p1"]


@pytest.mark.parametrize("states", [6, 14, 24])
def test_waves_hold_every_place_once_and_many_places_share_one(states: int) -> None:
    plan_ids = ids(states)
    basis, _ = basis_reading.read(None, PREMISE, len(plan_ids.inner))
    plan = draft.read(None, basis, plan_ids, is_weak=False).plan
    for seed in range(20):
        all_waves = waves(plan.with_moves(shape.draw_shape(plan_ids, random.Random(seed))))
        written_ids = [id for wave in all_waves for id in wave]
        assert sorted(written_ids) == sorted((*plan_ids.inner, *plan_ids.endings))
        assert all_waves[0] == ["p1"] and all_waves[-1] == [*plan_ids.endings]
        assert states == 6 or len(all_waves) <= len(plan_ids.inner)


def test_two_places_that_need_a_key_of_one_another_are_written_one_after_the_other() -> None:
    moves = [
        MoveOutline("go on", "p1", "p2"),
        MoveOutline("go down", "p1", "p3"),
        MoveOutline("open", "p2", needs=("k1",)),
        MoveOutline("take", "p3", takes="k1"),
        MoveOutline("ask", "p3", needs=("k2",)),
        MoveOutline("learn", "p2", takes="k2"),
        MoveOutline("leave", "p3", "p4", needs=("k1",)),
    ]
    plan = example._plan().with_moves(moves)
    assert waves(replace(plan, is_weak=False)) == [["p1"], ["p2"], ["p3"], ["p4"], ["w1", "l1"]]
    assert waves(plan) == [["p1"], ["p2", "p3", "p4"], ["w1", "l1"]]


def test_a_slow_model_is_asked_one_question_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "SLOW_ANSWER_S", 0.0)
    in_flight = InFlight()

    def script(body: Body, number: int) -> str:
        with in_flight:
            return good(body)

    generate_from(script)
    assert in_flight.most == 1


@pytest.mark.parametrize("at_once", [1, 4])
def test_a_place_whose_call_fails_is_told_plainly_and_the_others_are_the_models(
    at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backend, "MAX_CONCURRENT_PLACES", at_once)
    world, report = generate_from(lambda body, number: None if place_of(body) == "p2" else good(body))
    plain_states = {path.split(".")[1] for path in report.fallbacks if path.startswith("states")}
    assert plain_states == {"food_hall"}
    assert any(path.startswith("states.staff_gate") for path in report.by_model)
    assert any(note.startswith("a question was not answered") for note in report.notes)
    assert world.verify(PREMISE).passed


def test_a_model_that_is_gone_is_not_asked_for_every_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backend, "MAX_CONCURRENT_PLACES", 1)
    asked_places: set[str] = set()

    def script(body: Body, number: int) -> Any:
        asked_places.add(place_of(body))
        return None if place_of(body) else good(body)

    _, report = generate_from(script)
    assert len(asked_places - {""}) == 2
    assert any(note.startswith("the model stopped answering") for note in report.notes)


def test_an_interrupt_ends_all_questions_and_keeps_the_places_that_are_written() -> None:
    has_written = threading.Event()

    def script(body: Body, number: int) -> Any:
        if place_of(body) in ("", "p1"):
            return good(body)
        return unending()

    def unending() -> Iterator[bytes]:
        yield HEAD
        while True:  # until the client hangs up
            yield b'data: {"choices": [{"delta": {"content": " "}}]}\n\n'
            has_written.wait(0.02)

    def stop(done: int, total: int, what: str) -> None:
        if done >= 3:
            raise KeyboardInterrupt

    with pytest.raises(Interrupted) as interruption:
        generate_from(script, progress=stop)
    assert interruption.value.report is not None and interruption.value.world is not None
    assert any(path.startswith("states.kitchenware_hall") for path in interruption.value.report.by_model)
    assert interruption.value.world.verify(PREMISE).passed
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("worldkit-place")]


def test_what_two_places_say_in_the_same_words_is_asked_for_in_other_words() -> None:
    sentence = "The chefs and the lamps flicker in the long blue night."

    def script(body: Body, number: int) -> str:
        answer = json.loads(good(body))
        if place_of(body) in ("p1", "p2"):
            answer["ambient1"] = sentence
        return json.dumps(answer)

    world, report = generate_from(script)
    lines = [line for state in world.states.values() for line in state.ambient or ()]
    assert lines.count(sentence) == 1
    assert report.again == 1


def test_what_a_task_raises_reaches_the_caller_after_the_others_have_ended() -> None:
    ends: list[int] = []

    def failing(report: places.Report) -> None:
        raise ValueError("a defect")

    def working(report: places.Report) -> None:
        report(ends.append, 1)
        ends.append(2)

    with pytest.raises(ValueError, match="a defect"):
        places.run_tasks([failing, working, working], 2)
    assert sorted(ends) == [1, 1, 2, 2]


def test_an_interrupt_while_tasks_are_begun_ends_those_that_run() -> None:
    class InterruptedTasks(list[places.Task]):
        def __iter__(self) -> Iterator[places.Task]:
            yield self[0]
            raise KeyboardInterrupt

    ends: list[str] = []

    def working(report: places.Report) -> None:
        give_up = time.monotonic() + WAIT_S
        while time.monotonic() < give_up:
            report(ends.append, "reported")
            threading.Event().wait(0.01)
        ends.append("worked to its end")

    with pytest.raises(KeyboardInterrupt):
        places.run_tasks(InterruptedTasks([working, working]), 2)
    assert ends == []
