"""Simulating runs: a fast loop for random players, one that asks a policy at every step, and rerunning one run.

The loop for random players goes on in compiled code where numba is installed and loading it pays (``compiled_walker``).

A run's random numbers come from the seed and the run's number alone, so runs can be played in any order, in
any number of processes, and again.
"""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING, NamedTuple

from worldkit.core.errors import WorldError
from worldkit.playing.session import Session
from worldkit.playing.session_view import run_of
from worldkit.playing.transition_table import Action
from worldkit.simulation.compiled_walker import CompiledWalker, Runs, is_fit, seconds_to_load
from worldkit.simulation.policies import MoveRefused, SimPlayer
from worldkit.simulation.sim_graph import Node, NodeClock, SimGraph
from worldkit.simulation.tally import ENDED, MAX_CLOCK_MS, OUT_OF_STEPS, REFUSED, STOPPED, STUCK, Tally

if TYPE_CHECKING:
    from worldkit.simulation.result import Playtest


class StepRecord(NamedTuple):
    """One step of a run: its edge, the ms waited before it, and whether forward was held meanwhile."""

    edge: int
    idle: int
    forward: bool


class _RunPoint(NamedTuple):
    place: Node
    mask: int
    clock: int
    since: int
    step: int
    outcome: int | None


class Walker:
    """Plays runs of one world and counts.

    Args:
        graph: The world.
        player: Who chooses.
        seed: With a run's number it makes that run's random numbers.
        steps: Most steps of a run.
    """

    def __init__(self, graph: SimGraph, player: SimPlayer, seed: int, steps: int) -> None:
        self.graph = graph
        self.player = player
        self.steps = steps
        self._seed = (2 * seed if seed >= 0 else -2 * seed - 1) << 64
        self._rng = random.Random()
        self._is_fit = type(player) is SimPlayer and is_fit(graph, steps)
        self._compiled_walker: CompiledWalker | None = None
        self._seconds = 0.0
        self._waits = 0
        self._fire_counts: dict[int, int] = {}
        self.tally = Tally([], [])

    def play(self, first: int, last: int) -> None:
        """Play runs ``first .. last - 1``, and count."""
        if type(self.player) is SimPlayer:
            if self._compiled_walker is None and self._is_fit and self._seconds >= seconds_to_load():
                self._compiled_walker = CompiledWalker(self.graph, self._seed, self.steps)
            if self._compiled_walker is not None:
                self._count_compiled(self._compiled_walker.play(first, last))
                return
            start_time = time.thread_time()
            self._at_random(first, last)
            self._seconds += time.thread_time() - start_time
        else:
            for run in range(first, last):
                self._count(self._run(run, None))

    def result(self) -> Tally:
        """Return what was counted so far."""
        graph, tally = self.graph, self.tally
        graph.collect_counts()
        tally.take_counts, tally.offer_counts = list(graph.take_counts), list(graph.offer_counts)
        for edge, count in self._fire_counts.items():
            tally.take_counts[edge] += count
            tally.offer_counts[edge] += count
        if self._compiled_walker is not None:
            for edge, take_count, offer_count in self._compiled_walker.counts():
                tally.take_counts[edge] += take_count
                tally.offer_counts[edge] += offer_count
            tally.first = self._compiled_walker.first_runs() | tally.first
        return tally

    def rerun(self, run: int) -> list[StepRecord]:
        """Return the steps of a run, by playing it once more; a walker that does this counts nothing sensible."""
        steps: list[StepRecord] = []
        for number in range(self.player.from_run(run), run + 1):
            steps = []
            self._run(number, steps)
        return steps

    def _begin(self, run: int) -> None:
        self._rng.seed(self._seed + run)

    def _at_random(self, first: int, last: int) -> None:
        # the same as _run with a player at random, with everything at hand
        graph, steps, tally = self.graph, self.steps, self.tally
        timed_edges, first_runs = graph.timed_edges, tally.first
        draw = self._rng.random
        for run in range(first, last):
            self._begin(run)
            self._waits = 0
            node, mask, clock, since, step = graph.start, graph.mask, 0, 0, 0
            outcome = None
            while step < steps:
                relevant, choices_by_bits, index = node
                choices = choices_by_bits.get(mask & relevant)
                if choices is None:
                    if index in timed_edges:
                        node, mask, clock, since, step, outcome = self._visit(
                            run, _RunPoint(node, mask, clock, since, step, None), None
                        )
                        if outcome is None:
                            continue
                        break
                    choices = graph.choices(node, mask)
                size, counts, landings, edges = choices
                if not size:
                    break
                i = int(draw() * size)
                count = counts[i]
                counts[i] = count + 1
                if not count:
                    first_runs.setdefault(edges[i], run)
                node, sets, ms, since = landings[i]
                mask |= sets
                clock += ms
                step += 1
            self._count(_RunPoint(node, mask, clock, since, step, outcome))

    def _run(self, run: int, records: list[StepRecord] | None) -> _RunPoint:
        self._begin(run)
        self.player.begin(run)
        self._waits = 0
        at = _RunPoint(self.graph.start, self.graph.mask, 0, 0, 0, None)
        while at.outcome is None and at.step < self.steps:
            at = self._visit(run, at, records)
        return at

    def _visit(self, run: int, at: _RunPoint, records: list[StepRecord] | None) -> _RunPoint:
        """Play on until the place is left, or the run is over."""
        graph, pick, rng, first_runs = self.graph, self.player.pick, self._rng, self.tally.first
        node, mask, clock, since, step, _ = at
        index = node.number
        stay = NodeClock(since) if index in graph.timed_edges else None
        waits: dict[int, tuple[int, bool]] = {}
        while step < self.steps:
            if stay is None:
                choices = graph.choices(node, mask)
            else:
                choices, waits = graph.choices_in_time(node, mask, stay)
            if index in graph.endings:
                return _RunPoint(node, mask, clock, since, step, ENDED)
            if not choices.size and not self.player.can_fire_coded:
                return _RunPoint(node, mask, clock, since, step, STUCK)
            try:
                i = pick(graph, choices, index, mask, step, rng)
            except MoveRefused as refusal:
                self.tally.refusals[graph.states[index], str(refusal)] += 1
                return _RunPoint(node, mask, clock, since, step, REFUSED)
            if i is None:
                return _RunPoint(node, mask, clock, since, step, STOPPED if choices.size else STUCK)
            if i >= 0:
                edge = choices.edges[i]
                choices.counts[i] += 1
            else:
                edge = -1 - i
                self._fire_counts[edge] = self._fire_counts.get(edge, 0) + 1
            first_runs.setdefault(edge, run)
            idle, forward = waits.get(edge, (0, False))
            landing = graph.landings[edge]
            if records is not None:
                records.append(StepRecord(edge, idle, forward))
            mask |= landing.sets
            clock += idle + landing.ms
            step += 1
            self._waits += graph.edges[edge].by != "player"
            if graph.edges[edge].moved:
                return _RunPoint(landing.place, mask, clock, landing.since, step, None)
            if stay is not None:
                stay.elapsed_ms += idle + landing.ms
                stay.travelled_ms += idle if forward else 0
                what = graph.edges[edge].what
                if graph.edges[edge].by != "player" and isinstance(what, Action):
                    stay.self_fired |= {what.index}
        return _RunPoint(node, mask, clock, since, step, None)

    def _count(self, at: _RunPoint) -> None:
        tally, index = self.tally, at.place.number
        if index in self.graph.endings:
            outcome = ENDED
        elif at.outcome is not None:
            outcome = at.outcome
        else:
            outcome = OUT_OF_STEPS if at.step >= self.steps else STUCK
        tally.steps.append(at.step)
        tally.waits.append(self._waits)
        tally.clocks.append(min(at.clock, MAX_CLOCK_MS))
        tally.ends.append(index)
        tally.outcomes.append(outcome)

    def _count_compiled(self, runs: Runs) -> None:
        tally, endings, max_steps = self.tally, self.graph.endings, self.steps
        tally.steps.extend(runs.steps)
        tally.waits.extend([0] * len(runs.steps))
        tally.clocks.extend(runs.clocks)
        tally.ends.extend(runs.ends)
        tally.outcomes.extend(
            ENDED if index in endings else OUT_OF_STEPS if step >= max_steps else STUCK
            for index, step in zip(runs.ends, runs.steps, strict=True)
        )


def rerun_steps(playtest: Playtest, graph: SimGraph, player: SimPlayer, run: int) -> list[StepRecord]:
    """Return the steps of a run, played once more.

    Raises:
        WorldError: A script chose differently this time.
    """
    steps = Walker(graph, player, playtest.seed, playtest.steps).rerun(run)
    edges, states = graph.edges, graph.states
    last = playtest.at.state
    for step in steps:
        if edges[step.edge].through:
            last = states[edges[step.edge].through[-1]]
    if len(steps) != playtest.tally.steps[run] or last != states[playtest.tally.ends[run]]:
        raise WorldError(
            f"run {run} came out differently this time: the script keeps something from run to run, or draws "
            "random numbers of its own; let it choose by the view alone and draw from view.rng"
        )
    return steps


def session_after(playtest: Playtest, graph: SimGraph, steps: list[StepRecord]) -> Session:
    """Return a session after some steps: what is pressed is fired, the rest waited for."""
    session = Session(playtest.world, seed=playtest.seed, at=playtest.at)
    for step in steps:
        edge = graph.edges[step.edge]
        if edge.by == "player":
            session.fire(edge.name)
        else:
            run_of(session).pass_time(step.idle, step.forward, max_firings=1)
    return session
