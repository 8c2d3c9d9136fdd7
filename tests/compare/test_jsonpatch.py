"""JSON Patch and merge patch: what is made can be applied, and what is applied is what the RFCs say."""

from __future__ import annotations

import copy
import json
import pickle
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import worldkit as wk
from tests.compare.documents import Json, edits
from tests.strategies import any_json
from worldkit.comparison import json_patch, merge_patch
from worldkit.core.json_values import json_equal

HYPOTHESIS_SETTINGS = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
items_with_ids = st.lists(
    st.fixed_dictionaries({"id": st.sampled_from("abcdefg")}, optional={"x": any_json}),
    max_size=6,
    unique_by=lambda item: item["id"],
)
values = any_json | items_with_ids | st.lists(st.integers(0, 3), max_size=8)


@HYPOTHESIS_SETTINGS
@given(edits(), st.booleans())
def test_a_patch_makes_the_one_world_the_other(pair: tuple[Json, Json], tests: bool) -> None:
    before, after = pair
    copy_before = copy.deepcopy(before)
    patch = json_patch.make(before, after, tests=tests)
    assert json_equal(json_patch.apply(before, patch), after)
    assert json_equal(before, copy_before) and json.loads(json.dumps(patch)) == patch
    assert bool(patch) == (not json_equal(before, after))


@settings(HYPOTHESIS_SETTINGS, max_examples=200)
@given(values, values, st.booleans())
def test_a_patch_makes_any_value_any_other(before: Any, after: Any, tests: bool) -> None:
    assert json_equal(json_patch.apply(before, json_patch.make(before, after, tests=tests)), after)


def test_a_moved_event_is_one_move_and_a_changed_one_is_changed_in_its_field() -> None:
    events = [{"name": name, "kind": "override", "from": ["a"]} for name in "vwxyz"]
    new_order = [*events[1:], events[0]]
    assert json_patch.make({"events": events}, {"events": new_order}) == [
        {"op": "move", "from": "/events/0", "path": "/events/4"}
    ]
    changed = [{**event, "hidden": True} if event["name"] == "x" else event for event in events]
    assert json_patch.make({"events": events}, {"events": changed}) == [
        {"op": "add", "path": "/events/2/hidden", "value": True}
    ]


def test_a_patch_with_tests_fails_where_the_document_was_changed_meanwhile() -> None:
    patch = json_patch.make({"a": 1, "b": [1, 2]}, {"a": 2, "b": [1]}, tests=True)
    assert [step["op"] for step in patch] == ["test", "replace", "test", "remove"]
    with pytest.raises(json_patch.PatchError, match="the test expects 1, found 5") as error:
        json_patch.apply({"a": 5, "b": [1, 2]}, patch)
    assert error.value.index == 0
    again = pickle.loads(pickle.dumps(error.value))
    assert str(again) == str(error.value) and isinstance(again, wk.WorldError)


# the examples of RFC 6902, appendix A
@pytest.mark.parametrize(
    ("document", "patch", "expected"),
    [
        ({"foo": "bar"}, [{"op": "add", "path": "/baz", "value": "qux"}], {"foo": "bar", "baz": "qux"}),
        ({"foo": ["bar", "baz"]}, [{"op": "add", "path": "/foo/1", "value": "qux"}], {"foo": ["bar", "qux", "baz"]}),
        ({"baz": "qux", "foo": "bar"}, [{"op": "remove", "path": "/baz"}], {"foo": "bar"}),
        ({"foo": ["bar", "qux", "baz"]}, [{"op": "remove", "path": "/foo/1"}], {"foo": ["bar", "baz"]}),
        ({"baz": "qux"}, [{"op": "replace", "path": "/baz", "value": "boo"}], {"baz": "boo"}),
        (
            {"foo": {"bar": "baz", "waldo": "fred"}, "qux": {"corge": "grault"}},
            [{"op": "move", "from": "/foo/waldo", "path": "/qux/thud"}],
            {"foo": {"bar": "baz"}, "qux": {"corge": "grault", "thud": "fred"}},
        ),
        (
            {"foo": ["all", "grass", "cows", "eat"]},
            [{"op": "move", "from": "/foo/1", "path": "/foo/3"}],
            {"foo": ["all", "cows", "eat", "grass"]},
        ),
        (
            {"baz": "qux", "foo": ["a", 2, "c"]},
            [{"op": "test", "path": "/baz", "value": "qux"}, {"op": "test", "path": "/foo/1", "value": 2}],
            {"baz": "qux", "foo": ["a", 2, "c"]},
        ),
        ({"foo": "bar"}, [{"op": "add", "path": "/child", "value": {"g": {}}}], {"foo": "bar", "child": {"g": {}}}),
        ({"/": 9, "~1": 10}, [{"op": "test", "path": "/~01", "value": 10}], {"/": 9, "~1": 10}),
        ({"foo": ["bar"]}, [{"op": "add", "path": "/foo/-", "value": ["abc"]}], {"foo": ["bar", ["abc"]]}),
        ({"foo": None}, [{"op": "test", "path": "/foo", "value": None}], {"foo": None}),
        ({"a": [1, 2]}, [{"op": "copy", "from": "/a", "path": "/b"}], {"a": [1, 2], "b": [1, 2]}),
        ({"a": 1}, [{"op": "replace", "path": "", "value": [1]}], [1]),
        ({"a": 1.0}, [{"op": "test", "path": "/a", "value": 1}], {"a": 1.0}),
        ({"a": 1}, [{"op": "move", "from": "/a", "path": "/a"}], {"a": 1}),
    ],
)
def test_a_patch_does_what_the_rfc_says(document: Any, patch: Any, expected: Any) -> None:
    assert json_equal(json_patch.apply(document, patch), expected)


