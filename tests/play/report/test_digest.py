"""What a report says: the verdict, what is wrong by harm, ways that replay; nothing that was not decided."""

from __future__ import annotations

import itertools
import json

import pytest

from tests.play.report.worlds import hostile, spoiled, undecided, wide
from worldkit import Session, explore, samples
from worldkit.reporting.exploration_digest import cover_digest, digest, finding_run
from worldkit.reporting.exploration_parts import to_json


def test_a_sound_world_is_all_right_and_has_a_way_to_every_ending() -> None:
    summary = digest(explore(samples.load("lighthouse")))
    assert (summary.mark, summary.groups) == ("good", ())
    assert ("4 of 4", "endings reached") in summary.figures
    assert all(end.reached and end.run is not None and end.run.length for end in summary.endings)


def test_what_is_wrong_comes_by_harm_and_the_crossing_is_where_no_ending_is_left() -> None:
    exploration = explore(spoiled())
    summary = digest(exploration)
    assert (summary.mark, summary.worst) == ("wrong", "error")
    ranks = [{"error": 0, "warning": 1, "info": 2}[group.entries[0].severity] for group in summary.groups]
    assert ranks == sorted(ranks)
    entry = summary.groups[0].entries[0]
    assert entry.kind == "soft-lock" and entry.run is not None and entry.run.crossing is not None
    assert entry.run.hops[entry.run.crossing].event == "enter_the_tower"
    assert entry.before == ("hand_lamp",) and entry.run.moment == entry.run.crossing
    assert [end.reached for end in summary.endings] == [False, False, True, True], "those out of reach come first"


def test_every_way_that_is_shown_can_be_walked() -> None:
    exploration = explore(spoiled())
    summary = digest(exploration)
    runs = [entry.run for group in summary.groups for entry in group.entries] + [end.run for end in summary.endings]
    runs += cover_digest(exploration, exploration.cover()).runs
    walks = 0
    for run in runs:
        if run is not None:
            session = Session(exploration.world)
            assert session.state == run.start
            for hop in run.hops:
                assert session.state == hop.origin
                session.fire(hop.event)
                assert session.state == hop.state
            walks += 1
    assert walks >= 5


def test_many_findings_of_a_kind_are_counted_not_listed() -> None:
    summary = digest(explore(wide()), max_findings=7)
    dead = next(group for group in summary.groups if group.kind == "dead-event")
    assert (len(dead.entries), dead.more) == (7, 52)


def test_a_busy_machine_reports_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    exploration = explore(spoiled())
    clock = itertools.count(step=20)
    monkeypatch.setattr("time.perf_counter", lambda: float(next(clock)))
    summary = digest(exploration)
    assert not any(entry.later for group in summary.groups for entry in group.entries)
    assert not any(end.later for end in summary.endings)


def test_routes_left_over_are_marked_as_still_to_be_had() -> None:
    exploration = explore(spoiled())
    summary = digest(exploration, work=0)
    entry = summary.groups[0].entries[0]
    assert entry.later and entry.run is None
    assert finding_run(exploration, exploration.findings[entry.index]) is not None


def test_a_long_run_is_cut_and_says_how_much() -> None:
    exploration = explore(samples.load("archive"))
    summary = cover_digest(exploration, exploration.cover())
    long = max(summary.runs, key=lambda run: run.length)
    assert len(long.hops) == min(long.length, 200)


def test_of_an_incomplete_exploration_nothing_is_claimed_that_was_not_seen() -> None:
    exploration = undecided()
    summary = digest(exploration)
    assert (summary.mark, exploration.exact) == ("open", False)
    assert "unreached" not in summary.states.values() and not summary.dead
    assert all(end.reached is not False for end in summary.endings)
    assert summary.figures[0][0].startswith("at least ")


def test_a_world_without_endings_is_not_marked_as_stuck_everywhere() -> None:
    summary = digest(explore(samples.load("broken")))
    assert not summary.stuck and summary.idle
    assert "endings reached" not in [noun for _, noun in summary.figures]


@pytest.mark.parametrize("make", [spoiled, hostile, wide])
def test_a_report_is_json(make: object) -> None:
    document = to_json(digest(explore(make())))  # type: ignore[operator]
    assert json.loads(json.dumps(document, allow_nan=False)) == json.loads(json.dumps(document))
    assert set(document) >= {"verdict", "groups", "endings", "states"}
