"""The same by a careful programmer: a position is one integer, and no graph is kept."""

from __future__ import annotations

from peers.game import Game
from peers.outcome import PeerAnswer


def run(game: Game) -> PeerAnswer:
    """Enumerate every position; then strike out those that lead to an ending, until a sweep finds no more."""
    width = game.width
    low = (1 << width) - 1
    moves = [[(m.target << width, m.need, m.gain, m.bar) for m in state_moves] for state_moves in game.moves]
    order = [game.start << width]
    visited = set(order)
    lengths: dict[int, int] = {}
    steps, layer = 0, list(order)
    while layer:
        after = []
        for position in layer:
            state, flags = position >> width, position & low
            if state in game.endings:
                lengths.setdefault(state, steps)
            for target, need, gain, bar in moves[state]:
                if flags & need == need and not flags & bar:
                    successor = target | flags | gain
                    if successor not in visited:
                        visited.add(successor)
                        after.append(successor)
        order += after
        layer = after
        steps += 1
    remaining = {position for position in order if position >> width not in game.endings}
    has_changed = True
    while has_changed:
        has_changed = False
        for position in reversed(order):
            if position in remaining:
                flags = position & low
                for target, need, gain, bar in moves[position >> width]:
                    if flags & need == need and not flags & bar and (target | flags | gain) not in remaining:
                        remaining.discard(position)
                        has_changed = True
                        break
    return PeerAnswer(len(order), len(remaining), lengths)
