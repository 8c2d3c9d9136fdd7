"""A premise is read without the words that only ask for a story."""

from __future__ import annotations

import pytest

from worldkit.assessment.premise import read_premise
from worldkit.assessment.story_frame import without_story_frame


@pytest.mark.parametrize(
    ("premise", "story"),
    [
        ("Make a funny story about penguins", "penguins"),
        ("My story is about dad", "dad"),
        ("Write a world where everybody has forgotten music", "everybody has forgotten music"),
        ("A story of two brothers who build a boat", "two brothers who build a boat"),
        ("A tale of a lost umbrella", "a lost umbrella"),
        ("A romance between two rival bakers", "two rival bakers"),
        ("Create an escape room in a submarine", "in a submarine"),
        ("A mystery on a night train", "on a night train"),
        ("A short horror game set in an abandoned mall", "in an abandoned mall"),
        ("A game where you play a thief in a museum", "you play a thief in a museum"),
        ("Can you make a game about bees?", "bees?"),
        ("I want a story about a dragon who is afraid of fire", "a dragon who is afraid of fire"),
        ("Please write a short adventure in which a knight rescues a dragon", "a knight rescues a dragon"),
        ("Generate a story with a pirate and a parrot", "a pirate and a parrot"),
        ("Write a story for my daughter about bees", "bees"),
        ("Create a world that floats in the sky", "a world that floats in the sky"),
        ("Story: a fox steals an egg", "a fox steals an egg"),
        ("Imagine the sea is made of glass", "the sea is made of glass"),
        ("Once upon a time there was a king who lost his crown", "a king who lost his crown"),
        ("Make a pirate adventure.", "pirate"),
        ("Create a mystery", ""),
    ],
)
def test_what_only_asks_for_a_story_is_left_out(premise: str, story: str) -> None:
    assert without_story_frame(premise).strip() == story
    assert len(without_story_frame(premise)) == len(premise)


@pytest.mark.parametrize(
    "premise",
    [
        "Tell a story to the king.",
        "A game in the park turns into a battle",
        "A game of chess decides who rules",
        "A mystery in the library must be solved",
        "A story about a dragon makes a boy brave",
        "The story of my life vanishes",
        "A storyteller has to make it to the market",
        "The world ends at noon and a baker has to finish the bread",
        "Write a letter to the king",
        "I need to find my brother in the world of ghosts",
        "Make it",
    ],
)
def test_a_story_that_something_happens_to_is_told_of(premise: str) -> None:
    assert without_story_frame(premise) == premise


def test_who_a_story_is_asked_for_about_is_all_that_is_named_and_where_it_stands_in_the_premise() -> None:
    premise = "Make a funny story about a penguin at the zoo"
    names = read_premise(premise).names
    assert [(name.role, name.phrase) for name in names] == [("who", "penguin"), ("where", "zoo")]
    assert [premise[name.start : name.end] for name in names] == ["penguin", "zoo"]
