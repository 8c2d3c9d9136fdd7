"""The edges between positions, found breadth first: what a graph library is given."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from peers.game import Game


def edges(game: Game) -> Iterator[tuple[int, int]]:
    """Yield every edge; a position is its state above its bits, in one integer."""
    width = game.width
    low = (1 << width) - 1
    moves = [[(m.target << width, m.need, m.gain, m.bar) for m in state_moves] for state_moves in game.moves]
    first = game.start << width
    visited = {first}
    queue = deque([first])
    while queue:
        position = queue.popleft()
        flags = position & low
        for target, need, gain, bar in moves[position >> width]:
            if flags & need == need and not flags & bar:
                after = target | flags | gain
                yield position, after
                if after not in visited:
                    visited.add(after)
                    queue.append(after)
