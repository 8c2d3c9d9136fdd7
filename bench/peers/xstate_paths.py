"""XState's ``getShortestPaths`` to the endings: the routes alone."""

from __future__ import annotations

from peers import xstate
from peers.game import Game
from peers.outcome import PeerAnswer


def run(game: Game, seconds: float, memory: int) -> PeerAnswer:
    """Ask for the shortest path to every position of every ending."""
    return xstate.run(game, seconds, memory, "paths")
