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
from worldkit.core.json_values import Json, format_short_path, quote

CURRENT_VERSION = "1.0"
READABLE_VERSIONS = ("1.x",)

MIGRATIONS: dict[int, Callable[[Json], Json]] = {}
"""Functions that migrate a document to the next major version, by its own; empty while 1 is the only one."""

_MAJOR = 1
_VERSION = re.compile(r"(0|[1-9][0-9]*)\.[0-9]+\Z")


def migrate(data: Json, source: str = "the document") -> Json:
    """Return a document in the current major version, after any migrations.

    Args:
        data: The bare document.
        source: What to call it in an error.

    Raises:
        UnsupportedVersion: Its major version is unknown.
        InvalidWorld: ``schemaVersion`` is not of the form ``"<major>.<minor>"``.
    """
    version = data.get("schemaVersion", CURRENT_VERSION)
    match = _VERSION.match(version) if isinstance(version, str) else None
    if match is None:
        message = f'expected "<major>.<minor>" such as "1.0", got {quote(version)}'
        raise InvalidWorld([Problem("schemaVersion", message)], source)
    major = int(match[1])
    while major != _MAJOR:
        if major not in MIGRATIONS:
            raise UnsupportedVersion(version, READABLE_VERSIONS)
        data, major = MIGRATIONS[major](data), major + 1
    return data


@cache
def load_schema(name: str = "smworld-1.0") -> Json:
    """Return a JSON Schema shipped with the package.

    Args:
        name: ``"smworld-1.0"``, ``"ops"`` or ``"diagnostic"``.
    """
    packaged = files("worldkit").joinpath("data", "schema", f"{name}.json")
    # a checkout keeps the schemas at its root; a wheel carries them inside the package
    path = packaged if packaged.is_file() else Path(__file__).parents[3] / "schema" / f"{name}.json"
    text = path.read_text(encoding="utf-8")
    schema: Json = json.loads(text)
    return schema


def schema_problems(data: Any, name: str = "smworld-1.0") -> list[Problem]:
    """Validate a value by JSON Schema.

    Loading uses the pydantic models, which accept and reject the same documents and are far faster.

    Args:
        data: The JSON value.
        name: Which schema.

    Returns:
        Every problem with its path, empty when the value is valid.
    """
    from jsonschema import Draft202012Validator
    from referencing import Registry, Resource

    # the schema of operations refers to definitions of the document schema
    document = Resource.from_contents(load_schema())
    registry = Registry[Any]().with_resource(load_schema()["$id"], document)
    errors = Draft202012Validator(load_schema(name), registry=registry).iter_errors(data)
    return [Problem(format_short_path(list(error.absolute_path)), error.message) for error in errors]
