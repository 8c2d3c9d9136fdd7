"""Names that are made of texts, and made to differ."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from worldkit.editing.naming import UnusedNames, phrase_openings, state_id, unused_name

names = st.sampled_from(["go", "go_2", "go_3", "stay", "go_2_2"])


@given(st.sets(names), st.lists(names))
def test_names_are_those_that_are_made_one_at_a_time(taken_names: set[str], bases: list[str]) -> None:
    unused_names = UnusedNames(taken_names)
    for base in bases:
        name = unused_name(base, taken_names)
        taken_names.add(name)
        assert unused_names.take(base) == name and name in unused_names
    assert len(unused_names) == len(taken_names)


@given(st.lists(st.sampled_from(["the", "great", "oak", "wheel", "stands", "in", "green", "of", "water"]), min_size=9))
def test_an_id_made_of_prose_ends_where_a_part_of_a_phrase_does(words: list[str]) -> None:
    id = state_id(" ".join(words))
    id_words = id.split("_")
    assert id_words == words[: len(id_words)] and len(id) <= 64
    if len(id_words) < len(words) and not phrase_openings().issuperset(id_words):
        assert id_words[-1] not in phrase_openings()


def test_an_id_is_not_cut_within_a_phrase() -> None:
    base = "In the early grey light the great oak wheel of the mill stands still in green water."
    assert state_id(base) == "in_the_early_grey_light_the_great_oak_wheel"
