"""The formatting of texts of Twine: what has another like it is taken out, what has none is what its format shows."""

from __future__ import annotations

import re
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

import worldkit as wk
from tests.growing import MAX_GROWTH, growth

PARTS = st.lists(st.sampled_from(["''", "//", "~~", "*", "**", "_", "word", "$x", "b", " ", " ", "\n"]), max_size=12)


def shown(form: str, text: str) -> str:
    story = f':: StoryData\n{{"format": "{form}"}}\n:: Start\n.{text}.\n[[End]]\n:: End [win]\n.'
    return wk.import_(story).world.states["Start"].base


@pytest.mark.parametrize("form", ["Harlowe", "SugarCube", "Chapbook"])
@given(PARTS)
def test_no_word_goes_with_the_formatting(form: str, parts: list[str]) -> None:
    def letters(text: str) -> str:
        return re.sub(r"[^a-z$]", "", text)

    assert letters(shown(form, "".join(parts))) == letters("".join(parts))


@given(st.lists(st.sampled_from(["''", "//", "~~"]), max_size=9))
def test_harlowe_shows_each_sign_that_has_no_other_like_it(signs: list[str]) -> None:
    expected: list[str | None] = list(signs)
    opened: list[int] = []
    for number, sign in enumerate(signs):
        match = next((place for place, other in enumerate(opened) if signs[other] == sign), None)
        if match is None:
            opened.append(number)
        else:  # what was opened in between is text
            expected[opened[match]] = expected[number] = None
            del opened[match:]
    text = shown("Harlowe", "".join(f"{sign} w{number} " for number, sign in enumerate(signs)))
    words = [word for number, sign in enumerate(expected) for word in (sign, f"w{number}") if word]
    assert re.findall(r"''|//|~~|w\d", text) == words


@given(PARTS)
def test_sugarcube_shows_no_sign_since_one_alone_formats_the_rest(parts: list[str]) -> None:
    text = "".join(part if part.isalpha() else f" {part} " for part in parts)
    assert not re.search(r"(?<!')''(?!')|//|~~", shown("SugarCube", text))


@pytest.mark.parametrize(
    ("form", "text", "expected"),
    [
        ("Harlowe", "//Good night, $name//", "Good night, $name"),
        ("Harlowe", "*Good night, $name*", "Good night, $name"),
        ("Harlowe", "It''s 3 // 4", "It''s 3 // 4"),
        ("Harlowe", "(if: $x is 1)[''A] ''b", "''b"),
        ("Harlowe", "''Choose//:''\n* [[End]]", "Choose//:"),
        ("SugarCube", "It''s 3 // 4 == 5", "Its 3 4 5"),
        ("Chapbook", "*Good night, {name}* ~~a", "Good night, {name} ~~a"),
        ("Chapbook", "*Good\nnight* &#42;a&#42;", "*Good\nnight* *a*"),
    ],
)
def test_a_sign_is_taken_out_with_another_like_it_in_its_part_of_the_passage(
    form: str, text: str, expected: str
) -> None:
    assert shown(form, text).strip(".").strip() == expected


@pytest.mark.parametrize("part", ["''a ", "*a ", "''a //b ", "*a **b _c "])
def test_the_time_grows_with_the_text(part: str) -> None:
    assert (
        growth(lambda count: partial(shown, "Chapbook" if "_" in part else "Harlowe", part * count), 200) <= MAX_GROWTH
    )
