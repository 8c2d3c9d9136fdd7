"""Which conditions ask for what happens at a moment, which properties a step that changes nothing matters to, and what
has to happen at some moment so that a property that holds says something.

A one-shot that stays where it is and grants what is held by then can be taken for one that can be fired again: the
positions are the same. But a second firing that no run has leads to a moment at which nothing happens that is asked
for: what is asked for of such a moment must not be answered by it.

Every run is also one of the runs with such repeats. So what holds for all of those is proven, and so is what one of
them shows that repeats nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from worldkit.core.json_values import quote
from worldkit.exploration.transition_system import TransitionSystem
from worldkit.properties.conditions import And, Available, Condition, Named, Not, Once, Or, Over, parts_of
from worldkit.properties.names import Names
from worldkit.properties.statements import (
    Always,
    AlwaysPossible,
    AtMost,
    Before,
    LeadsTo,
    Never,
    NeverAfter,
    Possible,
    Property,
    Until,
    Within,
    conditions_of,
)


def states_asked_for(names: Names, condition: Condition) -> tuple[str, ...]:
    """Return the ids of the states in which a condition about states holds."""
    match condition:
        case Named("state", name):
            return (name,)
        case Named("ending", name):
            return tuple(names.endings[name])
        case Named("tag", name):
            return tuple(names.tags[name])
        case Over(kind):
            endings = ((id, state.ending) for id, state in names.world.states.items())
            return tuple(id for id, ending in endings if ending is not None and kind in ("any", ending.kind))
        case _:
            raise TypeError(type(condition).__name__)


@dataclass(frozen=True, eq=False)
class Moments:
    """What happens at the moments of a world's runs and is over at the next one.

    Args:
        names: What names stand for.
        system: The world as a transition system.
    """

    names: Names
    system: TransitionSystem

    @cached_property
    def _passed_states(self) -> frozenset[str]:
        """The states that sequences pass through on their way."""
        return frozenset(self.system.states[state] for route in self.system.sequences for state in route[1:-1])

    def is_momentary(self, condition: Condition) -> bool:
        """Say whether a condition asks, in any part, for what happens at one moment."""
        match condition:
            case Named("event"):
                return True
            case Named("state" | "ending" | "tag") | Over():
                return not self._passed_states.isdisjoint(states_asked_for(self.names, condition))
            case _:
                return any(map(self.is_momentary, parts_of(condition)))

    def notices_idle_steps(self, statement: Property) -> bool:
        """Say whether a step that changes nothing and is not asked for can make a difference to a simple property.

        A run with such steps shows nothing else than the run without them, unless steps are counted, something has
        to come later, or the last moment is one of them.
        """
        match statement:
            case Within() | NeverAfter():
                return True
            case Never(condition, _) | Possible(condition) | Before(_, condition):
                return self.holds_when_idle(condition)
            case Always(condition) | Until(condition, _):
                return self.holds_when_idle(Not(condition))
            case AtMost(_, conditions):
                return any(map(self.holds_when_idle, conditions))
            case _:  # what a moment fulfils is no longer fulfilled at the next one
                return any(map(self.is_momentary, conditions_of(statement)))

    def may_be_proven_with_repeats(self, statement: Property) -> bool:
        """Say whether runs in which what happens once is repeated can prove anything of a simple property."""
        if not self.notices_idle_steps(statement):
            return True
        match statement:
            case Within():  # a repeat is one more step, and goes on where a run ends
                return False
            case AlwaysPossible(condition) | LeadsTo(_, condition):  # a repeat must not be the only way to it
                return not self.holds_when_idle(condition)
            case _:
                return True

    def is_proven_with_repeats(self, statement: Property, holds: bool, repeats: bool) -> bool:
        """Say whether a verdict is proof that was come to with runs in which what happens once is repeated.

        Args:
            statement: The property; it may be proven so.
            holds: Whether it holds for these runs.
            repeats: Whether the run that shows it, if one does, has a repeat.
        """
        if not self.notices_idle_steps(statement):
            return True
        if holds is isinstance(statement, Possible):  # one run shows it
            return not repeats
        has_to_happen = statement.conditions if isinstance(statement, AtMost) else premises_of(statement)
        return not any(map(self.holds_when_idle, has_to_happen))  # what a repeat brings about may never happen

    def holds_when_idle(self, condition: Condition) -> bool:
        """Say whether a condition can begin to hold at a moment because nothing happens that is asked for."""
        match condition:
            case Not(Not(part)):
                return self.holds_when_idle(part)
            case Not(Named() | Over() as part):
                return self.is_momentary(part)
            case Not(Once(part)) | Once(part):
                return self.holds_when_idle(part)
            case Not(part):
                return any(self.holds_when_idle(Not(one)) for one in parts_of(part))
            case _:
                return any(map(self.holds_when_idle, parts_of(condition)))


def vacuity(statement: Property, happens: Callable[[Condition], bool]) -> str:
    """Return what never happens, so that a property that holds says nothing; empty when it says something.

    Args:
        statement: The property; it holds.
        happens: Says whether a condition ever holds.
    """
    for condition in premises_of(statement):
        if not happens(condition):
            return f"{_never_text(condition)}, so this holds of nothing"
    if isinstance(statement, AtMost):
        possible_count = sum(map(happens, statement.conditions))
        if possible_count <= statement.count:
            return f"{f'only {possible_count}' if possible_count else 'none'} of them can ever happen"
    return ""


def premises_of(statement: Property) -> tuple[Condition, ...]:
    """Return what has to happen at some moment so that a property that holds says something."""
    match statement:
        case Never(And(parts)):
            return tuple(part for part in parts if not isinstance(part, Not))
        case Always(Or(parts)):
            return tuple(part.part for part in parts if isinstance(part, Not))
        case Before(_, second):
            return (second,)
        case NeverAfter(first, second):
            return first, second
        case LeadsTo(first, _):
            return (first,)
        case Within(_, _, of) if of is not None:
            return (of,)
        case _:
            return ()


def _never_text(condition: Condition) -> str:
    verb = {"event": "is never fired", "flag": "is never held", "mission": "is never completed"}
    match condition:
        case Available(name):
            return f"event {quote(name)} is never available"
        case Named(kind, name):
            return f"{'' if kind == 'flag' else f'{kind} '}{quote(name)} {verb.get(kind, 'is never reached')}"
        case _:
            return f"there is never {condition.text}"
