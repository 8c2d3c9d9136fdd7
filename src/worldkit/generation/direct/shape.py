"""A graph of places that always holds, drawn by a seed: shown to a model as a suggestion, and used to complete a plan.

The places form a tree of ways there and back. The last one is locked, its key and the one that the ending needs lie
outside of what they open, and from every place ways without a key lead back to the first. So a run can go anywhere
again, and any other move may be added to it: whatever it leads to, the way back is open.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

from worldkit.generation.direct.plan import Ids, MoveOutline

SHAPE_MOVES = 4
"""Moves of a place at most, as far as the places have room."""


def draw_shape(ids: Ids, dice: random.Random) -> list[MoveOutline]:
    """Draw a graph of so many places, endings and keys, as moves without words."""
    first, *other_ids = ids.inner
    last = other_ids[-1]
    parents = dict.fromkeys(other_ids[:2], first)
    for number in range(2, len(other_ids)):
        # late places hang on late ones, so that a large world is deep as well as broad
        candidates = ([first, *other_ids])[max(0, number - 3) : number + 1]
        child_counts = Counter(parents.values())
        # one of three places in a row has room: together they have at most two places behind them
        roomy = [place for place in candidates if child_counts[place] < SHAPE_MOVES - 1]
        parents[other_ids[number]] = dice.choice(roomy)
    # no place lies behind a locked one, so whatever is not there is outside of what its lock closes
    locks = {last: ids.keys[0]}
    ends = [place for place in other_ids if place not in (*parents.values(), last)]
    for key in ids.keys[1 + len(ids.wins) :]:
        if ends:
            locks[ends.pop()] = key
    unlocked_places = [place for place in ids.inner if place not in locks]
    moves: list[MoveOutline] = []
    for place, parent in parents.items():
        moves += _there_and_back(parent, place, locks.get(place))

    def pick(places: Sequence[str]) -> str:
        """Return one of some places, with room for another move where one has it."""
        counts = Counter(move.at for move in moves)
        return dice.choice([place for place in places if counts[place] < SHAPE_MOVES] or list(places))

    moves.append(MoveOutline("", last, ids.wins[0], needs=ids.keys[1]))
    first_key_places = [place for place in unlocked_places if place != parents[last]] or unlocked_places
    for key in ids.keys:
        moves.append(MoveOutline("", pick(first_key_places if key == ids.keys[0] else unlocked_places), takes=key))
    for number, win in enumerate(ids.wins[1:], 2):
        moves.append(MoveOutline("", pick(unlocked_places[1:]), win, needs=ids.keys[number % len(ids.keys)]))
    for loss in ids.losses:
        moves.append(MoveOutline("", pick(other_ids), loss))
    moves.append(MoveOutline("", pick(unlocked_places)))
    return in_order(ids, moves)


def draw_row(ids: Ids, dice: random.Random) -> list[MoveOutline]:
    """Draw a graph whose places come in order, as the parts of a chapter do: a row there and back, with a lock."""
    places = ids.inner
    locked_number = dice.randrange(2, len(places))
    moves: list[MoveOutline] = []
    for number, (before, place) in enumerate(pairwise(places), 1):
        moves += _there_and_back(before, place, ids.keys[0] if number == locked_number else None)
    # what opens the way lies before it; the first place is a choice because something can be lost there
    moves.append(MoveOutline("", dice.choice(places[: locked_number - 1]), takes=ids.keys[0]))
    moves += [MoveOutline("", dice.choice(places[:-1]), takes=key) for key in ids.keys[1:]]
    moves += [MoveOutline("", places[-1], win, needs=ids.keys[1]) for win in ids.wins]
    moves += [
        MoveOutline("", dice.choice(places[1:]) if number else places[0], loss)
        for number, loss in enumerate(ids.losses)
    ]
    moves.append(MoveOutline("", dice.choice(places)))
    return in_order(ids, moves)


def _there_and_back(start: str, place: str, key: str | None) -> list[MoveOutline]:
    return [MoveOutline("", start, place, needs=key), MoveOutline("", place, start)]


def in_order(ids: Ids, moves: Iterable[MoveOutline]) -> list[MoveOutline]:
    """Return moves in the order of the places where they are offered."""
    return sorted(moves, key=lambda move: ids.inner.index(move.at))


def keeps_order(ids: Ids, move: MoveOutline) -> bool:
    """Say whether a move leaves out no place of a row: it leads back, one on, or, from the last, to a win."""
    if move.to in ids.inner:
        return ids.inner.index(move.to) <= ids.inner.index(move.at) + 1
    return move.to not in ids.wins or move.at == ids.inner[-1]


def graph_text(moves: Sequence[MoveOutline], inner: Sequence[str]) -> str:
    """Return a graph in words, for a question to a model."""
    return "; ".join(f"{place}: {', '.join(_purpose(move) for move in moves if move.at == place)}" for place in inner)


def _purpose(move: MoveOutline) -> str:
    if move.to:
        return f"to {move.to}{f' with {move.needs}' if move.needs else ''}"
    return f"take {move.takes}" if move.takes else "something to do on the spot"
