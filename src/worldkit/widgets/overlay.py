"""What is drawn over an editor's map: where runs have been, how many players went where, what can never happen.

An overlay speaks of one world. When the world is edited it follows renames, and says that it is out of date as soon
as the edit changes how the world plays; a quick exploration is simply made again.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from worldkit.comparison import diff
from worldkit.core.diagnostics import Diagnostic
from worldkit.core.document import json_of
from worldkit.core.errors import WorldError
from worldkit.core.json_values import Json
from worldkit.playing.rebase import Renames
from worldkit.playing.session import Session
from worldkit.playing.trace import Trace
from worldkit.world import World

if TYPE_CHECKING:
    from worldkit.exploration import Exploration
    from worldkit.simulation import Playtest

Kind = Literal["explored", "crowd", "runs"]
Word = Literal["never", "stuck", "idle", "seen", "unseen"]
"""``never``: no run can. ``stuck``: no ending can be reached from it. ``idle``: nothing may be left to do.
``seen`` and ``unseen``: some run was there, or none of these was."""

TITLES: dict[Kind, str] = {"explored": "Every possible run", "crowd": "Many players", "runs": "Runs so far"}
CHEAP = 0.03
"""An exploration that took so many seconds at most is made again after every edit."""

SECONDS = 2.0
"""What an exploration asked for in a view may take: less than a view waits before it takes the kernel for dead."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What an overlay says of one state or event.

    Attributes:
        word: What it is, as a view draws it.
        text: The same for a person, such as ``"never reached"``.
        part: How much of it, from 0 to 1.
    """

    word: Word
    text: str
    part: float = 0.0


Edge = tuple[str, str | None]
"""An event's name, and the state it was fired in; None for all of them."""


@dataclass(frozen=True, slots=True, eq=False)
class Overlay:
    """One layer over the map.

    Attributes:
        key: Its name in the list; a new one of that name takes its place.
        kind: What it was made of.
        title: What it is called.
        said: What it comes to, in a sentence.
        world: The world it speaks of.
        states: What it says of states, by id.
        events: What it says of events.
        findings: What the deep rules found, for the list of problems.
        quick: It is made again after every edit.
        names: What is called differently now.
        stale: The world plays differently now.
        serial: The how-manieth overlay that was put up: views show the newest.
    """

    key: str
    kind: Kind
    title: str
    said: str
    world: World
    states: Mapping[str, Mark]
    events: Mapping[Edge, Mark]
    findings: tuple[Diagnostic, ...] = ()
    quick: bool = False
    names: Renames = field(default_factory=Renames)
    stale: bool = False
    serial: int = 0

    def to_dict(self) -> Json:
        """Return what a view draws, with the names things have now."""
        names = self.names
        return {
            "key": self.key,
            "kind": self.kind,
            "title": self.title,
            "said": self.said,
            "stale": self.stale,
            "serial": self.serial,
            "states": [[names.state(id), m.word, m.text, round(m.part, 3)] for id, m in self.states.items()],
            "events": [
                [names.event(name), None if source is None else names.state(source), m.word, m.text, round(m.part, 3)]
                for (name, source), m in self.events.items()
            ],
            "legend": _legend(self),
            "findings": [found.to_dict() for found in self.findings],
        }


def overlay(what: object, world: World, name: str | None = None) -> Overlay:
    """Return the overlay of runs, a playtest or an exploration.

    Args:
        what: A ``Session``, a ``Trace`` or several of those, a ``Playtest`` or an ``Exploration``.
        world: The world of the editor.
        name: What to call it.

    Raises:
        TypeError: It is none of those.
    """
    from worldkit.exploration import Exploration
    from worldkit.simulation import Playtest

    if isinstance(what, Exploration):
        made = explored(what)
    elif isinstance(what, Playtest):
        made = crowd(what)
    else:
        made = runs(_traces(what), what.world if isinstance(what, Session) else world)
    if name is not None:
        made = replace(made, key=name, title=name)
    return followed(made, world, Renames())


