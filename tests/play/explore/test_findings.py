"""Findings say what is wrong in plain words, most harmful first, and the verdict comes first of all."""

from __future__ import annotations

import itertools
import json
from typing import Any

import pytest

from tests.effort import seeds
from tests.play.explore.small import explore_plainly, real, small
from tests.play.explore.test_why import world
from tests.play.report.worlds import spoiled
from worldkit import Finding, Item, World, explore, replay
from worldkit.exploration.finding import KINDS
from worldkit.exploration.summary import is_decided, undecided_sentences
from worldkit.reporting.exploration_digest import digest

pytestmark = pytest.mark.seeds

Json = dict[str, Any]
ROPE: list[Json] = [
    {"name": "take the rope", "kind": "override", "grants": ["rope"]},
    {"name": "cross the bridge", "to": "b"},
    {"name": "climb down", "from": ["b"], "to": "c", "requires": ["rope"]},
    {"name": "look around", "kind": "override", "from": ["b"]},
]


def of(kind: str, findings: tuple[Finding, ...]) -> list[Finding]:
    return [finding for finding in findings if finding.kind == kind]


def test_a_soft_lock_names_its_cause_its_key_and_the_point_of_no_return() -> None:
    exploration = explore_plainly(world(*ROPE, endings=("c",)))
    (finding,) = exploration.findings
    assert finding.message == (
        'After "cross the bridge" without "rope" no ending can be reached: the run is stuck in "b".'
    )
    assert finding.fix == 'Let "cross the bridge" require "rope", or grant "rope" where the run gets stuck.'
    assert (finding.kind, finding.severity, finding.item) == ("soft-lock", "error", Item("event", "cross the bridge"))
    assert finding.route is not None and finding.route.events == ("cross the bridge",)
    assert finding.lock is not None and finding.lock.before is not None and finding.lock.before.state == "a"
    assert exploration.verdict == (
        'The ending can be reached; a run can get stuck in 1 state, first after "cross the bridge".'
    )


def test_states_stuck_for_one_cause_are_one_finding() -> None:
    on = [{"from": ["b"], "to": "d"}, {"from": ["d"], "to": "b"}]
    exploration = explore_plainly(world(*ROPE, *on, states=("a", "b", "c", "d"), endings=("c",)))
    (finding,) = exploration.findings
    assert finding.states == ("b", "d")
    assert len(exploration.soft_locks) == 2
    assert finding.message.endswith('the run is stuck in "b" and "d".')


def test_a_busy_machine_shows_and_groups_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = itertools.count(step=20)
    monkeypatch.setattr("time.process_time", lambda: float(next(clock)))
    findings = explore(spoiled()).findings
    assert len(of("soft-lock", findings)) == 1 and not of("undecided", findings)


def test_a_busy_machine_says_the_same_of_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    exploration = explore(world(*ROPE, endings=("c",)))
    clock = itertools.count(step=20)
    monkeypatch.setattr("time.perf_counter", lambda: float(next(clock)))
    (finding,) = exploration.findings
    assert finding.lock is not None and finding.lock.missing == [frozenset({"rope"})]


def test_what_is_missing_is_left_out_when_finding_it_takes_too_many_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("worldkit.exploration.must_may.MAX_WORK", 1)
    (finding,) = explore(world(*ROPE, endings=("c",))).findings
    assert finding.message == 'After "cross the bridge" no ending can be reached: the run is stuck in "b".'


def test_what_no_run_was_searched_for_any_more_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    events: list[Any] = [{"to": "c"}]
    for trap in "vwxyz":
        events += [{"name": f"fall into {trap}", "to": trap}, {"from": [trap], "to": trap}]
    trap_world = world(*events, states=("a", "c", *"vwxyz"), endings=("c",))
    assert len(of("soft-lock", explore_plainly(trap_world).findings)) == 5
    monkeypatch.setattr("worldkit.exploration.findings.MAX_WITNESS_WORK", 100)
    findings = explore_plainly(trap_world).findings
    (rest,) = of("undecided", findings)
    assert [lock.states for lock in of("soft-lock", findings)] == [("v",), ("w",), ("x",)]
    assert rest.message == "In 2 more states a run can get stuck, but no run that shows it was found in time."


