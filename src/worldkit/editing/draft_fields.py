"""``DraftFields``: the fields of a world that is edited, those that are lists item by item, and what a world allows.

The bodies of states and events are in ``Draft``.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, Literal

from pydantic import ValidationError

from worldkit.core.json_values import Json
from worldkit.core.model import DocumentModel
from worldkit.core.problems import validate
from worldkit.editing import flag_refs, inverse, refs
from worldkit.editing.allowances import AllowedPlaces
from worldkit.editing.mentions import mentions_in_item
from worldkit.editing.naming import NameNumbers
from worldkit.editing.records import Records
from worldkit.editing.refusals import OpRefused, invalid_body
from worldkit.editing.undo import UndoLog, field_place

_EMPTY_SCENE: Json = {"states": {}, "events": []}

ListField = Literal["cutscenes", "sequences", "missions", "story"]
"""A field of the world that is a list of items, or has one: the beats of the story."""

LIST_FIELDS: dict[ListField, str] = {"cutscenes": "id", "sequences": "id", "missions": "id", "story": ""}
"""Such fields, each with the field of an item that names it."""


class DraftFields(ABC):
    """The top-level fields of a draft.

    Args:
        fields: The fields before the edit, in order.
        states: The bodies of the states by id.
        open_lists: Whether words that this version does not know are allowed in closed lists.

    Attributes:
        states: The bodies of the states by id, unordered.
        undo: The operations that undo the steps.
    """

    def __init__(self, fields: Json, states: Json, *, open_lists: bool) -> None:
        self._fields: Json = dict(fields)
        self.states: Json = dict(states)
        self._open_lists = open_lists
        self._records: dict[str, Records] = {}
        self._copied_lists: dict[str, Any] = {}  # the lists that these were made of, as long as they are the same
        self._objective_texts: dict[str, str] | None = None
        self._restored_ids: set[str] = set()  # the ids in the cutscenes that the undo log gives back
        self._state_numbers = NameNumbers()
        self._allowed_places: AllowedPlaces | None = None
        self._has_renamed_places = False
        self.undo = UndoLog()

    @abstractmethod
    def events_naming(self, id: str) -> list[tuple[int, Json]]:
        """Return the events whose ``from`` or ``to`` names an id, each with its index."""

    @abstractmethod
    def _set_version(self, tag: str | None) -> None:
        """Open the closed lists to words of later versions, or close them; refuse to close them on such words."""

    # ---- reading ---------------------------------------------------------------------------

    @property
    def fields(self) -> Json:
        """The top-level fields, in order."""
        if self._has_renamed_places and self._allowed_places is not None:
            self._fields["kernel"] = {**self._fields["kernel"], "allow": self._allowed_places.by_place()}
            self._has_renamed_places = False
        return self._fields

    def field(self, key: str, default: Any = None) -> Any:
        """Return a top-level field; unlike ``fields`` it looks at no other."""
        return self.fields.get(key, default) if key == "kernel" else self._fields.get(key, default)

    def records(self, name: ListField) -> Records:
        """Return the items of a list of the world; they are changed with ``append_record`` and the like only."""
        if name not in self._records:
            source = self._copied_lists[name] = _items(name, self._fields.get(name))
            self._records[name] = Records(list(source), LIST_FIELDS[name], mentions_in_item(name))
        return self._records[name]

    def cutscene_ids(self) -> Records:
        """Return what contains the ids of the cutscenes."""
        return self.records("cutscenes")

    def objective_texts(self) -> dict[str, str]:
        """Return the text of the first objective that gives each flag."""
        if self._objective_texts is None:
            self._objective_texts = flag_refs.texts_by_flag(self.records("missions").items)
        return self._objective_texts

    def unused_state_id(self, base: str) -> str:
        """Return an id that neither a state nor a cutscene has: ``base``, or it with a number."""
        return self._state_numbers.unused(base, self.states, self.cutscene_ids())

    def has_allowances(self, head: str) -> bool:
        """Return whether the world allows findings about an item, existing or not, by what its places begin with."""
        return self._places().has(head)

    def _places(self) -> AllowedPlaces:
        if self._allowed_places is None:
            self._allowed_places = AllowedPlaces(self.fields)
        return self._allowed_places

    def follow_in_restored(self, old: str, new: str) -> None:
        """Note another id of a state that the cutscenes may name when a step is undone."""
        if old in self._restored_ids:
            self._restored_ids.add(new)

    def _is_among_restored(self, id: str) -> bool:
        """Return whether the cutscenes have or name an id when a step is undone; undoing other steps may change it."""
        return id in self._restored_ids and self.undo.restores(field_place("cutscenes"))

    # ---- lists of the world ------------------------------------------------------------------

    def append_record(self, name: ListField, item: Json) -> None:
        """Add an item at the end of a list of the world; no other has its id."""
        records = self.records(name)
        self._check_item(name, item)
        is_separate = len(records) > 0 or (name == "cutscenes" and name not in self._fields)
        is_separate = is_separate and not self.undo.restores(field_place(name))
        if name == "sequences" and is_separate:
            self.undo.append({"op": "remove_sequence", "id": item["id"]})
        elif name == "cutscenes" and is_separate and not self._is_destination(item["id"]):
            self.undo.append({"op": "remove_cutscene", "id": item["id"]})
        else:
            self._restore_field(name, force=name == "cutscenes" and self._is_destination(item["id"]))
        records.append(item)
        self._store_records(name, records)
        if name == "missions" and self._objective_texts is not None:
            self._objective_texts = flag_refs.texts_by_flag([item], self._objective_texts)

    def replace_record(self, name: ListField, index: int, item: Json, *, undo: bool = True) -> None:
        """Put an item of valid parts in the place of another; ``undo`` is as for ``put_event``."""
        records = self.records(name)
        if undo:
            self._restore_field(name)
        if name == "missions" and flag_refs.texts_by_flag([records.items[index]]) != flag_refs.texts_by_flag([item]):
            self._objective_texts = None
        records.replace(index, item)
        self._store_records(name, records)

    def remove_record(self, name: ListField, index: int) -> None:
        """Remove an item of the cutscenes or sequences; the list is removed with the last one."""
        records = self.records(name)
        if len(records) == 1:
            self.remove_field(name)
            return
        self._restore_field(name)
        item = records.remove(index)
        self._store_records(name, records)
        if name == "cutscenes":
            self._state_numbers.release(item["id"])

    def _check_item(self, name: ListField, item: Json) -> None:
        try:
            self._validate_fields({name: {"logline": "", "beats": [item]} if name == "story" else [item]})
        except OpRefused:
            items = [*self.records(name).items, item]  # the problem is reported with its place among them
            self._validate_fields({name: {**self._fields[name], "beats": items} if name == "story" else items})

    def _store_records(self, name: ListField, records: Records) -> None:
        self._copied_lists.pop(name, None)
        if name != "story":
            self._fields[name] = records.items
        elif self._fields[name].get("beats") is not records.items:
            self._fields[name] = {**self._fields[name], "beats": records.items}

    def _is_destination(self, id: str) -> bool:
        return any(event.get("to") == id for _, event in self.events_naming(id))

    def _restore_field(self, name: str, *, force: bool = False) -> None:
        place = field_place(name)
        if name == "cutscenes" and not self.undo.restores(place):
            cutscenes = self._fields.get(name, ())
            ends = {cutscene[end] for cutscene in cutscenes for end in ("from", "to")}
            self._restored_ids = ends.union(cutscene["id"] for cutscene in cutscenes)
            force = force or not ends <= self.states.keys()
        self.undo.restore(place, lambda: inverse.of_field(self.fields, name))
        if force:
            self.undo.force(place)

    # ---- whole fields ------------------------------------------------------------------------

    def set_field(self, key: str, value: Any, changed_part: Any = None) -> None:
        """Set a top-level field other than ``scene``; None is a value here; ``remove_field`` removes.

        Args:
            key: The field.
            value: Its new value.
            changed_part: A value of the field with what changed in it alone, when the rest is known to be valid.
        """
        self._validate_fields({key: value if changed_part is None else changed_part})
        if key == "schemaVersion":
            self._set_version(value)
        if key in LIST_FIELDS:
            new_ids = refs.cutscene_ids({key: value}) - refs.cutscene_ids(self._fields) if key == "cutscenes" else ()
            self._restore_field(key, force=any(map(self._is_destination, new_ids)))
            self._fields[key] = value
            self._forget_records(key)
            return
        before = {key: self.field(key)} if key in self._fields else {}
        self._fields[key] = value
        self._allowed_places = None if key == "kernel" else self._allowed_places
        entrance = before.get(key) if key == "entrance" else None
        dangles = entrance is not None and entrance["state"] not in self.states
        self.undo.settle(field_place(key))
        self.undo.append(inverse.of_changed_field(before, {key: value}, key, dangles))

    def remove_field(self, key: str, *, restore_order: bool = True) -> None:
        """Remove a top-level field if it is there.

        Args:
            key: The field.
            restore_order: Whether its inverse restores the order of the fields; false when another operation does.
        """
        if key not in self._fields:
            return
        if key == "schemaVersion":
            self._set_version(None)
        dangles = key in ("entrance", "cutscenes") and bool(refs.count_dangling(self._fields, self.states, []))
        order = list(self._fields) if restore_order and key != next(reversed(self._fields)) else None
        before = {key: self.field(key)}
        del self._fields[key]
        self._allowed_places = None if key == "kernel" else self._allowed_places
        self.undo.settle(field_place(key))
        self.undo.append(inverse.of_changed_field(before, {}, key, dangles, order))
        self._forget_records(key)

    def _validate_fields(self, fields: Json) -> None:
        try:
            validate(DocumentModel, {**fields, "scene": _EMPTY_SCENE}, open_lists=self._open_lists)
        except ValidationError as error:
            raise invalid_body("the world", error) from None

    def _forget_records(self, key: str) -> None:
        """Read the items of a list anew when it is another list."""
        records = self._records.get(key)
        items = _items(key, self._fields.get(key))
        if records is not None and items is not records.items and items is not self._copied_lists.get(key):
            del self._records[key]
        if key == "missions":
            self._objective_texts = None
        if key == "cutscenes":
            self._state_numbers = NameNumbers()

    # ---- what the world allows ---------------------------------------------------------------

    def move_allowances(self, head: str, new_head: str, *, keep: bool = False, undo: bool = True) -> None:
        """Put what the world allows of an item under a new name.

        Args:
            head: What the places of the item begin with.
            new_head: What they are to begin with.
            keep: Whether to keep them under the old name, too, as when another item has it.
            undo: Whether to record the inverse; false when another operation takes them back.
        """
        places = self._places()
        if not places.has(head):
            return
        if undo:
            self._restore_field("kernel")
        (places.copy if keep else places.rename)(head, new_head)
        self._has_renamed_places = True


def _items(name: str, value: Any) -> Any:
    """Return the list in a field; an empty one when it is not there."""
    return (value.get("beats", ()) if name == "story" else value) if value is not None else ()
