"""Which texts of a story are shown in each state of its world, and which are left out since that depends on the way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from worldkit.core.characters import shorten
from worldkit.core.quoting import quote
from worldkit.interop.stories.arrivals import NodeView
from worldkit.interop.stories.copies import Copies
from worldkit.interop.stories.expressions import Constant, Expression, names_in, simplified
from worldkit.interop.stories.held_flags import HeldFlags, held_flags, required_flags
from worldkit.interop.stories.machine import Loss, Machine, MachineNode, NodeText, effects_of
from worldkit.interop.stories.operations import Value
from worldkit.interop.stories.variables import VariablePlan

_MAX_TEXT_LENGTH = 400
"""How many characters are told of a text that is left out."""
_MAX_CONDITION_LENGTH = 100
"""How many characters of a condition are told."""


class ShownTexts:
    """Writes the texts of copies and of what is told on the way.

    Args:
        plan: How its variables are expressed.
        copies: The copies of its nodes; their texts, and those of their moves, are written.

    Attributes:
        losses: The texts that are left out: it cannot be told whether they are shown.
        left_out: How many words are left out, by the variables on which they depend.
    """

    def __init__(self, machine: Machine, plan: VariablePlan, copies: Copies) -> None:
        self._plan = plan
        self._initial_values = machine.variables
        self._changing_variables = plan.unknown | {effect.name for effect in effects_of(machine)}
        self.losses: dict[Loss, None] = {}
        self.left_out: Counter[frozenset[str]] = Counter()
        names = (name for node in machine.nodes for text in node.texts for name in names_in(text.guard))
        flags_in = held_flags(copies, (name for name in names if name in plan.flags))
        self._shown_ids: set[int] = set()  # the ids of pieces
        self._not_shown: dict[int, tuple[NodeText, MachineNode]] = {}
        for number, copy in enumerate(copies.copies):
            self._is_reached = number < copies.reached_count
            flags = flags_in(copy)
            gained_later: set[str] = set()
            parts = []
            for view in reversed(copy.path):
                parts.append(self._text(view, flags.uncertain(gained_later)))
                gained_later.update(effect.name for effect in view.node.effects)
            copy.text = "".join(reversed(parts))
            for move in copy.moves:
                if move.passed_views:
                    on_the_way = flags.gained(required_flags(move))
                    texts = (self._text(view, on_the_way.gained(view.gained_flags)) for view in move.passed_views)
                    move.narration = "".join(texts)
        for id, (piece, node) in self._not_shown.items():
            if id not in self._shown_ids:
                why = "play never comes there, and the world has the passage as it is at the start"
                self._lose(piece, node, piece.guard, why)

    def _text(self, view: NodeView, flags: HeldFlags) -> str:
        """Return the text of a node, as far as it can be told what of it is shown."""
        parts = []
        values = dict(view.values)
        for piece in view.node.texts:
            guard = simplified(piece.guard, {**values, **self._certain(names_in(piece.guard), flags, values)})
            if not isinstance(guard, Constant):
                self._lose(piece, view.node, guard)
            elif guard.value:
                parts.append(piece.text)
                self._shown_ids.add(id(piece))
            elif not self._is_reached:  # nothing tells what holds where play never comes
                self._not_shown[id(piece)] = (piece, view.node)
        return "".join(parts)

    def _lose(
        self,
        piece: NodeText,
        node: MachineNode,
        condition: Expression,
        why: str = "a text of a world does not change",
    ) -> None:
        """Note that a piece is left out.

        Args:
            node: The node to which it belongs.
            condition: What is left of its condition.
            why: Why the world does not have it.
        """
        text = quote(" ".join(piece.text.split()), _MAX_TEXT_LENGTH)
        what = f"the text {text}, shown if {_short(piece.guard)}"
        loss = Loss(piece.where or node.where, what, why)
        if piece.text.strip() and loss not in self.losses:
            self.losses[loss] = None
            self.left_out[frozenset(names_in(condition))] += len(piece.text.split())

    def _certain(self, names: Iterable[str], flags: HeldFlags, values: Mapping[str, Value]) -> dict[str, Value]:
        """Return the values that are certain, of flags and of variables that never change."""
        certain: dict[str, Value] = {}
        for name in names:
            if name in values:
                continue
            is_held = (
                flags.is_held(name) if name in self._plan.flags else None if name in self._changing_variables else False
            )
            if is_held is not None:
                certain[name] = is_held or self._initial_values.get(name)
        return certain


def _short(expression: Expression) -> str:
    text = str(expression)
    return shorten(text, _MAX_CONDITION_LENGTH)
