"""What is said beside "holds" and "broken": vacuous truths, tags, missions, suggestions; and one graph for several."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from typing import Any

import pytest

import worldkit as wk
from tests.effort import seeds
from tests.play.explore.small import small
from tests.play.properties.formulas import atoms
from tests.play.properties.mutations import bugs
from tests.play.properties.oracle import oracle_for
from worldkit import Condition, Property
from worldkit.exploration.transition_system import build_system
from worldkit.properties.conditions import Named, conjunction, disjunction
from worldkit.properties.statements import AllOf

pytestmark = pytest.mark.seeds

LIGHTHOUSE = wk.samples.load("lighthouse")
Build = Callable[[Condition], Property]


def test_a_property_is_vacuous_exactly_where_what_it_is_about_never_happens() -> None:
    counts = {True: 0, False: 0}
    for seed in range(70):
        world = small(seed, namesakes=False)
        rng, leaves = random.Random(seed), atoms(world)
        a, b = rng.sample(leaves, 2)
        premises_by_statement = {
            wk.before(a, b): (b,),
            wk.leads_to(a, b): (a,),
            wk.never(b, after=a): (a, b),
            wk.within(b, 3, of=a): (a,),
            wk.never(conjunction(a, b)): (a, b),
        }
        for result in wk.check(world, [*premises_by_statement]):
            oracle = oracle_for(world, result.statement)
            if oracle is None or not result.holds:
                assert not result.vacuous
                continue
            is_vacuous = not all(oracle.where(premise) for premise in premises_by_statement[result.statement])
            assert bool(result.vacuous) is is_vacuous, (seed, result.statement.text)
            assert result.outcome == ("vacuous" if is_vacuous else "holds")
            counts[is_vacuous] += 1
    assert min(counts.values()) > 20


def test_a_vacuous_truth_says_what_never_happens() -> None:
    world = wk.load({"scene": {"states": {id: {"base": "x"} for id in ("hall", "cellar")}, "events": []}})
    result = wk.check(world, '"hall" before "cellar"')[0]
    assert result.outcome == "vacuous"
    assert result.vacuous == 'state "cellar" is never reached, so this holds of nothing'
    assert 'state "cellar" is never reached' in str(result)


FORMS: list[Build] = [
    wk.never,
    wk.always,
    wk.possible,
    lambda condition: wk.always(wk.possible(condition)),
    lambda condition: wk.before(condition, "ending"),
    lambda condition: wk.leads_to(condition, "ending"),
    lambda condition: wk.within(condition, 4),
]


def test_a_tag_is_any_of_its_states_and_a_mission_the_flags_that_complete_it() -> None:
    comparisons = broken = 0
    for seed in range(seeds(40)):
        world = small(seed, namesakes=False)
        if build_system(world).omitted:
            continue
        rng = random.Random(seed)
        flags = sorted({flag for event in world.events for flag in event.grants or ()})
        objectives = rng.sample(flags, min(2, len(flags)))
        if objectives:
            parts = [{"id": flag, "text": "x"} for flag in objectives]
            mission: dict[str, Any] = {"id": "m", "title": "M", "objectives": parts}
            if seed % 3 == 0:
                mission["complete"] = objectives[-1]
            world = wk.load({**world.to_dict(), "missions": [mission]})
        tags = {"t": rng.sample(list(world.states), min(2, len(world.states)))}
        meanings: dict[Condition, Condition] = {
            Named("tag", "t"): disjunction(*(Named("state", id) for id in tags["t"]))
        }
        if objectives:
            needed = objectives[-1:] if seed % 3 == 0 else objectives
            meanings[Named("mission", "m")] = conjunction(*(Named("flag", flag) for flag in needed))
        for condition, meaning in meanings.items():
            for form in FORMS:
                one = wk.check(world, form(condition), tags=tags)[0]
                other = wk.check(world, form(meaning))[0]
                assert (one.holds, len(one.counterexample or ())) == (other.holds, len(other.counterexample or ()))
                comparisons += 1
                broken += one.holds is False
    assert comparisons > 7 * seeds(40) and broken > seeds(40)


def test_a_run_that_completes_a_mission_does_so_in_its_last_step() -> None:
    run = wk.check(LIGHTHOUSE, 'never mission "first_watch"')[0].counterexample
    assert run is not None
    session = wk.Session(LIGHTHOUSE)
    was_complete = []
    for event in run.events:
        was_complete.append(session.missions[0].complete)
        session.fire(event)
    assert not any(was_complete) and session.missions[0].complete


def test_several_properties_share_one_graph_and_one_exploration(monkeypatch: pytest.MonkeyPatch) -> None:
    verification = sys.modules["worldkit.properties.verification"]
    build, builds = verification.build_product, []

    def counted(*arguments: Any, **options: Any) -> Any:
        builds.append(arguments)
        return build(*arguments, **options)

    monkeypatch.setattr(verification, "build_product", counted)
    texts = [
        "always possible: win",
        "never on_the_teeth while holding oil",
        "possible: two_cups",
        "kitchen before gallery",
    ]
    together = wk.check(LIGHTHOUSE, [*texts, "holding wound until ending", "holding oil leads to ending"])
    assert len(together) == 6 and len(builds) == 1


@pytest.mark.parametrize("name", ["bench", "delivery", "lighthouse"])
def test_what_is_suggested_of_a_sample_catches_most_mistakes_made_in_it(name: str) -> None:
    suggested = wk.suggest_properties(wk.samples.load(name))
    seeded = bugs(name)

    def is_caught(world: wk.World) -> bool:
        try:
            return bool(wk.check(world, suggested).broken)
        except wk.PropertyError:  # a name is gone
            return True

    assert sum(is_caught(bug.world) for bug in seeded) >= 0.75 * len(seeded)


def test_what_is_suggested_holds_by_the_oracle_too() -> None:
    comparisons = 0
    for seed in range(25):
        world = small(seed, namesakes=False)
        if build_system(world).omitted:
            continue
        suggested = wk.suggest_properties(world, 6)
        assert len(suggested) <= 6
        for statement in suggested.values():
            simple = statement.parts if isinstance(statement, AllOf) else (statement,)
            for part in simple:
                oracle = oracle_for(world, part)
                if oracle is not None:
                    assert oracle.holds(part), (seed, part.text)
                    comparisons += 1
    assert comparisons > 40


def test_without_a_property_nothing_has_passed() -> None:
    results = wk.check(wk.World.new("Nothing to check"))
    assert not results.passed and repr(results) == "there was no property to check"
    assert not wk.check(LIGHTHOUSE, []).passed and wk.check(LIGHTHOUSE).passed
