"""networkx: the graph of positions, and the ancestors of all endings in it."""

from __future__ import annotations

import networkx as nx

from peers.game import Game
from peers.graph import edges
from peers.outcome import PeerAnswer

END = -1


def run(game: Game) -> PeerAnswer:
    """Build the graph with one more node that every ending leads to; its ancestors are the winning positions."""
    graph = nx.DiGraph()
    first = game.start << game.width
    graph.add_node(first)
    graph.add_edges_from(edges(game))
    positions = len(graph)
    graph.add_node(END)
    graph.add_edges_from((node, END) for node in list(graph) if node != END and node >> game.width in game.endings)
    return PeerAnswer(positions, positions - len(nx.ancestors(graph, END)))
