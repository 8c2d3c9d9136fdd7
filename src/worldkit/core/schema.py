"""The frozen JSON Schema of SMWorld 1.0, and the registry of versions that can be read."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from pathlib import Path

from worldkit.core.errors import InvalidWorld, Problem, UnsupportedVersion
from worldkit.core.json_values import Json
from worldkit.core.versions import CURRENT_VERSION as CURRENT_VERSION
from worldkit.core.versions import READABLE_VERSIONS, parse_version, version_message

MIGRATIONS: dict[int, Callable[[Json], Json]] = {}
"""Functions that migrate a document to the next major version, by its own; empty while 1 is the only one."""

_MAJOR = 1


def migrate(data: Json, source: str = "the document") -> Json:
    """Return a document in the current major version, after any migrations.

    Args:
        data: The bare document.
        source: What to call it in an error.

    Raises:
        UnsupportedVersion: Its major version is unknown.
        InvalidWorld: ``schemaVersion`` is neither of the form ``"<major>.<minor>"`` nor a known foreign tag.
    """
    tag = data.get("schemaVersion", "1.0")
    version = None if tag is None else parse_version(tag)
    if version is None:
        raise InvalidWorld([Problem("schemaVersion", version_message(tag))], source)
    major = version.major
    while major != _MAJOR:
        if major not in MIGRATIONS:
            raise UnsupportedVersion(tag, READABLE_VERSIONS)
        data, major = MIGRATIONS[major](data), major + 1
    return data


@cache
def load_schema(name: str = "smworld-1.0") -> Json:
    """Return a JSON Schema shipped with the package.

    Args:
        name: ``"smworld-1.0"``, ``"ops"`` or ``"diagnostic"``.
    """
    packaged_file = files("worldkit").joinpath("data", "schema", f"{name}.json")
    # a checkout keeps the schemas at its root; a wheel carries them inside the package
    path = packaged_file if packaged_file.is_file() else Path(__file__).parents[3] / "schema" / f"{name}.json"
    text = path.read_text(encoding="utf-8")
    schema: Json = json.loads(text)
    return schema
