"""The product of a world and what properties ask for: every position with the bits of their conditions, as a graph.

Breadth first, so that the first node at which something holds is at the end of a shortest run.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from worldkit.exploration.budget import BudgetSpent, Meter
from worldkit.exploration.components import transitive_closure
from worldkit.exploration.moves import SearchMove
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
        is_complete: Whether these are all nodes; otherwise they are the ones with the shortest runs.
    """

    conditions: BitConditions
    states: list[int]
    bits: list[int]
    parents: list[int]
    labels: list[int]
    successors: list[list[tuple[int, int]]]
    steps: list[int]
    is_complete: bool

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
            remaining_bits = bits & moments
            while remaining_bits:
                nodes.setdefault((self.states[node], remaining_bits & -remaining_bits), []).append(node)
                remaining_bits &= remaining_bits - 1
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
            for successor, _ in successors:
                before[successor].append(node)
        return before

    def can_reach(self, goals: bytearray) -> bytearray:
        """Return for every node whether some run goes on from it to a goal: ``EF goals``."""
        predecessors = self.predecessors
        reaches_goal = bytearray(goals)
        queue = [node for node, is_goal in enumerate(goals) if is_goal]
        while queue:
            for node in predecessors[queue.pop()]:
                if not reaches_goal[node]:
                    reaches_goal[node] = 1
                    queue.append(node)
        return reaches_goal


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
        most_nodes: How many nodes to build at most.
        exact_uses: Count every use of a one-shot. Otherwise those that stay, grant what is held by then and are not
            asked for can be repeated, which only a property tells apart that counts steps or asks for a later moment.
    """
    conditions = list(conditions)
    event_names = frozenset(name for condition in conditions for name in events_in(condition))
    out = exact_moves(system, None if exact_uses else event_names)
    move_width = max((move.sets.bit_length() for moves in out for move in moves), default=0)
    tests = BitConditions(names, system, out, max(move_width, system.width))
    for condition in conditions:
        tests.prepare(condition)
    return _Builder(system, tests, out, meter, most_nodes).build()


def exact_moves(system: TransitionSystem, events: Collection[str] | None) -> list[list[SearchMove]]:
    """Return the moves of every state, with a bit for every one-shot whose use makes a difference.

    The transition system leaves out uses that cannot change what can be reached. They change which states a run
    passes, how many steps it has and which events it fires, so most of them get their bits back here.

    Args:
        events: The events that are asked for; None to track every use.
    """
    actions = system.table.actions
    if not any(action.one_shot for action in actions):
        return [list(moves) for moves in system.moves]
    reachable_states = transitive_closure([[move.target for move in moves] for moves in system.moves])
    use_bits: dict[int, int] = {}
    repeatable_labels: dict[int, None] = {}
    for moves in system.moves:
        for move in moves:
            if move.label < 0 or move.forbids or not actions[move.label].one_shot:
                continue
            action = actions[move.label]
            if action.opens_console or (events is not None and action.target is None and action.name not in events):
                continue
            repeatable_labels[move.label] = None
    sources: dict[int, int] = {}
    targets: dict[int, int] = {}
    for state, moves in enumerate(system.moves):
        for move in moves:
            if move.label in repeatable_labels:
                sources[move.label] = sources.get(move.label, 0) | 1 << state
                targets[move.label] = targets.get(move.label, 0) | reachable_states[move.target]
    width = system.width
    for label in repeatable_labels:
        if targets[label] & sources[label]:
            use_bits[label] = 1 << width
            width += 1
    return [
        [
            move._replace(sets=move.sets | use_bits[move.label], forbids=use_bits[move.label])
            if move.label in use_bits
            else move
            for move in moves
        ]
        for moves in system.moves
    ]


class _Builder:
    """Builds a product graph; the loops are one method each, and everything they use is at hand."""

    def __init__(
        self, system: TransitionSystem, tests: BitConditions, out: list[list[SearchMove]], meter: Meter, most_nodes: int
    ) -> None:
        self._system = system
        self._tests = tests
        self._meter = meter
        self._most_nodes = most_nodes
        momentary = 0
        for bit in tests.momentary.values():
            momentary |= bit
        self._lasting_mask = ~momentary
        self._moves = [
            [
                (move.target, move.requires, move.forbids, move.sets | tests.momentary_bits(move), move.label)
                for move in moves
            ]
            for moves in out
        ]
        self._once_conditions = [list(self._once_tests(state)) for state in range(len(out))]

    def _once_tests(self, state: int) -> Iterator[tuple[Terms, int]]:
        for once_condition, bit in self._tests.once_bits.items():
            terms = self._tests.terms(once_condition.part, state)
            if terms:
                yield terms, bit

    def build(self) -> ProductGraph:
        system, moves_of, once_conditions, lasting_mask = (
            self._system,
            self._moves,
            self._once_conditions,
            self._lasting_mask,
        )
        start_bits = system.mask
        for terms, bit in once_conditions[system.start]:
            if holds(terms, start_bits):
                start_bits |= bit
        count = len(system.states)
        node_numbers = {start_bits * count + system.start: 0}
        states, all_bits = [system.start], [start_bits]
        parents, labels, steps = [-1], [0], [0]
        successors: list[list[tuple[int, int]]] = []
        complete = True
        node = 0
        while node < len(states):
            state, bits = states[node], all_bits[node]
            lasting_bits = bits & lasting_mask
            edges: list[tuple[int, int]] = []
            for target, requires, forbids, sets, label in moves_of[state]:
                if bits & requires == requires and not bits & forbids:
                    bits_after = lasting_bits | sets
                    for terms, bit in once_conditions[target]:
                        if not bits_after & bit and holds(terms, bits_after):
                            bits_after |= bit
                    key = bits_after * count + target
                    number = node_numbers.get(key)
                    if number is None:
                        number = node_numbers[key] = len(states)
                        states.append(target)
                        all_bits.append(bits_after)
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
                if len(states) > self._most_nodes:
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
