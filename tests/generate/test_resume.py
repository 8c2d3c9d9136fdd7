"""A generation that was stopped goes on where it was, and comes out as it would have without the stop."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import worldkit as wk
from tests.generate.server import fit, serving
from tests.generate.test_write import Parrot
from tests.generate.worlds import LIGHTHOUSE
from worldkit import Interrupted, World, WorldError, generate_with_report
from worldkit.core.progress import ignore
from worldkit.generation.engines.base import Ask, OnReply, Reply, seed_of
from worldkit.generation.engines.chat_engine import ChatEngine
from worldkit.generation.engines.memory import Memory, RememberingEngine
from worldkit.generation.pipeline import backend
from worldkit.generation.pipeline.run import UNFINISHED_RUNS, Commission, PremiseRun, Unfinished
from worldkit.generation.story.retelling import ChapterRun
from worldkit.model_access.endpoint import endpoint

CHAPTER = (
    "Mara walked down to the harbour at dusk. She carried a brass lantern and a coil of rope. " * 4
    + "She found the boathouse door unlocked. Inside, the old boat lay under a grey sail. " * 4
)

WORDS = ("cold", "pale", "bright", "brass", "wide", "old", "worn", "green", "tall", "narrow", "iron")


def _say(ask: Ask, number: int) -> Reply:
    """Answer by the question alone, as a real engine does; one in five answers is not fit."""
    random_number = seed_of(ask.seed, ask.question)
    if random_number % 5 == 0:
        return Reply("nothing, not a thing", True, -1.0, 3)
    words = ["amber", *(WORDS[random_number // 7**at % len(WORDS)] for at in range(6)), "glass"]
    return Reply(f"{ask.prefix} {' '.join(words)}.", True, -1.0, 5)


class Stopping(Parrot):
    """An engine that is interrupted after so many answers in all, until it is told to go on."""

    def __init__(self, after: int) -> None:
        super().__init__(_say)
        self.after = after

    def answer(self, asks: Sequence[Ask], on_reply: OnReply = lambda *_: None) -> list[Reply]:
        replies: dict[int, Reply] = {}
        for number, ask in enumerate(asks):
            if len(self.asked) == self.after:
                raise KeyboardInterrupt
            self.asked.append(ask)
            replies[number] = _say(ask, number)
            on_reply(number, replies[number])
        return [replies[number] for number in range(len(asks))]


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], Stopping]:
    """Have a model named "tiny" be an engine that stops."""

    def use(after: int) -> Stopping:
        stopping = Stopping(after)
        monkeypatch.setattr(backend.local_runner, "load", lambda name: stopping)
        return stopping

    return use


def _generate() -> World:
    return generate_with_report(LIGHTHOUSE, "tiny", 3, progress=ignore)[0]


@pytest.mark.parametrize("after", [0, 1, 17, 60, 150])
def test_a_generation_that_was_interrupted_goes_on_and_gives_the_same_world(
    engine: Callable[[int], Stopping], after: int
) -> None:
    whole = engine(-1)
    expected = _generate()
    stopping = engine(after)
    with pytest.raises(Interrupted) as error:
        _generate()
    assert error.value.world is not None and error.value.world.verify(LIGHTHOUSE).passed
    stopping.after = -1
    assert _generate() == expected
    assert len(stopping.asked) == len(whole.asked), "nothing was asked for twice"


def test_a_generation_that_was_finished_begins_anew(engine: Callable[[int], Stopping]) -> None:
    stopping = engine(5)
    with pytest.raises(Interrupted):
        _generate()
    stopping.after = -1
    _generate()
    before = len(stopping.asked)
    _generate()
    assert len(stopping.asked) == 2 * before


def test_what_there_is_so_far_needs_no_model_and_holds_what_was_written(engine: Callable[[int], Stopping]) -> None:
    stopping = engine(30)
    run = PremiseRun(Commission("premise", LIGHTHOUSE, backend.named("tiny"), 3))
    with pytest.raises(Interrupted) as error:
        run.finish(ignore)
    asked_before = len(stopping.asked)
    so_far = run.so_far()
    assert so_far.world == error.value.world
    assert "amber" in str(so_far.world.to_dict())
    assert so_far.report.written > 0 and so_far.report.fallbacks
    assert len(stopping.asked) == asked_before


def test_what_there_is_before_a_model_was_opened_is_from_the_templates() -> None:
    run = PremiseRun(Commission("premise", LIGHTHOUSE, backend.named("tiny"), 3))
    assert run.so_far().world == wk.generate(LIGHTHOUSE, "templates", 3)


def test_what_there_is_before_a_model_was_opened_does_not_call_it_small() -> None:
    model = backend.named("chat:http://localhost:9/v1#m", features=["missions"])
    assert PremiseRun(Commission("premise", LIGHTHOUSE, model, 3)).so_far().report.notes == ()


@pytest.mark.parametrize("after", [0, 4, 25])
def test_a_chapter_that_was_interrupted_goes_on_and_gives_the_same_world(
    engine: Callable[[int], Stopping], after: int
) -> None:
    engine(-1)
    expected = wk.from_text(CHAPTER, "tiny", progress=ignore).world
    stopping = engine(after)
    with pytest.raises(Interrupted) as error:
        wk.from_text(CHAPTER, "tiny", progress=ignore)
    assert error.value.world is not None and error.value.world.verify().passed
    stopping.after = -1
    assert wk.from_text(CHAPTER, "tiny", progress=ignore).world == expected


def test_a_chapter_stopped_before_its_beats_were_told_is_parted_by_code() -> None:
    model = backend.named_for_text("chat:http://localhost:9/v1#m")
    so_far = ChapterRun(Commission("chapter", CHAPTER, model, 1)).so_far()
    assert so_far.world == wk.from_text(CHAPTER, "templates").world


def test_a_chat_that_was_interrupted_is_not_asked_the_same_again() -> None:
    def stop(done: int, total: int, what: str) -> None:
        if what == "writing" and done >= 10:
            raise KeyboardInterrupt

    with serving(fit) as server:
        model = backend.named(server.model, planner="seed")
        run = PremiseRun(Commission("premise", LIGHTHOUSE, model, 1))
        with pytest.raises(Interrupted):
            run.finish(stop)
        keys_of_replies = set(run.memory.replies)
        assert len(keys_of_replies) >= 10
        run.finish(ignore)
        questions = [body["seed"] for body in server.requests]
        seeds = {seed % 2**31 for seed, *_ in keys_of_replies}
        assert all(questions.count(seed) == 1 for seed in seeds)


def test_texts_of_a_second_round_are_in_what_there_is_so_far_whatever_the_model_is_called(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    questions: set[str] = set()

    def script(body: dict[str, Any], number: int) -> str:
        question = body["messages"][-1]["content"]
        is_first = question not in questions
        questions.add(question)
        return "There is nothing." if is_first else fit(body, number)

    with serving(script) as server:
        # as a GGUF file is run: by an engine of this process that is asked as an endpoint is
        monkeypatch.setattr(backend.local_runner, "load", lambda name: ChatEngine(endpoint(f"{server.url}#m")))
        run = PremiseRun(Commission("premise", LIGHTHOUSE, backend.named("tiny", planner="seed"), 1))
        whole = run.finish(ignore)
    assert whole.report.written > 0 and whole.report.again > 0
    so_far = run.so_far()
    assert so_far.world == whole.world and so_far.report.by_model == whole.report.by_model


def _stop(done: int, total: int, what: str) -> None:
    raise KeyboardInterrupt


def test_an_interrupted_generation_is_remembered_when_going_on_fails(engine: Callable[[int], Stopping]) -> None:
    engine(40)
    with pytest.raises(Interrupted):
        _generate()
    failing = engine(0)

    def fail(asks: Sequence[Ask], on_reply: OnReply = lambda *_: None) -> list[Reply]:
        raise WorldError("the endpoint is away")

    failing.answer = fail  # type: ignore[method-assign]
    with pytest.raises(WorldError, match="away"):
        _generate()
    whole = engine(10_000)
    _generate()
    resumed_count = len(whole.asked)
    whole.asked.clear()
    _generate()
    assert len(whole.asked) == resumed_count + 40


def test_an_interrupted_generation_is_remembered_when_it_ends_by_the_templates(
    engine: Callable[[int], Stopping],
) -> None:
    whole = engine(-1)
    expected = _generate()
    engine(40)
    with pytest.raises(Interrupted):
        _generate()
    away = engine(0)

    def give_up(asks: Sequence[Ask], on_reply: OnReply = lambda *_: None) -> list[Reply]:
        for number in range(len(asks)):
            on_reply(number, Reply("", False, 0.0, 0, "the endpoint is away"))
        return []

    away.answer = give_up  # type: ignore[method-assign]
    assert _generate() != expected
    back = engine(-1)
    assert _generate() == expected
    assert len(back.asked) == len(whole.asked) - 40


@pytest.mark.parametrize(
    "step", ["worldkit.generation.pipeline.generate_one.plan", "worldkit.generation.pipeline.generate_one.finished"]
)
def test_an_interrupt_at_any_step_holds_the_world(step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = generate_with_report(LIGHTHOUSE, "templates", progress=ignore)[0]
    module, _, name = step.rpartition(".")
    call = getattr(importlib.import_module(module), name)
    calls = 0

    def interrupt_first(*arguments: object) -> object:
        nonlocal calls
        calls += 1
        if calls == 1:
            raise KeyboardInterrupt
        return call(*arguments)

    monkeypatch.setattr(step, interrupt_first)
    with pytest.raises(Interrupted) as error:
        generate_with_report(LIGHTHOUSE, "templates", progress=ignore)
    assert error.value.world == whole


def test_an_interrupt_at_the_last_call_of_progress_holds_the_world() -> None:
    def progress(done: int, total: int, what: str) -> None:
        if what == "done":
            raise KeyboardInterrupt

    with pytest.raises(Interrupted) as error:
        generate_with_report(LIGHTHOUSE, "templates", progress=progress)
    assert error.value.world == generate_with_report(LIGHTHOUSE, "templates", progress=ignore)[0]


def test_what_goes_on_after_an_interrupt_uses_the_key_of_the_call() -> None:
    with serving(fit) as server:
        for key, progress in (("sk-OLD-0123", _stop), ("sk-NEW-0123", ignore)):
            with suppress(Interrupted):
                wk.generate(LIGHTHOUSE, server.model, 7, key=key, planner="seed", progress=progress)
        assert server.keys[-1] == "Bearer sk-NEW-0123"
        request_count = len(server.keys)
        for key, progress in (("sk-OLD-0123", _stop), ("sk-NEW-0123", ignore)):
            with suppress(Interrupted, WorldError):
                wk.from_text(CHAPTER, server.model, 7, key=key, progress=progress)
    assert server.keys[-1] == "Bearer sk-NEW-0123" and len(server.keys) > request_count


def test_an_interrupted_generation_holds_no_key_in_any_form() -> None:
    model = backend.named("chat:http://localhost:9/v1#m", key="sk-very-secret")
    run = PremiseRun(Commission("premise", LIGHTHOUSE, model, 1))
    assert "very-secret" not in repr(run)
    assert "very-secret" not in repr(Interrupted(*_pair(run)))


def _pair(run: PremiseRun) -> tuple[World, object]:
    outcome = run.so_far()
    return outcome.world, outcome.report


@settings(deadline=None, max_examples=60)
@given(st.lists(st.integers(0, 8)), st.integers(0, 9), st.integers(0, 9))
def test_remembered_answers_are_those_of_the_engine_however_often_it_is_stopped(
    seeds: list[int], first: int, second: int
) -> None:
    asks = [Ask("s", (), f"q{seed}", "The", "", seed) for seed in seeds]
    memory = Memory()
    for after in (first, second):
        partial = _answers_until_a_stop(RememberingEngine(Stopping(after), memory), asks)
        assert all(reply == _say(asks[at], 0) for at, reply in partial.items())
    assert RememberingEngine(Stopping(-1), memory).answer(asks) == [_say(ask, 0) for ask in asks]
    assert RememberingEngine(None, memory).answer(asks) == [_say(ask, 0) for ask in asks]


def _answers_until_a_stop(engine: RememberingEngine, asks: Sequence[Ask]) -> dict[int, Reply]:
    replies: dict[int, Reply] = {}
    with suppress(KeyboardInterrupt):
        engine.answer(asks, replies.__setitem__)
    return replies


def test_only_so_many_unfinished_generations_are_kept() -> None:
    unfinished = Unfinished(limit=2)
    runs = [PremiseRun(Commission("premise", text, backend.named("templates"), 1)) for text in "abc"]
    for run in runs:
        unfinished.keep(run)
    assert unfinished.recall(runs[0].commission, PremiseRun) is not runs[0]
    assert unfinished.recall(runs[2].commission, PremiseRun) is runs[2]
    assert isinstance(UNFINISHED_RUNS, Unfinished)
