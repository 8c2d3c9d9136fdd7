"""How each variable of a machine is expressed in a world: as a flag, by copies of states, or not at all."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from worldkit.core.characters import shorten
from worldkit.interop.stories.expressions import Constant, Expression, conjuncts, names_in, required_flag, with_unknown
from worldkit.interop.stories.machine import Machine, VariableEffect, effects_of

_MAX_CONDITION_LENGTH = 40
"""How many characters of a condition are told in a name."""


@dataclass(frozen=True, slots=True)
class VariablePlan:
    """Which variables are expressed in which way.

    Attributes:
        flags: Variables that only ever become true and are only asked for being true: flags of the world.
        copied_names: Variables whose value decides something else: a state has a copy for each value. Flags are among
            them when texts ask for them.
        unknown: Variables whose values cannot be followed.
        unread_names: Variables that decide nothing in what was imported.
    """

    flags: frozenset[str]
    copied_names: tuple[str, ...]
    unknown: frozenset[str]
    unread_names: tuple[str, ...]

    def known_part(self, guard: Expression) -> Expression:
        """Return what is left of a guard without unknown variables; it holds whenever the guard may hold."""
        return with_unknown(guard, lambda name: name not in self.unknown)


def is_answer(name: str) -> bool:
    """Say whether a variable is not one of the story but keeps the answer to a condition, which is its name."""
    return name.startswith("(")


def answered(name: str) -> str:
    """Return the condition to which a variable keeps the answer, or its beginning if it is long."""
    condition = re.split(r", (?:asked|as it was) in ", name[1:])[0]
    return shorten(condition, _MAX_CONDITION_LENGTH)


def plan_variables(machine: Machine, given_up: Collection[str] = (), text_names: Collection[str] = ()) -> VariablePlan:
    """Return how each variable of a machine is expressed.

    Args:
        given_up: Variables that are to be treated as unknown, because they need too many copies.
        text_names: Variables that get copies because texts ask for them.
    """
    effects_by_name: dict[str, list[VariableEffect]] = {}
    readers: dict[str, list[str]] = {}
    for effect in effects_of(machine):
        effects_by_name.setdefault(effect.name, []).append(effect)
        for name in _reads_of(effect):
            readers.setdefault(name, []).append(effect.name)
    unknown = frozenset(_reachable({*machine.unknown, *given_up}, readers))

    asked_for, decisive = _guard_reads(machine, unknown)
    # the value of a variable that is read depends on what its effects read
    dependencies = {
        name: [own for effect in effects for own in _reads_of(effect)] for name, effects in effects_by_name.items()
    }
    read_by_effects = {name for start in {*asked_for, *decisive} for name in dependencies.get(start, ())}
    decisive = _reachable({*decisive, *read_by_effects}, dependencies)
    can_be_flag = {
        name
        for name, effects in effects_by_name.items()
        if not machine.variables.get(name) and all(_only_sets(effect) for effect in effects)
    }
    flags = frozenset(
        name
        for name in can_be_flag - decisive - unknown
        if name in asked_for or not any(map(any, map(_reads_of, effects_by_name[name])))
    )
    deciding_names = ((asked_for | decisive) - flags - unknown) | (_reachable(text_names, dependencies) - unknown)
    names = dict.fromkeys([*machine.variables, *effects_by_name, *sorted(deciding_names)])
    expressed_names = unknown | flags | deciding_names
    unread = [name for name in effects_by_name if name not in expressed_names]
    return VariablePlan(flags, tuple(name for name in names if name in deciding_names), unknown, tuple(unread))


def _reads_of(effect: VariableEffect) -> Iterator[str]:
    yield from names_in(effect.value)
    yield from names_in(effect.guard)


def _only_sets(effect: VariableEffect) -> bool:
    return isinstance(effect.value, Constant) and effect.value.value is True


def _guard_reads(machine: Machine, unknown: frozenset[str]) -> tuple[set[str], set[str]]:
    """Return the variables that guards ask for being true, and those of which they ask anything else."""
    asked_for: set[str] = set()
    decisive: set[str] = set()
    for transition in machine.transitions:
        for part in conjuncts(with_unknown(transition.guard, lambda name: name not in unknown)):
            flag = required_flag(part)
            if flag is None:
                decisive.update(names_in(part))
            else:
                asked_for.add(flag)
    for node in machine.nodes:
        for forward in node.forwards:
            decisive.update(names_in(with_unknown(forward.guard, lambda name: name not in unknown)))
    return asked_for, decisive


def _reachable(start: Iterable[str], edges: dict[str, list[str]]) -> set[str]:
    names = set(start)
    stack = list(names)
    while stack:
        for name in edges.get(stack.pop(), ()):
            if name not in names:
                names.add(name)
                stack.append(name)
    return names