def test_a_trap_that_no_run_shows_leaves_its_check_open(monkeypatch: pytest.MonkeyPatch) -> None:
    trap_world = world({"to": "c"}, {"to": "b"}, {"from": ["b"], "to": "b"}, endings=("c",))
    sound_world = world({"to": "c"}, endings=("c",), states=("a", "c"))
    shown = explore_plainly(trap_world)
    assert of("soft-lock", shown.findings) and is_decided(shown, "soft-lock")
    monkeypatch.setattr("worldkit.exploration.findings.MAX_WITNESS_WORK", 0)
    hidden, sound = explore_plainly(trap_world), explore_plainly(sound_world)
    assert hidden.complete and not of("soft-lock", hidden.findings)
    assert not is_decided(hidden, "soft-lock") and is_decided(hidden, "dead-end") and is_decided(sound, "soft-lock")
    assert undecided_sentences(hidden) and not undecided_sentences(sound)
    error = '<error type="undecided" message="This was not decided.">In 1 more state a run can get stuck'
    assert error in hidden.to_junit() and "<error" not in sound.to_junit()
    assert (digest(shown).mark, digest(hidden).mark, digest(sound).mark) == ("wrong", "open", "good")


def test_a_soft_lock_that_nothing_helps_asks_for_a_way() -> None:
    exploration = explore_plainly(world({"to": "b"}, {"to": "c"}, {"from": ["b"], "to": "b"}, endings=("c",)))
    (finding,) = exploration.findings
    assert finding.message == 'After "e0" no ending can be reached: the run is stuck in "b".'
    assert finding.fix == 'Open a way from "b" to an ending, or make it one.'


def test_a_sequence_can_be_the_cause() -> None:
    walk = {"id": "slide", "title": "t", "beats": [{"state": "a"}, {"state": "b"}]}
    exploration = explore_plainly(world({"to": "c"}, {"from": ["b"], "to": "b"}, endings=("c",), sequences=[walk]))
    (finding,) = exploration.findings
    assert finding.item == Item("sequence", "slide")
    assert finding.lock is not None and finding.lock.cause == "sequence:slide"


def test_a_dead_end_is_one_finding_and_says_why() -> None:
    exploration = explore_plainly(
        world({"to": "c"}, {"to": "b"}, {"from": ["b"], "to": "a", "requires": ["key"]}, endings=("c",))
    )
    finding = of("dead-end", exploration.findings)[0]
    assert not of("soft-lock", exploration.findings)
    assert finding.route is not None and finding.route.events == ("e1",)
    assert finding.message == (
        'In "b" nothing may be left to do, and the run is not over: all that is offered there needs "key".'
    )
    assert "with nothing left to do" in exploration.verdict


def test_a_dead_end_says_that_some_of_what_is_offered_is_used_up() -> None:
    look = {"kind": "override", "from": ["b"], "oneShot": True}
    door = {"from": ["b"], "to": "a", "requires": ["key"]}
    for events, why in (
        ([look, door], 'needs "key" or is used up'),
        ([look], "is used up"),
        ([door], 'needs "key"'),
    ):
        exploration = explore(world({"to": "c"}, {"to": "b"}, *events, endings=("c",)))
        (finding,) = of("dead-end", exploration.findings)
        assert finding.message.endswith(f"all that is offered there {why}.")


def test_no_ending_at_all_and_none_in_reach_are_two_things() -> None:
    none = explore_plainly(world({"to": "b"}, {"from": ["b"], "to": "a"}))
    assert none.findings[0].message == "The world has no ending, so no run is ever over."
    assert none.verdict.startswith("This world has no ending")
    exploration = explore_plainly(world({"to": "b"}, {"from": ["b"], "to": "a"}, endings=("c",)))
    assert exploration.findings[0].kind == "no-ending-reachable" and exploration.findings[0].severity == "error"
    assert not of("soft-lock", exploration.findings)
    assert exploration.verdict.startswith("No ending can be reached")


def test_one_ending_of_which_not_all_is_known_is_counted_in_the_singular() -> None:
    namesake = {"name": "go", "to": "b"}
    exploration = explore(world(namesake, {**namesake, "autoAfterMs": 1}, {"from": ["b"], "to": "c"}, endings=("c",)))
    assert exploration.verdict.startswith("At least 1 of 1 ending can be reached; ")


