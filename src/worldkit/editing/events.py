"""Operations that add, change and remove whole events."""

from __future__ import annotations

from collections.abc import Callable

from worldkit.core.json_values import Json, quote
from worldkit.editing import checks
from worldkit.editing.draft import Draft
from worldkit.editing.patching import apply_patch
from worldkit.editing.refusals import OpRefused
from worldkit.editing.registry import EVENT_SPELLINGS, Argument, Body, event_name, op

REQUIRED = ("name", "kind", "from")

_BODY = Body("event", key=event_name("name", required=False))


def _with_source_list(body: Json) -> Json:
    return {**body, "from": [body["from"]]} if isinstance(body.get("from"), str) else body


def _set_kind(kind: str) -> Callable[[Json], Json]:
    def check(args: Json) -> Json:
        body = _with_source_list(args["event"])
        if body.get("kind", kind) != kind:
            raise OpRefused(f"kind: add_{kind} adds a {kind}, got {quote(body['kind'])}; use add_event")
        if "kind" not in body:
            head = {"name": body["name"]} if "name" in body else {}
            body = {**head, "kind": kind, **body}
        return {**args, "event": body}

    return check


def _add(draft: Draft, body: Json) -> None:
    model = draft.typed_event(body)
    checks.require_unused_event_name(draft, model.name)
    checks.require_references(draft, model)
    draft.insert_event(body, model=model)


@op(
    "add_event",
    "Add event {event.name}",
    body=_BODY,
    check=lambda args: {**args, "event": _with_source_list(args["event"])},
)
def add_event(draft: Draft, args: Json) -> None:
    """Add an event of any kind at the end."""
    _add(draft, args["event"])


@op("add_transition", "Add transition {event.name}", body=_BODY, check=_set_kind("transition"))
def add_transition(draft: Draft, args: Json) -> None:
    """Add a transition at the end."""
    _add(draft, args["event"])


@op("add_override", "Add override {event.name}", body=_BODY, check=_set_kind("override"))
def add_override(draft: Draft, args: Json) -> None:
    """Add an override at the end; it has no destination."""
    body = args["event"]
    if body.get("to") is not None:
        message = f"override {quote(body.get('name'))} was added without its destination: an override has none"
        draft.note(message, "event", str(body.get("name")), "to")
    _add(draft, apply_patch(body, {"to": None}))


@op(
    "update_event",
    "Edit event {name}",
    Argument("name", "id", tuple(s for s in EVENT_SPELLINGS if s != "name"), yields=True),
    body=Body("patch", also=("event",), patch=True),
    check=lambda args: {**args, "patch": _with_source_list(args["patch"])},
)
def update_event(draft: Draft, args: Json) -> None:
    """Patch an event's fields, its name too: a value replaces, null removes, what is absent stays."""
    patch = args["patch"]
    index = draft.event_index(args["name"])
    checks.refuse_removal(patch, REQUIRED, "an event")
    body = apply_patch(draft.events[index], patch)
    model = draft.typed_event(body)
    if model.name != args["name"]:
        checks.require_unused_event_name(draft, model.name)
    checks.require_references(draft, model, patch)
    draft.put_event(index, body, model)


@op("delete_event", "Delete event {name}", event_name("name"), aliases=("remove_event",))
def delete_event(draft: Draft, args: Json) -> None:
    """Delete an event."""
    draft.remove_event(draft.event_index(args["name"]))
