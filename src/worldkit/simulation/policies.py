"""Policies of simulated players: random choice, preferring what is new, and scripts."""

from __future__ import annotations

import random
from array import array
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from worldkit.core.argument_checks import refusal
from worldkit.core.errors import NotAvailable, WorldError
from worldkit.core.json_values import quote
from worldkit.core.quoting import did_you_mean, format_count
from worldkit.playing.machine import resolve
from worldkit.playing.position import Position
from worldkit.playing.trace import By, Trace
from worldkit.simulation.sim_graph import Choices, SimGraph

SNAPSHOT_SPACING = 64
"""A novelty-seeking player's memory is kept at most so many times over a playtest, to play any one run again."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that can be done at one point of a run.

    Attributes:
        name: What to pass to ``Session.fire``.
        label: What its button says.
        kind: ``"transition"``, ``"override"``, ``"terminal"`` or ``"sequence"``.
        by: ``"player"`` when it is pressed; ``"timer"`` or ``"waypoint"`` when it is waited for.
        to: The id of the state it leads to; the same state when it stays.
    """

    name: str
    label: str
    kind: str
    by: By
    to: str


class View:
    """What a scripted player sees before it chooses.

    Attributes:
        step: How many steps were taken before.
        rng: The run's own random numbers: the same ones every time the run is played.
    """

    __slots__ = ("_choices", "_graph", "_mask", "_place", "rng", "step")

    def __init__(self, graph: SimGraph, choices: Choices, place: int, mask: int, step: int, rng: random.Random) -> None:
        self._graph, self._choices, self._place, self._mask = graph, choices, place, mask
        self.step: int = step
        self.rng: random.Random = rng

    @property
    def state(self) -> str:
        """The id of the state the player is in."""
        return self._graph.states[self._place]

    @property
    def flags(self) -> frozenset[str]:
        """The flags held."""
        return self._graph.flags_of(self._mask)

    @property
    def position(self) -> Position:
        """The position, as ``Session.position`` says it."""
        return self._graph.position(self._place, self._mask)

    @property
    def offers(self) -> tuple[Choice, ...]:
        """What can be done now: presses in world order, then waits."""
        return tuple([choice_of(self._graph, edge) for edge in self._choices.edges])


Function = Callable[[View], str | Choice | None]
Script = Sequence[str] | Mapping[str, str] | Trace | Function
Policy = Literal["uniform", "novelty"] | Script


def choice_of(graph: SimGraph, edge: int) -> Choice:
    """Return an edge as a scripted player sees it."""
    edge_info = graph.edges[edge]
    to = graph.states[edge_info.through[-1] if edge_info.through else edge_info.state]
    return Choice(edge_info.name, edge_info.label, edge_info.kind, edge_info.by, to)


class MoveRefused(Exception):
    """A script asked for what cannot be done; its text says why."""


class SimPlayer:
    """Who chooses. ``begin`` is called before every run; ``pick`` at every point where something can be done.

    ``pick`` returns which of the choices is taken, ``-1 - edge`` for one that only code can fire, or None to
    stop. It may raise ``MoveRefused``.
    """

    name = "uniform"
    can_fire_coded = False
    """It may fire what only code can, so it is asked where a player has nothing to do, too."""

    def begin(self, run: int) -> None:
        """Get ready for a run."""

    def pick(
        self, graph: SimGraph, choices: Choices, place: int, mask: int, step: int, rng: random.Random
    ) -> int | None:
        """Choose."""
        return int(rng.random() * choices.size)

    def from_run(self, run: int) -> int:
        """Return the first run that has to be played again, so that ``run`` comes out as it was, and get ready."""
        return run


