"""Judging by a JSON Schema: the same as the Python library jsonschema, whole or part by part, in bounded time."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given
from jsonschema import Draft202012Validator

from tests.document.test_schema_and_models import HYPOTHESIS_SETTINGS, spoiled_documents
from tests.growing import MAX_GROWTH, growth
from worldkit.core.schema import load_schema
from worldkit.core.schema_judge import SchemaJudge, Violation
from worldkit.core.schema_problems import document_problems

Json = dict[str, Any]

WORLD_SCHEMA = load_schema()
LIBRARY = Draft202012Validator(WORLD_SCHEMA)

FOREIGN: Json = {
    "type": "object",
    "required": ["a", "b"],
    "minProperties": 2,
    "properties": {
        "a/b~c %": {"type": ["string", "null"]},
        "nothing": False,
        "anything": True,
        "const": {"const": {"a": 1}},
        "one": {"oneOf": [{"type": "integer"}, {"minimum": 2}]},
        "not": {"not": {"type": "string"}},
        "names": {"propertyNames": {"maxLength": 2}},
        "contains": {"contains": {"const": 1}},
        "unique": {"uniqueItems": True},
        "if": {"if": {"type": "string"}, "then": {"minLength": 3}, "else": {"type": "integer"}},
        "closed": {"properties": {"k": {}}, "additionalProperties": False},
        "patterns": {"patternProperties": {"^a": {"type": "string"}}},
        "tuple": {"prefixItems": [{"type": "string"}], "items": {"type": "null"}},
        "list": {"type": "array", "minItems": 3, "items": {"$ref": "#/$defs/by%20name"}},
        "anchor": {"$ref": "#place"},
        "other": {"$ref": "urn:other"},
        "self": {"$ref": "#"},
    },
    "additionalProperties": {"exclusiveMaximum": 3},
    "$defs": {
        "by name": {"type": "object", "properties": {"x": {"enum": [1, 2]}}},
        "anchor": {"$anchor": "place", "multipleOf": 2},
        "other": {"$id": "urn:other", "items": {"$ref": "#/$defs/a"}, "$defs": {"a": {"type": "number"}}},
    },
}
INVALID_DOCUMENT: Json = {
    "a/b~c %": 3,
    "nothing": 1,
    "anything": 1,
    "const": 4,
    "one": 1.5,
    "not": "s",
    "names": {"abc": 1},
    "contains": [2],
    "unique": [1, 1],
    "if": "a",
    "closed": {"j": 1},
    "patterns": {"ab": 3},
    "tuple": [1, 2],
    "list": [{"x": 3}, 4],
    "anchor": 3,
    "other": [1, "s"],
    "self": {"list": [3]},
    "more": 3,
}


def places(violations: Iterable[Violation]) -> set[tuple[str, str]]:
    return {(str(violation.steps), violation.keyword) for violation in violations}


@HYPOTHESIS_SETTINGS
@given(document=spoiled_documents())
def test_the_library_jsonschema_refuses_the_same_at_the_same_places(document: Any) -> None:
    assert places(SchemaJudge(WORLD_SCHEMA).violations(document)) == {
        (str(list(error.absolute_path)), error.validator) for error in LIBRARY.iter_errors(document)
    }


def test_any_other_schema_is_judged_like_by_the_library_jsonschema() -> None:
    library = Draft202012Validator(FOREIGN)
    errors = {(str(list(error.absolute_path)), error.validator) for error in library.iter_errors(INVALID_DOCUMENT)}
    # what the two call otherwise: a name that is refused, and a field where nothing is allowed
    assert places(SchemaJudge(FOREIGN).violations(INVALID_DOCUMENT)) ^ errors == {
        ("['names']", "propertyNames"),
        ("['names']", "maxLength"),
        ("['nothing']", "falseSchema"),
        ("[]", None),
    }


@pytest.mark.parametrize("id", ["0", "007", "+1", "18446744073709551615", "", "a/b", "~1"])
def test_a_key_is_not_mistaken_for_an_index(id: str) -> None:
    document = {"scene": {"states": {id: {"camera": {"static": 1}}}, "events": []}}
    steps = [violation.steps for violation in SchemaJudge(WORLD_SCHEMA).violations(document)]
    place = ["scene", "states", id]
    assert sorted(steps, key=len) == [place, [*place, "camera"], [*place, "camera", "static"]]
    assert len(document_problems(document)) == 3


def test_a_violation_has_the_words_of_the_schema() -> None:
    by_field = {v.steps[0]: v for v in SchemaJudge(FOREIGN).violations(INVALID_DOCUMENT) if len(v.steps) == 1}
    assert by_field["a/b~c %"].expected_value == ["string", "null"]  # in the order of the schema
    assert (by_field["list"].schema, by_field["list"].expected_value) == (FOREIGN["properties"]["list"], 3)
    assert (by_field["anchor"].schema, by_field["anchor"].expected_value) == (None, 2)
    assert [[inner.keyword for inner in branch] for branch in by_field["one"].alternatives] == [["type"], ["minimum"]]


@pytest.mark.parametrize(
    "document",
    [
        lambda n: {"scene": {"states": {}, "events": [1] * n}},
        lambda n: {"scene": {"states": {"a": {"base": "A."}}, "events": [{"kind": "x"}] * n}},
        lambda n: {"scene": {"states": {str(i): {} for i in range(n)}, "events": []}},
        lambda n: {"scene": {"states": {}, "events": [{"name": "a", "kind": "override", "from": ["a"] * n + [1]}]}},
        lambda n: {"scene": {"states": {}, "events": []}, "cutscenes": [{}] * n},
        lambda n: {"scene": {"states": {}, "events": [{"camera": dict.fromkeys(map(str, range(n)), 1)}]}},
    ],
)
def test_the_cost_of_judging_grows_with_the_document(document: Any) -> None:
    def prepare(n: int) -> Any:
        value = document(n)
        return lambda: document_problems(value)

    assert growth(prepare, 4_000) <= MAX_GROWTH


def test_no_more_violations_are_made_than_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    count = 0
    translate = SchemaJudge._violation

    def counting(*arguments: Any) -> Violation:
        nonlocal count
        count += 1
        return translate(*arguments)

    monkeypatch.setattr(SchemaJudge, "_violation", counting)
    events = [{"name": i, "kind": "x", "from": 3, "phases": [1] * 10} for i in range(50_000)]
    assert len(document_problems({"scene": {"states": {}, "events": events}})) == 1_001
    assert count < 2_000
