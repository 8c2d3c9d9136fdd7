"""Text in pictures: what cannot be shown is left out, what is shown fits, and no character is cut in two."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worldkit.layout.text import _ems_of_short, clean, clusters, shorten, width, wrap, xml

texts = st.text(max_size=80) | st.lists(st.sampled_from(["a", "wide", "👩‍👩‍👧", "日本", "é", "W" * 30, ""])).map(
    " ".join
)


@given(texts)
def test_clean_text_holds_no_controls_and_nothing_that_turns_the_line_round(text: str) -> None:
    clean_text = clean(text)
    assert not [c for c in clean_text if unicodedata.category(c) in ("Cc", "Cs", "Cn", "Co")]
    assert not set(clean_text) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")
    assert clean_text == clean(clean_text) == " ".join(clean_text.split())


@given(texts, st.integers(40, 300))
def test_wrapped_lines_fit_and_are_no_more_than_asked_for(text: str, room: int) -> None:
    lines = wrap(clean(text), room, 13, 3)
    assert len(lines) <= 3 and all(width(line, 13) <= room for line in lines)


@given(texts, st.integers(20, 300))
def test_shortened_text_fits_and_is_whole_where_it_can_be(text: str, room: int) -> None:
    clean_text = clean(text)
    short = shorten(clean_text, room, 12)
    assert width(short, 12) <= room
    assert (short == clean_text) == (width(clean_text, 12) <= room)


@given(texts)
def test_clusters_are_the_text(text: str) -> None:
    assert "".join(clusters(text)) == text


def test_joined_emoji_flags_and_accents_are_single_characters() -> None:
    assert list(clusters("👩‍👩‍👧‍👦🇩🇪🇫🇷e\u0301👍🏽")) == ["👩‍👩‍👧‍👦", "🇩🇪", "🇫🇷", "e\u0301", "👍🏽"]


def test_a_text_that_fits_is_wrapped_without_loss() -> None:
    prose = "A stone lane runs between dry walls."
    assert " ".join(wrap(prose, 150, 13, 5)) == prose
    assert wrap("", 150, 13, 3) == []


def test_a_text_that_does_not_fit_ends_at_a_word_with_an_ellipsis() -> None:
    lines = wrap("one two three four five six seven eight nine ten eleven twelve", 70, 13, 2)
    assert lines[-1].endswith("…") and lines[-1][:-1].split()[-1] in ("three", "four", "five", "six", "seven")


def test_xml_is_escaped_between_tags_and_in_quotes() -> None:
    assert xml("""<a b="c">&""") == "&lt;a b=&quot;c&quot;&gt;&amp;"


def test_long_texts_are_measured_like_short_ones_and_not_remembered() -> None:
    width("x", 12)
    remembered = _ems_of_short.cache_info().currsize
    assert width("x" * 100_000, 12) == pytest.approx(100_000 * width("x", 12))
    assert _ems_of_short.cache_info().currsize == remembered
