"""The states of a world that is made of a machine: a copy of a node for each value of the variables that decide there.

Flags of a world are only gained, and only asked for. What else variables decide is expressed by copies: the hall
before the lamp is broken, and the hall after it.
"""

from __future__ import annotations

from collections import ChainMap, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from worldkit.core.restorable import Restorable
from worldkit.interop.stories.arrivals import Arrivals, NodeView, TooManySteps, is_false, undecided_forwards
from worldkit.interop.stories.expressions import Expression, is_computable, simplified
from worldkit.interop.stories.live_variables import live_variables
from worldkit.interop.stories.machine import CHOICE_PREFIX, Loss, Machine, MachineNode, MachineTransition
from worldkit.interop.stories.operations import Value
from worldkit.interop.stories.variables import VariablePlan

_MAX_EXCESS_ROWS = 1_000
"""Copies too many after which no more are looked for."""


@dataclass(slots=True)
class Copy:
    """A state of the world.

    Attributes:
        path: The nodes whose texts and choices are in view, the last one being where play is.
        values: The values of the copied variables, in the order of the plan; None for those that decide nothing here.
        moves: What can be done here.
        text: Its text; it is written when all copies are there.
    """

    path: tuple[NodeView, ...]
    values: tuple[Value, ...]
    moves: list[CopyMove] = field(default_factory=list)
    text: str = ""

    @property
    def name(self) -> str:
        """The name of the node after which it is called."""
        return self.path[0].node.id

    @property
    def node(self) -> MachineNode:
        """The node in which play is."""
        return self.path[-1].node


@dataclass(slots=True)
class CopyMove:
    """A transition as it can be taken in a copy.

    Attributes:
        guard: What of its guard is left: flags that are required.
        target: Where it leads.
        grants: The flags that are gained on the way.
        passed_views: The nodes whose texts are told on the way.
        narration: These texts; they are written when all copies are there.
    """

    transition: MachineTransition
    guard: Expression
    target: Copy
    grants: Sequence[str]
    passed_views: Sequence[NodeView]
    narration: str = ""


class _Result(NamedTuple):
    """The copy to which a transition leads, and what happens on the way."""

    copy: Copy
    grants: Sequence[str] = ()
    passed_views: Sequence[NodeView] = ()


class TooManyCopies(Restorable, Exception):
    """A node would need more copies than are allowed.

    Attributes:
        rows: The values of the copied variables, in the order of the plan, in each copy of it that is known.
    """

    def __init__(self, node: MachineNode, rows: Sequence[tuple[Value, ...]]) -> None:
        super().__init__(node.id)
        self.node = node
        self.rows = rows


