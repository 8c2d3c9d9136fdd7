"""Collects what a passage says while its source is read, under the conditions around each piece."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass, field

from worldkit.core.quoting import quote
from worldkit.interop.stories.conditions import Dialect, NotReadable, parse_expression
from worldkit.interop.stories.expressions import (
    FALSE,
    TRUE,
    Expression,
    Value,
    Variable,
    conjunction,
    is_longer,
    names_in,
)
from worldkit.interop.stories.machine import Effect, Forward, Loss, MachineNode, MachineTransition, Text
from worldkit.interop.stories.twine_story import Passage

Piece = Text | Effect | Forward | MachineTransition


@dataclass
class StoryReader:
    """What is collected over all passages of a story.

    Attributes:
        variables: The value of each variable before anything is assigned to it.
        unknown: Variables whose values cannot be followed.
        lost: What could not be expressed.
        open_ended: Passages from which something that could not be expressed may lead on.
    """

    unset: Value = None
    variables: dict[str, Value] = field(default_factory=dict)
    unknown: dict[str, Loss | None] = field(default_factory=dict)
    lost: list[Loss] = field(default_factory=list)
    open_ended: set[str] = field(default_factory=set)


class PassageReader:
    """Collects what one passage says.

    Args:
        passage: The passage.
        story: What is collected over all passages.
        dialect: How its story format writes expressions.
    """

    def __init__(self, passage: Passage, story: StoryReader, dialect: Dialect) -> None:
        self.passage = passage
        self.story = story
        self.dialect = dialect
        self._pieces: list[Piece] = []
        self._guard: Expression = TRUE
        self._outer_guards: list[Expression] = []

    # ---- conditions ------------------------------------------------------------------------

    def enter(self, condition: Expression) -> None:
        """Begin a part that counts only if a condition holds."""
        self._outer_guards.append(self._guard)
        self._guard = self.bounded(conjunction(self._guard, condition))

    def enter_apart(self) -> None:
        """Begin a part that counts whenever it is carried out, whatever is around it."""
        self._outer_guards.append(self._guard)
        self._guard = TRUE

    def leave(self) -> None:
        """End the part that began last."""
        self._guard = self._outer_guards.pop()

    def bounded(self, condition: Expression) -> Expression:
        """Return a condition, or in the place of one that is too long a variable that is not known."""
        return self.unknown_condition("a long condition") if is_longer(condition) else condition

    def condition(self, source: str) -> Expression:
        """Return a condition that was read; one that cannot be read is a variable that is not known."""
        try:
            return parse_expression(source, self.dialect)
        except NotReadable:
            return self.unknown_condition(source)

    def unknown_condition(self, source: str) -> Expression:
        """Return what stands for a condition that cannot be read."""
        name = f"({' '.join(source.split())[:80]})"
        self.story.unknown.setdefault(name, None)
        return Variable(name)

    # ---- what a passage says ---------------------------------------------------------------

    def text(self, text: str, offset: int) -> None:
        """Show a text."""
        if text:
            self._pieces.append(Text(text, self._guard, self.passage.place(offset)))

    def effect(self, name: str, source: str, offset: int) -> Effect | None:
        """Return what gives a variable the value of an expression; None, with a note, when it cannot be read."""
        try:
            value = parse_expression(source, self.dialect)
        except NotReadable as reason:
            self.make_unknown(name, f"{source.strip()[:60]!r}: {reason}", offset)
            return None
        self.story.variables.setdefault(name, self.story.unset)
        return Effect(name, value, self._guard, self.passage.place(offset))

    def assign(self, effect: Effect | None) -> None:
        """Give a variable a value on arrival."""
        if effect is not None:
            self._pieces.append(effect)

    def make_unknown(self, name: str, reason: str, offset: int) -> None:
        """Note that the values of a variable cannot be followed."""
        self.story.variables.setdefault(name, self.story.unset)
        if self.story.unknown.get(name) is None:
            what = f"what the variable {quote(name)} decides"
            self.story.unknown[name] = Loss(self.passage.place(offset), what, f"it gets {reason}")

    def link(self, label: str, target: str, offset: int, effects: Sequence[Effect] = ()) -> None:
        """Offer a link."""
        where = self.passage.place(offset)
        link = MachineTransition(self.passage.name, target, label or target, self._guard, tuple(effects), where=where)
        self._pieces.append(link)

    def forward(self, target: str, offset: int) -> None:
        """Go on to another passage at once."""
        self._pieces.append(Forward(target, self._guard, where=self.passage.place(offset)))

    def lose(self, what: str, why: str, offset: int, *, may_lead_on: bool = False) -> None:
        """Note something that cannot be expressed; a passage from which it may lead on is no ending."""
        if may_lead_on:
            self.story.open_ended.add(self.passage.name)
        self.story.lost.append(Loss(self.passage.place(offset), what, why))

    def taken_since(self, mark: int) -> list[Piece]:
        """Take back the pieces that were added after a mark, and return them."""
        pieces, self._pieces = self._pieces[mark:], self._pieces[:mark]
        return pieces

    @property
    def mark(self) -> int:
        """How many pieces there are."""
        return len(self._pieces)

    # ---- the result ------------------------------------------------------------------------

    def result(self) -> tuple[MachineNode, list[MachineTransition]]:
        """Return the node of the passage, and its transitions."""
        pieces = with_fixed_conditions(self._pieces, self.passage.name, self.story.variables)
        node = MachineNode(
            self.passage.name,
            tuple(piece for piece in pieces if isinstance(piece, Text)),
            tuple(piece for piece in pieces if isinstance(piece, Effect)),
            tuple(piece for piece in pieces if isinstance(piece, Forward)),
            None,
            self.passage.tags,
            self.passage.place(),
        )
        return node, [piece for piece in pieces if isinstance(piece, MachineTransition)]


def with_fixed_conditions(pieces: Sequence[Piece], place: str, variables: dict[str, Value]) -> list[Piece]:
    """Return pieces with conditions that hold as they did where they stand.

    A passage is read once, from top to bottom. A condition above an assignment sees the old value, so the old answer is
    kept in a variable of its own.

    Args:
        pieces: The pieces, in the order of the source.
        place: The name of the passage.
        variables: The variables of the story; those of answers are added.
    """
    assigned_later: set[str] = set()
    result: list[Piece] = []
    fixed: dict[Expression, Variable] = {}
    for piece in reversed(pieces):
        if isinstance(piece, Effect):
            assigned_later.add(piece.name)
            fixed.clear()
            result.append(piece)
            continue
        if piece.guard in (TRUE, FALSE) or assigned_later.isdisjoint(names_in(piece.guard)):
            result.append(piece)
            continue
        is_new = piece.guard not in fixed
        name = f"{piece.guard}, seen in {place} {len(result)}"
        answer = fixed.setdefault(piece.guard, Variable(name))
        result.append(_guarded(piece, answer))
        if is_new:
            variables[answer.name] = False
            result.append(Effect(answer.name, piece.guard, TRUE, piece.where))
    return result[::-1]


def _guarded(piece: Text | Forward | MachineTransition, guard: Expression) -> Piece:
    return (
        dataclasses.replace(piece, guard=guard) if isinstance(piece, MachineTransition) else piece._replace(guard=guard)
    )
