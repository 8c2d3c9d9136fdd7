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


WALK = "walk_up_the_lane"


def test_a_value_is_moved_also_out_of_an_operation_that_sets_more() -> None:
    ops = set_once(
        base("lane", "A lane."),
        {"op": "update_state", "id": "lane", "patch": {"base": "A lane in frost.", "narration": "It is cold."}},
        {"op": "set_event_grants", "event": WALK, "value": ["a"]},
        {"op": "update_event", "name": WALK, "patch": {"grants": ["b"], "detail": "Walk."}},
    )
    assert ops == [
        base("lane", "A lane in frost."),
        {"op": "update_state", "id": "lane", "patch": {"narration": "It is cold."}},
        {"op": "set_event_grants", "event": WALK, "value": ["b"]},
        {"op": "update_event", "name": WALK, "patch": {"detail": "Walk."}},
    ]


def test_phases_that_were_removed_and_are_set_again_are_set_once() -> None:
    ops = set_once(
        {"op": "set_event_phases", "event": WALK, "value": None},
        {"op": "update_event", "name": WALK, "patch": {"phases": [{"base": "Up the lane."}], "detail": "Walk."}},
    )
    patch = {"phases": [{"base": "Up the lane."}], "detail": "Walk."}
    assert ops == [{"op": "update_event", "name": WALK, "patch": patch}]


def of_variant(label: str, field: str, value: Any) -> Json:
    return {"op": "set_variant_field", "state": "lane", "label": label, "field": field, "value": value}


def variants(*labels: str, text: str = "Rain.") -> Json:
    bodies = [{"label": label, "base": text} for label in labels]
    return {"op": "update_state", "id": "lane", "patch": {"variants": bodies}}


def test_a_variant_keeps_its_values_when_its_label_changes() -> None:
    label = of_variant("B", "label", "C")
    ops = set_once(variants("A", "B"), of_variant("B", "base", "Snow."), label, of_variant("C", "base", "Frost."))
    assert [op["op"] for op in ops] == ["update_state", "set_variant_field"] and ops[1] == label
    assert ops[0]["patch"]["variants"][1] == {"label": "B", "base": "Frost."}


def test_variants_that_are_set_anew_stay_behind_what_changed_those_before_them() -> None:
    ops = set_once(
        base("lane", "A lane."),
        variants("A"),
        of_variant("A", "label", "B"),
        {"op": "update_state", "id": "lane", "patch": {"base": "A lane in frost.", **variants("A")["patch"]}},
    )
    assert ops == [base("lane", "A lane in frost."), variants("A"), of_variant("A", "label", "B"), variants("A")]


def test_variants_that_are_set_anew_stand_where_they_were_set_first() -> None:
    assert set_once(variants("A"), variants("A", "B"), of_variant("A", "base", "Snow."), variants("B")) == [
        variants("B")
    ]
    assert set_once(variants("A"), of_variant("A", "ambient", ["Wind."]), of_variant("A", "ambient", None)) == [
        variants("A"), of_variant("A", "ambient", None)
    ]  # fmt: skip


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
    st.builds(lambda patch: {"op": "update_event", "name": WALK, "patch": patch}, st.fixed_dictionaries(
        {}, optional={"detail": TEXTS, "to": STATES, "grants": st.just(["seen"])}
    )),
    st.builds(variants, st.sampled_from("AB"), text=TEXTS),
    st.builds(of_variant, st.sampled_from("AB"), st.just("label"), st.sampled_from("AB")),
    st.builds(lambda label, text: {"op": "add_variant", "state": "lane", "variant": {"label": label, "base": text}},
              st.sampled_from("AB"), TEXTS),
    st.builds(lambda label: {"op": "remove_variant", "state": "lane", "variant": label}, st.sampled_from("AB")),
    st.builds(lambda id, text: {"op": "add_state", "id": id, "state": {
        "base": text, "variants": [{"label": "A", "base": text}]}}, st.just("lane"), TEXTS),
)  # fmt: skip
"""Operations of which some change what others are about."""

PHASES = st.none() | st.lists(st.builds(lambda text: {"base": text}, TEXTS), min_size=1, max_size=2)
FLAGS = st.lists(st.sampled_from(["seen", "heard"]), max_size=1)
VALUES = st.one_of(
    st.builds(base, st.sampled_from(["lane", "bench"]), TEXTS),
    st.builds(lambda id, patch: {"op": "update_state", "id": id, "patch": patch}, st.sampled_from(["lane", "bench"]),
              st.fixed_dictionaries({}, optional={"base": TEXTS, "narration": TEXTS | st.none()})),
    st.builds(lambda patch: {"op": "update_event", "name": WALK, "patch": patch}, st.fixed_dictionaries(
        {}, optional={"base": TEXTS, "detail": TEXTS, "grants": FLAGS, "phases": PHASES}
    )),
    st.builds(lambda flags: {"op": "set_event_grants", "event": WALK, "value": flags}, FLAGS),
    st.builds(lambda phases: {"op": "set_event_phases", "event": WALK, "value": phases}, PHASES),
    st.builds(lambda text: {"op": "set_event_field", "event": WALK, "field": "detail", "value": text}, TEXTS),
    st.builds(of_variant, st.sampled_from("AB"), st.just("base"), TEXTS),
    st.builds(lambda body: {"op": "set_subject", **body}, st.fixed_dictionaries({}, optional={"subject": TEXTS})),
)  # fmt: skip
"""Operations that set values and nothing else."""


def taken_ones(world: wk.World, ops: list[Json]) -> list[Json]:
    """Return the operations that can be applied one after the other, in canonical spelling."""
    taken: list[Json] = []
    for op in ops:
        try:
            step = apply(world, [op])
        except WorldError:
            continue
        world, taken = step.world, [*taken, *step.ops]
    return taken


def addresses(op: Json) -> list[tuple[str, ...]]:
    """Return what an operation of those that only set values sets."""
    match op["op"]:
        case "set_field":
            return [("state", op["state"], op["field"])]
        case "set_variant_field":
            return [("variant", op["state"], op["label"], op["field"])]
        case "set_event_field":
            return [("event", op["event"], op["field"])]
        case "set_event_grants" | "set_event_phases":
            return [("event", op["event"], op["op"].removeprefix("set_event_"))]
        case "update_state":
            return [("state", op["id"], key) for key in op["patch"]]
        case "update_event":
            return [("event", op["name"], key) for key in op["patch"]]
    return [("world", "subject")] * ("subject" in op)


@settings(max_examples=200, deadline=None)
@given(st.lists(VALUES, max_size=10))
def test_operations_that_set_values_set_each_once(ops: list[Json]) -> None:
    world = BENCH.apply([variants("A", "B")])
    taken = taken_ones(world, ops)
    shorter = without_repeated(world, taken)
    assert world.apply(shorter) == world.apply(taken)
    places = [address for op in shorter for address in addresses(op)]
    assert len(places) == len(set(places))


@settings(max_examples=200, deadline=None)
@given(st.lists(st.one_of(OPS, VALUES), max_size=10))
def test_shorter_operations_always_lead_to_the_same_world(ops: list[Json]) -> None:
    taken = taken_ones(BENCH, ops)
    assert BENCH.apply(shortened(taken)) == BENCH.apply(taken)
