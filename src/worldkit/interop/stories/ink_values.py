"""The instructions of ink's program that compute values and show text."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from worldkit.core.json_values import Json
from worldkit.core.quoting import quote
from worldkit.interop.stories.expressions import (
    TRUE,
    Constant,
    Expression,
    Operation,
    Variable,
    conjunction,
    disjunction,
    is_longer,
    negation,
)
from worldkit.interop.stories.ink_flow import knot_of
from worldkit.interop.stories.ink_program import Pointer, resolve
from worldkit.interop.stories.ink_story import InkPosition, InkStory, InkTarget, Item, Reference, Returned, UnclearInk
from worldkit.interop.stories.machine import Loss, NodeText, VariableEffect, shown_value
from worldkit.interop.stories.pieces import Piece
from worldkit.interop.stories.visits import counted_visit

_OPERATORS = {
    **{sign: sign for sign in ("+", "-", "*", "%", "==", "!=", "<", "<=", ">", ">=")},
    "/": "//",
    "&&": "and",
    "||": "or",
    "MIN": "min",
    "MAX": "max",
}
_UNKNOWN_VALUE_INSTRUCTIONS = {"turns": 1, "choiceCnt": 0, "turn": 0, "seq": 2, "rnd": 2}
"""Instructions whose value cannot be told, and how many values they take."""
_IGNORED_INSTRUCTIONS = frozenset({"nop", "/ev", "ev", "<>"})


class ValueReader(ABC):
    """Carries out instructions, with the values and texts that are not known yet as expressions.

    Args:
        story: What is collected over the whole story.
        place: Where the node begins.
    """

    def __init__(self, story: InkStory, place: InkPosition) -> None:
        self._story = story
        self._stack: list[Item] = list(place.stack)
        self._tunnels = list(place.tunnels)
        self._return: Pointer | None = None  # where the text of a choice leads back to
        self._strings: list[list[str]] = []
        self._pieces: list[Piece] = []
        self._guard: Expression = TRUE
        self._tags: list[str] = []
        self._in_tag = False
        self._aliases: dict[str, str] = {}  # what the names of a function mean that it was given to change
        self._depth = 0  # of functions
        self._call_guard: Expression = TRUE
        self._knot = knot_of(place.pointer)
        self._line = story.source.heading(self._knot)  # the last line that is known
        self._is_same_line = False

    @property
    def _where(self) -> str:
        """The place in the file, with the line of its source as far as that is known."""
        return self._place_in(self._knot, self._line, is_same_line=self._is_same_line)

    def _place_in(self, knot: str, line: str | None, *, is_same_line: bool = True) -> str:
        after = "" if is_same_line else "after "
        return f"knot {quote(knot)}" + (f", {after}{line}" if line else "")

    def _note_line(self, text: str, pointer: Pointer) -> None:
        """Note where in the source a text stands; what a function does stands where it is called."""
        if self._depth == 0:
            line = self._story.source.place(knot_of(pointer), text)
            self._line, self._is_same_line = line or self._line, line is not None or self._is_same_line

    @abstractmethod
    def _stop(self, command: str) -> None:
        """Stop the story, at ``done`` or ``end``, or leave a tunnel."""

    @abstractmethod
    def _choice(self, item: Json, pointer: Pointer) -> None:
        """Offer a choice."""

    def _counted(self, path: str, guard: Expression) -> VariableEffect:
        """Return what counts a visit to a container."""
        return counted_visit(self._story.place_name(path), guard, self._where)

    def _do(self, item: Any, pointer: Pointer) -> None:
        """Carry out one instruction that leads nowhere."""
        if isinstance(item, str):
            self._command(item, pointer)
        elif isinstance(item, (bool, int, float)):
            self._stack.append(Constant(item))
        elif isinstance(item, dict):
            self._object(item, pointer)
        elif item is not None:
            raise UnclearInk(f"the instruction {quote(item)}")

    def _command(self, item: str, pointer: Pointer) -> None:
        if item == "\n" or item.startswith("^"):
            if item == "\n":
                self._is_same_line &= self._depth > 0
            else:
                self._note_line(item[1:], pointer)
            self._text("\n" if item == "\n" else item[1:])
        elif item == "str":
            self._strings.append([])
        elif item == "/str":
            self._stack.append(Constant("".join(self._strings.pop()) if self._strings else ""))
        elif item == "out":
            self._out()
        elif item == "pop":
            self._pop()
        elif item in ("done", "end", "->->"):
            self._stop(item)
        elif item == "~ret":
            if not self._depth or self._guard != self._call_guard:
                raise UnclearInk("a function that returns inside a condition")
            raise Returned
        elif item in ("#", "/#"):
            self._in_tag = item == "#"
            self._tags += [""] * self._in_tag
        elif item not in _IGNORED_INSTRUCTIONS:
            self._stack.append(self._computed(item, pointer))

    def _computed(self, item: str, pointer: Pointer) -> Item:
        """Return the value that an instruction pushes."""
        if item == "du":
            return self._top()
        if item == "void":
            return Constant(None)
        if item == "visit":
            return Operation("-", (self._story.visits(pointer.container.path), Constant(1)))
        if item == "!":
            return negation(self._value())
        if item in ("_", "~"):
            return Operation("-", (Constant(0), self._value()))
        if item in _UNKNOWN_VALUE_INSTRUCTIONS:
            for _ in range(_UNKNOWN_VALUE_INSTRUCTIONS[item]):
                self._pop()
            self._story.record.unknown.setdefault(f"({item})", None)
            return Variable(f"({item})")
        if item not in _OPERATORS:
            raise UnclearInk(f"the instruction {quote(item)}")
        right, left = self._value(), self._value()
        value = _operation(_OPERATORS[item], left, right)
        if is_longer(value):
            raise UnclearInk("a value that takes too long to compute")
        return value

    def _object(self, item: Json, pointer: Pointer) -> None:
        if isinstance(item.get("VAR?"), str):
            self._stack.append(Variable(self._named(item["VAR?"])))
        elif isinstance(item.get("^var"), str):
            self._stack.append(Reference(self._named(item["^var"])))
        elif isinstance(item.get("CNT?"), str):
            target = resolve(item["CNT?"], pointer.container, self._story.root)
            if target is None or target.index >= 0:
                raise UnclearInk(f"the visits to {quote(item['CNT?'])}, which is not there")
            self._stack.append(self._story.visits(target.container.path))
        elif isinstance(item.get("^->"), str):
            target = resolve(item["^->"], pointer.container, self._story.root)
            if target is None:
                raise UnclearInk(f"the place {quote(item['^->'])}, which is not there")
            self._stack.append(InkTarget(target))
        elif isinstance(item.get("VAR="), str) or isinstance(item.get("temp="), str):
            self._assign(item)
        elif "*" in item:
            self._choice(item, pointer)
        elif isinstance(item.get("#"), str):
            self._tags.append(item["#"])
        else:
            what = f"the external function {quote(item['x()'])}" if "x()" in item else f"the instruction {quote(item)}"
            raise UnclearInk(what)

    def _assign(self, item: Json) -> None:
        name = str(item.get("VAR=", item.get("temp=")))
        value = self._pop()
        if isinstance(value, InkTarget):
            if name != "$r":
                raise UnclearInk(f"the variable {quote(name)}, which holds a place of the story")
            self._return = value.pointer
        elif isinstance(value, Reference):
            self._aliases[name] = value.name
        else:
            if not item.get("re"):
                self._aliases.pop(name, None)
            self._pieces.append(VariableEffect(self._named(name), value, self._guard, self._where))

    def _named(self, name: str) -> str:
        """Return the variable of the machine that a name means here."""
        if name in self._aliases:
            return self._aliases[name]
        if name not in self._story.global_names:
            depth = len(self._tunnels) + self._depth
            name = f"{name}, temporary" + f" {depth}" * bool(depth)  # each call and each tunnel has its own
        self._story.record.variables.setdefault(name, None)
        return name

    def _text(self, text: str) -> None:
        if self._in_tag:
            self._tags[-1] += text
        elif self._strings:
            self._strings[-1].append(text)
        else:
            self._pieces.append(NodeText(text, self._guard, self._where))

    def _out(self) -> None:
        value = self._value()
        if isinstance(value, Constant):
            words = str(value.value).lower() if isinstance(value.value, bool) else str(value.value)
            self._text("" if value.value is None else words)
        else:
            is_text = not self._in_tag and not self._strings
            if is_text and isinstance(value, Variable):
                self._pieces.append(NodeText(f"{{{value}}}", self._guard, self._where, value.name))
            else:
                self._text(f"{{{value}}}")
            self._story.record.losses.append(shown_value(self._where, f"{value}"))

    def _top(self) -> Item:
        if not self._stack:
            raise UnclearInk("a value that is not there")
        return self._stack[-1]

    def _pop(self) -> Item:
        self._top()
        return self._stack.pop()

    def _value(self) -> Expression:
        value = self._pop()
        if isinstance(value, (InkTarget, Reference)):
            raise UnclearInk("a place of the story that is used as a value")
        return value

    def _lose(self, what: str, why: str) -> None:
        self._story.record.losses.append(Loss(self._where, what, why))


def _operation(operator: str, left: Expression, right: Expression) -> Expression:
    if operator in ("and", "or"):
        return conjunction(left, right) if operator == "and" else disjunction(left, right)
    return Operation(operator, (left, right))
