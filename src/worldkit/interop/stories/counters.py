"""Counters that only grow, or only shrink, need no more values than what they are compared with tells apart."""

from __future__ import annotations

import dataclasses

from worldkit.interop.stories.expressions import COMPARISONS, Constant, Expression, Operation, Variable
from worldkit.interop.stories.machine import Machine, VariableEffect, effects_of, guards_of, parts_of


def with_bounded_counters(machine: Machine) -> Machine:
    """Return a machine that plays in the same way, in which counters stop where nothing tells more from less.

    When ``clues`` only grows, and is only compared with 3, then 4 stands for every number above.
    """
    constants: dict[str, list[float]] = {}
    others: set[str] = set()  # variables that are used for anything else
    steps: dict[str, set[str]] = {}
    for part in parts_of(machine):
        for guard in guards_of(part):
            _look(guard, constants, others)
    for effect in effects_of(machine):
        step = _step(effect)
        if step is not None:
            steps.setdefault(effect.name, set()).add(step)
        elif isinstance(effect.value, Constant) and _is_number(effect.value):
            constants.setdefault(effect.name, []).append(effect.value.value)  # type: ignore[arg-type]
        else:
            others.add(effect.name)
            _look(effect.value, constants, others)
    limits: dict[str, Constant] = {}
    for name, operators in steps.items():
        start = machine.variables.get(name)
        if len(operators) == 1 and name not in others and name in constants and not isinstance(start, (bool, str)):
            values = [*constants[name], *([] if start is None else [start])]
            limits[name] = Constant(max(values) + 1 if operators == {"+"} else min(values) - 1)
    if not limits:
        return machine

    def bounded(effects: tuple[VariableEffect, ...]) -> tuple[VariableEffect, ...]:
        return tuple(
            effect._replace(
                value=Operation("min" if _step(effect) == "+" else "max", (effect.value, limits[effect.name]))
            )
            if effect.name in limits and _step(effect) is not None
            else effect
            for effect in effects
        )

    return dataclasses.replace(
        machine,
        nodes=tuple(dataclasses.replace(node, effects=bounded(node.effects)) for node in machine.nodes),
        transitions=tuple(dataclasses.replace(way, effects=bounded(way.effects)) for way in machine.transitions),
    )


def _is_number(constant: Constant) -> bool:
    return isinstance(constant.value, (int, float)) and not isinstance(constant.value, bool)


def _step(effect: VariableEffect) -> str | None:
    """Return in which direction an effect moves its variable by a constant: ``+`` or ``-``; None when it does not."""
    value = effect.value
    if not isinstance(value, Operation) or value.operator not in ("+", "-") or len(value.operands) != 2:
        return None
    first, second = value.operands
    if first != Variable(effect.name) or not isinstance(second, Constant) or not _is_number(second):
        return None
    is_up = (value.operator == "+") == (second.value >= 0)  # type: ignore[operator]
    return "+" if is_up else "-"


def _look(expression: Expression, constants: dict[str, list[float]], others: set[str]) -> None:
    """Note the constants that variables are compared with, and the variables that are used otherwise."""
    stack = [expression]
    while stack:
        part = stack.pop()
        if isinstance(part, Variable):
            others.add(part.name)
        elif isinstance(part, Operation):
            sides = part.operands
            names = [side.name for side in sides if isinstance(side, Variable)]
            numbers = [side.value for side in sides if isinstance(side, Constant) and _is_number(side)]
            if part.operator in COMPARISONS and len(names) == 1 and len(numbers) == 1:
                constants.setdefault(names[0], []).append(numbers[0])  # type: ignore[arg-type]
            else:
                stack += sides
