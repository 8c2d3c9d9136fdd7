"""Conditions: what is true or not at one moment of a run; the leaves of every property.

A moment is the beginning of a run or what a step leads to: the event that was fired, the states it passed or landed
in, and the flags held afterwards (docs/properties.md).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from worldkit.core.argument_checks import checked_methods
from worldkit.core.errors import WorldError
from worldkit.core.json_values import quote

Kind = Literal["name", "state", "event", "flag", "ending", "tag", "mission"]
KINDS: tuple[Kind, ...] = ("state", "event", "flag", "ending", "tag", "mission")
"""What a name can stand for; ``"name"`` is one that was not looked up yet."""

EndingKind = Literal["win", "lose", "any"]


class PropertyError(WorldError):
    """A property cannot be read, or it names what the world does not have; the message says what to write instead.

    Example:
        >>> try:
        ...     wk.check(world, ['never "bensh"'])
        ... except wk.PropertyError as error:
        ...     print(error)
        never "bensh": this world has no state, event, flag, ending, tag or mission "bensh"; did you mean "bench"?
    """


@checked_methods
@dataclass(frozen=True, slots=True)
class Condition:
    """A condition, true or not at each moment of a run; ``&``, ``|`` and ``~`` combine conditions.

    ``wk.condition`` reads one from text. Wherever a condition is expected, its text will do.

    Example:
        >>> lamp, dark = wk.condition("holding lamp"), wk.condition('state "cellar"')
        >>> dark & ~lamp
        condition('state "cellar" and not holding "lamp"')
    """

    @property
    def text(self) -> str:
        """The condition in words; ``wk.condition`` reads it again."""
        return condition_text(self)

    def __and__(self, other: Any) -> Condition:
        return conjunction(self, _operand(other))

    def __or__(self, other: Any) -> Condition:
        return disjunction(self, _operand(other))

    def __invert__(self) -> Condition:
        return negation(self)

    def __repr__(self) -> str:
        return f"condition({self.text!r})"


def _operand(value: Any) -> Condition:
    if isinstance(value, Condition):
        return value
    raise PropertyError(
        f"expected a condition beside & or |, got {quote(value)}; wk.condition(...) reads one from text"
    )


@dataclass(frozen=True, slots=True, repr=False)
class Named(Condition):
    """Something of the world by its name.

    A state: the run is there, or passes through. An event: it was fired just now. A flag: it is held. An ending: the
    run is over there. A tag: the run is in a state with it. A mission: it is complete.
    """

    kind: Kind
    name: str


@dataclass(frozen=True, slots=True, repr=False)
class Available(Condition):
    """An event, by its name, or a sequence can be fired now."""

    name: str


@dataclass(frozen=True, slots=True, repr=False)
class Over(Condition):
    """The run is over, with an ending of some kind."""

    kind: EndingKind = "any"


@dataclass(frozen=True, slots=True, repr=False)
class Anything(Condition):
    """What is true at every moment."""


@dataclass(frozen=True, slots=True, repr=False)
class Not(Condition):
    """A condition does not hold."""

    part: Condition


@dataclass(frozen=True, slots=True, repr=False)
class And(Condition):
    """All of some conditions hold."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Or(Condition):
    """One of some conditions holds, at least."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Once(Condition):
    """A condition holds now, or held at an earlier moment of the run."""

    part: Condition


ANYTHING = Anything()


def conjunction(*parts: Condition) -> Condition:
    """Return what holds when all of some conditions do; nested ones are taken together."""
    flat: list[Condition] = []
    for part in parts:
        flat += part.parts if isinstance(part, And) else (part,)
    return flat[0] if len(flat) == 1 else And(tuple(flat))


def disjunction(*parts: Condition) -> Condition:
    """Return what holds when one of some conditions does; nested ones are taken together."""
    flat: list[Condition] = []
    for part in parts:
        flat += part.parts if isinstance(part, Or) else (part,)
    return flat[0] if len(flat) == 1 else Or(tuple(flat))


def negation(part: Condition) -> Condition:
    """Return what holds when a condition does not."""
    return part.part if isinstance(part, Not) else Not(part)


# ---- text --------------------------------------------------------------------------------------

_PRECEDENCE = {Or: 0, And: 1}


def condition_text(condition: Condition, level: int = 0) -> str:
    """Return a condition in words.

    Args:
        level: 0 where anything may stand, 1 inside ``and``, 2 after ``not`` and ``once``.
    """
    match condition:
        case Named(kind, name):
            prefix = {"name": "", "flag": "holding "}.get(kind, f"{kind} ")
            return prefix + quoted(name)
        case Available(name):
            return f"available {quoted(name)}"
        case Over(kind):
            return "ending" if kind == "any" else kind
        case Anything():
            return "anything"
        case Not(part):
            return f"not {condition_text(part, 2)}"
        case Once(part):
            return f"once {condition_text(part, 2)}"
        case And(parts) | Or(parts):
            precedence = _PRECEDENCE[type(condition)]
            word = " and " if precedence else " or "
            text = word.join(condition_text(part, precedence + 1) for part in parts)
            return f"({text})" if level > precedence else text
        case _:
            raise TypeError(type(condition).__name__)


_PLAIN_NAME = re.compile(r'[^"\\\x00-\x1f\x7f\ud800-\udfff\u2028\u2029]*')


def quoted(name: str) -> str:
    """Return a name as it is written in a property: in double quotes, escaped as in JSON."""
    return f'"{name}"' if _PLAIN_NAME.fullmatch(name) else json.dumps(name)


def parts_of(condition: Condition) -> tuple[Condition, ...]:
    """Return the conditions that a condition is made of, one level down."""
    match condition:
        case Not(part) | Once(part):
            return (part,)
        case And(parts) | Or(parts):
            return parts
        case _:
            return ()


def map_parts(condition: Condition, change: Callable[[Condition], Condition]) -> Condition:
    """Return a condition with the conditions that it is made of changed, one level down."""
    match condition:
        case Not(part):
            return Not(change(part))
        case Once(part):
            return Once(change(part))
        case And(parts):
            return And(tuple(map(change, parts)))
        case Or(parts):
            return Or(tuple(map(change, parts)))
        case _:
            return condition
