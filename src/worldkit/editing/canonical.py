"""Translates every accepted spelling of an operation to the canonical one (docs/spec/ops.md).

Values are validated where they are used.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from worldkit.core import json_values
from worldkit.core.characters import shorten
from worldkit.core.errors import InvalidWorld, OpError
from worldkit.core.json_values import Json, quote
from worldkit.core.quoting import did_you_mean
from worldkit.editing.patching import without_nulls
from worldkit.editing.refusals import OpRefused
from worldkit.editing.registry import Argument, Op, OperationPart
from worldkit.editing.vocabulary import ALIASES, OPS

NO_OP = "no operation"
MAX_OP_DEPTH = json_values.MAX_DEPTH - 10
"""How deeply the values of an operation may be nested; in the document they can be some levels deeper."""
_MISSING = object()
_MAX_NAME_LENGTH = 60


def canonicalize(ops: Any) -> list[Json]:
    """Return a batch of operations in canonical spelling, as fresh JSON values.

    Args:
        ops: The batch, from an untrusted source.

    Returns:
        One operation for each, with canonical names of operation and arguments; normalising twice changes nothing.

    Raises:
        OpError: An operation is unknown, or an argument is missing, unknown or of the wrong type.
    """
    if isinstance(ops, (str, bytes, Mapping)) or not isinstance(ops, Iterable):
        hint = "; put it in a list" if isinstance(ops, Mapping) else ""
        raise OpError(0, NO_OP, f"expected a list of operations, got {_describe_type(ops)}{hint}")
    return [normalise_one(index, item) for index, item in enumerate(ops)]


def normalise_one(index: int, item: Any) -> Json:
    """Return one operation in canonical spelling.

    Args:
        index: Its index in the batch, for the error.
        item: The operation.

    Raises:
        OpError: As for ``canonicalize``.
    """
    kind = NO_OP
    try:
        if not isinstance(item, Mapping):
            raise OpRefused(f'expected an object such as {{"op": "add_state", ...}}, got {_describe_type(item)}')
        fields = dict(item)
        name = fields.get("op")
        kind = _shorten(name) if isinstance(name, str) else kind
        _require_json(fields)
        if name is None:
            raise OpRefused('expected "op", the operation\'s name; it is missing')
        if not isinstance(name, str):
            raise OpRefused(f'expected "op" to be the operation\'s name, a string, got {quote(name)}')
        if name not in ALIASES:
            raise OpRefused(f"there is no such operation{did_you_mean(name, ALIASES)}")
        op = OPS[ALIASES[name]]
        del fields["op"]
        return {"op": op.name, **_read_arguments(op, json_values.deep_copy(fields))}
    except OpRefused as refusal:
        raise OpError(index, kind, refusal.reason) from None


def _shorten(name: str) -> str:
    name = json_values.escape_unprintable(name[: _MAX_NAME_LENGTH + 1])
    return shorten(name, _MAX_NAME_LENGTH)


def _describe_type(value: Any) -> str:
    names: dict[Any, str] = {Mapping: "an object", str: "a string", list: "a list", type(None): "null"}
    names |= {bool: "true or false", (int, float): "a number"}
    type_names = (name for kind, name in names.items() if isinstance(value, kind))
    return next(type_names, f"a value of type {type(value).__name__}")


def _require_json(fields: Json) -> None:
    try:
        json_values.check_json(fields, "the operation")
    except InvalidWorld as error:
        raise OpRefused(str(error.problems[0])) from None


def _read_arguments(op: Op, fields: Json) -> Json:
    body = op.body
    inner = _pop_body(body, fields) if body else None
    if body and body.is_spread and inner is not None:
        fields = _merge_body(body, inner, fields)
    arguments: Json = {}
    for argument in op.arguments:
        value = _pop_argument(argument, fields)
        if value is not _MISSING:
            arguments[argument.name] = _check_type(argument, value)
        elif argument.is_required:
            raise OpRefused(f"expected {_describe_argument(argument)}; it is missing")
    if body and not body.is_spread:
        arguments[body.name] = _read_nested_body(body, inner, fields)
    elif fields and (body is None or body.is_closed):
        raise _unexpected_argument(op, fields)
    else:
        if body:
            _refuse_misplaced(body, fields)
        arguments.update(fields)
    return op.check(arguments) if op.check else arguments


def _pop_body(body: OperationPart, fields: Json) -> Json | None:
    """Remove the nested body from an operation and return it; None when its fields are inline."""
    for key in (body.name, *body.aliases):
        value = fields.get(key, _MISSING)
        if isinstance(value, dict):
            del fields[key]
            return value
        if value is None and body.arguments_of_null is not None:
            del fields[key]
            return dict(body.arguments_of_null)
    return None


def _refuse_misplaced(body: OperationPart, fields: Json) -> None:
    """Refuse a value other than an object under the key of a nested body; it is no field of an inline body."""
    for key in (body.name, *body.aliases):
        if key in fields:
            raise OpRefused(f"{key}: expected an object, got {quote(fields[key])}")


def _merge_body(body: OperationPart, inner: Json, fields: Json) -> Json:
    """Return the arguments with the fields of a nested body among them."""
    if "op" in inner:
        raise OpRefused(f'{body.name}: a field named "op" cannot be set here; use put_world or put_event')
    conflicting_keys = [key for key in inner if key in fields and not json_values.json_equal(inner[key], fields[key])]
    if conflicting_keys:
        raise OpRefused(
            f"{quote(conflicting_keys[0])} is given both beside and inside {quote(body.name)}, with two values"
        )
    return {**fields, **inner}


def _read_nested_body(body: OperationPart, inner: Json | None, fields: Json) -> Json:
    """Return the nested body; built from the remaining fields when they are inline."""
    key = _MISSING if body.key is None else _pop_argument(body.key, fields)
    if inner is None:
        _refuse_misplaced(body, fields)
        if body.patch and not fields:
            raise OpRefused(f"expected {quote(body.name)}, an object with the fields to change; it is missing")
        inner = fields
    elif fields:
        extra = next(iter(fields))
        raise OpRefused(f"{quote(extra)} is given beside {quote(body.name)}; put it inside, or put every field beside")
    if not body.patch:
        inner = without_nulls(inner)
    if key is _MISSING or body.key is None:
        return inner
    name = body.key.name
    value = _check_type(body.key, key)
    if value is None:
        return inner
    if name in inner and inner[name] != value:
        raise OpRefused(f"the {name} is given twice: {quote(value)} and {quote(inner[name])}")
    return inner if name in inner else {name: value, **inner}


def _pop_argument(argument: Argument, fields: Json) -> Any:
    names = (argument.name, *argument.aliases)
    spellings = [name for name in names if name in fields and _is_spelling_of(argument, fields[name])]
    if not spellings:
        return _MISSING
    if argument.yields and len(spellings) > 1 and spellings[0] == argument.name:
        spellings = spellings[not json_values.json_equal(fields[spellings[0]], fields[spellings[1]]) :]
    values = [fields.pop(key) for key in spellings]
    for key, value in zip(spellings, values, strict=True):
        if not json_values.json_equal(value, values[0]):
            first = f"{spellings[0]}: {quote(values[0])}"
            raise OpRefused(f"{argument.name} is given twice, as {first} and as {key}: {quote(value)}")
    return values[0]


def _is_spelling_of(argument: Argument, value: Any) -> bool:
    # `state` and `event` are spellings of an id as well as the key of a nested body
    return argument.kind != "id" or not isinstance(value, dict)


_TYPE_NAMES = {
    "id": "a string",
    "text": "a string",
    "switch": "true or false",
    "index": "a whole number from 0",
    "object": "an object",
    "list": "a list",
    "names": "a list of strings",
}


def _check_type(argument: Argument, value: Any) -> Any:
    if value is None and argument.null:
        return value
    kind = argument.kind
    fits = (
        kind == "any"
        or (kind in ("id", "text") and type(value) is str)
        or (kind == "switch" and type(value) is bool)
        or (kind == "index" and type(value) is int and value >= 0)
        or (kind == "object" and type(value) is dict)
        or (kind == "list" and type(value) is list)
        or (kind == "names" and type(value) is list and all(type(item) is str for item in value))
    )
    if not fits:
        raise OpRefused(f"{argument.name}: expected {_describe_expected(argument)}, got {quote(value)}")
    if argument.choices and value not in argument.choices:
        near = did_you_mean(value, argument.choices)
        raise OpRefused(f"{argument.name}: expected {_describe_expected(argument)}, got {quote(value)}{near}")
    return value


def _describe_expected(argument: Argument) -> str:
    type_name = _TYPE_NAMES.get(argument.kind, "a value")
    expected = f"one of {', '.join(argument.choices)}" if argument.choices else type_name
    return f"{expected}, or null" if argument.null else expected


def _describe_argument(argument: Argument) -> str:
    aliases = f" (or {', '.join(quote(key) for key in argument.aliases)})" if argument.aliases else ""
    return f"{quote(argument.name)}{aliases}, {_describe_expected(argument)}"


def _unexpected_argument(op: Op, fields: Json) -> OpRefused:
    key = next(iter(fields))
    names = [argument.name for argument in op.arguments]
    return OpRefused(
        f"there is no argument {quote(key)}{did_you_mean(key, names)}; it takes {', '.join(names) or 'none'}"
    )
