"""A graph of places that always holds, drawn by a seed: shown to a model as a suggestion, and used to complete a plan.

The places form a tree of ways there and back. The last one is locked, its key and the one that the ending needs lie
outside of what they open, and from every place ways without a key lead back to the first. So a run can go anywhere
again, and any other move may be added to it: whatever it leads to, the way back is open.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from worldkit.generation.direct.plan import Ids, Kind


@dataclass(frozen=True, slots=True)
class ShapeEdge:
    """A move without words.

    Attributes:
        kind: What it is for.
        at, to: Where it is offered and where it leads; None when it stays.
        key: What is taken, or needed.
    """

    kind: Kind
    at: str
    to: str | None = None
    key: str | None = None


def draw_shape(ids: Ids, dice: random.Random) -> tuple[ShapeEdge, ...]:
    """Draw a graph of so many places, endings and keys.

    Args:
        ids: The ids.
        dice: Decides where ways, keys and dangers are.
    """
    first, *other_ids = ids.inner
    last = other_ids[-1]
    parents = dict.fromkeys(other_ids[:2], first)
    for number in range(2, len(other_ids)):
        # late places hang on late ones, so that a large world is deep as well as broad
        parents[other_ids[number]] = dice.choice(([first, *other_ids])[max(0, number - 3) : number + 1])
    # the last place has no places behind it, so whatever is not there is outside of what its lock closes
    unlocked_places = [place for place in ids.inner if place != last]
    edges: list[ShapeEdge] = []
    for place, parent in parents.items():
        edges.append(
            ShapeEdge("lock", parent, place, ids.keys[0]) if place == last else ShapeEdge("way", parent, place)
        )
        edges.append(ShapeEdge("way", place, parent))
    first_key_places = [place for place in unlocked_places if place != parents[last]] or unlocked_places
    for key in ids.keys:
        edges.append(
            ShapeEdge("take", dice.choice(first_key_places if key == ids.keys[0] else unlocked_places), None, key)
        )
    edges.append(ShapeEdge("win", last, ids.wins[0], ids.keys[1]))
    for number, win in enumerate(ids.wins[1:], 2):
        edges.append(ShapeEdge("win", dice.choice(unlocked_places[1:]), win, ids.keys[number % len(ids.keys)]))
    for loss in ids.losses:
        edges.append(ShapeEdge("lose", dice.choice(other_ids), loss))
    edges.append(ShapeEdge("act", dice.choice(unlocked_places)))
    return tuple(sorted(edges, key=lambda edge: ids.inner.index(edge.at)))


def draw_row(ids: Ids, dice: random.Random) -> tuple[ShapeEdge, ...]:
    """Draw a graph whose places come in order, as the parts of a chapter do: a row there and back, with a lock.

    Args:
        ids: The ids.
        dice: Decides where the lock, the keys and the dangers are.
    """
    places = ids.inner
    locked_number = dice.randrange(2, len(places))
    edges = []
    for number in range(1, len(places)):
        before, place = places[number - 1], places[number]
        is_locked = number == locked_number
        edges.append(ShapeEdge("lock", before, place, ids.keys[0]) if is_locked else ShapeEdge("way", before, place))
        edges.append(ShapeEdge("way", place, before))
    # what opens the way lies before it; the first place is a choice because something can be lost there
    edges.append(ShapeEdge("take", dice.choice(places[: locked_number - 1]), None, ids.keys[0]))
    edges += [ShapeEdge("take", dice.choice(places[:-1]), None, key) for key in ids.keys[1:]]
    edges += [ShapeEdge("win", places[-1], win, ids.keys[1]) for win in ids.wins]
    edges += [
        ShapeEdge("lose", dice.choice(places[1:]) if number else places[0], loss)
        for number, loss in enumerate(ids.losses)
    ]
    edges.append(ShapeEdge("act", dice.choice(places)))
    return tuple(sorted(edges, key=lambda edge: places.index(edge.at)))


def keeps_order(places: Sequence[str], at: str, to: str | None) -> bool:
    """Say whether a move leaves out no place of a row: it leads back, one on, or, from the last, to a win.

    Args:
        places: The ids of the places in their order.
        at: Where the move is offered.
        to: Where it leads; None when it stays.
    """
    if to is None:
        return True
    if to in places:
        return places.index(to) <= places.index(at) + 1
    return not to.startswith("w") or at == places[-1]


def graph_text(edges: Sequence[ShapeEdge], inner: Sequence[str]) -> str:
    """Return a graph in words, for a question to a model.

    Args:
        edges: The graph.
        inner: The ids of the places.
    """
    lines = []
    for place in inner:
        parts = []
        for edge in edges:
            if edge.at != place:
                continue
            if edge.kind == "take":
                parts.append(f"take {edge.key}")
            elif edge.kind == "act":
                parts.append("something to do on the spot")
            else:
                parts.append(f"to {edge.to}{f' with {edge.key}' if edge.key else ''}")
        lines.append(f"{place}: {', '.join(parts)}")
    return "; ".join(lines)
