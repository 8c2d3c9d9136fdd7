"""The surroundings that the small model chooses from hold no empty words."""

from __future__ import annotations

import json
import re

import pytest

import worldkit as wk
from worldkit.core.progress import ignore
from worldkit.generation.planning.nouns import TextSetting, draw, surroundings
from worldkit.generation.planning.sorts import sort_of
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


def test_what_is_black_is_not_said_to_be_black_with_dust() -> None:
    for thing in (Thing("a black pillar"), Thing("black stones")):
        traces = {
            trace
            for seed in range(8)
            for trace in draw(TextSetting("train", False, seed=seed, bearers=(thing,))).traces
        }
        assert traces and not any("black" in trace for trace in traces)


@pytest.mark.parametrize(
    "thing", ["a stuffed giraffe", "a stone idol", "a stone stair", "a deep crevasse", "a sundial"]
)
def test_what_is_of_no_wood_does_not_creak_or_rattle(thing: str) -> None:
    assert not {"creaks", "creaks a little", "rattles"} & sort_of(Thing(thing)).stirs.keys()


@pytest.mark.parametrize(
    ("thing", "sort"),
    [
        ("a covered coach", "stands"),
        ("folding screens", "stands"),
        ("chopping boards", "lies"),
        ("a slate floor", "leads"),
        ("basketball hoops", "hangs"),
        ("sheet music", "papers"),
        ("the music", "sounds"),
        ("the keys", "lies"),
        ("wet stones", "sprawls"),
        ("fallen leaves", "covers"),
    ],
)
def test_a_thing_does_what_such_a_thing_does(thing: str, sort: str) -> None:
    assert sort_of(Thing(thing)).name == sort
