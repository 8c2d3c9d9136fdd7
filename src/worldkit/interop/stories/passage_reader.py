"""Collects what a passage says while its source is read, under the conditions around each piece."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from worldkit.interop.stories.conditions import ExpressionDialect, NotReadable, parse_expression
from worldkit.interop.stories.expressions import TRUE, Expression, conjunction
from worldkit.interop.stories.machine import (
    Forward,
    Loss,
    MachineNode,
    MachineTransition,
    NodeText,
    VariableEffect,
    brief,
    shown_value,
)
from worldkit.interop.stories.pieces import Answers, Piece
from worldkit.interop.stories.story_record import StoryRecord
from worldkit.interop.stories.text_markup import HTML, Markup, Sign, paired_signs, without_bullet, without_signs
from worldkit.interop.stories.twine_story import TwinePassage
from worldkit.interop.stories.variables import is_answer

_MAX_DEPTH = 20
"""How deep passages may stand inside of one another."""
_MAX_SHOWN_LENGTH = 300_000
"""How many characters of passages may stand inside of others in all."""


@dataclass
class StoryReader(StoryRecord):
    """What is noted over all passages of a story.

    Attributes:
        open_ended: Passages from which something that could not be expressed may lead on.
        included_passages: Passages that are carried out inside of others and not read there, each with the first
            place where one is.
        passages: All passages, by name.
        shown_inside: Passages that are read inside of others.
        shown_length: How many characters these have, each time counted.
    """

    open_ended: set[str] = field(default_factory=set)
    included_passages: dict[str, str] = field(default_factory=dict)
    passages: dict[str, TwinePassage] = field(default_factory=dict)
    shown_inside: set[str] = field(default_factory=set)
    shown_length: int = 0


class _TextSigns(NamedTuple):
    """A text with signs that may format it, each with the part of the passage and the place where it stands."""

    piece: Piece
    signs: Sequence[tuple[Sign, Hashable, str]]


class PassageReader:
    """Collects what one passage says.

    Args:
        story: What is noted over all passages.
        dialect: How its story format writes expressions.
        markup: How it writes the formatting of a text.
    """

    def __init__(
        self, passage: TwinePassage, story: StoryReader, dialect: ExpressionDialect, markup: Markup = HTML
    ) -> None:
        self.passage = passage
        self._name = passage.name
        self._outer_passages: list[TwinePassage] = []
        self.story = story
        self.dialect = dialect
        self._markup = markup
        self._lost_marks: set[str] = set()
        self._signs: dict[int, _TextSigns] = {}  # by the id of the text in which they stand
        self._part = 0  # the part of the passage: what is formatted ends with it
        self._outer_parts: list[int] = []
        self._part_count = 0
        self._pieces: list[Piece] = []
        self._guard: Expression = TRUE
        self._outer_guards: list[Expression] = []
        self._answers = Answers(passage.name)
        self._last_deferred = (0, 0)  # the pieces of what was read last of what is done at another time

    # ---- conditions ------------------------------------------------------------------------

    def enter(self, condition: Expression) -> None:
        """Begin a part that counts only if a condition holds."""
        self._begin_part()
        self._guard = self.story.bounded(conjunction(self._guard, condition))

    def _begin_part(self) -> None:
        self._outer_guards.append(self._guard)
        self._outer_parts.append(self._part)
        self._part_count += 1
        self._part = self._part_count

    def open_link(self) -> int:
        """Begin what is done when a link is pressed, which counts whatever is around it; return where it begins."""
        self._begin_part()
        self._guard = TRUE
        self._answers.forget()
        return len(self._pieces)

    def close_link(self, label: str, target: str, begin: int, offset: int, *, may_stay: bool) -> None:
        """End what is done when a link is pressed, and offer the link if that is to assign and go on.

        Args:
            label: What the link says.
            target: Where it leads; empty when what is done says so.
            begin: What ``open_link`` returned.
            offset: Where the link stands in the text.
            may_stay: Whether there can be a link that only assigns.
        """
        pieces = self._pieces[begin:]
        del self._pieces[begin:]
        if self._last_deferred[1] > begin:
            self._last_deferred = (0, 0)
        self._answers.forget()
        pieces = self._answers.resolved(pieces, self.story)
        self.leave()
        effects = [piece for piece in pieces if isinstance(piece, VariableEffect)]
        links = [piece for piece in pieces if isinstance(piece, (Forward, MachineTransition))]
        # what a link shows before play leaves the passage is not seen
        has_text = not target and any(isinstance(piece, NodeText) and piece.text.strip() for piece in pieces)
        if not target and len(links) == 1 and isinstance(links[0], Forward) and links[0].guard == TRUE:
            target = links.pop().target or ""
        if label and (target or (effects and may_stay)) and not links and not has_text:
            self.link(label, target, offset, effects)
            return
        name = repr(label) if label else "a link"
        why = "more than to assign and go on cannot be expressed; it is left out"
        self.lose(f"what happens when {name} is pressed", why, offset, may_lead_on=True)
        for effect in effects:
            self.make_unknown(effect.name, f"a value when {name} is pressed", offset)
        for link in links:
            self.lose(f"the way to {link.target}", f"it is there only after {name} was pressed; it is left out", offset)

    def open_deferred(self) -> int:
        """Begin what is done at another time than on arrival, such as after a click; return where it begins."""
        self._answers.forget()
        return len(self._pieces)

    def close_deferred(self, what: str, begin: int, offset: int) -> None:
        """End what is done at another time: it may be done at once or never, so it decides nothing and stays possible.

        Args:
            what: The code that says when it is done.
            begin: What ``open_deferred`` returned.
            offset: Where that code stands in the text.
        """
        self._answers.forget()
        pieces = self._pieces
        first, last = self._last_deferred
        if first < begin:
            first = last = len(pieces)
        pieces[begin:first] = before = self._deferred(pieces[begin:first], what, offset)
        last += begin + len(before) - first
        pieces[last:] = self._deferred(pieces[last:], what, offset)
        self._last_deferred = (begin, len(pieces))

    def _deferred(self, pieces: Sequence[Piece], what: str, offset: int) -> list[Piece]:
        """Return pieces as they are when it cannot be told when they are done."""
        result: list[Piece] = []
        for piece in pieces:
            if isinstance(piece, Forward):
                label = f"go on to {piece.target}"
                result.append(MachineTransition(self._name, piece.target, label, piece.guard, where=piece.where))
                why = "it cannot be told when; the world offers it as a choice"
                self.story.losses.append(Loss(piece.where, f"play that goes on to {piece.target} by {what}", why))
            elif isinstance(piece, VariableEffect) and not is_answer(piece.name):
                self.make_unknown(piece.name, f"a value by {what}, and it cannot be told when", offset)
            else:
                if isinstance(piece, VariableEffect):
                    self._answers.ask_later(piece.name)
                result.append(piece)
        return result

    def leave(self) -> None:
        """End the part that began last."""
        self._guard, self._part = self._outer_guards.pop(), self._outer_parts.pop()

    def condition(self, source: str, offset: int) -> Expression:
        """Return the answer to a condition as it stands here; one that cannot be read is not known."""
        condition = self.story.condition(source, self.dialect)
        return self._answers.answer(condition, self._pieces, self.passage.place(offset))

    # ---- what a passage says ---------------------------------------------------------------

    def prose(self, text: str, offset: int) -> None:
        """Show a text without its formatting, which is noted once for a passage."""
        begins_line = offset == 0 or self.passage.text[offset - 1] == "\n"
        plain = self._markup.read(text, begins_line=begins_line)
        for mark, at in plain.marks:
            self._lose_mark(mark, self.passage.place(offset + at))
        self.text(plain.text, offset)
        if plain.signs:
            places = [self.passage.place(offset + sign.offset) for sign in plain.signs]
            signs = [
                (sign, (self._part, sign.is_inline and place), place)
                for sign, place in zip(plain.signs, places, strict=True)
            ]
            self._signs[id(self._pieces[-1])] = _TextSigns(self._pieces[-1], signs)

    def _lose_mark(self, mark: str, where: str) -> None:
        if mark not in self._lost_marks:
            self._lost_marks.add(mark)
            self.story.losses.append(Loss(where, f"the formatting {brief(mark)} of the text", "a world has no styles"))

    def _without_paired_signs(self) -> list[Piece]:
        """Return the pieces without signs of formatting that have another like them in the same part of the passage."""
        signs_of_texts = [self._signs[id(piece)] for piece in self._pieces if id(piece) in self._signs]
        signs = [(one.piece, *sign) for one in signs_of_texts for sign in one.signs]
        paired_numbers = paired_signs([(sign, sign_place) for _, sign, sign_place, _ in signs])
        removed_signs: dict[int, list[Sign]] = {}
        for number, (piece, sign, _, place) in enumerate(signs):
            if number in paired_numbers:
                removed_signs.setdefault(id(piece), []).append(sign)
                self._lose_mark(sign.text, place)
        return [
            piece._replace(text=without_signs(piece.text, removed_signs[id(piece)]))
            if isinstance(piece, NodeText) and id(piece) in removed_signs
            else piece
            for piece in self._pieces
        ]

    def text(self, text: str, offset: int) -> None:
        """Show a text as it stands."""
        if text:
            self._pieces.append(NodeText(text, self._guard, self.passage.place(offset)))

    def value(self, source: str, offset: int) -> None:
        """Show the value of a variable, such as ``$gold`` or ``{gold}``, or its name where the value is not known."""
        where = self.passage.place(offset)
        self._pieces.append(NodeText(source, self._guard, where, source.strip("${}")))
        self.story.losses.append(shown_value(where, source.strip("{}")))

    def effect(self, name: str, source: str, offset: int) -> VariableEffect | None:
        """Return what gives a variable the value of an expression; None, with a note, when it cannot be read."""
        try:
            value = parse_expression(source, self.dialect, is_value=True)
        except NotReadable as reason:
            self.make_unknown(name, f"{brief(source.strip())!r}: {reason}", offset)
            return None
        self.story.declare(name)
        return VariableEffect(name, value, self._guard, self.passage.place(offset))

    def assign(self, effect: VariableEffect | None) -> None:
        """Give a variable a value on arrival."""
        if effect is not None:
            self._pieces.append(effect)
            self._answers.forget()

    def make_unknown(self, name: str, reason: str, offset: int) -> None:
        """Note that the values of a variable cannot be followed."""
        self.story.make_unknown(name, reason, self.passage.place(offset))

    def read_inside(self, name: str, read: Callable[[PassageReader], None]) -> bool:
        """Read another passage as a part of this one; say whether it can be: it is there, and holds not itself.

        Args:
            name: The name of the other passage.
        """
        inner, story = self.story.passages.get(name), self.story
        is_circle = inner is None or inner in (self.passage, *self._outer_passages)
        if inner is None or is_circle or len(self._outer_passages) == _MAX_DEPTH:
            return False
        if story.shown_length + len(inner.text) > _MAX_SHOWN_LENGTH:
            return False
        story.shown_inside.add(name)
        story.shown_length += len(inner.text)
        self._outer_passages.append(self.passage)
        self.passage = inner
        read(self)
        self.passage = self._outer_passages.pop()
        return True

    def include(self, passage: str, offset: int) -> None:
        """Note that another passage is carried out inside of this one, so that what it assigns is not known."""
        self.story.included_passages.setdefault(passage, self.passage.place(offset))

    def link(self, label: str, target: str, offset: int, effects: Sequence[VariableEffect] = ()) -> None:
        """Offer a link."""
        where = self.passage.place(offset)
        label = self._markup.plain(label).strip()
        if self._pieces and isinstance(last := self._pieces[-1], NodeText):
            self._pieces[-1] = rest = last._replace(text=without_bullet(last.text))
            if signed_text := self._signs.get(id(last)):
                signs = [sign for sign in signed_text.signs if sign[0].at < len(rest.text)]
                self._signs[id(rest)] = _TextSigns(rest, signs)
        # what is assigned on the way need not ask again whether the link is there
        own = [effect._replace(guard=TRUE) if effect.guard == self._guard else effect for effect in effects]
        link = MachineTransition(self._name, target, label or target, self._guard, tuple(own), where=where)
        self._pieces.append(link)

    def forward(self, target: str, offset: int) -> None:
        """Go on to another passage at once."""
        self._pieces.append(Forward(target, self._guard, where=self.passage.place(offset)))

    def lose(self, what: str, why: str, offset: int, *, may_lead_on: bool = False) -> None:
        """Note something that cannot be expressed; a passage from which it may lead on is no ending."""
        if may_lead_on:
            self.story.open_ended.add(self._name)
        self.story.losses.append(Loss(self.passage.place(offset), what, why))

    # ---- the result ------------------------------------------------------------------------

    def result(self) -> tuple[MachineNode, list[MachineTransition]]:
        """Return the node of the passage, and its transitions."""
        passage = self.passage
        empty_node = MachineNode(passage.name, tags=passage.tags, where=passage.place(), position=passage.position)
        return self._answers.node(empty_node, self._without_paired_signs(), self.story)
