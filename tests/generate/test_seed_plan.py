"""A weak model's world is planned by code: the plan holds and keeps the premise, and the model writes the prose."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.generate.server import serving
from tests.generate.storyteller import PREMISE, good, kind_of
from tests.generate.test_worlds import bench_premises
from tests.generate.texts import MINE
from worldkit import Report, World, explore, from_text, generate_with_report
from worldkit.core.progress import ignore
from worldkit.generation.direct import proof
from worldkit.generation.direct.features import FEATURES
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
    plan = world_plan(source)
    assert proof.problems(plan) == []
    assert len(plan.places) == len(source.places) and len(plan.moves) == len(source.steps)
    assert plan.basis.places == tuple(place.name for place in source.places if place.end is None)
    assert {key for move in plan.moves for key in (move.takes, *move.needs) if key} == set(plan.keys)


def test_a_weak_model_is_asked_for_places_alone_and_a_strong_one_for_a_plan() -> None:
    world, report, weak_kinds = generate_from_premise("-1b")
    assert set(weak_kinds) == {"place"} and report.planned == "seed"
    assert verify(world).passed and explore(world).soft_locks == [] and report.missed == ()
    _, strong_report, strong_kinds = generate_from_premise("")
    assert strong_kinds[:2] == ["basis", "plan"] and strong_report.planned == "model"


def test_a_caller_may_have_a_weak_model_plan() -> None:
    _, report, kinds = generate_from_premise("-1b", planner="model")
    assert kinds[:2] == ["basis", "plan"] and report.planned == "model"


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
