"""``SchemaJudge``: what a JSON Schema refuses in a value.

jsonschema-rs, which does it, finds within milliseconds whether a value is valid. But it lists all violations at once,
each with a copy of what is refused: gigabytes for a document of 5 MB that is wrong everywhere. And its paths are not
exact: the key "007" becomes the index 7. So an invalid value is judged part by part, as far as the caller reads on.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from worldkit.core.errors import WrongArgument
from worldkit.core.json_values import Json, format_short_path

if TYPE_CHECKING:
    from jsonschema_rs import ValidationError, ValidatorMap

_PLAIN_KEYWORDS = frozenset({"type", "enum", "const", "required", "minItems", "maxItems", "minProperties"})
_PART_KEYWORDS = frozenset({"properties", "additionalProperties", "items"})
_ANNOTATIONS = frozenset({"$schema", "$defs", "definitions", "title", "description", "examples", "default"})
_SEPARABLE_KEYWORDS = _PLAIN_KEYWORDS | _PART_KEYWORDS | _ANNOTATIONS


_OPTIONS: dict[str, Any] = {"validate_formats": False, "offline": True}
"""As the standard says, formats are notes; and no schema is fetched from elsewhere."""


@dataclass(frozen=True, slots=True)
class Violation:
    """One thing that a schema refuses in a value."""

    steps: list[str | int]
    """Where it is: keys and indexes."""
    value: Any
    """What is refused."""
    keyword: str
    """The keyword that refuses it, such as ``"type"``; ``"falseSchema"`` where nothing is allowed."""
    expected_value: Any
    """What the schema says under the keyword."""
    schema: Any
    """The schema that has the keyword."""
    message: str
    """The violation in the words of jsonschema-rs."""
    missing_field: str | None
    """The field that is required and missing."""
    alternatives: list[list[Violation]]
    """What each alternative refuses, of ``"anyOf"`` and ``"oneOf"``."""


class SchemaJudge:
    """Judges values by one JSON Schema.

    Raises:
        WrongArgument: It is no JSON Schema, or refers to one that it does not hold.
    """

    def __init__(self, schema: Json) -> None:
        from jsonschema_rs import ValidationError, validator_for

        self._schema = schema
        try:
            self._validator = validator_for(schema, **_OPTIONS)
        except ValidationError as error:
            place = format_short_path(list(error.instance_path)) or "the whole"
            actual = f"one that is wrong at {place}: {error.message[:200]}"
            raise WrongArgument("schema", "a JSON Schema that holds every part it refers to", actual) from None

    def violations(self, value: Any) -> Iterator[Violation]:
        """Yield what the schema refuses in a JSON value."""
        if self._validator.is_valid(value):
            return iter(())
        # an identifier of the whole schema changes no reference that begins with #
        schema = {keyword: part for keyword, part in self._schema.items() if keyword != "$id"}
        return self._violations("#", schema, value, [])

    @cached_property
    def _validators(self) -> ValidatorMap:
        """What judges by each part of the schema, by its pointer."""
        from jsonschema_rs import validator_map_for

        return validator_map_for(self._schema, **_OPTIONS)

    def _violations(self, pointer: str, schema: Any, value: Any, steps: list[str | int]) -> Iterator[Violation]:
        validator = self._validators[pointer]
        if validator.is_valid(value):
            return
        if self._is_reference(schema):
            target = schema["$ref"]
            yield from self._violations(unquote(target), self._target(target), value, steps)
        elif _is_separable(schema):
            yield from self._plain_violations(schema, value, steps)
            for step, part_pointer, part_schema in _parts(schema, value):
                yield from self._violations(pointer + part_pointer, part_schema, value[step], [*steps, step])
        else:
            for error in validator.iter_errors(value):
                yield self._violation(error, schema, value, steps)

    def _plain_violations(self, schema: Json, value: Any, steps: list[str | int]) -> Iterator[Violation]:
        """Yield what the keywords of a schema refuse that do not speak of a value's parts."""
        from jsonschema_rs import iter_errors

        plain_schema = {keyword: part for keyword, part in schema.items() if keyword in _PLAIN_KEYWORDS}
        for error in iter_errors(plain_schema, value):
            yield self._violation(error, schema, value, steps)

    def _is_reference(self, schema: Any) -> bool:
        return (
            isinstance(schema, dict)
            and schema.keys() - _ANNOTATIONS == {"$ref"}
            and unquote(schema["$ref"]) in self._validators
        )

    def _target(self, reference: str) -> Any:
        """Return the part of the schema that a reference names.

        Raises:
            LookupError: It is no JSON pointer into the schema.
        """
        root, *steps = unquote(reference).split("/")
        if root != "#":
            raise LookupError(reference)
        part: Any = self._schema
        for step in steps:
            name = step.replace("~1", "/").replace("~0", "~")
            part = part[int(name)] if isinstance(part, list) else part[name]
        return part

    def _violation(self, error: ValidationError, schema: Any, value: Any, steps: list[str | int]) -> Violation:
        """Return an error of jsonschema-rs, found by a schema in the value at some steps, as a violation."""
        kind = error.kind
        holder, expected = schema, schema
        try:
            for step in error.evaluation_path:
                holder, expected = expected, expected[step]
                if step == "$ref" and isinstance(expected, str):
                    expected = self._target(expected)
        except LookupError:  # behind a reference to an anchor or an identifier
            holder, expected = None, kind.value
        place, fragment = _follow(error.instance_path, value)
        branches = kind.context if kind.name in ("anyOf", "oneOf") else []  # type: ignore[attr-defined]
        return Violation(
            [*steps, *place],
            fragment,
            kind.name,
            expected,
            holder,
            error.message,
            kind.property if kind.name == "required" else None,  # type: ignore[attr-defined]
            [[self._violation(inner, schema, value, steps) for inner in branch] for branch in branches],
        )


def _is_separable(schema: Any) -> bool:
    """Return whether a schema has but plain keywords and schemas for a value's parts, so that each judges by itself."""
    return (
        isinstance(schema, dict)
        and schema.keys() <= _SEPARABLE_KEYWORDS
        and isinstance(schema.get("additionalProperties", {}), dict)
        and isinstance(schema.get("items", {}), dict)
    )


def _parts(schema: Json, value: Any) -> Iterator[tuple[Any, str, Any]]:
    """Yield each part of a value that a schema speaks of: its key or index, and the pointer and the schema for it."""
    if isinstance(value, list) and "items" in schema:
        for i in range(len(value)):
            yield i, "/items", schema["items"]
    elif isinstance(value, dict):
        fields, other = schema.get("properties", {}), schema.get("additionalProperties")
        for key in fields:
            if key in value:
                yield key, "/properties/" + key.replace("~", "~0").replace("/", "~1"), fields[key]
        if other is not None:
            yield from ((key, "/additionalProperties", other) for key in value if key not in fields)


def _follow(path: list[str | int], value: Any) -> tuple[list[str | int], Any]:
    """Return the steps of a path of jsonschema-rs in a value, as far as they are clear, and what they lead to."""
    steps: list[str | int] = []
    for step in path:
        if isinstance(value, dict):
            step = str(step)
            if step not in value:
                break
        value = value[step]
        steps.append(step)
    return steps, value
