"""The surroundings that the small model chooses from hold no empty words."""

from __future__ import annotations

import json
import re

import pytest

import worldkit as wk
from worldkit.core.progress import ignore
from worldkit.generation.planning.nouns import TextSetting, draw, surroundings
from worldkit.generation.planning.stock import Thing, stock
from worldkit.generation.tiny.finite_grammar import grammar

GENRES = ("common", "cave", "mountain", "ship", *stock().genres)


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


@pytest.mark.parametrize("premise", ["A miner looks for the way out of a silver mine", "Survive a night in a cave"])
def test_no_furniture_stands_in_a_cave(premise: str) -> None:
    furniture = {"candlestick", "chair", "table", "stool", "kettle", "bowl", "panel", "doorpost", "plaster"}
    for seed in range(4):
        texts = json.dumps(wk.generate(premise, model="templates", seed=seed, progress=ignore).raw["scene"])
        assert furniture.isdisjoint(re.findall("[a-z]+", texts))
