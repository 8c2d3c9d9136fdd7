"""``playtest``: play a world many times, here or on an executor; ``playtest_many``: play many worlds."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from worldkit.core.argument_checks import checked, expect_each
from worldkit.core.argument_ranges import expect_count
from worldkit.core.document import Document
from worldkit.core.errors import WrongArgument
from worldkit.exploration.batch import check_options, refuse_wrong_option
from worldkit.exploration.budget import Cancelled, Watch
from worldkit.exploration.executors import Executor, map_items
from worldkit.exploration.progress import Cancel, Progress, cancel_check, progress_callback
from worldkit.playing.clock import checked_ms
from worldkit.playing.position import Position
from worldkit.playing.session import Session
from worldkit.playing.trace import Trace
from worldkit.simulation.policies import Novelty, Policy, SimPlayer, player, scripted_once
from worldkit.simulation.result import Playtest
from worldkit.simulation.sim_graph import SimGraph
from worldkit.simulation.tally import Tally
from worldkit.simulation.walker import Walker
from worldkit.world import World

if TYPE_CHECKING:
    from worldkit.exploration.result import Exploration

DEFAULT_RUNS = 10_000
MAX_COUNT = 2**31 - 1
STEPS_PER_BATCH = 20_000
"""So many steps are played at most before the first look at the clock and at ``cancel``, of runs of any length."""

BATCH_SECONDS = 0.02
"""About so much processor time passes between two looks."""

MAX_BLOCKS = 64
"""Runs are handed to an executor in at most so many blocks."""

REPORT_INTERVAL = 0.05
"""Progress is told at most once in so many seconds."""


@checked
def playtest(
    world: World,
    runs: int | None = None,
    policy: Policy = "uniform",
    *,
    seed: int = 0,
    steps: int = 200,
    at: Position | Mapping[str, Any] | str | None = None,
    choose_ms: float = 3000,
    exploration: Exploration | None = None,
    executor: Executor | None = None,
    progress: Progress = None,
    cancel: Cancel = None,
) -> Playtest:
    """Play a world many times and count what happens.

    A player presses an available event that has a button, or a hidden one that is a trigger zone, which stands
    for walking into it; starts a sequence; waits for what fires by itself next; or holds forward to the next
    waypoint. Each of these is one choice and one step. Hidden events with none of those are left to code: only
    a script fires them. Choosing itself takes no time on the stepper's clock, so a timer never beats a press;
    ``choose_ms`` counts in the seconds reported, not in what happens.

    Args:
        world: The world; it has at least one state.
        runs: How many plays; 10,000 by default, once for a list or a trace, which leave nothing to chance.
        policy: Who plays. ``"uniform"``: each choice equally likely. ``"novelty"``: what was taken least so far
            over all runs, of several at random. A function of a ``View`` that returns a name, one of the view's
            offers, or None to stop. A list of names, done in order. A ``Trace``. A mapping from state to the event
            to fire there whenever possible, random elsewhere.
        seed: The same seed gives the same result, on any executor. A run's random numbers come from the seed and
            the run's number.
        steps: Most steps of a run.
        at: Where every run begins instead of the entrance (a trace's own start, for a trace).
        choose_ms: How long a player reads and chooses before each press, in ms.
        exploration: What ``explore`` found, to measure coverage by what can be reached.
        executor: A ``concurrent.futures`` pool, or anything with such a ``submit``, to play on. For a pool of processes
            a policy that is a function must be importable. What is sought by ``"novelty"`` depends on all runs before,
            so that is played here.
        progress: True for a line on standard error, or a callable that gets a text and the part done, 0 to 1.
        cancel: Something with ``is_set``, or a callable: once true, what was played so far is the result.

    Returns:
        The results.

    Raises:
        InvalidWorld: The world has no states.
        WorldError: ``at`` is nowhere, or the policy names what the world does not have.
        WrongArgument: The policy is none, ``runs`` or ``steps`` is not a whole number of at least 1, ``choose_ms`` is
            negative, or ``exploration`` is one of other plays.

    Example:
        >>> wk.playtest(world, runs=100)
        100 random plays: 100 % reached an ending; they fired 5 of 5 events.
             100 %  TWO MITTENS (win); 95 % interval 96.3 to 100 %; median 11 steps, 51 s
    """
    started_at = time.perf_counter()
    reading_ms = checked_ms(choose_ms, "choose_ms")
    expect_count(runs, "runs", maximum=MAX_COUNT, or_none=True)
    expect_count(steps, "steps", maximum=MAX_COUNT)
    if at is None and isinstance(policy, Trace):
        at = policy.start
    start = Session(world, at=at).position
    if exploration is not None:
        _check_exploration(exploration, world, start)
    run_count = (1 if scripted_once(policy) else DEFAULT_RUNS) if runs is None else runs
    graph = SimGraph(world, start)
    chooser = player(policy, graph, run_count)
    is_cancelled, report = cancel_check(cancel), _progress_reporter(progress_callback(progress), run_count)
    if executor is None or isinstance(chooser, Novelty):
        tally = _play_locally(Walker(graph, chooser, seed, steps), run_count, is_cancelled, report)
    else:
        tally = _play_on(executor, _Job(world, start, chooser, seed, steps), run_count, is_cancelled, report)
    seconds = time.perf_counter() - started_at
    return Playtest(
        world,
        chooser.name,
        seed,
        start,
        steps,
        run_count,
        seconds,
        reading_ms,
        exploration,
        tally,
        chooser,
    )


def _check_exploration(exploration: Exploration, world: World, start: Position) -> None:
    """Refuse an exploration of other plays: coverage of what can be reached would be a part of something else."""
    expected = "what explore found of this world, from where the plays begin"
    if exploration.world is not world and exploration.world != world:
        raise WrongArgument("exploration", expected, "one of another world, or of another version of this one")
    if Session(world, at=exploration.at).position != start:
        raise WrongArgument("exploration", expected, "one that begins elsewhere; give both the same at=")


def _progress_reporter(watch: Watch, run_count: int) -> Callable[[int], None]:
    next_report = 0.0

    def tell(finished_count: int) -> None:
        nonlocal next_report
        now = time.perf_counter()
        if now >= next_report or finished_count == run_count:
            next_report = now + REPORT_INTERVAL
            watch(f"{finished_count:,} of {run_count:,} plays", finished_count / run_count)

    return tell


def _play_locally(
    walker: Walker, run_count: int, is_cancelled: Callable[[], bool], report: Callable[[int], None]
) -> Tally:
    may_grow = type(walker.player) is SimPlayer
    batch = max(1, STEPS_PER_BATCH // walker.steps) if may_grow else 1
    finished_count = 0
    try:
        while finished_count < run_count and not is_cancelled():
            until = min(run_count, finished_count + batch)
            start_time = time.thread_time()
            walker.play(finished_count, until)
            if may_grow:
                seconds = time.thread_time() - start_time
                if seconds < BATCH_SECONDS / 2:
                    batch *= 2
                elif seconds > BATCH_SECONDS:
                    batch = max(1, batch // 2)
            finished_count = until
            report(finished_count)
    except Cancelled:
        pass
    return walker.result()


@dataclass(frozen=True)
class _Job:
    """All that a process needs to play some of the runs."""

    world: World
    at: Position
    player: SimPlayer
    seed: int
    steps: int


def _play_block(work: _Job, first: int, last: int) -> Tally:
    walker = Walker(SimGraph(work.world, work.at), work.player, work.seed, work.steps)
    walker.play(first, last)
    return walker.result()


def _play_on(
    executor: Executor, work: _Job, run_count: int, is_cancelled: Callable[[], bool], report: Callable[[int], None]
) -> Tally:
    size = -(-run_count // MAX_BLOCKS)
    blocks = [(first, min(run_count, first + size)) for first in range(0, run_count, size)]
    futures: list[Any] = []
    tally: Tally | None = None
    try:
        futures += [executor.submit(_play_block, work, *block) for block in blocks]
        for future, (_, last) in zip(futures, blocks, strict=True):
            if is_cancelled():
                break
            block_tally: Tally = future.result()
            if tally is None:
                tally = block_tally
            else:
                tally.add(block_tally)
            report(last)
    except Cancelled:
        pass
    finally:
        for future in futures:
            future.cancel()
    if tally is None:
        edges = len(SimGraph(work.world, work.at).edges)
        tally = Tally([0] * edges, [0] * edges)
    return tally


@checked
def playtest_many(
    worlds: Iterable[World], executor: Executor | None = None, *, progress: Progress = None, **options: Any
) -> list[Playtest | Exception]:
    """Playtest many worlds.

    Args:
        worlds: The worlds, which are played one by one or by an executor.
        executor: A ``concurrent.futures`` pool, or anything with such a ``submit``; None plays here, one by one.
            For a pool of processes a policy that is a function must be importable.
        progress: True for a line on standard error, or a callable that gets a text and the part done, 0 to 1.
        **options: As for ``playtest``: ``runs``, ``policy``, ``seed``, ``steps`` and so on, the same for all.

    Returns:
        A result for every world, in order. Where one failed, its exception stands in its place.

    Raises:
        WrongArgument: ``playtest`` takes no such option, or not with this value.
        BatchInterrupted: It was interrupted; holds the results that were there by then.

    Example:
        >>> [len(result.endings) for result in wk.playtest_many([world], runs=10)]
        [1]
    """
    check_options(playtest, options)
    each_world = expect_each(worlds, Document, "worlds", "a list of which each is a World")
    results = map_items(partial(playtest, **options), each_world, executor, progress)
    refuse_wrong_option(results, options)
    return results
