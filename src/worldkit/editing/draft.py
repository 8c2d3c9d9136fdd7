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
from worldkit.core.profile import HOSTED
from worldkit.core.versions import is_later_minor
from worldkit.editing import inverse, refs
from worldkit.editing.draft_fields import DraftFields
from worldkit.editing.mentions import (
    MentionKind,
    Mentions,
    hotkey_in,
    is_mentioned_in,
    mentions_in_event,
)
from worldkit.editing.missions import EVENT_FORM
from worldkit.editing.naming import LabelNumbers, NameNumbers
from worldkit.editing.order import NameList
from worldkit.editing.records import Records
from worldkit.editing.refusals import invalid_body, unknown_name
from worldkit.editing.undo import field_place, variants_place

NOTE_CODE = "cascade"
_MAX_SCANS = 8
"""How often an item is looked for in the whole list before an index is built, which takes as long as several scans."""

_MAX_INDEX_CHANGES = 64
"""How many changes of events the index of the world follows; after more it is dropped, and built again when needed."""


class Draft(DraftFields):
    """A mutable copy of a world; ``finish()`` builds the new world.

    Args:
        world: The world to edit; it is left unchanged.

    Attributes:
        fields: The top-level fields, in order. Read only: write with ``set_field``. Read them again after each step.
        scene: The scene's fields, in order; its ``states`` and ``events`` are those before the edit.
        states: The state bodies by id, unordered; ``ordered_states`` returns them in order.
        events: The event bodies.
        notes: What changed as a consequence of the operations.
        undo: The operations that undo the steps.
    """

    def __init__(self, world: Document) -> None:
        raw = json_of(world)
        super().__init__(raw, raw["scene"]["states"], open_lists=has_open_lists(world))
        self._class = type(world)
        self.scene: Json = dict(raw["scene"])
        self.events: list[Json] = list(self.scene["events"])
        self._states: dict[str, State] = dict(world.scene.states)
        self._events: list[Event] = list(world.scene.events)
        self._state_order: NameList | None = None  # the order of the states, once it is not that of ``states``
        self._event_order: NameList | None = None
        self._event_mentions: Mentions | None = None
        self._variants: dict[str, Records] = {}
        self._labels: dict[str, LabelNumbers] = {}
        self._stale_models: set[str] = set()  # the states whose model is built at the end
        self._event_numbers = {form: NameNumbers(form) for form in ("{}_{}", EVENT_FORM)}
        self._index = known_event_index(world)
        self._index_changes = 0
        self._scans = 0
        self.notes: list[Diagnostic] = []

    def finish(self) -> Document:
        """Return the new world; its parts are already validated."""
        states = self.ordered_states()
        for id in self._stale_models:
            self._states[id] = validate(State, states[id], open_lists=self._open_lists)
        scene = {**self.scene, "states": states, "events": self.events}
        models = self._states if self._state_order is None else {id: self._states[id] for id in states}
        return from_parts(self._class, {**self.fields, "scene": scene}, models, self._events, self._index)

    # ---- reading ---------------------------------------------------------------------------

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

    def variants(self, id: str) -> Records:
        """Return the variants of a state by label; they are changed with ``append_variant`` and the like only."""
        variants = self.state(id).get("variants")
        records = self._variants.get(id)
        if records is None or records.items is not variants:
            records = self._variants[id] = Records(list(variants or ()), "label")
            self._labels.pop(id, None)
        return records

    def unused_label(self, id: str) -> str:
        """Return the first of B, C ... Z, B2, C2 ... that no variant of a state has."""
        return self._labels.setdefault(id, LabelNumbers()).unused(self.variants(id))

    def first_state(self) -> str | None:
        """Return the id of the first state."""
        return next(iter(self.states if self._state_order is None else self._state_order), None)

    def unused_event_name(self, base: str) -> str:
        """Return a name that no event has: ``base``, or it with a number."""
        return self._event_numbers["{}_{}"].unused(base, self.event_names)

    def name_numbers(self) -> tuple[NameNumbers, NameNumbers]:
        """Return what finds ids of states and, with their numbers in brackets, names of events."""
        return self._state_numbers, self._event_numbers[EVENT_FORM]

    def is_mentioned(self, id: str) -> bool:
        """Return whether a ``from``, ``to`` or the entrance may name an id; may err on the side of yes."""
        is_in_events = id in self._index.by_id if self._index is not None else bool(self.events_naming(id))
        entrance = self._fields.get("entrance")
        is_entrance = entrance is not None and entrance["state"] == id
        return is_in_events or is_entrance or bool(self.cutscene_ids().naming("state", id))

    def resolves(self, event: Json) -> bool:
        """Return whether an event body's ``from`` and ``to`` all name something, and will when a step is undone."""
        to = event.get("to")
        if to is not None and to not in self.states:
            is_there_again = self._is_among_restored(to) or not self.undo.restores(field_place("cutscenes"))
            if to not in self.cutscene_ids() or not is_there_again:
                return False
        return all(source in self.states for source in refs.sources(event))

    def events_naming(self, id: str) -> list[tuple[int, Json]]:
        """Return the events whose ``from`` or ``to`` names an id, each with its index."""
        return self._events_with("state", id)

    def events_with_hotkey(self, hotkey: str, state: str) -> list[tuple[int, Json]]:
        """Return the events with a key, in any spelling, that are shown in a state, each with its index."""
        return self._events_with("hotkey", hotkey_in(hotkey, state))

    def events_with_flag(self, flag: str) -> list[tuple[int, Json]]:
        """Return the events that grant or require a flag, or a console's fact of them, each with its index."""
        return self._events_with("flag", flag)

    def _events_with(self, kind: MentionKind, id: str) -> list[tuple[int, Json]]:
        if self._index is not None and kind != "hotkey":
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
            pairs = zip(names.handles(), self.events, strict=True)
            self._event_mentions = Mentions(pairs, mentions_in_event)
        indices = sorted(map(names.position, self._event_mentions.handles(kind, id)))
        return [(index, self.events[index]) for index in indices]

    def has_all_references(self) -> bool:
        """Return whether every ``from`` and ``to`` and the entrance name something; fast when it does."""
        source_ids, target_ids = refs.source_and_target_ids(self.events)
        cutscene_ids = self.cutscene_ids()
        if not (source_ids <= self.states.keys() and all(id in cutscene_ids for id in target_ids - self.states.keys())):
            return False
        return not refs.count_dangling(self.fields, self.states, [])

    def note(self, message: str, kind: ItemKind, id: str = "", field: str = "") -> None:
        """Report a consequence of an operation."""
        self.notes.append(make_diagnostic(NOTE_CODE, "info", message, kind, id, field))

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
        self._stale_models.discard(id)
        if old_body is None:
            is_mentioned = self.is_mentioned(id) or self._is_among_restored(id)
            self.undo.append(inverse.of_added_state(id, is_mentioned))
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
        self._stale_models.discard(id)
        self._state_numbers.release(id)
        is_last = index == len(self.states)
        is_unused = id not in self.cutscene_ids() and not self._is_among_restored(id)
        is_unused = is_unused and (bool(self.states) or "entrance" in self._fields)
        self.undo.append(inverse.of_removed_state(id, body, index, is_plain=is_last and is_unused and bool(id.strip())))

    # ---- variants of a state ---------------------------------------------------------------

    def append_variant(self, id: str, variant: Json) -> None:
        """Add a variant at the end of those of a state; no other has its label."""
        variants = self.variants(id)
        self._check_variant(id, len(variants), variant)
        has_empty_list = not variants and "variants" in self.states[id]
        if has_empty_list or self.undo.restores(variants_place(id)):
            self._restore_variants(id)
        else:
            self.undo.append({"op": "remove_variant", "state": id, "variant": variant["label"]})
        variants.append(variant)
        self._store_variants(id, variants)

    def replace_variant(self, id: str, index: int, variant: Json) -> None:
        """Put a variant in the place of another."""
        variants = self.variants(id)
        self._check_variant(id, index, variant)
        self._restore_variants(id)
        self._release_label(id, variants.items[index])
        variants.replace(index, variant)
        self._store_variants(id, variants)

    def remove_variant(self, id: str, index: int) -> None:
        """Remove a variant of several."""
        variants = self.variants(id)
        self._restore_variants(id)
        self._release_label(id, variants.remove(index))
        self._store_variants(id, variants)

    def _release_label(self, id: str, variant: Json) -> None:
        if id in self._labels:
            self._labels[id].release(variant["label"])

    def _check_variant(self, id: str, index: int, variant: Json) -> None:
        try:
            validate(State, {"base": "", "variants": [variant]}, open_lists=self._open_lists)
        except ValidationError:
            items = self.variants(id).items
            body = {**self.states[id], "variants": [*items[:index], variant, *items[index + 1 :]]}
            self.put_state(id, body)  # refuses it with the place of the problem

    def _restore_variants(self, id: str) -> None:
        self.undo.restore(variants_place(id), lambda: inverse.of_variants(id, self.states[id]))

    def _store_variants(self, id: str, variants: Records) -> None:
        if self.states[id].get("variants") is not variants.items:
            self.states[id] = {**self.states[id], "variants": variants.items}
        self._stale_models.add(id)

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
        if self._event_order is not None:
            handle = self._event_order.handle(index)
            if self._event_mentions is not None:
                self._event_mentions.discard(handle, old_body)
                self._event_mentions.add(handle, body)
        if is_renamed and self._event_order is not None:
            self._event_order.rename(index, old_body["name"], body["name"])
        if is_renamed:
            self._release_event_name(old_body["name"])
        if not undo:
            return
        if is_renamed:
            # update_event takes what the world allows along, so the new name must have nothing of its own
            is_old_unused = self.find_event(old_body["name"]) is None
            by_name = is_name_unused and is_old_unused and not self.has_allowances(HOSTED.path("event", body["name"]))
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
        self._release_event_name(body["name"])
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

    def _release_event_name(self, name: str) -> None:
        for numbers in self._event_numbers.values():
            numbers.release(name)

    # ---- everything else -------------------------------------------------------------------

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

    def set_scene_field(self, key: str, value: Any) -> None:
        """Set one of the scene's own extra fields."""
        before = {key: self.scene[key]} if key in self.scene else {}
        self.scene[key] = value
        self.undo.append(inverse.of_changed_scene(before, key))

    def remove_scene_field(self, key: str, *, restore_order: bool = True) -> None:
        """Remove one of the scene's own extra fields; arguments as for ``remove_field``."""
        if key in self.scene:
            order = list(self.scene) if restore_order and key != next(reversed(self.scene)) else None
            self.undo.append(inverse.of_changed_scene({key: self.scene.pop(key)}, key, order))

    def restore_order(self) -> None:
        """Let the order of the fields be as it is now once the steps from now on are undone."""
        self.undo.append(inverse.order(self.fields, self.scene))

    def order_fields(self, top: list[str], scene: list[str]) -> None:
        """Order the top-level and the scene's fields; those not named follow in their present order."""
        self.restore_order()
        self._fields = _in_order(self.fields, top)
        self.scene = _in_order(self.scene, scene)


def _in_order(body: Json, order: list[str]) -> Json:
    return {key: body[key] for key in dict.fromkeys((*order, *body))}