def test_an_ending_out_of_reach_names_the_root_of_it() -> None:
    exploration = explore_plainly(
        world(
            {"name": "unlock", "to": "b", "requires": ["key"]},
            {"name": "walk on", "from": ["b"], "to": "c"},
            {"name": "win", "from": ["c"], "to": "d"},
            {"name": "give up", "to": "e"},
            states=("a", "b", "c", "d", "e"),
            endings=("d", "e"),
        )
    )
    (ending,) = of("unreachable-ending", exploration.findings)
    reason = '"unlock" can never happen: it needs "key", which nothing grants.'
    assert ending.message == f'The ending "The end in d" cannot be reached, as {reason}'
    assert [finding.severity for finding in of("unreachable-state", exploration.findings)] == ["warning", "info"]
    assert [finding.item.id for finding in of("dead-event", exploration.findings)] == ["unlock", "walk on", "win"]
    (key,) = of("key-missing", exploration.findings)
    assert key.message == '"unlock" needs "key", and nothing grants it.'
    assert exploration.verdict.startswith('1 of 2 endings can be reached, "d" cannot; no run can get stuck')


def test_an_event_that_is_offered_in_the_state_it_leads_to_as_well_leads_there() -> None:
    exploration = explore_plainly(
        world({"name": "go", "from": ["a", "b"], "to": "b", "requires": ["key"]}, {"to": "c"}, endings=("c",))
    )
    (state,) = of("unreachable-state", exploration.findings)
    reason = '"go" can never happen: it needs "key", which nothing grants.'
    assert (state.message, state.severity) == (f'"b" is never reached, as {reason}', "warning")


def test_a_state_that_only_events_of_its_own_lead_to_has_nothing_that_leads_there() -> None:
    stay = {"from": ["b", "c", "nowhere"], "to": "b"}
    exploration = explore_plainly(world(stay, {"to": "c"}, endings=("c",)))
    (state,) = of("unreachable-state", exploration.findings)
    assert (state.message, state.severity) == ('"b" is never reached, as nothing leads there.', "warning")


def test_a_sequence_leads_to_the_states_it_passes_through() -> None:
    slide = {"id": "slide", "title": "t", "beats": [{"state": "b"}, {"state": "c"}]}
    states = ("a", "b", "c", "d")
    exploration = explore_plainly(world({"to": "d"}, states=states, endings=("d",), sequences=[slide]))
    assert {finding.item.id: (finding.message, finding.severity) for finding in exploration.findings} == {
        "b": ('"b" is never reached, as nothing leads there.', "warning"),
        "c": ('"c" is never reached, as nothing leads to "b", which lies on the way.', "info"),
    }


def test_a_sequence_that_begins_where_another_only_passes_is_what_a_state_waits_for() -> None:
    walk = {"id": "walk", "title": "t", "beats": [{"state": "a"}, {"state": "b"}, {"state": "c"}]}
    slide = {"id": "slide", "title": "t", "beats": [{"state": "b"}, {"state": "d"}]}
    states = ("a", "b", "c", "d")
    exploration = explore_plainly(world({"to": "c"}, states=states, endings=("c",), sequences=[walk, slide]))
    (state,) = of("unreachable-state", exploration.findings)
    reason = 'the sequence "slide" begins in "b", which sequences only pass through.'
    assert (state.message, state.severity) == (f'"d" is never reached, as {reason}', "info")


def test_of_reasons_equally_near_the_first_in_the_world_is_told() -> None:
    locked = [{"name": name, "to": to, "requires": [name]} for name, to in (("one", "b"), ("two", "c"))]
    on = [{"from": ["b", "c"], "to": "d"}, {"from": ["c"], "to": "d"}]
    states = ("a", "b", "c", "d", "e")
    for ways, first in ((locked, "one"), (locked[::-1], "one")):
        exploration = explore_plainly(world(*ways, *on, {"to": "e"}, states=states, endings=("e",)))
        (state,) = (finding for finding in of("unreachable-state", exploration.findings) if finding.item.id == "d")
        assert (
            state.message
            == f'"d" is never reached, as "{first}" can never happen: it needs "{first}", which nothing grants.'
        )


def test_events_of_one_name_that_would_grant_a_key_are_named_once() -> None:
    take = {"name": "take", "kind": "override", "from": ["b"], "grants": ["key"]}
    exploration = explore_plainly(
        world({"name": "unlock", "to": "c", "requires": ["key"]}, take, take, {"to": "d"},
              states=("a", "b", "c", "d"), endings=("d",))
    )  # fmt: skip
    (key,) = of("key-missing", exploration.findings)
    assert key.message == '"unlock" needs "key", and only "take" would grant it, which can never happen.'
    assert exploration.why("unlock").text == (
        '"unlock" can never happen: it needs "key", which only "take" would grant, and that never happens.'
    )