def _deepening(end: Json) -> list[Json]:
    """Return a patch that nests objects to the depth that a document may have, and then does something more."""
    return [*({"op": "add", "path": "/a" * depth, "value": {}} for depth in range(1, 201)), end]


@pytest.mark.parametrize(
    "end",
    [
        {"op": "add", "path": "/a" * 201, "value": 1},
        {"op": "copy", "from": "/a", "path": "/a/b"},
        {"op": "copy", "from": "", "path": "/b"},
        {"op": "replace", "path": "/a" * 200, "value": {"b": {}}},
    ],
)
def test_a_patch_that_nests_deeper_than_a_document_may_be_does_not_fit(end: Json) -> None:
    assert json_patch.apply({}, _deepening(end)[:-1])
    with pytest.raises(json_patch.PatchError, match="nested more than 200 levels deep") as error:
        json_patch.apply({}, _deepening(end))
    assert error.value.index == 200


@pytest.mark.parametrize(
    ("patch", "reason"),
    [
        ([{"op": "test", "path": "/baz", "value": "bar"}], "the test expects"),
        ([{"op": "test", "path": "/one", "value": True}], "the test expects true, found 1"),
        ([{"op": "add", "path": "/nowhere/x", "value": 1}], 'there is nothing at "/nowhere"'),
        ([{"op": "add", "path": "/foo/5", "value": 1}], "there is no item"),
        ([{"op": "add", "path": "/foo/01", "value": 1}], "there is no item"),
        ([{"op": "remove", "path": "/foo/-"}], "there is no item"),
        ([{"op": "replace", "path": "/no", "value": 1}], "there is nothing"),
        ([{"op": "add", "path": "/baz/x", "value": 1}], "which has no parts"),
        ([{"op": "move", "from": "/foo", "path": "/foo/0"}], "into itself"),
        ([{"op": "add", "path": "foo", "value": 1}], "JSON Pointer"),
        ([{"op": "add", "path": "/a~2", "value": 1}], "stands alone"),
        ([{"op": "add", "path": "/a"}], "'value', which is missing"),
        ([{"op": "grow", "path": "/a"}], "one of add, remove"),
        (["remove"], "expected an object"),
        ({"op": "remove"}, "expected a list"),
    ],
)
def test_a_patch_that_does_not_fit_says_why_and_changes_nothing(patch: Any, reason: str) -> None:
    document = {"baz": "qux", "foo": [1], "one": 1}
    with pytest.raises(json_patch.PatchError, match="nothing was changed") as error:
        json_patch.apply(document, patch)
    assert reason in error.value.reason
    assert document == {"baz": "qux", "foo": [1], "one": 1}


# ---- merge patch -------------------------------------------------------------------------------


# the examples of RFC 7396, appendix A
@pytest.mark.parametrize(
    ("document", "patch", "expected"),
    [
        ({"a": "b"}, {"a": "c"}, {"a": "c"}),
        ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
        ({"a": "b"}, {"a": None}, {}),
        ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
        ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
        ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
        ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
        ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
        (["a", "b"], ["c", "d"], ["c", "d"]),
        ({"a": "b"}, ["c"], ["c"]),
        ({"a": "foo"}, None, None),
        ({"a": "foo"}, "bar", "bar"),
        ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
        ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
        ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
    ],
)
def test_a_merge_patch_does_what_the_rfc_says(document: Any, patch: Any, expected: Any) -> None:
    assert json_equal(merge_patch.apply(document, patch), expected)


@HYPOTHESIS_SETTINGS
@given(edits())
def test_a_merge_patch_makes_the_one_world_the_other_or_says_that_it_cannot(pair: tuple[Json, Json]) -> None:
    before, after = pair
    try:
        patch = merge_patch.make(before, after)
    except wk.WorldError:
        patch = None
    if patch is None:
        assert "null" in json.dumps(after)
    else:
        assert json_equal(merge_patch.apply(before, patch), after)


def test_a_null_that_stays_is_no_obstacle() -> None:
    assert merge_patch.make({"cover": None, "a": 1}, {"cover": None, "a": 2}) == {"a": 2}
    with pytest.raises(wk.WorldError, match="cover is null after"):
        merge_patch.make({}, {"cover": None})


def test_a_patch_whose_copies_double_the_document_again_and_again_does_not_fit() -> None:
    copies = [{"op": "copy", "from": "", "path": f"/{k}"} for k in range(100)]
    with pytest.raises(json_patch.PatchError, match="copies that the patch makes would be longer than"):
        json_patch.apply({"text": "x" * 1_000_000}, copies)
