"""What a report says: the verdict, what is wrong by harm, ways that replay; nothing that was not decided."""

from __future__ import annotations

import json

import pytest

from tests.play.report.worlds import hostile, spoiled, undecided, wide
from worldkit import Session, explore, samples
from worldkit.reporting.exploration_digest import cover_digest, digest, finding_run, to_json


def test_a_sound_world_is_all_right_and_has_a_way_to_every_ending() -> None:
    made = digest(explore(samples.load("lighthouse")))
    assert (made.mark, made.groups) == ("good", ())
    assert ("4 of 4", "endings reached") in made.figures
    assert all(end.reached and end.run is not None and end.run.length for end in made.endings)


def test_what_is_wrong_comes_by_harm_and_the_crossing_is_where_no_ending_is_left() -> None:
    found = explore(spoiled())
    made = digest(found)
    assert (made.mark, made.worst) == ("wrong", "error")
    ranks = [{"error": 0, "warning": 1, "info": 2}[group.entries[0].severity] for group in made.groups]
    assert ranks == sorted(ranks)
    entry = made.groups[0].entries[0]
    assert entry.kind == "soft-lock" and entry.run is not None and entry.run.crossing is not None
    assert entry.run.hops[entry.run.crossing].event == "enter_the_tower"
    assert entry.before == ("hand_lamp",) and entry.run.moment == entry.run.crossing
    assert [end.reached for end in made.endings] == [False, False, True, True], "those out of reach come first"


def test_every_way_that_is_shown_can_be_walked() -> None:
    found = explore(spoiled())
    made = digest(found)
    runs = [entry.run for group in made.groups for entry in group.entries] + [end.run for end in made.endings]
    runs += cover_digest(found, found.cover()).runs
    walked = 0
    for run in runs:
        if run is not None:
            session = Session(found.world)
            assert session.state == run.start
            for hop in run.hops:
                assert session.state == hop.origin
                session.fire(hop.event)
                assert session.state == hop.state
            walked += 1
    assert walked >= 5


def test_many_findings_of_a_kind_are_counted_not_listed() -> None:
    made = digest(explore(wide()), most=7)
    dead = next(group for group in made.groups if group.kind == "dead-event")
    assert (len(dead.entries), dead.more) == (7, 52)


def test_routes_left_over_are_marked_as_still_to_be_had() -> None:
    found = explore(spoiled())
    made = digest(found, seconds=0)
    entry = made.groups[0].entries[0]
    assert entry.later and entry.run is None
    assert finding_run(found, found.findings[entry.index]) is not None


def test_a_long_run_is_cut_and_says_how_much() -> None:
    found = explore(samples.load("archive"))
    made = cover_digest(found, found.cover())
    long = max(made.runs, key=lambda run: run.length)
    assert len(long.hops) == min(long.length, 200)


def test_of_an_incomplete_exploration_nothing_is_claimed_that_was_not_seen() -> None:
    found = undecided()
    made = digest(found)
    assert (made.mark, found.exact) == ("open", False)
    assert "unreached" not in made.states.values() and not made.dead
    assert all(end.reached is not False for end in made.endings)
    assert made.figures[0][0].startswith("at least ")


def test_a_world_without_endings_is_not_marked_as_stuck_everywhere() -> None:
    made = digest(explore(samples.load("broken")))
    assert not made.stuck and made.idle
    assert "endings reached" not in [noun for _, noun in made.figures]


@pytest.mark.parametrize("make", [spoiled, hostile, wide])
def test_a_report_is_json(make: object) -> None:
    made = to_json(digest(explore(make())))  # type: ignore[operator]
    assert json.loads(json.dumps(made, allow_nan=False)) == json.loads(json.dumps(made))
    assert set(made) >= {"verdict", "groups", "endings", "states"}
