"""Compares worldkit's JSON Schema of SMWorld with another one, such as the vendor's published one, field by field.

    python scripts/compare_schemas.py https://alakazam.gg/schema/smworld-1.0.json
    python scripts/compare_schemas.py published.json --ours schema/smworld-1.0.json

Prints every field that only one of the two has, and every field of which they say different things. Exits with 0 when
there is none, with 1 when there is one, and with 2 when a schema cannot be read.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
OUR_SCHEMA_FILE = ROOT / "schema" / "smworld-1.0.json"
MAX_BYTES = 10_000_000
TIMEOUT_SECONDS = 30
BOUNDS = (
    *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "minItems", "maxItems", "minLength", "maxLength"),
    *("minProperties", "maxProperties", "pattern", "format"),
)

Schema = dict[str, Any]


def read(source: str) -> Schema:
    """Return the schema at a path or an http(s) address.

    Args:
        source: The path or address.

    Raises:
        ValueError: What is there is no JSON object, or too large.
        OSError: It cannot be read.
    """
    if source.startswith(("http://", "https://")):
        import httpx

        with httpx.stream("GET", source, timeout=TIMEOUT_SECONDS, follow_redirects=True) as answer:
            answer.raise_for_status()
            text = b""
            for chunk in answer.iter_bytes():
                text += chunk
                if len(text) > MAX_BYTES:
                    raise ValueError(f"it is larger than {MAX_BYTES:,} bytes")
    else:
        text = Path(source).read_bytes()
    value = json.loads(text)
    if not isinstance(value, dict):
        raise ValueError(f"expected a JSON Schema, an object, got {type(value).__name__}")
    return value


class Fields:
    """What a schema says of each field of a document.

    Args:
        schema: The schema; its references are within itself.

    Attributes:
        facts: What it says, by the path of the field: ``scene.states.*.camera.static``, ``scene.events[].to``.
    """

    def __init__(self, schema: Schema) -> None:
        self._root = schema
        self.facts: dict[str, dict[str, Any]] = {}
        self._visit(schema, "", (), is_required=True)

    def _visit(self, schema: Any, path: str, open_refs: tuple[int, ...], *, is_required: bool) -> None:
        branches = [branch for branch in self._branches(schema, ()) if id(branch) not in open_refs]
        facts = self.facts.setdefault(path, {"required": is_required})
        kinds = {kind for branch in branches for kind in _types(branch)}
        if kinds:
            facts["type"] = sorted(kinds)
        words = [word for branch in branches for word in _words(branch)]
        if words:
            facts["words"] = sorted(map(json.dumps, words))
        for name in BOUNDS:
            values = sorted({json.dumps(branch[name]) for branch in branches if name in branch})
            if values:
                facts[name] = values
        for branch in branches:
            inner = (*open_refs, id(branch))
            required = set(branch.get("required", ()))
            for name, part in branch.get("properties", {}).items():
                self._visit(part, f"{path}.{name}" if path else name, inner, is_required=name in required)
            for keyword in ("additionalProperties", "patternProperties"):
                parts = branch.get(keyword)
                for part in parts.values() if keyword == "patternProperties" and parts else [parts]:
                    if isinstance(part, dict):
                        self._visit(part, f"{path}.*", inner, is_required=False)
            if isinstance(branch.get("items"), dict):
                self._visit(branch["items"], f"{path}[]", inner, is_required=False)

    def _branches(self, schema: Any, open_refs: tuple[str, ...]) -> Iterator[Schema]:
        """Yield the alternatives of a schema, with references followed and what all of them say beside them."""
        if not isinstance(schema, dict):
            return
        reference = schema.get("$ref")
        if isinstance(reference, str):
            if reference in open_refs:
                return
            yield from self._branches(self._resolve(reference), (*open_refs, reference))
        parts = [part for keyword in ("anyOf", "oneOf", "allOf") for part in schema.get(keyword, ())]
        for part in parts:
            yield from self._branches(part, open_refs)
        if schema.keys() - {"$ref", "anyOf", "oneOf", "allOf", "description", "title", "$defs", "definitions"}:
            yield schema

    def _resolve(self, reference: str) -> Any:
        document, _, pointer = reference.partition("#")
        if document and document != self._root.get("$id"):
            raise ValueError(f"the reference {reference!r} leads out of the schema")
        value: Any = self._root
        for step in filter(None, pointer.split("/")):
            name = step.replace("~1", "/").replace("~0", "~")
            if not isinstance(value, dict) or name not in value:
                raise ValueError(f"the reference {reference!r} leads nowhere")
            value = value[name]
        return value


def _types(branch: Schema) -> list[str]:
    kind = branch.get("type")
    if kind is None:
        return sorted({_type_of(word) for word in _words(branch)})
    return [kind] if isinstance(kind, str) else list(kind)


def _type_of(word: Any) -> str:
    kinds = {str: "string", bool: "boolean", type(None): "null", int: "number", float: "number", list: "array"}
    return kinds.get(type(word), "object")


def _words(branch: Schema) -> list[Any]:
    return [*branch.get("enum", ()), *([branch["const"]] if "const" in branch else [])]


def differences(ours: Schema, theirs: Schema) -> list[str]:
    """Return every difference between two schemas as a line.

    Args:
        ours: The one.
        theirs: The other.
    """
    mine, other = Fields(ours).facts, Fields(theirs).facts
    lines: list[str] = []
    for path in dict.fromkeys((*mine, *other)):
        name = path or "(the world)"
        if path not in other or path not in mine:
            parent = path.rpartition(".")[0] if "." in path else ""
            side = "only ours" if path in mine else "only theirs"
            is_below_another = parent and (parent in mine) != (parent in other)
            if not is_below_another:
                lines.append(f"{side}: {name}")
            continue
        for fact in sorted({*mine[path], *other[path]}):
            if mine[path].get(fact) != other[path].get(fact):
                own_text, other_text = _fact_text(mine[path], fact), _fact_text(other[path], fact)
                lines.append(f"differs: {name}: {fact}: ours {own_text}, theirs {other_text}")
    return lines


def _fact_text(facts: dict[str, Any], name: str) -> str:
    value = facts.get(name)
    if value is None:
        return "nothing"
    return " or ".join(map(str, value)) if isinstance(value, list) else json.dumps(value)


def main(arguments: list[str] | None = None) -> int:
    """Compare the two schemas, and print what differs."""
    parser = argparse.ArgumentParser(description="Compare two JSON Schemas of SMWorld, field by field.")
    parser.add_argument("theirs", help="the path or the address of the published schema")
    parser.add_argument("--ours", default=str(OUR_SCHEMA_FILE), help="worldkit's (schema/smworld-1.0.json)")
    options = parser.parse_args(arguments)
    schemas: list[Schema] = []
    for source in (options.ours, options.theirs):
        try:
            schemas.append(read(source))
        except Exception as error:  # a path, an address or a JSON text that is wrong in any way
            print(f"{source} cannot be read: {error}", file=sys.stderr)
            return 2
    try:
        lines = differences(*schemas)
    except ValueError as error:
        print(f"the schemas cannot be compared: {error}", file=sys.stderr)
        return 2
    print("\n".join(lines) if lines else f"no difference in {len(Fields(schemas[0]).facts)} fields")
    return int(bool(lines))


if __name__ == "__main__":
    raise SystemExit(main())
