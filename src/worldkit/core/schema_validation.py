"""``validate``: what is wrong with a document by its JSON Schema, every problem with its path, in words.

Loading reads documents with the pydantic models, which accept and refuse the same ones and are far faster. This is for
callers who want the published schema itself to decide, or a later one than ours (docs/spec/smworld.md).
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Any, cast

from worldkit.core import files
from worldkit.core.argument_checks import expect
from worldkit.core.document import Document, json_of
from worldkit.core.errors import InvalidWorld, Problem, WrongArgument
from worldkit.core.json_values import Json, format_short_path, json_equal, quote
from worldkit.core.problems import MAX_PROBLEMS
from worldkit.core.schema import load_schema
from worldkit.core.versions import is_later_minor, version_message

if TYPE_CHECKING:
    from jsonschema import ValidationError
    from jsonschema.protocols import Validator

Schema = str | os.PathLike[str] | Mapping[str, Any]

_TYPES = {
    "object": "an object",
    "array": "a list",
    "string": "a string",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "null": "null",
}


def validate(document: files.Source, *, schema: Schema | None = None) -> list[Problem]:
    """Return everything that is wrong with a document, by the JSON Schema of SMWorld (docs/spec/smworld.md).

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
        value: The value.
        name: What to call it in an error.
        schema: As for ``validate``.
    """
    try:
        parts = files.find_documents(value, name)
    except InvalidWorld as error:
        return list(error.problems)
    judge = None if schema is None else validator_of(_read_schema(schema))
    return [
        Problem(_below(place, problem.path), problem.message)
        for place, part in parts
        for problem in (document_problems(part) if judge is None else _problems_by(judge, part))
    ]


def document_problems(value: Any) -> list[Problem]:
    """Return everything that is wrong with a bare document, a JSON value, by worldkit's schema.

    Args:
        value: The document.
    """
    is_later = isinstance(value, dict) and is_later_minor(value.get("schemaVersion"))
    return _problems_by(_our_validator(is_later), value)


@cache
def _our_validator(open_lists: bool) -> Validator:
    schema = load_schema()
    return validator_of(_with_open_lists(schema) if open_lists else schema)


def _problems_by(validator: Validator, value: Any) -> list[Problem]:
    """Return up to ``MAX_PROBLEMS`` problems of a value, and one more that says so when there are more."""
    from referencing.exceptions import Unresolvable

    try:
        problems = list(islice(_unique(_problems_of(validator.iter_errors(value))), MAX_PROBLEMS + 1))
    except Unresolvable as error:
        expected = "a schema that holds every part it refers to"
        raise WrongArgument("schema", expected, f"a reference to {quote(error.ref)}") from None
    if len(problems) > MAX_PROBLEMS:
        return [*problems[:MAX_PROBLEMS], Problem("", f"only the first {MAX_PROBLEMS:,} problems are listed")]
    return problems


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


def validator_of(schema: Json) -> Validator:
    """Return what judges values by a JSON Schema.

    Args:
        schema: The schema.

    Raises:
        WrongArgument: It is no JSON Schema.
    """
    from jsonschema import Draft202012Validator, SchemaError
    from jsonschema.validators import validator_for
    from referencing import Registry

    kind = validator_for(schema, default=Draft202012Validator)
    try:
        kind.check_schema(schema)
    except SchemaError as error:
        place = format_short_path(list(error.absolute_path)) or "the whole"
        raise WrongArgument("schema", "a JSON Schema", f"one that is wrong at {place}: {error.message[:200]}") from None
    return kind(schema, registry=Registry[Any]())  # an empty one, so that no reference is fetched from elsewhere


def _with_open_lists(schema: Any) -> Any:
    """Return a schema in which a closed list of words accepts any string, as those of a later minor version may."""
    if isinstance(schema, dict):
        if isinstance(schema.get("enum"), list):
            rest = {key: value for key, value in schema.items() if key != "enum"}
            return {**rest, "type": "string"}
        return {key: _with_open_lists(value) for key, value in schema.items()}
    return [_with_open_lists(item) for item in schema] if isinstance(schema, list) else schema


# ---- in words ------------------------------------------------------------------------------------


def _unique(problems: Iterator[Problem]) -> Iterator[Problem]:
    earlier: set[Problem] = set()
    for problem in problems:
        if problem not in earlier:
            earlier.add(problem)
            yield problem


def _problems_of(errors: Iterator[ValidationError]) -> Iterator[Problem]:
    for error in errors:
        yield from _problems(error)


def _problems(error: ValidationError) -> Iterator[Problem]:
    kind, value = error.validator, cast("Any", error.instance)
    expected: Any = error.validator_value
    steps = list(error.absolute_path)
    if kind == "required":
        for name in expected:
            if name not in value:
                yield Problem(format_short_path([*steps, name]), "required, and missing")
    elif kind in ("anyOf", "oneOf") and error.context:
        branch = _branch_of(error, value)
        if branch:
            for inner in branch:
                yield from _problems(inner)
        else:
            yield Problem(format_short_path(steps), f"expected {_alternatives(error)}, got {quote(value)}")
    elif kind == "pattern" and steps == ["schemaVersion"]:
        yield Problem("schemaVersion", version_message(value))
    elif kind in ("additionalProperties", "unevaluatedProperties"):
        yield Problem(format_short_path(steps), f"has a field that the schema does not allow: {error.message[:200]}")
    else:
        yield Problem(format_short_path(steps), f"expected {_expectation(str(kind), expected)}, got {quote(value)}")


def _branch_of(error: ValidationError, value: Any) -> list[ValidationError]:
    """Return the errors of the alternative that a value was meant as: the only one whose type it has."""
    branches: dict[Any, list[ValidationError]] = {}
    for inner in error.context or ():
        branches.setdefault(inner.schema_path[0], []).append(inner)
    matching_branches = [
        errors
        for errors in branches.values()
        if not any(inner.validator in ("type", "enum", "const") and inner.instance is value for inner in errors)
    ]
    return matching_branches[0] if len(matching_branches) == 1 else []


def _alternatives(error: ValidationError) -> str:
    """Return the alternatives of which a value is none: ``a string or an object with static and dynamic``."""
    words: list[str] = []
    for inner in error.context or ():
        if inner.instance is error.instance and inner.validator in ("type", "enum", "const"):
            words.append(_expectation(str(inner.validator), inner.validator_value, inner.schema))
    return " or ".join(dict.fromkeys(words)) or "another value"


def _expectation(kind: str, expected: Any, schema: Any = None) -> str:
    """Return what a keyword of a schema expects, in the words that loading uses as well."""
    if kind == "type":
        names = [expected] if isinstance(expected, str) else expected
        words = " or ".join(_TYPES.get(name, str(name)) for name in names)
        required = schema.get("required") if isinstance(schema, dict) else None
        return f"{words} with {' and '.join(map(str, required))}" if required else words
    if kind == "enum":
        names = [repr(item) for item in expected]
        return f"one of {', '.join(names[:-1])} or {names[-1]}" if len(names) > 1 else names[0]
    if kind in ("minItems", "minProperties") and expected == 1:
        return f"at least one {'item' if kind == 'minItems' else 'field'}"
    if kind in _BOUNDS:
        return _BOUNDS[kind].format(expected if isinstance(expected, (str, bool)) else f"{expected:g}")
    return "another value" if json_equal(expected, False) else f"{kind} {quote(expected)}"


_BOUNDS = {
    "const": "{}",
    "minimum": "a number of at least {}",
    "maximum": "a number of at most {}",
    "exclusiveMinimum": "a number above {}",
    "exclusiveMaximum": "a number below {}",
    "minItems": "at least {} items",
    "maxItems": "at most {} items",
    "minLength": "at least {} characters",
    "maxLength": "at most {} characters",
    "minProperties": "at least {} fields",
    "pattern": "a text that matches {}",
}
