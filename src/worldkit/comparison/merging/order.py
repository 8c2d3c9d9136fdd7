"""The order of items that two sides have moved, added and removed."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Sequence
from typing import TypeVar

from worldkit.comparison.pairing import rising

K = TypeVar("K", bound=Hashable)


def disputed(base: Sequence[K], ours: Sequence[K], theirs: Sequence[K]) -> list[K]:
    """Return the items that both sides moved, to different places, in the order of base.

    Args:
        base: The items both began with, in order.
        ours: One side's items.
        theirs: The other's.
    """
    both = _moved(base, ours) & _moved(base, theirs)
    if not both:
        return []
    shared = set(base).intersection(ours, theirs)
    if [key for key in ours if key in shared] == [key for key in theirs if key in shared]:
        return []
    return [key for key in base if key in both]


def ordered(base: Sequence[K], ours: Sequence[K], theirs: Sequence[K], kept: Collection[K]) -> list[K]:
    """Return the items that are kept, in an order in which both sides' moves and additions show.

    What only one side moved or added stands behind what it follows there; where both did something at one place,
    ours comes first.

    Args:
        base: The items both began with, in order.
        ours: One side's items.
        theirs: The other's.
        kept: The items that are left.
    """
    own, other = _moved(base, ours), _moved(base, theirs)
    made = [key for key in ours if key in kept and (key not in other or key in own)]
    held = set(made)
    if len(held) == len(kept):
        return made
    # Ours stays together: what they put behind an item comes after what we put there.
    known = set(base)
    fresh = own.union(key for key in made if key not in known)
    after: dict[K | None, K | None] = dict(zip([None, *made], [*made, None], strict=True))
    last: K | None = None
    for key in theirs:
        if key not in kept:
            continue
        if key not in held:
            anchor = last
            while (following := after[anchor]) is not None and following in fresh:
                anchor = following
            after[key], after[anchor] = after[anchor], key
            held.add(key)
        last = key
    result: list[K] = []
    at = after[None]
    while at is not None:
        result.append(at)
        at = after[at]
    return result


def _moved(base: Sequence[K], side: Sequence[K]) -> set[K]:
    place = {key: at for at, key in enumerate(base)}
    numbers = [place[key] for key in side if key in place]
    stay = rising(numbers)
    return {base[number] for number in numbers if number not in stay} if len(stay) < len(numbers) else set()
