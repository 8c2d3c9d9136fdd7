"""Accepted spellings to the canonical one (docs/spec/ops.md); values are judged where they are used."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from worldkit.core import json_values
from worldkit.core.errors import InvalidWorld, OpError
from worldkit.core.json_values import Json, shown
from worldkit.editing.patching import without_nulls
from worldkit.editing.refusals import Refused, guess
from worldkit.editing.registry import ALIASES, OPS, Argument, Body, Op

NO_OP = "no operation"
_MISSING = object()
_LONGEST = 60


def normalise(ops: Any) -> list[Json]:
    """Return a batch of operations in canonical spelling, as fresh JSON values.

    Args:
        ops: The batch, from anywhere.

    Returns:
        One operation for each, canonical name and argument names; doing it again changes nothing.

    Raises:
        OpError: An operation is unknown, or an argument is missing, unknown or of the wrong type.
    """
    if isinstance(ops, (str, bytes, Mapping)) or not isinstance(ops, Iterable):
        hint = "; put it in a list" if isinstance(ops, Mapping) else ""
        raise OpError(0, NO_OP, f"expected a list of operations, got {_kind(ops)}{hint}")
    return [one(index, given) for index, given in enumerate(ops)]


def one(index: int, given: Any) -> Json:
    """Return one operation in canonical spelling.

    Args:
        index: Its place in the batch, for the error.
        given: The operation.

    Raises:
        OpError: As for ``normalise``.
    """
    kind = NO_OP
    try:
        if not isinstance(given, Mapping):
            raise Refused(f'expected an object such as {{"op": "add_state", ...}}, got {_kind(given)}')
        value = dict(given)
        name = value.get("op")
        kind = _short(name) if isinstance(name, str) else kind
        _checked(value)
        if name is None:
            raise Refused('expected "op", the operation\'s name; it is missing')
        if not isinstance(name, str):
            raise Refused(f'expected "op" to be the operation\'s name, a string, got {shown(name)}')
        if name not in ALIASES:
            raise Refused(f"there is no such operation{guess(name, ALIASES)}")
        op = OPS[ALIASES[name]]
        del value["op"]
        return {"op": op.name, **_arguments(op, json_values.copied(value))}
    except Refused as refused:
        raise OpError(index, kind, refused.reason) from None


def _short(name: str) -> str:
    name = json_values.printable(name[: _LONGEST + 1])
    return name if len(name) <= _LONGEST else name[: _LONGEST - 1] + "…"


def _kind(value: Any) -> str:
    names: dict[Any, str] = {Mapping: "an object", str: "a string", list: "a list", type(None): "null"}
    names |= {bool: "true or false", (int, float): "a number"}
    named = (said for kind, said in names.items() if isinstance(value, kind))
    return next(named, f"a value of type {type(value).__name__}")


def _checked(value: Json) -> None:
    try:
        json_values.check(value, "the operation")
    except InvalidWorld as error:
        raise Refused(str(error.problems[0])) from None


def _arguments(op: Op, given: Json) -> Json:
    body = op.body
    inner = _take_body(body, given) if body else None
    if body and body.spread and inner is not None:
        given = _spread(body, inner, given)
    found: Json = {}
    for argument in op.arguments:
        value = _take(argument, given)
        if value is not _MISSING:
            found[argument.name] = _typed(argument, value)
        elif argument.required:
            raise Refused(f"expected {_named(argument)}; it is missing")
    if body and not body.spread:
        found[body.name] = _nested(body, inner, given)
    elif given and (body is None or body.closed):
        raise _unexpected(op, given)
    else:
        if body:
            _refuse_misplaced(body, given)
        found.update(given)
    return op.check(found) if op.check else found


def _take_body(body: Body, given: Json) -> Json | None:
    """Take the nested body out of an operation; None when its fields stand inline."""
    for key in (body.name, *body.also):
        value = given.get(key, _MISSING)
        if isinstance(value, dict):
            del given[key]
            return value
        if value is None and body.cleared is not None:
            del given[key]
            return dict(body.cleared)
    return None


def _refuse_misplaced(body: Body, given: Json) -> None:
    """Refuse something else than an object where a nested body goes; it is no field of an inline body."""
    for key in (body.name, *body.also):
        if key in given:
            raise Refused(f"{key}: expected an object, got {shown(given[key])}")


def _spread(body: Body, inner: Json, given: Json) -> Json:
    """Put the fields of a nested body beside the other arguments."""
    if "op" in inner:
        raise Refused(f'{body.name}: a field named "op" cannot be set here; use put_world or put_event')
    both = [key for key in inner if key in given and not json_values.same(inner[key], given[key])]
    if both:
        raise Refused(f"{shown(both[0])} stands both beside and inside {shown(body.name)}, with two values")
    return {**given, **inner}


def _nested(body: Body, inner: Json | None, given: Json) -> Json:
    """Return the nested body, made of what is left over when its fields stand inline."""
    key = _MISSING if body.key is None else _take(body.key, given)
    if inner is None:
        _refuse_misplaced(body, given)
        if body.patch and not given:
            raise Refused(f"expected {shown(body.name)}, an object with the fields to change; it is missing")
        inner = given
    elif given:
        extra = next(iter(given))
        raise Refused(f"{shown(extra)} stands beside {shown(body.name)}; put it inside, or put every field beside")
    if not body.patch:
        inner = without_nulls(inner)
    if key is _MISSING or body.key is None:
        return inner
    name = body.key.name
    value = _typed(body.key, key)
    if name in inner and inner[name] != value:
        raise Refused(f"the {name} is given twice: {shown(value)} and {shown(inner[name])}")
    return inner if name in inner else {name: value, **inner}


def _take(argument: Argument, given: Json) -> Any:
    spellings = [key for key in (argument.name, *argument.also) if key in given and _fits(argument, given[key])]
    if not spellings:
        return _MISSING
    if argument.yields and len(spellings) > 1 and spellings[0] == argument.name:
        spellings = spellings[not json_values.same(given[spellings[0]], given[spellings[1]]) :]
    values = [given.pop(key) for key in spellings]
    for key, value in zip(spellings, values, strict=True):
        if not json_values.same(value, values[0]):
            first = f"{spellings[0]}: {shown(values[0])}"
            raise Refused(f"{argument.name} is given twice, as {first} and as {key}: {shown(value)}")
    return values[0]


def _fits(argument: Argument, value: Any) -> bool:
    # `state` and `event` are spellings of an id as well as the key of a nested body
    return argument.kind != "id" or not isinstance(value, dict)


_SAID = {
    "id": "a string",
    "text": "a string",
    "switch": "true or false",
    "index": "a whole number from 0",
    "object": "an object",
    "list": "a list",
    "names": "a list of strings",
}


def _typed(argument: Argument, value: Any) -> Any:
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
        raise Refused(f"{argument.name}: expected {_said(argument)}, got {shown(value)}")
    if argument.choices and value not in argument.choices:
        near = guess(value, argument.choices)
        raise Refused(f"{argument.name}: expected {_said(argument)}, got {shown(value)}{near}")
    return value


def _said(argument: Argument) -> str:
    said = f"one of {', '.join(argument.choices)}" if argument.choices else _SAID.get(argument.kind, "a value")
    return f"{said}, or null" if argument.null else said


def _named(argument: Argument) -> str:
    also = f" (or {', '.join(shown(key) for key in argument.also)})" if argument.also else ""
    return f"{shown(argument.name)}{also}, {_said(argument)}"


def _unexpected(op: Op, given: Json) -> Refused:
    key = next(iter(given))
    names = [argument.name for argument in op.arguments]
    return Refused(f"there is no argument {shown(key)}{guess(key, names)}; it takes {', '.join(names) or 'none'}")
