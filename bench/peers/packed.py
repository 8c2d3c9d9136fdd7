"""The same by a careful programmer: a position is one integer, and no graph is kept."""

from __future__ import annotations

from peers.game import Game
from peers.outcome import Found


def run(game: Game) -> Found:
    """Enumerate every position; then strike out those that lead to an ending, until a sweep finds no more."""
    width = game.width
    low = (1 << width) - 1
    moves = [[(m.target << width, m.need, m.gain, m.bar) for m in here] for here in game.moves]
    order = [game.start << width]
    seen = set(order)
    lengths: dict[int, int] = {}
    steps, layer = 0, list(order)
    while layer:
        after = []
        for position in layer:
            state, held = position >> width, position & low
            if state in game.endings:
                lengths.setdefault(state, steps)
            for target, need, gain, bar in moves[state]:
                if held & need == need and not held & bar:
                    made = target | held | gain
                    if made not in seen:
                        seen.add(made)
                        after.append(made)
        order += after
        layer = after
        steps += 1
    left = {position for position in order if position >> width not in game.endings}
    found = True
    while found:
        found = False
        for position in reversed(order):
            if position in left:
                held = position & low
                for target, need, gain, bar in moves[position >> width]:
                    if held & need == need and not held & bar and (target | held | gain) not in left:
                        left.discard(position)
                        found = True
                        break
    return Found(len(order), len(left), lengths)
