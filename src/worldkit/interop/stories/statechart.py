"""Statecharts with nested and parallel states, and the order in which their states are left and entered.

The rules are those of SCXML (W3C, appendix D), which XState follows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from worldkit.interop.stories.expressions import TRUE, Expression
from worldkit.interop.stories.machine import Effect, Loss

Configuration = tuple[str, ...]
"""The states in which a chart is, those without states inside, in the order of the file."""


@dataclass(slots=True)
class ChartTransition:
    """A transition of a chart.

    Attributes:
        source: The state that has it.
        event: The event that takes it; ``""`` when it is taken at once, ``"done"`` when its state has ended.
        targets: The states it leads to; none when it only changes variables.
        guard: Its condition.
        effects: What it does to variables.
        is_internal: Whether its state is not left when the targets are inside of it.
        after_ms: After how many milliseconds it is taken by itself, if it is.
        label: What a player reads.
        where: Its place in the file.
    """

    source: str
    event: str
    targets: tuple[str, ...]
    guard: Expression = TRUE
    effects: tuple[Effect, ...] = ()
    is_internal: bool = False
    after_ms: float | None = None
    label: str = ""
    where: str = ""


@dataclass(slots=True)
class ChartState:
    """A state of a chart.

    Attributes:
        id: Its id, which no other state has.
        kind: What it is.
        parent: The state around it; None of the outermost one.
        text: What its author wrote about it.
        children: The states inside, in the order of the file.
        initial: The states that are entered with it.
        entry: What entering does to variables.
        exit: What leaving does to variables.
        transitions: Its transitions, in the order of the file.
        tags: Labels that its author gave it.
        where: Its place in the file.
    """

    id: str
    kind: Literal["atomic", "compound", "parallel", "final", "history"] = "atomic"
    parent: str | None = None
    text: str = ""
    children: list[str] = field(default_factory=list)
    initial: tuple[str, ...] = ()
    entry: tuple[Effect, ...] = ()
    exit: tuple[Effect, ...] = ()
    transitions: list[ChartTransition] = field(default_factory=list)
    tags: tuple[str, ...] = ()
    where: str = ""


class Chart:
    """A statechart.

    Args:
        states: The states; the first is the outermost one. A state stands behind the state around it.
        lost: What could not be expressed; more is added.
    """

    def __init__(self, states: Sequence[ChartState], lost: list[Loss]) -> None:
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
                lost.append(Loss(state.where, f"that it begins in {', '.join(state.initial)}", why))
            if not inner and state.kind == "compound":
                inner = tuple(id for id in state.children if self.states[id].kind != "history")[:1]
            state.initial = inner

    def ancestors(self, id: str) -> list[str]:
        """Return a state and those around it, innermost first."""
        found = [id]
        while (parent := self.states[found[-1]].parent) is not None:
            found.append(parent)
        return found

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
        found: set[str] = set()
        for id in configuration:
            for state in self.ancestors(id):
                if state in found:
                    break
                found.add(state)
        return found

    def in_order(self, ids: Iterable[str]) -> list[str]:
        """Return states in the order of the file."""
        return sorted(ids, key=self._order.__getitem__)

    # ---- entering and leaving --------------------------------------------------------------

    def initial(self) -> tuple[Configuration, list[Effect]]:
        """Return where the chart begins, and what is done on entering."""
        entered: set[str] = set()
        self._enter(self.root.id, entered)
        return self._leaves(entered), [effect for id in self.in_order(entered) for effect in self.states[id].entry]

    def after(
        self, configuration: Configuration, taken: Sequence[ChartTransition]
    ) -> tuple[Configuration, list[Effect]]:
        """Return where the chart is after some transitions were taken together, and what was done on the way.

        Args:
            configuration: Where it was.
            taken: The transitions, none of which leaves what another one leaves.
        """
        active = self.active(configuration)
        left: set[str] = set()
        entered: set[str] = set()
        for transition in taken:
            left |= self.left_by(transition, active)
            if transition.targets:
                domain = self._domain(transition)
                for target in self._real_targets(transition.targets):
                    self._enter_up_to(target, domain, entered, left)
        effects = [effect for id in reversed(self.in_order(left)) for effect in self.states[id].exit]
        effects += [effect for transition in taken for effect in transition.effects]
        effects += [effect for id in self.in_order(entered) for effect in self.states[id].entry]
        return self._leaves((active - left) | entered), effects

    def left_by(self, transition: ChartTransition, active: set[str]) -> set[str]:
        """Return the active states that a transition leaves."""
        if not transition.targets:
            return set()
        domain = self._domain(transition)
        return {id for id in active if self.is_inside(id, domain)}

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
        found: list[str] = []
        for id in targets:
            state = self.states[id]
            if state.kind != "history":
                found.append(id)
            elif state.initial:
                found += [target for target in state.initial if self.states[target].kind != "history"]
            elif state.parent is not None:
                found.append(state.parent)
        return found

    def _enter_up_to(self, target: str, domain: str, entered: set[str], left: set[str]) -> None:
        """Enter a state and the states around it, up to one that is not left."""
        if target == domain:
            if self.states[target].kind in ("compound", "parallel"):
                self._enter_children(target, entered)
            return
        way = [target, *(id for id in self.ancestors(target)[1:] if self.is_inside(id, domain))]
        entered.update(way)
        for inner, outer in zip([None, *way[:-1]], way, strict=True):
            if inner is None:
                self._enter_children(outer, entered)
            elif self.states[outer].kind == "parallel":
                for child in self.states[outer].children:
                    if child not in entered and not any(self.is_inside(id, child) for id in entered):
                        self._enter(child, entered)

    def _enter(self, id: str, entered: set[str]) -> None:
        entered.add(id)
        self._enter_children(id, entered)

    def _enter_children(self, id: str, entered: set[str]) -> None:
        state = self.states[id]
        if state.kind == "parallel":
            for child in state.children:
                if child not in entered and self.states[child].kind != "history":
                    self._enter(child, entered)
        elif state.kind == "compound" and not any(self.states[child].id in entered for child in state.children):
            for target in self._real_targets(state.initial):
                self._enter_up_to(target, id, entered, set())

    def _leaves(self, active: set[str]) -> Configuration:
        return tuple(
            self.in_order(id for id in active if not any(child in active for child in self.states[id].children))
        )

    def has_ended(self, id: str, active: set[str]) -> bool:
        """Say whether an active state has ended: a state that ends it is active, in each of its regions."""
        state = self.states[id]
        inner = [child for child in state.children if child in active]
        if state.kind == "parallel":
            return bool(inner) and all(self.has_ended(child, active) for child in inner)
        return state.kind == "compound" and any(self.states[child].kind == "final" for child in inner)
