"""``Draft``: a world being edited; its JSON and its typed parts change together, step by step.

A draft starts as shallow copies of a world's containers and never changes a body in place: to change
a state or an event, pass a whole new body. Every step appends the operation that undoes it to ``undo``,
so the inverse of any batch is that list in reverse, whatever operations made the steps.
"""

from __future__ import annotations

from collections.abc import Container
from typing import Any

from pydantic import ValidationError

from worldkit.core.diagnostics import Diagnostic, ItemKind, make_diagnostic
from worldkit.core.document import Document, from_parts, has_open_lists, json_of, known_event_index
from worldkit.core.event_index import EventIndex
from worldkit.core.json_values import Json, quote
from worldkit.core.model import DocumentModel, Event, State
from worldkit.core.problems import validate
from worldkit.core.versions import is_later_minor
from worldkit.editing import inverse, refs
from worldkit.editing.allowances import AllowedPlaces
from worldkit.editing.event_mentions import EventMentions, MentionKind, is_mentioned_in
from worldkit.editing.order import NameList
from worldkit.editing.refusals import invalid_body, unknown_name

NOTE = "cascade"
_EMPTY: Json = {"states": {}, "events": []}

_MAX_SCANS = 8
"""How often an item is looked for in the whole list before an index is built, which takes as long as several scans."""

_MAX_INDEX_CHANGES = 64
"""How many changes of events the index of the world follows; after more it is dropped, and built again when needed."""


