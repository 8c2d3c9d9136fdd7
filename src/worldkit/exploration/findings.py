"""What is wrong with a world, most harmful first, and the verdict: sentences for its author."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from worldkit.core.diagnostics import Item, ItemKind
from worldkit.core.json_values import quote
from worldkit.core.profile import Severity
from worldkit.exploration.dead_events import DeadEvent, join_and, join_or
from worldkit.exploration.finding import KINDS, Finding
from worldkit.exploration.moves import Predecessors, nearest_first
from worldkit.exploration.route_limit import STEP_WORK
from worldkit.exploration.softlocks import DeadEnd, SoftLock
from worldkit.exploration.unreached import UnreachedStates

if TYPE_CHECKING:
    from worldkit.exploration.analysis import Analysis
    from worldkit.exploration.result import Exploration
    from worldkit.exploration.routes import Pathfinder

MAX_GROUPING_MOVES = 200_000
"""How many moves are looked at to group soft-locks by their cause, about a second; each one left over is a group of its
own. A number and no time, so that a busy machine finds the same."""

MAX_WITNESS_WORK = 2_500_000
"""How many search nodes are looked at for runs that show soft-locks and dead ends, about ten seconds; the rest is only
counted."""

MAX_STUCK_POSITIONS = 2_000
"""How many positions after a cause are looked at for other states that are stuck because of it."""

_SEVERITY_RANKS: dict[str, int] = {"error": 0, "warning": 1, "info": 2}


def find_problems(exploration: Exploration, analysis: Analysis) -> list[Finding]:
    """Return what is wrong with a world, by severity, then by kind, then in world order."""
    witnesses, unreached_states = _WitnessFilter(exploration, analysis.finder), UnreachedStates(exploration, analysis)
    problems = [
        *_ending_findings(exploration, analysis),
        *_soft_lock_findings(exploration, analysis, witnesses),
        *_dead_end_findings(exploration, analysis, witnesses),
    ]
    problems += [
        *_unreachable_ending_findings(exploration, analysis, unreached_states),
        *_missing_key_findings(exploration, analysis),
        *_dead_event_findings(exploration, analysis),
        *_unreachable_state_findings(exploration, unreached_states),
    ]
    problems += [
        *_undecided_findings(exploration),
        *witnesses.left(),
        *_unrequired_flag_findings(exploration, analysis),
    ]
    return sorted(problems, key=lambda finding: (_SEVERITY_RANKS[finding.severity], KINDS.index(finding.kind)))


class _WitnessFilter:
    """Which soft-locks and dead ends a run shows: no other is reported as a finding.

    Args:
        exploration: The exploration.
        finder: Searches the runs.

    Attributes:
        ends: The dead ends.
    """

    def __init__(self, exploration: Exploration, finder: Pathfinder) -> None:
        self._finder = finder
        self._work_left = MAX_WITNESS_WORK
        self._locks = self._ends = 0
        self.ends = [end for end in exploration.dead_ends if self._is_shown(end)]
        self._ends = len(exploration.dead_ends) - len(self.ends)

    def lock(self, lock: SoftLock) -> bool:
        """Say whether a run shows a soft-lock, and count it if none does."""
        is_shown = self._is_shown(lock)
        self._locks += not is_shown
        if is_shown and lock.cause_index is not None:  # what lies up to the cause is played three more times
            self._work_left -= 3 * STEP_WORK * (lock.cause_index + 1)
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
        if self._work_left <= 0:
            return False
        work_before = self._finder.work
        route = end.route
        self._work_left -= self._finder.work - work_before + STEP_WORK * len(route or ())
        return route is not None


def _ending_findings(exploration: Exploration, analysis: Analysis) -> Iterator[Finding]:
    if exploration.endings or not exploration.exact:
        return
    endings = list(analysis.system.table.endings)
    if endings:
        text = "No ending can be reached, whatever the player does."
        fix = f"Open a way to {join_or(map(quote, endings))}; the findings below say what is in the way."
        yield Finding("no-ending-reachable", "error", text, Item("world"), fix, tuple(endings))
    else:
        text = "The world has no ending, so no run is ever over."
        yield Finding("no-ending-reachable", "warning", text, Item("world"), "Give some state an ending.")


def _soft_lock_findings(exploration: Exploration, analysis: Analysis, witnesses: _WitnessFilter) -> Iterator[Finding]:
    if not exploration.endings:
        return
    dead_end_states = {end.state for end in witnesses.ends}
    for lock, states in _group_soft_locks(exploration, analysis, witnesses):
        if not dead_end_states.issuperset(states):
            yield Finding("soft-lock", "error", *_describe_soft_lock(analysis, lock, states), states, lock)


def _group_soft_locks(
    exploration: Exploration, analysis: Analysis, witnesses: _WitnessFilter
) -> Iterator[tuple[SoftLock, tuple[str, ...]]]:
    """Yield soft-locks, nearest first, each with the states that are stuck because of the same cause."""
    lock_of = {lock.state: lock for lock in exploration.soft_locks}
    moves_left = MAX_GROUPING_MOVES
    order = {id: i for i, id in enumerate(exploration.world.states)}

    def near(lock: SoftLock) -> int:
        return analysis.finder.earliest[analysis.system.index[lock.state]][0][0]

    for lock in sorted(exploration.soft_locks, key=near):
        if lock.state not in lock_of or not witnesses.lock(lock):
            continue
        states = {lock.state}
        if moves_left > 0 and lock.cause_index is not None:
            later_states, move_count = _states_after(analysis, lock)
            states |= later_states & lock_of.keys()
            moves_left -= move_count
        for state in states:
            lock_of.pop(state, None)
        yield lock, tuple(sorted(states, key=lambda id: (id != lock.state, order[id])))


def _states_after(analysis: Analysis, lock: SoftLock) -> tuple[set[str], int]:
    """Return the states a run may still come to after the cause of a soft-lock, and how many moves were looked at.

    All of those states are stuck then.
    """
    assert lock.route is not None and lock.cause_index is not None
    finder, system = analysis.finder, analysis.system
    state, mask = system.start, system.mask
    move_count = 0
    for step in lock.route[: lock.cause_index + 1]:
        move_count += len(finder.moves_of[state])
        move = next(move for move in finder.moves(state, mask) if system.name(move.label) == step.event)
        state, mask = move.target, mask | move.sets
    visited: Predecessors = {}
    for index, _ in nearest_first(finder.moves_of, (state, mask), visited):
        move_count += len(finder.moves_of[index])
        if move_count > MAX_GROUPING_MOVES or len(visited) >= MAX_STUCK_POSITIONS:
            break
    return {system.states[index] for index, _ in visited}, move_count


def _describe_soft_lock(analysis: Analysis, lock: SoftLock, states: tuple[str, ...]) -> tuple[str, Item, str]:
    places = join_and(map(quote, states))
    if lock.cause is None or lock.before is None or lock.route is None or lock.cause_index is None:
        condition = f" with only {join_and(map(quote, sorted(lock.flags)))}" if lock.flags else " with nothing held"
        text = f"A run can be stuck for good in {quote(lock.state)}{condition}: no ending can be reached from there."
        fix = f"Open a way from {quote(lock.state)} to an ending, or make it one."
        return text, Item("state", lock.state), fix
    cause, entered_state = quote(lock.cause), lock.route[lock.cause_index].state
    missing_flags = lock.missing
    item = (
        Item("event", lock.cause) if lock.cause in analysis.system.table.by_name else Item("sequence", lock.cause[9:])
    )
    if not missing_flags:
        text = f"After {cause} no ending can be reached: the run is stuck in {places}."
        return text, item, f"Open a way from {quote(entered_state)} to an ending, or make it one."
    keys, fewest = join_or(map(_all_of, missing_flags)), _all_of(missing_flags[0])
    text = f"After {cause} without {keys} no ending can be reached: the run is stuck in {places}."
    if item.kind == "event":
        return text, item, f"Let {cause} require {fewest}, or grant {fewest} where the run gets stuck."
    return text, item, f"Grant {fewest} before {cause} can be walked, or where the run gets stuck."


def _all_of(flags: frozenset[str]) -> str:
    flag_list = join_and(map(quote, sorted(flags)))
    return flag_list if len(flags) == 1 else f"both {flag_list}" if len(flags) == 2 else f"all of {flag_list}"


def _dead_end_findings(exploration: Exploration, analysis: Analysis, witnesses: _WitnessFilter) -> Iterator[Finding]:
    locks = {(lock.state, lock.flags): lock for lock in exploration.soft_locks} if exploration.endings else {}
    for end in witnesses.ends:
        name, actions = quote(end.state), analysis.system.table.by_state[end.state]
        if actions:
            keys = join_and(map(quote, sorted({flag for action in actions for flag in action.requires} - end.flags)))
            parts = [f"needs {keys}"] if keys else []
            if any(action.requires <= end.flags for action in actions):
                parts.append("is used up")
            why = f"all that is offered there {join_or(parts)}"
            text = f"In {name} nothing may be left to do, and the run is not over: {why}."
        else:
            text = f"In {name} there is nothing to do, and the run is not over."
        fix = f"Give {name} a way on, or make it an ending."
        lock = locks.get((end.state, end.flags))
        yield Finding("dead-end", "error", text, Item("state", end.state), fix, (end.state,), lock, end)


def _unreachable_ending_findings(
    exploration: Exploration, analysis: Analysis, unreached_states: UnreachedStates
) -> Iterator[Finding]:
    for state, ending in analysis.system.table.endings.items():
        if state in exploration.unreachable_endings:
            _, reason = unreached_states.explain(state)
            text = f"The ending {quote(ending.title)} cannot be reached, as {reason}"
            fix = f"Open a way to {quote(state)}, or drop it."
            yield Finding("unreachable-ending", "error", text, Item("state", state, "ending"), fix, (state,))


def _missing_key_findings(exploration: Exploration, analysis: Analysis) -> Iterator[Finding]:
    names_by_flag: dict[str, dict[str, None]] = {}
    for action in analysis.system.table.actions:
        for flag in action.requires & exploration.never_granted:
            names_by_flag.setdefault(flag, {})[action.name] = None
    for flag, names_requiring in sorted(names_by_flag.items()):
        event_names = list(dict.fromkeys(action.name for action in analysis.events_granting.get(flag, ())))
        verb = "needs" if len(names_requiring) == 1 else "need"
        names = f"{join_and(map(quote, names_requiring))} {verb} {quote(flag)}"
        if event_names:
            text = f"{names}, and only {join_or(map(quote, event_names))} would grant it, which can never happen."
            fix = f"Make {quote(event_names[0])} possible, or let another event grant {quote(flag)}."
        else:
            text = f"{names}, and nothing grants it."
            fix = f"Let an event grant {quote(flag)}, or require it no longer."
        yield Finding("key-missing", "warning", text, Item("event", next(iter(names_requiring)), "requires"), fix)


def _dead_event_findings(exploration: Exploration, analysis: Analysis) -> Iterator[Finding]:
    for name in dict.fromkeys(event.name for event in exploration.world.events):
        if name not in exploration.dead_events:
            continue
        dead = exploration.why(name)
        severity: Severity = "info" if dead.reason == "source unreachable" else "warning"
        sources = [id for action in analysis.system.table.by_name[name] for id in action.sources]
        near = next((id for id in sources if id in exploration.states), None)
        yield Finding(
            "dead-event",
            severity,
            dead.text,
            Item("event", name),
            _suggest_fix(dead),
            tuple(dict.fromkeys(id for id in sources if id in exploration.world.states)),
            _state_seen_from=None if near is None else (exploration, near),
        )


def _suggest_fix(dead: DeadEvent) -> str:
    name, keys = quote(dead.event), join_and(map(quote, sorted(dead.missing)))
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


def _unreachable_state_findings(exploration: Exploration, unreached_states: UnreachedStates) -> Iterator[Finding]:
    for state in exploration.world.states:
        if state in exploration.unreachable_states and state not in exploration.unreachable_endings:
            near, reason = unreached_states.explain(state)
            text = f"{quote(state)} is never reached, as {reason}"
            fix = f"Open a way to {quote(state)}, or drop it."
            kind: ItemKind = "state"
            yield Finding("unreachable-state", "warning" if near else "info", text, Item(kind, state), fix, (state,))


def _undecided_findings(exploration: Exploration) -> Iterator[Finding]:
    fix = "Explore with a larger budget: seconds=, nodes= or memory_mb=."
    for text in exploration.undecided:
        yield Finding("undecided", "warning", text, Item("world"), fix)


def _unrequired_flag_findings(exploration: Exploration, analysis: Analysis) -> Iterator[Finding]:
    for flag in sorted(exploration.never_required):
        event_names = list(dict.fromkeys(action.name for action in analysis.events_granting[flag]))
        verb = "grants" if len(event_names) == 1 else "grant"
        text = f"{join_and(map(quote, event_names))} {verb} {quote(flag)}, which nothing asks for."
        fix = "Require it somewhere, or grant it no longer, unless another act of a campaign asks for it."
        yield Finding("flag-never-required", "info", text, Item("event", event_names[0], "grants"), fix)
