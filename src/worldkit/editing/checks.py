"""Checks before something is written: references must exist, new ids must be unused."""

from __future__ import annotations

from collections.abc import Container
from typing import Any

from worldkit.core.json_values import Json, quote
from worldkit.core.model import Event
from worldkit.editing.draft import Draft
from worldkit.editing.refusals import OpRefused, already_used, unknown_name


def require_unused_state_id(draft: Draft, id: str) -> None:
    """Refuse a blank id, or one that a state or a cutscene has."""
    if not id.strip():
        raise OpRefused(f"a state's id has at least one visible character, got {quote(id)}")
    if id in draft.states:
        raise already_used("state", id)
    if id in draft.cutscene_ids():
        raise already_used("state", id, by="cutscene")


def require_unused_event_name(draft: Draft, name: str) -> None:
    """Refuse a blank name, or one that an event has."""
    if not name.strip():
        raise OpRefused(f"an event's name has at least one visible character, got {quote(name)}")
    if draft.find_event(name) is not None:
        raise already_used("event", name)


def require_references(draft: Draft, event: Event, fields: Container[str] = ("from", "to")) -> None:
    """Refuse an event whose ``from`` is empty, or whose ``from`` or ``to`` names nothing; checks only ``fields``."""
    if "from" in fields:
        if not event.from_:
            raise OpRefused("from: expected at least one state, got none; an event is offered somewhere")
        for source in event.from_:
            if source not in draft.states:
                raise _unknown_state("from", source, draft)
    if "to" in fields and event.to is not None and event.to not in draft.states:
        cutscene_ids = draft.cutscene_ids()
        if event.to not in cutscene_ids:
            raise unknown_name("state or cutscene", event.to, [*draft.states, *cutscene_ids])


def require_state(draft: Draft, id: Any, where: str) -> None:
    """Refuse a value that is not the id of a state; ``where`` is the field, for the message."""
    if not isinstance(id, str):
        raise OpRefused(f"{where}: expected a state's id, a string, got {quote(id)}")
    if id not in draft.states:
        raise _unknown_state(where, id, draft)


def refuse_removal(patch: Json, required_fields: tuple[str, ...], what: str) -> None:
    """Refuse a patch that removes a required field."""
    for field in required_fields:
        if field in patch and patch[field] is None:
            raise OpRefused(f"{quote(field)} cannot be removed: {what} always has one; give a value, or leave it out")


def require_unique_variant_labels(body: Json) -> None:
    """Refuse a state body in which two variants have the same label."""
    labels: set[str] = set()
    for variant in body.get("variants", ()):
        if variant["label"] in labels:
            raise already_used("variant", variant["label"])
        labels.add(variant["label"])


def _unknown_state(where: str, id: str, draft: Draft) -> OpRefused:
    return OpRefused(f"{where}: {unknown_name('state', id, draft.states).reason}")
