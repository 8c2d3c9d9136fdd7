"""Letters with their marks: no cut takes them apart, and the names made of them are taken."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worldkit import World
from worldkit.core.characters import first_characters, join_words, printable_line
from worldkit.editing.replace import search_pattern

ENGLAND = "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"
TEXTS = st.text(st.sampled_from([*"aé_ -'’", "\u0301", "द", "\u093f", "한", "𠮷", "𞤀", "\u200c", "\u200d", "\ud800"]))


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("दरवाज़ा खोलो", "दरवाज़ा_खोलो"),
        ("ประตูเปิด", "ประตูเปิด"),
        (unicodedata.normalize("NFD", "한국"), "한국"),
        ("ශ්\u200dරී ලංකා", "ශ්රී_ලංකා"),
        ("dun\u00adgeon", "dungeon"),
        ("\u0301 a \u0301b", "a_b"),
        ("\ud800x", "x"),
        ("…", ""),
    ],
)
def test_the_words_of_any_script_are_joined_whole(words: str, name: str) -> None:
    assert join_words(words, "_") == unicodedata.normalize("NFKC", name)


@given(TEXTS, st.integers(1, 12))
def test_a_text_that_is_cut_is_its_beginning_and_ends_with_a_whole_letter(text: str, most: int) -> None:
    head = first_characters(text, most)
    assert text.startswith(head) and len(head) <= most
    rest = text[len(head) :]
    assert not rest or head == text[:most] or not head.endswith("\u200d")
    if head != text[:most]:
        assert unicodedata.category(rest[0])[0] != "M"


@given(TEXTS)
def test_a_name_made_of_words_is_taken(text: str) -> None:
    name = join_words(text, "_")
    assert not any("\ud800" <= char <= "\udfff" for char in name)
    if name:
        event = {"name": name, "kind": "transition", "from": ["start"], "to": "start"}
        world = World.new("W").apply([{"op": "add_event", "event": event}])
        assert name in world.events_by_name


def test_a_vowel_sign_is_part_of_its_word() -> None:
    pattern = search_pattern("खोल", whole_words=True)
    assert pattern.findall("दरवाज़ा खोलो, खोल") == ["खोल"]
    assert search_pattern("cafe", whole_words=True).findall("cafe\u0301 cafe") == ["cafe"]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("ශ්\u200dරී \t ලංකා\n", "ශ්\u200dරී ලංකා"),
        ("👩\u200d🌾", "👩\u200d🌾"),
        ("ខ្មែរ\u200bថ្មី", "ខ្មែរ\u200bថ្មី"),
        ("\u200fא\u200fב \u200ea", "\u200fא\u200fב \u200ea"),
        (f"{ENGLAND} Leeds", f"{ENGLAND} Leeds"),
        ("left\u202eright\x1b[31m!", "left right [31m!"),
        ("a\u2066b\u2069\u202ac", "a b c"),
        ("a \u200d\u200c b", "a b"),
        ("a \u200b \u200f\u200e b \U000e0067\U000e007f", "a b"),
        ("\u200d", ""),
    ],
)
def test_a_line_that_can_be_printed_keeps_what_belongs_to_letters_and_pictures(text: str, line: str) -> None:
    assert printable_line(text) == line
