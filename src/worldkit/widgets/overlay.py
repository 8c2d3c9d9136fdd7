"""What is drawn over an editor's map: where runs have been, how many players went where, what can never happen.

An overlay speaks of one world. When the world is edited it follows renames, and says that it is out of date as soon
as the edit changes how the world plays; a quick exploration is simply made again.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from worldkit.core.argument_checks import refusal
from worldkit.core.diagnostics import Diagnostic
from worldkit.core.errors import WorldError
from worldkit.core.json_values import Json
from worldkit.exploration import Exploration, explore
from worldkit.exploration.deep_rules import ExploredWorld, deep_diagnostics
from worldkit.playing.renames import Renames
from worldkit.playing.session import Session
from worldkit.playing.trace import Trace
from worldkit.ruleset import Index
from worldkit.simulation import Playtest
from worldkit.widgets.edit_effects import plays_the_same
from worldkit.world import World

Kind = Literal["explored", "crowd", "runs"]
Word = Literal["never", "stuck", "idle", "seen", "unseen"]
"""``never``: no run can. ``stuck``: no ending can be reached from it. ``idle``: nothing may be left to do.
``seen`` and ``unseen``: some run was there, or none of these was."""

TITLES: dict[Kind, str] = {"explored": "Every possible run", "crowd": "Many players", "runs": "Runs so far"}
QUICK_SECONDS = 0.03
"""An exploration that took so many seconds at most is made again after every edit."""

VIEW_SECONDS = 2.0
"""What an exploration asked for in a view may take: less than a view waits before it takes the kernel for dead."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What an overlay says of one state or event.

    Attributes:
        word: What it is, as a view draws it.
        text: The same for a person, such as ``"never reached"``.
        share: How much of it, from 0 to 1.
    """

    word: Word
    text: str
    share: float = 0.0


Edge = tuple[str, str | None]
"""An event's name, and the state it was fired in; None for all of them."""


@dataclass(frozen=True, slots=True, eq=False)
class Overlay:
    """One layer over the map.

    Attributes:
        key: Its name in the list; a new one of that name takes its place.
        kind: What it was made of.
        title: What it is called.
        summary: Its result in a sentence.
        world: The world it speaks of.
        states: What it says of states, by id.
        events: What it says of events.
        findings: What the deep rules found, for the list of problems.
        quick: It is made again after every edit.
        names: What is called differently now.
        is_stale: The world plays differently now.
        serial: The how-manieth overlay that was put up: views show the newest.
    """

    key: str
    kind: Kind
    title: str
    summary: str
    world: World
    states: Mapping[str, Mark]
    events: Mapping[Edge, Mark]
    findings: tuple[Diagnostic, ...] = ()
    quick: bool = False
    names: Renames = field(default_factory=Renames)
    is_stale: bool = False
    serial: int = 0

    def to_dict(self) -> Json:
        """Return what a view draws, with the names things have now."""
        names = self.names
        return {
            "key": self.key,
            "kind": self.kind,
            "title": self.title,
            "said": self.summary,
            "stale": self.is_stale,
            "serial": self.serial,
            "states": [
                [names.state(id), mark.word, mark.text, round(mark.share, 3)] for id, mark in self.states.items()
            ],
            "events": [
                [
                    names.event(name),
                    None if source is None else names.state(source),
                    mark.word,
                    mark.text,
                    round(mark.share, 3),
                ]
                for (name, source), mark in self.events.items()
            ],
            "legend": _legend(self),
            "findings": [finding.to_dict() for finding in self.findings],
        }


def overlay(what: object, world: World, name: str | None = None) -> Overlay:
    """Return the overlay of runs, a playtest or an exploration.

    Args:
        what: A ``Session``, a ``Trace`` or several of those, a ``Playtest`` or an ``Exploration``.

    Raises:
        TypeError: It is none of those.
    """
    if isinstance(what, Exploration):
        layer = exploration_overlay(what)
    elif isinstance(what, Playtest):
        layer = playtest_overlay(what)
    else:
        layer = runs_overlay(_collect_traces(what), what.world if isinstance(what, Session) else world)
    if name is not None:
        layer = replace(layer, key=name, title=name)
    return carry_over(layer, world, Renames())


def exploration_overlay(exploration: Exploration) -> Overlay:
    """Return what exhaustive play found: only what is wrong is marked."""
    start = time.perf_counter()
    states = {
        id: Mark("never", "never reached") for id in exploration.world.states if id in exploration.unreachable_states
    }
    if exploration.endings:  # without any, a run is stuck everywhere, which the verdict says once
        states |= {lock.state: Mark("stuck", "can get stuck") for lock in exploration.soft_locks}
    states |= {end.state: Mark("idle", "nothing left to do") for end in exploration.dead_ends}
    names = dict.fromkeys(event.name for event in exploration.world.events)
    events: dict[Edge, Mark] = {
        (name, None): Mark("never", "never happens") for name in names if name in exploration.dead_events
    }
    findings = tuple(deep_diagnostics(ExploredWorld(exploration, Index(exploration.world))))
    quick = (
        exploration.at is None
        and exploration.complete
        and exploration.seconds + time.perf_counter() - start <= QUICK_SECONDS
    )
    return Overlay(
        "explored",
        "explored",
        TITLES["explored"],
        exploration.verdict,
        exploration.world,
        states,
        events,
        findings,
        quick,
    )


