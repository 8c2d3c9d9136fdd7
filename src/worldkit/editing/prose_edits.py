"""From new texts to the operations that write them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from worldkit.core.document import Document, json_of
from worldkit.core.json_values import Json, deep_copy
from worldkit.core.prose import ProseText, with_text
from worldkit.editing.field_names import world_name


def prose_ops(world: Document, changes: Iterable[tuple[ProseText, str]]) -> list[Json]:
    """Return the operations that give some texts of a world other words; nothing else changes.

    Args:
        changes: Texts of this world, each with what it is to say. A text that already says that needs no operation.
    """
    raw = json_of(world)
    states, events = list(raw["scene"]["states"].items()), raw["scene"]["events"]
    bodies: dict[tuple[str, int], Json] = {}
    for text, words in changes:
        if text.text == words:
            continue
        owner = (text.kind, text.number)
        if owner not in bodies:
            bodies[owner] = (
                raw if text.kind == "world" else states[text.number][1] if text.kind == "state" else events[text.number]
            )
        bodies[owner] = with_text(bodies[owner], text.path, words)
    first_index: dict[str, int] = {}
    for index, event in enumerate(events):
        first_index.setdefault(event["name"], index)
    ops: list[Json] = []
    for (kind, index), body in sorted(bodies.items(), key=lambda item: (_ORDER[item[0][0]], item[0][1])):
        if kind == "world":
            ops.append({"op": "put_world", "set": {world_name(key): body[key] for key in _changed_keys(raw, body)}})
        elif kind == "state":
            id, before = states[index]
            fields = _changed_keys(before, body)
            if "variants" in fields:
                # the labels of a world that is broken may be none that an update takes, and its words can be changed
                ops.append({"op": "put_state", "id": id, "state": body})
            else:
                ops.append({"op": "update_state", "id": id, "patch": {key: body[key] for key in fields}})
        elif first_index[events[index]["name"]] == index:
            patch = {key: body[key] for key in _changed_keys(events[index], body)}
            ops.append({"op": "update_event", "name": events[index]["name"], "patch": patch})
        else:
            # an operation by name means the first event of that name
            ops.append({"op": "put_event", "index": index, "event": body})
    copies: list[Json] = deep_copy(ops)
    return copies


_ORDER = {"world": 0, "state": 1, "event": 2}


def _changed_keys(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    return [key for key in after if key not in before or before[key] is not after[key]]
