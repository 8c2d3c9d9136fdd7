"""Documents made of a networkx graph, or of two tables: states and events.

What is no field of the format is kept, as everywhere. Cells and attributes that hold nothing (None, NaN) are left out.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from worldkit.core import json_values
from worldkit.core.argument_checks import refusal
from worldkit.core.errors import InvalidWorld, Problem, WrongArgument
from worldkit.core.json_values import Json, is_number, quote
from worldkit.core.quoting import did_you_mean
from worldkit.editing import naming
from worldkit.interop.graph_rest import holds_world, rest_of_world

_LISTS = ("from", "requires", "grants", "ambient")
_GRAPH_ATTRIBUTES = frozenset({"event", "cutscene", "name", "from"})
"""Attributes of an edge that say which event it is, or where the graph already says it."""


def graph_document(graph: Any) -> Json:
    """Return the document of a directed graph of networkx, such as one of ``to_networkx``.

    Args:
        graph: The graph. Nodes are states, edges are transitions.

    Raises:
        WrongArgument: It is no directed graph of networkx, or an attribute holds what is no JSON.
    """
    if not (hasattr(graph, "is_directed") and hasattr(graph, "is_multigraph") and graph.is_directed()):
        raise refusal("graph", "a directed graph of networkx, such as a DiGraph", graph)
    states: Json = {}
    marked_start = None
    for node, attributes in graph.nodes(data=True):
        fields = _fields(attributes, f"node {quote(str(node))}")
        if fields.pop("start", False) is True and marked_start is None:
            marked_start = str(node)
        states[str(node)] = {"base": _as_sentence(str(node)), **fields}
    if len(states) != graph.number_of_nodes():
        raise WrongArgument("graph", "nodes whose names differ as text, since they become ids", "two of one name")
    value = graph.graph.get("world")
    rest = rest_of_world(value, states)
    document: Json = rest if holds_world(value) else {"schemaVersion": "1.0", **rest}
    name, named_start = graph.graph.get("name"), graph.graph.get("entrance")
    if not _is_nothing(name) and str(name):
        document["name"] = str(name)
    if states:
        # a node that was renamed is still marked
        other_start = next(iter(states)) if marked_start is None else marked_start
        state = str(named_start) if not _is_nothing(named_start) and str(named_start) in states else other_start
        if not holds_world(value) or _start(rest, states) != state:
            document["entrance"] = {**(rest.get("entrance") or {}), "state": state}
    elif "state" not in rest.get("entrance", {"state": None}):
        del document["entrance"]
    # of several with one id the first is played
    cutscenes = {cutscene["id"]: cutscene["to"] for cutscene in reversed(rest.get("cutscenes") or ())}
    order = rest["scene"].get("events") or ()
    names_of_edges = {entry for entry in order if isinstance(entry, str)}
    # a world may have had two events of one name already
    taken_names = {entry["name"] for entry in order if not isinstance(entry, str)} - names_of_edges
    events = _in_order(_events_of_edges(graph, cutscenes, taken_names), order)
    return {**document, "scene": {**rest["scene"], "states": states, "events": events}}


def _as_sentence(name: str) -> str:
    text = name.replace("_", " ")
    return f"{text[:1].upper()}{text[1:]}."


def _start(document: Json, states: Json) -> str | None:
    """Return where play starts in a world as it is written; None where its entrance lacks a state."""
    entrance = document.get("entrance")
    named_start = next(iter(states)) if entrance is None else entrance.get("state")
    return next(iter(states)) if isinstance(named_start, str) and named_start not in states else named_start


def _in_order(events: Iterable[Json], order: Iterable[Any]) -> list[Json]:
    """Return the events of edges and those that are none, in the order that the world had; new ones come last."""
    events_by_name = {event["name"]: event for event in events}
    events_in_order: list[Any] = []
    for entry in order:
        if not isinstance(entry, str):
            events_in_order.append(entry)
        elif (event := events_by_name.pop(entry, None)) is not None:
            events_in_order.append(event)
    return [*events_in_order, *events_by_name.values()]


def _events_of_edges(graph: Any, cutscenes: Mapping[str, str], taken_names: Iterable[str]) -> list[Json]:
    events: dict[str, Json] = {}
    sources_as_written: dict[str, Any] = {}
    names = naming.UnusedNames(taken_names)
    alike: dict[tuple[str, str], Json] = {}
    edges = graph.edges(keys=True, data=True) if graph.is_multigraph() else graph.edges(data=True)
    for source, target, *key, attributes in edges:
        place = f"edge {quote(f'{source} -> {target}')}"
        fields = _fields(attributes, place)
        to = fields.get("to")
        to = to if isinstance(to, str) and cutscenes.get(to) == str(target) else str(target)
        body = {"kind": "transition", **fields, "to": to}
        given_name = fields.get("event") or fields.get("name") or next((k for k in key if isinstance(k, str)), None)
        rest = {field: value for field, value in body.items() if field not in _GRAPH_ATTRIBUTES}
        label = str(given_name) if given_name else names.take(naming.event_name(body, len(events)))
        content = json.dumps(rest, sort_keys=True)
        if (label, content) in alike:
            alike[label, content]["from"].append(str(source))  # an event of several sources is an edge from each
            continue
        name = names.take(label) if given_name else label
        events[name] = alike[label, content] = {"name": name, "from": [str(source)], **rest}
        sources_as_written[name] = body.get("from")
    for name, event in events.items():
        sources = sources_as_written[name]
        listed_sources = [sources] if isinstance(sources, str) else sources
        if isinstance(listed_sources, list) and set(map(str, listed_sources)) == set(event["from"]):
            event["from"] = sources
    return list(events.values())


def table_document(states: Any, events: Any) -> Json:
    """Return the document of two tables.

    Args:
        states: A data frame or a list of dicts, a row a state: ``id`` and fields, ``camera.static`` for a half.
        events: The same for events, with ``name``, ``kind``, ``from`` and ``to``. Several states or flags in one
            cell are a list, or a text with semicolons.

    Raises:
        WrongArgument: One of them is no table, or a cell holds what is no JSON.
        InvalidWorld: A state has no id, or one that is taken.
    """
    bodies: Json = {}
    for number, row in enumerate(_rows(states, "states")):
        id = row.pop("id", None)
        if id is None or _as_id(id) in bodies:
            problem = "required, and missing" if id is None else f"{quote(_as_id(id))} is the id of a row before it"
            near = did_you_mean("id", list(row)) if id is None else ""
            raise InvalidWorld([Problem(f"states[{number}].id", problem + near)], "the table")
        bodies[_as_id(id)] = row
    rows = _rows(events, "events")
    names = naming.UnusedNames(row["name"] for row in rows if isinstance(row.get("name"), str))
    for row in rows:
        _read_numbers_as_ids(row)
        row.setdefault("kind", "transition" if "to" in row else "override")
        if "name" not in row:
            row["name"] = names.take(naming.event_name(row, len(rows) - 1))
        if isinstance(row.get("from"), str) and row["from"] in bodies:
            row["from"] = [row["from"]]
        for field in _LISTS:
            if isinstance(row.get(field), str):
                row[field] = [part.strip() for part in row[field].split(";") if part.strip()]
    document: Json = {"schemaVersion": "1.0"}
    if bodies:
        document["entrance"] = {"state": next(iter(bodies))}
    return {**document, "scene": {"states": bodies, "events": rows}}


def _as_id(value: Any) -> str:
    """Return the id that a cell holds; a column of whole numbers with empty cells is one of floats."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _read_numbers_as_ids(row: Json) -> None:
    for field in ("from", "to"):
        value = row.get(field)
        if is_number(value):
            row[field] = [_as_id(value)] if field == "from" else _as_id(value)
        elif isinstance(value, list):
            row[field] = [_as_id(item) if is_number(item) else item for item in value]


