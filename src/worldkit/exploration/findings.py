"""What is wrong with a world, most harmful first, and the verdict: sentences for whoever wrote it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from worldkit.core.argument_checks import checked_methods
from worldkit.core.diagnostics import Item, ItemKind, Severity
from worldkit.core.json_values import Json, shown
from worldkit.exploration.budget import Spent
from worldkit.exploration.dead_events import DeadEvent, both, either, unreached
from worldkit.exploration.must_may import smallest
from worldkit.exploration.softlocks import DeadEnd, SoftLock
from worldkit.playing.trace import Trace

if TYPE_CHECKING:
    from worldkit.exploration.result import Exploration

Kind = Literal[
    "no-ending-reachable",
    "soft-lock",
    "dead-end",
    "unreachable-ending",
    "key-missing",
    "dead-event",
    "unreachable-state",
    "undecided",
    "flag-never-required",
]
KINDS: tuple[Kind, ...] = Kind.__args__  # type: ignore[attr-defined]
"""The kinds of findings, most harmful first."""

SECONDS = 1.0
"""Soft-locks are told apart by their cause for so long; those left over stand for themselves."""

SHOWN = 10.0
"""Soft-locks and dead ends are shown by runs for so many seconds of processor time; the rest is only counted."""

REACH = 2_000
"""How many positions after a cause are looked at for other states that are stuck because of it."""

_SEVERITY: dict[str, int] = {"error": 0, "warning": 1, "info": 2}


@checked_methods
@dataclass(frozen=True, eq=False)
class Finding:
    """One thing that is wrong with a world, or was not decided.

    Attributes:
        kind: Which kind of thing.
        severity: ``"error"``: a run can come to harm. ``"warning"``: something written is never seen.
            ``"info"``: what follows from another finding, or does no harm.
        message: What is wrong, in a sentence.
        item: What it is about, as data.
        fix: What to do about it, in a sentence.
        states: All states it is about, the one of ``item`` among them if that is a state.
        lock: The soft-lock, with its cause and point of no return, where the finding is one or ends in one.
    """

    kind: Kind
    severity: Severity
    message: str
    item: Item
    fix: str
    states: tuple[str, ...] = ()
    lock: SoftLock | None = None
    _end: DeadEnd | None = field(default=None, repr=False)
    _near: tuple[Exploration, str] | None = field(default=None, repr=False)

    @property
    def route(self) -> Trace | None:
        """A shortest run to it, or to where it would be; None where there is nothing to be shown or found in time."""
        for end in (self._end, self.lock):
            if end is not None:
                return end.route
        return None if self._near is None else self._near[0].route_to(self._near[1])

    def to_dict(self) -> Json:
        """Return the finding as JSON values, its route as the names it fires."""
        route = self.route
        item = {"kind": self.item.kind, "id": self.item.id, "field": self.item.field}
        made: Json = {"kind": self.kind, "severity": self.severity, "message": self.message, "item": item}
        made |= {"fix": self.fix, "states": list(self.states)}
        if route is not None:
            made["route"] = list(route.events)
        if self.lock is not None:
            made["cause"] = self.lock.cause
            made["before"] = self.lock.before and self.lock.before.to_dict()
        return made

    def __str__(self) -> str:
        return f"{self.severity:7} {self.message} [{self.kind}]"


def findings(found: Exploration) -> list[Finding]:
    """Return what is wrong with a world, by severity, then by kind, then in world order."""
    shown_ones = _Shown(found)
    made = [*_no_ending(found), *_soft_locks(found, shown_ones), *_dead_ends(found, shown_ones)]
    made += [*_endings(found), *_keys(found), *_events(found), *_states(found)]
    made += [*_undecided(found), *shown_ones.left(), *_unasked(found)]
    return sorted(made, key=lambda finding: (_SEVERITY[finding.severity], KINDS.index(finding.kind)))


class _Shown:
    """Which soft-locks and dead ends a run shows: no other is reported as a finding.

    Args:
        found: The exploration.

    Attributes:
        ends: The dead ends.
    """

    def __init__(self, found: Exploration) -> None:
        self._until = time.process_time() + SHOWN
        self._locks = self._ends = 0
        self.ends = [end for end in found.dead_ends if self._is_shown(end)]
        self._ends = len(found.dead_ends) - len(self.ends)

    def lock(self, lock: SoftLock) -> bool:
        """Say whether a run shows a soft-lock, and count it if none does."""
        is_shown = self._is_shown(lock)
        self._locks += not is_shown
        return is_shown

    def left(self) -> Iterator[Finding]:
        """Yield what no run was found for in time."""
        for count, what, name in (
            (self._locks, "a run can get stuck", "soft_locks"),
            (self._ends, "nothing may be left to do", "dead_ends"),
        ):
            if count:
                states = "1 more state" if count == 1 else f"{count:,} more states"
                text = f"In {states} {what}, but no run that shows it was found in time."
                yield Finding("undecided", "warning", text, Item("world"), f"Look at .{name} and their routes.")

    def _is_shown(self, end: SoftLock | DeadEnd) -> bool:
        return time.process_time() < self._until and end.route is not None


def _no_ending(found: Exploration) -> Iterator[Finding]:
    if found.endings or not found.exact:
        return
    listed = list(found._system.table.endings)
    if listed:
        text = "No ending can be reached, whatever the player does."
        fix = f"Open a way to {either(map(shown, listed))}; the findings below say what is in the way."
        yield Finding("no-ending-reachable", "error", text, Item("world"), fix, tuple(listed))
    else:
        text = "The world has no ending, so no run is ever over."
        yield Finding("no-ending-reachable", "warning", text, Item("world"), "Give some state an ending.")


def _soft_locks(found: Exploration, shown_ones: _Shown) -> Iterator[Finding]:
    if not found.endings:
        return
    bare = {end.state for end in shown_ones.ends}
    for lock, states in _groups(found, shown_ones):
        if not bare.issuperset(states):
            yield Finding("soft-lock", "error", *_stuck_text(found, lock, states), states, lock)


def _groups(found: Exploration, shown_ones: _Shown) -> Iterator[tuple[SoftLock, tuple[str, ...]]]:
    """Yield soft-locks, nearest first, each with the states that are stuck because of the same cause."""
    stuck = {lock.state: lock for lock in found.soft_locks}
    until = time.process_time() + SECONDS
    order = {id: i for i, id in enumerate(found.world.states)}

    def near(lock: SoftLock) -> int:
        return found._finder.earliest[found._system.index[lock.state]][0][0]

    for lock in sorted(found.soft_locks, key=near):
        if lock.state not in stuck or not shown_ones.lock(lock):
            continue
        states = {lock.state}
        if time.process_time() < until and lock._crossing is not None:
            states |= _after(found, lock) & stuck.keys()
        for state in states:
            stuck.pop(state, None)
        yield lock, tuple(sorted(states, key=lambda id: (id != lock.state, order[id])))


def _after(found: Exploration, lock: SoftLock) -> set[str]:
    """Return the states a run may still come to after the cause of a soft-lock: all of those are stuck then."""
    assert lock.route is not None and lock._crossing is not None
    finder, system = found._finder, found._system
    state, mask = system.start, system.mask
    for step in lock.route[: lock._crossing + 1]:
        move = next(move for move in finder.moves(state, mask) if system.name(move.label) == step.event)
        state, mask = move.target, mask | move.gain
    seen = {(state, mask)}
    todo = [(state, mask)]
    for place in todo:
        for move in finder.moves(*place):
            after = move.target, place[1] | move.gain
            if after not in seen and len(seen) < REACH:
                seen.add(after)
                todo.append(after)
    return {system.states[index] for index, _ in seen}


def _stuck_text(found: Exploration, lock: SoftLock, states: tuple[str, ...]) -> tuple[str, Item, str]:
    where = both(map(shown, states))
    if lock.cause is None or lock.before is None or lock.route is None or lock._crossing is None:
        held = f" with only {both(map(shown, sorted(lock.flags)))}" if lock.flags else " with nothing held"
        text = f"A run can be stuck for good in {shown(lock.state)}{held}: no ending can be reached from there."
        fix = f"Open a way from {shown(lock.state)} to an ending, or make it one."
        return text, Item("state", lock.state), fix
    cause, landed = shown(lock.cause), lock.route[lock._crossing].state
    lacking = _lacking(found, landed, found._played(lock.route.events[: lock._crossing + 1]).flags)
    item = Item("event", lock.cause) if lock.cause in found._system.table.by_name else Item("sequence", lock.cause[9:])
    if not lacking:
        text = f"After {cause} no ending can be reached: the run is stuck in {where}."
        return text, item, f"Open a way from {shown(landed)} to an ending, or make it one."
    keys, fewest = either(map(_all, lacking)), _all(lacking[0])
    text = f"After {cause} without {keys} no ending can be reached: the run is stuck in {where}."
    if item.kind == "event":
        return text, item, f"Let {cause} require {fewest}, or grant {fewest} where the run gets stuck."
    return text, item, f"Grant {fewest} before {cause} can be walked, or where the run gets stuck."


def _all(flags: frozenset[str]) -> str:
    listed = both(map(shown, sorted(flags)))
    return listed if len(flags) == 1 else f"both {listed}" if len(flags) == 2 else f"all of {listed}"


def _lacking(found: Exploration, state: str, held: frozenset[str]) -> list[frozenset[str]]:
    """Return the smallest sets of flags that would still help in a state; empty when none would."""
    system = found._system
    mask, can = system.mask_of(held), system.mask_of(found._held)
    assert mask is not None and can is not None
    try:
        needs = found._needs.flags(system.index[state])
    except Spent:
        return []
    lacking = smallest(need & ~mask for need in needs if not need & ~can)
    return [system.flags_of(need) for need in lacking if need]


def _dead_ends(found: Exploration, shown_ones: _Shown) -> Iterator[Finding]:
    locks = {(lock.state, lock.flags): lock for lock in found.soft_locks} if found.endings else {}
    for end in shown_ones.ends:
        name, here = shown(end.state), found._system.table.by_state[end.state]
        if here:
            keys = both(map(shown, sorted({flag for action in here for flag in action.requires} - end.flags)))
            why = f"all that is offered there needs {keys}" if keys else "all that is offered there is used up"
            text = f"In {name} nothing may be left to do, and the run is not over: {why}."
        else:
            text = f"In {name} there is nothing to do, and the run is not over."
        fix = f"Give {name} a way on, or make it an ending."
        lock = locks.get((end.state, end.flags))
        yield Finding("dead-end", "error", text, Item("state", end.state), fix, (end.state,), lock, end)


def _endings(found: Exploration) -> Iterator[Finding]:
    for state, ending in found._system.table.endings.items():
        if state in found.unreachable_endings:
            _, reason = unreached(found, state)
            text = f"The ending {shown(ending.title)} cannot be reached, as {reason}"
            fix = f"Open a way to {shown(state)}, or drop it."
            yield Finding("unreachable-ending", "error", text, Item("state", state, "ending"), fix, (state,))


def _keys(found: Exploration) -> Iterator[Finding]:
    asked: dict[str, dict[str, None]] = {}
    for action in found._system.table.actions:
        for flag in action.requires & found.never_granted:
            asked.setdefault(flag, {})[action.name] = None
    for flag, asking in sorted(asked.items()):
        granting = [action.name for action in found._granting.get(flag, ())]
        names = f"{both(map(shown, asking))} {'needs' if len(asking) == 1 else 'need'} {shown(flag)}"
        if granting:
            text = f"{names}, and only {either(map(shown, granting))} would grant it, which can never happen."
            fix = f"Make {shown(granting[0])} possible, or let another event grant {shown(flag)}."
        else:
            text = f"{names}, and nothing grants it."
            fix = f"Let an event grant {shown(flag)}, or require it no longer."
        yield Finding("key-missing", "warning", text, Item("event", next(iter(asking)), "requires"), fix)


def _events(found: Exploration) -> Iterator[Finding]:
    for name in dict.fromkeys(event.name for event in found.world.events):
        if name not in found.dead_events:
            continue
        dead = found.why(name)
        severity: Severity = "info" if dead.reason == "source unreachable" else "warning"
        sources = [id for action in found._system.table.by_name[name] for id in action.sources]
        near = next((id for id in sources if id in found.states), None)
        yield Finding(
            "dead-event",
            severity,
            dead.text,
            Item("event", name),
            _repair(dead),
            tuple(dict.fromkeys(id for id in sources if id in found.world.states)),
            _near=None if near is None else (found, near),
        )


def _repair(dead: DeadEvent) -> str:
    name, keys = shown(dead.event), both(map(shown, sorted(dead.missing)))
    match dead.reason:
        case "source missing":
            return f"Let {name} start in a state of this world, or drop it."
        case "after an ending":
            return f"Offer {name} before the ending, or drop it."
        case "source unreachable":
            return f"Open a way to where {name} is offered, or drop it."
        case "key missing":
            return f"Let something grant {keys}, or let {name} require less."
        case "used up":
            return f"Begin play from a position that has not used {name} yet."
        case "keys never together":
            return (
                f"Let the player get {keys} on the way there, or let {name} require less."
                if keys
                else f"Rename {name}."
            )


def _states(found: Exploration) -> Iterator[Finding]:
    for state in found.world.states:
        if state in found.unreachable_states and state not in found.unreachable_endings:
            near, reason = unreached(found, state)
            text = f"{shown(state)} is never reached, as {reason}"
            fix = f"Open a way to {shown(state)}, or drop it."
            kind: ItemKind = "state"
            yield Finding("unreachable-state", "warning" if near else "info", text, Item(kind, state), fix, (state,))


def _undecided(found: Exploration) -> Iterator[Finding]:
    fix = "Explore with a larger budget: seconds=, nodes= or memory_mb=."
    for text in found.undecided:
        yield Finding("undecided", "warning", text, Item("world"), fix)


def _unasked(found: Exploration) -> Iterator[Finding]:
    for flag in sorted(found.never_required):
        granting = list(dict.fromkeys(action.name for action in found._granting[flag]))
        verb = "grants" if len(granting) == 1 else "grant"
        text = f"{both(map(shown, granting))} {verb} {shown(flag)}, which nothing asks for."
        fix = "Require it somewhere, or grant it no longer, unless another act of a campaign asks for it."
        yield Finding("flag-never-required", "info", text, Item("event", granting[0], "grants"), fix)


# ---- the verdict -------------------------------------------------------------------------------


def verdict(found: Exploration) -> str:
    """Return the first thing to say about a world, in one sentence."""
    parts = [_about_endings(found)]
    if found.endings:
        parts += _about_stuck(found)
    elif found.dead_ends:
        parts.append(f"in {_counted(len(found.dead_ends), 'state')} nothing may be left to do")
    dead = len(found.dead_events)
    if dead:
        parts.append(f"{_counted(dead, 'event')} can never happen")
    lost = len(found.unreachable_states - found.unreachable_endings)
    if lost:
        parts.append(f"{_counted(lost, 'state')} can never be reached")
    if not found.complete:
        parts.append("not everything was decided")
    return "; ".join(parts) + "."


def _about_endings(found: Exploration) -> str:
    total, reached = len(found._system.table.endings), len(found.endings)
    if not total:
        return "This world has no ending"
    if not found.exact:
        return f"At least {reached} of {total} endings can be reached"
    if not reached:
        return "No ending can be reached"
    if reached == total:
        return "The ending can be reached" if total == 1 else f"All {total} endings can be reached"
    lost = [id for id in found.world.states if id in found.unreachable_endings]
    return f"{reached} of {total} endings can be reached, {both(map(shown, lost))} cannot"


def _about_stuck(found: Exploration) -> Iterator[str]:
    if found.stuck_classes is None and not found.soft_locks:
        yield "whether a run can get stuck was not decided"
        return
    count, ends = len(found.soft_locks), len(found.dead_ends)
    if not count:
        yield "no run can get stuck"
        return
    lock = next((finding.lock for finding in found.findings if finding.lock is not None), None)
    first = "" if lock is None or lock.cause is None else f", first after {shown(lock.cause)}"
    bare = "" if not ends else ", with nothing left to do" if ends == count else f", in {ends} with nothing left to do"
    yield f"a run can get stuck in {_counted(count, 'state')}{bare}{first}"


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def figure(found: Exploration) -> str:
    """Return how many positions there are, and how many classes of them where that is another number, as text."""
    about = "" if found.positions_complete else "at least "
    counted = f"{about}{_counted(found.positions, 'position')}"
    if found.classes == found.positions:
        return counted
    return f"{counted} in {found.classes:,} {'class' if found.classes == 1 else 'classes'}"


def page(found: Exploration) -> str:
    """Return an exploration in at most five lines: the verdict, the figures, the worst findings."""
    world, states, events = found.world, len(found.states), len(found.events)
    names = len({event.name for event in world.events})
    figures = (
        f"{figure(found)}, {states} of {len(world.states)} states, {events} of {names} events; "
        f"{found.engine}, {found.seconds:.3f} s"
    )
    lines = [found.verdict, figures]
    worst = [finding for finding in found.findings if finding.severity != "info"]
    lines += [f"  {finding}" for finding in worst[:2]]
    if len(found.findings) > 2:
        lines.append(f"  {len(found.findings)} findings in all: .findings, or print(.text())")
    return "\n".join(lines)
