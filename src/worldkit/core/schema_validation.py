"""``validate``: what is wrong with a document by its JSON Schema, every problem with its path, in words."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from worldkit.core import files
from worldkit.core.argument_checks import expect
from worldkit.core.document import Document, json_of
from worldkit.core.errors import InvalidWorld, Problem, UnsupportedVersion, WrongArgument
from worldkit.core.json_values import Json, quote
from worldkit.core.schema_judge import SchemaJudge
from worldkit.core.schema_problems import document_problems, problems_by

Schema = str | os.PathLike[str] | Mapping[str, Any]


def validate(document: files.Source, *, schema: Schema | None = None) -> list[Problem]:
    """Return all errors in a document, by the JSON Schema of SMWorld (docs/spec/smworld.md).

    Args:
        document: A path, JSON text or its bytes, a dict, an envelope, an export or a world.
        schema: Another schema than the one that worldkit has, such as a later version of it: its path, or the schema.

    Returns:
        Every problem with its path, in words; empty when the document is valid.

    Raises:
        MissingFile: There is no such file.
        FileError: The file cannot be read.
        WrongArgument: The schema is no JSON Schema, or refers to one that it does not hold.

    Example:
        >>> wk.validate({"scene": {"states": {"lane": {"camera": {"static": "Wide."}}}, "events": []}})
        [Problem(path='scene.states.lane.base', message='required, and missing'),
         Problem(path='scene.states.lane.camera.dynamic', message='required, and missing')]
        >>> wk.validate(world)
        []
    """
    if schema is not None:
        expect(schema, (str, os.PathLike, Mapping), "schema", "a path, a JSON Schema (a dict) or None")
    if isinstance(document, Document):
        return validate_value(json_of(document), "the world", schema=schema)
    try:
        value = files.read(document)
    except InvalidWorld as error:
        return list(error.problems)
    return validate_value(value, "the document", schema=schema)


def validate_value(value: Any, name: str, *, schema: Schema | None = None) -> list[Problem]:
    """Return everything that is wrong with a JSON value: a world, or what holds some.

    Args:
        name: What to call it in an error.
        schema: As for ``validate``.
    """
    try:
        parts = files.find_documents(value, name)
    except InvalidWorld as error:
        return list(error.problems)
    except UnsupportedVersion as error:
        return [Problem("schemaVersion", str(error))]
    judge = None if schema is None else SchemaJudge(_read_schema(schema))
    return [
        Problem(_below(place, problem.path), problem.message)
        for place, part in parts
        for problem in (document_problems(part) if judge is None else problems_by(judge, part))
    ]


def _below(place: str, path: str) -> str:
    if not place or not path:
        return place or path
    return place + path if path.startswith("[") else f"{place}.{path}"


def _read_schema(schema: Schema) -> Json:
    source = schema if isinstance(schema, Mapping) else files.read_bytes(schema)
    try:
        value = files.read(source)
    except InvalidWorld as error:
        raise WrongArgument("schema", "a JSON Schema", str(error.problems[0])) from None
    if not isinstance(value, dict) or not value.keys() & _APPLICATORS:
        raise WrongArgument("schema", "a JSON Schema of a world, an object with properties", quote(value))
    return value


_APPLICATORS = frozenset({"properties", "$ref", "allOf", "anyOf", "oneOf"})
