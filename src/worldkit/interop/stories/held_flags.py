"""Which flags are held when play arrives in a state of the world: always, on some ways only, or never."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from worldkit.interop.stories.copies import Copies, Copy, CopyMove
from worldkit.interop.stories.expressions import conjuncts, required_flag

_MAX_STEPS, _MAX_STEPS_PER_TRANSITION, _MAX_ROUNDS = 200_000, 100, 10
"""How many transitions are looked at before nothing is said about the flags: each so often, or so many in all; but each
may be looked at so often as the last number says."""
_CHECKS_PER_STEP = 10
"""How many copies can be passed over in the time that it takes to look at one transition."""


class HeldFlags(NamedTuple):
    """What is certain about the flags at a moment of play.

    Attributes:
        bits: The bit of each flag.
        certain_bits: The bits of those that are held whichever way play came.
        uncertain_bits: The bits of those that are held when play came one of the ways.
    """

    bits: Mapping[str, int]
    certain_bits: int
    uncertain_bits: int

    def is_held(self, name: str) -> bool | None:
        """Say whether a flag is held; None when it depends on the way play came."""
        bit = self.bits[name]
        return True if self.certain_bits & bit else None if self.uncertain_bits & bit else False

    def gained(self, flags: Iterable[str]) -> HeldFlags:
        """Return what is certain when these flags are held, too."""
        new_flags = _mask(flags, self.bits)
        return HeldFlags(self.bits, self.certain_bits | new_flags, self.uncertain_bits | new_flags)

    def uncertain(self, flags: Iterable[str]) -> HeldFlags:
        """Return what is certain when these flags may have been gained only later."""
        return self._replace(certain_bits=self.certain_bits & ~_mask(flags, self.bits))


def _mask(flags: Iterable[str], bits: Mapping[str, int]) -> int:
    mask = 0
    for flag in flags:
        mask |= bits.get(flag, 0)
    return mask


def required_flags(move: CopyMove) -> Iterator[str]:
    """Yield the flags without which a transition cannot be taken."""
    for part in conjuncts(move.guard):
        flag = required_flag(part)
        if flag is not None:
            yield flag


def held_flags(copies: Copies, names: Iterable[str]) -> Callable[[Copy], HeldFlags]:
    """Return what tells which flags are held in a copy; where play never comes, no flag is certain.

    A data-flow analysis: sets of flags are carried along the transitions until nothing changes. Where ways meet, they
    are united for what is sometimes held, and intersected for what is always held.

    Args:
        copies: The states and their transitions.
        names: The flags that are asked about.
    """
    asked_for = list(dict.fromkeys(names))
    requirements = {flag for copy in copies.copies for move in copy.moves for flag in required_flags(move)}
    bits = {name: 1 << number for number, name in enumerate(dict.fromkeys([*asked_for, *sorted(requirements)]))}
    at_start = _mask(copies.start_flags, bits)
    nothing_certain = HeldFlags(bits, at_start, -1)
    if not asked_for:
        return lambda _: nothing_certain
    moves_by_copy = {
        id(copy): [
            (_mask(required_flags(move), bits), _mask(move.grants, bits), id(move.target)) for move in copy.moves
        ]
        for copy in copies.copies
    }
    start = id(copies.start)
    sometimes = _carried(moves_by_copy, start, at_start, int.__or__)
    always = None if sometimes is None else _carried(moves_by_copy, start, at_start, int.__and__, sometimes)
    if sometimes is None or always is None:
        return lambda _: nothing_certain
    return lambda copy: HeldFlags(bits, always.get(id(copy), at_start), sometimes.get(id(copy), -1))


def _carried(
    moves_by_copy: Mapping[int, list[tuple[int, int, int]]],
    start: int,
    at_start: int,
    join: Callable[[int, int], int],
    at_most: Mapping[int, int] | None = None,
) -> dict[int, int] | None:
    """Return the flags with which play arrives in each copy that it can come to; None after too many steps.

    Args:
        moves_by_copy: By copy, what each transition requires and grants, and where it leads.
        start: The copy in which play begins.
        at_start: The flags that are held there.
        join: What becomes of the flags of two ways that meet.
        at_most: What may be held in each copy; without it, what was carried there so far.
    """
    flags = {start: at_start}
    size = len(moves_by_copy) + sum(map(len, moves_by_copy.values()))
    steps = max(_MAX_ROUNDS * size, min(_MAX_STEPS_PER_TRANSITION * size, _MAX_STEPS))
    queue = {start}
    while queue:
        # in the order in which play comes to them: a chain of flags, each unlocking the next, is walked in one round
        for copy in moves_by_copy:
            if copy not in queue:
                continue
            queue.discard(copy)
            steps -= 1 + len(moves_by_copy[copy])
            if steps < 0:
                return None
            own = flags[copy]
            possible = own if at_most is None else at_most[copy]
            for requirements, grants, target in moves_by_copy[copy]:
                if requirements & ~possible:
                    continue
                arrival_flags = own | requirements | grants
                before = flags.get(target)
                after = arrival_flags if before is None else join(before, arrival_flags)
                if after != before:
                    flags[target] = after
                    queue.add(target)
        steps -= len(moves_by_copy) // _CHECKS_PER_STEP
    return flags
