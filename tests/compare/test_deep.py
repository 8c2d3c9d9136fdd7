"""A deep diff says what an edit did to play, follows renames, and claims nothing it does not know."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings

import worldkit as wk
from tests.compare.documents import Json, edits
from tests.compare.test_show import read
from tests.compare.worlds import go, world
from tests.lighthouse import (
    CIRCULAR_WORLD,
    GOOD_WORLD,
    ROPELESS_WORLD,
    STEAMER_EVENT,
    STUCK_WORLD,
    YARD_EVENT,
    with_event,
    without,
)
from tests.play.explore.small import ring
from worldkit import Budget, PlayChanges
from worldkit.comparison import deep
from worldkit.exploration.routes import Pathfinder


def play(a: wk.World, b: wk.World) -> PlayChanges:
    changes = wk.diff(a, b, deep=True).play
    assert changes is not None
    return changes


def test_a_plain_diff_says_nothing_of_play() -> None:
    assert wk.diff(GOOD_WORLD, STUCK_WORLD).play is None


def test_an_ending_that_can_no_longer_be_reached_is_named_with_the_reason() -> None:
    changes = play(GOOD_WORLD, ROPELESS_WORLD)
    assert changes.endings_lost == ("two_cups",)
    assert changes.sentences[0].startswith('The ending "TWO CUPS" can no longer be reached, as ')
    assert '"rope"' in changes.sentences[0]
    assert changes.events_dead == ("make_the_rope_fast",)


def test_the_way_back_says_what_is_possible_again() -> None:
    changes = play(ROPELESS_WORLD, GOOD_WORLD)
    assert (changes.endings_gained, changes.events_alive) == (("two_cups",), ("make_the_rope_fast",))
    assert 'The ending "TWO CUPS" can be reached now.' in changes.sentences
    assert '"make_the_rope_fast" can happen now.' in changes.sentences


def test_new_soft_locks_come_with_a_route_that_replays_in_the_new_world() -> None:
    changes = play(without(STEAMER_EVENT), STUCK_WORLD)
    assert {lock.state for lock in changes.soft_locks_new} == wk.explore(STUCK_WORLD).soft_lock_states
    for lock in changes.soft_locks_new:
        assert lock.route is not None
        assert wk.replay(STUCK_WORLD, lock.route).state == lock.state
    assert changes.sentences[0].startswith('After "enter_the_tower" without "oil" no ending can be reached')
    assert "A shortest way there: " in changes.sentences[0]
    back = play(STUCK_WORLD, without(STEAMER_EVENT))
    assert back.soft_locks_gone and not back.soft_locks_new
    assert any("can no longer get stuck" in text for text in back.sentences)


def test_what_follows_from_elsewhere_is_said_in_one_sentence() -> None:
    changes = play(GOOD_WORLD, CIRCULAR_WORLD)
    assert len([text for text in changes.sentences if "can no longer happen" in text]) == 2
    assert len([text for text in changes.sentences if text.startswith("No run gets to where ")]) == 1
    assert changes.states_lost == ("lamp_lit", "bell_rock")


def test_shorter_and_longer_ways_to_an_ending_are_said() -> None:
    quick = with_event("enter_the_tower", requires=None)
    changes = play(GOOD_WORLD, quick)
    assert {id: (length.before > length.after) for id, length in changes.routes.items()}["on_the_teeth"]
    assert any(
        text.startswith('The shortest way to the ending "ON THE TEETH" is shorter: ') for text in changes.sentences
    )
    assert play(quick, GOOD_WORLD).routes["on_the_teeth"].after == changes.routes["on_the_teeth"].before


def test_lengths_of_runs_that_were_not_proven_shortest_are_not_compared() -> None:
    before = ring(30, 1)
    after = before.apply([{"op": "add_override", "from": ["r0"], "name": "wave"}])
    changes = play(before, after)
    assert changes.before is not None and changes.after is not None
    changes.after._analysis.finder = Pathfinder(changes.after._analysis.system, effort=200)
    assert not changes.routes
    lengths = [exploration.route_to("end") for exploration in (changes.before, changes.after)]
    assert lengths[0] is not None and lengths[1] is not None and len(lengths[0]) < len(lengths[1])


def test_lengths_are_compared_at_a_cost_that_no_number_of_endings_raises(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deep, "MAX_ROUTE_WORK", 1_000)
    costs = []
    for endings in (6, 12):
        world = ring(30, 1, endings)
        exploration = (changes := play(world, world.apply([{"op": "add_override", "from": ["r0"]}]))).before
        assert exploration is not None and len(exploration.endings) == endings
        exploration._analysis.finder = finder = Pathfinder(exploration._analysis.system, effort=200)
        assert changes.routes == {}
        costs.append(finder.nodes.total)
    assert costs[0] == costs[1]


def test_one_position_is_told_in_the_singular() -> None:
    states = {"lane": {"base": "A lane."}, "gate": {"base": "A gate."}}
    walk = {"name": "walk", "kind": "transition", "from": ["lane"], "to": "gate"}
    one = wk.load({"entrance": {"state": "lane"}, "scene": {"states": states, "events": []}})
    two = wk.load({"entrance": {"state": "lane"}, "scene": {"states": states, "events": [walk]}})
    assert play(two, one).sentences[-1] == "There is 1 position, 2 before."
    assert play(one, two).sentences[-1] == "There are 2 positions, 1 before."
    assert play(one, wk.load(one.to_dict())).sentences == ("Nothing that can happen changed; there is 1 position.",)


def test_new_events_that_change_nothing_else_are_said_to_be_new_and_those_that_are_gone_to_be_gone() -> None:
    states = {"lane": {"base": "A lane."}, "gate": {"base": "A gate."}}
    walk = go("walk", "lane", "gate")
    wave, sing = ({"name": name, "kind": "override", "from": ["lane"], "base": "On."} for name in ("wave", "sing"))
    bare, one, two = (world(states, [walk, *more]) for more in ((), (wave,), (wave, sing)))
    assert play(bare, one).sentences == (
        'The new event "wave" changes nothing else that can happen; there are 2 positions.',
    )
    assert play(bare, world(states, [walk, wave, {**wave, "base": "Again."}])).sentences == (
        'The new event "wave" changes nothing else that can happen; there are 2 positions.',
    )
    assert play(bare, two).sentences == (
        'The new events "wave" and "sing" change nothing else that can happen; there are 2 positions.',
    )
    assert play(two, one).sentences == (
        '"sing" is gone.',
        "Nothing else that can happen changed; there are 2 positions.",
    )
    assert not play(bare, two) and not play(two, bare)
    assert play(two, bare).events_removed == ("wave", "sing")


def test_a_renamed_state_is_the_same_state() -> None:
    names = [{"op": "rename_state", "from": old, "to": f"{old}_2"} for old in GOOD_WORLD.states]
    world = GOOD_WORLD.apply(names)
    changes = play(GOOD_WORLD, world)
    assert not changes
    assert changes.sentences == ("Nothing that can happen changed; there are 530 positions.",)
    changes_without_key = play(GOOD_WORLD, ROPELESS_WORLD.apply(names))
    assert (
        changes_without_key.endings_lost == ("two_cups_2",)
        and not changes_without_key.endings_gained
        and not changes_without_key.states_lost
    )


def test_a_renamed_event_is_the_same_event() -> None:
    document = ROPELESS_WORLD.to_dict()
    for event in document["scene"]["events"]:
        if event["name"] == "make_the_rope_fast":
            event["name"] = "tie_the_rope"
    changes = play(GOOD_WORLD, wk.load(document))
    assert changes.events_dead == ("tie_the_rope",)
    assert any(text.startswith('"tie_the_rope" can no longer happen') for text in changes.sentences)
    assert changes.fresh == frozenset()


def test_new_things_that_cannot_happen_are_said_to_be_new() -> None:
    impossible_event = {"name": "slip", "kind": "transition", "from": ["yard"], "to": "attic", "requires": ["ladder"]}
    attic = {"base": "A low attic.", "ending": {"kind": "win", "title": "UP"}}
    document = GOOD_WORLD.to_dict()
    document["scene"]["states"]["attic"] = attic
    document["scene"]["events"].append(impossible_event)
    changes = play(GOOD_WORLD, wk.load(document))
    assert changes.endings_lost == ("attic",) and changes.events_dead == ("slip",)
    assert changes.sentences[0].startswith('The ending "UP" cannot be reached, as ')


def test_an_ending_that_was_removed_is_gone() -> None:
    after = GOOD_WORLD.apply([{"op": "delete_state", "id": "on_the_teeth"}])
    changes = play(GOOD_WORLD, after)
    assert changes.endings_removed == ("on_the_teeth",) and not changes.endings_lost
    assert 'The ending "ON THE TEETH" is gone.' in changes.sentences


def test_when_no_ending_is_left_that_is_said_and_not_every_state() -> None:
    after = without("light_the_lamp", STEAMER_EVENT)
    changes = play(GOOD_WORLD, after)
    assert changes.sentences[0] == "No ending can be reached any more."
    assert not any("stuck" in text for text in changes.sentences)


def test_a_world_without_states_has_nothing_to_play() -> None:
    empty = wk.load({"scene": {"states": {}, "events": []}})
    assert play(GOOD_WORLD, empty).sentences == ("There is nothing to play: the world after has no states.",)
    assert play(empty, GOOD_WORLD).sentences[0].startswith("There was nothing to play before; now all 4 endings")
    assert play(empty, empty).positions == (0, 0)


def test_what_was_not_decided_is_said_and_nothing_is_claimed_of_it() -> None:
    archive = wk.samples.load("archive")
    after = archive.apply([{"op": "set_field", "state": archive.start, "field": "base", "value": "Steps."}])
    changes = wk.diff(archive, after, deep=True, budget=Budget(nodes=1, seconds=1e-9, memory=1)).play
    assert changes is not None and changes.undecided
    assert not changes.endings_lost and not changes.events_dead and not changes.soft_locks_new
    assert any("at least" in text for text in changes.sentences)


def test_it_is_shown_with_the_diff_as_text_as_a_page_and_as_json() -> None:
    changes = wk.diff(GOOD_WORLD, without(YARD_EVENT, STEAMER_EVENT), deep=True)
    assert changes.play is not None
    assert f"  {changes.play.sentences[0]}" in repr(changes).split("\n")
    assert changes.play.sentences[0] in read(changes._repr_html_()).text
    document = json.loads(json.dumps(changes.to_dict()))
    assert document["play"]["endingsLost"] == ["on_the_teeth"]
    assert document["play"]["softLocksNew"][0]["route"]
    assert GOOD_WORLD.apply(document["ops"]) == without(YARD_EVENT, STEAMER_EVENT)
    assert repr(changes.play).split("\n") == list(changes.play.sentences)


def test_names_from_a_world_can_neither_steer_a_terminal_nor_mark_up_a_page() -> None:
    document = GOOD_WORLD.to_dict()
    document["scene"]["states"]["two_cups"]["ending"]["title"] = "\x1b[31m<img src=x>\n"
    odd = wk.load(document)
    changes = wk.diff(odd, with_event("shoulder_a_coil_of_rope", odd, grants=None), deep=True)
    assert "\x1b" not in repr(changes)
    assert "img" not in read(changes._repr_html_()).tags


@settings(max_examples=60, deadline=None)
@given(edits())
def test_claims_agree_with_exploring_both_worlds(pair: tuple[Json, Json]) -> None:
    a, b = map(wk.load, pair)
    changes = play(a, b)
    json.dumps(changes.to_dict())
    assert changes.sentences
    if not a.states or not b.states:
        return
    before, after = wk.explore(a), wk.explore(b)
    assert changes.positions == (before.positions, after.positions)
    assert set(changes.endings_lost) <= after.unreachable_endings
    assert set(changes.endings_gained) <= after.endings
    assert set(changes.events_dead) <= after.dead_events
    assert set(changes.events_alive) <= after.events
    assert {lock.state for lock in changes.soft_locks_new} <= after.soft_lock_states
    assert not after.soft_lock_states & set(changes.soft_locks_gone)
    assert not play(b, b)
