"""``OpRenamer``: recorded operations in the names of another version of the world that they were applied to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from worldkit.core.json_values import Json
from worldkit.editing import field_names
from worldkit.editing.new_names import NewNames
from worldkit.editing.renaming import Renaming

_STATE_ARGUMENTS: Mapping[str, str] = {
    **dict.fromkeys(("update_state", "delete_state", "put_state"), "id"),
    **dict.fromkeys(("set_field", "set_state_ending", "add_variant", "remove_variant", "set_variant_field"), "state"),
    **dict.fromkeys(("set_entrance", "set_outro"), "state"),
}
"""The argument that names a state that is there."""
_FLAG_LIST_OPS = {"set_event_grants": "grants", "set_event_requires": "requires"}
_ADDED_ITEMS = {"add_cutscene": ("cutscene", "cutscenes"), "add_mission": ("mission", "missions")} | {
    "add_sequence": ("sequence", "sequences")
}
"""Operations that add an item to a list of the world: the argument with the item, and the list."""


class OpRenamer:
    """Operations of one world, one after the other, in the names of another version of it.

    What an operation renames, adds or deletes is known by its own name from then on.

    Args:
        names: What is called differently in the other version, by the names of this one.
    """

    def __init__(self, names: NewNames) -> None:
        self._states, self._events, self._flags = dict(names.states), dict(names.events), dict(names.flags)
        self._renames = Renaming(self._states, self._flags, (), self._events)

    @property
    def names(self) -> NewNames:
        """What is called differently once the operations so far are done; it changes with each of them."""
        return NewNames(self._states, self._events, self._flags)

    def ops(self, ops: Iterable[Json]) -> tuple[Json, ...]:
        """Return operations in canonical spelling in the other names."""
        return tuple(map(self._op, ops))

    def _op(self, op: Json) -> Json:
        if not (self._states or self._events or self._flags):
            return op
        kind = op["op"]
        if kind in ("rename_state", "rename_event", "rename_flag"):
            names = {"rename_state": self._states, "rename_event": self._events, "rename_flag": self._flags}[kind]
            old = names.pop(op["from"], op["from"])
            names.pop(op["to"], None)
            return {**op, "from": old}
        if kind in _STATE_ARGUMENTS:
            return self._state_op(op, _STATE_ARGUMENTS[kind])
        if kind == "add_state":
            self._states.pop(op["id"], None)  # a new state under a name that was given up
            return op
        if kind in _ADDED_ITEMS:
            argument, field = _ADDED_ITEMS[kind]
            return {**op, argument: self._renames.world_fields({field: [op[argument]]})[field][0]}
        if kind == "add_story_beat" and "states" in op:
            return {**op, "states": [self._renames.state(id) for id in op["states"]]}
        if kind == "put_world" and "set" in op:
            return {**op, "set": self._fields(op["set"])}
        return self._event_op(op)

    def _state_op(self, op: Json, argument: str) -> Json:
        id: Any = op.get(argument)
        renamed_op = {**op, argument: self._renames.state(id)} if isinstance(id, str) else op
        if isinstance(op.get("flag"), str):
            renamed_op = {**renamed_op, "flag": self._renames.flag(op["flag"])}
        if op["op"] == "delete_state" or (op["op"] == "put_state" and op.get("state") is None):
            self._states.pop(id, None)
        return renamed_op

    def _event_op(self, op: Json) -> Json:
        renamed_op = dict(op)
        for argument in ("event", "was", "patch"):
            body = op.get(argument)
            if isinstance(body, dict):
                renamed_op[argument] = self._body(body)
        if "to" in op and isinstance(op["to"], str):  # of set_event_kind
            renamed_op["to"] = self._renames.state(op["to"])
        if op["op"] in _FLAG_LIST_OPS and op.get("value"):
            renamed_op["value"] = [self._renames.flag(flag) for flag in op["value"]]
        argument = "event" if isinstance(op.get("event"), str) else "name"
        new_name = _name_after(op)
        if op["op"] == "put_event" and "index" in op:
            return self._put_event_at_index(op, renamed_op, new_name)
        name: Any = op.get(argument)
        if not isinstance(name, str):
            return renamed_op
        renamed_op[argument] = self._events.get(name, name)
        if isinstance(renamed_op.get("was"), dict):
            renamed_op["was"] = {**renamed_op["was"], "name": self._events.get(name, name)}
        if op["op"] == "put_event" and new_name == name:
            renamed_op["event"] = {**renamed_op["event"], "name": self._events.get(name, name)}
        if op["op"] == "delete_event" or new_name not in (None, name):
            self._events.pop(name, None)
            self._events.pop(str(new_name), None)
        return renamed_op

    def _put_event_at_index(self, op: Json, renamed_op: Json, new_name: str | None) -> Json:
        """Return an operation on the event at an index, which ``was`` names; without it the new event does."""
        old_name: Any = op["was"].get("name") if "was" in op else new_name
        current_name = self._events.get(old_name, old_name)
        if "was" in op:
            renamed_op["was"] = {**renamed_op["was"], "name": current_name}
        if new_name is not None and new_name == old_name:
            renamed_op["event"] = {**renamed_op["event"], "name": current_name}
        elif old_name is not None:
            self._events.pop(old_name, None)
            self._events.pop(str(new_name), None)
        return renamed_op

    def _body(self, body: Json) -> Json:
        """Return the body of an event, or a patch of one, with the states and flags that it names."""
        if "from" in body:
            return self._renames.event(body)
        renamed_body = self._renames.event({"from": [], **body})
        return {key: value for key, value in renamed_body.items() if key != "from"}

    def _fields(self, fields: Json) -> Json:
        keys = {name: field_names.parse_name(name) for name in fields}
        top = {key: fields[name] for name, (is_of_scene, key) in keys.items() if not is_of_scene}
        renamed_fields = self._renames.world_fields(top)
        return {name: fields[name] if is_of_scene else renamed_fields[key] for name, (is_of_scene, key) in keys.items()}


def _name_after(op: Mapping[str, Any]) -> str | None:
    """Return the name that an operation gives an event; None when it gives none."""
    body = op.get("patch") if op["op"] == "update_event" else op.get("event")
    name = body.get("name") if isinstance(body, dict) else None
    return name if isinstance(name, str) else None
