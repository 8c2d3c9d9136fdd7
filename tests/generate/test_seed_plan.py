"""A weak model's world is planned by code: the plan holds and keeps the premise, and the model writes the prose."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.generate.server import serving
from tests.generate.storyteller import PREMISE, good, kind_of, schema_of
from tests.generate.test_worlds import bench_premises
from tests.generate.texts import MINE
from worldkit import Report, World, explore, from_text, generate, generate_with_report
from worldkit.core.progress import ignore
from worldkit.generation.direct import proof
from worldkit.generation.direct.passages import Passage, passages
from worldkit.generation.direct.plan_form import FEATURES
from worldkit.generation.direct.seed_plan import world_plan
from worldkit.generation.planning.planner import plan as planned
from worldkit.ruleset.gate import verify


def generate_from_premise(size: str, **options: Any) -> tuple[World, Report, list[str]]:
    """Return a world of a scripted endpoint whose model has a size, its report, and what it was asked for."""
    with serving(good) as server:
        world, report = generate_with_report(PREMISE, f"{server.model}{size}", progress=ignore, **options)
    return world, report, [*map(kind_of, server.requests)]


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(bench_premises()), st.integers(1, 5), st.integers(5, 24))
def test_the_plan_of_any_premise_holds_and_has_its_places_and_keys(premise: str, seed: int, states: int) -> None:
    source = planned(premise, seed, states)
    plan = world_plan(source, seed, is_weak=True)
    assert proof.problems(plan) == []
    assert len(plan.places) == len(source.places) and len(plan.moves) == len(source.steps)
    assert plan.basis.places == tuple(place.name for place in source.places if place.end is None)
    assert {key for move in plan.moves for key in (move.takes, *move.needs) if key} == set(plan.keys)


def test_an_ending_that_no_model_tells_has_the_line_of_its_plan() -> None:
    source = planned("A beekeeper discovers the queen is missing.", 1, 6)
    plan = world_plan(source, 1, is_weak=True)
    lines = [text.plain for place in plan.places for text in passages(plan, place) if text.form == "subtitle"]
    assert lines == [place.end.subtitle for place in source.places if place.end]


def test_a_weak_model_is_asked_for_places_alone_and_a_strong_one_for_a_plan() -> None:
    world, report, weak_kinds = generate_from_premise("-1b")
    assert set(weak_kinds) == {"place"} and report.planned == "seed"
    assert verify(world).passed and explore(world).soft_locks == [] and report.missed == ()
    _, strong_report, strong_kinds = generate_from_premise("")
    assert strong_kinds[:2] == ["basis", "plan"] and strong_report.planned == "model"


def test_a_weak_model_writes_what_is_seen_and_the_templates_tell_the_rest() -> None:
    with serving(good) as server:
        world, _ = generate_with_report(PREMISE, f"{server.model}-1b", progress=ignore)
        asked_keys = {key for body in server.requests for key in schema_of(body)["properties"]}
    assert asked_keys == {"base", "still", "pan", "stand", "walk", "ambient1", "ambient2"}
    by_templates, _ = generate_with_report(PREMISE, "templates", progress=ignore)

    def read_texts(world: World) -> list[str | None]:
        of_events = [text for event in world.events for text in (event.base, event.narration, event.locked_hint)]
        endings = [state.ending.subtitle for state in world.states.values() if state.ending]
        return [*of_events, *endings]

    assert read_texts(world) == read_texts(by_templates)


def test_a_caller_may_have_a_weak_model_plan() -> None:
    _, report, kinds = generate_from_premise("-1b", planner="model")
    assert kinds[:2] == ["basis", "plan"] and report.planned == "model"


@pytest.mark.parametrize(("states", "reason"), [(6, "a small model"), (25, "a world of more than 24 states")])
def test_the_report_says_why_code_planned_the_world_of_a_weak_model(states: int, reason: str) -> None:
    _, report, _ = generate_from_premise("-1b", states=states)
    assert report.notes == (f"code planned it from the premise, as for {reason}",)


def test_a_text_is_searched_for_those_places_of_a_large_world_that_it_names(monkeypatch: pytest.MonkeyPatch) -> None:
    patterns: list[str] = []

    def record(find: Callable[..., Any]) -> Callable[..., Any]:
        def found(pattern: str, *rest: Any) -> Any:
            patterns.append(pattern)
            return find(pattern, *rest)

        return found

    halls = tuple(f"hall {number}" for number in range(100, 300))
    passage = Passage(("state", "mill", "base"), ("base",), "base", elsewhere=halls)
    monkeypatch.setattr(re, "search", record(re.search))
    assert passage.other_place("You walk back to the HALL 120, and a lamp burns in hall 130.") == "hall 130"
    assert len(patterns) <= 2


def test_a_weak_models_world_has_every_feature_that_was_asked_for() -> None:
    world, _, _ = generate_from_premise("-1b", features=FEATURES)
    raw = world.to_dict()
    assert raw["missions"] and any(state.get("variants") for state in raw["scene"]["states"].values())
    timed = [event for event in raw["scene"]["events"] if "autoAfterMs" in event]
    assert sorted(bool(event.get("to")) for event in timed) == [False, True]
    assert verify(world).passed


@pytest.mark.parametrize("size", ["-1b", ""])
def test_a_chapter_of_any_model_is_played_to_its_end(size: str) -> None:
    with serving(good) as server:
        retelling = from_text(MINE, f"{server.model}{size}", progress=ignore)
    kinds = [*map(kind_of, server.requests)]
    assert ("plan" in kinds) is (size == "") and "place" in kinds
    assert explore(retelling.world).soft_locks == [] and verify(retelling.world).passed


def test_what_somebody_answers_is_told_by_the_templates_and_no_model_is_asked_for_it() -> None:
    premise = "Two rival chefs are locked overnight in a department store."
    requests: list[str] = []

    def script(body: Any, number: int) -> str:
        requests.append(body["messages"][-1]["content"])
        return good(body)

    with serving(script) as server:
        world, _ = generate_with_report(premise, f"{server.model}-1b", states=7, progress=ignore)
    [ask] = [event for event in world.events if event.name.startswith("ask_")]
    assert "“" in (ask.narration or "") and ask.grants == ("answer_of_the_other_chef",)
    [take] = [event for event in world.events if event.requires == ask.grants]
    assert "other chef" in (take.locked_hint or "")
    assert requests and not any("ask the other chef" in question for question in requests)


def test_a_weak_model_that_says_nothing_of_use_has_the_world_told_by_the_templates() -> None:
    def script(body: Any, number: int) -> str:
        return json.dumps(dict.fromkeys(schema_of(body)["properties"], "The rival chefs hold still."))

    with serving(script) as server:
        world, report = generate_with_report(PREMISE, f"{server.model}-1b", states=7, progress=ignore)
    templates = generate(PREMISE, "templates", states=7, progress=ignore)
    own_bases = {id: state.base for id, state in templates.states.items()}
    assert report.written == 1 and {id: state.base for id, state in world.states.items()} == own_bases
    assert {event.name: event.narration for event in templates.events}.items() & {
        event.name: event.narration for event in world.events
    }.items()
