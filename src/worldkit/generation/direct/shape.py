"""A graph of places that always holds, drawn by a seed: shown to a model as a suggestion, and used to complete a plan.

The places form a tree of ways there and back, or a row for a chapter. What is locked has its key outside of what that
opens, and from every place ways without a key lead back to the first. So a run can go anywhere again, and any other
move may be added to it: whatever it leads to, the way back is open.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Sequence

from worldkit.generation.direct.plan import Ids, MoveOutline
from worldkit.generation.planning.tree import MAX_CHILDREN, PlaceTree

SHAPE_MOVES = MAX_CHILDREN + 1
"""Moves of a place at most, as far as the places have room."""


def draw_shape(ids: Ids, dice: random.Random) -> list[MoveOutline]:
    """Draw a graph of so many places, endings and keys, as moves without words."""
    other_ids = ids.inner[1:]
    last = other_ids[-1]
    parent_numbers = PlaceTree(len(ids.inner), dice).parent[1:]
    parents = {place: ids.inner[number] for place, number in zip(other_ids, parent_numbers, strict=True)}
    # no place lies behind a locked one, so whatever is not there is outside of what its lock closes
    locks = {last: ids.keys[0]}
    ends = [place for place in other_ids if place not in (*parents.values(), last)]
    for key in ids.keys[1 + len(ids.wins) :]:
        if ends:
            locks[ends.pop()] = key
    unlocked_places = [place for place in ids.inner if place not in locks]
    moves: list[MoveOutline] = []
    for place, parent in parents.items():
        moves += [MoveOutline("", parent, place, needs=_needs(locks.get(place))), MoveOutline("", place, parent)]

    def pick(places: Sequence[str]) -> str:
        """Return one of some places, with room for another move where one has it."""
        counts = Counter(move.at for move in moves)
        return dice.choice([place for place in places if counts[place] < SHAPE_MOVES] or list(places))

    moves.append(MoveOutline("", last, ids.wins[0], needs=ids.keys[1:3]))
    first_key_places = [place for place in unlocked_places if place != parents[last]] or unlocked_places
    for key in ids.keys:
        moves.append(MoveOutline("", pick(first_key_places if key == ids.keys[0] else unlocked_places), takes=key))
    for number, win in enumerate(ids.wins[1:], 2):
        moves.append(MoveOutline("", pick(unlocked_places[1:]), win, needs=(ids.keys[number % len(ids.keys)],)))
    for loss in ids.losses:
        moves.append(MoveOutline("", pick(other_ids), loss))
    moves.append(MoveOutline("", pick(unlocked_places)))
    return in_order(ids, moves)


def draw_row(ids: Ids, dice: random.Random) -> list[MoveOutline]:
    """Draw a graph whose places come in order, as the parts of a chapter do, with locked ways and a shortcut back.

    What opens a way lies at most two places before it, and nothing is lost in the first place.
    """
    places, last = ids.inner, len(ids.inner) - 1
    length = dice.choice((2, 3)) if last > 3 else 2
    start = dice.randrange(last - length + 1)
    end = start + length
    # between the ends of the shortcut the ways lead on only, where that leaves a way to be locked
    passed = range(start + 1, end) if last > 2 else range(0)
    # nobody may stand before a lock without a way back to its key
    doors = [number for number in range(1, last) if number not in passed]
    lock_keys = (ids.keys[0], *ids.keys[2:])
    locks = dict(zip(sorted(dice.sample(doors, min(len(doors), len(lock_keys)))), lock_keys, strict=False))
    moves = [MoveOutline("", places[end], places[start])]
    for number in range(last):
        moves.append(MoveOutline("", places[number], places[number + 1], needs=_needs(locks.get(number))))
        if number not in passed and number + 1 not in passed:
            moves.append(MoveOutline("", places[number + 1], places[number]))
    moves += [MoveOutline("", places[last], win, needs=(ids.keys[1],)) for win in ids.wins]
    moves.append(MoveOutline("", places[0]))  # so that the first place is a choice

    def emptiest(numbers: Iterable[int]) -> str:
        """Return a place with the fewest moves out of some."""
        counts = Counter({number: sum(move.at == places[number] for move in moves) for number in numbers})
        fewest = min(counts.values())
        return places[dice.choice([number for number, count in counts.items() if count == fewest])]

    for door, key in {**locks, last: ids.keys[1]}.items():
        moves.append(MoveOutline("", emptiest(range(max(0, door - 2), door)), takes=key))
    spare_keys = [key for key in lock_keys if key not in locks.values()]
    moves += [MoveOutline("", emptiest(range(last)), takes=key) for key in spare_keys]
    for loss in ids.losses:
        moves.append(MoveOutline("", emptiest(range(1, last + 1)), loss))
    counts = Counter(move.at for move in moves)
    return in_order(ids, [*moves, *(MoveOutline("", place) for place in places if counts[place] < 2)])


def _needs(key: str | None) -> tuple[str, ...]:
    return (key,) if key else ()


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
        return f"to {move.to}{' with ' if move.needs else ''}{' and '.join(move.needs)}"
    return f"take {move.takes}" if move.takes else "something to do on the spot"
