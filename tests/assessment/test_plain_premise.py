"""A premise is read alike in any capitals, and with the markup that it was copied with."""

from __future__ import annotations

import doctest
import re
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

import worldkit as wk
from worldkit.assessment import story_frame
from worldkit.assessment.premise import read_premise
from worldkit.language import capitals, plain_text

SENTENCES = [
    "Anna must find the lost crown of Loch Ness before midnight",
    "The baker Emma Schmidt wants to win the cake contest in Hamburg",
    "Sherlock Holmes investigates the murder of Lady Ashby in Hyde Park",
    "Captain Nemo repairs the Nautilus under ice",
    "A knight named Roland must rescue Princess Isolde from the tower",
    "Lily and Tom must escape from the flooded mine",
    "A lonely robot looks for friends on Mars",
    "The dragon of Bergen must return the stolen crown before midnight",
    "The last librarian of Alexandria must save three scrolls",
    "Professor Moriarty plans to rob the bank of England",
    "Queen Elara must defend Castle Vyr from the wolves",
    "A detective solves a murder in Venice",
]


def names_of(premise: str) -> list[tuple[str, str]]:
    return [(name.role, name.phrase) for name in read_premise(premise).names]


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_title_and_capitals_name_what_the_sentence_names(sentence: str) -> None:
    title = re.sub(r"\b[a-z]", lambda letter: letter[0].upper(), sentence)
    assert names_of(title) == names_of(sentence.upper()) == names_of(sentence) != []


def test_names_are_names_in_small_letters() -> None:
    premises = {
        "emma must find the key": ["Emma"],
        "a story about my daughter emma in paris": ["daughter Emma"],
        "a knight named roland must rescue the princess": ["knight", "princess"],
        "captain nemo repairs the nautilus": ["Captain Nemo"],
        "anna and tom must cross the desert": ["Anna", "Tom"],
        "netrunner hacks the mainframe": ["netrunner"],
    }
    assert {each: [phrase for role, phrase in names_of(each) if role == "who"] for each in premises} == premises


@pytest.mark.parametrize(
    ("premise", "text"),
    [
        ("The Rose of Versailles Must Be Found", "The rose of Versailles must be found"),
        ("Emma's Bakery Burns Down in Vienna", "Emma's bakery burns down in Vienna"),
        ("A NURSE MUST CATCH A SPY IN NEW YORK", "A nurse must catch a spy in New York"),
        ("A UFO lands near the FBI and an agent must HIDE IT.", "A UFO lands near the FBI and an agent must hide it."),
        ("Dr. Frankenstein Builds a Monster in Ingolstadt", "Dr. Frankenstein builds a monster in Ingolstadt"),
        ("The Lost Crown. Anna must find it in Rome.", "The lost crown. Anna must find it in Rome."),
        ("Emma and Tom look for Rex.", "Emma and Tom look for Rex."),
        ("A Doctor and a Nurse Enter A Mill", "A doctor and a nurse enter a mill"),
        ("A NASA engineer must save the UNESCO archive.", "A NASA engineer must save the UNESCO archive."),
        ("A French Cook in an English Town on a Monday", "A French cook in an English town on a Monday"),
        ("A Viking in Norway Must Reach Russia and Cuba", "A Viking in Norway must reach Russia and Cuba"),
        ("A Sheriff in a Ghost Town", "A sheriff in a ghost town"),
        ("a cook or a nurse must rescue me from the hippo", "a cook or a nurse must rescue me from the hippo"),
        ("the id card of a spy from new york and sweden", "the id card of a spy from New York and Sweden"),
        ("a french cook at the same northern gate", "a French cook at the same northern gate"),
    ],
)
def test_only_names_have_capitals(premise: str, text: str) -> None:
    assert capitals.in_sentence_case(premise) == text


