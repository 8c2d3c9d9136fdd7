"""Chooses the engine: the first of several, run in turns, to finish; a bounded answer when none does."""

from __future__ import annotations

import time

from worldkit.core.errors import WrongArgument
from worldkit.core.quoting import quote_name
from worldkit.exploration import bounded, compiled_diagrams, compiled_search
from worldkit.exploration import reuse as earlier_answers
from worldkit.exploration.bdd import recursion_limit_for
from worldkit.exploration.budget import Budget, Cancelled, Meter, Watch
from worldkit.exploration.mask_sets import EngineAnswer, partial_answer
from worldkit.exploration.portfolio import Portfolio
from worldkit.exploration.quotient import quotient_of
from worldkit.exploration.transition_system import TransitionSystem

__all__ = ["ENGINES", "Budget", "Cancelled", "Watch", "solve"]

ENGINES = ("tables", "search", "bdd", "compiled", "oxidd", "antichain", "bounded")
"""Their names."""

SAMPLE_SIZE = 50_000
"""So many groups of flag sets are looked at one by one when there are too many for a complete answer."""

ANSWER_SHARE = 0.7
"""So much of the time is for a complete answer; the rest is for a bounded one."""


def solve(
    system: TransitionSystem,
    budget: Budget | None = None,
    *,
    engine: str | None = None,
    watch: Watch | None = None,
    reuse: bool = False,
) -> EngineAnswer:
    """Return what can be said of all the positions of a system.

    Engines take turns: truth tables where there are few flags, an explicit search of the flag sets, and decision
    diagrams; where they take long, the last two compiled instead, with numba and oxidd, as far as these are installed.
    Where none comes to an end, the answer is partial: which states and events can be reached, still exactly in most
    cases, and what a search of some positions finds.

    Args:
        system: What to search.
        engine: The one engine to use instead, one of ``ENGINES``. When it cannot decide, the answer is bounded.
        watch: Told the stage and how far it is, every few thousand steps; may raise ``Cancelled``.
        reuse: Look for an answer among earlier ones first: see ``reuse``.

    Raises:
        WrongArgument: There is no engine of that name.
        MissingExtra: A compiled engine was asked for, and numba or oxidd is not installed.
        Cancelled: The watcher asked for it.
    """
    if engine is not None and engine not in ENGINES:
        raise WrongArgument("engine", f"one of {', '.join(ENGINES)}, or None", quote_name(engine))
    if engine == "compiled":
        compiled_search.require_numba()
    if engine == "oxidd":
        compiled_diagrams.require_oxidd()
    budget = budget or Budget()
    deadline = time.perf_counter() + budget.seconds
    if reuse and (earlier_answer := earlier_answers.recall(system, engine)) is not None:
        return earlier_answer
    world = quotient_of(system)
    reasons: list[str] = []

    def meter(stage: str, share: float = 1.0) -> Meter:
        now = time.perf_counter()
        return Meter(stage, now + share * (deadline - now), watch)

    answer: EngineAnswer | None = None
    if reuse:
        with recursion_limit_for(system.width):
            answer = earlier_answers.adapt(world, engine, meter("reuse"))
    if answer is None and engine not in ("antichain", "bounded"):
        with recursion_limit_for(system.width):
            answer = Portfolio(world, budget, meter, reasons, engine, ANSWER_SHARE).run()
    if answer is None and engine == "antichain":
        answer = bounded.solve(world, 0, reasons, meter, "antichain")
    if answer is None:
        answer = bounded.solve(world, SAMPLE_SIZE, reasons, meter, "bounded")
    if system.omitted_events:
        return partial_answer(answer)
    earlier_answers.keep(answer)
    return answer