def explored(found: Exploration) -> Overlay:
    """Return what exhaustive play found: only what is wrong is marked."""
    from worldkit.exploration.deep_rules import ExploredWorld, deep_diagnostics
    from worldkit.ruleset import Index

    began = time.perf_counter()
    states = {id: Mark("never", "never reached") for id in found.world.states if id in found.unreachable_states}
    if found.endings:  # without any, a run is stuck everywhere, which the verdict says once
        states |= {lock.state: Mark("stuck", "can get stuck") for lock in found.soft_locks}
    states |= {end.state: Mark("idle", "nothing left to do") for end in found.dead_ends}
    names = dict.fromkeys(event.name for event in found.world.events)
    events: dict[Edge, Mark] = {
        (name, None): Mark("never", "never happens") for name in names if name in found.dead_events
    }
    findings = tuple(deep_diagnostics(ExploredWorld(found, Index(found.world))))
    quick = found.at is None and found.complete and found.seconds + time.perf_counter() - began <= CHEAP
    return Overlay(
        "explored", "explored", TITLES["explored"], found.verdict, found.world, states, events, findings, quick
    )


def crowd(test: Playtest) -> Overlay:
    """Return where many players went: visits by state, and how often each event was taken where it was offered."""
    most = max(test.state_hits.values(), default=0) or 1
    ends = {ending.state: ending for ending in test.endings_by_share}
    states: dict[str, Mark] = {}
    for id, hits in test.state_hits.items():
        if not hits:
            states[id] = Mark("unseen", "not visited")
        elif id in ends:
            states[id] = Mark("seen", f"{percent(ends[id].share)} of runs end here", ends[id].share)
        else:
            states[id] = Mark("seen", f"{hits / test.runs:.2g} visits a run", hits / most)
    counts: dict[Edge, list[int]] = {}
    for choice in test.choices():
        if choice.name not in test.event_hits:
            continue  # a sequence, which is no edge of the map
        count = counts.setdefault((choice.name, choice.state), [0, 0])
        count[0] += choice.taken
        count[1] = max(count[1], choice.offered)
    events = {edge: _taken(taken, offered) for edge, (taken, offered) in counts.items()}
    seen = test.coverage
    said = (
        f"{test.runs:,} runs, {test.policy}: {seen['states'].seen} of {seen['states'].total} states and "
        f"{seen['events'].seen} of {seen['events'].total} events were seen."
    )
    return Overlay("crowd", "crowd", TITLES["crowd"], said, test.world, states, events)


def _taken(taken: int, offered: int) -> Mark:
    if not taken:
        return Mark("unseen", "never taken" if offered else "never offered")
    part = min(1.0, taken / offered)
    return Mark("seen", f"taken {percent(part)}", part)


def runs(traces: list[Trace], world: World) -> Overlay:
    """Return where runs have been: in how many of them each state was visited, and each event fired.

    Args:
        traces: The runs.
        world: Their world.
    """
    states: Counter[str] = Counter()
    edges: Counter[Edge] = Counter()
    for trace in traces:
        states.update(set(trace.states))
        edges.update({(step.event, step.origin) for step in trace if step.event in world.events_by_name})
    total = len(traces)
    names = {name for name, _ in edges}
    marks = {id: _visited(states[id], total, "visited") for id in world.states}
    events = {edge: _visited(count, total, "fired") for edge, count in edges.items()}
    events |= {(event.name, None): Mark("unseen", "not fired") for event in world.events if event.name not in names}
    been = sum(id in states for id in world.states)
    fired = len({event.name for event in world.events} & names)
    what = "1 run" if total == 1 else f"{total:,} runs"
    said = f"{what}: {been} of {len(marks)} states, {fired} of {len({e.name for e in world.events})} events."
    return Overlay("runs", "runs", TITLES["runs"], said, world, marks, events)


def _visited(count: int, total: int, verb: str) -> Mark:
    if not count:
        return Mark("unseen", f"not {verb}")
    return Mark("seen", verb if total == 1 else f"{verb} in {count:,} of {total:,} runs", count / total)


def percent(part: float) -> str:
    """Return a part in words: ``12 %``, never rounded to nothing or to everything."""
    if 0 < part < 0.01:
        return "under 1 %"
    return f"{min(99, round(100 * part)) if part < 1 else 100} %"


