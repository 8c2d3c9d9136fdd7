"""Conditions as bit tests: for every state, which bits must be held, and which must not be.

The bits are those of the transition system (flags held, one-shots used), and above them bits of our own: one for every
``once`` (it held by now), and one for every event, or state passed through, that a condition asks about (it is so at
this moment).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from worldkit.exploration.bits import single_bits
from worldkit.exploration.moves import SearchMove
from worldkit.exploration.transition_system import TransitionSystem
from worldkit.properties.conditions import (
    And,
    Anything,
    Available,
    Condition,
    Named,
    Not,
    Once,
    Or,
    Over,
    PropertyError,
    parts_of,
)
from worldkit.properties.moments import states_asked_for
from worldkit.properties.names import Names

Term = tuple[int, int]
"""Bits that must be held, and bits that must not be."""

Terms = tuple[Term, ...]
"""A condition holds when one of these does."""

StateTerms = tuple[Terms, Mapping[int, Terms]]
"""When a condition holds in most states, and in each of the others."""

TRUE: Terms = ((0, 0),)
FALSE: Terms = ()
MAX_TERMS = 2_000
"""A condition that needs more alternatives is refused."""


def holds(terms: Terms, bits: int) -> bool:
    """Say whether one of some terms holds."""
    return any(bits & requires == requires and not bits & forbids for requires, forbids in terms)


@dataclass(eq=False)
class BitConditions:
    """Conditions of one world as bit tests.

    Args:
        names: What names stand for.
        system: The world as a transition system.
        moves: The moves of every state, as they are made in the product.
        first_bit: The first bit above those of the moves.

    Attributes:
        momentary: The bit of every event label, and of every state set that sequences pass through, that is asked for.
        once_bits: Every ``once_bits`` asked for, with its bit, inner ones first.
    """

    names: Names
    system: TransitionSystem
    moves: Sequence[Sequence[SearchMove]]
    first_bit: int
    momentary: dict[frozenset[int] | str, int] = field(default_factory=dict)
    once_bits: dict[Once, int] = field(default_factory=dict)
    _terms: dict[Condition, StateTerms] = field(default_factory=dict)
    _state_sets: dict[Condition, frozenset[int]] = field(default_factory=dict)
    _fires: dict[str, dict[int, Terms]] = field(default_factory=dict)

    # ---- preparation ---------------------------------------------------------------------------

    def prepare(self, condition: Condition) -> None:
        """Reserve the bits that a condition needs.

        Args:
            condition: The condition; all its names have their kinds.
        """
        for part in parts_of(condition):
            self.prepare(part)
        match condition:
            case Once():
                if condition not in self.once_bits:
                    self.once_bits[condition] = self._new_bit()
            case Named("event", name):
                if name not in self.momentary:
                    self.momentary[name] = self._new_bit()
            case Named("state" | "ending" | "tag") | Over():
                states = self.states_of(condition)
                if states not in self.momentary and self._is_passed(states):
                    self.momentary[states] = self._new_bit()

    def _new_bit(self) -> int:
        bit = 1 << self.first_bit
        self.first_bit += 1
        return bit

    def states_of(self, condition: Condition) -> frozenset[int]:
        """Return the states in which a condition about states holds."""
        if condition not in self._state_sets:
            ids = states_asked_for(self.names, condition)
            self._state_sets[condition] = frozenset(self.system.index[id] for id in ids)
        return self._state_sets[condition]

    def _is_passed(self, states: frozenset[int]) -> bool:
        return any(not states.isdisjoint(route[1:-1]) for route in self.system.sequences)

    @property
    def moments(self) -> int:
        """All the momentary bits."""
        return sum(self.momentary.values())

    def momentary_bits(self, move: SearchMove) -> int:
        """Return the momentary bits that making a move sets."""
        bits = 0
        for what, bit in self.momentary.items():
            if isinstance(what, str):
                bits |= bit if self._name(move) == what else 0
            elif move.label < 0 and not what.isdisjoint(self.system.sequences[-1 - move.label][1:]):
                bits |= bit
        return bits

    def _name(self, move: SearchMove) -> str:
        return self.system.name(move.label)

    # ---- terms ---------------------------------------------------------------------------------

    def terms(self, condition: Condition, state: int) -> Terms:
        """Return when a condition holds in a state.

        Args:
            condition: A condition that was prepared.

        Raises:
            PropertyError: It has too many alternatives.
        """
        common, elsewhere = self.terms_by_state(condition)
        return elsewhere.get(state, common)

    def terms_by_state(self, condition: Condition) -> StateTerms:
        """Return when a condition holds in most states, and when it holds in each of the others.

        Args:
            condition: A condition that was prepared.

        Raises:
            PropertyError: It has too many alternatives.
        """
        terms = self._terms.get(condition)
        if terms is None:
            parts = [self._by_state(atom) for atom in dict.fromkeys(_state_atoms(condition))]
            special_states = frozenset[int]().union(*parts)
            other = next((state for state in range(len(self.moves)) if state not in special_states), None)
            common = FALSE if other is None else self._make(condition, other)
            # where the same of its parts holds, so does the whole
            terms_by_signature: dict[tuple[Terms, ...], Terms] = {}
            elsewhere: dict[int, Terms] = {}
            for state in special_states:
                signature = tuple([part.get(state, FALSE) for part in parts])
                if signature not in terms_by_signature:
                    terms_by_signature[signature] = self._make(condition, state)
                elsewhere[state] = terms_by_signature[signature]
            terms = self._terms[condition] = common, elsewhere
        return terms

    def _by_state(self, atom: Condition) -> Mapping[int, Terms]:
        """Return when a condition about states or an available event holds, by state; where it does not, nothing."""
        if not isinstance(atom, Available):
            return dict.fromkeys(self.states_of(atom), TRUE)
        if atom.name not in self._fires:
            fires: dict[int, Terms] = {}
            for state, moves in enumerate(self.moves):
                for move in moves:
                    if self._name(move) == atom.name:
                        fires[state] = (*fires.get(state, ()), (move.requires, move.forbids))
            self._fires[atom.name] = fires
        return self._fires[atom.name]

    def _make(self, condition: Condition, state: int) -> Terms:
        match condition:
            case Anything():
                return TRUE
            case Available():
                return self._refuse_many(condition, absorb(self._by_state(condition).get(state, FALSE)))
            case Named("event", name):
                return ((self.momentary[name], 0),)
            case Named("flag" | "mission" as kind, name):
                mask = self.system.mask_of(self.names.missions[name] if kind == "mission" else (name,))
                return FALSE if mask is None else ((mask, 0),)
            case Named() | Over():
                states = self.states_of(condition)
                if state in states:
                    return TRUE
                bit = self.momentary.get(states)
                return FALSE if bit is None else ((bit, 0),)
            case Once():
                return ((self.once_bits[condition], 0),)
            case Not(part):
                return self._refuse_many(condition, negate(self.terms(part, state)))
            case And(parts):
                product = TRUE
                for part in parts:
                    product = self._refuse_many(condition, conjoin(product, self.terms(part, state)))
                return product
            case Or(parts):
                return self._refuse_many(
                    condition, absorb([term for part in parts for term in self.terms(part, state)])
                )
            case _:
                raise TypeError(type(condition).__name__)

    def _refuse_many(self, condition: Condition, terms: Terms | None) -> Terms:
        if terms is None:
            raise PropertyError(f"{condition.text} has more than {MAX_TERMS:,} alternatives; split the property")
        return terms


def _state_atoms(condition: Condition) -> list[Condition]:
    match condition:
        case Named("state" | "ending" | "tag") | Over() | Available():
            return [condition]
        case Once():
            return []
        case _:
            return [atom for part in parts_of(condition) for atom in _state_atoms(part)]


def conjoin(first: Terms, second: Terms) -> Terms | None:
    """Return when both of two conditions hold; None when that takes too many terms."""
    if len(first) * len(second) > 4 * MAX_TERMS:
        return None
    return absorb(
        [
            (requires | other_requires, forbids | other_forbids)
            for requires, forbids in first
            for other_requires, other_forbids in second
            if not (requires | other_requires) & (forbids | other_forbids)
        ]
    )


def negate(terms: Terms) -> Terms | None:
    """Return when none of some terms holds; None when that takes too many terms."""
    result: Terms | None = TRUE
    for requires, forbids in terms:
        opposite = [(0, bit) for bit in single_bits(requires)] + [(bit, 0) for bit in single_bits(forbids)]
        if result is None:
            return None
        result = conjoin(result, tuple(opposite))
    return result


def absorb(terms: Sequence[Term]) -> Terms | None:
    """Return terms without those that another makes needless; None when there are too many."""
    minimal_terms: list[Term] = []
    for requires, forbids in sorted(set(terms), key=lambda term: ((term[0] | term[1]).bit_count(), term)):
        if not any(
            requires & other_requires == other_requires and forbids & other_forbids == other_forbids
            for other_requires, other_forbids in minimal_terms
        ):
            if len(minimal_terms) == MAX_TERMS:
                return None
            minimal_terms.append((requires, forbids))
    return tuple(minimal_terms)
