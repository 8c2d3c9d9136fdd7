"""Which flags are held on arrival in a state: on every way there, or on some.

*On some way* is exact: the most that can be held together is known by ``must_may``. *On every way* is what all moves
into the state agree on, whatever they need; a flag that is on every way for a deeper reason counts as on some.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, NamedTuple

from worldkit.exploration.moves import SearchMove
from worldkit.exploration.must_may import MustMayBounds
from worldkit.exploration.transition_system import TransitionSystem, build_system

if TYPE_CHECKING:
    from worldkit.world import World


class FlagArrival(NamedTuple):
    """Where a flag is held on arrival.

    Attributes:
        certain_states: The states in which it is held however one came there.
        uncertain_states: The states in which it is held after some ways there, and perhaps not after others.
    """

    certain_states: tuple[str, ...]
    uncertain_states: tuple[str, ...]


def flag_arrivals(world: World) -> dict[str, FlagArrival]:
    """Return where each flag is held on arrival, in world order.

    Args:
        world: The world; it has at least one state.

    Raises:
        BudgetSpent: That takes too long to say, or cannot be known; the text says why.
    """
    system = build_system(world)
    bounds = MustMayBounds(system)
    most_bits = [bounds.most(state) for state in range(len(system.states))]
    some = _held_on_some_way(system, most_bits)
    every = _held_on_every_way(system, most_bits)
    arrivals: dict[str, FlagArrival] = {}
    for number, flag in enumerate(system.flags):
        bit = 1 << number
        always = tuple(id for at, id in enumerate(system.states) if every[at] & some[at] & bit)
        sometimes = tuple(id for at, id in enumerate(system.states) if some[at] & ~every[at] & bit)
        arrivals[flag] = FlagArrival(always, sometimes)
    return arrivals


def _held_on_some_way(system: TransitionSystem, most_bits: list[list[int]]) -> list[int]:
    """Return for each state the bits that some run has set when it comes there; a move that stays is no arrival."""
    bits = [0] * len(system.states)
    bits[system.start] = system.mask
    for state, moves in enumerate(system.moves):
        for move in moves:
            for mask in most_bits[state] if move.target != state else ():
                if _can_make(move, mask):
                    bits[move.target] |= mask | move.sets
    return bits


def _held_on_every_way(system: TransitionSystem, most_bits: list[list[int]]) -> list[int]:
    """Return for each state the bits that every way there sets, by a greatest fixpoint over the moves."""
    everything = (1 << system.width) - 1
    bits = [everything] * len(system.states)
    bits[system.start] = system.mask
    queue = deque([system.start])
    while queue:
        state = queue.popleft()
        for move in system.moves[state]:
            if not any(_can_make(move, mask) for mask in most_bits[state]):
                continue
            bits_after = bits[state] | move.requires | move.sets
            if bits[move.target] & ~bits_after:
                bits[move.target] &= bits_after
                queue.append(move.target)
    return bits


def _can_make(move: SearchMove, mask: int) -> bool:
    """Say whether a run that holds ``mask`` can make a move: all it needs is set, and its one-shot is not used up."""
    return not move.requires & ~mask and not move.forbids & mask
