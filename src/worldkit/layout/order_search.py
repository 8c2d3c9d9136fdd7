"""Looks for the drawing with the fewest flaws among several layerings of a graph, orders and folds.

On small maps what is compared is what is seen: the routed lines that cross, and how large the cards are when all are in
view. All limits are numbers of edges or of drawings, never times, so a graph always gives the same drawing.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from operator import itemgetter

from worldkit.layout.column_folding import cut_edges, fold, foldings, max_column_height, split_tall_columns
from worldkit.layout.crossings import Edge, count_crossings, count_path_crossings
from worldkit.layout.layers import Edges, by_distance, undirected_distance
from worldkit.layout.long_edges import LongEdgeOrder
from worldkit.layout.measures import CARD_H, CARD_W, PITCH_Y, Position
from worldkit.layout.routing import new_routes
from worldkit.layout.row_order import Neighbours, assign_heights
from worldkit.layout.straightening import straighten

_PASSING_PITCH = 24  # the height that an edge takes in a column that it passes
_MANY_EDGES = 450  # with more, the order of the columns is not improved further,
_MANY_SPARSE_EDGES = 1_500  # or with so many where there are few for each card: dense maps stay tangled in any order
_SPARSE_EDGES_PER_CARD = 1.5  # edges for each card
_FEW_EDGES = 160  # with so many at most, several folds are compared, and lines as they are routed
_MAX_ROUTED_DRAWINGS = 8  # drawings, for each graph
_START_SHARE = 0.5  # of the usual number of orders to start from, where lines are routed instead
_MAX_COLUMN_HEIGHT_RATIO = 1.5  # times the usual height of a column, where that saves crossings

# what counts as much as a crossing of routed lines, measured on maps of rooms and branching stories
_STRAIGHT_CROSSING_COST = 0.5
_WAY_BACK_COST = 0.5
_SHRINKING_COST = 0.12  # for each edge, when all becomes smaller by a factor of e
# the same before lines are routed
_EDGE_IN_COLUMN_COST = 1.5
_CUT_EDGE_COST = 0.7

_MIN_ZOOM_RATIO = 0.6  # of the usual zoom
_VIEW = (848, 560)  # the size in pixels of a map in a notebook


@dataclass(frozen=True, slots=True)
class ColumnOrder:
    """A graph in columns that are not folded.

    Attributes:
        columns: Its nodes by column, in order from above.
        heights: The y of every node.
        crossings: How many edges cross from column to column.
    """

    columns: list[list[int]]
    heights: Mapping[int, float]
    crossings: int = 0


@dataclass(frozen=True, slots=True)
class LayeredGraph:
    """A graph that a root reaches, in layers.

    Attributes:
        successors: Successors of every node.
        distance: The distance of each node from the root.
        neighbours: Neighbours of each node, either direction; others are ignored.
        layers: Its nodes in layers, ordered by barycentres.
    """

    successors: Edges
    distance: Mapping[int, int]
    neighbours: Neighbours
    layers: list[list[int]]


def sketch(graph: LayeredGraph, sweeps: int) -> ColumnOrder:
    """Return a graph in columns of the usual height.

    Args:
        sweeps: The number of passes in which heights are assigned.
    """
    columns = split_tall_columns(graph.layers)
    return ColumnOrder(columns, assign_heights(columns, graph.neighbours, _pitch, sweeps))


def best_positions(
    graph: LayeredGraph, first: ColumnOrder, max_columns: int | None, sweeps: int
) -> dict[int, Position]:
    """Return the positions of nodes in the drawing with the fewest flaws that is looked at.

    Args:
        first: Its usual sketch.
        max_columns: How many columns a band has at most; None for as many as make a good shape.
        sweeps: The number of passes in which heights are assigned.
    """
    usual = fold_as_usual(graph, first, max_columns)
    many_edges = max(_MANY_EDGES, min(_MANY_SPARSE_EDGES, int(_SPARSE_EDGES_PER_CARD * len(graph.successors))))
    if sum(map(len, graph.successors.values())) > 2 * many_edges:
        return usual
    directed_edges: dict[Edge, Edge] = {}
    for node, successors in graph.successors.items():
        for successor in successors:
            directed_edges.setdefault((min(node, successor), max(node, successor)), (node, successor))
    edges = sorted(directed_edges)
    if len(edges) <= _FEW_EDGES:
        return _best_routed(graph, edges, [*directed_edges.values()], first, usual, max_columns, sweeps)
    if len(edges) > many_edges or not count_crossings(edges, usual):
        return usual
    drawings = [usual]
    for other in _sketches(graph, edges, first.columns, sweeps):
        plain = ColumnOrder(other.columns, assign_heights(other.columns, graph.neighbours, _pitch, sweeps))
        drawings += [fold_as_usual(graph, plain, max_columns), fold_as_usual(graph, other, max_columns)]
    return min(
        drawings, key=lambda positions: count_crossings(edges, positions) + _ways_back(graph.successors, positions)
    )


def fold_as_usual(graph: LayeredGraph, own: ColumnOrder, max_columns: int | None) -> dict[int, Position]:
    """Return the positions of nodes in a sketch, folded so that it has a good shape.

    Args:
        own: A sketch of it.
        max_columns: How many columns a band has at most; None for as many as make a good shape.
    """
    return fold(own.columns, own.heights, next(foldings(own.columns, own.heights, graph.successors, max_columns)))


def _best_routed(
    graph: LayeredGraph,
    edges: list[Edge],
    directed_edges: list[Edge],
    first: ColumnOrder,
    usual: dict[int, Position],
    max_columns: int | None,
    sweeps: int,
) -> dict[int, Position]:
    """Return the best drawing of a small graph; lines are routed in those that are likely to be good."""
    best, crossings = usual, _routed_crossings(directed_edges, usual)
    if not crossings and not count_crossings(edges, usual):
        return usual
    fewest_flaws = crossings + _other_flaws(graph.successors, edges, usual)
    drawings: list[tuple[float, dict[int, Position]]] = []
    smallest = _MIN_ZOOM_RATIO * _zoom(usual)
    for other in _sketches(graph, edges, first.columns, sweeps):
        column_of = {node: index for index, column in enumerate(other.columns) for node in column}
        in_column = sum(column_of[a] == column_of[b] for a, b in edges)
        cuts = cut_edges(other.columns, graph.successors)
        for bands in foldings(other.columns, other.heights, graph.successors, max_columns):
            positions = straighten(fold(other.columns, other.heights, bands), graph.neighbours)
            if _zoom(positions) < smallest:
                continue
            edges_cut = sum(cuts[start] for start, _ in bands[1:])
            estimate = other.crossings + _EDGE_IN_COLUMN_COST * in_column + _CUT_EDGE_COST * edges_cut
            back = _WAY_BACK_COST * _ways_back(graph.successors, positions)
            drawings.append((estimate + back + _smallness(edges, positions), positions))
    drawings.sort(key=itemgetter(0))
    for _, positions in drawings[:_MAX_ROUTED_DRAWINGS]:
        flaws = _other_flaws(graph.successors, edges, positions)
        if flaws < fewest_flaws and (flaws := flaws + _routed_crossings(directed_edges, positions)) < fewest_flaws:
            best, fewest_flaws = positions, flaws
    return best


def _sketches(graph: LayeredGraph, edges: list[Edge], columns: list[list[int]], sweeps: int) -> Iterator[ColumnOrder]:
    """Yield the graph in several layerings, each in the order with the fewest crossings that is met."""
    for layering in _layerings(graph, columns):
        order = LongEdgeOrder(layering, edges)
        order.improve(_START_SHARE if len(edges) <= _FEW_EDGES else 1.0)
        adjacent = {
            node: [*order.left_neighbours[node], *order.right_neighbours[node]] for node in order.left_neighbours
        }
        heights = assign_heights(order.columns, adjacent, _pitch, sweeps)
        yield ColumnOrder(
            [[node for node in column if node >= 0] for column in order.columns], heights, order.crossings
        )


def _layerings(graph: LayeredGraph, columns: list[list[int]]) -> list[list[list[int]]]:
    """Return some ways to distribute the nodes to columns, from which an order with fewer crossings may come."""
    layerings = [columns]
    undirected_distances = undirected_distance(graph.neighbours, graph.distance)
    for layering in (graph.layers, by_distance(graph.distance), by_distance(undirected_distances)):
        if max(map(len, layering)) > _MAX_COLUMN_HEIGHT_RATIO * max_column_height(len(graph.distance)):
            layering = split_tall_columns(layering)
        if layering not in layerings:
            layerings.append(layering)
    return layerings


def _pitch(node: int) -> float:
    return PITCH_Y if node >= 0 else _PASSING_PITCH


# ---- flaws -------------------------------------------------------------------------------------


def _other_flaws(out: Edges, edges: list[Edge], positions: Mapping[int, Position]) -> float:
    """Return how many flaws a drawing has besides the crossings of routed lines."""
    straight = _STRAIGHT_CROSSING_COST * count_crossings(edges, positions)
    return straight + _WAY_BACK_COST * _ways_back(out, positions) + _smallness(edges, positions)


def _routed_crossings(directed_edges: list[Edge], positions: Mapping[int, Position]) -> int:
    """Return how many lines cross as they are routed around cards, one for each pair of nodes."""
    cards = {str(node): position for node, position in positions.items()}
    routes = new_routes(cards, [(str(source), str(target)) for source, target in directed_edges])
    return count_path_crossings((edge, route.path.corners) for edge, route in zip(directed_edges, routes, strict=True))


def _ways_back(out: Edges, positions: Mapping[int, Position]) -> int:
    """Return how many lines lead back although nothing leads the other way."""
    return sum(
        positions[successor][:1] < positions[node][:1] and node not in out[successor]
        for node, successors in out.items()
        for successor in successors
    )


def _smallness(edges: list[Edge], positions: Mapping[int, Position]) -> float:
    """Return what it counts that all is smaller than natural size, or larger, when it is in view."""
    return -_SHRINKING_COST * len(edges) * math.log(_zoom(positions))


def _zoom(positions: Mapping[int, Position]) -> float:
    width = max(x for x, _ in positions.values()) - min(x for x, _ in positions.values()) + CARD_W
    height = max(y for _, y in positions.values()) - min(y for _, y in positions.values()) + CARD_H
    return min(_VIEW[0] / width, _VIEW[1] / height)
