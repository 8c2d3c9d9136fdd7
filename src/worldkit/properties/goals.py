"""Goals of the search backwards: the moves and places at which what a property speaks of begins to hold."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from worldkit.exploration.moves import SearchMove
from worldkit.exploration.regression import Goal
from worldkit.exploration.routes import Pathfinder
from worldkit.exploration.transition_system import TransitionSystem
from worldkit.properties.bit_conditions import BitConditions, Term
from worldkit.properties.conditions import Condition
from worldkit.properties.landings import terms_at_a_moment


def stays_true(tests: BitConditions, condition: Condition) -> bool:
    """Say whether a condition asks for nothing but what is held, wherever one is: what is held stays held."""
    common, elsewhere = tests.terms_by_state(condition)
    return not tests.moments and not elsewhere and not any(forbids for _, forbids in common)


def goals_at(tests: BitConditions, finder: Pathfinder, condition: Condition) -> list[Goal]:
    """Return a condition as goals: the states in which it holds, and the moves just after which it does."""
    common, elsewhere = tests.terms_by_state(condition)
    states = range(len(finder.system.states)) if common else sorted(elsewhere)
    return [
        *(
            Goal(state, requires, None, forbids)
            for state in states
            for requires, forbids in elsewhere.get(state, common)
            if not (requires | forbids) & tests.moments
        ),
        *(
            Goal(state, requires, move.label, forbids)
            for state, moves in enumerate(finder.out if tests.moments else ())
            for move in moves
            for requires, forbids in terms_at_a_moment(tests, condition, move)
        ),
    ]


def gaining_goals(moves: Iterable[tuple[int, SearchMove]], terms: Sequence[Term]) -> list[Goal]:
    """Return the moves that gain the last of some bits, as goals: what is held stays held.

    Args:
        moves: The moves that gain something, with where they are made.
        terms: The bits, by alternative; none is held at the beginning.
    """
    return [
        Goal(state, move.requires | requires & ~move.sets, move.label, move.forbids)
        for state, move in moves
        for requires, _ in terms
        if move.sets & requires and not requires & ~move.sets & move.forbids
    ]


def completing_goals(system: TransitionSystem, bits: Sequence[int], choices: Sequence[int]) -> list[Goal]:
    """Return the moves that set the last bit of a choice, as goals.

    Args:
        system: The system.
        bits: The bits that are chosen from.
        choices: The bits of each choice, as one mask.
    """
    marking_moves = [(state, move) for state, moves in enumerate(system.out) for move in moves if move.sets & sum(bits)]
    return [
        Goal(state, move.requires | choice & ~move.sets, move.label, move.forbids)
        for state, move in marking_moves
        for choice in choices
        if choice & move.sets and not (move.requires | choice & ~move.sets) & move.forbids
    ]
