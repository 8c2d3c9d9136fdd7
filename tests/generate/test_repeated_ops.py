"""Operations that set a value several times are made to set it once, and lead to the same world."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

import worldkit as wk
from worldkit import WorldError
from worldkit.editing.batch import apply
from worldkit.generation.revision.repeated_ops import shortened, without_repeated

BENCH = wk.samples.load("bench")
Json = dict[str, Any]


def base(state: str, value: str) -> Json:
    return {"op": "set_field", "state": state, "field": "base", "value": value}


def set_once(*ops: Json) -> list[Json]:
    canonical = apply(BENCH, ops).ops
    shorter = without_repeated(BENCH, canonical)
    assert BENCH.apply(shorter) == BENCH.apply(canonical)
    assert without_repeated(BENCH, shorter) == shorter
    return shorter


def test_the_last_value_stands_where_the_first_one_was_set() -> None:
    wave = {"op": "add_override", "name": "wave", "from": ["lane"], "base": "The walker waves."}
    ops = set_once(base("lane", "A lane."), wave, base("bench", "A bench."), base("lane", "A lane in frost."))
    assert [op["op"] for op in ops] == ["set_field", "add_override", "set_field"]
    assert ops[0]["value"] == "A lane in frost."


def test_the_fields_of_one_thing_come_together_and_stay_apart_from_those_of_others() -> None:
    ops = set_once(
        {"op": "set_subject", "subject": "A child."},
        {"op": "set_field", "state": "lane", "field": "camera.static", "value": "Wide."},
        {"op": "set_field", "state": "lane", "field": "camera.dynamic", "value": "Slow."},
        {"op": "set_subject", "styleTail": "Rain."},
        {"op": "set_state_ending", "state": "two_mittens", "kind": "win", "title": "A"},
        {"op": "set_state_ending", "state": "two_mittens", "kind": "win", "title": "B", "subtitle": "C."},
    )
    assert ops == [
        {"op": "set_subject", "subject": "A child.", "styleTail": "Rain."},
        {"op": "set_field", "state": "lane", "field": "camera.static", "value": "Wide."},
        {"op": "set_field", "state": "lane", "field": "camera.dynamic", "value": "Slow."},
        {"op": "set_state_ending", "state": "two_mittens", "kind": "win", "title": "B", "subtitle": "C."},
    ]


def test_what_was_added_takes_later_values_itself() -> None:
    ops = set_once(
        {"op": "add_state", "id": "pond", "state": {"base": "A pond."}},
        {"op": "add_transition", "name": "go", "from": ["lane"], "to": "pond", "base": "On.", "detail": "Go"},
        {"op": "add_variant", "state": "pond", "variant": {"label": "B", "base": "A puddle."}},
        base("pond", "A pond in rain."),
        {"op": "set_event_field", "event": "go", "field": "base", "value": "On to the pond."},
        {"op": "set_variant_field", "state": "pond", "label": "B", "field": "base", "value": "A puddle in rain."},
    )
    assert [op["op"] for op in ops] == ["add_state", "add_transition", "add_variant"]
    assert ops[0]["state"]["base"] == "A pond in rain."
    assert ops[1]["event"]["base"] == "On to the pond."
    assert ops[2]["variant"]["base"] == "A puddle in rain."


def test_a_value_that_was_set_under_an_earlier_name_is_the_same_value() -> None:
    ops = set_once(
        base("lane", "A lane."), {"op": "rename_state", "from": "lane", "to": "road"}, base("road", "A road.")
    )
    assert ops == [base("lane", "A road."), {"op": "rename_state", "from": "lane", "to": "road"}]


def test_where_a_state_is_deleted_and_added_anew_nothing_is_moved_before_that() -> None:
    ops = set_once(
        base("two_mittens", "Two red mittens."),
        {"op": "add_state", "id": "pond", "state": {"base": "A pond."}},
        {"op": "delete_state", "id": "pond"},
        {"op": "add_state", "id": "pond", "state": {"base": "A pond in rain."}},
        base("pond", "A pond in snow."),
    )
    assert [op["op"] for op in ops] == ["set_field", "add_state", "delete_state", "add_state"]
    assert ops[1]["state"]["base"] == "A pond."
    assert ops[3]["state"]["base"] == "A pond in snow."


TEXTS = st.sampled_from(["A lane.", "Rain.", "Frost lies on it."])
STATES = st.sampled_from(["lane", "bench", "road", "pond"])
OPS = st.one_of(
    st.builds(base, STATES, TEXTS),
    st.builds(
        lambda id, half, text: {"op": "set_field", "state": id, "field": f"camera.{half}", "value": text},
        STATES,
        st.sampled_from(["static", "dynamic"]),
        TEXTS,
    ),
    st.builds(lambda id, patch: {"op": "update_state", "id": id, "patch": patch}, STATES, st.fixed_dictionaries(
        {}, optional={"base": TEXTS, "narration": TEXTS | st.none(),
                      "camera": st.builds(lambda a, b: {"static": a, "dynamic": b}, TEXTS, TEXTS)}
    )),
    st.builds(lambda body: {"op": "set_subject", **body}, st.fixed_dictionaries(
        {}, optional={"subject": TEXTS, "styleTail": TEXTS | st.none()}
    )),
    st.builds(lambda id, body: {"op": "set_state_ending", "state": id, "kind": "win", "title": "A", **body}, STATES,
              st.fixed_dictionaries({}, optional={"subtitle": TEXTS | st.none()})),
    st.builds(lambda id, text: {"op": "add_state", "id": id, "state": {"base": text}}, STATES, TEXTS),
    st.builds(lambda id: {"op": "delete_state", "id": id}, STATES),
    st.builds(lambda old, new: {"op": "rename_state", "from": old, "to": new}, STATES, STATES),
    st.builds(lambda patch: {"op": "update_event", "name": "walk_up_the_lane", "patch": patch}, st.fixed_dictionaries(
        {}, optional={"detail": TEXTS, "to": STATES, "grants": st.just(["seen"])}
    )),
    st.builds(lambda to: {"op": "set_event_grants", "event": "walk_up_the_lane", "value": [to]}, STATES),
)  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(st.lists(OPS, max_size=10))
def test_shorter_operations_always_lead_to_the_same_world(ops: list[Json]) -> None:
    taken: list[Json] = []
    world = BENCH
    for op in ops:
        try:
            step = apply(world, [op])
        except WorldError:
            continue
        world, taken = step.world, [*taken, *step.ops]
    assert BENCH.apply(shortened(taken)) == world
