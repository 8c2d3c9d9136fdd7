"""Every engine agrees with playing every position, on thousands of small worlds of many families."""

from __future__ import annotations

from functools import cache
from itertools import count, product

import pytest

from tests.effort import seeds
from tests.play.explore.families import FAMILIES, KINDS, shape, small
from tests.play.explore.naive import Naive, by_session, naive
from worldkit import Budget, Position, World
from worldkit.exploration import bounded, engine, group_search
from worldkit.exploration.antichain import RankOrder, exceeds
from worldkit.exploration.budget import Meter
from worldkit.exploration.engine import solve
from worldkit.exploration.mask_sets import EngineAnswer
from worldkit.exploration.quotient import quotient_of
from worldkit.exploration.transition_system import TransitionSystem, build_system
from worldkit.playing.transition_table import table_of

pytestmark = pytest.mark.seeds

WORLDS_PER_FAMILY = seeds(450)
"""Worlds of a family; 12 families make 5,400 in `make fuzz`, 1,800 in `make test`."""

QUICK = ("tables", "search", "bdd")
ENDLESS_SECONDS = float("inf")
ENDLESS_BUDGET = Budget(seconds=ENDLESS_SECONDS)
"""Time is no part of what is asked, and a busy machine takes long to compile."""

SMALL_BUDGET = Budget(seconds=ENDLESS_SECONDS, memory=1 << 20)
"""Compiled diagrams make room for all nodes at once."""


def check_exact(name: str, world: TransitionSystem, truth: Naive, answer: EngineAnswer) -> None:
    """Check an answer that is complete against the truth, position by position."""
    assert answer.engine == name
    assert answer.undecided_reasons == () and answer.coverage_exact
    assert not answer.stuck_undecided and not answer.idle_undecided
    assert answer.classes == answer.classes_seen == len(truth.places)
    assert answer.reached_states == truth.reached
    assert answer.fireable_events == truth.fired
    assert answer.stuck_classes == len(truth.stuck)
    assert answer.stuck == {state for state, _ in truth.stuck}
    assert answer.idle_states == {state for state, _ in truth.idle}
    few = world.width <= 5
    everywhere = product(range(len(world.states)), range(1 << world.width)) if few else truth.places
    for place in everywhere:
        assert answer.is_reached(*place) == (place in truth.places)
        assert answer.is_stuck(*place) == (place in truth.stuck)
    for state in range(len(world.states)):
        assert answer.fewest_stuck(state) == fewest(truth.stuck, state)
        assert answer.fewest_idle(state) == fewest(truth.idle, state)


def check_honest(truth: Naive, answer: EngineAnswer) -> None:
    """Check that an answer which may be partial claims nothing that is not so, and names all it leaves open."""
    if answer.coverage_exact:
        assert answer.reached_states == truth.reached
        assert answer.fireable_events == truth.fired
    else:
        assert answer.reached_states <= truth.reached
        assert answer.fireable_events <= truth.fired
    assert 0 < answer.classes_seen <= len(truth.places)
    assert answer.classes in (None, len(truth.places))
    assert answer.stuck_classes in (None, len(truth.stuck))
    stuck_states, idle = ({state for state, _ in places} for places in (truth.stuck, truth.idle))
    assert answer.stuck <= stuck_states <= answer.stuck | answer.stuck_undecided
    assert answer.idle_states <= idle <= answer.idle_states | answer.idle_undecided
    assert not answer.stuck & answer.stuck_undecided and not answer.idle_states & answer.idle_undecided
    open_ended = answer.classes is None or answer.stuck_classes is None or not answer.coverage_exact
    assert bool(answer.undecided_reasons) == bool(open_ended or answer.stuck_undecided or answer.idle_undecided)
    for place in truth.places:
        assert not answer.is_stuck(*place) or place in truth.stuck
    for state in answer.stuck:
        assert (state, answer.fewest_stuck(state)) in truth.stuck
    for state in answer.idle_states:
        assert (state, answer.fewest_idle(state)) in truth.idle


def fewest(places: frozenset[tuple[int, int]], state: int) -> int | None:
    """Return the mask of a state with the fewest bits, of those the least."""
    return min((mask for at, mask in places if at == state), key=lambda mask: (mask.bit_count(), mask), default=None)


def cases(family: str, limit: int) -> list[tuple[World, TransitionSystem, Naive]]:
    """Return the first worlds of a family, as systems, with the truth about them."""
    return _all_cases(family)[:limit]


@cache
def _all_cases(family: str) -> list[tuple[World, TransitionSystem, Naive]]:
    all_cases: list[tuple[World, TransitionSystem, Naive]] = []
    for seed in count(0):
        world = World.from_dict(small(family, seed))
        system = build_system(world)
        truth = naive(world, system, most=3000)
        if truth is not None:
            all_cases.append((world, system, truth))
        if len(all_cases) == WORLDS_PER_FAMILY:
            break
    return all_cases


@pytest.mark.parametrize("family", FAMILIES)
def test_search_and_diagrams_agree_with_playing_every_position(family: str) -> None:
    for _, system, truth in cases(family, WORLDS_PER_FAMILY):
        for name in QUICK:
            check_exact(name, system, truth, solve(system, ENDLESS_BUDGET, engine=name))


