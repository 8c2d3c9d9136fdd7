"""Which engine answers, what it may cost, and how it is watched and stopped."""

from __future__ import annotations

import random
import tracemalloc
from typing import Any

import pytest

from tests.play.explore.families import shape, small
from worldkit import Budget, MissingExtra, World, WorldError
from worldkit.exploration import bounded, compiled_diagrams, compiled_search, group_search, portfolio, table_search
from worldkit.exploration.antichain import RankOrder
from worldkit.exploration.budget import WORK_PER_TICK, BudgetSpent, Meter
from worldkit.exploration.compiled_diagrams import CompiledDiagrams
from worldkit.exploration.engine import ENGINES, Cancelled, solve
from worldkit.exploration.fixpoint_core import reduce_to_core
from worldkit.exploration.portfolio import Portfolio
from worldkit.exploration.quotient import quotient_of
from worldkit.exploration.transition_system import TransitionSystem, build_system

Json = dict[str, Any]
HUB = ("hub", 200, 800, 16)


@pytest.fixture(scope="module")
def hub() -> TransitionSystem:
    return build_system(World.from_dict(shape(*HUB)))


@pytest.fixture(scope="module")
def tangle() -> TransitionSystem:
    return build_system(World.from_dict(shape("tangled", 200, 800, 24)))


