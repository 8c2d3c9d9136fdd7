"""Which engine answers: the cheapest that can, and a bounded answer when none can."""

from __future__ import annotations

import time

from worldkit.core.errors import WorldError
from worldkit.exploration import bitmap, bounded, explicit_search, symbolic_search
from worldkit.exploration.bdd import recursion_limit_for
from worldkit.exploration.budget import Budget, BudgetSpent, Cancelled, Meter, Watch
from worldkit.exploration.engine_answer import EngineAnswer
from worldkit.exploration.mask_sets import MaskSetAnswer, complete_answer, partial_answer
from worldkit.exploration.quotient import QuotientSystem, quotient_of
from worldkit.exploration.transition_system import TransitionSystem

__all__ = ["ENGINES", "Budget", "Cancelled", "Watch", "solve"]

ENGINES = ("search", "bdd", "bitmap", "antichain", "bounded")
"""Their names, cheapest first."""

EXPLICIT_LIMIT = 50_000
"""Up to so many masks of all groups together, searching one by one is quick."""

QUICK_BUDGET = 4_000, 40_000
"""So many masks and so many nodes are tried first: enough for most worlds, and little lost for the others."""

BYTES_PER_MASK = 100
"""About what one mask costs the explicit search."""


def solve(
    system: TransitionSystem, budget: Budget | None = None, *, engine: str | None = None, watch: Watch | None = None
) -> EngineAnswer:
    """Return what can be said of all the positions of a system.

    Small worlds are searched position by position. Larger ones are put into decision diagrams, and those that
    defeat diagrams into a bitmap, if numba is installed and it fits. What is left is answered in part: which states and
    events can be reached, still exactly in most cases, and what a search of some positions finds.

    Args:
        system: What to search.
        budget: What it may cost.
        engine: The one engine to use instead, one of ``ENGINES``. When it cannot decide, the answer is bounded.
        watch: Told the stage and how far it is, every few thousand steps; may raise ``Cancelled``.

    Raises:
        WorldError: There is no engine of that name.
        MissingExtra: The bitmap engine was asked for and numba is not installed.
        Cancelled: The watcher asked for it.
    """
    if engine is not None and engine not in ENGINES:
        raise WorldError(f"no engine is called {engine!r}; there are {', '.join(ENGINES)}")
    if engine == "bitmap":
        bitmap.require_numba()
    budget = budget or Budget()
    run = _EngineRun(quotient_of(system), budget, time.perf_counter() + budget.seconds, watch)
    answer = _run_engine(run, engine)
    return partial_answer(answer) if system.omitted else answer


def _run_engine(run: _EngineRun, engine: str | None) -> MaskSetAnswer:
    budget = run.budget
    match engine:
        case "search":
            return run.search(budget.memory // BYTES_PER_MASK, 0.9) or run.bounded()
        case "bdd":
            return run.bdd(budget.nodes, 0.9) or run.bounded()
        case "bitmap":
            return run.bitmap(0.9) or run.bounded()
        case "antichain":
            return run.antichain()
        case "bounded":
            return run.bounded()
        case _:
            masks, nodes = QUICK_BUDGET
            quick_answer = run.search(masks, 0.5) or run.bdd(min(nodes, budget.nodes), 0.5)
            run.why.clear()
            return (
                quick_answer
                or run.search(EXPLICIT_LIMIT, 0.5)
                or run.bdd(budget.nodes, 0.5)
                or run.bitmap(0.9)
                or run.bounded()
            )


class _EngineRun:
    """One search: every engine tried on it notes why it gave up."""

    def __init__(self, world: QuotientSystem, budget: Budget, deadline: float, watch: Watch | None) -> None:
        self.world = world
        self.budget = budget
        self.deadline = deadline
        self.watch = watch
        self.why: list[str] = []

    def meter(self, stage: str, share: float = 1.0) -> Meter:
        """Return a clock for a part of the time that is left."""
        now = time.perf_counter()
        return Meter(stage, now + share * (self.deadline - now), self.watch)

    def search(self, most: int, share: float) -> MaskSetAnswer | None:
        """Answer by searching one by one; None when there are more masks or a share of the time is up."""
        meter = self.meter("search", share)
        reached, is_complete = explicit_search.search_forwards(self.world, most, meter)
        if not is_complete:
            self.why.append(f"search stopped after {sum(map(len, reached)):,} flag sets")
            return None
        try:
            winning = explicit_search.winning_masks(self.world, reached, meter)
            return complete_answer(self.world, explicit_search.MaskSets(reached, winning), "search", meter)
        except BudgetSpent as spent:
            self.why.append(f"search: {spent}")
            return None

    def bdd(self, nodes: int, share: float) -> MaskSetAnswer | None:
        """Answer by decision diagrams of at most so many nodes; None when they or a share of the time do not do."""
        try:
            with recursion_limit_for(self.world.system.width):
                meter = self.meter("bdd", share)
                position_sets = symbolic_search.solve(self.world, nodes, meter)
                answer = complete_answer(self.world, position_sets, "bdd", meter)
            position_sets.release_limits()
            return answer
        except BudgetSpent as spent:
            self.why.append(f"bdd: {spent}")
            return None

    def bitmap(self, share: float) -> MaskSetAnswer | None:
        """Answer by a bitmap; None when it does not fit or a share of the time is up."""
        why = bitmap.reason_unfit(self.world, self.budget.memory)
        if why is None:
            try:
                meter = self.meter("bitmap", share)
                return complete_answer(self.world, bitmap.solve(self.world, meter), "bitmap", meter)
            except BudgetSpent as spent:
                why = str(spent)
        self.why.append(f"bitmap: {why}")
        return None

    def antichain(self) -> MaskSetAnswer:
        """Answer by the most and the least that can be held alone."""
        return bounded.solve(self.world, 0, self.why, self.meter, "antichain")

    def bounded(self) -> MaskSetAnswer:
        """Answer in part: always possible."""
        return bounded.solve(self.world, EXPLICIT_LIMIT, self.why, self.meter, "bounded")
