"""What stands at a conflict as text to edit, and the text read back."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import worldkit as wk
from tests.strategies import prose
from worldkit import Item, MergeConflict
from worldkit.comparison import ABSENT
from worldkit.widgets.conflict_result import MAX_EDITED_CHARACTERS, form_of, read_result, result_json, value_at

json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=6,
)
values = st.one_of(prose, st.lists(st.text(max_size=9), max_size=4), json_values, st.just(ABSENT))


def conflict(base: Any, ours: Any, theirs: Any, field: str = "base", path: str = "states.lane.base") -> MergeConflict:
    return MergeConflict(path, base, ours, theirs, "both changed it", Item("state", "lane", field), ours)


@given(values, values, values, st.sampled_from([None, "ours", "theirs", "base"]))
def test_a_result_that_is_not_edited_reads_as_what_it_was(base: Any, ours: Any, theirs: Any, choice: Any) -> None:
    about = conflict(base, ours, theirs)
    result = result_json(about, choice)
    value = value_at(about, choice)
    if value is ABSENT or result["form"] == "none":
        assert result["text"] == ""
    else:
        assert json.dumps(read_result(result["form"], result["text"])) == json.dumps(value)


@pytest.mark.parametrize(
    ("sides", "field", "form"),
    [
        (("A lane.", "A wet lane.", "A dry lane."), "base", "text"),
        (("Lane", "Road", "Way"), "title", "line"),
        ((["key"], ["key", "lamp"], []), "requires", "lines"),
        ((500, 600, 700), "autoAfterMs", "json"),
        (("settle", {"ms": 5}, "loop"), "dwell", "none"),
        ((ABSENT, "Slowly.", ABSENT), "detail", "line"),
        ((["a\nb"], ["c"], ["d"]), "ambient", "json"),
    ],
)
def test_each_kind_of_value_is_edited_in_its_simplest_form(sides: tuple[Any, Any, Any], field: str, form: str) -> None:
    assert form_of(conflict(*sides, field)) == form


def test_an_order_and_a_long_text_are_not_edited_as_text() -> None:
    assert form_of(conflict("a", "b", "c", path="states#order")) == "none"
    assert result_json(conflict("a", "b" * (MAX_EDITED_CHARACTERS + 1), "c"), None) == {"form": "none", "text": ""}
    with pytest.raises(wk.WorldError, match="pick ours or theirs"):
        read_result("none", "x")


@pytest.mark.parametrize("text", ["", "twelve", "[1,", "NaN", "[" * 5000])
def test_what_is_no_json_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(wk.WorldError, match="such as 12, true"):
        read_result("json", text)


def test_a_list_is_written_one_item_a_line() -> None:
    assert read_result("lines", " key \n\n lamp\n") == ["key", "lamp"]
