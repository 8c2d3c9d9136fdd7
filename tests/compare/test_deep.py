"""A deep diff says what an edit did to play, follows renames, and claims nothing it does not know."""

from __future__ import annotations

import json

from hypothesis import given, settings

import worldkit as wk
from tests.compare.documents import Json, edited
from tests.compare.test_show import read
from tests.lighthouse import BACK, CIRCLE, GOOD, KEYLESS, RACE, STUCK, with_event, without
from worldkit.comparison import PlayChanges
from worldkit.exploration import Budget


def play(a: wk.World, b: wk.World) -> PlayChanges:
    found = wk.diff(a, b, deep=True).play
    assert found is not None
    return found


def test_a_plain_diff_says_nothing_of_play() -> None:
    assert wk.diff(GOOD, STUCK).play is None


def test_an_ending_that_can_no_longer_be_reached_is_named_with_the_reason() -> None:
    found = play(GOOD, KEYLESS)
    assert found.endings_lost == ("two_cups",)
    assert found.sentences[0].startswith('The ending "TWO CUPS" can no longer be reached, as ')
    assert '"rope"' in found.sentences[0]
    assert found.events_dead == ("make_the_rope_fast",)


def test_the_way_back_says_what_is_possible_again() -> None:
    found = play(KEYLESS, GOOD)
    assert (found.endings_gained, found.events_alive) == (("two_cups",), ("make_the_rope_fast",))
    assert 'The ending "TWO CUPS" can be reached now.' in found.sentences
    assert '"make_the_rope_fast" can happen now.' in found.sentences


def test_new_soft_locks_come_with_a_route_that_replays_in_the_new_world() -> None:
    found = play(without(RACE), STUCK)
    assert {lock.state for lock in found.soft_locks_new} == wk.explore(STUCK).soft_lock_states
    for lock in found.soft_locks_new:
        assert lock.route is not None
        assert wk.replay(STUCK, lock.route).state == lock.state
    assert found.sentences[0].startswith('After "enter_the_tower" without "oil" no ending can be reached')
    assert "A shortest way there: " in found.sentences[0]
    back = play(STUCK, without(RACE))
    assert back.soft_locks_gone and not back.soft_locks_new
    assert any("can no longer get stuck" in sentence for sentence in back.sentences)


def test_what_follows_from_elsewhere_is_said_in_one_sentence() -> None:
    found = play(GOOD, CIRCLE)
    assert len([said for said in found.sentences if "can no longer happen" in said]) == 2
    assert len([said for said in found.sentences if said.startswith("No run gets to where ")]) == 1
    assert found.states_lost == ("lamp_lit", "bell_rock")


def test_shorter_and_longer_ways_to_an_ending_are_said() -> None:
    quick = with_event("enter_the_tower", requires=None)
    found = play(GOOD, quick)
    assert {id: (length.before > length.after) for id, length in found.routes.items()}["on_the_teeth"]
    assert any(
        said.startswith('The shortest way to the ending "ON THE TEETH" is shorter: ') for said in found.sentences
    )
    assert play(quick, GOOD).routes["on_the_teeth"].after == found.routes["on_the_teeth"].before


def test_a_renamed_state_is_the_same_state() -> None:
    names = [{"op": "rename_state", "from": old, "to": f"{old}_2"} for old in GOOD.states]
    renamed = GOOD.apply(names)
    found = play(GOOD, renamed)
    assert not found
    assert found.sentences == ("Nothing that can happen changed; there are 530 positions.",)
    lost = play(GOOD, KEYLESS.apply(names))
    assert lost.endings_lost == ("two_cups_2",) and not lost.endings_gained and not lost.states_lost


def test_a_renamed_event_is_the_same_event() -> None:
    made = KEYLESS.to_dict()
    for event in made["scene"]["events"]:
        if event["name"] == "make_the_rope_fast":
            event["name"] = "tie_the_rope"
    found = play(GOOD, wk.load(made))
    assert found.events_dead == ("tie_the_rope",)
    assert any(said.startswith('"tie_the_rope" can no longer happen') for said in found.sentences)
    assert found.fresh == frozenset()


