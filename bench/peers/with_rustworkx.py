"""rustworkx: the same graph in Rust; the search that finds its edges stays in Python."""

from __future__ import annotations

import rustworkx as rx

from peers.game import Game
from peers.graph import edges
from peers.outcome import PeerAnswer


def run(game: Game) -> PeerAnswer:
    """Build the graph with one more node that every ending leads to; its ancestors are the winning positions."""
    number: dict[int, int] = {game.start << game.width: 0}
    pairs = [(number[before], number.setdefault(after, len(number))) for before, after in edges(game)]
    graph = rx.PyDiGraph(multigraph=False)
    graph.add_nodes_from(range(len(number)))
    graph.add_edges_from_no_data(pairs)
    end = graph.add_node(None)
    graph.add_edges_from_no_data(
        [(node, end) for position, node in number.items() if position >> game.width in game.endings]
    )
    return PeerAnswer(len(number), len(number) - len(rx.ancestors(graph, end)))
