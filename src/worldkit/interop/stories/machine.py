"""The neutral machine that every importer makes: nodes, transitions, and what they read and change."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from worldkit.core.characters import shorten
from worldkit.core.quoting import format_count, quote
from worldkit.interop.stories.expressions import TRUE, Expression
from worldkit.interop.stories.operations import Value


@dataclass(frozen=True, slots=True)
class Loss:
    r"""One thing of an imported file that the world lacks, or has in another form.

    Attributes:
        where: Its place in the file, such as ``passage "Hall", line 12``.
        what: What it is.
        why: Why the world does not have it, and what it has instead.

    Example:
        >>> imported = wk.import_(":: Start\nYou have $gold coins. [[Go on]]\n:: Go on\nThe end.")
        >>> print(imported.lost[0])
        passage "Start", line 2: the value of $gold in the text; a text of a world does not change
    """

    where: str
    what: str
    why: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}; {self.why}"


class NodeText(NamedTuple):
    """A piece of the text of a node, and when it is shown; or the name of a variable whose value is shown."""

    text: str
    guard: Expression = TRUE
    where: str = ""
    variable: str = ""


class VariableEffect(NamedTuple):
    """A variable gets a value, if a condition holds."""

    name: str
    value: Expression = TRUE
    guard: Expression = TRUE
    where: str = ""


class Forward(NamedTuple):
    """Play goes on to another node at once, without a choice, if a condition holds.

    Its text then goes: it was never seen, it stays in view with the choices, or it is told on the way.
    """

    target: str
    guard: Expression = TRUE
    text: Literal["unseen", "kept", "told"] = "unseen"
    where: str = ""


_MAX_CODE_LENGTH = 200
"""How many characters of code a record tells."""
CHOICE_PREFIX = "chose "
"""Begins the name of a variable that is true when a choice was taken."""
MAX_LABEL_IN_NAME = 60
"""How many characters of the text of a choice stand in the name of a variable."""

Ending = Literal["win", "lose"]


@dataclass(frozen=True, slots=True)
class MachineNode:
    r"""A passage of a story, or a state of a state machine.

    Attributes:
        id: Its name.
        texts: The pieces of its text, each with the condition under which it is shown.
        effects: What arriving here does to variables, in order.
        forwards: Where play goes on at once; the first whose condition holds.
        ending: Whether play ends here, and how.
        tags: Labels that its author gave it.
        where: Its place in the file.
        position: Where it stands on the map of its program, from left to right and from top to bottom, if it has one.

    Example:
        >>> imported = wk.import_(":: Start\nA hall. [[Go on]]\n:: Go on\nThe end.")
        >>> imported.machine.nodes[0].id
        'Start'
    """

    id: str
    texts: tuple[NodeText, ...] = ()
    effects: tuple[VariableEffect, ...] = ()
    forwards: tuple[Forward, ...] = ()
    ending: Ending | None = None
    tags: tuple[str, ...] = ()
    where: str = ""
    position: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class MachineTransition:
    r"""A way from one node to another that a player, an event or the clock takes.

    Attributes:
        source: The node in which it is offered.
        target: The node it leads to; None when it changes variables and stays.
        label: The text of the link or the name of the event.
        guard: The condition under which it is offered.
        effects: What it does to variables, in order.
        once: Whether it can be taken only once in a run.
        after_ms: After how many milliseconds it is taken by itself, if it is.
        where: Its place in the file.

    Example:
        >>> imported = wk.import_(":: Start\nA hall. [[Go on]]\n:: Go on\nThe end.")
        >>> imported.machine.transitions[0].label
        'Go on'
    """

    source: str
    target: str | None
    label: str
    guard: Expression = TRUE
    effects: tuple[VariableEffect, ...] = ()
    once: bool = False
    after_ms: float | None = None
    where: str = ""


@dataclass(frozen=True, slots=True)
class Machine:
    r"""A story as nodes, transitions and variables: what a file says, before it becomes a world.

    Attributes:
        name: The title of the story.
        start: The node in which play begins.
        nodes: The nodes, in the order of the file.
        transitions: The transitions, in the order in which they are offered.
        variables: The value that each variable has at the start.
        unknown: Variables whose values cannot be followed, such as one that gets a random number.

    Example:
        >>> imported = wk.import_(":: Start\nA hall. [[Go on]]\n:: Go on\nThe end.")
        >>> imported.machine
        Machine 'Start': 2 nodes, 1 transition, 0 variables
    """

    name: str
    start: str
    nodes: tuple[MachineNode, ...]
    transitions: tuple[MachineTransition, ...]
    variables: Mapping[str, Value] = field(default_factory=dict)
    unknown: Mapping[str, Loss | None] = field(default_factory=dict, repr=False)

    def __repr__(self) -> str:
        counts = ((self.nodes, "node"), (self.transitions, "transition"), (self.variables, "variable"))
        sizes = ", ".join(format_count(len(items), noun) for items, noun in counts)
        return f"Machine {self.name or self.start!r}: {sizes}"


Part = MachineNode | MachineTransition


def parts_of(machine: Machine) -> Iterator[Part]:
    """Yield every node of a machine, then every transition."""
    yield from machine.nodes
    yield from machine.transitions


def effects_of(machine: Machine) -> Iterator[VariableEffect]:
    """Yield every effect of a machine, those of the nodes first."""
    for part in parts_of(machine):
        yield from part.effects


def effect_places(machine: Machine) -> dict[str, str]:
    """Return where in the file each variable is first changed."""
    places: dict[str, str] = {}
    for effect in effects_of(machine):
        places.setdefault(effect.name, effect.where)
    return places


def guards_of(part: Part) -> Iterator[Expression]:
    """Yield every condition of a node or a transition."""
    if isinstance(part, MachineNode):
        yield from (text.guard for text in part.texts)
        yield from (forward.guard for forward in part.forwards)
    else:
        yield part.guard
    yield from (effect.guard for effect in part.effects)


def expressions_of(part: Part) -> Iterator[Expression]:
    """Yield every condition of a node or a transition, and the values that it assigns."""
    yield from guards_of(part)
    yield from (effect.value for effect in part.effects)


def ending_of(tags: Iterable[str]) -> Ending | None:
    """Return the ending that tags name, ``win`` or ``lose``; None when there is no such tag."""
    kinds: dict[str, Ending] = {"win": "win", "lose": "lose"}
    return next((kinds[tag.lower()] for tag in tags if tag.lower() in kinds), None)


def unsaid_ending(where: str) -> Loss:
    """Return the record of an ending of which the file does not say whether it is won or lost."""
    return Loss(where, "whether this ending is won or lost", "the file does not say; the world counts it as won")


def shown_value(where: str, name: str) -> Loss:
    """Return the record of a variable whose value is shown in a text."""
    return Loss(where, f"the value of {name} in the text", "a text of a world does not change")


def brief(code: str) -> str:
    """Return code of a story as records tell it: on one line, and the beginning of what is long."""
    return shorten(re.sub(r"\s+", " ", code[: 2 * _MAX_CODE_LENGTH]), _MAX_CODE_LENGTH)


def missing_state(where: str, name: str) -> Loss:
    """Return the record of a way to a state that is not in the file."""
    return Loss(where, f"the way to {quote(name)}", "there is no such state")


def missing_target(where: str, label: str, target: str) -> Loss:
    """Return the record of a link that leads nowhere."""
    return Loss(where, f"the link {quote(label)}", f"there is no {quote(target)} that it could lead to")
