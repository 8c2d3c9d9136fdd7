"""The frozen JSON Schema of SMWorld 1.0, and the registry of versions that can be read."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from worldkit.core.errors import InvalidWorld, Problem, UnsupportedVersion
from worldkit.core.json_values import Json, quote

CURRENT = "1.0"
READABLE = ("1.x",)

MIGRATIONS: dict[int, Callable[[Json], Json]] = {}
"""From a major version to the next, by the major it starts from; empty while 1 is the only one."""

_MAJOR = 1
_VERSION = re.compile(r"(0|[1-9][0-9]*)\.[0-9]+\Z")


def migrated(data: Json, source: str = "the document") -> Json:
    """Return a document in the current major version, after any migrations.

    Args:
        data: The bare document.
        source: What to call it in an error.

    Raises:
        UnsupportedVersion: Its major version is unknown.
        InvalidWorld: ``schemaVersion`` is not of the form ``"<major>.<minor>"``.
    """
    found = data.get("schemaVersion", CURRENT)
    match = _VERSION.match(found) if isinstance(found, str) else None
    if match is None:
        said = f'expected "<major>.<minor>" such as "1.0", got {quote(found)}'
        raise InvalidWorld([Problem("schemaVersion", said)], source)
    major = int(match[1])
    while major != _MAJOR:
        if major not in MIGRATIONS:
            raise UnsupportedVersion(found, READABLE)
        data, major = MIGRATIONS[major](data), major + 1
    return data


@cache
def load_schema(name: str = "smworld-1.0") -> Json:
    """Return a JSON Schema shipped with the package.

    Args:
        name: ``"smworld-1.0"``, ``"ops"`` or ``"diagnostic"``.
    """
    shipped = files("worldkit").joinpath("data", "schema", f"{name}.json")
    # a checkout keeps the schemas at its root; a wheel carries them inside the package
    at = shipped if shipped.is_file() else Path(__file__).parents[3] / "schema" / f"{name}.json"
    text = at.read_text(encoding="utf-8")
    schema: Json = json.loads(text)
    return schema


def schema_problems(data: Any, name: str = "smworld-1.0") -> list[Problem]:
    """Return what JSON Schema finds wrong with a value; the schema's own word on a document.

    Loading uses the pydantic models, which accept and reject the same documents and are far faster.

    Args:
        data: The JSON value.
        name: Which schema.

    Returns:
        Every problem with its path, empty when the value is valid.
    """
    from jsonschema import Draft202012Validator
    from referencing import Registry, Resource

    from worldkit.core.json_values import format_short_path

    # the schema of operations refers to the parts of the document's
    document = Resource.from_contents(load_schema())
    registry = Registry[Any]().with_resource(load_schema()["$id"], document)
    found = Draft202012Validator(load_schema(name), registry=registry).iter_errors(data)
    return [Problem(format_short_path(list(error.absolute_path)), error.message) for error in found]