def test_new_things_that_cannot_happen_are_said_to_be_new() -> None:
    shut = {"name": "slip", "kind": "transition", "from": ["yard"], "to": "attic", "requires": ["ladder"]}
    attic = {"base": "A low attic.", "ending": {"kind": "win", "title": "UP"}}
    made = GOOD.to_dict()
    made["scene"]["states"]["attic"] = attic
    made["scene"]["events"].append(shut)
    found = play(GOOD, wk.load(made))
    assert found.endings_lost == ("attic",) and found.events_dead == ("slip",)
    assert found.sentences[0].startswith('The ending "UP" cannot be reached, as ')


def test_an_ending_that_was_removed_is_gone() -> None:
    after = GOOD.apply([{"op": "delete_state", "id": "on_the_teeth"}])
    found = play(GOOD, after)
    assert found.endings_removed == ("on_the_teeth",) and not found.endings_lost
    assert 'The ending "ON THE TEETH" is gone.' in found.sentences


def test_when_no_ending_is_left_that_is_said_and_not_every_state() -> None:
    after = without("light_the_lamp", RACE)
    found = play(GOOD, after)
    assert found.sentences[0] == "No ending can be reached any more."
    assert not any("stuck" in sentence for sentence in found.sentences)


def test_a_world_without_states_has_nothing_to_play() -> None:
    empty = wk.load({"scene": {"states": {}, "events": []}})
    assert play(GOOD, empty).sentences == ("There is nothing to play: the world after has no states.",)
    assert play(empty, GOOD).sentences[0].startswith("There was nothing to play before; now all 4 endings")
    assert play(empty, empty).positions == (0, 0)


def test_what_was_not_decided_is_said_and_nothing_is_claimed_of_it() -> None:
    archive = wk.samples.load("archive")
    after = archive.apply([{"op": "set_field", "state": archive.start, "field": "base", "value": "Steps."}])
    found = wk.diff(archive, after, deep=True, budget=Budget(nodes=1, seconds=1e-9, memory=1)).play
    assert found is not None and found.undecided
    assert not found.endings_lost and not found.events_dead and not found.soft_locks_new
    assert any("at least" in sentence for sentence in found.sentences)


def test_it_is_shown_with_the_diff_as_text_as_a_page_and_as_json() -> None:
    found = wk.diff(GOOD, without(BACK, RACE), deep=True)
    assert found.play is not None
    assert f"  {found.play.sentences[0]}" in repr(found).split("\n")
    assert found.play.sentences[0] in read(found._repr_html_()).text
    made = json.loads(json.dumps(found.to_dict()))
    assert made["play"]["endingsLost"] == ["on_the_teeth"]
    assert made["play"]["softLocksNew"][0]["route"]
    assert GOOD.apply(made["ops"]) == without(BACK, RACE)
    assert repr(found.play).split("\n") == list(found.play.sentences)


def test_names_from_a_world_can_neither_steer_a_terminal_nor_mark_up_a_page() -> None:
    made = GOOD.to_dict()
    made["scene"]["states"]["two_cups"]["ending"]["title"] = "\x1b[31m<img src=x>\n"
    odd = wk.load(made)
    found = wk.diff(odd, with_event("shoulder_a_coil_of_rope", odd, grants=None), deep=True)
    assert "\x1b" not in repr(found)
    assert "img" not in read(found._repr_html_()).tags


@settings(max_examples=60, deadline=None)
@given(edited())
def test_claims_agree_with_exploring_both_worlds(pair: tuple[Json, Json]) -> None:
    a, b = map(wk.load, pair)
    found = play(a, b)
    json.dumps(found.to_dict())
    assert found.sentences
    if not a.states or not b.states:
        return
    before, after = wk.explore(a), wk.explore(b)
    assert found.positions == (before.positions, after.positions)
    assert set(found.endings_lost) <= after.unreachable_endings
    assert set(found.endings_gained) <= after.endings
    assert set(found.events_dead) <= after.dead_events
    assert set(found.events_alive) <= after.events
    assert {lock.state for lock in found.soft_locks_new} <= after.soft_lock_states
    assert not after.soft_lock_states & set(found.soft_locks_gone)
    assert not play(b, b)
