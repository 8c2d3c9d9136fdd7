"""A world as a game: numbered actions, the points a play can be at, and where each action leads from a point.

Everything is read off ``simulation``'s graph, which is compiled from the stepper's own table. A point is a position,
and where something fires by itself also how long the state has been stood in.
"""

from __future__ import annotations

from typing import NamedTuple

from worldkit.core.document import derived
from worldkit.editing.naming import unused_name
from worldkit.playing.position import Position
from worldkit.playing.session import Session
from worldkit.playing.session_view import run_of
from worldkit.playing.transition_table import SequenceAction
from worldkit.simulation.chain import Point, clock_limits, first_point, successors
from worldkit.simulation.sim_graph import SimGraph
from worldkit.world import World

WAIT, FORWARD = "wait", "forward"
"""The actions that let time pass: until something fires by itself, and with forward held, until a waypoint."""

MAX_STEPS = 200
"""After how many steps an episode is truncated, unless it is said otherwise."""

MOST_POSITIONS = 100_000
"""How many points are listed, unless it is said otherwise."""

MAX_CACHED_MOVES = 1_000_000
"""So many moves are kept, of about 400 bytes each; others are worked out again."""


class ActionMove(NamedTuple):
    """What an action does at a point.

    Attributes:
        point: The point after it.
        edge: The edge of the graph it takes.
        idle_ms: How long is waited before the edge is taken.
        is_forward: Forward is held meanwhile.
    """

    point: Point
    edge: int
    idle_ms: int
    is_forward: bool


class Game:
    """A world, ready to be played by number.

    Attributes:
        graph: The simulation graph.
        actions: The name of each action: what can be pressed somewhere, in world order, sequences next; then ``wait``
            and ``forward``, where something fires by itself: ``wait_2`` where an event is called ``wait``. An event
            that no player can press is left out.
        start: The point at which every play begins.

    Raises:
        InvalidWorld: The world has no states.
    """

    def __init__(self, world: World) -> None:
        self.world: World = world
        self.graph: SimGraph = SimGraph(world, Session(world).position)
        self.start: Point = first_point(self.graph)
        self._limits = clock_limits(self.graph)
        button_names = _pressable_names(self.graph)
        self._index = {name: number for number, name in enumerate(button_names)}
        wait_names = [unused_name(name, self._index) for name in (WAIT, FORWARD) if self.graph.timed_edges]
        self.actions: tuple[str, ...] = (*button_names, *wait_names)
        self._moves: dict[Point, dict[int, ActionMove]] = {}
        self._cached_count = 0

    def moves(self, point: Point) -> dict[int, ActionMove]:
        """Return what can be done at a point, by the number of the action; nothing in an ending."""
        moves = self._moves.get(point)
        if moves is None:
            moves = self._find_moves(point)
            self._cached_count += len(moves) + 1
            if self._cached_count > MAX_CACHED_MOVES:
                self._moves.clear()
                self._cached_count = len(moves) + 1
            self._moves[point] = moves
        return moves

    def _find_moves(self, point: Point) -> dict[int, ActionMove]:
        if point[0] in self.graph.endings:
            return {}
        moves: dict[int, ActionMove] = {}
        for after, number, idle_ms, is_forward, _ in successors(self.graph, point, self._limits):
            edge = self.graph.edges[number]
            action = self._index[edge.name] if edge.by == "player" else len(self._index) + is_forward
            moves[action] = ActionMove(after, number, idle_ms, is_forward)
        return moves

    def position(self, point: Point) -> Position:
        """Return the position of a point."""
        return self.graph.position(point[0], point[1])

    def ending(self, point: Point) -> str:
        """Return ``"win"`` or ``"lose"``, as the ending of a point says; empty where play goes on."""
        state = self.graph.states[point[0]]
        ending = self.graph.table.endings.get(state)
        return "" if ending is None else ending.kind

    def play(self, session: Session, move: ActionMove) -> None:
        """Make a move in a session that stands at the point before it."""
        edge = self.graph.edges[move.edge]
        if edge.by == "player":
            session.fire(edge.name)
        else:
            run_of(session).pass_time(move.idle_ms, move.is_forward, max_firings=1)


def game_of(world: World) -> Game:
    """Return a world as a game; compiled once, and kept with the world."""
    return derived(world, "_game", Game)


def _pressable_names(graph: SimGraph) -> list[str]:
    edges = [graph.edges[number] for own in graph.pressed_edges for number in own]
    names = {edge.name for edge in edges if edge.pressable}
    sequences = [edge.name for edge in edges if isinstance(edge.what, SequenceAction)]
    return list(dict.fromkeys([*(action.name for action in graph.table.actions if action.name in names), *sequences]))
