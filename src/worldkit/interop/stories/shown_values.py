"""The values that texts show: those of variables that never change, such as the name of somebody, are known."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence

from worldkit.interop.stories.expressions import TRUE, Constant
from worldkit.interop.stories.machine import Loss, MachineNode, MachineTransition, NodeText, VariableEffect, shown_value
from worldkit.interop.stories.operations import Value
from worldkit.interop.stories.story_record import StoryRecord


def with_shown_values(
    nodes: Sequence[MachineNode],
    transitions: Iterable[MachineTransition],
    record: StoryRecord,
    *,
    start: str = "",
    before: Iterable[VariableEffect] = (),
    initial: Mapping[str, Value] | None = None,
) -> list[MachineNode]:
    """Return nodes whose texts show the values of variables that never change, in the place of their names.

    Args:
        record: What is noted of the file; that a value is shown is lost no more.
        start: The id of the node in which play begins: what it assigns is known everywhere else.
        before: What is assigned before play begins.
        initial: The values that variables are declared with.
    """
    values: dict[str, set[tuple[type, Value]]] = {}
    everywhere, elsewhere = set(initial or ()), set[str]()
    for name, value in (initial or {}).items():
        values[name] = {(type(value), value)}

    def note(effects: Iterable[VariableEffect]) -> list[str]:
        """Note what is assigned; return the variables that certainly get a value."""
        effects = list(effects)
        for effect in effects:
            is_known = isinstance(effect.value, Constant) and effect.name not in record.unknown
            constant = effect.value.value if is_known and isinstance(effect.value, Constant) else None
            values.setdefault(effect.name, set()).add((type(constant), constant))
        return [effect.name for effect in effects if effect.guard == TRUE]

    everywhere.update(note(before))
    for node in nodes:
        assigned_names = note(node.effects)
        elsewhere.update(assigned_names if node.id == start else ())
    for transition in transitions:
        note(transition.effects)
    constants: dict[str, Value] = {}
    for name, pairs in values.items():
        [(_, value), *others] = pairs
        if value is not None and not others and name not in record.unknown:
            constants[name] = value
    shown_losses, other_losses = set[Loss](), set[Loss]()  # a passage inside of several shows the value in some of them

    def shown(piece: NodeText, node: MachineNode) -> NodeText:
        name, loss = piece.variable, shown_value(piece.where, piece.text.strip("{}"))
        if name not in constants or not (name in everywhere or (name in elsewhere and node.id != start)):
            other_losses.add(loss)
            return piece
        shown_losses.add(loss)
        return piece._replace(text=_value_text(constants[name]))

    result = [
        dataclasses.replace(node, texts=tuple(shown(piece, node) for piece in node.texts))
        if any(piece.variable for piece in node.texts)
        else node
        for node in nodes
    ]
    record.losses[:] = [loss for loss in record.losses if loss in other_losses or loss not in shown_losses]
    return result


def _value_text(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