class Copies:
    """All copies of a machine, found by playing it through.

    Args:
        plan: How its variables are expressed.
        max_copies: How many copies one node may have.
        most_copies: How many copies there may be in all.

    Attributes:
        start: The copy in which play begins.
        copies: All copies, those to which play can come first.
        reached_count: How many these are.
        start_flags: The flags that are held from the beginning.
        losses: What could not be expressed.
        uncomputable_effects: Effects with a value or a condition that cannot be computed, by variable.

    Raises:
        TooManyCopies: A node needs more copies.
        TooManySteps: Play goes on without a choice too often.
    """

    def __init__(self, machine: Machine, plan: VariablePlan, max_copies: int, most_copies: int | None = None) -> None:
        self._plan = plan
        self._max_copies = max_copies
        self._most_copies = most_copies
        self._arrivals = Arrivals(machine, plan)
        self.losses = self._arrivals.losses
        self.uncomputable_effects = self._arrivals.uncomputable_effects
        self._transitions: dict[str, list[MachineTransition]] = {}
        for transition in machine.transitions:
            self._transitions.setdefault(transition.source, []).append(transition)
        self._live_variables = live_variables(machine, plan)
        self.copies: list[Copy] = []
        self._by_key: dict[tuple[object, ...], Copy] = {}
        self._by_node: dict[str, list[Copy]] = {}
        self._queue: deque[Copy] = deque()
        self._excess_rows: dict[str, dict[tuple[Value, ...], None]] = {}  # by node, of copies that are too many
        self._results: dict[str, _Result] = {}  # from the copy that is looked at, by target
        values = {name: machine.variables.get(name) for name in plan.copied_names}
        self.start_flags: frozenset[str] = frozenset()
        self._held_values: dict[str, Value] = {}
        self.start, start_flags, _ = self._arrive(machine.start, values, is_told=False)
        self.start_flags = frozenset(start_flags)
        self._held_values = dict.fromkeys(start_flags, True)
        self._follow()
        self.reached_count = len(self.copies)
        self._arrivals.is_on_a_way = False
        for node in machine.nodes:
            if node.id not in self._arrivals.visited_ids:
                self._arrive(node.id, dict(values))
                self._follow()

    def _follow(self) -> None:
        """Find what can be done in every copy that was not looked at yet.

        Where a node needs too many copies, all copies that are as many steps from the start are looked at first: so
        all of hundreds of links that can be taken once are known at once, not a few with each attempt.
        """
        while self._queue:
            for _ in range(len(self._queue)):
                try:
                    self._follow_from(self._queue.popleft())
                except TooManySteps:
                    if not self._excess_rows:
                        raise
                    break
                if sum(map(len, self._excess_rows.values())) > _MAX_EXCESS_ROWS:
                    break
            if self._excess_rows:
                id, rows = next(iter(self._excess_rows.items()))
                known_rows = [tuple(map(_keyed, copy.values)) for copy in self._by_node[id]]
                raise TooManyCopies(self._by_node[id][0].node, [*known_rows, *rows])

    def _follow_from(self, copy: Copy) -> None:
        if copy.node.ending is not None:
            return
        values = self._values_of(copy)
        self._results = {}
        ids_in_view: set[str] = set()
        for view in copy.path:
            for transition in self._transitions.get(view.node.id, ()):
                if view.node.id not in ids_in_view or not _is_once(transition):
                    self._take(copy, transition, values)
            ids_in_view.add(view.node.id)
        for forward in undecided_forwards(copy.node, values):
            what = f"play that goes on to {forward.target} by itself if {forward.guard}"
            self._lose(forward.where, what, "it cannot be told when; the world offers it as a choice")
            label, guard = f"go on to {forward.target}", self._plan.known_part(forward.guard)
            self._take(copy, MachineTransition("", forward.target, label, guard, where=forward.where), values)

    def _take(self, copy: Copy, transition: MachineTransition, values: dict[str, Value]) -> None:
        known_guard = self._plan.known_part(transition.guard)
        simple_guard = simplified(known_guard, values)
        is_uncertain = known_guard != transition.guard or not is_computable(simple_guard)
        if is_uncertain and not is_false(simple_guard):
            what = f"the condition of {transition.label!r}, {transition.guard}"
            self._lose(transition.where, what, "it cannot be told when it holds; the world offers it whenever it may")
        if is_false(simple_guard):
            return
        # what is required of flags stays, also where a copy tells it: then copies share the event
        others = {name: value for name, value in values.items() if name not in self._plan.flags}
        guard = simplified(known_guard, ChainMap(others, self._held_values))
        target, grants, passed_views = self._result(copy, transition, values)
        copy.moves.append(CopyMove(transition, guard, target, grants, passed_views))

    def _result(self, copy: Copy, transition: MachineTransition, values: dict[str, Value]) -> _Result:
        """Return where a transition leads from a copy, and the flags and the text on the way."""
        if not transition.effects and transition.target in self._results:
            return self._results[transition.target]
        after = dict(values)
        grants = self._arrivals.apply(transition.effects, after)
        if transition.target is None:
            path = [self._arrivals.view(view.node, after) for view in copy.path]
            result = _Result(self._copy(path, after), grants)
        else:
            result = self._arrive(transition.target, after, grants)
        grants = [flag for flag in dict.fromkeys(result.grants) if flag not in self.start_flags]
        result = result._replace(grants=grants)
        if not transition.effects and transition.target is not None:
            self._results[transition.target] = result
        return result

    def _arrive(
        self, id: str, values: dict[str, Value], grants_before: Sequence[str] = (), *, is_told: bool = True
    ) -> _Result:
        path, grants, passed_views = self._arrivals.arrive(id, values, grants_before, is_told=is_told)
        return _Result(self._copy(path, values), grants, passed_views)

    def _copy(self, path: Sequence[NodeView], values: Mapping[str, Value]) -> Copy:
        node = path[-1].node
        live_values: dict[str, Value] = dict.fromkeys(values)
        for view in path:
            live = self._live_variables.get(view.node.id, values)
            live_values |= {name: values[name] for name in live}
        text_values = [(view.node.id, *(_keyed(value) for _, value in view.values)) for view in path[:-1]]
        key = (*text_values, node.id, *map(_keyed, live_values.values()))
        if key not in self._by_key:
            siblings = self._by_node.setdefault(node.id, [])
            if siblings and not self._arrivals.is_on_a_way:
                return siblings[0]  # what play never does must not fill the world with copies
            if len(self.copies) == self._most_copies:
                raise TooManyCopies(node, ())
            if len(siblings) >= self._max_copies:
                self._excess_rows.setdefault(node.id, {})[tuple(map(_keyed, live_values.values()))] = None
                return siblings[0]
            copy = Copy(tuple(path), tuple(live_values.values()))
            siblings.append(copy)
            self.copies.append(copy)
            self._by_key[key] = copy
            self._queue.append(copy)
        return self._by_key[key]

    def _values_of(self, copy: Copy) -> dict[str, Value]:
        return dict(zip(self._plan.copied_names, copy.values, strict=True))

    def _lose(self, where: str, what: str, why: str) -> None:
        self.losses[Loss(where, what, why)] = None


def _is_once(transition: MachineTransition) -> bool:
    """Say whether a transition can be taken once, so that it is one choice also if its node is in view twice."""
    return transition.once or any(effect.name.startswith(CHOICE_PREFIX) for effect in transition.effects)


def _keyed(value: Value) -> Value:
    """Return a value as part of a key: true and 1 differ there."""
    return f"{value} " if isinstance(value, bool) else value
