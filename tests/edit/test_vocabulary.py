"""The vocabulary, its schema and its documentation say the same."""

from __future__ import annotations

import re
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.edit.house import apply_to_house
from tests.edit.test_operations import EXAMPLES
from tests.schemas import schema_problems
from worldkit.core.schema import load_schema
from worldkit.editing.canonical import canonicalize
from worldkit.editing.labels import label
from worldkit.editing.raw_ops import RAW_OPS
from worldkit.editing.registry import Op
from worldkit.editing.vocabulary import ALIASES, OPS, OWN_OPS

SCHEMA = load_schema("ops")

CONTRACT_OPS = [
    "add_state",
    "update_state",
    "delete_state",
    "remove_state",
    "rename_state",
    "set_field",
    "set_state_ending",
    "add_event",
    "add_transition",
    "add_override",
    "update_event",
    "delete_event",
    "remove_event",
    "set_event_field",
    "set_event_kind",
    "set_event_drive",
    "set_event_hotkey",
    "set_event_phases",
    "set_event_anchor",
    "set_event_grants",
    "set_event_requires",
    "set_event_locked_hint",
    "set_entrance",
    "add_variant",
    "remove_variant",
    "set_variant_field",
    "add_mission",
    "add_sequence",
    "remove_sequence",
    "add_cutscene",
    "remove_cutscene",
    "set_story",
    "add_story_beat",
    "set_intro",
    "set_outro",
    "set_narrate",
    "set_subject",
]


def arguments(op: Op) -> set[str]:
    body_names = {op.body.name} if op.body and not op.body.is_spread else set()
    return {argument.name for argument in op.arguments} | body_names


def test_the_vocabulary_is_the_contracts_37_and_five_of_our_own() -> None:
    assert len(CONTRACT_OPS) == 37
    assert {"rename_event", "rename_flag", *RAW_OPS} == set(OWN_OPS)
    assert set(ALIASES) == {*CONTRACT_OPS, *OWN_OPS}


def test_the_schemas_are_valid_schemas() -> None:
    for name in ("ops", "diagnostic"):
        Draft202012Validator.check_schema(load_schema(name))


def test_the_schema_lists_exactly_the_vocabulary() -> None:
    branches = [branch["$ref"].removeprefix("#/$defs/") for branch in SCHEMA["oneOf"]]
    assert sorted(branches) == sorted(OPS)
    op_schemas = [SCHEMA["$defs"][name]["properties"]["op"] for name in branches]
    spellings_in_schema = [name_constant for op in op_schemas for name_constant in op.get("enum", [op.get("const")])]
    assert sorted(spellings_in_schema) == sorted(ALIASES)


@pytest.mark.parametrize("name", sorted(OPS))
def test_the_schema_has_an_operations_arguments_and_its_documentation(name: str) -> None:
    op, op_schema = OPS[name], SCHEMA["$defs"][name]
    assert op_schema["properties"].keys() - {"op"} == arguments(op)
    required = {argument.name for argument in op.arguments if argument.is_required}
    body_names = {op.body.name} if op.body and not op.body.is_spread else set()
    assert set(op_schema["required"]) == {"op"} | required | body_names
    assert op_schema["description"] == op.summary
    assert (op_schema.get("additionalProperties", True) is True) == bool(
        op.body and op.body.is_spread and not op.body.is_closed
    )


def has_descriptions(schema: Any) -> bool:
    """Return whether every property under a schema has a description."""
    if isinstance(schema, list):
        return all(map(has_descriptions, schema))
    if not isinstance(schema, dict):
        return True
    own = all("description" in property_schema for property_schema in schema.get("properties", {}).values())
    return own and all(map(has_descriptions, schema.values()))


def test_every_field_of_the_schemas_has_a_description() -> None:
    assert has_descriptions(SCHEMA)
    assert has_descriptions(load_schema("diagnostic"))


@pytest.mark.parametrize("op", [op for op, _ in EXAMPLES], ids=lambda op: op["op"])
def test_the_canonical_form_of_every_example_is_valid_by_the_schema(op: dict[str, Any]) -> None:
    assert schema_problems(canonicalize([op])[0], "ops") == []


@pytest.mark.parametrize(
    "op",
    [
        {"op": "paint"},
        {"op": "add_state"},
        {"op": "add_state", "state": {"base": 3}},
        {"op": "set_field", "state": "a", "field": "music", "value": "x"},
        {"op": "remove_variant", "state": "a"},
        {"op": "delete_state", "id": "a", "why": "x"},
    ],
    ids=str,
)
def test_the_schema_refuses_what_is_no_operation(op: dict[str, Any]) -> None:
    assert schema_problems(op, "ops")


@pytest.mark.parametrize("name", sorted(OPS))
def test_every_title_is_filled_from_arguments_that_exist(name: str) -> None:
    holes = re.findall(r"\{([A-Za-z]+)", OPS[name].title)
    assert set(holes) <= arguments(OPS[name])


LABELS = [
    ({"op": "add_state", "id": "loft", "base": "x"}, "Add state loft"),
    ({"op": "rename_state", "from": "hall", "newId": "lobby"}, "Rename hall to lobby"),
    ({"op": "update_event", "name": "climb", "patch": {"name": "go"}}, "Rename event climb to go"),
    ({"op": "add_event", "name": "ask", "kind": "override", "from": ["hall"]}, "Add event ask"),
    ({"op": "set_entrance", "state": None}, "Clear entrance"),
    ({"op": "add_state", "id": "می\u200cروم", "base": "x"}, "Add state می\u200cروم"),
    ({"op": "add_state", "id": "a\nb <b>" + "x" * 90, "base": "x"}, "Add state a b <b>" + "x" * 32 + "…"),
]


@pytest.mark.parametrize(("op", "expected"), LABELS, ids=[text for _, text in LABELS])
def test_a_batch_of_one_is_named_after_what_it_does(op: dict[str, Any], expected: str) -> None:
    assert apply_to_house(**op).label == expected


def test_a_larger_batch_is_named_after_what_its_operations_share() -> None:
    delete = [{"op": "delete_state", "id": "hall"}, {"op": "delete_state", "id": "attic"}]
    assert label(canonicalize(delete)) == "Delete 2 states"
    assert label(canonicalize([*delete, {"op": "set_narrate", "narrate": True}])) == "3 changes"
    assert label([]) == "No changes"


def references(schema: Any, path: str = "") -> dict[str, Any]:
    """Return what each argument refers to, by where it stands in the schema."""
    if not isinstance(schema, dict):
        return {}
    references_by_path = {path: schema["x-ref"]} if "x-ref" in schema else {}
    for key, value in schema.items():
        references_by_path |= references(value, f"{path}.{key}".lstrip(".").replace("properties.", ""))
    return references_by_path


def test_every_argument_that_names_something_that_exists_is_marked_as_a_reference() -> None:
    references_by_path = references(SCHEMA["$defs"])
    kinds = {kind for ref in references_by_path.values() for kind in (ref if isinstance(ref, list) else [ref])}
    assert kinds == {"state", "event", "cutscene", "sequence"}
    for op in OPS.values():
        for argument in op.arguments:
            place = SCHEMA["$defs"][op.name]["properties"][argument.name]
            description = place.get("description", "")
            if description.startswith(("The state's id", "The event's name")) and op.name != "put_state":
                assert place["x-ref"] in ("state", "event"), f"{op.name}.{argument.name}"
    assert references_by_path["rename_state.from"] == "state" and "rename_state.to" not in references_by_path
    assert references_by_path["set_event_kind.to"] == ["state", "cutscene"]
