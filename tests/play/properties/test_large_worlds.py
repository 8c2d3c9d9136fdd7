"""Properties of large worlds: what is decided without looking at every position agrees with looking at every one."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import pytest

import worldkit as wk
from tests.effort import seeds
from tests.play.explore.families import counters
from tests.play.explore.small import small
from tests.play.properties.formulas import atoms, random_property
from worldkit import Property
from worldkit.exploration import routes, variant_routes
from worldkit.exploration.transition_system import build_system
from worldkit.properties import graph_answers
from worldkit.properties.large_worlds import LargeWorld

pytestmark = pytest.mark.seeds

sys.path.insert(0, str(Path(__file__).parents[3] / "bench"))


FORMS = (0, 1, 2, 3, 4, 5, 6, 7, 8, 11)


@pytest.mark.parametrize("hurried", [False, True])
def test_searching_backwards_agrees_with_looking_at_every_position(
    monkeypatch: pytest.MonkeyPatch, hurried: bool
) -> None:
    if hurried:  # the first searches give up at once, so that the later ones answer
        monkeypatch.setattr(variant_routes, "QUICK_EFFORT", 1)
        monkeypatch.setattr(routes, "ATTEMPTS", ((0, 2), (2, 4), (6, 10_000)))
        monkeypatch.setattr(graph_answers, "NEARBY_POSITIONS", 1)
    comparisons = 0
    for seed in range(seeds(75 if hurried else 150)):
        world = small(seed, namesakes=seed % 5 == 0)
        if build_system(world).omitted_events:
            continue
        rng = random.Random(seed)
        leaves = atoms(world)
        statements: list[Property] = [random_property(rng, leaves, form) for form in FORMS]
        expected = wk.check(world, statements)
        with monkeypatch.context() as patch:
            patch.setattr(sys.modules["worldkit.properties.verification"], "MAX_LISTED_POSITIONS", -1)
            results = wk.check(world, statements)
        for one, other in zip(expected, results, strict=True):
            about = f"world {seed}: {one.statement.text}"
            assert (one.holds, one.vacuous) == (other.holds, other.vacuous), about
            for run, same in ((one.counterexample, other.counterexample), (one.witness, other.witness)):
                assert (run is None) == (same is None), about
                assert run is None or same is None or len(run) == len(same), about
            comparisons += 1
    assert comparisons > 6 * seeds(75 if hurried else 150)


def test_that_a_place_or_an_event_is_reached_is_known_without_searching_for_the_way(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    searches: list[Property] = []
    decide = LargeWorld.decide
    monkeypatch.setattr(LargeWorld, "decide", lambda large, one: searches.append(one) or decide(large, one))  # type: ignore[func-returns-value]
    world = wk.World.from_dict(counters(6, 20))
    statements = [wk.before("mark_0_19", end) for end in ("end", "win", "leave")]
    for result in wk.check(world, statements):
        assert result.holds and not result.vacuous
    assert len(searches) == len(statements)


def test_what_the_end_and_held_flags_decide_agrees_with_looking_at_every_position(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for seed in range(seeds(60)):
        world = small(seed)
        flags = sorted({flag for event in world.events for flag in event.grants or ()})
        holding_conditions = [wk.condition(f'holding "{flag}"') for flag in flags[:4]]
        statements: list[Property] = [wk.leads_to("anything", kind) for kind in ("ending", "win", "lose")]
        statements += [
            wk.always(wk.possible("ending")),
            *(wk.at_most(count, holding_conditions) for count in range(len(holding_conditions))),
        ]
        expected = wk.check(world, statements)
        with monkeypatch.context() as patch:
            patch.setattr(sys.modules["worldkit.properties.verification"], "MAX_LISTED_POSITIONS", -1)
            results = wk.check(world, statements)
        for one, other in zip(expected, results, strict=True):
            assert (one.holds, one.vacuous) == (other.holds, other.vacuous), (seed, one.statement.text)
            assert len(one.counterexample or ()) == len(other.counterexample or ()), (seed, one.statement.text)


def test_a_world_of_hundreds_of_millions_of_positions_is_decided() -> None:
    from shapes import shape  # type: ignore[import-not-found]

    world = wk.load(shape("hub", 1000, 5000, 20))
    end = next(id for id, state in world.states.items() if state.ending)
    results = wk.check(world, ["always possible: ending", f'possible: "{end}"', "no ending within 2 steps"])
    assert [result.holds for result in results] == [False, True, True]
    assert len(results[0].counterexample or ()) > 0


@pytest.mark.parametrize("most_listed", [-1, 1000])
def test_an_event_that_is_used_up_makes_no_later_moment(monkeypatch: pytest.MonkeyPatch, most_listed: int) -> None:
    monkeypatch.setattr(sys.modules["worldkit.properties.verification"], "MAX_LISTED_POSITIONS", most_listed)
    states = {"room": {"base": "x"}, "end": {"base": "x", "ending": {"kind": "win", "title": "t"}}}
    look = {"name": "look", "kind": "override", "from": ["room"], "grants": ["seen"], "oneShot": True}
    leave = {"name": "leave", "kind": "transition", "from": ["room"], "to": "end"}
    world = wk.load(
        {
            "schemaVersion": "1.0",
            "name": "x",
            "entrance": {"state": "room"},
            "scene": {"states": states, "events": [look, leave]},
        }
    )
    assert wk.check(world, 'after holding "seen", available "leave" cannot be reached').passed
    again = world.apply([{"op": "update_event", "name": "look", "patch": {"oneShot": False}}])
    counterexample = wk.check(again, 'after holding "seen", available "leave" cannot be reached')[0].counterexample
    assert counterexample is not None and len(counterexample) == 2
