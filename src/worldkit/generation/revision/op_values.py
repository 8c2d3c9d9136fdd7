"""What an operation changes, and where in it each value stands that it sets."""

from __future__ import annotations

from typing import Any, NamedTuple

from worldkit.core.json_values import Json

Target = tuple[str, ...]
"""What an operation changes: a state, an event, the world, a variant of a state, or all of its variants."""


class ValueSlot(NamedTuple):
    """Where a value stands inside an operation.

    Attributes:
        holder: The object that has it.
        key: The key in that.
        is_body: Whether the object is a state, an event or a variant, where null is no value.
    """

    holder: Json
    key: str
    is_body: bool = False

    def set(self, value: Any) -> None:
        """Put another value there."""
        if value is None and self.is_body:
            self.holder.pop(self.key, None)
        else:
            self.holder[self.key] = value


_VALUES = {
    "set_event_grants": ("grants", "value"),
    "set_event_requires": ("requires", "value"),
    "set_event_phases": ("phases", "value"),
    "set_event_locked_hint": ("lockedHint", "hint"),
}
"""Operations that set one field of an event: the field, and the key that has its value."""


def slots_of(holder: Json, *other_keys: str, is_body: bool = False) -> dict[str, ValueSlot]:
    """Return where each value of an object stands, by its key, but for keys that say what the object is of."""
    return {key: ValueSlot(holder, key, is_body) for key in holder if key not in other_keys}


def changed_values(op: Json) -> tuple[Target | None, dict[str, ValueSlot]]:
    """Return what an operation changes, and where in it each value stands, by the field; None for any other."""
    match op["op"]:
        case "set_field":
            return ("state", op["state"]), {op["field"]: ValueSlot(op, "value")}
        case "set_variant_field":
            return ("variant", op["state"], op["label"]), {op["field"]: ValueSlot(op, "value")}
        case "set_event_field":
            return ("event", op["event"]), {op["field"]: ValueSlot(op, "value")}
        case "set_subject":
            return ("world",), slots_of(op, "op")
        case "set_state_ending":
            return ("state", op["state"]), {f"ending.{key}": slot for key, slot in slots_of(op, "op", "state").items()}
        case "update_state":
            return ("state", op["id"]), slots_of(op["patch"])
        case "update_event":
            return ("event", op["name"]), slots_of(op["patch"])
        case "add_state":
            return ("state", op["id"]), slots_of(op["state"], is_body=True)
        case "add_variant":
            return ("variant", op["state"], op["variant"]["label"]), slots_of(op["variant"], "label", is_body=True)
        case "add_transition" | "add_override":
            return ("event", op["event"]["name"]), slots_of(op["event"], is_body=True)
        case "delete_state":
            return ("state", op["id"]), {}
        case "remove_variant":
            return ("variant", op["state"]), {}
        case "delete_event":
            return ("event", op["name"]), {}
        case name if name in _VALUES:
            field, key = _VALUES[name]
            return ("event", op["event"]), {field: ValueSlot(op, key)}
    return None, {}
