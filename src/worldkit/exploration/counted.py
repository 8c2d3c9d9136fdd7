"""``explore_counted``: play a world through within numbers of steps and not of seconds.

How much ``explore`` leaves undecided depends on the machine and on what it remembers. Where a choice depends on the
answer, that must not be. So these answers are reused among themselves only, where nothing that they depend on differs.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from worldkit.exploration import bounded, explicit_sets, reuse, table_search
from worldkit.exploration.answer_data import AnswerData
from worldkit.exploration.bdd import Diagrams, recursion_limit_for
from worldkit.exploration.budget import Budget, BudgetSpent, Meter, StepMeter, run_to_end
from worldkit.exploration.engine import SAMPLE_SIZE
from worldkit.exploration.exhaustive import start_of
from worldkit.exploration.explicit_search import ExplicitSearch
from worldkit.exploration.mask_sets import EngineAnswer, PositionSets, complete_answer, partial_answer
from worldkit.exploration.quotient import QuotientSystem, quotient_of
from worldkit.exploration.result import Exploration
from worldkit.exploration.symbolic_search import SymbolicSearch
from worldkit.exploration.table_search import TableSearch
from worldkit.exploration.transition_system import TransitionSystem, build_system
from worldkit.playing.position import Position

if TYPE_CHECKING:
    from worldkit.world import World

TABLE_STEPS = 8_000_000
"""Steps of a search by truth tables, about a second."""
SEARCH_STEPS = 1_000_000
"""Steps of a search of the flag sets one by one, about a tenth of a second: what takes longer is better counted."""
DIAGRAM_NODES = 500_000
"""Nodes of decision diagrams, about three seconds."""
BOUND_STEPS = 20_000_000
"""Steps of every part of an answer without all positions, about a second and a half."""

_LIMITS = Budget(nodes=DIAGRAM_NODES, seconds=5.0)
"""What counting the positions may cost when somebody asks for their number."""


def explore_counted(world: World, at: Position | None = None) -> Exploration:
    """Explore every position that any run can reach, as far as a fixed number of steps leads.

    Args:
        world: The world; it has at least one state.
        at: Where play begins instead of the entrance.

    Raises:
        InvalidWorld: The world has no states.
        WorldError: ``at`` is in a state that the world does not have.
    """
    begin = start_of(world, at)
    start_s = time.perf_counter()
    system = build_system(world, begin)
    answer = reuse.recall_counted(system)
    if answer is None:
        answer = solve(system)
        reuse.keep_counted(answer)
    return Exploration(world, begin, _LIMITS, AnswerData.of(answer, time.perf_counter() - start_s), answer, system)


def plays_the_same(a: World, b: World) -> bool:
    """Say whether two worlds with states have the same moves between them, whatever they are called and say."""
    return reuse.content(build_system(a)) == reuse.content(build_system(b))


def solve(system: TransitionSystem) -> EngineAnswer:
    """Return what can be said of the positions of a system: all, where an engine gets through them."""
    world = quotient_of(system)
    reasons: list[str] = []
    with recursion_limit_for(system.width):
        answer = next(_complete_answers(world, reasons), None)
        if answer is None:
            answer = bounded.solve(
                world, SAMPLE_SIZE, reasons, lambda stage, share: StepMeter(stage, int(share * BOUND_STEPS)), "bounded"
            )
    return partial_answer(answer) if system.omitted_events else answer


def _complete_answers(world: QuotientSystem, reasons: list[str]) -> Iterator[EngineAnswer]:
    """Yield the answers of the engines that get through all positions; ``reasons`` get why others do not."""
    engines: list[tuple[str, Callable[[QuotientSystem], PositionSets]]] = [("search", _search), ("bdd", _diagrams)]
    if table_search.suits(world, beside_compiled=False):
        engines.insert(0, ("tables", _tables))
    for name, reach in engines:
        try:
            yield complete_answer(world, reach(world), name, Meter(name, math.inf))
        except BudgetSpent as error:
            reasons.append(f"{name}: {error}")


def _tables(world: QuotientSystem) -> PositionSets:
    return run_to_end(TableSearch(world).solve(StepMeter("tables", TABLE_STEPS)))


def _search(world: QuotientSystem) -> PositionSets:
    meter = StepMeter("search", SEARCH_STEPS)
    no_limit = 1 << 62
    return run_to_end(explicit_sets.solve(ExplicitSearch(world), no_limit, no_limit, meter))


def _diagrams(world: QuotientSystem) -> PositionSets:
    search = SymbolicSearch(world, Meter("bdd", math.inf), lambda width, tick: Diagrams(width, DIAGRAM_NODES, tick))
    return run_to_end(search.solve())
