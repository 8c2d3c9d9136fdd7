"""``pacing``: how long a story is and how hard, proven: shortest ways, choices that decide, what can be skipped."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from worldkit.core.argument_checks import checked, checked_methods
from worldkit.core.display import render
from worldkit.core.document import json_of
from worldkit.core.errors import InvalidWorld, Problem
from worldkit.core.json_values import Json, escape_unprintable, quote
from worldkit.exploration import explore
from worldkit.exploration.budget import Budget, BudgetSpent, Meter
from worldkit.exploration.transition_system import build_system
from worldkit.exploration.witness import witness_trace
from worldkit.playing.trace import Trace
from worldkit.simulation.chain_odds import odds
from worldkit.simulation.chance import Chance
from worldkit.simulation.decisions import MAX_POSITIONS, StoryGraph, story_graph
from worldkit.simulation.pacing import format_duration, format_percent

if TYPE_CHECKING:
    from worldkit.world import World

LISTED = 8
"""So many names are listed in a line."""

NOTABLE = 0.005
"""A share of plays that changes by less is not told..."""

NOTABLE_PART = 0.1
"""...but that of a rare ending, where it changes by such a part of itself."""


@checked_methods
@dataclass(frozen=True, slots=True)
class EndingPace:
    """How far away an ending is.

    Attributes:
        state: The id of its state.
        title: Its title.
        kind: ``"win"`` or ``"lose"``.
        run: A shortest run to it; None when no run gets there, or none was found in time.
        decisions: The steps of that run, from 1, with which a choice is made that decides which endings can still be
            reached; None when that is not known.
        chance: The probability that random play sees it.

    Example:
        >>> ending = wk.pacing(world).endings[0]
        >>> ending.state, ending.steps, ending.chance.value
        ('two_mittens', 3, 1.0)
    """

    state: str
    title: str
    kind: str
    run: Trace | None
    decisions: tuple[int, ...] | None
    chance: Chance

    @property
    def steps(self) -> int | None:
        """How many steps a shortest run to it has."""
        return None if self.run is None else len(self.run)

    @property
    def seconds(self) -> float | None:
        """How long that run plays, in seconds, without the time to read and choose."""
        if self.run is None:
            return None
        return max((step.until for step in self.run), default=0) / 1000


@checked_methods
@dataclass(frozen=True, slots=True, eq=False)
class Pacing:
    """How long a story is, how often its player decides something, and what of it can be skipped.

    Attributes:
        world: The world.
        endings: Its endings, the nearest first; those that no run reaches come last.
        choices: The states in which a choice decides which endings can still be reached; None when there are too many
            positions to know.
        events: How many events some run fires; None likewise.
        dead_weight: Those of them that no shortest run to any ending fires: all that a player in a hurry misses;
            None likewise.
        exact: Whether the shares of random play were computed; otherwise they are simulated.

    Example:
        >>> pacing = wk.pacing(world)
        >>> pacing
        Pacing of 'The Red Mitten': 1 ending, 3 steps away
          two_mittens  win  3 steps, 8.0 s, no decision; 100 % of random plays
          choices that decide the ending: none
          off every shortest way: 2 of 5 events: listen_to_the_leaves, walk_back_down_the_lane
    """

    world: World
    endings: tuple[EndingPace, ...]
    choices: tuple[str, ...] | None
    events: int | None
    dead_weight: tuple[str, ...] | None
    exact: bool

    @property
    def shortest(self) -> int | None:
        """How many steps the shortest run to any ending has; None when none can be reached."""
        return min((ending.steps for ending in self.endings if ending.steps is not None), default=None)

    @property
    def longest_necessary(self) -> int | None:
        """How many steps the farthest ending takes at least: who wants to see it cannot do with fewer."""
        return max((ending.steps for ending in self.endings if ending.steps is not None), default=None)

    def changes(self, after: Pacing) -> tuple[str, ...]:
        """Return in sentences what is different in another version of the world.

        Args:
            after: The pacing of the other version.

        Example:
            >>> story = wk.samples.load("lighthouse")
            >>> changed = story.apply([{"op": "delete_event", "name": "the_steamer_holds_her_course"}])
            >>> wk.pacing(story).changes(wk.pacing(changed))[-1]
            'What is chosen in gallery no longer decides the ending.'
        """
        return tuple(_changes(self, after))

    def to_dict(self) -> Json:
        """Return it as JSON values."""
        return {
            "shortest": self.shortest,
            "longest_necessary": self.longest_necessary,
            "choices": None if self.choices is None else list(self.choices),
            "dead_weight": None if self.dead_weight is None else list(self.dead_weight),
            "exact": self.exact,
            "endings": [
                {
                    "state": ending.state,
                    "kind": ending.kind,
                    "steps": ending.steps,
                    "seconds": ending.seconds,
                    "decisions": None if ending.decisions is None else list(ending.decisions),
                    "chance": ending.chance.value,
                }
                for ending in self.endings
            ],
        }

    def __repr__(self) -> str:
        count = len(self.endings)
        title = escape_unprintable(self.world.name or self.world.id or "the world")
        lines = [f"Pacing of {title!r}: {count} ending{'s' * (count != 1)}{self._distance()}"]
        width = max((len(escape_unprintable(ending.state)) for ending in self.endings), default=0)
        for ending in self.endings:
            plays = f"{share_text(ending.chance, exact=self.exact)} of random plays"
            lines.append(f"  {escape_unprintable(ending.state):<{width}}  {ending.kind}  {way_text(ending)}; {plays}")
        if self.choices is not None:
            lines.append(f"  choices that decide the ending: {names_text(self.choices)}")
        if self.dead_weight is not None:
            off = f"{len(self.dead_weight)} of {self.events} events"
            names = f": {names_text(self.dead_weight)}" if self.dead_weight else ""
            lines.append(f"  off every shortest way: {off}{names}")
        return "\n".join(lines)

    def _distance(self) -> str:
        nearest, farthest = self.shortest, self.longest_necessary
        if nearest is None or farthest is None:
            return ", none can be reached" if self.endings else ""
        words = str(nearest) if nearest == farthest else f"{nearest} to {farthest}"
        return f", {words} step{'s' * (farthest != 1)} away"

    def _repr_html_(self) -> str:
        text: str = render(self, "html")
        return text


@checked
def pacing(world: World, *, budget: Budget | None = None) -> Pacing:
    """Return how long a story is and how hard: proven, not measured on players.

    For each ending: a shortest run, how often that decides something, and how many random plays see it. For the whole:
    the choices that decide which endings can still be reached, and the events that no shortest run fires.

    Args:
        world: The world.
        budget: What it may cost; what is not known within it is None.

    Returns:
        The pacing: a chart in a notebook.

    Raises:
        InvalidWorld: The world has no states.

    Example:
        >>> pacing = wk.pacing(wk.samples.load("lighthouse"))
        >>> pacing.shortest, pacing.longest_necessary, len(pacing.choices)
        (7, 17, 4)
    """
    if not json_of(world)["scene"]["states"]:
        problem = Problem("scene.states", "expected at least one state to play in, got none; add a state")
        raise InvalidWorld([problem], world.name or world.id or "the world")
    limits = budget or Budget()
    chances = odds(world, budget=limits)
    system = build_system(world)
    try:
        graph = story_graph(system, Meter("pacing", time.perf_counter() + limits.seconds), MAX_POSITIONS)
    except BudgetSpent:
        graph = None
    graph = None if system.omitted else graph
    exploration = explore(world, budget=limits) if graph is None else None
    endings = []
    for id, state in world.states.items():
        if state.ending is None:
            continue
        run, decisions = None, None
        if graph is not None:
            run, decisions = _way(world, graph, system.index[id])
        elif exploration is not None:
            run = exploration.route_to(id)
        endings.append(EndingPace(id, state.ending.title, state.ending.kind, run, decisions, chances.endings[id]))
    endings.sort(key=lambda ending: (ending.steps is None, ending.steps or 0))
    if graph is None:
        return Pacing(world, tuple(endings), None, None, None, chances.exact)
    deciding = {graph.states[at] for at in range(len(graph.states)) if graph.decides(at)}
    fired = {label for moves in graph.successors for _, label in moves}
    on_way = graph.moves_on_shortest_runs(system.endings)
    fired_names, way_names = ({system.name(label) for label in labels} for labels in (fired, on_way))
    names = [event.name for event in world.events if event.name in fired_names]
    return Pacing(
        world,
        tuple(endings),
        tuple(system.states[state] for state in sorted(deciding)),
        len(dict.fromkeys(names)),
        tuple(name for name in dict.fromkeys(names) if name not in way_names),
        chances.exact,
    )


def _way(world: World, graph: StoryGraph, ending: int) -> tuple[Trace | None, tuple[int, ...] | None]:
    """Return a shortest run to an ending, and the steps of it that decide something."""
    nearest = graph.nearest(ending)
    if nearest is None:
        return None, ()
    run = graph.run_to(nearest)
    trace = witness_trace(world, None, graph.system, [graph.labels[position] for position in run[1:]])
    return trace, tuple(number for number, position in enumerate(run[:-1], 1) if graph.decides(position))


# ---- text --------------------------------------------------------------------------------------


def way_text(ending: EndingPace) -> str:
    """Return in words how far away an ending is."""
    if ending.steps is None or ending.seconds is None:
        return "no run gets there"
    parts = [f"{ending.steps} step{'s' * (ending.steps != 1)}", format_duration(ending.seconds)]
    if ending.decisions is not None:
        count = len(ending.decisions)
        parts.append(f"{count or 'no'} decision{'s' * (count > 1)}")
    return ", ".join(parts)


def share_text(chance: Chance, *, exact: bool) -> str:
    """Return a share of plays in words."""
    about = "" if exact else "about "
    return about + format_percent(chance.value, 1)


def names_text(names: Sequence[str]) -> str:
    """Return some names in one line."""
    if not names:
        return "none"
    more = f" and {len(names) - LISTED} more" if len(names) > LISTED else ""
    return ", ".join(map(escape_unprintable, names[:LISTED])) + more


def _is_notable(before: float, after: float, is_exact: bool) -> bool:
    """Say whether a share of plays changed by enough to be told; of a rare ending, that is less."""
    difference = abs(after - before)
    return difference >= NOTABLE or (is_exact and difference >= NOTABLE_PART * max(before, after) > 0)


def _changes(before: Pacing, after: Pacing) -> Iterator[str]:
    old = {ending.state: ending for ending in before.endings}
    if before.longest_necessary != after.longest_necessary and before.longest_necessary and after.longest_necessary:
        yield f"The farthest ending takes {after.longest_necessary} steps at least, {before.longest_necessary} before."
    for ending in after.endings:
        was = old.get(ending.state)
        if was is None or not _is_notable(was.chance.value, ending.chance.value, before.exact and after.exact):
            continue
        now_text = share_text(ending.chance, exact=after.exact)
        was_text = share_text(was.chance, exact=before.exact)
        yield f"Random play sees the ending {quote(ending.title)} in {now_text} of all plays, {was_text} before."
    if before.choices is not None and after.choices is not None:
        removed_ids = [id for id in before.choices if id not in after.choices]
        fresh = [id for id in after.choices if id not in before.choices]
        if removed_ids:
            yield f"What is chosen in {names_text(removed_ids)} no longer decides the ending."
        if fresh:
            yield f"What is chosen in {names_text(fresh)} decides the ending now."
    if before.dead_weight is not None and after.dead_weight is not None:
        fresh_events = [name for name in after.dead_weight if name not in before.dead_weight]
        there = [name for name in fresh_events if name in before.world.events_by_name]
        if there:
            yield f"No shortest way to an ending needs {names_text(there)} any more."
        needed = [name for name in before.dead_weight if name not in after.dead_weight]
        needed = [name for name in needed if name in after.world.events_by_name]
        if needed:
            yield f"A shortest way to an ending leads through {names_text(needed)} now."