def _rows(table: Any, argument: str) -> list[Json]:
    """Return the rows of a table as new objects, with dotted columns as nested fields."""
    records = table
    if hasattr(table, "to_dicts"):  # polars
        records = table.to_dicts()
    elif hasattr(table, "to_dict"):  # pandas
        records = table.to_dict("records")
    if not isinstance(records, Iterable) or isinstance(records, (str, bytes, Mapping)):
        raise refusal(argument, "a data frame, or a list of dicts", table)
    rows = []
    for number, record in enumerate(records):
        if not isinstance(record, Mapping):
            raise refusal(argument, "a data frame, or a list of dicts", table)
        row: Json = {}
        for column, value in _fields(record, f"{argument}[{number}]").items():
            *outer, last = column.split(".")
            body = row
            for part in outer:
                inner = body.setdefault(part, {})
                if not isinstance(inner, dict):
                    raise _both_columns(argument, part)
                body = inner
            if last in body:
                raise _both_columns(argument, last)
            body[last] = value
        rows.append(row)
    return rows


def _both_columns(argument: str, column: str) -> WrongArgument:
    """Return the error for a table that has a column and columns of its parts."""
    return WrongArgument(argument, f"the column {quote(column)} or columns of its parts", "both")


def _fields(attributes: Mapping[Any, Any], place: str) -> Json:
    """Return attributes as JSON values, without those that hold nothing."""
    fields: Json = {}
    for key, value in attributes.items():
        plain = value.tolist() if hasattr(value, "tolist") else value  # of numpy, also for a single number
        if _is_nothing(plain):
            continue
        try:
            json_values.check_json(plain, str(key))
        except InvalidWorld as error:
            raise WrongArgument(f"{place}, {key}", "a JSON value", str(error.problems[0])) from None
        fields[str(key)] = json_values.deep_copy(plain)
    return fields


def _is_nothing(value: Any) -> bool:
    """Say whether a value is None, or how a data frame says that a cell is empty: NaN, or NA of pandas."""
    if value is None:
        return True
    try:
        differs_from_itself = value != value
    except Exception:  # what cannot be compared is something
        return False
    return differs_from_itself is True or differs_from_itself is value  # a comparison with NA is NA
