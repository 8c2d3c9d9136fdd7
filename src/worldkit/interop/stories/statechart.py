"""Statecharts with nested and parallel states, and the order in which their states are left and entered.

The rules are those of SCXML (W3C, appendix D), which XState follows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from worldkit.interop.stories.expressions import TRUE, Expression
from worldkit.interop.stories.machine import Loss, VariableEffect

Configuration = tuple[str, ...]
"""The states in which a chart is, those without states inside, in the order of the file."""

NO_EVENT = ""
"""In the place of an event: the transition is taken at once."""


class ChartStep(NamedTuple):
    """What a chart does at once.

    Attributes:
        configuration: Where it is then.
        effects: What was done on the way.
        ended_ids: The states that ended by it, in order.
    """

    configuration: Configuration
    effects: list[VariableEffect]
    ended_ids: tuple[str, ...]


@dataclass(slots=True)
class ChartTransition:
    """A transition of a chart.

    Attributes:
        source: The state that has it.
        event: The event that takes it, or ``NO_EVENT``.
        targets: The states it leads to; none when it only changes variables.
        guard: Its condition.
        effects: What it does to variables.
        is_internal: Whether its state is not left when the targets are inside of it.
        after_ms: After how many milliseconds it is taken by itself, if it is.
        label: What a player reads.
        place: Its place in the file.
    """

    source: str
    event: str
    targets: tuple[str, ...]
    guard: Expression = TRUE
    effects: tuple[VariableEffect, ...] = ()
    is_internal: bool = False
    after_ms: float | None = None
    label: str = ""
    place: str = ""


@dataclass(slots=True)
class ChartState:
    """A state of a chart.

    Attributes:
        id: Its id, which no other state has.
        parent: The state around it; None of the outermost one.
        text: What its author wrote about it.
        children: The states inside, in the order of the file.
        initial: The states that are entered with it.
        entry: What entering does to variables.
        exit: What leaving does to variables.
        transitions: Its transitions, in the order of the file.
        tags: Labels that its author gave it.
        place: Its place in the file.
    """

    id: str
    kind: Literal["atomic", "compound", "parallel", "final", "history"] = "atomic"
    parent: str | None = None
    text: str = ""
    children: list[str] = field(default_factory=list)
    initial: tuple[str, ...] = ()
    entry: tuple[VariableEffect, ...] = ()
    exit: tuple[VariableEffect, ...] = ()
    transitions: list[ChartTransition] = field(default_factory=list)
    tags: tuple[str, ...] = ()
    place: str = ""


class Statechart:
    """A statechart.

    Args:
        states: The states; the first is the outermost one. A state stands behind the state around it.
        losses: What could not be expressed; more is added.
    """

    def __init__(self, states: Sequence[ChartState], losses: list[Loss]) -> None:
        self.states = {state.id: state for state in states}
        self.root = states[0]
        self._order = {id: number for number, id in enumerate(self.states)}
        self._depth: dict[str, int] = {}
        for state in states:
            self._depth[state.id] = 0 if state.parent is None else self._depth[state.parent] + 1
        for state in states:
            outer = state.parent if state.kind == "history" else state.id
            inner = tuple(id for id in state.initial if outer is not None and self.is_inside(id, outer))
            if inner != state.initial:
                why = "they are not inside of it; play begins in the first"
                losses.append(Loss(state.place, f"that it begins in {', '.join(state.initial)}", why))
            if not inner and state.kind == "compound":
                inner = tuple(id for id in state.children if self.states[id].kind != "history")[:1]
            state.initial = inner

    def ancestors(self, id: str) -> list[str]:
        """Return a state and those around it, innermost first."""
        ids = [id]
        while (parent := self.states[ids[-1]].parent) is not None:
            ids.append(parent)
        return ids

    def is_inside(self, id: str, outer: str) -> bool:
        """Say whether a state is inside another one."""
        steps = self._depth[id] - self._depth[outer]
        if steps <= 0:
            return False
        for _ in range(steps):
            id = self.states[id].parent or id
        return id == outer

    def active(self, configuration: Iterable[str]) -> set[str]:
        """Return the states in which the chart is, with those around them."""
        ids: set[str] = set()
        for leaf in configuration:
            for id in self.ancestors(leaf):
                if id in ids:
                    break
                ids.add(id)
        return ids

    def in_order(self, ids: Iterable[str]) -> list[str]:
        """Return states in the order of the file."""
        return sorted(ids, key=self._order.__getitem__)

    # ---- entering and leaving --------------------------------------------------------------

    def initial(self) -> ChartStep:
        """Return how the chart begins."""
        entered_ids: set[str] = set()
        self._enter(self.root.id, entered_ids)
        effects = [effect for id in self.in_order(entered_ids) for effect in self.states[id].entry]
        return ChartStep(self._leaves(entered_ids), effects, self._ended_by(entered_ids, entered_ids))

    def after(self, configuration: Configuration, transitions: Sequence[ChartTransition]) -> ChartStep:
        """Return what the chart does when some transitions are taken together.

        Args:
            configuration: Where it was.
            transitions: The transitions, none of which leaves what another one leaves.
        """
        active = self.active(configuration)
        exited_states: set[str] = set()
        entered_ids: set[str] = set()
        for transition in transitions:
            exited_states |= self.left_by(transition, active)
            if transition.targets:
                targets = self._real_targets(transition.targets)
                self._enter_up_to(targets, self._domain(transition), entered_ids)
        effects = [effect for id in reversed(self.in_order(exited_states)) for effect in self.states[id].exit]
        effects += [effect for transition in transitions for effect in transition.effects]
        effects += [effect for id in self.in_order(entered_ids) for effect in self.states[id].entry]
        after = (active - exited_states) | entered_ids
        return ChartStep(self._leaves(after), effects, self._ended_by(entered_ids, after))

    def left_by(self, transition: ChartTransition, active: set[str]) -> set[str]:
        """Return the active states that a transition leaves."""
        if not transition.targets:
            return set()
        exited_states: set[str] = set()
        stack = [self._domain(transition)]
        while stack:
            inner = self._children_among(stack.pop(), active)
            exited_states.update(inner)
            stack += inner
        return exited_states

    def _children_among(self, id: str, ids: set[str]) -> list[str]:
        """Return those of some states that are directly inside a state, in time that grows with the fewer of both."""
        children = self.states[id].children
        if len(children) <= len(ids):
            return [child for child in children if child in ids]
        return [inner for inner in ids if self.states[inner].parent == id]

    def _domain(self, transition: ChartTransition) -> str:
        """Return the innermost state that a transition does not leave."""
        targets = self._real_targets(transition.targets)
        source = transition.source
        if transition.is_internal and all(id == source or self.is_inside(id, source) for id in targets):
            return source
        for outer in self.ancestors(source)[1:]:
            if self.states[outer].kind == "compound" and all(self.is_inside(id, outer) for id in targets):
                return outer
        return self.root.id

    def _real_targets(self, targets: Iterable[str]) -> list[str]:
        """Return targets; in the place of a history, which is not remembered, the states that it begins with."""
        real: list[str] = []
        for id in targets:
            state = self.states[id]
            if state.kind != "history":
                real.append(id)
            elif state.initial:
                real += [target for target in state.initial if self.states[target].kind != "history"]
            elif state.parent is not None:
                real.append(state.parent)
        return real

    def _enter_up_to(self, targets: Sequence[str], domain: str, entered_ids: set[str]) -> None:
        """Enter states and the states around them, up to one that is not left."""
        paths = {
            target: [id for id in (target, *self.ancestors(target)[1:]) if self.is_inside(id, domain)]
            for target in targets
        }
        # the ways to all targets come first: a region in which a target lies does not begin as it would by itself
        entered_ids.update(id for path in paths.values() for id in path)
        for target, path in paths.items():
            for id in path or [target]:
                if id == target or self.states[id].kind == "parallel":
                    self._enter_children(id, entered_ids)
        if self.states[domain].kind == "parallel":  # all that is inside of it was left
            self._enter_children(domain, entered_ids)

    def _enter(self, id: str, entered_ids: set[str]) -> None:
        entered_ids.add(id)
        self._enter_children(id, entered_ids)

    def _enter_children(self, id: str, entered_ids: set[str]) -> None:
        state = self.states[id]
        if state.kind == "parallel":
            for child in state.children:
                if child not in entered_ids and self.states[child].kind != "history":
                    self._enter(child, entered_ids)
        elif state.kind == "compound" and not self._children_among(id, entered_ids):
            self._enter_up_to(self._real_targets(state.initial), id, entered_ids)

    def _leaves(self, active: set[str]) -> Configuration:
        outer_states = {self.states[id].parent for id in active}
        return tuple(self.in_order(active - outer_states))

    def _ended_by(self, entered_ids: set[str], active: set[str]) -> tuple[str, ...]:
        """Return the states that ended when some states were entered; the whole chart is not among them."""
        ended_ids: dict[str, None] = {}
        for id in self.in_order(id for id in entered_ids if self.states[id].kind == "final"):
            outer = self.states[id].parent
            if outer is not None and self.states[outer].kind == "compound":
                ended_ids[outer] = None
                outer = self.states[outer].parent
            while outer is not None and self.states[outer].kind == "parallel" and self.has_ended(outer, active):
                ended_ids.pop(outer, None)  # it ends with the last of its regions, whose own end comes before
                ended_ids[outer] = None
                outer = self.states[outer].parent
        return tuple(id for id in ended_ids if id != self.root.id)

    def has_ended(self, id: str, active: set[str]) -> bool:
        """Say whether an active state has ended: a state that ends it is active, in each of its regions."""
        kind = self.states[id].kind
        if kind not in ("parallel", "compound"):
            return False
        inner = self._children_among(id, active)
        if kind == "parallel":
            return bool(inner) and all(self.has_ended(child, active) for child in inner)
        return any(self.states[child].kind == "final" for child in inner)
