"""Checking again after an edit asks only what the edit can have changed, and comes to what a full check comes to."""

from __future__ import annotations

import random
import sys

import pytest

import worldkit as wk
from tests.play.explore.small import small
from tests.play.properties.formulas import atoms, random_property
from tests.play.properties.oracle import breaks
from worldkit import Properties, PropertyError, PropertyResult, World
from worldkit.exploration.budget import Cancelled
from worldkit.exploration.witness import Unplayable
from worldkit.properties import rechecking
from worldkit.properties.rechecking import PropertyChecker
from worldkit.properties.statements import AlwaysPossible, LeadsTo, Possible, Within

LIGHTHOUSE = wk.samples.load("lighthouse")


def random_edit(rng: random.Random, world: World) -> World:
    """Return a world with one event changed, added or deleted, or with a text or a state changed."""
    states, events = list(world.states), list(world.events_by_name)
    flags = sorted({flag for event in world.events for flag in (*(event.requires or ()), *(event.grants or ()))})
    name = rng.choice(events) if events else ""
    some = rng.sample(flags, min(len(flags), rng.randrange(2)))
    op = rng.choice(["requires", "grants", "add", "delete", "text", "state"] if events else ["add", "text", "state"])
    match op:
        case "requires" | "grants":
            return world.apply([{"op": "update_event", "name": name, "patch": {op: some}}])
        case "add":
            event = {"name": f"new_{rng.getrandbits(40)}", "kind": "transition", "from": [rng.choice(states)]}
            return world.apply([{"op": "add_event", **event, "to": rng.choice(states), op: some} | {"grants": some}])
        case "delete":
            return world.apply([{"op": "delete_event", "name": name}])
        case "text":
            return world.apply([{"op": "update_state", "id": rng.choice(states), "patch": {"base": "Rain."}}])
        case _:
            return world.apply([{"op": "add_state", "id": f"new_{rng.getrandbits(40)}", "base": "A new place."}])


def same(world: World, full: PropertyResult, again: PropertyResult) -> bool:
    if (full.holds, full.vacuous, full.reason) != (again.holds, again.vacuous, again.reason):
        return False
    runs = [(full.counterexample, again.counterexample), (full.witness, again.witness)]
    if any((a is None) is not (b is None) or (a and b and len(a) != len(b)) for a, b in runs):
        return False
    statement, run = again.statement, again.counterexample
    is_prefix_enough = not isinstance(statement, (Possible, AlwaysPossible, LeadsTo, Within))
    return run is None or not is_prefix_enough or breaks(world, statement, run, lambda moment: False)


def test_after_random_edits_results_equal_those_of_a_full_check() -> None:
    reused_count = 0
    for seed in range(25):
        rng = random.Random(seed)
        world = small(seed, namesakes=seed % 7 == 0)
        leaves = atoms(world)
        statements = list(dict.fromkeys(random_property(rng, leaves) for _ in range(8)))
        properties = Properties({statement.text: statement for statement in statements})
        checker = PropertyChecker()
        for _ in range(5):
            outcomes = checker.check(world, properties)
            reused_count += len(outcomes) - len(checker.checked_names)
            for name, outcome in outcomes.items():
                if isinstance(outcome, PropertyError):
                    with pytest.raises(PropertyError):
                        wk.check(world, properties[name])
                else:
                    assert same(world, wk.check(world, properties[name])[0], outcome), (seed, name)
            world = random_edit(rng, world)
    assert reused_count > 100


def test_an_edit_of_words_checks_nothing_again() -> None:
    checker, properties = PropertyChecker(), LIGHTHOUSE.properties
    before = checker.check(LIGHTHOUSE, properties)
    assert len(checker.checked_names) == len(properties)
    state, event = next(iter(LIGHTHOUSE.states)), LIGHTHOUSE.events[0]
    world_after = LIGHTHOUSE.apply(
        [
            {"op": "update_state", "id": state, "patch": {"base": "Fog on the stones.", "narration": "Fog."}},
            {"op": "update_event", "name": event.name, "patch": {"detail": "Go on, slowly."}},
        ]
    )
    after = checker.check(world_after, properties)
    assert checker.checked_names == ()
    assert [(name, str(result)) for name, result in after.items()] == [(name, str(one)) for name, one in before.items()]