class Novelty(SimPlayer):
    """Takes what was taken least so far, over all runs; of several at random."""

    name = "novelty"

    def __init__(self, edges: int, runs: int) -> None:
        self._take_counts = [0] * edges
        self._snapshot_every = max(SNAPSHOT_SPACING, -(-runs // SNAPSHOT_SPACING))
        self._snapshots: dict[int, array[int]] = {}

    def begin(self, run: int) -> None:
        if run % self._snapshot_every == 0 and run not in self._snapshots:
            self._snapshots[run] = array("I", self._take_counts)

    def pick(
        self, graph: SimGraph, choices: Choices, place: int, mask: int, step: int, rng: random.Random
    ) -> int | None:
        take_counts, edges = self._take_counts, choices.edges
        counts = [take_counts[e] for e in edges]
        minimum = min(counts)
        best = [i for i, count in enumerate(counts) if count == minimum]
        index = best[int(rng.random() * len(best))]
        take_counts[edges[index]] += 1
        return index

    def from_run(self, run: int) -> int:
        first = run - run % self._snapshot_every
        self._take_counts = list(self._snapshots[first])
        return first


class FunctionPlayer(SimPlayer):
    """Asks a function."""

    def __init__(self, function: Function) -> None:
        name = getattr(function, "__name__", None)
        self.name = f"the script {name}" if name else f"a {type(function).__name__}"
        self._function = function

    def pick(
        self, graph: SimGraph, choices: Choices, place: int, mask: int, step: int, rng: random.Random
    ) -> int | None:
        answer = self._function(View(graph, choices, place, mask, step, rng))
        if answer is None:
            return None
        if isinstance(answer, Choice):
            return named(graph, choices, place, mask, answer.name, answer.by)
        if isinstance(answer, str):
            return named(graph, choices, place, mask, answer)
        raise WorldError(f"a policy returns an event's name, one of view.offers, or None to stop; got {quote(answer)}")


class Listed(SimPlayer):
    """Does one thing after another, and stops at the end."""

    can_fire_coded = True

    def __init__(self, steps: Sequence[tuple[str, By | None]], what: str) -> None:
        self.name = f"{what} of {format_count(len(steps), 'step')}"
        self._steps = tuple(steps)

    def pick(
        self, graph: SimGraph, choices: Choices, place: int, mask: int, step: int, rng: random.Random
    ) -> int | None:
        if step >= len(self._steps):
            return None
        return named(graph, choices, place, mask, *self._steps[step])


class Habits(SimPlayer):
    """Has one event it fires in a state wherever it can, and chooses at random everywhere else."""

    def __init__(self, habits: Mapping[str, str]) -> None:
        self.name = f"habits in {format_count(len(habits), 'state')}"
        self._habits = dict(habits)

    def pick(
        self, graph: SimGraph, choices: Choices, place: int, mask: int, step: int, rng: random.Random
    ) -> int | None:
        habit = self._habits.get(graph.states[place])
        if habit is not None:
            for i, edge in enumerate(choices.edges):
                if graph.edges[edge].name == habit:
                    return i
        return int(rng.random() * choices.size)


def named(graph: SimGraph, choices: Choices, place: int, mask: int, name: str, by: By | None = None) -> int:
    """Return which choice has a name, or ``-1 - edge`` when only code can fire it.

    Raises:
        MoveRefused: Nothing of that name can be done here.
    """
    for i, edge in enumerate(choices.edges):
        if graph.edges[edge].name == name and by in (None, graph.edges[edge].by):
            return i
    if by in (None, "player"):
        edge_of_code = graph.fired_by_code(place, mask, name)
        if edge_of_code is not None:
            return -1 - edge_of_code
        try:
            resolve(graph.table, graph.position(place, mask), name)
        except NotAvailable as error:
            raise MoveRefused(str(error)) from None
    raise MoveRefused(f"{name!r} does not fire by itself ({by}) next")


def player(policy: Any, graph: SimGraph, runs: int) -> SimPlayer:
    """Return who plays.

    Args:
        policy: What ``playtest`` was given.
        runs: How many runs are asked for.

    Raises:
        WorldError: It names states or events the world does not have, or is a trace with changes by hand.
        WrongArgument: It is no policy.
    """
    if policy == "uniform":
        return SimPlayer()
    if policy == "novelty":
        return Novelty(len(graph.edges), runs)
    if isinstance(policy, Trace):
        by_hand = next((step.event for step in policy if step.by == "author"), None)
        if by_hand is not None:
            raise WorldError(
                f"the trace has changes by hand, such as {quote(by_hand)}, which no player makes; "
                "play it again with worldkit.replay, or say with at= what a run begins with"
            )
        # no zone fires in a playtest, which has no picture: what one fired is pressed
        return Listed([(step.event, None if step.by == "zone" else step.by) for step in policy], "a trace")
    if isinstance(policy, Mapping):
        _check_names(policy, graph.index, "state")
        _check_names(policy.values(), _event_names(graph), "event")
        return Habits(policy)
    if callable(policy):
        return FunctionPlayer(policy)
    if isinstance(policy, Sequence) and not isinstance(policy, (str, bytes)):
        _check_names(policy, _event_names(graph), "event")
        return Listed([(name, None) for name in policy], "a list")
    raise refusal(
        "policy",
        '"uniform", "novelty", a function of a view, a list of names, a Trace, or a mapping from state to event',
        policy,
    )


def scripted_once(policy: Any) -> bool:
    """Say whether every run under a policy is the same, so that one is enough."""
    return isinstance(policy, Trace) or (
        isinstance(policy, Sequence) and not isinstance(policy, (str, bytes)) and not callable(policy)
    )


def _event_names(graph: SimGraph) -> set[str]:
    return {*graph.table.by_name, *(walk.name for walks in graph.table.sequences.values() for walk in walks)}


def _check_names(names: Any, valid_names: Any, what: str) -> None:
    for name in names:
        if not isinstance(name, str) or name not in valid_names:
            hint = did_you_mean(name, valid_names) if isinstance(name, str) else ""
            raise WorldError(f"the script names {quote(name)}, but this world has no such {what}{hint}")
