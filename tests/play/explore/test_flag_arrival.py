"""Which flags are held on arrival, against every run of small worlds."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import worldkit as wk
from worldkit.exploration.budget import BudgetSpent
from worldkit.exploration.flag_arrival import flag_arrivals

Json = dict[str, Any]
STATES = ("a", "b", "c")
FLAGS = ("key", "lamp")

some_flags = st.lists(st.sampled_from(FLAGS), max_size=2, unique=True)


@st.composite
def worlds(draw: st.DrawFn) -> wk.World:
    events = []
    for number in range(draw(st.integers(0, 7))):
        to = draw(st.sampled_from([None, *STATES]))
        event: Json = {
            "name": f"e{number}",
            "kind": "override" if to is None else "transition",
            "from": [draw(st.sampled_from(STATES))],
            "requires": draw(some_flags),
            "grants": draw(some_flags),
            "oneShot": draw(st.booleans()),
        }
        events.append(event if to is None else {**event, "to": to})
    states = {id: {"base": id} for id in STATES}
    return wk.load({"entrance": {"state": "a"}, "scene": {"states": states, "events": events}})


def arrivals_by_playing(world: wk.World) -> dict[str, set[frozenset[str]]]:
    """Return the sets of flags with which each state is entered, by making every move from every position."""
    start = ("a", frozenset[str](), frozenset[str]())
    positions, waiting = {start}, [start]
    flag_sets: dict[str, set[frozenset[str]]] = {id: set() for id in STATES}
    flag_sets["a"].add(frozenset())
    while waiting:
        state, flags, used = waiting.pop()
        for event in world.events:
            is_ready = state in event.from_ and set(event.requires or ()) <= flags and event.name not in used
            if not is_ready:
                continue
            target = event.to or state
            later = flags | set(event.grants or ())
            if target != state:
                flag_sets[target].add(later)
            position = (target, later, used | {event.name} if event.one_shot else used)
            if position not in positions:
                positions.add(position)
                waiting.append(position)
    return flag_sets


@given(worlds())
@settings(deadline=None)
def test_what_is_held_on_arrival_is_what_every_run_shows(world: wk.World) -> None:
    flag_sets = arrivals_by_playing(world)
    arrivals = flag_arrivals(world)
    for flag in FLAGS:
        some = {id for id, sets in flag_sets.items() if any(flag in flags for flags in sets)}
        every = {id for id, sets in flag_sets.items() if sets and all(flag in flags for flags in sets)}
        arrival = arrivals.get(flag)
        always, sometimes = (set(arrival.certain_states), set(arrival.uncertain_states)) if arrival else (set(), set())
        assert always | sometimes == some
        assert always <= every


def test_a_key_that_a_door_needs_is_always_held_behind_it() -> None:
    events = [
        {"name": "take", "kind": "override", "from": ["a"], "grants": ["key"]},
        {"name": "walk", "kind": "transition", "from": ["a"], "to": "b"},
        {"name": "unlock", "kind": "transition", "from": ["b"], "to": "c", "requires": ["key"]},
    ]
    states = {id: {"base": id} for id in STATES}
    world = wk.load({"entrance": {"state": "a"}, "scene": {"states": states, "events": events}})
    assert flag_arrivals(world) == {"key": (("c",), ("b",))}


def test_an_event_that_happens_once_brings_nothing_that_was_gained_after_it() -> None:
    events = [
        {"name": "open", "kind": "transition", "from": ["a"], "to": "b", "oneShot": True},
        {"name": "return", "kind": "transition", "from": ["b"], "to": "a", "grants": ["key"]},
        {"name": "look", "kind": "override", "from": ["a"]},
    ]
    states = {id: {"base": id} for id in "ab"}
    arrivals = flag_arrivals(wk.load({"entrance": {"state": "a"}, "scene": {"states": states, "events": events}}))
    assert arrivals["key"].uncertain_states == ("a",)
    assert arrivals["key"].certain_states == ()


def test_why_it_is_not_known_what_is_held_on_arrival_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """A timer fires the second event of a name too, so not every way into the yard is known."""
    events: list[Json] = [
        {"name": "go", "kind": "transition", "from": ["a"], "to": "b", "grants": ["key"]},
        {"name": "go", "kind": "transition", "from": ["a"], "to": "b", "autoAfterMs": 1000},
    ]
    states = {id: {"base": id} for id in STATES}
    with pytest.raises(BudgetSpent, match='of several events named "go"'):
        flag_arrivals(wk.load({"entrance": {"state": "a"}, "scene": {"states": states, "events": events}}))
    monkeypatch.setattr("worldkit.exploration.must_may.MAX_WORK", 0)
    with pytest.raises(BudgetSpent, match="0 steps were not enough"):
        flag_arrivals(wk.load({"entrance": {"state": "a"}, "scene": {"states": states, "events": events[:1]}}))
