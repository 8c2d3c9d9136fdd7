"""The surroundings that the small model chooses from hold no empty words."""

from __future__ import annotations

import pytest

from worldkit.generation.planning.nouns import TextSetting, draw, surroundings
from worldkit.generation.planning.stock import Thing, stock
from worldkit.generation.tiny.finite_grammar import grammar

GENRES = ("common", *stock().genres)


@pytest.mark.parametrize("has_roof", [True, False])
@pytest.mark.parametrize("genre", GENRES)
def test_no_list_of_a_genre_holds_an_empty_text(genre: str, has_roof: bool) -> None:
    words = surroundings(genre, has_roof)
    lists = (words.places, *words.traces.values(), *words.adjectives.values())
    assert "" not in [text for texts in lists for text in texts]


@pytest.mark.parametrize("genre", GENRES)
def test_what_is_said_after_a_comma_is_said(genre: str) -> None:
    for seed in range(12):
        spot = TextSetting(genre, True, (), seed, bearers=(Thing("an oven"),))
        rules = grammar(" {one}{tail}.", {"one": {"stands": "at"}}, draw(spot), seed=seed)
        assert "/, ()/" not in rules
