"""What is looked at before something is written: references that must exist, ids that must be free."""

from __future__ import annotations

from collections.abc import Container
from typing import Any

from worldkit.core.json_values import Json, quote
from worldkit.core.model import Event
from worldkit.editing.draft import Draft
from worldkit.editing.refusals import Refused, taken, unknown


def free_state_id(draft: Draft, id: str) -> None:
    """Refuse a state id that a state or a cutscene has."""
    if not id.strip():
        raise Refused(f"a state's id has at least one visible character, got {quote(id)}")
    if id in draft.states:
        raise taken("state", id)
    if id in draft.cutscene_ids():
        raise taken("state", id, by="cutscene")


def free_event_name(draft: Draft, name: str) -> None:
    """Refuse an event name that an event has."""
    if not name.strip():
        raise Refused(f"an event's name has at least one visible character, got {quote(name)}")
    if draft.first(name) is not None:
        raise taken("event", name)


def references(draft: Draft, event: Event, fields: Container[str] = ("from", "to")) -> None:
    """Refuse an event whose written ``from`` is empty or whose ``from`` or ``to`` names nothing."""
    if "from" in fields:
        if not event.from_:
            raise Refused("from: expected at least one state, got none; an event is offered somewhere")
        for source in event.from_:
            if source not in draft.states:
                raise _named("from", source, draft)
    if "to" in fields and event.to is not None and event.to not in draft.states:
        cuts = draft.cutscene_ids()
        if event.to not in cuts:
            raise unknown("state or cutscene", event.to, [*draft.states, *cuts])


def exists(draft: Draft, id: Any, where: str) -> None:
    """Refuse what stands in a field for a state's id, and names no state."""
    if not isinstance(id, str):
        raise Refused(f"{where}: expected a state's id, a string, got {quote(id)}")
    if id not in draft.states:
        raise _named(where, id, draft)


def kept(patch: Json, required: tuple[str, ...], what: str) -> None:
    """Refuse a patch that removes a required field."""
    for field in required:
        if field in patch and patch[field] is None:
            raise Refused(f"{quote(field)} cannot be removed: {what} always has one; give a value, or leave it out")


def variant_labels(body: Json) -> None:
    """Refuse a state body in which two variants have one label."""
    seen: set[str] = set()
    for variant in body.get("variants", ()):
        if variant["label"] in seen:
            raise taken("variant", variant["label"])
        seen.add(variant["label"])


def _named(where: str, id: str, draft: Draft) -> Refused:
    return Refused(f"{where}: {unknown('state', id, draft.states).reason}")
