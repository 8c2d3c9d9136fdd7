"""What has to happen at some moment so that a property that holds says something."""

from __future__ import annotations

from collections.abc import Callable

from worldkit.core.json_values import quote
from worldkit.properties.conditions import And, Available, Condition, Named, Not, Or
from worldkit.properties.statements import Always, AtMost, Before, LeadsTo, Never, NeverAfter, Property, Within


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
