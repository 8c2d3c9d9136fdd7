"""The hand-kept JSON Schema and the pydantic models are one definition."""

from __future__ import annotations

import copy
import functools
import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis_jsonschema import from_schema
from jsonschema import Draft202012Validator
from pydantic import BaseModel, ValidationError

import worldkit as wk
from tests.schemas import schema_problems
from tests.strategies import documents
from worldkit.core import model
from worldkit.core.problems import validate
from worldkit.core.schema import load_schema
from worldkit.core.versions import is_later_minor

ROOT = Path(__file__).parents[2]
FROZEN_SCHEMA_HASH = "d2fa08df938fc42a3fc191e747e70adc5b003e177244bd321f2daa6e80786519"
SCHEMA = load_schema()
DEFINITIONS: dict[str, Any] = {"World": SCHEMA, **SCHEMA["$defs"]}
HYPOTHESIS_SETTINGS = settings(
    max_examples=200,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)


def models() -> dict[str, type[BaseModel]]:
    parts = {
        name: value
        for name, value in vars(model).items()
        if isinstance(value, type) and issubclass(value, model.Part) and value is not model.Part
    }
    return {"World": parts.pop("DocumentModel"), **parts}


def is_accepted(document: Any) -> bool:
    """Return whether the models read a document."""
    tag = document.get("schemaVersion") if isinstance(document, dict) else None
    try:
        validate(model.DocumentModel, document, open_lists=is_later_minor(tag))
    except ValidationError:
        return False
    return True


def test_the_schema_is_frozen() -> None:
    text = (ROOT / "schema" / "smworld-1.0.json").read_bytes()
    assert hashlib.sha256(text).hexdigest() == FROZEN_SCHEMA_HASH


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_the_two_define_the_same_parts() -> None:
    assert set(models()) == set(DEFINITIONS)


@pytest.mark.parametrize("name", sorted(DEFINITIONS))
def test_the_two_list_the_same_fields_and_the_same_required_ones(name: str) -> None:
    fields = models()[name].model_fields
    assert [f.alias for f in fields.values()] == list(DEFINITIONS[name]["properties"])
    assert {f.alias for f in fields.values() if f.is_required()} == set(DEFINITIONS[name].get("required", ()))


@pytest.mark.parametrize("name", sorted(DEFINITIONS))
def test_every_field_is_described(name: str) -> None:
    assert DEFINITIONS[name]["description"]
    for field, schema in DEFINITIONS[name]["properties"].items():
        assert schema.get("description"), f"{name}.{field}"


def with_few_unknown_fields(schema: Any) -> Any:
    """Return the schema with few unknown fields, so that generated documents reach the known ones."""
    if isinstance(schema, dict):
        closed_schema = {key: with_few_unknown_fields(value) for key, value in schema.items()}
        if "properties" in closed_schema and "additionalProperties" not in closed_schema:
            closed_schema["additionalProperties"] = {"type": ["string", "null", "boolean"]}
            closed_schema["maxProperties"] = len(closed_schema.get("required", ())) + 5
        return closed_schema
    return [with_few_unknown_fields(item) for item in schema] if isinstance(schema, list) else schema


@functools.cache
def parts(name: str) -> st.SearchStrategy[Any]:
    """Return what the schema generates for a part: to read the schema takes longer than to generate."""
    return from_schema({"$ref": f"#/$defs/{name}", "$defs": with_few_unknown_fields(SCHEMA["$defs"])})


@pytest.mark.parametrize("name", sorted(set(SCHEMA["$defs"]) - {"Scene"}))
@settings(parent=HYPOTHESIS_SETTINGS, max_examples=25)
@given(data=st.data())
def test_what_the_schema_generates_the_models_read(name: str, data: st.DataObject) -> None:
    part = data.draw(parts(name))
    Draft202012Validator({"$ref": f"#/$defs/{name}", "$defs": SCHEMA["$defs"]}).validate(part)
    models()[name].model_validate(part)


@HYPOTHESIS_SETTINGS
@given(documents())
def test_a_generated_world_is_valid_to_both(document: dict[str, Any]) -> None:
    assert schema_problems(document) == []
    assert is_accepted(document)


FIELD_NAMES = sorted({key for d in DEFINITIONS.values() for key in d["properties"]})
VERSIONS = ["1.0", "1.1", "1.12", "offline/1", "offline/2", "2.0", "1", "01.0", None]
ODD: list[Any] = [
    "1.4",
    "offline/1",
    None,
    True,
    0,
    -1,
    1.5,
    2,
    "",
    "x",
    10**309,
    "settle",
    [],
    ["x"],
    [1],
    {},
    {"ms": 1},
    {"static": "a"},
    [{}],
    [None],
]


@st.composite
def spoiled_documents(draw: st.DrawFn) -> Any:
    """Return a sound world with one to three values anywhere in it replaced, removed or added."""
    document = copy.deepcopy(draw(documents(max_states=3, max_events=4)))
    if draw(st.booleans()):
        document["schemaVersion"] = draw(st.sampled_from(VERSIONS))
    for _ in range(draw(st.integers(1, 3))):
        places: list[tuple[Any, Any]] = []

        def walk(value: Any, places: list[tuple[Any, Any]] = places) -> None:
            keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
            for key in keys:
                places.append((value, key))
                walk(value[key])

        walk(document)
        if not places:
            break
        holder, key = draw(st.sampled_from(places))
        act = draw(st.sampled_from(["replace", "remove", "add"]))
        if act == "replace":
            holder[key] = copy.deepcopy(draw(st.sampled_from(ODD)))
        elif act == "remove":
            del holder[key]
        elif isinstance(holder, dict):
            holder[draw(st.sampled_from(FIELD_NAMES))] = copy.deepcopy(draw(st.sampled_from(ODD)))
    return document


@settings(parent=HYPOTHESIS_SETTINGS, max_examples=700)
@given(spoiled_documents())
def test_a_spoiled_world_is_accepted_or_rejected_by_both(document: Any) -> None:
    assert is_accepted(document) == (schema_problems(document) == [])


@HYPOTHESIS_SETTINGS
@given(documents())
def test_a_scene_built_when_first_read_is_the_scene_pydantic_reads(document: dict[str, Any]) -> None:
    world = wk.World.from_dict(document)
    assert "scene" not in vars(world)
    assert world.scene == model.Scene.model_validate(document["scene"])


def test_literals_match() -> None:
    for name in ("Drive", "Autopilot"):
        for field, schema in DEFINITIONS[name]["properties"].items():
            if "enum" in schema:
                alias = {f.alias: f for f in models()[name].model_fields.values()}
                literal = next(a for a in get_args(alias[field].annotation) if a is not type(None))
                assert list(get_args(literal)) == schema["enum"]


def test_the_json_of_the_schema_is_pretty_and_ordered() -> None:
    text = (ROOT / "schema" / "smworld-1.0.json").read_text(encoding="utf-8")
    assert text == json.dumps(SCHEMA, indent=2, ensure_ascii=False) + "\n"


def test_every_field_of_a_part_is_documented_with_the_words_of_the_schema() -> None:
    script = [sys.executable, str(ROOT / "scripts" / "model_docs.py"), "--check"]
    answer = subprocess.run(script, capture_output=True, text=True)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert f"ending: {DEFINITIONS['State']['properties']['ending']['description']}" in (wk.State.__doc__ or "")