@pytest.mark.parametrize(
    ("premise", "sentence"),
    [
        ("<p>A <b>knight</b> must wake the <i>dragon</i>.</p>", "A knight must wake the dragon."),
        ("**Anna** must find the _lost crown_ in `the cellar`.", "Anna must find the lost crown in the cellar."),
        ('<div class="x">Emma &amp; Tom must open the gate&mdash;fast.</div>', "Emma & Tom must open the gate—fast."),
        ("- A pirate loses her ship\n- She must find it", "A pirate loses her ship. She must find it"),
        ("1. A witch hides\n2. A cat sleeps", "A witch hides. A cat sleeps"),
        ('[Anna](http://a.b) must find the [crown](http://c.d "x").', "Anna must find the crown."),
        ("> A monk must copy the book\n> before dawn.", "A monk must copy the book before dawn."),
        ("<ul><li>a witch</li><li>a tower</li></ul>", "a witch. a tower"),
        ("A knight\n  must sleep.\n\nThe king waits", "A knight must sleep. The king waits"),
        ("<!-- draft --><script>alert(1)</script>A thief must open the safe.", "A thief must open the safe."),
        ("A nurse who is 5 < 6 must find 2 * 3 keys.", "A nurse who is 5 < 6 must find 2 * 3 keys."),
    ],
)
def test_markup_is_no_part_of_a_premise(premise: str, sentence: str) -> None:
    assert plain_text.plain_text(premise) == sentence
    assert names_of(premise) == names_of(sentence)


@pytest.mark.parametrize(
    "form",
    [
        "Title: Deep Water\nGenre: horror\nSetting: an abandoned hospital\nHero: night nurse\nGoal: Find the key.",
        "- **Hero:** night nurse\n- **Place:** the abandoned hospital\n- **Task:** find the key",
        "# Deep Water\n\nRole: a night nurse\n\nWhere: an abandoned hospital\n\nMission: find the key",
    ],
)
def test_a_form_says_who_where_and_what_for(form: str) -> None:
    names = names_of(form)
    assert {("who", "night nurse"), ("where", "abandoned hospital"), ("task", "find the key")} <= set(names)
    assert {"hero", "role", "horror", "goal"}.isdisjoint(phrase for _, phrase in names)


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("Hero:\nMia\n\nPlace:\n- a mill", "You are Mia. In a mill"),
        ("Hero: she is a cook\nPlace: in the kitchen", "she is a cook. in the kitchen"),
        ("Genre:\nHero: a mouse\nGoal:\n", "You are a mouse"),
        ("Title:\n\nA guard must stop the train.", "A guard must stop the train."),
        ("```text\nA guard sleeps\n```", "A guard sleeps"),
        ("LOGLINE: A guard sleeps.", "A guard sleeps."),
        ("| hero | goal |\n|---|---|\n| a smith | forge a sword |", "You are a smith. forge a sword"),
        ("| Field | Value |\n|:--|--:|\n| Hero | a smith |\n| Place | a mill |", "You are a smith. In a mill"),
    ],
)
def test_a_line_of_a_form_says_its_words_once(form: str, text: str) -> None:
    assert plain_text.plain_text(form) == text


def test_the_logline_of_a_world_has_no_markup() -> None:
    world = wk.generate("<p>A <b>cook</b> must open the oven.</p>", model="templates")
    assert world.raw["story"]["logline"] == "A cook must open the oven."


@given(st.text(alphabet="<>/!-#*_`~[]() \n\t:ab.&;ATitle", max_size=200))
def test_any_text_is_made_plain_and_no_longer_than_it_was(text: str) -> None:
    plain = plain_text.plain_text(text)
    assert plain == " ".join(plain.split())
    assert len(capitals.in_sentence_case(text)) == len(text)


@pytest.mark.parametrize("module", [capitals, plain_text, story_frame])
def test_the_examples_of_plain_premises_are_right(module: ModuleType) -> None:
    assert doctest.testmod(module).failed == 0
