"""Who is in a text: who speaks, acts or is addressed, and no word that only begins a sentence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worldkit.generation.direct.naming import begins_sentence, proper_names
from worldkit.generation.story.people import is_she, people


def named(text: str) -> list[str]:
    return [person.name for person in people(text) if person.name[0].isupper()]


@pytest.mark.parametrize(
    "text",
    [
        "Teeth chattering, he ran on.",
        "He stood there.” Intent upon the child, he fell.",
        "‘Come.’ Perhaps he went. (Dust lay there.) Far off a bell rang.",
        "He left.\n\n***\n\nTeeth bared, the dog came.",
        "—Teeth of iron, said the boy.",
        "It was late… Fear held him; Intent was all.",
        '"Go." Nobody went.',
    ],
)
def test_a_capital_at_the_beginning_of_a_sentence_makes_no_name(text: str) -> None:
    assert named(text) == [] and proper_names((text,), ()) == frozenset()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ('"Quick, Anna!" he cried.', ["Anna"]),
        ('"Yes, Anna," he said.', ["Anna"]),
        ("Then Anna folded the letter.", ["Anna"]),
        ('"It is late," whispered Bertrand.', ["Bertrand"]),
        ("It was the foreman, Josef Karr, whom they had buried.", ["Josef Karr"]),
        ("She went to where Otto the stoker sat.", ["Otto"]),
        ("He spoke of young Emil, and sat down.", ["Emil"]),
        ("At last Mrs. Harrow let him in, and Mrs. Harrow was kind.", ["Mrs. Harrow"]),
        ("The clock of Wexcombe began to strike. He lived at Wexcombe.", []),
        ("They sailed past the Teeth, and the Teeth were near.", []),
        ("On Monday the Board paid for it, and the Hannah Grey lay on the beach.", []),
        ("He came to Dunmouth, and from Dunmouth to London.", []),
    ],
)
def test_a_person_is_somebody_who_speaks_acts_or_is_addressed(text: str, names: list[str]) -> None:
    assert named(text) == names


def test_the_names_of_one_person_are_one() -> None:
    text = (
        "In the hall Anne Thorold broke the seal, and she frowned. "
        "Then an old man, Matthias Thorold, came in, rubbing his hands. "
        '"Miss Thorold," said Mr. Vane, and Anne took her hat. "Uncle Matthias!" she cried. '
        "Then Mr. Lovel Vane smiled."
    )
    assert sorted(named(text)) == ["Anne Thorold", "Matthias Thorold", "Mr. Lovel Vane"]


def test_whether_somebody_is_a_woman_is_told_by_the_sentences_about_them() -> None:
    text = "Anne rose. She took her hat. He, he, he, his uncle said, he would not. Then Edmund put down his paper."
    assert is_she(text, "Anne") is True and is_she(text, "Edmund") is False
    assert is_she("Ada gave him hers. He looked at it. Then Ada laid down her case.", "Ada") is True
    assert is_she("Somebody came.", "Anne") is None and is_she("", "Mrs. Harrow") is True


def test_what_somebody_is_said_to_be_describes_them() -> None:
    [pip, *_] = people("Pip was a small grey mouse who lived in a teapot. Pip was a little late, and Pip ran.")
    assert pip.words == ("a small grey mouse",)
    assert [person.name for person in people("So Crow flew. Then old Crow cried, for Crow was white.")] == ["Crow"]
    assert not any("Dear" in person.name for person in people("Dear Anna,\n\nI came. So, dear Anna, farewell."))


def test_what_somebody_only_is_names_nobody() -> None:
    words = [person.name for person in people("He was a tidy man. The boy looked at the widow.")]
    assert "tidy man" not in words and "boy" in words


@given(st.text(alphabet="Aa b.,\"'“”’—\n!"), st.integers(0, 40))
def test_a_person_of_any_text_is_named_in_it(text: str, at: int) -> None:
    line = " ".join(text.replace("’", "'").split())
    assert all(person.name in line for person in people(text))
    begins_sentence(text, min(at, len(text)))
