"""Why something can never happen, what is needed from where, and which flags nobody grants or asks for."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest

from tests.effort import seeds
from tests.play.explore.small import _wins, explore_plainly, real, small
from worldkit import Position, World, WorldError
from worldkit.playing.transition_table import table_of

pytestmark = pytest.mark.seeds

Json = dict[str, Any]


def world(
    *events: Json, states: tuple[str, ...] = ("a", "b", "c"), endings: tuple[str, ...] = (), **more: Any
) -> World:
    bodies: Json = {id: {"base": "x"} for id in states}
    for id in endings:
        bodies[id]["ending"] = {"kind": "win", "title": f"The end in {id}"}
    event_list = [{"name": f"e{i}", "kind": "transition", "from": ["a"], **event} for i, event in enumerate(events)]
    return World.from_dict({"schemaVersion": "1.0", "scene": {"states": bodies, "events": event_list}, **more})


@pytest.mark.parametrize("lot", range(4))
def test_the_reason_of_a_dead_event_is_true(lot: int) -> None:
    for seed in range(lot * 150, lot * 150 + seeds(150)):
        random_world = small(seed)
        exploration, truth = explore_plainly(random_world), real(random_world)
        occupied = {position.state for position in truth.depth}
        obtainable = {flag for position in truth.depth for flag in position.flags}
        assert exploration.dead_events == {event.name for event in random_world.events} - truth.events.keys()
        for event in random_world.events:
            if event.name not in exploration.dead_events:
                continue
            why = exploration.why(event.name)
            there = [id for id in event.from_ if id in random_world.states]
            open_ = [id for id in there if random_world.states[id].ending is None]
            needs = set(event.requires or ())
            match why.reason:
                case "source missing":
                    assert not there
                case "after an ending":
                    assert there and not open_
                case "source unreachable":
                    assert open_ and not occupied.intersection(open_)
                case "key missing":
                    assert occupied.intersection(open_) and why.missing == needs - obtainable != set()
                case "keys never together":
                    assert needs <= obtainable and why.missing and why.missing <= needs
                    here = [position for position in truth.depth if position.state in open_]
                    assert here and min(len(needs - position.flags) for position in here) == len(why.missing)
                case _:
                    pytest.fail(why.reason)
            assert why.text.endswith(".") and f'"{event.name}"' in why.text


@pytest.mark.parametrize(
    ("events", "reason", "missing", "text"),
    [
        ([{"to": "b", "requires": ["key"]}], "key missing", {"key"}, 'it needs "key", which nothing grants.'),
        ([{"to": "b", "from": ["nowhere"]}], "source missing", set(), 'no such place exists as "nowhere".'),
        ([{"to": "b", "from": []}], "source missing", set(), "it is offered in no place at all."),
        ([{"to": "a", "from": ["b"]}], "source unreachable", set(), 'it is offered in "b", and no run gets there.'),
        (
            [{"to": "b", "requires": ["key"]}, {"to": "b", "from": ["c"], "grants": ["key"]}],
            "key missing",
            {"key"},
            'it needs "key", which only "e1" would grant, and that never happens.',
        ),
        (
            [{"to": "a", "from": ["b"], "requires": ["key"]}, {"to": "b"}, {"to": "c", "grants": ["key"]}],
            "keys never together",
            {"key"},
            '"key" is granted elsewhere, but no run brings it to "b".',
        ),
        (
            [
                {"to": "a", "from": ["d"], "requires": ["left", "right"]},
                {"to": "b", "grants": ["left"]},
                {"to": "c", "grants": ["right"]},
                {"to": "d", "from": ["b", "c"]},
            ],
            "keys never together",
            {"left"},
            'whoever comes to "d" with "right" lacks "left".',
        ),
    ],
)
def test_each_reason_says_what_is_in_the_way(events: list[Json], reason: str, missing: set[str], text: str) -> None:
    exploration = explore_plainly(world(*events, states=("a", "b", "c", "d")))
    why = exploration.why("e0")
    assert (why.reason, why.missing) == (reason, missing)
    assert why.text == f'"e0" can never happen: {text}'
    assert why.to_dict() == {"event": "e0", "reason": reason, "missing": sorted(missing), "text": why.text}


def test_an_event_after_an_ending_never_happens() -> None:
    why = explore_plainly(world({"to": "b"}, {"from": ["b"], "to": "a"}, endings=("b",))).why("e1")
    assert why.reason == "after an ending"


def test_an_event_where_a_sequence_only_passes_never_happens() -> None:
    walk = {"id": "w", "title": "t", "beats": [{"state": "a"}, {"state": "b"}, {"state": "c"}]}
    exploration = explore_plainly(world({"from": ["b"], "to": "a"}, sequences=[walk]))
    assert "b" in exploration.states
    assert exploration.why("e0").reason == "source unreachable"
    assert "only pass through" in exploration.why("e0").text


def test_a_one_shot_used_before_play_began_says_so() -> None:
    example = world({"to": "a", "oneShot": True})
    assert explore_plainly(example, Position("a", used=frozenset({"e0"}))).why("e0").reason == "used up"


def test_only_dead_events_are_explained() -> None:
    exploration = explore_plainly(world({"to": "b"}))
    with pytest.raises(WorldError, match="can be fired"):
        exploration.why("e0")
    with pytest.raises(WorldError, match="no event"):
        exploration.why("e9")


@pytest.mark.parametrize("lot", range(4))
def test_needs_are_the_smallest_sets_of_flags_that_still_win(lot: int) -> None:
    for seed in range(lot * 60, lot * 60 + seeds(60)):
        random_world = small(seed)
        exploration = explore_plainly(random_world)
        flags = exploration._analysis.system.flags
        for state in random_world.states:
            needs = exploration.needs(state)
            for size in range(len(flags) + 1):
                for flag_set in map(frozenset, combinations(flags, size)):
                    position = Position(state, flag_set)
                    wins = position in _wins(table_of(random_world), {position: 0})
                    assert wins == any(need <= flag_set for need in needs)
            assert not any(a < b for a in needs for b in needs)
            assert [len(need) for need in needs] == sorted(len(need) for need in needs)


def test_needs_of_an_unknown_state_are_refused() -> None:
    with pytest.raises(WorldError, match='no state "z"'):
        explore_plainly(world()).needs("z")


def test_flags_nobody_grants_or_asks_for() -> None:
    exploration = explore_plainly(
        world(
            {"to": "b", "requires": ["key"]},
            {"to": "c", "grants": ["coin", "lamp", "seen", "won"]},
            {"from": ["b"], "to": "c", "grants": ["key"]},
            {"kind": "terminal", "terminal": {"persona": "p", "facts": [{"text": "t", "requires": ["lamp"]}]}},
            cutscenes=[{"id": "cut", "video": "v", "from": "a", "to": "b", "requires": ["seen"]}],
            missions=[{"id": "m", "title": "t", "objectives": [{"id": "won", "text": "t"}]}],
        )
    )
    assert exploration.never_granted == {"key"}
    assert exploration.never_required == {"coin"}
