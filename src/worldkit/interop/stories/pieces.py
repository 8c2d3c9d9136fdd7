"""The pieces of a passage in their order, and the conditions around them, each asked once where it stands."""

from __future__ import annotations

import dataclasses
from bisect import bisect_right
from collections.abc import Sequence

from worldkit.interop.stories.expressions import (
    FALSE,
    MAX_PARTS,
    TRUE,
    Constant,
    Expression,
    Variable,
    count_parts,
    names_in,
    with_expressions,
)
from worldkit.interop.stories.machine import Forward, MachineNode, MachineTransition, NodeText, VariableEffect
from worldkit.interop.stories.operations import Value
from worldkit.interop.stories.story_record import StoryRecord

Piece = NodeText | VariableEffect | Forward | MachineTransition


class Answers:
    """The conditions of one passage, each asked once and where it stands.

    An ``else`` denies what its ``if`` was told, also when the part between them changes what it asked for: ``(if:
    $lamp)[(set: $lamp to false)](else:)[(set: $lamp to true)]`` turns a lamp on or off. While the passage is read, each
    answer is a variable. When all is read, only those are left between whose question and use something changes; in
    the place of the others stands the condition itself.

    Args:
        place: The name of the passage.
    """

    def __init__(self, place: str) -> None:
        self._place = place
        self._conditions: dict[str, Expression] = {}  # by the name of the answer
        self._current: dict[Expression, Variable] = {}
        self._asked_later: set[str] = set()  # the answers to what is asked at another time than on arrival

    def ask_later(self, name: str) -> None:
        """Note that a condition is asked at another time than on arrival.

        Args:
            name: The name of its answer, which cannot be told when what it depends on changes behind it.
        """
        self._asked_later.add(name)

    def answer(self, condition: Expression, pieces: list[Piece], where: str) -> Expression:
        """Return the answer to a condition, which is asked behind the last of some pieces.

        Args:
            pieces: The pieces that were read; what asks is added.
            where: The place in the file.
        """
        if isinstance(condition, Constant):
            return condition
        if condition not in self._current:
            variable = Variable(f"({condition}, asked in {self._place} {len(self._conditions) + 1})")
            self._current[condition] = variable
            self._conditions[variable.name] = condition
            pieces.append(VariableEffect(variable.name, condition, TRUE, where))
        return self._current[condition]

    def forget(self) -> None:
        """Ask again from here on: something has changed, or another part begins."""
        self._current.clear()

    def node(
        self, node: MachineNode, pieces: Sequence[Piece], record: StoryRecord
    ) -> tuple[MachineNode, list[MachineTransition]]:
        """Return a node with all that stands in its passage, and its transitions.

        Args:
            node: The node, still empty.
            pieces: The pieces of its passage, in the order of the source.
            record: What is noted of the file; the answers that are needed are declared.
        """
        pieces = with_fixed_conditions(self.resolved(pieces, record), node.id, record.variables)
        texts = tuple(piece for piece in pieces if isinstance(piece, NodeText))
        effects = tuple(piece for piece in pieces if isinstance(piece, VariableEffect))
        forwards = tuple(piece for piece in pieces if isinstance(piece, Forward))
        transitions = [piece for piece in pieces if isinstance(piece, MachineTransition)]
        return dataclasses.replace(node, texts=texts, effects=effects, forwards=forwards), transitions

    def resolved(self, pieces: Sequence[Piece], record: StoryRecord) -> list[Piece]:
        """Return pieces with conditions in the place of the answers that are the same wherever they are used.

        Args:
            pieces: The pieces, in the order of the source.
            record: What is noted of the file; answers that are left are declared.
        """
        changes: dict[str, list[int]] = {}  # by variable: the numbers of the pieces that change it
        asked_at: dict[str, int] = {}
        for number, piece in enumerate(pieces):
            if isinstance(piece, VariableEffect):
                if piece.name in self._conditions:
                    asked_at[piece.name] = number
                else:
                    changes.setdefault(piece.name, []).append(number)
        next_change: dict[str, int] = {}
        for name, number in asked_at.items():
            later = (
                numbers[at]
                for read_name in set(names_in(self._conditions[name]))
                if (numbers := changes.get(read_name, ())) and (at := bisect_right(numbers, number)) < len(numbers)
            )
            next_change[name] = min(later, default=len(pieces))
        untold = {name for name in self._asked_later if next_change.get(name, len(pieces)) < len(pieces)}
        for name in untold:
            record.unknown.setdefault(name, None)
        outdated_names = untold | {
            name
            for number, piece in enumerate(pieces)
            for name in names_in(piece.guard)
            if name in next_change and next_change[name] < number
        }
        for name in outdated_names - untold:
            record.variables[name] = False
        conditions = {name: self._conditions[name] for name in asked_at if name not in outdated_names}
        sizes = {name: count_parts(condition) for name, condition in conditions.items()}
        result: list[Piece] = []
        for piece in pieces:
            if isinstance(piece, VariableEffect) and (piece.name in conditions or piece.name in untold):
                continue
            size = sum(sizes.get(name, 1) for name in names_in(piece.guard))
            guard = record.long_condition() if size > MAX_PARTS else with_expressions(piece.guard, conditions)
            result.append(piece if guard == piece.guard else _guarded(piece, record.bounded(guard)))
        return result


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
    stand_ins: dict[Expression, Variable] = {}
    for piece in reversed(pieces):
        if isinstance(piece, VariableEffect):
            assigned_later.add(piece.name)
            stand_ins.clear()
            result.append(piece)
            continue
        if piece.guard in (TRUE, FALSE) or assigned_later.isdisjoint(names_in(piece.guard)):
            result.append(piece)
            continue
        is_new = piece.guard not in stand_ins
        name = f"({piece.guard}, as it was in {place} {len(result)})"
        answer = stand_ins.setdefault(piece.guard, Variable(name))
        result.append(_guarded(piece, answer))
        if is_new:
            variables[answer.name] = False
            result.append(VariableEffect(answer.name, piece.guard, TRUE, piece.where))
    return result[::-1]


def _guarded(piece: Piece, guard: Expression) -> Piece:
    return (
        dataclasses.replace(piece, guard=guard) if isinstance(piece, MachineTransition) else piece._replace(guard=guard)
    )
