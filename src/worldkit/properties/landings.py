"""When a condition holds where a move lands: as goals, and variants of moves that avoid or record such landings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from worldkit.exploration.moves import SearchMove
from worldkit.exploration.regression import Goal
from worldkit.exploration.routes import Pathfinder
from worldkit.exploration.transition_system import TransitionSystem
from worldkit.properties.bit_conditions import BitConditions, Term, Terms, conjoin, negate
from worldkit.properties.conditions import Condition, PropertyError


class Landings:
    """When a condition holds where moves land, as the flags that must be held before, without the moves' guards."""

    def __init__(self, tests: BitConditions, condition: Condition) -> None:
        self._tests = tests
        self._condition = condition
        self._moments = tests.moments
        self._terms: dict[tuple[int, int, int], tuple[Term, ...]] = {}

    def before(self, move: SearchMove) -> tuple[Term, ...]:
        """Return what must be held before a move so that the condition holds where it lands."""
        move_bits = self._tests.momentary_bits(move) if self._moments else 0
        key = move.target, move.sets, move_bits
        if key not in self._terms:
            self._terms[key] = tuple(self._make(*key))
        return self._terms[key]

    def _make(self, target: int, sets: int, move_bits: int) -> Iterator[Term]:
        moments = self._moments
        for requires, forbids in self._tests.terms(self._condition, target):
            if requires & moments & ~move_bits or forbids & moments & move_bits or forbids & sets:
                continue
            need, bar = requires & ~moments & ~sets, forbids & ~moments
            if not need & bar:
                yield need, bar


def terms_at_a_moment(tests: BitConditions, condition: Condition, move: SearchMove) -> Iterator[Term]:
    """Yield when a condition holds just after a move, as far as it asks for what happens then; with its guard."""
    move_bits, moments = tests.momentary_bits(move), tests.moments
    for requires, forbids in tests.terms(condition, move.target):
        if not (requires | forbids) & moments:
            continue
        if requires & moments & ~move_bits or forbids & moments & move_bits or forbids & move.sets:
            continue
        need = requires & ~moments & ~move.sets | move.requires
        bar = forbids & ~moments | move.forbids
        if not need & bar:
            yield need, bar


def variants_without(tests: BitConditions, barrier: Condition) -> Callable[[SearchMove], Sequence[SearchMove]]:
    """Return what makes of a move the moves that do not land at a condition, which does not hold at the start."""
    landings = Landings(tests, barrier)
    outside: dict[tuple[Term, ...], Terms] = {}
    common, elsewhere = tests.terms_by_state(barrier)
    everywhere = set(common).intersection(*elsewhere.values()) if elsewhere else set(common)
    # a bit that makes the condition true by itself, wherever it is held, is never held
    never_held = 0
    for requires, forbids in everywhere:
        if requires.bit_count() == 1 and not forbids and not requires & tests.moments:
            never_held |= requires

    def variants(move: SearchMove) -> Sequence[SearchMove]:
        if move.sets & never_held:
            return ()
        landing = tuple(term for term in landings.before(move) if not term[0] & never_held)
        if not landing:
            return (move,)
        if landing not in outside:
            elsewhere_terms = negate(landing)
            if elsewhere_terms is None:
                raise PropertyError(f"{barrier.text} has too many alternatives; split the property")
            outside[landing] = elsewhere_terms
        if not outside[landing]:
            return ()
        guards = conjoin(((move.requires, move.forbids),), outside[landing])
        return [move._replace(requires=need, forbids=bar) for need, bar in guards or ()]

    return variants


def landing_variants(
    move: SearchMove, terms: Iterable[Term], *, requires: int = 0, sets: int = 0, forbids: int = 0
) -> Iterator[SearchMove]:
    """Yield a move with what must be held so that it lands at a condition, for each way that its guard leaves.

    Args:
        terms: What must be held before it, by alternative.
        requires: Further bits that must be held.
        sets: Further bits that it sets.
        forbids: Further bits that must not be held.
    """
    for need, bar in terms:
        if not (move.requires | need) & (move.forbids | bar):
            yield move._replace(
                requires=move.requires | need | requires,
                sets=move.sets | sets,
                forbids=move.forbids | bar | forbids,
            )


def variants_with_mark(landings: Landings, bit: int, move: SearchMove) -> Iterator[SearchMove]:
    """Yield a move as it is, and with a bit set for every way in which it lands at a condition."""
    yield move
    yield from landing_variants(move, landings.before(move), sets=bit)


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
            for state, moves in enumerate(finder.moves_of if tests.moments else ())
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
        bits: The bits that are chosen from.
        choices: The bits of each choice, as one mask.
    """
    marking_moves = [
        (state, move) for state, moves in enumerate(system.moves) for move in moves if move.sets & sum(bits)
    ]
    return [
        Goal(state, move.requires | choice & ~move.sets, move.label, move.forbids)
        for state, move in marking_moves
        for choice in choices
        if choice & move.sets and not (move.requires | choice & ~move.sets) & move.forbids
    ]
