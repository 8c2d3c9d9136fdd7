"""``RestoredList``: a list of the world in an operation that gives it back, and the renames that it follows."""

from __future__ import annotations

from typing import NamedTuple

from worldkit.core.json_values import Json
from worldkit.editing.mentions import MentionKind, mentions_in_item, renamed_in_item
from worldkit.editing.records import Records

_NAME_FIELDS = {"cutscenes": "id", "sequences": "id", "missions": "id", "story": ""}


class FollowedRename(NamedTuple):
    """A rename in a batch.

    Attributes:
        op: Its operation.
        old_name: The old name.
        is_named_outside: Whether something outside the lists of the world has the new name.
    """

    op: str
    old_name: str
    new_name: str
    is_named_outside: bool


class RestoredList:
    """A list in an operation, and the same list in later names, which it takes when the operation moves.

    Args:
        field: The field of the world.
        items: The list in the operation.
    """

    def __init__(self, field: str, items: list[Json]) -> None:
        self._field = field
        self._items = items
        self._records: Records | None = None  # once something was renamed
        self._changed_indices: set[int] = set()

    @classmethod
    def of(cls, field: str, op: Json) -> RestoredList | None:
        """Return the list in an operation that gives back a field; None where the field is no list."""
        if field not in _NAME_FIELDS:
            return None
        [value] = op.get("set", {field: []}).values()
        items = value.get("beats") if isinstance(value, dict) else value
        return cls(field, items if isinstance(items, list) else [])

    def follow(self, rename: FollowedRename) -> bool:
        """Take part in a rename; say no where its inverse would not give back what the list names."""
        if rename.op == "rename_event":  # no list names events
            return True
        if self._records is None:
            self._records = Records([*self._items], _NAME_FIELDS[self._field], mentions_in_item(self._field))
        records, old, new = self._records, rename.old_name, rename.new_name
        kind: MentionKind = "state" if rename.op == "rename_state" else "flag"
        if records.naming(kind, new):
            return False
        if kind == "state" and self._field == "cutscenes" and (old in records or new in records):
            return False
        if kind == "flag" and any(records.naming("default flag", name) for name in (old, new)):
            return False
        indices = records.naming(kind, old)
        if not (indices or kind == "state" or rename.is_named_outside):  # a flag that nothing names is not renamed
            return False
        for index in indices:
            records.replace(index, renamed_in_item(self._field, records.items[index], kind, old, new))
        self._changed_indices.update(indices)
        return True

    def take_names(self) -> None:
        """Put the later names into the operation."""
        if self._records is not None:
            for index in self._changed_indices:
                self._items[index] = self._records.items[index]
        self._changed_indices.clear()
