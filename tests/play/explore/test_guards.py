"""A guard is proposed only where play of the changed world proves that no run gets stuck and nothing is taken away."""

from __future__ import annotations

from tests.play.explore.small import explore_plainly
from tests.play.explore.test_findings import ROPE
from tests.play.explore.test_why import world
from worldkit import Exploration, explore
from worldkit.editing.batch import apply
from worldkit.exploration.guards import FlagGuard, find_guards


def guards_of(exploration: Exploration) -> list[FlagGuard]:
    """Return the guards that are found in a minute: on a busy machine a moment can take seconds."""
    return find_guards(exploration, seconds=60)


def test_the_way_into_a_soft_lock_is_to_need_what_leads_out_of_it() -> None:
    exploration = explore_plainly(world(*ROPE, endings=("c",)))
    assert guards_of(exploration) == [FlagGuard(("cross the bridge",), ("rope",), ("b",))]
    op = {"op": "set_event_requires", "event": "cross the bridge", "value": ["rope"]}
    after = explore(apply(exploration.world, [op]).world)
    assert after.soft_locks == [] and after.endings == exploration.endings and after.events == exploration.events


def test_every_way_into_a_soft_lock_is_guarded() -> None:
    jump = {"name": "jump the gap", "to": "b"}
    (guard,) = guards_of(explore_plainly(world(*ROPE, jump, endings=("c",))))
    assert set(guard.events) == {"cross the bridge", "jump the gap"} and guard.flags == ("rope",)


def test_a_guard_that_takes_an_ending_or_an_event_away_is_not_proposed() -> None:
    only_there = [
        {"name": "cross the bridge", "to": "b"},
        {"name": "take the rope", "kind": "override", "from": ["b"], "grants": ["rope"], "requires": ["knot"]},
        {"name": "learn the knot", "kind": "override", "grants": ["knot"]},
        {"name": "climb down", "from": ["b"], "to": "c", "requires": ["rope"]},
    ]
    guards = guards_of(explore_plainly(world(*only_there, endings=("c",))))
    assert [guard.flags for guard in guards] == [("knot",)], "the rope lies beyond the bridge"


def test_where_no_flag_helps_there_is_no_guard() -> None:
    exploration = explore_plainly(world({"to": "b"}, {"to": "c"}, {"from": ["b"], "to": "b"}, endings=("c",)))
    assert exploration.soft_locks and guards_of(exploration) == []


def test_a_world_without_soft_locks_has_no_guards() -> None:
    assert guards_of(explore_plainly(world({"to": "b"}, endings=("b",)))) == []
