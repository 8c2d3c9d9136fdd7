"""Says quickly that a document is valid: what pydantic would say, without building the parts.

The checks are read from the models' own schemas, so the two cannot drift: what is plain (texts, switches,
lists of texts, objects of such) is checked here, anything else is put to pydantic. ``False`` only means
that pydantic should look, and say what is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial
from typing import Any

from pydantic import ValidationError
from pydantic_core import SchemaError, SchemaValidator, core_schema

from worldkit.core.errors import Problem
from worldkit.core.json_values import format_short_path
from worldkit.core.model import Event, Part, State, one_or_many
from worldkit.core.problems import MOST, problems, validated

Check = Callable[[Any], bool]
Shared = Mapping[str, Any]


def states_are_valid(states: Any) -> bool:
    """Return whether a scene's ``states`` are valid for certain."""
    if type(states) is not dict:
        return False
    return all(map(_object(State), states.values()))


def events_are_valid(events: Any) -> bool:
    """Return whether a scene's ``events`` are valid for certain."""
    return type(events) is list and all(map(_object(Event), events))


def scene_problems(scene: Any) -> list[Problem]:
    """Return what pydantic finds wrong with the states and events of a scene that is not valid for certain.

    Each is read by itself: a problem of pydantic's holds a copy of every key on the way to it, so the problems
    within a state with a long id would take its length many times over.

    Args:
        scene: What stands in the place of a scene; what is wrong with anything but its states and events is
            left out.

    Returns:
        Up to ``MOST`` problems, and one more that says so when there are more.
    """
    found: list[Problem] = []
    for start, model, part in _parts(scene):
        if len(found) > MOST:
            return [*found[:MOST], Problem("scene", f"only the first {MOST:,} problems are listed")]
        if not _object(model)(part):
            try:
                validated(model, part)
            except ValidationError as error:
                found += problems(error, start())
    return found


def _parts(scene: Any) -> Iterator[tuple[Callable[[], str], type[Part], Any]]:
    states, events = (scene.get("states"), scene.get("events")) if type(scene) is dict else (None, None)
    if type(states) is dict:
        for id, state in states.items():
            yield partial(format_short_path, ["scene", "states", id]), State, state
    if type(events) is list:
        for index, event in enumerate(events):
            yield partial(format_short_path, ["scene", "events", index]), Event, event


@cache
def _object(model: type[Part]) -> Check:
    schema: Any = model.__pydantic_core_schema__
    shared: list[Any] = []
    try:
        if schema["type"] == "definitions":
            schema, shared = schema["schema"], schema["definitions"]
        return _of_fields(schema["schema"]["fields"], {part["ref"]: part for part in shared})
    except (KeyError, SchemaError):  # another pydantic writes its schemas in another way: it does all the work then
        return lambda value: False


def _of_fields(fields: Mapping[str, Any], shared: Shared) -> Check:
    plain: dict[str, type] = {}
    others: dict[str, Check] = {}
    required: set[str] = set()
    for field in fields.values():
        name, schema = field["validation_alias"], field["schema"]
        if schema["type"] == "default":
            schema = schema["schema"]
        else:
            required.add(name)
        kind = _plain(schema)
        if kind is None:
            others[name] = _check(schema, shared)
        else:
            plain[name] = kind

    def check(value: Any) -> bool:
        if type(value) is not dict or not required <= value.keys():
            return False
        for name, item in value.items():
            if plain.get(name) is type(item):
                continue
            if name in plain:
                return False
            other = others.get(name)
            if other is not None and not other(item):
                return False
        return True

    return check


def _plain(schema: Any) -> type | None:
    """Return the type that alone decides, or None."""
    if schema == {"type": "str", "strict": True}:
        return str
    return bool if schema == {"type": "bool", "strict": True} else None


def _texts(value: Any) -> bool:
    if type(value) is not list:
        return False
    for item in value:  # noqa: SIM110 - a generator costs more than what it looks at
        if type(item) is not str:
            return False
    return True


def _check(schema: Any, shared: Shared) -> Check:
    schema = shared[schema["schema_ref"]] if schema["type"] == "definition-ref" else schema
    kind = schema["type"]
    if kind == "literal":
        expected = frozenset(schema["expected"])
        return lambda value: type(value) is str and value in expected
    if kind == "model" and schema["schema"]["type"] == "model-fields":
        return _of_fields(schema["schema"]["fields"], shared)
    if kind == "tuple" and schema.keys() == {"type", "items_schema", "variadic_item_index"}:
        items = schema["items_schema"]
        return _texts if [_plain(item) for item in items] == [str] else _asked(schema, shared)
    if kind == "function-before" and schema["function"]["function"] is one_or_many:
        many = _check(schema["schema"], shared)
        return lambda value: many(value) or type(value) is str
    return _asked(schema, shared)


def _asked(schema: Any, shared: Shared) -> Check:
    whole = core_schema.definitions_schema(schema, list(shared.values())) if shared else schema
    return SchemaValidator(whole).isinstance_python
