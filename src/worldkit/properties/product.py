"""The product of a world and what properties ask for: every position with the bits of their conditions, as a graph.

Breadth first, so that the first node at which something holds is at the end of a shortest run.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from worldkit.exploration.budget import BudgetSpent, Meter
from worldkit.exploration.components import transitive_closure
from worldkit.exploration.moves import Move
from worldkit.exploration.transition_system import TransitionSystem
from worldkit.properties.bit_conditions import TRUE, BitConditions, Terms, holds
from worldkit.properties.conditions import Available, Condition, Named, parts_of
from worldkit.properties.names import Names

BYTES_PER_NODE = 400
"""About what one node costs, its edges among it."""


@dataclass(frozen=True, eq=False)
class ProductGraph:
    """Every position that runs get into, with the bits of some conditions; node 0 is the beginning.

    Attributes:
        conditions: The conditions as bit tests.
        states: The state of every node.
        bits: The bits of every node.
        parents: From which node a shortest run comes to every node; -1 for the beginning.
        labels: By which move it comes.
        successors: The nodes one step further, by node; none where a run is over or nothing can be done.
        steps: How many steps a shortest run to every node has.
        complete: Whether these are all nodes; otherwise they are the ones with the shortest runs.
    """

    conditions: BitConditions
    states: list[int]
    bits: list[int]
    parents: list[int]
    labels: list[int]
    successors: list[list[tuple[int, int]]]
    steps: list[int]
    complete: bool

    def __len__(self) -> int:
        return len(self.states)

    def truth(self, condition: Condition) -> bytearray:
        """Return for every node whether a condition holds there: 1 or 0."""
        truth = bytearray(len(self.states))
        all_bits, moments = self.bits, self._moments
        for state, nodes in self._nodes_of_state.items():
            terms = self.conditions.terms(condition, state)
            if not terms:
                continue
            common = moments
            for requires, _ in terms:
                common &= requires
            if common:  # it holds only just after something: at few of the state's nodes
                nodes = self._nodes_of_moment.get((state, common & -common), [])
            if terms == TRUE:
                for node in nodes:
                    truth[node] = 1
            elif len(terms) == 1:
                ((requires, forbids),) = terms
                for node in nodes:
                    bits = all_bits[node]
                    if bits & requires == requires and not bits & forbids:
                        truth[node] = 1
            else:
                for node in nodes:
                    if holds(terms, all_bits[node]):
                        truth[node] = 1
        return truth

    @cached_property
    def _moments(self) -> int:
        """All the bits that say what happens at a moment."""
        return self.conditions.moments

    @cached_property
    def _nodes_of_state(self) -> dict[int, list[int]]:
        nodes: dict[int, list[int]] = {}
        for node, state in enumerate(self.states):
            nodes.setdefault(state, []).append(node)
        return nodes

    @cached_property
    def _nodes_of_moment(self) -> dict[tuple[int, int], list[int]]:
        nodes: dict[tuple[int, int], list[int]] = {}
        moments = self._moments
        for node, bits in enumerate(self.bits):
            now = bits & moments
            while now:
                nodes.setdefault((self.states[node], now & -now), []).append(node)
                now &= now - 1
        return nodes

    def run_to(self, node: int) -> list[int]:
        """Return the labels of a shortest run to a node."""
        labels = []
        while self.parents[node] >= 0:
            labels.append(self.labels[node])
            node = self.parents[node]
        return labels[::-1]

    @cached_property
    def predecessors(self) -> list[list[int]]:
        """The nodes one step before, by node."""
        before: list[list[int]] = [[] for _ in self.states]
        for node, successors in enumerate(self.successors):
            for after, _ in successors:
                before[after].append(node)
        return before

    def can_reach(self, goals: bytearray) -> bytearray:
        """Return for every node whether some run goes on from it to a goal: ``EF goals``."""
        before = self.predecessors
        reached = bytearray(goals)
        queue = [node for node, is_goal in enumerate(goals) if is_goal]
        while queue:
            for node in before[queue.pop()]:
                if not reached[node]:
                    reached[node] = 1
                    queue.append(node)
        return reached


def build_product(
    system: TransitionSystem,
    names: Names,
    conditions: Iterable[Condition],
    meter: Meter,
    most_nodes: int,
    *,
    exact_uses: bool,
) -> ProductGraph:
    """Return the product of a world and some conditions.

    Args:
        system: The world as a transition system.
        names: What names stand for.
        conditions: The conditions; all their names have their kinds.
        meter: The clock.
        most_nodes: How many nodes to build at most.
        exact_uses: Count every use of a one-shot. Otherwise those that stay, grant what is held by then and are not
            asked for can be repeated, which no property without a count of steps tells apart.
    """
    conditions = list(conditions)
    asked = frozenset(name for condition in conditions for name in events_in(condition))
    out = exact_moves(system, None if exact_uses else asked)
    used = max((move.sets.bit_length() for moves in out for move in moves), default=0)
    tests = BitConditions(names, system, out, max(used, system.width))
    for condition in conditions:
        tests.prepare(condition)
    return _Builder(system, tests, out, meter, most_nodes).build()


def exact_moves(system: TransitionSystem, events: Collection[str] | None) -> list[list[Move]]:
    """Return the moves of every state, with a bit for every one-shot whose use makes a difference.

    The transition system leaves out uses that cannot change what can be reached. They change which states a run
    passes, how many steps it has and which events it fires, so most of them get their bits back here.

    Args:
        system: The system.
        events: The events that are asked for; None to track every use.
    """
    actions = system.table.actions
    if not any(action.one_shot for action in actions):
        return [list(moves) for moves in system.out]
    later = transitive_closure([[move.target for move in moves] for moves in system.out])
    extra: dict[int, int] = {}
    again: dict[int, None] = {}
    for moves in system.out:
        for move in moves:
            if move.label < 0 or move.forbids or not actions[move.label].one_shot:
                continue
            action = actions[move.label]
            if action.opens_console or (events is not None and action.target is None and action.name not in events):
                continue
            again[move.label] = None
    sources: dict[int, int] = {}
    targets: dict[int, int] = {}
    for state, moves in enumerate(system.out):
        for move in moves:
            if move.label in again:
                sources[move.label] = sources.get(move.label, 0) | 1 << state
                targets[move.label] = targets.get(move.label, 0) | later[move.target]
    width = system.width
    for label in again:
        if targets[label] & sources[label]:
            extra[label] = 1 << width
            width += 1
    return [
        [
            move._replace(sets=move.sets | extra[move.label], forbids=extra[move.label])
            if move.label in extra
            else move
            for move in moves
        ]
        for moves in system.out
    ]


class _Builder:
    """Builds a product graph; the loops are one method each, and everything they use is at hand."""

    def __init__(
        self, system: TransitionSystem, tests: BitConditions, out: list[list[Move]], meter: Meter, most_nodes: int
    ) -> None:
        self._system = system
        self._tests = tests
        self._meter = meter
        self._most = most_nodes
        momentary = 0
        for bit in tests.momentary.values():
            momentary |= bit
        self._lasting = ~momentary
        self._moves = [
            [(m.target, m.requires, m.forbids, m.sets | tests.observed(m), m.label) for m in moves] for moves in out
        ]
        self._onces = [list(self._once_tests(state)) for state in range(len(out))]

    def _once_tests(self, state: int) -> Iterator[tuple[Terms, int]]:
        for once, bit in self._tests.once.items():
            terms = self._tests.terms(once.part, state)
            if terms:
                yield terms, bit

    def build(self) -> ProductGraph:
        system, moves_of, onces, lasting = self._system, self._moves, self._onces, self._lasting
        start_bits = system.mask
        for terms, bit in onces[system.start]:
            if holds(terms, start_bits):
                start_bits |= bit
        count = len(system.states)
        numbers = {start_bits * count + system.start: 0}
        states, all_bits = [system.start], [start_bits]
        parents, labels, steps = [-1], [0], [0]
        successors: list[list[tuple[int, int]]] = []
        complete = True
        node = 0
        while node < len(states):
            state, bits = states[node], all_bits[node]
            held = bits & lasting
            edges: list[tuple[int, int]] = []
            for target, requires, forbids, sets, label in moves_of[state]:
                if bits & requires == requires and not bits & forbids:
                    after = held | sets
                    for terms, bit in onces[target]:
                        if not after & bit and holds(terms, after):
                            after |= bit
                    key = after * count + target
                    number = numbers.get(key)
                    if number is None:
                        number = numbers[key] = len(states)
                        states.append(target)
                        all_bits.append(after)
                        parents.append(node)
                        labels.append(label)
                        steps.append(steps[node] + 1)
                    edges.append((number, label))
            successors.append(edges)
            node += 1
            if not node & 1023:
                try:
                    self._meter.tick()
                except BudgetSpent:
                    complete = node == len(states)
                    break
                if len(states) > self._most:
                    complete = node == len(states)
                    break
        successors += [[] for _ in range(len(states) - len(successors))]
        return ProductGraph(self._tests, states, all_bits, parents, labels, successors, steps, complete)


def events_in(condition: Condition) -> Iterator[str]:
    """Yield the events that a condition asks for."""
    if isinstance(condition, Available) or (isinstance(condition, Named) and condition.kind == "event"):
        yield condition.name
    for part in parts_of(condition):
        yield from events_in(part)
