"""Names that are made to differ."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from worldkit.editing.naming import UnusedNames, unused_name

names = st.sampled_from(["go", "go_2", "go_3", "stay", "go_2_2"])


@given(st.sets(names), st.lists(names))
def test_names_are_those_that_are_made_one_at_a_time(taken_names: set[str], bases: list[str]) -> None:
    unused_names = UnusedNames(taken_names)
    for base in bases:
        name = unused_name(base, taken_names)
        taken_names.add(name)
        assert unused_names.take(base) == name and name in unused_names
    assert len(unused_names) == len(taken_names)
