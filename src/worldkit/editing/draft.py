"""``Draft``: a world being edited, its JSON and its typed parts changed together, step by step.

A draft starts as shallow copies of a world's containers and never changes a body in place: whoever
changes a state or an event hands in a whole new body. Every step writes down the operation that
takes it back (``undo``), so that the inverse of any batch is its steps taken back in reverse, however
the operations themselves came to make them.
"""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from worldkit.core.diagnostics import Diagnostic, ItemKind, diagnostic
from worldkit.core.document import Document, from_parts, json_of
from worldkit.core.json_values import Json, quote
from worldkit.core.model import DocumentModel, Event, State
from worldkit.core.problems import validated
from worldkit.editing import inverse, refs
from worldkit.editing.order import Names
from worldkit.editing.refusals import invalid, unknown

NOTE = "cascade"
_EMPTY: Json = {"states": {}, "events": []}


class Draft:
    """A world under edit; ``finish()`` makes the new world.

    Args:
        world: The world edited; it and its JSON are left untouched.

    Attributes:
        top: The top-level fields, in order. Read them; write with ``set_top``.
        scene: The scene's fields, in order; ``states`` and ``events`` in it are the old ones.
        states: The state bodies by id, in any order; ``ordered_states`` has them in theirs.
        events: The event bodies.
        notes: What was taken along.
        undo: For each step the operation that takes it back, oldest first.
    """

    def __init__(self, world: Document) -> None:
        raw = json_of(world)
        self._class = type(world)
        self.top: Json = dict(raw)
        self.scene: Json = dict(raw["scene"])
        self.states: Json = dict(self.scene["states"])
        self.events: list[Json] = list(self.scene["events"])
        self._states: dict[str, State] = dict(world.scene.states)
        self._events: list[Event] = list(world.scene.events)
        self._row: Names | None = None  # the order of the states, once it is not that of ``states``
        self._names: Names | None = None
        self._naming: dict[str, set[int]] | None = None
        self._mentioned: set[str] | None = None
        self._cuts: set[str] | None = None
        self.notes: list[Diagnostic] = []
        self.undo: list[Json] = []

    def finish(self) -> Document:
        """Return the new world, built of the parts already validated."""
        states = self.ordered_states()
        scene = {**self.scene, "states": states, "events": self.events}
        return from_parts(
            self._class, {**self.top, "scene": scene}, {id: self._states[id] for id in states}, self._events
        )

    # ---- reading ---------------------------------------------------------------------------

    def state(self, id: str) -> Json:
        """Return a state's body, or refuse."""
        if id not in self.states:
            raise unknown("state", id, self.states)
        body: Json = self.states[id]
        return body

    def index(self, name: str) -> int:
        """Return the index of the first event of a name, or refuse."""
        found = self.first(name)
        if found is None:
            raise unknown("event", name, dict.fromkeys(event["name"] for event in self.events))
        return found

    def first(self, name: str) -> int | None:
        """Return the index of the first event of a name, or None."""
        return self._event_names().first(name)

    def _event_names(self) -> Names:
        if self._names is None:
            self._names = Names(event["name"] for event in self.events)
        return self._names

    def ordered_states(self) -> Json:
        """Return the state bodies by id, in order."""
        return self.states if self._row is None else {id: self.states[id] for id in self._row}

    def place_of_state(self, id: str) -> int:
        """Return where a state stands among the others; it is one of them."""
        return self._state_row().find(id)

    def _state_row(self) -> Names:
        if self._row is None:
            self._row = Names(self.states)
        return self._row

    def cutscene_ids(self) -> set[str]:
        """Return the ids of the cutscenes."""
        if self._cuts is None:
            self._cuts = refs.cutscene_ids(self.top)
        return self._cuts

    def is_mentioned(self, id: str) -> bool:
        """Say whether a ``from``, ``to`` or the entrance may name an id; errs on the side of yes."""
        if self._mentioned is None:
            self._mentioned = refs.mentioned(self.top, self.events)
        return id in self._mentioned

    def resolves(self, event: Json) -> bool:
        """Say whether an event body's ``from`` and ``to`` all name something."""
        to = event.get("to")
        return all(source in self.states for source in refs.sources(event)) and (
            to is None or to in self.states or to in self.cutscene_ids()
        )

    def naming(self, id: str) -> list[tuple[int, Json]]:
        """Return the events whose ``from`` or ``to`` names an id, each with its index."""
        names = self._event_names()
        if self._naming is None:
            self._naming = {}
            for index, event in enumerate(self.events):
                self._name_ends(names.thing(index), event)
        return [(index, self.events[index]) for index in sorted(map(names.place, self._naming.get(id, ())))]

    def _name_ends(self, thing: int, event: Json) -> None:
        """Remember what an event's ``from`` and ``to`` name."""
        if self._naming is not None:
            for id in _ends(event):
                self._naming.setdefault(id, set()).add(thing)

    def _forget_ends(self, thing: int, event: Json) -> None:
        if self._naming is not None:
            for id in _ends(event):
                self._naming[id].discard(thing)

    def is_whole(self) -> bool:
        """Say whether every ``from`` and ``to`` and the entrance name something; far faster than finding which not."""
        offered, leads = refs.from_and_to(self.events)
        if not (offered <= self.states.keys() and leads <= self.states.keys() | self.cutscene_ids()):
            return False
        return not refs.dangling(self.top, self.states, [])

    def note(self, message: str, kind: ItemKind, id: str = "", field: str = "") -> None:
        """Report something that was taken along."""
        self.notes.append(diagnostic(NOTE, "info", message, kind, id, field))

    # ---- states ----------------------------------------------------------------------------

    def put_state(self, id: str, body: Json, at: int | None = None) -> None:
        """Put a state's body: replace it or create it, at an index if one is given."""
        try:
            typed = validated(State, body)
        except ValidationError as error:
            raise invalid(f"state {quote(id)}", error) from None
        before = self.states.get(id)
        was = None if at is None or before is None else self.place_of_state(id)
        if before is None and (at is not None or self._row is not None):
            row = self._state_row()
            row.insert(len(self.states) if at is None else at, id)
        elif at is not None and was is not None and at != was:
            row = self._state_row()
            row.remove(was, id)
            row.insert(at, id)
        self.states[id] = body
        self._states[id] = typed
        if before is None:
            self.undo.append(inverse.of_added_state(id, self.is_mentioned(id)))
        elif was != at:
            self.undo.append(inverse.put_state(id, before, at=was))
        else:
            self.undo.append(inverse.of_changed_state(id, before, body))

    def drop_state(self, id: str) -> None:
        """Remove a state and nothing else."""
        at = self.place_of_state(id)
        self._state_row().remove(at, id)
        body = self.states.pop(id)
        del self._states[id]
        last = at == len(self.states)
        free = id not in self.cutscene_ids() and (bool(self.states) or "entrance" in self.top)
        self.undo.append(inverse.of_removed_state(id, body, at, plain=last and free and bool(id.strip())))

    # ---- events ----------------------------------------------------------------------------

    def typed_event(self, body: Json) -> Event:
        """Return an event body as a model, or refuse."""
        try:
            return validated(Event, body)
        except ValidationError as error:
            raise invalid(f"event {quote(body.get('name', ''))}", error) from None

    def put_event(self, index: int, body: Json, typed: Event | None = None, *, undo: bool = True) -> None:
        """Replace the event at an index.

        Args:
            index: Where it stands.
            body: Its new body.
            typed: The body as a model, if that is made already.
            undo: Whether to write down how to take it back; no when the caller says so for all its steps at once.
        """
        before = self.events[index]
        self._events[index] = self.typed_event(body) if typed is None else typed
        self.events[index] = body
        self._mention(body)
        if self._names is not None:
            thing = self._names.thing(index)
            self._forget_ends(thing, before)
            self._name_ends(thing, body)
        if body["name"] != before["name"] and self._names is not None:
            self._names.rename(index, before["name"], body["name"])
        if not undo:
            return
        by_name = self.first(body["name"]) == index and (
            body["name"] == before["name"] or self.first(before["name"]) is None
        )
        self.undo.append(inverse.of_changed_event(index, before, body, by_name, self.resolves(before)))

    def insert_event(self, body: Json, at: int | None = None, typed: Event | None = None) -> None:
        """Insert an event at an index, or append it."""
        made = self.typed_event(body) if typed is None else typed
        index = len(self.events) if at is None else at
        self.events.insert(index, body)
        self._events.insert(index, made)
        self._mention(body)
        if self._names is not None:
            self._names.insert(index, body["name"])
            self._name_ends(self._names.thing(index), body)
        self.undo.append(inverse.of_added_event(index, body["name"], self.first(body["name"]) == index))

    def drop_event(self, index: int) -> None:
        """Remove the event at an index."""
        body = self.events.pop(index)
        del self._events[index]
        last = index == len(self.events)
        if self._names is not None:
            self._forget_ends(self._names.thing(index), body)
            self._names.remove(index, body["name"])
        plain = last and bool(body["name"].strip()) and self.first(body["name"]) is None
        self.undo.append(inverse.of_removed_event(index, body, plain, self.resolves(body)))

    def _mention(self, body: Json) -> None:
        if self._mentioned is not None:
            self._mentioned.update(refs.sources(body))
            if "to" in body:
                self._mentioned.add(body["to"])

    # ---- everything else -------------------------------------------------------------------

    def set_top(self, key: str, value: Any) -> None:
        """Set a top-level field other than ``scene``; None may be a value here (see ``drop_top``)."""
        try:
            validated(DocumentModel, {key: value, "scene": _EMPTY})
        except ValidationError as error:
            raise invalid("the world", error) from None
        before = dict(self.top)
        self.top[key] = value
        self._cuts = None if key == "cutscenes" else self._cuts
        if self._mentioned is not None and key in ("entrance", "cutscenes"):
            self._mentioned.update(hit.id for path in refs.SITES[key] for hit in refs.mentions(value, path))
        self._undo_top(before, key)

    def drop_top(self, key: str) -> None:
        """Remove a top-level field if it is there."""
        if key in self.top:
            before = dict(self.top)
            del self.top[key]
            self._cuts = None if key == "cutscenes" else self._cuts
            self._undo_top(before, key)

    def _undo_top(self, before: Json, key: str) -> None:
        dangles = key in ("entrance", "cutscenes") and bool(refs.dangling(before, self.states, []))
        if key == "cutscenes" and not dangles:
            gone = refs.cutscene_ids(self.top) - refs.cutscene_ids(before)
            dangles = any(self.is_mentioned(id) for id in gone)
        self.undo.append(inverse.of_changed_top(before, self.top, key, dangles))

    def set_scene(self, key: str, value: Any) -> None:
        """Set one of the scene's own extra fields."""
        before = dict(self.scene)
        self.scene[key] = value
        self.undo.append(inverse.of_changed_scene(before, self.scene, key))

    def drop_scene(self, key: str) -> None:
        """Remove one of the scene's own extra fields."""
        if key in self.scene:
            before = dict(self.scene)
            del self.scene[key]
            self.undo.append(inverse.of_changed_scene(before, self.scene, key))

    def order_fields(self, top: list[str], scene: list[str]) -> None:
        """Put the top-level and the scene's fields in an order; those not named follow in theirs."""
        self.undo.append(inverse.order(self.top, self.scene))
        self.top = _ordered(self.top, top)
        self.scene = _ordered(self.scene, scene)

    def undo_since(self, mark: int, op: Json) -> None:
        """Say that one operation takes back every step since a length of ``undo``, exactly."""
        self.undo[mark:] = [op]


def _ends(event: Json) -> set[str]:
    """Return the ids that an event's ``from`` and ``to`` name."""
    to = event.get("to")
    return {*refs.sources(event)} if to is None else {*refs.sources(event), to}


def _ordered(body: Json, order: list[str]) -> Json:
    return {key: body[key] for key in [*order, *(key for key in body if key not in order)]}