def playtest_overlay(test: Playtest) -> Overlay:
    """Return where many players went: visits by state, and how often each event was taken where it was offered."""
    max_hits = max(test.state_hits.values(), default=0) or 1
    endings = {ending.state: ending for ending in test.endings_by_share}
    states: dict[str, Mark] = {}
    for id, hits in test.state_hits.items():
        if not hits:
            states[id] = Mark("unseen", "not visited")
        elif id in endings:
            states[id] = Mark("seen", f"{percent(endings[id].share)} of runs end here", endings[id].share)
        else:
            states[id] = Mark("seen", f"{hits / test.runs:.2g} visits a run", hits / max_hits)
    counts: dict[Edge, list[int]] = {}
    for choice in test.choices():
        if choice.name not in test.event_hits:
            continue  # a sequence, which is no edge of the map
        tally = counts.setdefault((choice.name, choice.state), [0, 0])
        tally[0] += choice.taken
        tally[1] = max(tally[1], choice.offered)
    events = {edge: _choice_mark(taken_count, offer_count) for edge, (taken_count, offer_count) in counts.items()}
    coverage = test.coverage
    summary = (
        f"{test.runs:,} runs, {test.policy}: {coverage['states'].seen} of {coverage['states'].total} states and "
        f"{coverage['events'].seen} of {coverage['events'].total} events were seen."
    )
    return Overlay("crowd", "crowd", TITLES["crowd"], summary, test.world, states, events)


def _choice_mark(taken_count: int, offer_count: int) -> Mark:
    if not taken_count:
        return Mark("unseen", "never taken" if offer_count else "never offered")
    share = min(1.0, taken_count / offer_count)
    return Mark("seen", f"taken {percent(share)}", share)


def runs_overlay(traces: list[Trace], world: World) -> Overlay:
    """Return where runs have been: in how many of them each state was visited, and each event fired."""
    states: Counter[str] = Counter()
    edges: Counter[Edge] = Counter()
    for trace in traces:
        states.update(set(trace.states))
        edges.update({(step.event, step.origin) for step in trace if step.event in world.events_by_name})
    total = len(traces)
    names = {name for name, _ in edges}
    marks = {id: _visit_mark(states[id], total, "visited") for id in world.states}
    events = {edge: _visit_mark(count, total, "fired") for edge, count in edges.items()}
    events |= {(event.name, None): Mark("unseen", "not fired") for event in world.events if event.name not in names}
    visited_count = sum(id in states for id in world.states)
    fired_count = len({event.name for event in world.events} & names)
    count_text = "1 run" if total == 1 else f"{total:,} runs"
    event_count = len({event.name for event in world.events})
    summary = f"{count_text}: {visited_count} of {len(marks)} states, {fired_count} of {event_count} events."
    return Overlay("runs", "runs", TITLES["runs"], summary, world, marks, events)


def _visit_mark(count: int, total: int, verb: str) -> Mark:
    if not count:
        return Mark("unseen", f"not {verb}")
    return Mark("seen", verb if total == 1 else f"{verb} in {count:,} of {total:,} runs", count / total)


def percent(share: float) -> str:
    """Return a part in words: ``12 %``, never rounded to nothing or to everything."""
    if 0 < share < 0.01:
        return "under 1 %"
    return f"{min(99, round(100 * share)) if share < 1 else 100} %"


def carry_over(layer: Overlay, world: World, names: Renames) -> Overlay:
    """Return an overlay for the world as it is now.

    Args:
        names: What the last edit renamed.
    """
    if plays_the_same(layer.world, world):
        return replace(layer, names=Renames(), is_stale=False)
    return replace(layer, names=layer.names.then(names), is_stale=True)


def rebuild(layer: Overlay, world: World) -> Overlay:
    """Return a quick exploration made again in the world as it is now; out of date if it is quick no longer."""
    if not world.states:
        return replace(layer, is_stale=True)
    try:
        rebuilt = exploration_overlay(explore(world, seconds=10 * QUICK_SECONDS))
    except WorldError:
        return replace(layer, is_stale=True)
    return replace(rebuilt, key=layer.key, title=layer.title, serial=layer.serial)


# ---- inside ------------------------------------------------------------------------------------


def _collect_traces(what: object) -> list[Trace]:
    runs: list[Any] = [what]
    if isinstance(what, Iterable) and not isinstance(what, (Session, Trace, str, bytes, Mapping)):
        runs = list(what)
    if runs and all(isinstance(run, (Session, Trace)) for run in runs):
        return [run.trace if isinstance(run, Session) else run for run in runs]
    choice = "a Session, a Trace, several of those, a Playtest, an Exploration, or None for no overlay"
    raise refusal("what", choice, what)


_LEGEND: dict[Kind, tuple[tuple[Word, str, str], ...]] = {
    "explored": (
        ("never", "never reached", "never possible"),
        ("stuck", "where a run can get stuck", ""),
        ("idle", "with nothing left to do", ""),
    ),
    "crowd": (("seen", "visited", "taken"), ("unseen", "not visited", "not taken")),
    "runs": (("seen", "visited", "fired"), ("unseen", "not visited", "not fired")),
}


def _legend(layer: Overlay) -> list[Json]:
    """Return the entries of the legend: the mark, its words, and how many states and events have it."""
    states = Counter(mark.word for mark in layer.states.values())
    words: dict[str, set[Word]] = {}
    for (name, _), mark in layer.events.items():
        words.setdefault(name, set()).add(mark.word)
    # an event taken in one state and not in another was taken
    events = Counter("seen" if "seen" in marks else next(iter(marks)) for marks in words.values())
    return [
        {"mark": word, "states": states[word], "stateWords": of_state, "events": events[word], "eventWords": of_event}
        for word, of_state, of_event in _LEGEND[layer.kind]
        if states[word] or events[word]
    ]
