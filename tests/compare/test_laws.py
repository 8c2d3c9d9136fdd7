"""Applying a diff's operations to the one world gives the other, exactly, whatever the two are."""

from __future__ import annotations

import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import worldkit as wk
from tests.compare.documents import Json, edits
from tests.strategies import documents
from worldkit import diff
from worldkit.editing.vocabulary import OPS

MANY_EXAMPLES = settings(
    max_examples=200,
    deadline=None,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow, HealthCheck.data_too_large],
)
FEW_EXAMPLES = settings(MANY_EXAMPLES, max_examples=60)


def check(a: wk.World, b: wk.World) -> None:
    before = a.to_json(), b.to_json()
    difference = diff(a, b)
    assert a.apply(difference.ops) == b
    assert bool(difference) == (a != b) == bool(len(difference))
    assert all(op["op"] in OPS for op in difference.ops)
    assert json.loads(json.dumps(difference.ops)) == list(difference.ops)
    assert (a.to_json(), b.to_json()) == before


@MANY_EXAMPLES
@given(edits())
def test_between_a_world_and_an_edited_one(pair: tuple[Json, Json]) -> None:
    a, b = map(wk.load, pair)
    check(a, b)
    check(b, a)


@FEW_EXAMPLES
@given(documents(), documents())
def test_between_any_two_worlds(a: Json, b: Json) -> None:
    check(wk.load(a), wk.load(b))


@FEW_EXAMPLES
@given(edits())
def test_a_world_does_not_differ_from_its_copy(pair: tuple[Json, Json]) -> None:
    difference = diff(wk.load(pair[1]), wk.load(json.dumps(pair[1])))
    assert (
        not difference and len(difference) == 0 and list(difference.ops) == [] and repr(difference) == "no difference"
    )


@FEW_EXAMPLES
@given(edits())
def test_the_same_two_worlds_give_the_same_diff(pair: tuple[Json, Json]) -> None:
    one, other = (diff(*map(wk.load, pair)) for _ in range(2))
    assert json.dumps(one.ops) == json.dumps(other.ops) and repr(one) == repr(other)


@FEW_EXAMPLES
@given(edits())
def test_every_difference_is_told(pair: tuple[Json, Json]) -> None:
    a, b = map(wk.load, pair)
    difference = diff(a, b)
    assert set(b.states) == (set(a.states) - {*difference.states.removed, *difference.states.renamed}) | {
        *difference.states.added,
        *difference.states.renamed.values(),
    }
    assert len(b.events) - len(a.events) == len(difference.events.added) - len(difference.events.removed)


@FEW_EXAMPLES
@given(edits())
def test_force_is_said_only_where_something_is_left_dangling(pair: tuple[Json, Json]) -> None:
    a, b = map(wk.load, pair)
    difference = diff(a, b)
    if not [d for d in b.lint() if d.lint in ("dangling-ref", "entrance-missing-state")]:
        cuts = {end for cutscene in b.raw.get("cutscenes", ()) for end in (cutscene["from"], cutscene["to"])}
        if cuts <= set(b.states):
            assert not [op for op in difference.ops if "force" in op]


@FEW_EXAMPLES
@given(edits(), st.booleans())
def test_the_shown_forms_hold_no_markup_of_the_worlds_and_steer_no_terminal(
    pair: tuple[Json, Json], back: bool
) -> None:
    difference = diff(*map(wk.load, reversed(pair) if back else pair))
    assert all(char.isprintable() or char in "\n\u200d" for char in repr(difference))
    assert "<script" not in difference._repr_html_()
