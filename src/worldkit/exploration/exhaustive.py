"""``explore``: play a world through exhaustively, within a budget."""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from worldkit.core.argument_checks import checked
from worldkit.core.argument_ranges import expect_amount
from worldkit.exploration.answer_data import AnswerData
from worldkit.exploration.budget import Budget, Cancelled
from worldkit.exploration.engine import solve
from worldkit.exploration.progress import Cancel, Progress, cancel_check, progress_callback
from worldkit.exploration.result import Exploration
from worldkit.exploration.transition_system import build_system
from worldkit.playing.position import Position
from worldkit.playing.session import Session
from worldkit.playing.transition_table import check_has_states

if TYPE_CHECKING:
    from worldkit.world import World

CANCELLED_BUDGET = Budget(nodes=20_000, seconds=0.5, memory=1 << 24)
"""What is still spent on an answer, a partial one, after an exploration was cancelled."""

_LAST_STAGE = "done"


@checked
def explore(
    world: World,
    *,
    at: Position | Mapping[str, Any] | str | None = None,
    budget: Budget | None = None,
    nodes: int | None = None,
    seconds: float | None = None,
    memory_mb: float | None = None,
    engine: str | None = None,
    progress: Progress = None,
    cancel: Cancel = None,
) -> Exploration:
    """Explore every position that any run of a world can reach.

    The answers are exact, not sampled, however many positions there are: what can be reached and fired,
    which endings, where a run can get stuck for good, each with a shortest run that shows it
    (docs/spec/runtime.md#exhaustive-play). If the budget is not enough, the answer says what it left open.

    Args:
        world: The world. One with rule errors plays too; only one without states cannot.
        at: Where play begins instead of the entrance: a saved position, its JSON values, or its JSON text.
        budget: What it may cost; ``nodes``, ``seconds`` and ``memory_mb`` change one part of it each.
        nodes: Most nodes of a decision diagram (as many as there is memory for).
        seconds: Most seconds in all (30).
        memory_mb: Most memory for what is reached, in MiB (1,024).
        engine: Force one engine: ``"tables"``, ``"search"``, ``"bdd"``, ``"compiled"``, ``"oxidd"``, ``"antichain"`` or
            ``"bounded"``.
        progress: True for a line on standard error, or a callable that gets a stage's name and how much of it
            is done, from 0 to 1, or None.
        cancel: Something with ``is_set()``, such as ``threading.Event``, or a callable that says whether to
            stop. What comes back then is incomplete and says so.

    Raises:
        InvalidWorld: The world has no states.
        WorldError: ``at`` is in a state the world does not have.
        WrongArgument: A budget is not positive, or no engine is called so.

    Example:
        >>> found = wk.explore(world)
        >>> found
        The ending can be reached; no run can get stuck.
        5 positions, 3 of 3 states, 5 of 5 events; tables, ... s
        >>> found.route_to("two_mittens")
        Trace of 3 events, 8000 ms, from 'lane', seed 0
            1 Step('pick_up_the_red_mitten', stayed in 'lane', at 0 ms, granted ['mitten'], used...
            2 Step('walk_up_the_lane', 'lane' -> 'bench', at 0 to 5000 ms, arrival not observed)
            3 Step('hold_out_the_mitten', 'bench' -> 'two_mittens', at 5000 to 8000 ms, arrival...
    """
    begin = start_of(world, at)
    limits = _allowed(budget, nodes, seconds, memory_mb)
    system = build_system(world, begin)
    report, is_cancelled = progress_callback(progress, _LAST_STAGE), cancel_check(cancel)

    def watch(stage: str, fraction: float | None) -> None:
        report(stage, fraction)
        if is_cancelled():
            raise Cancelled("the exploration was cancelled")

    start_s = time.perf_counter()
    try:
        watch("starting", 0.0)
        answer = solve(system, limits, engine=engine, watch=watch, reuse=True)
    except Cancelled:
        elapsed = time.perf_counter() - start_s
        answer = solve(system, CANCELLED_BUDGET, engine="bounded")
        remark = f"It was cancelled after {elapsed:.1f} s; what follows is what a glance shows."
        with suppress(Cancelled):  # the callable itself may have asked for it
            report(_LAST_STAGE, 1.0)
        return Exploration(
            world, begin, limits, AnswerData.of(answer, time.perf_counter() - start_s, (remark,)), answer, system
        )
    data = AnswerData.of(answer, time.perf_counter() - start_s)
    report(_LAST_STAGE, 1.0)
    return Exploration(world, begin, limits, data, answer, system)


def start_of(world: World, at: Position | Mapping[str, Any] | str | None) -> Position | None:
    """Return where play begins, None for the entrance; refuse a world without states, and a state that is not there."""
    check_has_states(world)
    return None if at is None else Session(world, at=at).position


def _allowed(budget: Budget | None, nodes: int | None, seconds: float | None, memory_mb: float | None) -> Budget:
    base = budget or Budget()
    expect_amount(memory_mb, "memory_mb", above=True, or_none=True)
    return Budget(
        base.nodes if nodes is None else nodes,
        base.seconds if seconds is None else seconds,
        base.memory if memory_mb is None else max(1, int(min(memory_mb, 1 << 40) * (1 << 20))),
    )
