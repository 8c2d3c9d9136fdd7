"""A misspelled premise is read as what was meant."""

from __future__ import annotations

import doctest

import pytest

import worldkit as wk
from worldkit.assessment.premise import read_premise
from worldkit.language import spelling


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("a freind has to open the castel", "a friend has to open the castle"),
        ("the wizzard cant find his libary card", "the wizard can't find his library card"),
        ("the princes dissappears", "the princes disappears"),
        ("the others", "the others"),
        ("an influencer, a mapmaker and the smallest orcs", "an influencer, a mapmaker and the smallest orcs"),
        ("Gollam meets Saurom", "Gollam meets Saurom"),
        ("the wifi is down", "the wifi is down"),
        (
            "an ogre named morgul; morgul meets a dog called hermia",
            "an ogre named morgul; morgul meets a dog called hermia",
        ),
        ("an elephant in kerala, a fjord near bergenn", "an elephant in kerala, a fjord near bergenn"),
        ("an unhoused wizard casts a firebolt", "an unhoused wizard casts a firebolt"),
        ("bricked phones and hot churros", "bricked phones and hot churros"),
        ("a merrow, a vampyre and a wildling", "a merrow, a vampyre and a wildling"),
        ("croakily, clumpier tooters", "croakily, clumpier tooters"),
        ("the lighthose and the ohuse", "the lighthouse and the house"),
        ("a confesion to a folower", "a confession to a follower"),
    ],
)
def test_a_slip_is_put_right_and_no_word_that_nobody_misspelled(text: str, meant: str) -> None:
    assert spelling.corrected(text) == meant


def test_of_a_text_of_unknown_words_only_the_first_are_looked_at() -> None:
    word = "{}museam"
    many = " ".join(word.format(chr(97 + at)) for at in range(spelling.MAX_UNKNOWN_WORDS)) + " museam"
    assert spelling.corrected(many).endswith("museam")


def test_a_misspelled_premise_names_what_was_meant() -> None:
    names = {(name.role, name.phrase) for name in read_premise("a theif hides in the museam").names}
    assert {("who", "thief"), ("where", "museum")} <= names


def test_the_examples_of_spelling_are_right() -> None:
    assert doctest.testmod(spelling).failed == 0


@pytest.mark.parametrize(
    ("premise", "note"),
    [
        ("A theif wants her cap back.", 'code read "theif" as "thief": write a name with a capital to keep it'),
        ("A merrow wants her cap back.", ""),
        ("Une theif cherche la maison de son père et les museams de la ville.", ""),
    ],
)
def test_a_report_says_what_a_misspelled_word_was_read_as(premise: str, note: str) -> None:
    _, report = wk.generate_with_report(premise, "templates", 1)
    assert note in report.notes if note else not any(each.startswith('code read "') for each in report.notes)
