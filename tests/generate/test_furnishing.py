"""A small model says what stands in a place of which nothing is known; only things that make sense there are taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from worldkit.core.progress import ignore
from worldkit.generation.engines.base import Ask, Reply
from worldkit.generation.planning.planner import plan
from worldkit.generation.tiny.furnishing import LIST_COUNT, furnish, things_of

UNKNOWN = "A mechanic must find the key in a kombucharium"
KNOWN = "Two rival chefs are locked overnight in a department store"


class Listing:
    """The double of a small model: answers every question with the same list, and counts the questions."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.asked: list[Ask] = []

    def answer(self, asks: Sequence[Ask]) -> list[Reply]:
        """Return the list for every ask."""
        self.asked += asks
        return [Reply(self._text, True, -1.0, 12) for _ in asks]


def reply(text: str, likelihood: float = -1.0) -> Reply:
    return Reply(f"Three things: {text}", True, likelihood, 12)


def test_what_more_lists_name_comes_first_then_what_is_likelier() -> None:
    lists = [
        reply("a bench, a stove, and a clock.", -2.0),
        reply("a lamp, a bench, and a barrel.", -1.0),
        reply("a bench, a lamp, and a drum.", -3.0),
    ]
    assert [thing.text for thing in things_of(lists)][:3] == ["a bench", "a lamp", "a barrel"]


@pytest.mark.parametrize("text", ["a glorp, a hand, and a murder.", "nothing, no bench, and <b>a lamp</b>.", ""])
def test_words_that_name_nothing_to_be_seen_are_left_out(text: str) -> None:
    assert things_of([reply(text)]) == []


def test_a_place_that_nothing_is_known_of_has_what_the_model_names() -> None:
    world_plan = plan(UNKNOWN, 1)
    engine = Listing("Three things: a barrel, a ladder, and a lamp.")
    [(furnished, _)] = furnish(engine, [(world_plan, 1)], ignore)
    assert len(engine.asked) % LIST_COUNT == 0
    assert any("kombucharium" in ask.question for ask in engine.asked)
    assert "a barrel" in {prop.text for prop in furnished.places[0].props}
    heads = [prop.head for place in furnished.places for prop in place.props]
    assert heads.count("barrel") == 1
    assert all(len(place.props) >= 3 for place in furnished.places)
    # what a step needs is where it was
    for step in world_plan.steps:
        if step.kind == "act":
            assert step.thing.head in {prop.head for prop in furnished.place(step.at).props}


def test_the_place_is_named_with_the_article_that_it_takes() -> None:
    engine = Listing("nothing")
    furnish(engine, [(replace(plan(UNKNOWN, 1), setting="oscillarium"), 1)], ignore)
    assert "Name three things in the kombucharium of an oscillarium." in {ask.question for ask in engine.asked}


def test_a_place_that_the_data_knows_is_not_asked_about() -> None:
    engine = Listing("Three things: a barrel, a ladder, and a lamp.")
    world_plan = plan(KNOWN, 1)
    assert furnish(engine, [(world_plan, 1)], ignore) == [(world_plan, 1)]
    assert engine.asked == []
