"""Fast validation of states and events: the same answer as pydantic's, without building the models.

The checks are derived from the models' own schemas, so the two cannot diverge: strings, booleans, lists of strings and
objects of those are checked here, anything else by pydantic. ``False`` only means that pydantic has to
validate the value and report what is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial
from typing import Any

from pydantic import ValidationError
from pydantic_core import SchemaError, SchemaValidator, core_schema

from worldkit.core.errors import Problem
from worldkit.core.json_values import format_short_path
from worldkit.core.model import Event, Part, State, as_list
from worldkit.core.problems import MAX_PROBLEMS, problems, validate, with_open_lists

Check = Callable[[Any], bool]
Definitions = Mapping[str, Any]


def states_are_valid(states: Any, open_lists: bool = False) -> bool:
    """Return whether a scene's ``states`` are surely valid."""
    if type(states) is not dict:
        return False
    return all(map(_object_check(State, open_lists), states.values()))


def events_are_valid(events: Any, open_lists: bool = False) -> bool:
    """Return whether a scene's ``events`` are surely valid."""
    return type(events) is list and all(map(_object_check(Event, open_lists), events))


def scene_problems(scene: Any, open_lists: bool = False) -> list[Problem]:
    """Return the problems of the states and events of a scene that is not surely valid.

    Each item is validated separately: a pydantic error has a copy of every key on its path, so all errors within
    a state with a long id would repeat that id.

    Args:
        scene: The value of ``scene``; only problems of its states and events are returned.
        open_lists: Whether a word that is in no closed list is accepted; see ``validate``.

    Returns:
        Up to ``MAX_PROBLEMS`` problems, and one more that says so when there are more.
    """
    found_problems: list[Problem] = []
    for start, model, part in _parts(scene):
        if len(found_problems) > MAX_PROBLEMS:
            return [
                *found_problems[:MAX_PROBLEMS],
                Problem("scene", f"only the first {MAX_PROBLEMS:,} problems are listed"),
            ]
        if not _object_check(model, open_lists)(part):
            try:
                validate(model, part, open_lists=open_lists)
            except ValidationError as error:
                found_problems += problems(error, start())
    return found_problems


def _parts(scene: Any) -> Iterator[tuple[Callable[[], str], type[Part], Any]]:
    states, events = (scene.get("states"), scene.get("events")) if type(scene) is dict else (None, None)
    if type(states) is dict:
        for id, state in states.items():
            yield partial(format_short_path, ["scene", "states", id]), State, state
    if type(events) is list:
        for index, event in enumerate(events):
            yield partial(format_short_path, ["scene", "events", index]), Event, event


@cache
def _object_check(model: type[Part], open_lists: bool) -> Check:
    schema: Any = model.__pydantic_core_schema__
    schema = with_open_lists(schema) if open_lists else schema
    shared: list[Any] = []
    try:
        if schema["type"] == "definitions":
            schema, shared = schema["schema"], schema["definitions"]
        return _fields_check(schema["schema"]["fields"], {part["ref"]: part for part in shared})
    except (KeyError, SchemaError):  # schemas of another version of pydantic: it validates everything then
        return lambda value: False


def _fields_check(fields: Mapping[str, Any], shared: Definitions) -> Check:
    type_of: dict[str, type] = {}
    check_of: dict[str, Check] = {}
    required: set[str] = set()
    for field in fields.values():
        name, schema = field["validation_alias"], field["schema"]
        if schema["type"] == "default":
            schema = schema["schema"]
        else:
            required.add(name)
        kind = _plain_type(schema)
        if kind is None:
            check_of[name] = _schema_check(schema, shared)
        else:
            type_of[name] = kind

    def check(value: Any) -> bool:
        if type(value) is not dict or not required <= value.keys():
            return False
        for name, item in value.items():
            if type_of.get(name) is type(item):
                continue
            if name in type_of:
                return False
            other = check_of.get(name)
            if other is not None and not other(item):
                return False
        return True

    return check


def _plain_type(schema: Any) -> type | None:
    """Return the type that every valid value has and that is sufficient, or None."""
    return _PLAIN_TYPES.get(schema["type"]) if schema.keys() - {"metadata"} == {"type", "strict"} else None


_PLAIN_TYPES: dict[str, type] = {"str": str, "bool": bool}


def _is_anything(value: Any) -> bool:
    return True


def _is_list_of_strings(value: Any) -> bool:
    if type(value) is not list:
        return False
    for item in value:  # noqa: SIM110 - a generator costs more than the comparison
        if type(item) is not str:
            return False
    return True


def _schema_check(schema: Any, shared: Definitions) -> Check:
    schema = shared[schema["schema_ref"]] if schema["type"] == "definition-ref" else schema
    kind = schema["type"]
    if kind == "any":
        return _is_anything
    if kind == "tagged-union" and schema["choices"].keys() == {"text", "pair"}:
        pair = _schema_check(schema["choices"]["pair"], shared)
        return lambda value: type(value) is str or pair(value)
    if kind == "literal":
        expected = frozenset(schema["expected"])
        return lambda value: type(value) is str and value in expected
    if kind == "model" and schema["schema"]["type"] == "model-fields":
        return _fields_check(schema["schema"]["fields"], shared)
    if kind == "tuple" and schema.keys() == {"type", "items_schema", "variadic_item_index"}:
        items = schema["items_schema"]
        return (
            _is_list_of_strings if [_plain_type(item) for item in items] == [str] else _pydantic_check(schema, shared)
        )
    if kind == "function-before" and schema["function"]["function"] is as_list:
        many = _schema_check(schema["schema"], shared)
        return lambda value: many(value) or type(value) is str
    return _pydantic_check(schema, shared)


def _pydantic_check(schema: Any, shared: Definitions) -> Check:
    full_schema = core_schema.definitions_schema(schema, list(shared.values())) if shared else schema
    return SchemaValidator(full_schema).isinstance_python