def followed(made: Overlay, world: World, names: Renames) -> Overlay:
    """Return an overlay for the world as it is now.

    Args:
        made: The overlay.
        world: The world now.
        names: What the last edit renamed.
    """
    if same_play(made.world, world):
        return replace(made, names=Renames(), stale=False)
    return replace(made, names=made.names.then(names), stale=True)


def renames(before: World, after: World) -> Renames:
    """Return what an edit renamed.

    Args:
        before: The world before it.
        after: The world after it.
    """
    gone = before.states.keys() - after.states.keys() or before.events_by_name.keys() - after.events_by_name.keys()
    if before is after or not gone:
        return Renames()
    made = diff(before, after)
    return Renames(dict(made.states.renamed), dict(made.events.renamed))


def again(made: Overlay, world: World) -> Overlay:
    """Return a quick exploration made again in the world as it is now; out of date if it is quick no longer."""
    from worldkit.exploration import explore

    if not world.states:
        return replace(made, stale=True)
    try:
        new = explored(explore(world, seconds=10 * CHEAP))
    except WorldError:
        return replace(made, stale=True)
    return replace(new, key=made.key, title=made.title, serial=made.serial)


# ---- whether a world plays the same --------------------------------------------------------------

_TOP = ("entrance", "cutscenes", "sequences", "outro")
_WORDS = frozenset({"base", "detail", "camera", "movement", "narration", "lockedHint", "hotkey", "anchor"})


def same_play(a: World, b: World) -> bool:
    """Say whether the same runs can be played in two versions of a world; words may differ.

    Args:
        a: A world.
        b: Another.
    """
    if a is b:
        return True
    before, after = json_of(a), json_of(b)
    if any(before.get(name) != after.get(name) for name in _TOP):
        return False
    old, new = before["scene"], after["scene"]
    if list(old["states"]) != list(new["states"]) or len(old["events"]) != len(new["events"]):
        return False
    ends = (one is other or _ending(one) == _ending(other) for one, other in _pairs(old["states"], new["states"]))
    moves = (
        one is other or _moves(one) == _moves(other) for one, other in zip(old["events"], new["events"], strict=True)
    )
    return all(ends) and all(moves)


def _pairs(old: Json, new: Json) -> Iterable[tuple[Any, Any]]:
    return zip(old.values(), new.values(), strict=True)


def _ending(body: Json) -> Any:
    return body.get("ending"), body.get("variants"), body.get("facts")


def _moves(event: Json) -> Json:
    return {key: value for key, value in event.items() if key not in _WORDS}


# ---- inside ------------------------------------------------------------------------------------


def _traces(what: object) -> list[Trace]:
    if isinstance(what, Session):
        return [what.trace]
    if isinstance(what, Trace):
        return [what]
    if isinstance(what, Iterable) and not isinstance(what, (str, bytes, Mapping)):
        made = [one for some in what for one in _traces(some)]
        if made:
            return made
    raise TypeError(
        "expected a Session, a Trace, several of those, a Playtest, an Exploration, or None for no overlay, "
        f"got {type(what).__name__}"
    )


_LEGEND: dict[Kind, tuple[tuple[Word, str, str], ...]] = {
    "explored": (
        ("never", "never reached", "never possible"),
        ("stuck", "where a run can get stuck", ""),
        ("idle", "with nothing left to do", ""),
    ),
    "crowd": (("seen", "visited", "taken"), ("unseen", "not visited", "not taken")),
    "runs": (("seen", "visited", "fired"), ("unseen", "not visited", "not fired")),
}


def _legend(made: Overlay) -> list[Json]:
    """Return the entries of the legend: the mark, its words, and how many states and events have it."""
    states = Counter(mark.word for mark in made.states.values())
    words: dict[str, set[Word]] = {}
    for (name, _), mark in made.events.items():
        words.setdefault(name, set()).add(mark.word)
    # an event taken in one state and not in another was taken
    events = Counter("seen" if "seen" in held else next(iter(held)) for held in words.values())
    return [
        {"mark": word, "states": states[word], "stateWords": of_state, "events": events[word], "eventWords": of_event}
        for word, of_state, of_event in _LEGEND[made.kind]
        if states[word] or events[word]
    ]
