"""What a model is asked, and the JSON of its answers: prompts, schemas, and the reading of whatever comes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from worldkit.generation.text.data import read_typed

Schema = dict[str, Any]


def prompt(name: str, **values: object) -> str:
    """Return a text of ``prompts.toml`` with values put in."""
    return read_typed(str, "prompts.toml", name).format_map(values)


TEXT: Schema = {"type": "string"}
"""The JSON Schema of a text."""


def one_of(values: Iterable[str]) -> Schema:
    """Return the JSON Schema of a text that is one of some."""
    return {"type": "string", "enum": list(values)}


def closed_object(optional: Mapping[str, Any] | None = None, /, **required: Any) -> Schema:
    """Return the JSON Schema of an object with exactly these properties, and perhaps the optional ones."""
    return {
        "type": "object",
        "properties": {**required, **(optional or {})},
        "required": list(required),
        "additionalProperties": False,
    }


def list_of(items: Mapping[str, Any], least: int, most: int) -> Schema:
    """Return the JSON Schema of a list."""
    return {"type": "array", "items": items, "minItems": least, "maxItems": most}


def with_definitions(schema: Schema, definitions: Mapping[str, Schema]) -> Schema:
    """Return a schema that says each of some forms once, however often it has them."""

    def shortened(node: Any) -> Any:
        if isinstance(node, Mapping):
            name = next((name for name, form in definitions.items() if form == node), None)
            return {"$ref": f"#/$defs/{name}"} if name else {key: shortened(value) for key, value in node.items()}
        return [shortened(item) for item in node] if isinstance(node, list) else node

    return {**shortened(schema), "$defs": dict(definitions)}


def compact(value: Any) -> str:
    """Return JSON without spaces, in which a model is to answer too: they cost tokens."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def as_object(value: Any) -> Mapping[str, Any]:
    """Return a value if it is an object, else an empty one."""
    return value if isinstance(value, Mapping) else {}


def as_list(value: Any) -> Sequence[Any]:
    """Return a value if it is a list, else an empty one."""
    return value if isinstance(value, Sequence) and not isinstance(value, str) else []


def texts_in(value: Any) -> Iterator[str]:
    """Yield every text in the values of an answer, at any depth."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping | Sequence):
        for inner in value.values() if isinstance(value, Mapping) else value:
            yield from texts_in(inner)


def value_at(data: Any, key: Sequence[str]) -> Any:
    """Return what stands at a key of an answer, or None."""
    for part in key:
        data = as_object(data).get(part)
    return data
