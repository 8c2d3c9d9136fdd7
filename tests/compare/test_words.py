"""Texts compared word by word: both can be read out of the pieces, and the pieces read well."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from worldkit.comparison.fields import UNCHANGED_PART, changed_sentences
from worldkit.comparison.words import Piece, items, separated, stretches

WORDS = st.lists(st.sampled_from(["a", "red", "fox", "runs", ",", ".", " ", "\n", "don't", "雨", "é"]), max_size=24)
TEXTS = st.one_of(st.text(max_size=40), WORDS.map(" ".join), WORDS.map("".join))


def words(before: str, after: str) -> list[Piece]:
    """Return the difference of two texts in pieces: those of all stretches."""
    return [piece for stretch in stretches(before, after) for piece in stretch]


def mark_words(before: str, after: str) -> str:
    signs = {"same": "{}", "del": "[-{}-]", "ins": "[+{}+]"}
    return "".join(signs[tag].format(text) for tag, text in words(before, after))


@given(TEXTS, TEXTS)
def test_both_texts_can_be_read_out_of_the_pieces(before: str, after: str) -> None:
    pieces = words(before, after)
    assert "".join(text for tag, text in pieces if tag != "ins") == before
    assert "".join(text for tag, text in pieces if tag != "del") == after
    assert all(text for _, text in pieces)


@given(TEXTS)
def test_a_text_compared_with_itself_has_no_marks(text: str) -> None:
    assert all(tag == "same" for tag, _ in words(text, text))


@given(st.lists(st.text(max_size=4), max_size=6), st.lists(st.text(max_size=4), max_size=6))
def test_both_lists_can_be_read_out_of_the_items(before: list[str], after: list[str]) -> None:
    pieces = items(before, after)
    assert [text for tag, text in pieces if tag != "ins"] == before
    assert [text for tag, text in pieces if tag != "del"] == after


@given(TEXTS, TEXTS)
def test_what_replaces_words_never_touches_them(before: str, after: str) -> None:
    shown_pieces = list(separated(words(before, after)))
    assert [(tag, text) for _, tag, text in shown_pieces] == list(words(before, after))
    for (_, tag, text), (separator, next_tag, next_text) in pairwise(shown_pieces):
        if (tag, next_tag) == ("del", "ins") and not separator:
            assert text[-1:].isspace() or next_text[:1].isspace()


def test_a_long_deletion_has_what_replaces_it_below() -> None:
    pieces = [("del", "a lamp that nobody had lit burns"), ("ins", "the lamp is cold"), ("ins", " and wet")]
    assert [separator for separator, _, _ in separated(pieces)] == ["", "line", ""]


def test_a_word_is_never_cut() -> None:
    pieces = mark_words("A stone lane runs between dry walls.", "A stone road runs between wet walls.")
    assert pieces == "A stone [-lane-][+road+] runs between [-dry-][+wet+] walls."
    assert mark_words("I don't go there now", "I won't go there now") == "I [-don't-][+won't+] go there now"


def test_changes_with_nearly_nothing_between_them_are_one() -> None:
    pieces = mark_words("He took the old brass lamp from the shelf.", "He took a small tin lamp from the shelf.")
    assert pieces == "He took [-the old brass-][+a small tin+] lamp from the shelf."


def test_texts_that_share_little_stand_one_after_the_other() -> None:
    assert mark_words("The sea is grey.", "Nobody lit a fire in the hall.") == (
        "[-The sea is grey.-][+Nobody lit a fire in the hall.+]"
    )


def test_scripts_without_spaces_are_compared_by_character() -> None:
    assert mark_words("灯台の下に海がある", "灯台の下に山がある") == "灯台の下に[-海-][+山+]がある"


def test_a_very_long_text_takes_no_long_time() -> None:
    before, after = "one two " * 20_000, "three one " * 20_000
    pieces = words(before, after)
    assert "".join(text for tag, text in pieces if tag != "ins") == before


@given(TEXTS, TEXTS)
def test_both_texts_can_be_read_out_of_the_stretches(before: str, after: str) -> None:
    pieces = [piece for stretch in stretches(before, after) for piece in stretch]
    assert "".join(text for tag, text in pieces if tag != "ins") == before
    assert "".join(text for tag, text in pieces if tag != "del") == after


def test_a_sentence_that_was_added_leaves_the_others_as_they_are() -> None:
    pieces = mark_words(
        "A lamp burns. Low light lies on the floor.", "A lamp burns. A cat sleeps. Low light lies on it."
    )
    assert pieces == "A lamp burns. [+A cat sleeps. +]Low light lies on [-the floor-][+it+]."


def test_a_sentence_is_replaced_as_a_whole_unless_it_is_a_revision() -> None:
    pieces = mark_words(
        "Morning floods the table. Two chefs are plating side by side.",
        "Morning pours over the table. Odile and Bruno pass one shaver back and forth.",
    )
    assert pieces == (
        "Morning [-floods-][+pours over+] the table. "
        "[-Two chefs are plating side by side.-][+Odile and Bruno pass one shaver back and forth.+]"
    )


def test_changed_sentences_are_told_whole_and_the_others_as_an_ellipsis() -> None:
    before, after = "It is dark. A lamp burns. Rain falls.", "It is dark. A lamp is lit. A cat sleeps. Rain falls."
    assert changed_sentences(before, after) == ("… A lamp burns. …", "… A lamp is lit. A cat sleeps. …")
    assert changed_sentences("It is dark.", "It is dark. Rain falls.") == (UNCHANGED_PART, "… Rain falls.")


def test_the_sentences_of_a_text_are_compared_word_by_word_for_so_long_and_then_as_a_whole() -> None:
    def sentence(number: int, every: int) -> str:
        return " ".join("z" if at % every == 0 else f"n{number}w{at}" for at in range(900)) + "."

    before, after = (" ".join(sentence(number, every) for number in range(4)) for every in (5, 3))
    shared = "".join(text for tag, text in words(before, after) if tag == "same")
    assert "n0w1 " in shared and "n3w1 " not in shared
    assert "".join(text for tag, text in words(before, after) if tag != "ins") == before
