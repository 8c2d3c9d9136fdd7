"""The copies of which a world is made: as few as links and endings need, and some more for the sake of texts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

from worldkit.core.characters import shorten
from worldkit.core.quoting import quote
from worldkit.interop.stories.arrivals import TooManySteps
from worldkit.interop.stories.copies import Copies, TooManyCopies
from worldkit.interop.stories.equal_copies import merge_equal_copies
from worldkit.interop.stories.expressions import TRUE, Operation
from worldkit.interop.stories.machine import Loss, Machine, VariableEffect, effect_places
from worldkit.interop.stories.once_only import identity_of, once_changing, shared_once, with_memory
from worldkit.interop.stories.shown_texts import ShownTexts
from worldkit.interop.stories.variables import VariablePlan, answered, is_answer, plan_variables

_MAX_COPIED_VARIABLES = 500
_MAX_ROUNDS = 3
"""How often transitions that can be taken once are given a variable; each round can make others need one."""
_MAX_NODE_GROWTH_FOR_TEXTS = 4
"""How many times more copies of a node there are at most because of texts."""
_MAX_GROWTH_FOR_TEXTS = 2
"""How many times more copies there are at most because of texts."""
_MAX_UNMERGED_GROWTH = 2
"""How many times more they may be before equal ones are merged."""
_MAX_ATTEMPTS = 12
"""How many conditions of texts are tried."""
_MAX_ATTEMPTED_COPIES = 20_000
"""How many copies are made at most to try conditions of texts."""


class Explored(NamedTuple):
    """A machine played through.

    Attributes:
        plan: How its variables are expressed.
        copies: The copies, with their texts.
        given_up: What is lost of each variable that would need too many copies.
        texts: The texts that are left out.
        left_out: How many words are left out, by the variables on which they depend.
    """

    plan: VariablePlan
    copies: Copies
    given_up: Mapping[str, Loss]
    texts: tuple[Loss, ...]
    left_out: Counter[frozenset[str]]

    @property
    def losses(self) -> list[Loss]:
        """All that cannot be expressed."""
        once_losses = [
            Loss(
                transition.where,
                f"that {quote(transition.label)} can be taken only once",
                "the world has it as several events, each of which can be taken once",
            )
            for transition in shared_once(self.copies)
        ]
        return [*self.given_up.values(), *once_losses, *self.copies.losses, *self.texts]


def explored(machine: Machine, max_copies: int) -> Explored:
    """Return a machine played through, with copies for texts as long as they are few.

    Args:
        max_copies: How many copies a node may have.
    """
    explore = partial(_given_up, max_copies=max_copies)
    memory = _Memory()
    plain = _remembered(machine, explore, memory)
    changing_transitions = once_changing(machine, plain.given_up)
    if changing_transitions:  # what is earned again and again without a memory may be earned once with it
        larger_memory = _Memory(changing_transitions)
        larger = _remembered(machine, explore, larger_memory)
        if len(larger.given_up) < len(plain.given_up):
            plain, memory = larger, larger_memory
    most_copies = len(plain.copies.copies) * _MAX_GROWTH_FOR_TEXTS
    counts = Counter(copy.node.id for copy in plain.copies.copies)
    most_shared = len(shared_once(plain.copies))

    def play(machine: Machine, _: Collection[str], text_names: frozenset[str]) -> Explored:
        max_unmerged = _MAX_UNMERGED_GROWTH * most_copies
        return _played(machine, max_copies, plain.given_up, text_names, max_unmerged)

    def attempt(names: frozenset[str]) -> Explored | None:
        """Return the machine played through with copies for the values of variables, if they are few."""
        try:
            result = _remembered(machine, partial(play, text_names=names), memory.copy())
        except (TooManyCopies, TooManySteps):
            return None
        copies = Counter(copy.node.id for copy in result.copies.copies)
        is_small = copies.total() <= most_copies and all(
            count <= _MAX_NODE_GROWTH_FOR_TEXTS * max(1, counts[id]) for id, count in copies.items()
        )
        if result.copies.uncomputable_effects:
            return None
        return result if is_small and len(shared_once(result.copies)) <= most_shared else None

    best, names = plain, frozenset[str]()
    candidates: list[tuple[float, frozenset[str]]] = []
    for group, _ in plain.left_out.most_common(min(_MAX_ATTEMPTS, _MAX_ATTEMPTED_COPIES // most_copies)):
        result = None if group & plain.plan.unknown else attempt(group)
        if result is not None:
            words = plain.left_out.total() - result.left_out.total()
            candidates.append((words / max(1, len(result.copies.copies) - len(plain.copies.copies)), group))
    for _, group in sorted(candidates, key=lambda candidate: -candidate[0]):
        result = attempt(names | group)
        if result is not None and result.left_out.total() < best.left_out.total():
            best, names = result, names | group
    return best


@dataclass(slots=True)
class _Memory:
    """Which transitions that can be taken once have a variable, by what tells them from others.

    Attributes:
        remembered_transitions: Those that have one.
        unremembered_transitions: Those that would need too many copies: each is several events that can be taken once.
    """

    remembered_transitions: set[object] = field(default_factory=set)
    unremembered_transitions: set[object] = field(default_factory=set)

    def copy(self) -> _Memory:
        """Return one with the same transitions."""
        return _Memory(set(self.remembered_transitions), set(self.unremembered_transitions))


def _remembered(machine: Machine, explore: Callable[[Machine, Collection[str]], Explored], memory: _Memory) -> Explored:
    """Return a machine played through, with variables for the transitions that can be taken once and need them.

    Args:
        explore: Plays a machine through; it is told the names of these variables, to give them up before others.
        memory: The transitions that have a variable; it is changed.
    """
    for _ in range(_MAX_ROUNDS + 1):
        while True:
            memory_machine = with_memory(machine, memory.remembered_transitions)
            result = explore(memory_machine.machine, memory_machine.identities.keys())
            forgotten_ids = {
                identity for name, identity in memory_machine.identities.items() if name in result.given_up
            }
            if not forgotten_ids:
                break
            memory.remembered_transitions -= forgotten_ids
            memory.unremembered_transitions |= forgotten_ids
        shared_identities = {
            identity_of(transition) for transition in shared_once(result.copies)
        } - memory.unremembered_transitions
        if not shared_identities:
            break
        memory.remembered_transitions |= shared_identities
    return result


def _given_up(machine: Machine, first_names: Collection[str], max_copies: int) -> Explored:
    """Return a machine played through; variables that need too many copies are given up, more with every attempt.

    Args:
        first_names: The variables that are given up before others.
        max_copies: How many copies a node may have.
    """
    given_up: dict[str, Loss] = {}
    places = effect_places(machine)
    at_once = 1
    while True:
        plan = plan_variables(machine, given_up)
        for name in plan.copied_names[_MAX_COPIED_VARIABLES:]:
            why = f"more than {_MAX_COPIED_VARIABLES} variables decide something that needs copies"
            given_up[name] = Loss("the story", f"what the value of {quote(name)} decides", why)
        if len(plan.copied_names) > _MAX_COPIED_VARIABLES:
            continue
        try:
            result = _played(machine, max_copies, given_up)
            if not result.copies.uncomputable_effects:
                return result
            given_up |= {name: _uncomputable(effect) for name, effect in result.copies.uncomputable_effects.items()}
        except TooManyCopies as excess:
            columns = zip(*excess.rows, strict=True)
            counts = Counter({name: len(set(column)) for name, column in zip(plan.copied_names, columns, strict=False)})
            names = [name for name, count in counts.most_common() if count > 1]
            names.sort(key=lambda name: name not in first_names)
            at_once = max(at_once, len(names) - max_copies)  # of hundreds few can have copies
            for name in names[:at_once] or plan.copied_names:
                why = f"{quote(excess.node.id)} would need more than {max_copies} copies for its values"
                where = places.get(name) or excess.node.where
                given_up[name] = Loss(where, f"what the value of {quote(name)} decides", why)
            at_once *= 2


def _uncomputable(effect: VariableEffect) -> Loss:
    """Return what is lost of a variable with a value that cannot be computed."""
    if is_answer(effect.name):
        return Loss(effect.where, f"what {answered(effect.name)} decides", "it cannot be computed")
    what = f"what the variable {quote(effect.name)} decides"
    value = effect.value
    if isinstance(value, Operation) and value.operator in ("min", "max"):
        value = value.operands[0]  # the counter as the story has it, without its bound
    words = f"{value}" if effect.guard == TRUE else f"{value} if {effect.guard}"
    return Loss(effect.where, what, f"it gets {shorten(words, 100)}, which cannot be computed")


def _played(
    machine: Machine,
    max_copies: int,
    given_up: Mapping[str, Loss],
    text_names: frozenset[str] = frozenset(),
    most_copies: int | None = None,
) -> Explored:
    """Return a machine played through.

    Args:
        max_copies: How many copies a node may have.
        given_up: Variables that are treated as unknown.
        text_names: Variables that get copies though only texts ask for them.
        most_copies: How many copies there may be in all.

    Raises:
        TooManyCopies: There would be more copies.
        TooManySteps: Play goes on without a choice too often.
    """
    plan = plan_variables(machine, given_up, text_names)
    copies = Copies(machine, plan, max_copies, most_copies)
    texts = ShownTexts(machine, plan, copies)
    merge_equal_copies(copies)
    return Explored(plan, copies, given_up, tuple(texts.losses), texts.left_out)
