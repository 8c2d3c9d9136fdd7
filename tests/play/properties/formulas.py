"""Random properties over the names of a world, by seed."""

from __future__ import annotations

import random

from worldkit import Condition, Property, World
from worldkit.properties.conditions import (
    ANYTHING,
    Available,
    Kind,
    Named,
    Once,
    Over,
    conjunction,
    disjunction,
    negation,
)
from worldkit.properties.names import Names
from worldkit.properties.statements import (
    Always,
    AlwaysPossible,
    AtMost,
    Before,
    LeadsTo,
    Never,
    NeverAfter,
    Possible,
    Until,
    Within,
)

FORM_COUNT = 12


def atoms(world: World) -> list[Condition]:
    """Return every name of a world as a condition, and the endings."""
    names_by_kind = Names(world).names_by_kind
    kinds: tuple[Kind, ...] = ("state", "event", "flag", "ending")
    conditions: list[Condition] = [Named(kind, name) for kind in kinds for name in sorted(names_by_kind[kind])]
    conditions += [Available(name) for name in sorted(names_by_kind["event"])]
    return [*conditions, Over(), Over("win"), Over("lose")]


def moment_atoms(rng: random.Random, world: World) -> list[Condition]:
    """Return names of a world as conditions, most of which ask what happens, or does not happen, at a moment."""
    names = Names(world).names_by_kind
    events: list[Condition] = [Named("event", name) for name in sorted(names["event"])]
    happening = [*events, *(Named("state", name) for name in sorted(names["state"]))]
    lasting = [Named("flag", name) for name in sorted(names["flag"])] + [
        Available(name) for name in sorted(names["event"])
    ]
    mixed = [
        conjunction(rng.choice(lasting), negation(rng.choice(happening))) for _ in range(2) if lasting and happening
    ]
    return [*happening, *map(negation, happening), *mixed, *lasting]


def random_condition(rng: random.Random, leaves: list[Condition], depth: int = 2) -> Condition:
    """Return a condition over some names."""
    shape = rng.random()
    if depth == 0 or shape < 0.5:
        return ANYTHING if rng.random() < 0.03 else rng.choice(leaves)
    if shape < 0.65:
        return negation(random_condition(rng, leaves, depth - 1))
    if shape < 0.75:
        return Once(random_condition(rng, leaves, depth - 1))
    parts = [random_condition(rng, leaves, depth - 1) for _ in range(2)]
    return conjunction(*parts) if shape < 0.9 else disjunction(*parts)


def random_property(rng: random.Random, leaves: list[Condition], form: int | None = None) -> Property:
    """Return a property over some names, of one of the forms."""

    def condition() -> Condition:
        return random_condition(rng, leaves)

    match rng.randrange(FORM_COUNT) if form is None else form:
        case 0:
            return Never(condition())
        case 1:
            return Never(condition(), rng.randrange(5))
        case 2:
            return Always(condition())
        case 3:
            return Possible(condition())
        case 4:
            return AlwaysPossible(condition())
        case 5:
            return Before(condition(), condition())
        case 6:
            return Until(condition(), condition())
        case 7:
            return NeverAfter(condition(), condition())
        case 8:
            return LeadsTo(condition(), condition())
        case 9:
            return Within(condition(), rng.randrange(5))
        case 10:
            return Within(condition(), rng.randrange(5), condition())
        case _:
            return AtMost(rng.randrange(3), tuple(condition() for _ in range(rng.randint(1, 3))))
