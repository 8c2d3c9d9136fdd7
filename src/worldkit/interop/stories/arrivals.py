"""How play arrives at a node of a machine: what that changes, and where it goes on to without a choice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from worldkit.core.restorable import Restorable
from worldkit.interop.stories.expressions import TRUE, Constant, Expression, names_in, simplified, value_of
from worldkit.interop.stories.machine import Forward, Loss, Machine, MachineNode, VariableEffect
from worldkit.interop.stories.operations import NotComputable, Value
from worldkit.interop.stories.variables import VariablePlan, is_answer

_MAX_UNCOUNTED_LENGTH = 20
_MAX_STEPS = 300_000
"""How many nodes may be passed at once in all, those not counted that are among the first few of their way."""


class TooManySteps(Restorable, Exception):
    """Play goes on through too many nodes without a choice."""

    def __init__(self) -> None:
        super().__init__(f"play goes on from one place to the next without a choice more than {_MAX_STEPS:,} times")


class NodeView(NamedTuple):
    """A node whose text is in view, or is told on the way.

    Attributes:
        values: The values of the copied variables on which its text depends, as they were when it was shown.
        gained_flags: The flags that were gained on the way before it was shown.
    """

    node: MachineNode
    values: tuple[tuple[str, Value], ...]
    gained_flags: tuple[str, ...] = ()


class PlayArrival(NamedTuple):
    """Where play is after it arrived somewhere and went on as far as it goes by itself.

    Attributes:
        path: The nodes whose texts are in view, the last one being where play is.
        grants: The flags that are gained on the way.
        passed_views: The nodes whose texts are told on the way.
    """

    path: Sequence[NodeView]
    grants: Sequence[str]
    passed_views: Sequence[NodeView]


class Arrivals:
    """Follows play from where it arrives to where there is something to choose.

    Args:
        plan: How its variables are expressed.

    Attributes:
        nodes: The nodes, by id.
        visited_ids: The ids of the nodes at which play has arrived.
        losses: The ways that never end.
        uncomputable_effects: Effects with a value or a condition that cannot be computed, by variable.
        is_on_a_way: Whether play can come to where it is followed; what is done elsewhere is not noted.
    """

    def __init__(self, machine: Machine, plan: VariablePlan) -> None:
        self.nodes = {node.id: node for node in machine.nodes}
        self.visited_ids: set[str] = set()
        self.losses: dict[Loss, None] = {}
        self.uncomputable_effects: dict[str, VariableEffect] = {}
        self.is_on_a_way = True
        self._flags = plan.flags
        self._steps_left = _MAX_STEPS
        copied_names = frozenset(plan.copied_names)
        self._text_names = {  # of the nodes with a text that is shown under a condition
            node.id: [
                name
                for name in dict.fromkeys(n for text in node.texts for n in names_in(text.guard))
                if name in copied_names
            ]
            for node in machine.nodes
            if any(text.guard != TRUE for text in node.texts)
        }

    def arrive(
        self, id: str, values: dict[str, Value], grants_before: Sequence[str] = (), *, is_told: bool = True
    ) -> PlayArrival:
        """Return where play is after it arrived at a node, and what happens on the way.

        Args:
            id: The id of the node.
            values: The values of the copied variables; they are changed.
            grants_before: Flags that were gained before.
            is_told: Whether texts can be told on the way; at the start of play they stay in view.

        Raises:
            TooManySteps: Play went on without a choice too often.
        """
        path: list[NodeView] = []
        passed_views: list[NodeView] = []
        grants = list(grants_before)
        places: set[tuple[str, tuple[Value, ...]]] = set()
        node = self.nodes[id]
        while True:
            self.visited_ids.add(node.id)
            grants += self.apply(node.effects, values)
            path.append(self.view(node, values, grants))
            place = (node.id, tuple(values.values()))
            if place in places:
                what = "a way that leads back to itself without a choice"
                self.losses[Loss(node.where, what, "play would never end there")] = None
                break
            places.add(place)
            self._spend(len(places))
            forward = next((way for way in node.forwards if not is_false(simplified(way.guard, values))), None)
            if forward is None or not _holds(forward.guard, values):
                break
            if forward.text == "told" and (is_told or not any(view.node.texts for view in path)):
                passed_views += path
                path.clear()
            elif forward.text == "unseen":
                path.clear()
            node = self.nodes[forward.target]
        return PlayArrival(path, grants, passed_views)

    def _spend(self, length: int) -> None:
        self._steps_left -= length > _MAX_UNCOUNTED_LENGTH
        if self._steps_left < 0:
            raise TooManySteps

    def view(self, node: MachineNode, values: Mapping[str, Value], gained_flags: Sequence[str] = ()) -> NodeView:
        """Return a node as it is shown, with what decides its text."""
        if node.id not in self._text_names:
            return NodeView(node, ())
        return NodeView(node, tuple((name, values[name]) for name in self._text_names[node.id]), tuple(gained_flags))

    def apply(self, effects: Iterable[VariableEffect], values: dict[str, Value]) -> list[str]:
        """Change values as effects say, and return the flags that are gained."""
        grants: list[str] = []
        for effect in effects:
            if effect.name not in self._flags and effect.name not in values:
                continue
            guard = simplified(effect.guard, values)
            if not isinstance(guard, Constant):
                self._note_uncomputable(effect)
            elif guard.value:
                if effect.name in self._flags:
                    grants.append(effect.name)
                if effect.name in values:
                    values[effect.name] = self._value(effect, values)
        return grants

    def _value(self, effect: VariableEffect, values: Mapping[str, Value]) -> Value:
        """Return the value that an effect assigns; None, with a note, when it cannot be computed."""
        if is_answer(effect.name):
            answer = simplified(effect.value, values)
            if isinstance(answer, Constant):
                return bool(answer.value)
        else:
            try:
                return value_of(effect.value, values)
            except NotComputable:
                pass
        self._note_uncomputable(effect)
        return None

    def _note_uncomputable(self, effect: VariableEffect) -> None:
        if self.is_on_a_way:
            self.uncomputable_effects.setdefault(effect.name, effect)


def undecided_forwards(node: MachineNode, values: Mapping[str, Value]) -> Iterator[Forward]:
    """Yield the ways on of which one is taken, when it cannot be told which."""
    is_undecided = False
    for forward in node.forwards:
        guard = simplified(forward.guard, values)
        if is_false(guard):
            continue
        is_undecided = is_undecided or not isinstance(guard, Constant)
        if is_undecided:
            yield forward
        if isinstance(guard, Constant):
            return


def is_false(expression: Expression) -> bool:
    """Say whether an expression never holds."""
    return isinstance(expression, Constant) and not expression.value


def _holds(guard: Expression, values: Mapping[str, Value]) -> bool:
    answer = simplified(guard, values)
    return isinstance(answer, Constant) and bool(answer.value)
