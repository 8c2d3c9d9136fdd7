"""Copies of a node that nothing tells apart, now or later, are one state of the world."""

from __future__ import annotations

from collections.abc import Hashable

from worldkit.interop.stories.copies import Copies, Copy, CopyMove
from worldkit.interop.stories.once_only import identity_of


def merge_equal_copies(copies: Copies) -> None:
    """Replace copies that show and offer the same, and lead to the same, by the first of them.

    Args:
        copies: The copies; their texts are written.
    """
    block_of = _Blocks(copies.copies).block_of
    first: dict[int, Copy] = {}
    for copy in copies.copies:
        first.setdefault(block_of[id(copy)], copy)
    if len(first) == len(copies.copies):
        return
    for copy in first.values():
        for move in copy.moves:
            move.target = first[block_of[id(move.target)]]
    copies.start = first[block_of[id(copies.start)]]
    copies.copies = list(first.values())


class _Blocks:
    """Sorts copies into blocks of equal ones: the coarsest blocks whose members lead to the same blocks.

    Blocks are split as long as their members differ. The largest part keeps the block, and only what leads to the other
    parts is looked at again: so a copy changes its block only as often as a block can be halved.

    Attributes:
        block_of: The number of each copy's block.
    """

    def __init__(self, copies: list[Copy]) -> None:
        self.block_of: dict[int, int] = {}
        self._targets = {id(copy): [id(move.target) for move in copy.moves] for copy in copies}
        self._sources: dict[int, list[int]] = {}
        self._members: list[set[int]] = []
        numbers: dict[Hashable, int] = {}
        for copy in copies:
            look = (tuple(view.node.id for view in copy.path), copy.text, tuple(map(_look, copy.moves)))
            number = numbers.setdefault(look, len(numbers))
            if number == len(self._members):
                self._members.append(set())
            self._add(id(copy), number)
            for target in self._targets[id(copy)]:
                self._sources.setdefault(target, []).append(id(copy))
        outdated_copies = {number: set(members) for number, members in enumerate(self._members) if len(members) > 1}
        while outdated_copies:
            number, members = outdated_copies.popitem()
            for member in self._split(number, members):
                for source in self._sources.get(member, ()):
                    if len(self._members[self.block_of[source]]) > 1:
                        outdated_copies.setdefault(self.block_of[source], set()).add(source)

    def _add(self, copy: int, number: int) -> None:
        self.block_of[copy] = number
        self._members[number].add(copy)

    def _split(self, number: int, outdated_copies: set[int]) -> list[int]:
        """Split a block of which some members may lead elsewhere than they did; return what left the block."""
        members = self._members[number]
        outdated_copies &= members  # some may have left the block meanwhile
        parts: dict[tuple[int, ...], list[int]] = {}
        for copy in outdated_copies:
            parts.setdefault(self._leads_to(copy), []).append(copy)
        rest = next((copy for copy in members if copy not in outdated_copies), None)
        sizes = {leads_to: len(part) for leads_to, part in parts.items()}
        if rest is not None:  # all other members still lead to the same blocks
            leads_to = self._leads_to(rest)
            sizes[leads_to] = sizes.get(leads_to, 0) + len(members) - len(outdated_copies)
        if len(sizes) <= 1:
            return []
        largest = max(sizes, key=sizes.__getitem__)
        if rest is not None and self._leads_to(rest) != largest:
            parts.setdefault(self._leads_to(rest), []).extend(members - outdated_copies)
        new_parts = [part for leads_to, part in parts.items() if leads_to != largest]
        for part in new_parts:
            self._members.append(set())
            for copy in part:
                members.discard(copy)
                self._add(copy, len(self._members) - 1)
        return [copy for part in new_parts for copy in part]

    def _leads_to(self, copy: int) -> tuple[int, ...]:
        return tuple(self.block_of[target] for target in self._targets[copy])


def _look(move: CopyMove) -> Hashable:
    """Return what is seen of a move, except for where it leads."""
    way = move.transition
    identity = identity_of(way) if way.once else None
    return way.label, way.after_ms, identity, way.target is None, move.guard, tuple(move.grants), move.narration