def test_an_edit_of_a_property_checks_that_property_alone() -> None:
    checker, properties = PropertyChecker(), LIGHTHOUSE.properties
    checker.check(LIGHTHOUSE, properties)
    name = next(iter(properties))
    checker.check(LIGHTHOUSE, Properties({**properties, name: wk.never("win")}, properties.tags))
    assert checker.checked_names == (name,)


def test_an_edit_late_in_the_story_leaves_what_happens_before_it_alone() -> None:
    world = wk.load(
        {
            "scene": {
                "states": {id: {"base": id} for id in ("start", "middle", "end", "other")},
                "events": [
                    {"name": "go", "kind": "transition", "from": ["start"], "to": "middle", "grants": ["key"]},
                    {"name": "on", "kind": "transition", "from": ["middle"], "to": "end"},
                    {"name": "off", "kind": "transition", "from": ["middle"], "to": "other"},
                ],
            },
            "entrance": {"state": "start"},
        }
    )
    properties = Properties(
        {
            "early": wk.before("key", "middle"),
            "broken early": wk.never("middle"),
            "late": wk.never("end"),
            "always": wk.always(wk.possible("end")),
        }
    )
    checker = PropertyChecker()
    checker.check(world, properties)
    world_after = world.apply([{"op": "update_event", "name": "on", "patch": {"requires": ["lamp"]}}])
    outcomes = checker.check(world_after, properties)
    assert checker.checked_names == ("late", "always")
    assert [getattr(outcome, "holds", None) for outcome in outcomes.values()] == [True, False, True, False]


def test_a_watcher_can_stop_a_check() -> None:
    def stop(stage: str, fraction: float | None) -> None:
        raise Cancelled("an edit came")

    world = wk.samples.load("archive")
    with pytest.raises(Cancelled):
        PropertyChecker().check(world, Properties({"win": wk.always(wk.possible("win"))}), watch=stop)


def test_each_property_says_what_is_wrong_with_it_alone() -> None:
    properties = Properties({"good": wk.possible("win"), "typo": wk.never("lampp")})
    outcomes = PropertyChecker().check(LIGHTHOUSE, properties)
    assert isinstance(outcomes["good"], PropertyResult)
    assert "has no state" in str(outcomes["typo"])
    empty = wk.World.new("Empty")
    if not empty.states:
        assert rechecking.NO_STATES_REASON in str(PropertyChecker().check(empty, properties)["good"])


def test_a_property_that_is_too_complex_leaves_the_others_their_results() -> None:
    flags = [f"f{number}" for number in range(24)]
    events = [
        {"name": f"take_{flag}", "kind": "override", "from": ["room"], "grants": [flag], "oneShot": True}
        for flag in flags
    ]
    world = wk.load({"schemaVersion": "1.0", "scene": {"states": {"room": {"base": "x"}}, "events": events}})
    pairs = [f'(holding "{one}" or holding "{other}")' for one, other in zip(flags[::2], flags[1::2], strict=True)]
    properties = Properties({"all": wk.never(" and ".join(pairs)), "one": wk.possible('holding "f0"')})
    outcomes = PropertyChecker().check(world, properties, budget=wk.Budget(seconds=5))
    assert isinstance(outcomes["all"], PropertyError) and "split the property" in str(outcomes["all"])
    assert isinstance(outcomes["one"], PropertyResult) and outcomes["one"].holds
    with pytest.raises(PropertyError, match="split the property"):
        wk.check(world, properties)


def test_a_failure_of_the_checker_is_reported_with_the_property_and_leaves_the_others_their_results(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def unplayable(*arguments: object) -> None:
        raise Unplayable("step 1 of a run that was found cannot be played")

    monkeypatch.setattr(sys.modules["worldkit.properties.verification"], "witness_trace", unplayable)
    odd, good = wk.check(LIGHTHOUSE, ["possible: win", "always possible: win"])
    assert good.holds and not good.defect
    assert odd.defect and odd.outcome == "undecided"
    assert odd.reason == (
        "not decided: worldkit failed, please report it: Unplayable: step 1 of a run that was found cannot be played"
    )
    assert 'checking "possible: win" failed' in caplog.text
