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
        if build_system(world).omitted_events:
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
        if build_system(world).omitted_events:
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


def test_each_column_of_the_table_has_a_heading_and_names_have_room() -> None:
    table = wk.check(LIGHTHOUSE, {"a win stays possible": "always possible: win"})._repr_html_()
    assert table.count("<th") == 3 and "></th>" not in table
    assert "min-width:12em'>a win stays possible</td>" in table


def test_without_a_property_nothing_has_passed() -> None:
    results = wk.check(wk.World.new("Nothing to check"))
    assert not results.passed and repr(results) == "there was no property to check"
    assert not wk.check(LIGHTHOUSE, []).passed and wk.check(LIGHTHOUSE).passed


def room(events: list[dict[str, Any]], *states: str, **more: Any) -> wk.World:
    scene = {"states": {id: {"base": "x"} for id in states}, "events": events}
    return wk.World.from_dict({"schemaVersion": "1.0", "entrance": {"state": states[0]}, "scene": scene, **more})


TIMED_NAMESAKE = room(
    [
        {"name": "x", "kind": "override", "from": ["a"]},
        {"name": "x", "kind": "transition", "from": ["a"], "to": "b", "autoAfterMs": 1000},
    ],
    "a",
    "b",
)
"""A press of ``x`` fires the first event, so that the move of the second, which a timer fires, is left out."""


@pytest.mark.parametrize("most_listed", [-1, 200_000])
@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("possible: a", True),
        ("never a", False),
        ("no a within 3 steps", False),
        ("possible: b", None),
        ("never b", None),
        ("no b within 3 steps", None),
        ("always possible: b", None),
        ("anything leads to b", None),
        ("b before a", False),
        ("a before b", None),
        ("not (never b)", None),
        ("not (never a)", True),
        ("(possible: a) and (possible: b)", None),
        ("(possible: a) or (possible: b)", True),
        ("(never a) and (possible: b)", False),
        ("(never a) or (possible: b)", None),
    ],
)
def test_where_only_a_timer_fires_an_event_nothing_is_claimed_that_needs_every_run(
    monkeypatch: pytest.MonkeyPatch, most_listed: int, text: str, holds: bool | None
) -> None:
    monkeypatch.setattr(sys.modules["worldkit.properties.verification"], "MAX_LISTED_POSITIONS", most_listed)
    assert build_system(TIMED_NAMESAKE).omitted_events == ("x",)
    session = wk.Session(TIMED_NAMESAKE)
    session.wait(1000)
    assert session.state == "b"
    result = wk.check(TIMED_NAMESAKE, text)[0]
    assert result.holds is holds
    if holds is None:
        assert result.reason == 'not decided: events share a name and fire by themselves: "x"'


def test_a_run_that_seems_to_be_at_its_end_breaks_nothing_where_moves_are_left_out() -> None:
    # each pair of flags doubles the conditions under which the last event of the name is fired: too many to list
    pairs = [[f"{half}{number}" for half in "fg"] for number in range(9)]
    events = [
        *({"name": "x", "kind": "transition", "from": ["a"], "to": "c", "requires": pair} for pair in pairs),
        {"name": "x", "kind": "transition", "from": ["a"], "to": "b"},
        *(
            {"name": f"take_{flag}", "kind": "override", "from": ["b"], "grants": [flag]}
            for pair in pairs
            for flag in pair
        ),
        {"name": "back", "kind": "transition", "from": ["b", "c"], "to": "a"},
    ]
    world = room(events, "a", "b", "c")
    assert build_system(world).omitted_events == ("x",) and wk.Session(world).fire("x").state == "b"
    assert [result.holds for result in wk.check(world, ["b within 1 step", "possible: b"])] == [None, None]


def test_of_several_properties_that_are_to_hold_only_the_broken_ones_are_named() -> None:
    world = room([], "a", "b")
    both, neither = wk.check(world, ["(possible: a) and (possible: b)", "not ((possible: a) and (possible: b))"])
    assert both.holds is False and both.reason == 'possible: state "b" does not hold'
    assert neither.holds is True and neither.reason == both.reason


def test_a_title_that_several_missions_have_is_refused_with_their_ids() -> None:
    missions = [{"id": id, "title": "T", "objectives": [{"id": f"{id}_done", "text": "x"}]} for id in "mn"]
    world = room([], "a", missions=missions)
    message = '"T" is the title of several missions; write mission "m" or mission "n"'
    for text in ("never T", 'never mission "T"'):
        with pytest.raises(wk.PropertyError, match=message):
            wk.check(world, text)
    assert wk.check(world, ["never m", 'never mission "n"']).passed
    named_by_id = room([], "a", missions=[*missions, {**missions[0], "id": "T", "title": "U"}])
    assert wk.check(named_by_id, "never T").passed


def test_a_suggestion_is_not_lost_to_another_one_of_its_name() -> None:
    events = [
        {"name": "take", "kind": "override", "from": ["hall"], "grants": ["lamp"]},
        {"name": "go_down", "kind": "transition", "from": ["hall"], "to": "cellar", "requires": ["lamp"]},
        {"name": "look", "kind": "override", "from": ["cellar"], "requires": ["lamp"], "grants": ["cellar"]},
    ]
    suggested = wk.suggest_properties(room(events, "hall", "cellar"))
    texts = [statement.text for statement in suggested.values()]
    assert 'holding "lamp" before state "cellar"' in texts
    assert 'holding "lamp" before holding "cellar"' in texts
