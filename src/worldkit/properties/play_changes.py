"""Which runs of a world an edit can have changed, so that only some of its properties are checked again.

A run is the same before and after an edit up to the first event that was changed. So runs of few steps are the same,
as many as there are before such an event can be fired; and so are all moments in states that no run is in after one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import inf
from typing import TYPE_CHECKING, Any

from worldkit.core.document import json_of
from worldkit.playing.missions import completing_flags
from worldkit.playing.transition_table import Action, TransitionTable, table_of
from worldkit.properties.conditions import And, Anything, Available, Condition, Named, Not, Once, Or, Over
from worldkit.properties.names import Names
from worldkit.ruleset.reachability import ranks_from

if TYPE_CHECKING:
    from worldkit.world import World


@dataclass(frozen=True)
class EditImpact:
    """What an edit of events can have changed.

    Attributes:
        names: What names stand for.
        table: The table of the world after it.
        events: The names of the events that differ.
        same_steps: Runs of at most so many steps are the same; infinite when all are.
        later_states: The states that a run can be in, or pass, once it has fired an event that differs.
    """

    names: Names
    table: TransitionTable
    events: frozenset[str]
    same_steps: float
    later_states: frozenset[str]

    def touches(self, condition: Condition, *, is_negated: bool = False) -> bool:
        """Say whether a condition, or its negation, can hold at a moment that the edit may have changed.

        Args:
            condition: The condition; every name in it has its kind.
            is_negated: Ask about its negation.
        """
        match condition:
            case Not(part):
                return self.touches(part, is_negated=not is_negated)
            case And(parts) | Or(parts):
                answers = [self.touches(part, is_negated=is_negated) for part in parts]
                return all(answers) if isinstance(condition, And) is not is_negated else any(answers)
            case Anything():
                return not is_negated
            case _ if is_negated:
                return True
            case Named("event", name) | Available(name):
                return name in self.events or self._is_offered_later(name)
            case Named("state", name):
                return name in self.later_states
            case Named("ending", name):
                return not self.later_states.isdisjoint(self.names.endings[name])
            case Named("tag", name):
                return not self.later_states.isdisjoint(self.names.tags[name])
            case Over(kind):
                return any(kind in ("any", ending.kind) for ending in self._later_endings)
            case Once():
                return True
            case _:
                return bool(self.later_states)

    @cached_property
    def _later_endings(self) -> list[Any]:
        return [ending for id, ending in self.table.endings.items() if id in self.later_states]

    def _is_offered_later(self, name: str) -> bool:
        actions = self.table.by_name.get(name)
        if actions is None:  # a sequence
            return bool(self.later_states)
        return any(not self.later_states.isdisjoint(action.sources) for action in actions)


def play_changes(before: World, after: World, names: Names) -> EditImpact | None:
    """Return what an edit can have changed of the runs of a world; None when that can be anything.

    Args:
        names: What names stand for after it.
    """
    if before is after or json_of(before) is json_of(after):
        return EditImpact(names, table_of(after), frozenset(), inf, frozenset())
    old, new = table_of(before), table_of(after)
    if _frame(before, old) != _frame(after, new):
        return None
    unchanged_actions, changed_actions = _compare(old.actions, new.actions)
    if not changed_actions:
        return EditImpact(names, new, frozenset(), inf, frozenset())
    if old.shared_names or new.shared_names or new.start is None:
        return None
    sequences = {id: [[beat.state for beat in one.beats] for one in ones] for id, ones in new.sequences.items()}
    steps = ranks_from([new.start], _ways(unchanged_actions, sequences))
    sources = {
        id for action in changed_actions for id in action.sources if id in new.by_state and id not in new.endings
    }
    same_steps = min((steps[id] for id in sources if id in steps), default=inf)
    if same_steps == inf:
        return EditImpact(names, new, frozenset(action.name for action in changed_actions), inf, frozenset())
    targets = {action.target or id for action in changed_actions for id in action.sources if id in sources}
    later = frozenset(ranks_from(targets, _ways([*unchanged_actions, *changed_actions], sequences)))
    return EditImpact(names, new, frozenset(action.name for action in changed_actions), same_steps, later)


def _frame(world: World, table: TransitionTable) -> Any:
    """Return all that play depends on besides the events, and what names in conditions depend on."""
    endings = {id: (ending.kind, ending.title) for id, ending in table.endings.items()}
    missions = [(mission.id, mission.title, completing_flags(mission)) for mission in world.missions or ()]
    sequences = {id: [(one.name, one.beats) for one in ones] for id, ones in table.sequences.items()}
    return table.start, list(table.by_state), endings, missions, sequences


def _compare(old: Iterable[Action], new: Iterable[Action]) -> tuple[list[Action], list[Action]]:
    """Return the events that are the same in two versions, and those of both that are not."""
    old_actions, new_actions = ([(_content(action), action) for action in actions] for actions in (old, new))
    missing = Counter(content for content, _ in old_actions) - Counter(content for content, _ in new_actions)
    new_counts = Counter(content for content, _ in new_actions) - Counter(content for content, _ in old_actions)
    changed_actions = [action for content, action in old_actions if content in missing]
    changed_actions += [action for content, action in new_actions if content in new_counts]
    return [
        action for content, action in new_actions if content not in new_counts and content not in missing
    ], changed_actions


def _content(action: Action) -> Any:
    effects = action.target, action.one_shot, action.opens_console, action.fires_itself
    return action.name, action.sources, action.requires, action.grants, effects


def _ways(actions: Iterable[Action], sequences: Mapping[str, list[list[str]]]) -> dict[str, list[str]]:
    """Return the states that one step can lead to or through, by state."""
    targets: dict[str, list[str]] = {}
    for action in actions:
        if action.target is not None:
            for id in action.sources:
                targets.setdefault(id, []).append(action.target)
    for id, routes in sequences.items():
        targets.setdefault(id, []).extend(state for route in routes for state in route)
    return targets
