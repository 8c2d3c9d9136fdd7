"""A premise is read for its people, places, things and purpose, and nothing unfit of it goes further."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings

from tests.generate.worlds import premises
from worldkit.generate.constrain import clean
from worldkit.generate.premise import Reading, read
from worldkit.generate.stock import stock


def _read(premise: str) -> Reading:
    return read(premise, stock(), random.Random(1))


@pytest.mark.parametrize(
    ("premise", "goal"),
    [
        ("A lighthouse keeper must relight the lamp before the storm", "relight the lamp"),
        ("A diver searches a drowned cathedral for its bronze bell", "find the bronze bell"),
        ("Two androids escape a neon megacity", "escape a neon megacity"),
        ("Find the lost map, then run", "find the lost map"),
        ("A knight has to wake the sleeping queen in a walled castle", "wake the sleeping queen"),
        ("A knight must kill the dragon", "face the dragon"),
        ("She wants to save her sister.", "save the sister"),
        ("He must never find nothing", ""),
        ("You must find the {a:stand}", ""),
        ("A quiet day at sea", ""),
        ("", ""),
    ],
)
def test_what_is_to_be_done(premise: str, goal: str) -> None:
    assert _read(premise).goal == goal


@pytest.mark.parametrize(
    ("premise", "setting"),
    [
        ("A diver searches a drowned cathedral", "drowned cathedral"),
        ("Alone on an abandoned space station", "abandoned space station"),
        ("The old lighthouse on the cliff", "old lighthouse"),
        ("Nothing to see", ""),
    ],
)
def test_where_it_is(premise: str, setting: str) -> None:
    assert _read(premise).setting == setting


@pytest.mark.parametrize(
    ("premise", "who"),
    [("A tired old conductor on a train", "conductor"), ("Two androids run", "android"), ("The king is late", "king")],
)
def test_whose_story_it_is(premise: str, who: str) -> None:
    reading = _read(premise)
    assert reading.who == who
    assert who in reading.look


@pytest.mark.parametrize(
    ("premise", "genre"),
    [
        ("an astronaut repairs the station in orbit", "space"),
        ("a detective in the rainy city finds a clue", "noir"),
        ("a cowboy and the sheriff", "western"),
        ("a beekeeper in the orchard", "village"),
    ],
)
def test_which_genre_is_nearest(premise: str, genre: str) -> None:
    assert _read(premise).genre.name == genre


def test_what_threatens() -> None:
    assert _read("A keeper must light the lamp before the storm strikes").deadline == "before the storm strikes"


@settings(max_examples=200, deadline=None)
@given(premises)
def test_what_is_taken_over_is_plain_words_that_the_rules_allow(premise: str) -> None:
    reading = _read(premise)
    for text in (reading.who, reading.setting, reading.goal, reading.deadline, *reading.spots, *reading.things):
        assert clean(text)
        assert all(char.isalpha() or char in " -'" for char in text)
        assert text.isascii()
        assert len(text) <= 90
