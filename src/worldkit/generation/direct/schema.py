"""JSON Schemas of what a model answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def closed_object(optional: Mapping[str, Any] | None = None, /, **required: Any) -> dict[str, Any]:
    """Return the JSON Schema of an object with exactly these properties, and perhaps the optional ones."""
    return {
        "type": "object",
        "properties": {**required, **(optional or {})},
        "required": list(required),
        "additionalProperties": False,
    }


def list_of(items: Mapping[str, Any], least: int, most: int) -> dict[str, Any]:
    """Return the JSON Schema of a list."""
    return {"type": "array", "items": items, "minItems": least, "maxItems": most}
