"""Systems made from a world's, so that a question about moments becomes one about the bits that a run holds.

A bit says that a one-shot was used, that a condition has been true, or that a moment is awaited.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from worldkit.exploration.moves import SearchMove
from worldkit.exploration.transition_system import TransitionSystem
from worldkit.properties.bit_conditions import Term
from worldkit.properties.landings import Landings, landing_variants
from worldkit.properties.product import exact_moves

MAX_MARKED_MOVES = 200_000
"""Moves that marks may add: each of several conditions that may hold where a move lands doubles the ways to mark it."""


def with_use_bits(system: TransitionSystem, events: frozenset[str] | None) -> TransitionSystem:
    """Return a system with bits for the uses of all one-shots that make a difference to a property.

    Args:
        events: The events that are asked for; None to track every use.
    """
    out = exact_moves(system, events)
    width = max((move.sets.bit_length() for moves in out for move in moves), default=0)
    extra = tuple(f"\0{number}" for number in range(max(0, width - system.width)))
    return replace(system, moves=tuple(map(tuple, out)), one_shots=(*system.one_shots, *extra))


def with_new_bits(system: TransitionSystem, names: Sequence[str]) -> tuple[TransitionSystem, tuple[int, ...]]:
    """Return a system with room for one more bit a name, which no move sets yet, and these bits."""
    bits = tuple(1 << (system.width + number) for number in range(len(names)))
    return replace(system, one_shots=(*system.one_shots, *names)), bits


def moves_with_marks(
    system: TransitionSystem, marks: Sequence[tuple[Landings, int]]
) -> tuple[tuple[SearchMove, ...], ...] | None:
    """Return the moves of a system with bits for conditions: held, a condition has been true; it need not be set.

    A move that lands where several are true sets the bits of all. None when that takes too many moves.

    Args:
        marks: When each condition holds where a move lands, and its bit.
    """
    out: list[tuple[SearchMove, ...]] = []
    remaining_count = MAX_MARKED_MOVES
    for moves in system.moves:
        marked_moves: list[SearchMove] = []
        for move in moves:
            variants = [move]
            for landings, bit in marks:
                terms = landings.before(move)
                variants += [
                    marked_move for variant in variants for marked_move in landing_variants(variant, terms, sets=bit)
                ]
                if len(variants) > remaining_count:
                    return None
            remaining_count -= len(variants) - 1
            marked_moves += dict.fromkeys(variants)
        out.append(tuple(marked_moves))
    return tuple(out)


def with_an_awaited_moment(
    system: TransitionSystem, bit: int, obligation: Landings, waiting: Landings, fulfilment: Landings
) -> tuple[TransitionSystem, list[list[Term]]]:
    """Return a system with a bit that says that a moment is awaited, and the terms of every state when none is.

    The bit may be set where the obligation begins; from then on the moment is shunned.

    Args:
        obligation: When the wait can begin where a move lands.
        waiting: When the awaited does not hold there.
        fulfilment: When it does.
    """
    out: list[tuple[SearchMove, ...]] = []
    arrivals: list[list[Term]] = []
    for moves in system.moves:
        new_moves: list[SearchMove] = []
        terms: list[Term] = [(0, bit)]  # nothing is awaited
        for move in moves:
            new_moves.append(move._replace(forbids=move.forbids | bit))
            new_moves += landing_variants(move, obligation.before(move), sets=bit, forbids=bit)
            new_moves += landing_variants(move, waiting.before(move), requires=bit)
            terms += [
                (last_move.requires, last_move.forbids)
                for last_move in landing_variants(move, fulfilment.before(move), requires=bit)
            ]
        out.append(tuple(new_moves))
        arrivals.append(terms)
    return replace(system, moves=tuple(out)), arrivals


def with_goal(system: TransitionSystem, arrivals: Sequence[Sequence[Term]]) -> TransitionSystem:
    """Return a system whose only ending is a state of its own, which is entered when one of some terms holds."""
    goal = len(system.states)
    sequences, names = list(system.sequences), list(system.sequence_names)
    out: list[tuple[SearchMove, ...]] = []
    for state, (moves, terms) in enumerate(zip(system.moves, arrivals, strict=True)):
        probes = []
        for requires, forbids in terms:
            sequences.append((state, goal))
            names.append("")
            probes.append(SearchMove(goal, requires, 0, forbids, -len(sequences)))
        out.append((*moves, *probes))
    return replace(
        system,
        states=(*system.states, ""),
        moves=(*out, ()),
        endings=frozenset((goal,)),
        sequences=tuple(sequences),
        sequence_names=tuple(names),
    )
