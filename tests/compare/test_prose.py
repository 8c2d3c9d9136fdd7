"""Prose merges by sentence and by line, where the edits do not overlap."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from worldkit.comparison import prose

TEXT = "A lane runs north. Rain falls on the wall. A lamp burns."

sentence = st.sampled_from(["A lane.", "Rain falls!", "Who is there?", "雨が降る。", "no end", "Mr. Fox waits.", ""])
texts = st.lists(st.tuples(sentence, st.sampled_from([" ", "\n", "  ", ""])), max_size=5).map(
    lambda parts: "".join(text + gap for text, gap in parts)
) | st.text(max_size=30)


def sentences(text: str) -> list[str]:
    """Return the sentences and lines of a text, without the space between them."""
    return [part for part in prose.sentences_and_gaps(text) if part.strip()]


@pytest.mark.parametrize(
    ("ours", "theirs", "expected"),
    [
        (
            TEXT.replace("north", "south"),
            TEXT.replace("lamp", "fire"),
            "A lane runs south. Rain falls on the wall. A fire burns.",
        ),
        (
            TEXT.replace("Rain", "Hail"),
            TEXT.replace("lamp", "fire"),
            "A lane runs north. Hail falls on the wall. A fire burns.",
        ),
        (f"{TEXT} Wind.", TEXT.replace("A lane runs north. ", ""), "Rain falls on the wall. A lamp burns. Wind."),
        (f"Dusk. {TEXT}", f"{TEXT} Wind.", f"Dusk. {TEXT} Wind."),
        (TEXT.replace(" Rain falls on the wall.", ""), f"{TEXT} Wind.", "A lane runs north. A lamp burns. Wind."),
        (f"{TEXT} Wind.", f"{TEXT} Wind.", f"{TEXT} Wind."),
        (
            TEXT.replace(". R", ".\nR"),
            TEXT.replace("lamp", "fire"),
            "A lane runs north.\nRain falls on the wall. A fire burns.",
        ),
    ],
)
def test_edits_of_different_sentences_are_both_there(ours: str, theirs: str, expected: str) -> None:
    assert prose.merge_prose(TEXT, ours, theirs) == prose.merge_prose(TEXT, theirs, ours) == expected


def test_edits_of_one_sentence_overlap_and_so_do_two_put_in_at_one_place() -> None:
    assert prose.merge_prose(TEXT, TEXT.replace("north", "south"), TEXT.replace("north", "east")) is None
    assert prose.merge_prose(TEXT, TEXT.replace("north", "south"), TEXT.replace("A lane runs north. ", "")) is None
    assert prose.merge_prose(TEXT, f"{TEXT} Wind.", f"{TEXT} Snow.") is None


def test_lines_and_scripts_without_spaces_are_told_apart() -> None:
    assert sentences("one\ntwo three\n\nfour") == ["one", "two three", "four"]
    base = "雨が降る。灯台が立つ。海は静か。"
    text = prose.merge_prose(base, base.replace("雨", "雪"), base.replace("静か", "荒い"))
    assert text == "雪が降る。灯台が立つ。海は荒い。"


@settings(max_examples=150, deadline=None)
@given(texts, texts, texts)
def test_the_laws_of_merging(base: str, ours: str, theirs: str) -> None:
    assert prose.merge_prose(base, base, theirs) == theirs
    assert prose.merge_prose(base, ours, base) == ours
    assert prose.merge_prose(base, ours, ours) == ours
    one, other = prose.merge_prose(base, ours, theirs), prose.merge_prose(base, theirs, ours)
    assert (one is None) == (other is None)
    if one is not None and other is not None:
        assert sentences(one) == sentences(other)


@settings(max_examples=150, deadline=None)
@given(texts)
def test_sentences_are_all_there_is_but_space(text: str) -> None:
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())


def test_long_runs_of_space_take_no_time() -> None:
    assert sentences("a" + " " * 100_000) == ["a"]
    assert sentences("." * 20_000 + "x")[-1].endswith("x")