@pytest.mark.parametrize("family", FAMILIES)
def test_a_search_group_by_group_agrees_with_playing_every_position(
    family: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(group_search, "suits", lambda world: True)
    for number, (_, system, truth) in enumerate(cases(family, WORLDS_PER_FAMILY)):
        monkeypatch.setattr(group_search, "MAX_MASKS", (4096, 4096, 3)[number % 3])  # given up for the other search
        check_exact("search", system, truth, solve(system, ENDLESS_BUDGET, engine="search"))


@pytest.mark.parametrize("family", FAMILIES)
def test_the_compiled_engine_agrees_with_playing_every_position(family: str) -> None:
    pytest.importorskip("numba", reason="numba is not installed: the compiled engine is not tested")
    for _, system, truth in cases(family, WORLDS_PER_FAMILY):
        check_exact("compiled", system, truth, solve(system, ENDLESS_BUDGET, engine="compiled"))


@pytest.mark.parametrize("family", FAMILIES)
def test_compiled_diagrams_agree_with_playing_every_position(family: str) -> None:
    pytest.importorskip("oxidd", reason="oxidd is not installed: compiled diagrams are not tested")
    for _, system, truth in cases(family, WORLDS_PER_FAMILY // 3):
        check_exact("oxidd", system, truth, solve(system, SMALL_BUDGET, engine="oxidd"))


@pytest.mark.parametrize("family", FAMILIES)
def test_partial_answers_claim_nothing_wrong(family: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for number, (_, system, truth) in enumerate(cases(family, WORLDS_PER_FAMILY)):
        monkeypatch.setattr(engine, "SAMPLE_SIZE", 1 + number % 40)
        for name in ("antichain", "bounded"):
            answer = solve(system, ENDLESS_BUDGET, engine=name)
            assert answer.coverage_exact or not system.monotone
            check_honest(truth, answer)
        budget = Budget(nodes=1 + number % 9, seconds=60, memory=1)
        check_honest(truth, solve(system, budget, engine="search"))
        check_honest(truth, solve(system, budget, engine="bdd"))


@pytest.mark.parametrize("family", FAMILIES)
def test_what_is_said_to_be_the_least_one_can_hold_is(family: str) -> None:
    meter = Meter("", ENDLESS_SECONDS)
    for _, system, truth in cases(family, 60):
        if not system.monotone:
            continue
        quotient = quotient_of(system)
        order = RankOrder(quotient)
        tops = order.maximal_ranks(meter)
        floors = order.lower_bounds(tops, meter)
        for state, mask in truth.places:
            rank = mask ^ order.one_shot_bits
            assert exceeds(rank, floors[quotient.group[state]])
            assert any(rank | top == top for top in tops[quotient.group[state]])


def one_shots_of(system: TransitionSystem, mask: int) -> frozenset[str]:
    """Return the one-shots that a mask says are used up; those that cannot matter are never among them."""
    shift = len(system.flags)
    return frozenset(name for number, name in enumerate(system.one_shots) if mask >> (shift + number) & 1)


@pytest.mark.parametrize("family", FAMILIES)
def test_the_truth_is_what_sessions_reach(family: str) -> None:
    for world, system, truth in [case for case in cases(family, WORLDS_PER_FAMILY) if len(case[2].places) <= 150][:12]:
        positions = by_session(world)
        masks = {(at.state, at.flags, at.used & set(system.one_shots)) for at in positions}
        assert masks == {
            (system.states[state], system.flags_of(mask), one_shots_of(system, mask)) for state, mask in truth.places
        }


@pytest.mark.parametrize("family", FAMILIES)
def test_engines_agree_with_playing_from_a_position_in_the_middle(family: str) -> None:
    for world, system, truth in cases(family, 30):
        state, mask = max(truth.places)
        once = [action.name for action in table_of(world).actions if action.one_shot]
        at = Position(system.states[state], system.flags_of(mask), one_shots_of(system, mask) | set(once[::2]))
        later = build_system(world, at)
        rest = naive(world, later, at)
        assert rest is not None
        for name in QUICK:
            check_exact(name, later, rest, solve(later, engine=name))


@pytest.mark.parametrize("kind", KINDS)
def test_engines_agree_with_playing_every_position_of_larger_worlds(kind: str) -> None:
    for seed in range(8):
        world = World.from_dict(shape(kind, 24, 70, 7, 5, seed))
        system = build_system(world)
        truth = naive(world, system, most=6_000)
        if truth is not None:
            for name in QUICK:
                check_exact(name, system, truth, solve(system, engine=name))
            check_honest(truth, solve(system, Budget(nodes=50, memory=1), engine="bdd"))


def test_an_engine_left_to_choose_is_exact_on_small_worlds() -> None:
    for family in FAMILIES:
        for _, system, truth in cases(family, 10):
            check_exact("tables", system, truth, solve(system))


def test_a_bounded_answer_that_saw_everything_is_exact() -> None:
    for family in FAMILIES:
        for _, system, truth in cases(family, 20):
            check_exact("bounded", system, truth, bounded.solve(quotient_of(system), 10_000, [], _meter, "bounded"))


def _meter(stage: str, share: float) -> Meter:
    return Meter(stage, ENDLESS_SECONDS)
