"""Translates pydantic's errors to problems in plain words, each with its path in the document.

Pydantic lists every error, and an error takes hundreds of times the memory of the invalid item. So values with
many items are validated by schemas that stop at the first invalid item of a list, and lists of problems are limited.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import SchemaValidator

from worldkit.core.errors import Problem, WrongArgument
from worldkit.core.json_values import format_short_path, quote

_EXPECTED_VALUES = {
    "string_type": "a string",
    "string_unicode": "a string of whole characters",
    "bool_type": "true or false",
    "float_type": "a number",
    "int_type": "a whole number",
    "finite_number": "a finite number",
    "list_type": "a list",
    "tuple_type": "a list",
    "dict_type": "an object",
    "mapping_type": "an object",
    "model_type": "an object",
    "model_attributes_type": "an object",
}


MAX_PROBLEMS = 1_000
"""How many problems of one document are listed."""
MAX_FULLY_REPORTED_ITEMS = 1_000
"""An invalid value with more list items than this reports only the first invalid item of each list."""
MAX_FULLY_REPORTED_OBJECTS = 100_000
"""So is one with more objects."""

Model = TypeVar("Model", bound=BaseModel)


def validate(model: type[Model], value: Any, *, open_lists: bool = False) -> Model:
    """Return a value as a model, in time and space linear in the value even if it is invalid.

    Args:
        value: The JSON value.
        open_lists: Whether a word that is in no closed list is accepted, as in a document of a later minor version.

    Raises:
        ValidationError: With every error of a value of up to ``MAX_FULLY_REPORTED_ITEMS`` items in lists; with the
            first error of each list of a larger one.
    """
    try:
        result: Model = _first_errors(model, open_lists).validate_python(value)
    except ValidationError:
        if _has_many_items(value):
            raise
        result = _every_error(model, open_lists).validate_python(value)
    return result


@cache
def _first_errors(model: type[BaseModel], open_lists: bool) -> SchemaValidator:
    return _validator(_with_fail_fast(_schema_of(model, open_lists)))


@cache
def _every_error(model: type[BaseModel], open_lists: bool) -> SchemaValidator:
    return _validator(_schema_of(model, open_lists))


def _schema_of(model: type[BaseModel], open_lists: bool) -> Any:
    return with_open_lists(model.__pydantic_core_schema__) if open_lists else model.__pydantic_core_schema__


def with_open_lists(schema: Any) -> Any:
    """Return a schema of pydantic in which a closed list of words accepts any string."""
    if isinstance(schema, dict):
        if schema.get("type") == "literal":
            return {"type": "str", "strict": True}
        return {key: with_open_lists(part) for key, part in schema.items()}
    return [with_open_lists(part) for part in schema] if isinstance(schema, list) else schema


def _validator(schema: Any) -> SchemaValidator:
    try:
        # otherwise the prebuilt validators of the parts are used, which are those of the schema as it was
        return SchemaValidator(schema, _use_prebuilt=False)
    except TypeError:  # a version of pydantic without prebuilt validators
        return SchemaValidator(schema)


def _with_fail_fast(schema: Any) -> Any:
    if isinstance(schema, dict):
        result = {key: _with_fail_fast(part) for key, part in schema.items()}
        return (
            result | {"fail_fast": True}
            if result.get("type") in ("list", "tuple") and "items_schema" in result
            else result
        )
    return [_with_fail_fast(part) for part in schema] if isinstance(schema, list) else schema


def _has_many_items(value: Any) -> bool:
    count, objects, stack = 0, 0, [value]
    while stack:
        item = stack.pop()
        if isinstance(item, (list, tuple)):
            count += len(item)
        elif isinstance(item, dict):
            objects += 1  # an object that holds itself counts without end
        else:
            continue
        if count > MAX_FULLY_REPORTED_ITEMS or objects > MAX_FULLY_REPORTED_OBJECTS:
            return True
        stack += [part for part in (item.values() if isinstance(item, dict) else item) if part.__class__ is not str]
    return False


def problems(error: ValidationError, prefix: str = "", limit: int = MAX_PROBLEMS) -> list[Problem]:
    """Return the problems of a validation error, in document order.

    Args:
        error: The error of pydantic.
        prefix: The path of the validated value.
        limit: How many are listed; if there are more, one more problem counts them.
    """
    first_problems = list(_problems(error.errors(include_url=False)[:limit], prefix))
    return (
        first_problems
        if error.error_count() <= limit
        else [*first_problems, Problem(prefix, f"and {error.error_count() - limit:,} more")]
    )


def make(model: type[Model], values: Mapping[str, Any]) -> Model:
    """Return a model of the values with which it was called.

    Args:
        values: The values by name.

    Raises:
        WrongArgument: The model does not take the values; names the first that it does not.
    """
    try:
        result: Model = _first_errors(model, False).validate_python(values)
    except ValidationError as error:
        item = error.errors(include_url=False)[0]
    else:
        return result
    path = format_short_path(_without_union_branch(item["loc"]), model.__name__)
    # outside, so that not every one of many problems is kept
    raise WrongArgument(path, "a value", "none") if item["type"] == "missing" else WrongArgument(path, *_words(item))


def _problems(errors: Iterable[Any], prefix: str) -> Iterable[Problem]:
    for item in errors:
        yield Problem(format_short_path(_without_union_branch(item["loc"]), prefix), _message(item))


def _without_union_branch(loc: Sequence[str | int]) -> list[str | int]:
    # pydantic names the branch of a union after the field: a beat's dwell, an event's camera and movement
    return [step for i, step in enumerate(loc) if not (i and _is_branch(str(loc[i - 1]), step))]


def _is_branch(field: str, step: str | int) -> bool:
    return (field == "dwell" and step in ("word", "length")) or (
        field in ("camera", "movement") and step in ("text", "pair")
    )


def _message(item: Any) -> str:
    if item["type"] == "missing":
        return "required, and missing"
    if item["type"] == "version":
        return str(item["msg"])
    expected, value = _words(item)
    return f"expected {expected}, got {value}"


def _words(item: Any) -> tuple[str, str]:
    """Return what an error of pydantic expected, and what stands there."""
    kind, value, context = item["type"], item["input"], item.get("ctx", {})
    if kind == "too_short":
        return "at least one item", "none"
    if kind == "string_type" and item["loc"][-1:] == ("text",):
        expected = "a string or an object with static and dynamic"
    elif kind in ("literal_error", "string_type") and item["loc"][-2:] == ("dwell", "word"):
        expected = '"settle", "input" or an object with ms'
    elif kind == "literal_error":
        expected = f"one of {context['expected']}" if " or " in context["expected"] else context["expected"]
    elif kind in _EXPECTED_VALUES:
        expected = _EXPECTED_VALUES[kind]
    elif kind == "greater_than":
        expected = f"a number above {context['gt']:g}"
    elif kind == "greater_than_equal":
        expected = f"a number of at least {context['ge']:g}"
    elif kind == "less_than_equal":
        expected = f"a number of at most {context['le']:g}"
    else:
        expected = item["msg"]
    return expected, quote(value)