class Draft:
    """A mutable copy of a world; ``finish()`` builds the new world.

    Args:
        world: The world to edit; it is left unchanged.

    Attributes:
        fields: The top-level fields, in order. Read only: write with ``set_field``. Read them again after each step.
        scene: The scene's fields, in order; its ``states`` and ``events`` are those before the edit.
        states: The state bodies by id, unordered; ``ordered_states`` returns them in order.
        events: The event bodies.
        notes: What changed as a consequence of the operations.
        undo: For each step the operation that undoes it, oldest first.
    """

    def __init__(self, world: Document) -> None:
        raw = json_of(world)
        self._class = type(world)
        self._open_lists = has_open_lists(world)
        self._fields: Json = dict(raw)
        self.scene: Json = dict(raw["scene"])
        self.states: Json = dict(self.scene["states"])
        self.events: list[Json] = list(self.scene["events"])
        self._states: dict[str, State] = dict(world.scene.states)
        self._events: list[Event] = list(world.scene.events)
        self._state_order: NameList | None = None  # the order of the states, once it is not that of ``states``
        self._event_order: NameList | None = None
        self._event_mentions: EventMentions | None = None
        self._mentioned_ids: set[str] | None = None
        self._cutscene_ids: set[str] | None = None
        self._allowed_places: AllowedPlaces | None = None
        self._has_renamed_places = False
        self._index = known_event_index(world)
        self._index_changes = 0
        self._scans = 0
        self.notes: list[Diagnostic] = []
        self.undo: list[Json] = []

    def finish(self) -> Document:
        """Return the new world; its parts are already validated."""
        states = self.ordered_states()
        scene = {**self.scene, "states": states, "events": self.events}
        models = self._states if self._state_order is None else {id: self._states[id] for id in states}
        return from_parts(self._class, {**self.fields, "scene": scene}, models, self._events, self._index)

    # ---- reading ---------------------------------------------------------------------------

    @property
    def fields(self) -> Json:
        """The top-level fields, in order."""
        if self._has_renamed_places and self._allowed_places is not None:
            self._fields["kernel"] = {**self._fields["kernel"], "allow": self._allowed_places.by_place()}
            self._has_renamed_places = False
        return self._fields

    def state(self, id: str) -> Json:
        """Return a state's body, or refuse an unknown id."""
        if id not in self.states:
            raise unknown_name("state", id, self.states)
        body: Json = self.states[id]
        return body

    def event_index(self, name: str) -> int:
        """Return the index of the first event of a name, or refuse an unknown name."""
        index = self.find_event(name)
        if index is None:
            raise unknown_name("event", name, dict.fromkeys(event["name"] for event in self.events))
        return index

    def find_event(self, name: str) -> int | None:
        """Return the index of the first event of a name, or None."""
        if self._index is not None:
            return next(iter(self._index.positions(self._index.by_name.get(name, ()))), None)
        if self._event_order is None and self._may_scan():
            return next((index for index, event in enumerate(self.events) if event["name"] == name), None)
        return self._ordered_event_names().find(name)

    @property
    def event_names(self) -> Container[str]:
        """The names of the events."""
        if self._index is not None:
            return self._index.by_name
        if self._event_order is None and self._may_scan():
            return {event["name"] for event in self.events}
        return self._ordered_event_names()

    def _may_scan(self) -> bool:
        """Return whether the next search may go through the whole list; a batch with many searches needs an index."""
        self._scans += 1
        return self._scans <= _MAX_SCANS

    def _ordered_event_names(self) -> NameList:
        if self._event_order is None:
            self._event_order = NameList(event["name"] for event in self.events)
        return self._event_order

    def ordered_states(self) -> Json:
        """Return the state bodies by id, in order."""
        return self.states if self._state_order is None else {id: self.states[id] for id in self._state_order}

    def state_index(self, id: str) -> int:
        """Return the position of a state that exists."""
        if self._state_order is None and self._may_scan():
            return list(self.states).index(id)
        return self._ordered_state_ids().index(id)

    def _ordered_state_ids(self) -> NameList:
        if self._state_order is None:
            self._state_order = NameList(self.states)
        return self._state_order

    def cutscene_ids(self) -> set[str]:
        """Return the ids of the cutscenes."""
        if self._cutscene_ids is None:
            self._cutscene_ids = refs.cutscene_ids(self.fields)
        return self._cutscene_ids

    def is_mentioned(self, id: str) -> bool:
        """Return whether a ``from``, ``to`` or the entrance may name an id; may err on the side of yes."""
        if self._index is not None:
            return id in self._index.by_id or id in refs.mentioned_ids(self.fields, [])
        if self._mentioned_ids is None and self._may_scan():
            ids_in_fields = refs.mentioned_ids(self.fields, [])
            return id in ids_in_fields or any(
                event.get("to") == id or (id in event["from"] and id in refs.sources(event)) for event in self.events
            )
        if self._mentioned_ids is None:
            self._mentioned_ids = refs.mentioned_ids(self.fields, self.events)
        return id in self._mentioned_ids

    def resolves(self, event: Json) -> bool:
        """Return whether an event body's ``from`` and ``to`` all name something."""
        to = event.get("to")
        return all(source in self.states for source in refs.sources(event)) and (
            to is None or to in self.states or to in self.cutscene_ids()
        )

    def events_naming(self, id: str) -> list[tuple[int, Json]]:
        """Return the events whose ``from`` or ``to`` names an id, each with its index."""
        return self._events_with("state", id)

    def events_with_flag(self, flag: str) -> list[tuple[int, Json]]:
        """Return the events that grant or require a flag, or a console's fact of them, each with its index."""
        return self._events_with("flag", flag)

    def _events_with(self, kind: MentionKind, id: str) -> list[tuple[int, Json]]:
        if self._index is not None:
            events = (self._index.by_id if kind == "state" else self._index.by_flag).get(id, ())
            return [(at, self.events[at]) for at in self._index.positions(events)]
        if self._event_mentions is None and self._may_scan():
            # quick, and with a single source as a string perhaps too much
            near = (
                [(at, event) for at, event in enumerate(self.events) if event.get("to") == id or id in event["from"]]
                if kind == "state"
                else enumerate(self.events)
            )
            return [(index, event) for index, event in near if is_mentioned_in(event, kind, id)]
        names = self._ordered_event_names()
        if self._event_mentions is None:
            self._event_mentions = EventMentions(zip(names.handles(), self.events, strict=True))
        indices = sorted(map(names.position, self._event_mentions.handles(kind, id)))
        return [(index, self.events[index]) for index in indices]

    def has_all_references(self) -> bool:
        """Return whether every ``from`` and ``to`` and the entrance name something; fast when it does."""
        source_ids, target_ids = refs.source_and_target_ids(self.events)
        if not (source_ids <= self.states.keys() and target_ids <= self.states.keys() | self.cutscene_ids()):
            return False
        return not refs.count_dangling(self.fields, self.states, [])

    def has_allowances(self, event: str) -> bool:
        """Return whether the world allows findings about an event of a name, existing or not."""
        return self._places().has("event", event)

    def _places(self) -> AllowedPlaces:
        if self._allowed_places is None:
            self._allowed_places = AllowedPlaces(self.fields)
        return self._allowed_places

    def note(self, message: str, kind: ItemKind, id: str = "", field: str = "") -> None:
        """Report a consequence of an operation."""
        self.notes.append(make_diagnostic(NOTE, "info", message, kind, id, field))

    # ---- states ----------------------------------------------------------------------------

    def put_state(self, id: str, body: Json, index: int | None = None) -> None:
        """Replace a state's body, or add a state; moves it to an index if one is given."""
        try:
            model = validate(State, body, open_lists=self._open_lists)
        except ValidationError as error:
            raise invalid_body(f"state {quote(id)}", error) from None
        old_body = self.states.get(id)
        old_index = None if index is None or old_body is None else self.state_index(id)
        if old_body is None and (index is not None or self._state_order is not None):
            order = self._ordered_state_ids()
            order.insert(len(self.states) if index is None else index, id)
        elif index is not None and old_index is not None and index != old_index:
            order = self._ordered_state_ids()
            order.remove(old_index, id)
            order.insert(index, id)
        self.states[id] = body
        self._states[id] = model
        if old_body is None:
            self.undo.append(inverse.of_added_state(id, self.is_mentioned(id)))
        elif old_index != index:
            self.undo.append(inverse.put_state(id, old_body, at=old_index))
        else:
            self.undo.append(inverse.of_changed_state(id, old_body, body))

    def remove_state(self, id: str) -> None:
        """Remove a state and nothing else."""
        index = self.state_index(id)
        if self._state_order is not None:
            self._state_order.remove(index, id)
        body = self.states.pop(id)
        del self._states[id]
        is_last = index == len(self.states)
        is_unused = id not in self.cutscene_ids() and (bool(self.states) or "entrance" in self.fields)
        self.undo.append(inverse.of_removed_state(id, body, index, is_plain=is_last and is_unused and bool(id.strip())))

    # ---- events ----------------------------------------------------------------------------

    def typed_event(self, body: Json) -> Event:
        """Return an event body as a model, or refuse."""
        try:
            return validate(Event, body, open_lists=self._open_lists)
        except ValidationError as error:
            raise invalid_body(f"event {quote(body.get('name', ''))}", error) from None

    def put_event(self, index: int, body: Json, model: Event | None = None, *, undo: bool = True) -> None:
        """Replace the event at an index.

        Args:
            index: Its index.
            body: Its new body.
            model: The body as a model, if the caller has it.
            undo: Whether to record the inverse; false when the caller records one for several steps.
        """
        model = self.typed_event(body) if model is None else model
        old_body, old_model = self.events[index], self._events[index]
        is_renamed = body["name"] != old_body["name"]
        is_name_unused = undo and is_renamed and self.find_event(body["name"]) is None
        self._events[index] = model
        if (world_index := self._index_to_change()) is not None:
            world_index.replace(index, old_model, model)
        self.events[index] = body
        self._add_mentions(body)
        if self._event_order is not None:
            handle = self._event_order.handle(index)
            if self._event_mentions is not None:
                self._event_mentions.discard(handle, old_body)
                self._event_mentions.add(handle, body)
        if is_renamed and self._event_order is not None:
            self._event_order.rename(index, old_body["name"], body["name"])
        if not undo:
            return
        if is_renamed:
            # update_event takes what the world allows along, so the new name must have nothing of its own
            is_old_unused = self.find_event(old_body["name"]) is None
            by_name = is_name_unused and is_old_unused and not self.has_allowances(body["name"])
        else:
            by_name = self.find_event(body["name"]) == index
        self.undo.append(inverse.of_changed_event(index, old_body, body, by_name, self.resolves(old_body)))

    def insert_event(self, body: Json, at: int | None = None, model: Event | None = None) -> None:
        """Insert an event at an index, or append it."""
        model = self.typed_event(body) if model is None else model
        index = len(self.events) if at is None else at
        self.events.insert(index, body)
        self._events.insert(index, model)
        if (world_index := self._index_to_change()) is not None:
            world_index.insert(index, model)
        self._add_mentions(body)
        if self._event_order is not None:
            self._event_order.insert(index, body["name"])
            if self._event_mentions is not None:
                self._event_mentions.add(self._event_order.handle(index), body)
        self.undo.append(inverse.of_added_event(index, body["name"], self.find_event(body["name"]) == index))

    def remove_event(self, index: int) -> None:
        """Remove the event at an index."""
        body = self.events.pop(index)
        model = self._events.pop(index)
        if (world_index := self._index_to_change()) is not None:
            world_index.remove(index, model)
        is_last = index == len(self.events)
        if self._event_order is not None:
            if self._event_mentions is not None:
                self._event_mentions.discard(self._event_order.handle(index), body)
            self._event_order.remove(index, body["name"])
        can_be_appended = is_last and bool(body["name"].strip()) and self.find_event(body["name"]) is None
        self.undo.append(inverse.of_removed_event(index, body, can_be_appended, self.resolves(body)))

    def _index_to_change(self) -> EventIndex | None:
        """Return a copy of the world's index to follow a change; None when there is none, or none any more."""
        if self._index_changes == _MAX_INDEX_CHANGES:
            self._index = None
        elif self._index is not None:
            self._index = self._index if self._index_changes else self._index.copy()
            self._index_changes += 1
        return self._index

    def _add_mentions(self, body: Json) -> None:
        if self._mentioned_ids is not None:
            self._mentioned_ids.update(refs.sources(body))
            if "to" in body:
                self._mentioned_ids.add(body["to"])

    # ---- everything else -------------------------------------------------------------------

    def rename_allowances(self, old: str, new: str) -> None:
        """Put what the world allows of an event under a name that has nothing of its own; records no inverse."""
        self._has_renamed_places |= self._places().rename("event", old, new)

    def set_field(self, key: str, value: Any) -> None:
        """Set a top-level field other than ``scene``; None is a value here; ``remove_field`` removes."""
        try:
            validate(DocumentModel, {key: value, "scene": _EMPTY}, open_lists=self._open_lists)
        except ValidationError as error:
            raise invalid_body("the world", error) from None
        if key == "schemaVersion":
            self._set_version(value)
        old_fields = dict(self.fields)
        self.fields[key] = value
        self._allowed_places = None if key == "kernel" else self._allowed_places
        self._cutscene_ids = None if key == "cutscenes" else self._cutscene_ids
        if self._mentioned_ids is not None and key in ("entrance", "cutscenes"):
            paths = refs.STATE_REFS[key]
            self._mentioned_ids.update(mention.id for path in paths for mention in refs.mentions(value, path))
        self._record_field_undo(old_fields, key)

    def remove_field(self, key: str) -> None:
        """Remove a top-level field if it is there."""
        if key in self.fields:
            if key == "schemaVersion":
                self._set_version(None)
            old_fields = dict(self.fields)
            del self.fields[key]
            self._allowed_places = None if key == "kernel" else self._allowed_places
            self._cutscene_ids = None if key == "cutscenes" else self._cutscene_ids
            self._record_field_undo(old_fields, key)

    def _set_version(self, tag: str | None) -> None:
        """Open the closed lists to words of later versions, or close them; refuse to close them on such words."""
        open_lists = is_later_minor(tag)
        if self._open_lists and not open_lists:
            document = {**self.fields, "scene": {"states": self.states, "events": self.events}, "schemaVersion": "1.0"}
            try:
                validate(DocumentModel, document)
            except ValidationError as error:
                raise invalid_body("the world", error) from None
        self._open_lists = open_lists

    def _record_field_undo(self, old_fields: Json, key: str) -> None:
        dangles = key in ("entrance", "cutscenes") and bool(refs.count_dangling(old_fields, self.states, []))
        if key == "cutscenes" and not dangles:
            new_names = refs.cutscene_ids(self.fields) - refs.cutscene_ids(old_fields)
            dangles = any(self.is_mentioned(id) for id in new_names)
        self.undo.append(inverse.of_changed_field(old_fields, self.fields, key, dangles))

    def set_scene_field(self, key: str, value: Any) -> None:
        """Set one of the scene's own extra fields."""
        old_scene = dict(self.scene)
        self.scene[key] = value
        self.undo.append(inverse.of_changed_scene(old_scene, self.scene, key))

    def remove_scene_field(self, key: str) -> None:
        """Remove one of the scene's own extra fields."""
        if key in self.scene:
            old_scene = dict(self.scene)
            del self.scene[key]
            self.undo.append(inverse.of_changed_scene(old_scene, self.scene, key))

    def order_fields(self, top: list[str], scene: list[str]) -> None:
        """Order the top-level and the scene's fields; those not named follow in their present order."""
        self.undo.append(inverse.order(self.fields, self.scene))
        self._fields = _in_order(self.fields, top)
        self.scene = _in_order(self.scene, scene)

    def replace_undo_since(self, mark: int, op: Json) -> None:
        """Replace the inverses recorded since ``undo`` had the length ``mark`` by one operation that does the same."""
        self.undo[mark:] = [op]


def _in_order(body: Json, order: list[str]) -> Json:
    return {key: body[key] for key in [*order, *(key for key in body if key not in order)]}
