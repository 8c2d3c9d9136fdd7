"""Properties: what an author says of all runs of a world, as values with a text of their own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Any

from worldkit.core.argument_checks import checked_methods
from worldkit.core.json_values import quote
from worldkit.properties.conditions import (
    ANYTHING,
    And,
    Condition,
    PropertyError,
    condition_text,
)


@checked_methods
@dataclass(frozen=True, slots=True)
class Property:
    """A statement about a world's runs that should be true; ``&``, ``|`` and ``~`` combine properties.

    ``wk.never`` and its siblings make one, and so does its text wherever a property is expected.

    Example:
        >>> rule = wk.never('state "bench" and not holding "mitten"')
        >>> rule
        property('never state "bench" while not holding "mitten"')
        >>> wk.check(world, [rule, ~rule]).passed
        False
    """

    @property
    def text(self) -> str:
        """The property in words; ``wk.check`` reads it again."""
        return property_text(self)

    def __and__(self, other: Any) -> Property:
        return AllOf((*_flat(self, AllOf), *_flat(_operand(other), AllOf)))

    def __or__(self, other: Any) -> Property:
        return AnyOf((*_flat(self, AnyOf), *_flat(_operand(other), AnyOf)))

    def __invert__(self) -> Property:
        return self.part if isinstance(self, Negated) else Negated(self)

    def __repr__(self) -> str:
        return f"property({self.text!r})"


def _operand(value: Any) -> Property:
    if isinstance(value, Property):
        return value
    raise PropertyError(f"expected a property beside & or |, got {quote(value)}")


def _flat(value: Property, kind: type[AllOf] | type[AnyOf]) -> tuple[Property, ...]:
    return value.parts if isinstance(value, (AllOf, AnyOf)) and isinstance(value, kind) else (value,)


@dataclass(frozen=True, slots=True, repr=False)
class Never(Property):
    """No run comes to a moment at which a condition holds; with ``steps``, not that soon. CTL: ``AG ¬c``."""

    condition: Condition
    steps: int | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Always(Property):
    """A condition holds at every moment of every run. CTL: ``AG c``."""

    condition: Condition


@dataclass(frozen=True, slots=True, repr=False)
class Possible(Property):
    """Some run comes to a moment at which a condition holds. CTL: ``EF c``."""

    condition: Condition


@dataclass(frozen=True, slots=True, repr=False)
class AlwaysPossible(Property):
    """As long as a run is not over, it can still come to a condition. CTL: ``AG (over ∨ EF c)``."""

    condition: Condition


@dataclass(frozen=True, slots=True, repr=False)
class Before(Property):
    """The second never holds unless the first has held by then. Past-time LTL: ``G (second → once first)``."""

    first: Condition
    second: Condition


@dataclass(frozen=True, slots=True, repr=False)
class Until(Property):
    """The first holds from the beginning until the second does, if ever. CTL: ``A [first W second]``."""

    first: Condition
    second: Condition


@dataclass(frozen=True, slots=True, repr=False)
class NeverAfter(Property):
    """Once the first has held, the second holds at no later moment. CTL: ``AG (first → AX AG ¬second)``."""

    first: Condition
    second: Condition


@dataclass(frozen=True, slots=True, repr=False)
class Within(Property):
    """Every run comes to a condition within so many steps of another, or of the start. CTL: ``AG (of → AF≤n c)``."""

    condition: Condition
    steps: int
    of: Condition | None = None


@dataclass(frozen=True, slots=True, repr=False)
class LeadsTo(Property):
    """After the first, the second comes, unless the run goes in circles without end.

    CTL: ``AG (first → ¬E [¬second U (¬second ∧ ¬EF second)])``, which is ``AF second`` under strong fairness.
    """

    first: Condition
    second: Condition


@dataclass(frozen=True, slots=True, repr=False)
class AtMost(Property):
    """In one run no more than so many of some conditions ever hold. Past-time LTL: ``G (#{c : once c} ≤ n)``."""

    count: int
    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True, repr=False)
class AllOf(Property):
    """All of some properties hold."""

    parts: tuple[Property, ...]


@dataclass(frozen=True, slots=True, repr=False)
class AnyOf(Property):
    """One of some properties holds, at least."""

    parts: tuple[Property, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Negated(Property):
    """A property does not hold."""

    part: Property


# ---- text --------------------------------------------------------------------------------------


def property_text(statement: Property) -> str:
    """Return a property in words."""
    match statement:
        case Never(And(parts), None) if len(parts) > 1:
            return f"never {condition_text(parts[0], 2)} while {condition_text(_rest_condition(parts), 1)}"
        case Never(condition, None):
            return f"never {condition.text}"
        case Never(condition, steps):
            return f"no {condition.text} within {_steps(steps)}"
        case Always(condition):
            return f"always {condition.text}"
        case Possible(condition):
            return f"possible: {condition.text}"
        case AlwaysPossible(condition):
            return f"always possible: {condition.text}"
        case Before(first, second):
            return f"{first.text} before {second.text}"
        case Until(first, second):
            return f"{first.text} until {second.text}"
        case NeverAfter(first, second):
            return f"after {first.text}, {second.text} cannot be reached"
        case Within(condition, steps, of):
            return f"{condition.text} within {_steps(steps)}" + ("" if of is None else f" of {of.text}")
        case LeadsTo(first, second):
            return f"{first.text} leads to {second.text}"
        case AtMost(count, conditions):
            return f"at most {count} of {{{', '.join(condition.text for condition in conditions)}}}"
        case AllOf(parts) | AnyOf(parts):
            return (" and " if isinstance(statement, AllOf) else " or ").join(f"({part.text})" for part in parts)
        case Negated(part):
            return f"not ({part.text})"
        case _:
            raise TypeError(type(statement).__name__)


def _rest_condition(parts: tuple[Condition, ...]) -> Condition:
    return parts[1] if len(parts) == 2 else And(parts[1:])


def _steps(count: int | None) -> str:
    return f"{count} step{'s' * (count != 1)}"


def conditions_of(statement: Property) -> tuple[Condition, ...]:
    """Return the conditions that a property is made of; those of its parts for a combined one."""
    match statement:
        case Never(condition) | Always(condition) | Possible(condition) | AlwaysPossible(condition):
            return (condition,)
        case Before(first, second) | Until(first, second) | NeverAfter(first, second) | LeadsTo(first, second):
            return first, second
        case Within(condition, _, of):
            return condition, ANYTHING if of is None else of
        case AtMost(_, conditions):
            return conditions
        case AllOf(parts) | AnyOf(parts):
            return tuple(condition for part in parts for condition in conditions_of(part))
        case Negated(part):
            return conditions_of(part)
        case _:
            raise TypeError(type(statement).__name__)


def map_conditions(statement: Property, change: Callable[[Condition], Condition]) -> Property:
    """Return a property with each of its conditions changed.

    Args:
        change: Returns what takes the place of a condition.
    """

    def mapped(value: Any) -> Any:
        if isinstance(value, Condition):
            return change(value)
        if isinstance(value, Property):
            return map_conditions(value, change)
        return tuple(map(mapped, value)) if isinstance(value, tuple) else value

    return replace(statement, **{field.name: mapped(getattr(statement, field.name)) for field in fields(statement)})