def test_keys_that_wait_for_each_other_are_told_without_end() -> None:
    exploration = explore_plainly(
        world(
            {"to": "b", "requires": ["x"], "grants": ["y"]},
            {"to": "b", "requires": ["y"], "grants": ["x"]},
            {"to": "c"},
            endings=("b", "c"),
        )
    )
    (ending,) = of("unreachable-ending", exploration.findings)
    assert "which only" in ending.message


def test_a_flag_nothing_asks_for_is_only_mentioned() -> None:
    exploration = explore_plainly(world({"to": "c", "grants": ["coin"]}, states=("a", "c"), endings=("c",)))
    (finding,) = exploration.findings
    assert (finding.kind, finding.severity) == ("flag-never-required", "info")
    assert finding.message == '"e0" grants "coin", which nothing asks for.'
    assert exploration.verdict == "The ending can be reached; no run can get stuck."


@pytest.mark.parametrize("lot", range(3))
def test_findings_hold_in_any_world(lot: int) -> None:
    for seed in range(lot * 150, lot * 150 + seeds(150)):
        random_world = small(seed)
        exploration, truth = explore_plainly(random_world), real(random_world)
        order = [(["error", "warning", "info"].index(f.severity), KINDS.index(f.kind)) for f in exploration.findings]
        assert order == sorted(order)
        stuck_states = {
            state for f in exploration.findings if f.kind in ("soft-lock", "dead-end") for state in f.states
        }
        assert exploration.dead_ends == [] or {end.state for end in exploration.dead_ends} <= stuck_states
        if exploration.endings:
            assert stuck_states == exploration.soft_lock_states
        assert {f.item.id for f in of("dead-event", exploration.findings)} == exploration.dead_events
        for finding in exploration.findings:
            assert finding.message and finding.fix and finding.message[-1] == finding.fix[-1] == "."
            if finding.route is not None:
                assert replay(random_world, finding.route).position in truth.depth
        assert json.loads(json.dumps(exploration.to_dict()))["format"] == "smworld-exploration"
        assert 1 <= len(repr(exploration).splitlines()) <= 5


def test_names_with_markup_and_newlines_stay_on_their_line() -> None:
    exploration = explore_plainly(
        world({"name": "<b>\n__proto__", "to": "b", "requires": ["\n\u0000"]}, endings=("c",))
    )
    assert len(repr(exploration).splitlines()) <= 5
    assert all("\n" not in finding.message + finding.fix for finding in exploration.findings)


def test_a_dead_ends_route_leaves_nothing_at_all_to_do() -> None:
    dead_ends_tested = 0
    for seed in range(seeds(400)):
        world = small(seed, events=7, once=0.6)
        for end in explore(world).dead_ends:
            assert end.route is not None
            session = replay(world, end.route)
            offers = [offer for offer in [*session.offers, *session.hidden_offers] if offer.available]
            assert (session.state, session.flags, session.ended, offers) == (end.state, end.flags, None, [])
            dead_ends_tested += 1
    assert dead_ends_tested > seeds(400) / 4


def _many_endings(count: int) -> World:
    """Return a world in which each ending is a step from the start, and an event of every other state is dead."""
    ends = [f"end {i}" for i in range(count)]
    return world(
        *({"to": end} for end in ends),
        *({"from": ["a"], "to": end, "name": f"pay for {end}", "requires": [f"coin {end}"]} for end in ends),
        states=("a", *ends),
        endings=tuple(ends),
    )


def test_the_routes_of_an_exploration_as_json_have_one_limit_and_those_left_out_are_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plain = explore_plainly(_many_endings(12)).to_dict()
    assert len(plain["routes"]) == 12 and plain["routesLeftOut"] == []
    assert not any("leftOut" in finding for finding in plain["findings"])
    monkeypatch.setattr("worldkit.exploration.serialization.MAX_ROUTE_WORK", 60)
    exploration = explore_plainly(_many_endings(12))
    short = exploration.to_dict()
    left_out = short["routesLeftOut"]
    assert 0 < len(short["routes"]) < 12 and [*short["routes"], *left_out] == short["endings"]
    dead = [finding for finding in short["findings"] if finding["kind"] == "dead-event"]
    assert dead and all(finding["leftOut"] == ["route"] and "route" not in finding for finding in dead)
    assert all(exploration.route_to(id) is not None for id in left_out)


def test_explorations_of_more_endings_look_at_no_more_nodes_for_their_json(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("worldkit.exploration.serialization.MAX_ROUTE_WORK", 60)
    counts = []
    for endings in (20, 80):
        exploration = explore_plainly(_many_endings(endings))
        exploration.to_dict()
        counts.append(len(exploration._analysis.traces))
    assert counts[0] == counts[1]
