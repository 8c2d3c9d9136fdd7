"""Covering runs: a small set of runs that fires every event that can be fired, and a lower bound of its size."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import overload

from worldkit.core.argument_checks import checked_methods
from worldkit.core.json_values import Json
from worldkit.core.quoting import format_count
from worldkit.exploration.cover_search import ComponentGraph, CoverSearch
from worldkit.exploration.regression import EffortSpent
from worldkit.exploration.routes import Pathfinder
from worldkit.playing.trace import Trace

QUICK_EFFORT = 500
"""How many search nodes a shorter run is worth."""

Witness = Callable[[Sequence[int]], Trace]


@checked_methods
class Cover(Sequence[Trace]):
    """Runs that together fire every event that can be fired; each is played when it is looked at.

    Attributes:
        bound: No set of runs that fires all these events has fewer runs. It is proven on the graph of
            strongly connected components: a run goes down it and never comes back, so it fires at most one of
            several events that lead out of a component. ``bound`` is the least number of ways down
            that together pass every event which leads from one component to another, and every component that
            has events of its own (a minimum flow). What flags forbid besides is not counted. Where that takes too much
            work, as in some worlds of 10,000 states, it is the greatest number of events that lead out of one
            component; it never depends on how fast a machine is.
        missed: The names of events that can be fired, but that no run here fires; empty when ``complete``.
        remark: Why not, in one sentence; empty when ``complete``.

    Example:
        >>> cover = wk.explore(world).cover()
        >>> cover
        Cover: 1 run of 6 steps in all; at least 1 are needed
        >>> [step.event for step in cover[0].steps]
        ['walk_up_the_lane', 'listen_to_the_leaves', 'walk_back_down_the_lane', 'pick_up_the_red...
    """

    def __init__(
        self, runs: Sequence[Sequence[int]], bound: int, missed: frozenset[str], remark: str, witness: Witness
    ) -> None:
        self.bound = bound
        self.missed = missed
        self.remark = remark
        self._runs = tuple(map(tuple, runs))
        self._traces: list[Trace | None] = [None] * len(self._runs)
        self._witness = witness

    @property
    def complete(self) -> bool:
        """Whether every event that can be fired is fired by one of the runs."""
        return not self.missed

    @property
    def steps(self) -> int:
        """The number of things fired in all runs together."""
        return sum(map(len, self._runs))

    @overload
    def __getitem__(self, index: int) -> Trace: ...
    @overload
    def __getitem__(self, index: slice) -> list[Trace]: ...
    def __getitem__(self, index: int | slice) -> Trace | list[Trace]:
        if isinstance(index, slice):
            return [self[number] for number in range(*index.indices(len(self._runs)))]
        trace = self._traces[index]
        if trace is None:
            trace = self._traces[index] = self._witness(self._runs[index])
        return trace

    def __len__(self) -> int:
        return len(self._runs)

    def to_dict(self) -> Json:
        """Return it as JSON values, every run as the names it fires."""
        return {
            "runs": [list(trace.events) for trace in self],
            "bound": self.bound,
            "missed": sorted(self.missed),
            "remark": self.remark,
        }

    def __repr__(self) -> str:
        count = len(self._runs)
        text = f"Cover: {format_count(count, 'run')} of {self.steps} steps in all; at least {self.bound} are needed"
        return f"{text}; {format_count(len(self.missed), 'event')} missed: {self.remark}" if self.missed else text


def cover_events(finder: Pathfinder, fired_labels: frozenset[int], witness: Witness, seconds: float) -> Cover:
    """Return a small set of runs that together fire all of some events.

    Every run goes on to the nearest event not fired yet from which it can come back, then to what it can pick
    up; it leaves for good the way that has most events not fired yet ahead. So it is not always the smallest
    set; ``Cover.bound`` says how far off it may be.

    Args:
        finder: The world's pathfinder.
        fired_labels: The events that can be fired, by index.
        witness: Makes a trace of a run's labels.
        seconds: Stop after so long.
    """
    deadline = time.perf_counter() + seconds
    graph = ComponentGraph.of(finder, fired_labels)
    work = CoverSearch(finder, graph, fired_labels, deadline)
    runs: list[list[int]] = []
    unreachable: set[int] = set()
    timed_out = False
    while work.todo - unreachable:
        if time.perf_counter() > deadline:
            timed_out = True
            break
        before = set(work.todo)
        labels = work.run([])
        new_labels = before - work.todo
        if len(new_labels) <= 1 and time.perf_counter() <= deadline:
            # straight to one event, and on from there, is shorter and may find more
            target = min(new_labels or work.todo - unreachable)
            direct = _direct_run(finder, target, bool(new_labels))
            if direct is not None:
                work.add(before)
                labels = work.run(direct)
            elif not new_labels:
                unreachable.add(target)
                continue
        if labels:
            runs.append(labels)
    uncovered_names = frozenset(finder.system.name(label) for label in work.todo)
    remark = ""
    if uncovered_names:
        remark = f"{seconds:g} s were not enough" if timed_out else "no press was found for what is missed"
    return Cover(runs, graph.bound(), uncovered_names, remark, witness)


def _direct_run(finder: Pathfinder, target: int, quick: bool) -> list[int] | None:
    """Return a shortest run that fires an event; where there is another run already, only if it is found quickly."""
    goals = finder.firing(target)
    if not quick:
        return finder.route(goals).labels
    try:
        return finder.search(goals, effort=QUICK_EFFORT)
    except EffortSpent:
        return None
