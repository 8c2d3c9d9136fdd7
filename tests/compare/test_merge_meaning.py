"""What a merge does to play: what neither side had is said, with what each side did; what a side had is not."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

import worldkit as wk
from tests.compare.test_merge_laws import branches, three
from tests.compare.worlds import Json, go, world
from worldkit import Budget

HALL, SHED, PIT = {"base": "A hall."}, {"base": "A shed of tin."}, {"base": "A pit of clay."}
HOME = {"base": "A low room.", "ending": {"kind": "win", "title": "Home"}}
STATES = {"hall": HALL, "shed": SHED, "home": HOME}
TO_SHED, BACK, OPEN = go("to_shed", "hall", "shed"), go("back", "shed", "hall"), go("open_door", "hall", "home")
TAKE = {"name": "take_lamp", "kind": "override", "from": ["shed"], "grants": ["lamp"], "oneShot": True}


def world_with(events: list[Json], **states: Json) -> wk.World:
    return world({**STATES, **states}, events, entrance={"state": "hall"})


def warnings_of(base: wk.World, ours: wk.World, theirs: wk.World, **options: Any) -> list[str]:
    """Return what is said of a merge, and check that the sides changed over say the same."""
    m, other = wk.merge(base, ours, theirs), wk.merge(base, theirs, ours)
    assert m.clean
    assert [(w.kind, w.item) for w in m.warnings] == [(w.kind, w.item) for w in other.warnings]
    assert [(w.ours.removeprefix("ours"), w.theirs.removeprefix("theirs")) for w in m.warnings] == [
        (w.theirs.removeprefix("theirs"), w.ours.removeprefix("ours")) for w in other.warnings
    ]
    return [str(warning) for warning in m.warnings]


BASE = world_with([TO_SHED, BACK, TAKE, OPEN])


def test_a_key_removed_here_and_a_lock_added_there_close_the_ending() -> None:
    lock_added = world_with([TO_SHED, BACK, TAKE, {**OPEN, "requires": ["lamp"]}])
    assert warnings_of(BASE, world_with([TO_SHED, BACK, OPEN]), lock_added) == [
        'The ending "Home" can no longer be reached: ours removed "take_lamp", which gives "lamp"; '
        'theirs made "open_door" need "lamp".'
    ]
    (warning,) = wk.merge(BASE, world_with([TO_SHED, BACK, OPEN]), lock_added).warnings
    assert (warning.kind, warning.severity, warning.item.id) == ("unreachable-ending", "error", "home")
    assert warning.to_dict()["theirs"] == 'theirs made "open_door" need "lamp"'


def test_a_key_that_an_event_no_longer_gives_is_said() -> None:
    bare = {key: value for key, value in TAKE.items() if key != "grants"}
    lock_added = world_with([TO_SHED, BACK, TAKE, {**OPEN, "requires": ["lamp"]}])
    (texts,) = warnings_of(BASE, world_with([TO_SHED, BACK, bare, OPEN]), lock_added)
    assert 'ours let "take_lamp" no longer give "lamp"; theirs made "open_door" need "lamp"' in texts


def test_two_ways_each_side_closing_one() -> None:
    base = world_with([TO_SHED, BACK, OPEN, go("crawl", "shed", "home")])
    one, other = world_with([TO_SHED, BACK, OPEN]), world_with([TO_SHED, BACK, go("crawl", "shed", "home")])
    (texts,) = warnings_of(base, one, other)
    assert texts == 'The ending "Home" can no longer be reached: ours removed "crawl"; theirs removed "open_door".'


def test_a_room_added_there_behind_what_was_closed_here() -> None:
    theirs = world_with([TO_SHED, BACK, TAKE, OPEN, go("climb", "shed", "loft"), go("down", "loft", "shed")], loft=PIT)
    ours = world_with([BACK, TAKE, OPEN])
    assert warnings_of(BASE, ours, theirs) == ['"loft" cannot be reached: ours removed "to_shed"; theirs added "loft".']


def test_a_way_in_added_there_and_the_way_out_closed_here() -> None:
    tunnel, hatch = go("tunnel", "shed", "pit"), go("hatch", "pit", "hall")
    base = world_with([OPEN, TO_SHED, BACK, tunnel, hatch], pit=PIT)
    ours = world_with([OPEN, TO_SHED, BACK], pit=PIT)
    theirs = world_with([OPEN, TO_SHED, BACK, tunnel, hatch, go("slip", "hall", "pit")], pit=PIT)
    (texts,) = warnings_of(base, ours, theirs)
    assert (
        texts == 'In "pit" there is nothing to do, and the run is not over: ours removed "hatch"; theirs added "slip".'
    )


def test_a_run_stuck_because_of_both_is_said_with_both() -> None:
    base = world_with([OPEN, TO_SHED, BACK, go("hatch", "shed", "home")])
    ours, theirs = world_with([OPEN, TO_SHED, BACK]), world_with([OPEN, TO_SHED, go("hatch", "shed", "home")])
    (texts,) = warnings_of(base, ours, theirs)
    assert '"shed"' in texts and texts.endswith('ours removed "hatch"; theirs removed "back".')


def test_what_one_side_had_already_is_not_said_again() -> None:
    world_without_key = world_with([OPEN, TO_SHED])
    assert warnings_of(BASE, world_without_key, world_with([TO_SHED, BACK, TAKE, {**OPEN, "detail": "Slowly."}])) == []


def test_one_key_given_to_two_buttons_is_said_by_the_rule() -> None:
    ours = world_with([{**TO_SHED, "hotkey": "k"}, BACK, TAKE, OPEN])
    theirs = world_with([TO_SHED, BACK, TAKE, {**OPEN, "hotkey": "k"}])
    texts = warnings_of(BASE, ours, theirs)
    assert len(texts) == 1 and '"hotkey"' in texts[0]
    (warning,) = wk.merge(BASE, ours, theirs).warnings
    assert warning.kind == "clashing-hotkey"


def test_names_given_on_one_side_are_followed() -> None:
    ours = wk.load(json.dumps(world_with([TO_SHED, BACK, OPEN]).to_dict()).replace('"hall"', '"great hall"'))
    lock_added = world_with([TO_SHED, BACK, TAKE, {**OPEN, "requires": ["lamp"]}])
    m = wk.merge(BASE, ours, lock_added)
    assert m.clean and "great hall" in m.world.states
    (warning,) = m.warnings
    assert warning.ours == 'ours removed "take_lamp", which gives "lamp"'
    assert warning.theirs == 'theirs made "open_door" need "lamp"'


def test_nothing_is_played_before_it_is_asked_for_and_what_is_not_decided_is_said() -> None:
    lock_added = world_with([TO_SHED, BACK, TAKE, {**OPEN, "requires": ["lamp"]}])
    m = wk.merge(BASE, world_with([TO_SHED, BACK, OPEN]), lock_added)
    assert ".warnings says" in repr(m)
    assert m.warnings and "1 warning" in repr(m) and "can no longer" in m._repr_html_()
    assert isinstance(m.check(Budget(nodes=1, seconds=1e-6, memory=1)), tuple)


def test_a_merge_that_takes_one_side_as_it_is_says_nothing() -> None:
    dead = world_with([TO_SHED, BACK])
    assert wk.merge(BASE, dead, BASE).warnings == () == wk.merge(BASE, BASE, dead).warnings


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(branches())
def test_any_merge_can_be_judged(three_documents: tuple[Json, Json, Json]) -> None:
    m = wk.merge(*three(three_documents))
    for warning in m.warnings:
        assert warning.message and json.dumps(warning.to_dict())


@pytest.mark.parametrize("name", ["lighthouse", "delivery"])
def test_a_sample_merged_with_two_edits_of_its_prose_has_nothing_new(name: str) -> None:
    base = wk.samples.load(name)
    first, *_, last = base.states
    ours, theirs = (
        base.apply([{"op": "update_state", "id": id, "patch": {"narration": "Rain."}}]) for id in (first, last)
    )
    m = wk.merge(base, ours, theirs)
    assert m.clean and m.warnings == ()
