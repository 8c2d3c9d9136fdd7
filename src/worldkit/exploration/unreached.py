"""Why a state is never reached: the nearest reason that is not the consequence of another, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from worldkit.core.json_values import quote
from worldkit.exploration.dead_events import DeadEvent, explain_dead_action

if TYPE_CHECKING:
    from worldkit.exploration.analysis import Analysis
    from worldkit.exploration.result import Exploration
    from worldkit.playing.transition_table import Action

Obstacle = int | tuple[str, str]
"""What keeps a run out: the index of an event or the label of a sequence, which is negative, that never happens; or
``("state", id)`` or ``("flag", name)`` that no run gets to."""


class UnreachedStates:
    """Why states are never reached.

    What is in the way may be far off: the one event without its key, behind which all the rest lies. So reasons are
    spread once, from what nothing else keeps from happening to all that lies behind it.

    Args:
        exploration: An exploration that knows exactly what can be reached.
        analysis: What lies behind it.
    """

    def __init__(self, exploration: Exploration, analysis: Analysis) -> None:
        self._exploration = exploration
        self._analysis = analysis
        self._ways: dict[str, list[int]] = {}

    def explain(self, state: str) -> tuple[bool, str]:
        """Return whether a state lies right behind one that is reached, and why it is not reached.

        Args:
            state: The id of a state that is never reached.
        """
        labels_into = self._ways_into(state)
        if not labels_into:
            return True, "nothing leads there."
        dead_events = [self._dead_event(label) for label in labels_into if label >= 0]
        is_near = any(dead_event.reason != "source unreachable" for dead_event in dead_events)
        reason = self._reasons.get(("state", state))
        if reason is None:  # each waits for another: no one of them is the first
            reason = dead_events[0].text if dead_events else self._describe_sequence(labels_into[0])
        return is_near, reason

    def _ways_into(self, state: str) -> list[int]:
        """Return the events and sequences that lead to a state from another one."""
        if state not in self._ways:
            actions = self._analysis.events_into.get(state, ())
            events = [action.index for action in actions if self._leads_from_elsewhere(action, state)]
            self._ways[state] = [*events, *self._sequences_into.get(state, ())]
        return self._ways[state]

    def _leads_from_elsewhere(self, action: Action, state: str) -> bool:
        states = self._exploration.world.states
        others = (id for id in action.sources if id != state and id in states)
        return state not in action.sources or any(states[id].ending is None for id in others)

    @cached_property
    def _sequence_starts(self) -> dict[int, int]:
        """The index of the state in which each sequence begins that never does, by its label."""
        system, standable_states = self._analysis.system, self._analysis.standable_states
        return {
            move.label: start
            for start, moves in enumerate(system.moves)
            for move in moves
            if move.label < 0 and system.states[start] not in standable_states
        }

    @cached_property
    def _sequences_into(self) -> dict[str, list[int]]:
        """The labels of the sequences that would pass through each state."""
        system = self._analysis.system
        labels: dict[str, list[int]] = {}
        for label, start in self._sequence_starts.items():
            for state in dict.fromkeys(system.sequences[-1 - label]):
                if state != start:
                    labels.setdefault(system.states[state], []).append(label)
        return labels

    @cached_property
    def _reasons(self) -> Mapping[Obstacle, str]:
        """The nearest reason of every obstacle before an unreached state; some have none."""
        unreached_ids = self._exploration.unreachable_states
        todo: list[Obstacle] = [("state", id) for id in self._exploration.world.states if id in unreached_ids]
        queued_obstacles = set(todo)
        reasons: dict[Obstacle, str] = {}
        causes: dict[Obstacle, Sequence[Obstacle]] = {}
        for obstacle in todo:
            reason_or_causes = self._look_behind(obstacle)
            if isinstance(reason_or_causes, str):
                reasons[obstacle] = reason_or_causes
                continue
            causes[obstacle] = reason_or_causes
            for cause in reason_or_causes:
                if cause not in queued_obstacles:
                    queued_obstacles.add(cause)
                    todo.append(cause)
        return _spread(reasons, causes)

    def _look_behind(self, obstacle: Obstacle) -> str | Sequence[Obstacle]:
        """Return what keeps an obstacle in the way; why it is there where nothing else keeps it."""
        if isinstance(obstacle, tuple):
            kind, name = obstacle
            if kind == "state":
                return self._ways_into(name)
            return [action.index for action in self._analysis.events_granting.get(name, ())]
        if obstacle < 0:
            return self._behind_states([self._analysis.system.states[self._sequence_starts[obstacle]]])
        dead_event = self._dead_event(obstacle)
        match dead_event.reason:
            case "source unreachable":
                return self._behind_states(self._analysis.system.table.actions[obstacle].sources)
            case "key missing":
                flags = sorted(dead_event.missing)
                if all(self._analysis.events_granting.get(flag) for flag in flags):
                    return [("flag", flag) for flag in flags]
        return dead_event.text

    def _behind_states(self, sources: Sequence[str]) -> str | Sequence[Obstacle]:
        states, reached_ids = self._exploration.world.states, self._exploration.states
        unreached_ids = [id for id in sources if id in states and id not in reached_ids]
        for id in unreached_ids:
            if not self._ways_into(id):
                return f"nothing leads to {quote(id)}, which lies on the way."
        return [("state", id) for id in unreached_ids]

    def _dead_event(self, index: int) -> DeadEvent:
        action = self._analysis.system.table.actions[index]
        return explain_dead_action(self._exploration, self._analysis, action)

    def _describe_sequence(self, label: int) -> str:
        system = self._analysis.system
        name, start = system.name(label).removeprefix("sequence:"), system.states[self._sequence_starts[label]]
        why_not = "which sequences only pass through" if start in self._exploration.states else "and no run gets there"
        return f"the sequence {quote(name)} begins in {quote(start)}, {why_not}."


def _spread(reasons: Mapping[Obstacle, str], causes: Mapping[Obstacle, Sequence[Obstacle]]) -> dict[Obstacle, str]:
    """Return the reasons, and for each obstacle behind them that of its nearest cause; the first of several as near.

    Args:
        reasons: Why the first obstacles are in the way.
        causes: What keeps each of the others in the way.
    """
    obstacles_of: dict[Obstacle, list[Obstacle]] = {}
    for obstacle, its_causes in causes.items():
        for cause in its_causes:
            obstacles_of.setdefault(cause, []).append(obstacle)
    distances = dict.fromkeys(reasons, 0)
    queue = list(reasons)
    for cause in queue:
        for obstacle in obstacles_of.get(cause, ()):
            if obstacle not in distances:
                distances[obstacle] = distances[cause] + 1
                queue.append(obstacle)
    spread = dict(reasons)
    for obstacle in queue[len(reasons) :]:
        nearest = next(cause for cause in causes[obstacle] if distances.get(cause) == distances[obstacle] - 1)
        spread[obstacle] = spread[nearest]
    return spread
