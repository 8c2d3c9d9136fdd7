"""What anybody writes first: sets of flags in a dictionary, breadth first, then back from the endings."""

from __future__ import annotations

from collections import deque

from peers.game import Game, bits
from peers.outcome import PeerAnswer

Position = tuple[int, frozenset[int]]


def run(game: Game) -> PeerAnswer:
    """Enumerate every position and walk back from the endings."""
    moves = [
        [(m.target, frozenset(bits(m.need)), frozenset(bits(m.gain)), frozenset(bits(m.bar))) for m in state_moves]
        for state_moves in game.moves
    ]
    start: Position = (game.start, frozenset())
    depth = {start: 0}
    before: dict[Position, list[Position]] = {start: []}
    lengths: dict[int, int] = {}
    queue = deque([start])
    while queue:
        position = queue.popleft()
        state, flags = position
        if state in game.endings:
            lengths.setdefault(state, depth[position])
        for target, need, gain, bar in moves[state]:
            if need <= flags and not bar & flags:
                after = target, flags | gain
                if after in depth:
                    before[after].append(position)
                else:
                    depth[after] = depth[position] + 1
                    before[after] = [position]
                    queue.append(after)
    winning = {position for position in depth if position[0] in game.endings}
    queue.extend(winning)
    while queue:
        for position in before[queue.popleft()]:
            if position not in winning:
                winning.add(position)
                queue.append(position)
    return PeerAnswer(len(depth), len(depth) - len(winning), lengths)
