"""Hand-written sentences with gaps: what is said where a model is not asked, or has nothing fit to say.

The data is ``data/generate/phrases.toml``, which explains the gaps.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from worldkit.generation.text.data import read_typed


@cache
def family(name: str) -> tuple[str, ...]:
    """Return the sentences of a family."""
    return read_typed(tuple[str, ...], "phrases.toml", name)


@cache
def table(name: str) -> Mapping[str, str]:
    """Return a table: tails by verb, families by what they are of, or the verbs of a family in one text."""
    return read_typed(dict[str, str], "phrases.toml", name)


def composition(name: str) -> tuple[str, ...]:
    """Return ``"orders"`` of sentences, or how ``"shots"`` and ``"moves"`` of a camera begin."""
    return read_typed(tuple[str, ...], "phrases.toml", "composition", name)


@cache
def played_family(verb: str) -> str:
    """Return the family of what the player is told of a small thing done, by its verb; ``"played"`` for most."""
    return next((name for name, verbs in table("played_by").items() if verb in verbs.split()), "played")


def manners(verb: str) -> tuple[str, ...]:
    """Return how something is done, by its verb."""
    return read_typed(dict[str, tuple[str, ...]], "phrases.toml", "manners").get(verb) or family("manner")