def test_few_flags_are_put_into_tables_and_many_searched_or_put_into_diagrams(
    hub: TransitionSystem, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_hub = build_system(World.from_dict(small("hub", 1)))
    assert solve(small_hub).engine == "tables"
    monkeypatch.setattr(table_search, "MAX_BITS", 0)
    assert solve(small_hub).engine == "search"
    answer = solve(hub)
    assert answer.engine in ("bdd", "oxidd")  # which is first hangs on how busy the machine is
    assert answer.classes is not None and answer.classes > 1_000_000


def test_tables_are_left_to_other_engines_where_they_would_be_too_large(tangle: TransitionSystem) -> None:
    answer = solve(tangle, Budget(seconds=1), engine="tables")
    assert answer.engine == "bounded"
    assert "bits are too many for a table" in answer.undecided_reasons[0]
    tangled = build_system(World.from_dict(shape("tangled", 40, 140, 14)))
    answer = solve(tangled, Budget(memory=1 << 10), engine="tables")
    assert "take too much memory" in answer.undecided_reasons[0]


def test_guards_of_tables_take_no_room_when_they_are_asked_for() -> None:
    flags = [f"f{i}" for i in range(18)]
    dice = random.Random(1)
    events: list[Json] = [
        {"name": f"take_{flag}", "kind": "override", "from": ["hub"], "base": "", "grants": [flag]} for flag in flags
    ]
    events += [
        {"name": f"look_{i}", "kind": "override", "from": ["hub"], "base": "", "requires": dice.sample(flags, 5)}
        for i in range(1_000)
    ]
    events.append({"name": "leave", "kind": "transition", "from": ["hub"], "to": "end", "base": ""})
    states = {"hub": {"base": ""}, "end": {"base": "", "ending": {"kind": "win", "title": "t"}}}
    system = build_system(World.from_dict({"schemaVersion": "1.0", "scene": {"states": states, "events": events}}))
    tracemalloc.start()
    try:
        answer = solve(system, engine="tables")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert answer.engine == "tables" and len(answer.fireable_events) == len(events)
    assert peak < 16 << 20, "a thousand tables of 18 bits would take 34 MB"


def test_a_tangled_world_of_millions_of_positions_is_decided_without_compiled_code(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(compiled_search, "find_spec", lambda name: None)
    answer = solve(build_system(World.from_dict(shape("tangled", 40, 140, 20))))
    assert answer.engine == "tables" and answer.classes == 3_027_125


def test_diagrams_compiled_and_plain_search_count_the_same_millions() -> None:
    pytest.importorskip("numba", reason="numba is not installed: the compiled engine is not tested")
    for seed in range(4):
        world = build_system(World.from_dict(shape("hub", 60, 220, 12, 6, seed)))
        answers = [solve(world, engine=name) for name in ("bdd", "compiled", "search")]
        assert len({answer.engine for answer in answers}) == 3
        assert (
            len(
                {
                    (a.classes, a.stuck_classes, a.reached_states, a.fireable_events, a.stuck, a.idle_states)
                    for a in answers
                }
            )
            == 1
        )
        for state in range(len(world.states)):
            assert len({(a.fewest_stuck(state), a.fewest_idle(state)) for a in answers}) == 1


def test_all_engines_count_alike_where_a_bit_stands_for_several() -> None:
    pytest.importorskip("numba", reason="numba is not installed: the compiled engine is not tested")
    for seed in range(6):
        world = quotient_of(build_system(World.from_dict(shape("hub", 24, 70, 7, 5, seed))))
        shares = {1 << bit: 1 + bit % 3 for bit in range(world.system.width)}
        counts = set()
        names = ("search", "bdd", "compiled", *(("oxidd",) if compiled_diagrams.is_installed() else ()))
        for name in names:
            sets = Portfolio(
                world, Budget(memory=1 << 22), lambda stage, _: Meter(stage, float("inf")), [], name, 1.0
            ).reach()
            assert sets is not None
            count_reached, count_lost = sets.counts(shares)
            counts.add(tuple((count_reached(group), count_lost(group)) for group in range(len(world.members))))
        assert len(counts) == 1


def test_a_large_world_with_few_flag_sets_is_searched_group_by_group() -> None:
    world = quotient_of(build_system(World.from_dict(shape("hub", 2000, 4000, 5))))
    assert group_search.suits(world)
    by_group = group_search.solve(world, 1 << 20, Meter("", float("inf")))
    assert group_search.solve(world, 1 << 10, Meter("", float("inf"))) is None
    sets = Portfolio(world, Budget(), lambda stage, _: Meter(stage, float("inf")), [], "bdd", 1.0).reach()
    assert by_group is not None and sets is not None
    shares = {1 << bit: 1 + bit % 3 for bit in range(world.system.width)}
    counts, lost_counts = sets.counts(shares)
    counts_by_group, lost_counts_by_group = by_group.counts(shares)
    for group in range(len(world.members)):
        assert by_group.count(group) == sets.count(group)
        assert by_group.count_lost(group) == sets.count_lost(group)
        assert counts_by_group(group) == counts(group)
        assert lost_counts_by_group(group) == lost_counts(group)
    assert any(by_group.count_lost(group) > 1 for group in range(len(world.members)))


def test_an_unknown_engine_is_refused_with_those_there_are(hub: TransitionSystem) -> None:
    with pytest.raises(WorldError, match=r"engine: expected one of tables, search, bdd, compiled, oxidd.* got 'magic'"):
        solve(hub, engine="magic")


def test_the_compiled_engine_without_numba_says_what_to_install(
    hub: TransitionSystem, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compiled_search, "find_spec", lambda name: None)
    with pytest.raises(MissingExtra, match="smworldkit\\[fast\\]"):
        solve(hub, engine="compiled")
    answer = solve(hub, Budget(nodes=10, memory=1 << 18))
    assert answer.engine == "bounded"
    assert "numba is not installed" in answer.undecided_reasons[0]


def test_compiled_diagrams_without_oxidd_say_what_to_install(
    hub: TransitionSystem, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compiled_diagrams, "find_spec", lambda name: None)
    with pytest.raises(MissingExtra, match="smworldkit\\[fast\\]"):
        solve(hub, engine="oxidd")


def test_compiled_diagrams_take_over_and_come_to_the_same(
    hub: TransitionSystem, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("oxidd", reason="oxidd is not installed: compiled diagrams are not tested")
    monkeypatch.setattr(portfolio, "COMPILED_DIAGRAMS_DELAY_SECONDS", 0.0)
    monkeypatch.setattr(table_search, "MAX_BITS", 0)
    answers = [solve(hub, engine="bdd"), solve(hub)]
    assert answers[1].engine == "oxidd"
    assert (
        len(
            {(a.classes, a.stuck_classes, a.reached_states, a.fireable_events, a.stuck, a.idle_states) for a in answers}
        )
        == 1
    )


def test_compiled_diagrams_stop_where_their_memory_ends() -> None:
    pytest.importorskip("oxidd", reason="oxidd is not installed: compiled diagrams are not tested")
    # its diagrams need a thousand times as many nodes; whether a hub's fit depends on when the library collects garbage
    world = build_system(World.from_dict(shape("tangled", 40, 140, 14)))
    answer = solve(world, Budget(memory=1 << 10), engine="oxidd")
    assert answer.engine == "bounded"
    assert "1,024 nodes of compiled diagrams" in answer.undecided_reasons[0]


def test_a_set_that_takes_more_nodes_than_compiled_diagrams_may_have_spends_their_budget() -> None:
    pytest.importorskip("oxidd", reason="oxidd is not installed: compiled diagrams are not tested")
    width = 4_000
    diagrams = CompiledDiagrams(width, 1 << 10, lambda: None)
    with pytest.raises(BudgetSpent, match="1,024 nodes of compiled diagrams"):
        diagrams.singleton(0)
    with pytest.raises(BudgetSpent, match="1,024 nodes of compiled diagrams"):
        diagrams.meets_cube(diagrams.all, (1 << width) - 1, 0)


def test_the_compiled_engine_stops_where_its_memory_ends(hub: TransitionSystem) -> None:
    pytest.importorskip("numba", reason="numba is not installed: the compiled engine is not tested")
    answer = solve(hub, Budget(memory=1 << 18), engine="compiled")
    assert answer.engine == "bounded"
    assert "do not fit 262,144 bytes" in answer.undecided_reasons[0]


def test_without_numba_the_search_decides_a_tangled_world_too(monkeypatch: pytest.MonkeyPatch) -> None:
    world = build_system(World.from_dict(shape("tangled", 40, 140, 14)))
    with_numba = solve(world)
    monkeypatch.setattr(compiled_search, "find_spec", lambda name: None)
    monkeypatch.setattr(table_search, "MAX_BITS", 0)
    without = solve(world)
    assert without.engine == "search" and without.classes == with_numba.classes
    assert without.stuck_classes == with_numba.stuck_classes


@pytest.mark.parametrize("seconds", [1e-9, 0.01])
@pytest.mark.parametrize("name", [None, "search", "bdd", "antichain", "bounded"])
def test_no_time_at_all_gives_an_honest_answer(tangle: TransitionSystem, name: str | None, seconds: float) -> None:
    answer = solve(tangle, Budget(seconds=seconds), engine=name)
    assert answer.classes is None
    assert answer.classes_seen >= 1
    assert answer.undecided_reasons


@pytest.mark.parametrize("name", [None, *ENGINES])
def test_every_engine_is_watched_and_can_be_stopped(tangle: TransitionSystem, name: str | None) -> None:
    if name in ("compiled", "oxidd"):
        library = {"compiled": "numba", "oxidd": "oxidd"}[name]
        pytest.importorskip(library, reason=f"{library} is not installed: that engine is not tested")
    updates: list[tuple[str, float | None]] = []

    def watch(stage: str, done: float | None) -> None:
        updates.append((stage, done))
        raise Cancelled("enough")

    with pytest.raises(Cancelled):
        solve(tangle, Budget(seconds=60), engine=name, watch=watch)
    assert len(updates) == 1
    assert all(done is None or 0 <= done <= 1 for _, done in updates)


def test_a_partial_answer_says_what_cut_it_off(tangle: TransitionSystem) -> None:
    answer = solve(tangle, Budget(nodes=5_000, memory=4 << 20))
    assert answer.engine == "bounded"
    assert answer.coverage_exact
    assert answer.classes is None and answer.stuck_classes is None
    first = answer.undecided_reasons[0]
    for part in ("at least", "flag sets", "bdd: 5,000 nodes", "compiled: ", "a sample of"):
        assert part in first


def test_judging_what_a_sample_reached_stops_when_the_time_is_up() -> None:
    order = RankOrder(quotient_of(build_system(World.from_dict(small("hub", 1)))))
    bottoms = order.minimal_ranks(Meter("", float("inf")))
    reached = [dict.fromkeys(range(2 * WORK_PER_TICK), 1)]
    with pytest.raises(BudgetSpent, match="the time is up"):
        bounded._winning_masks(order, reached, bottoms, Meter("", 0.0))


def test_what_was_found_can_be_asked_after_the_limits_were_reached(hub: TransitionSystem) -> None:
    answer = solve(hub, Budget(nodes=6_000, seconds=60), engine="bdd")
    assert answer.engine == "bdd" and answer.stuck and answer.idle_states
    for state in answer.stuck:
        mask = answer.fewest_stuck(state)
        assert mask is not None and answer.is_stuck(state, mask) and answer.is_reached(state, mask)
    assert all(answer.fewest_idle(state) is not None for state in answer.idle_states)


def test_a_hub_with_side_rooms_is_contracted_to_a_hub_with_loops(hub: TransitionSystem) -> None:
    quotient = quotient_of(hub)
    core = reduce_to_core(quotient, Meter("", float("inf")))
    assert len(quotient.members) < len(hub.states) / 3
    assert len(core.remaining_groups) < len(quotient.members) / 2
    assert {quotient.start, *quotient.endings} <= set(core.remaining_groups)


def test_the_same_system_gives_the_same_answer(hub: TransitionSystem) -> None:
    one, two = solve(hub), solve(hub)
    assert [one.fewest_stuck(s) for s in sorted(one.stuck or ())] == [
        two.fewest_stuck(s) for s in sorted(two.stuck or ())
    ]
