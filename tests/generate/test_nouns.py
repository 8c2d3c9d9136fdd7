"""The surroundings that the small model chooses from hold no empty words."""

from __future__ import annotations

import pytest

from worldkit.generation.planning.nouns import TextSetting, draw, surroundings
from worldkit.generation.planning.stock import stock
from worldkit.generation.tiny.finite_grammar import grammar

GENRES = ("common", *stock().genres)


@pytest.mark.parametrize("has_roof", [True, False])
@pytest.mark.parametrize("genre", GENRES)
def test_no_list_of_a_genre_holds_an_empty_text(genre: str, has_roof: bool) -> None:
    words = surroundings(genre, has_roof)
    assert "" not in (
        *words.traces,
        *words.traces.values(),
        *words.places,
        *(word for words in words.adjectives.values() for word in words),
    )


@pytest.mark.parametrize("genre", GENRES)
def test_what_is_said_after_a_comma_is_said(genre: str) -> None:
    for seed in range(12):
        rules = grammar(" {one}{tail}.", {"one": {"stands": "at"}}, draw(TextSetting(genre, True, (), seed)), seed=seed)
        assert "/, ()/" not in rules
