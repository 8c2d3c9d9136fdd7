"""Operations that add, change and remove whole events."""

from __future__ import annotations

from collections.abc import Callable

from worldkit.core.json_values import Json, quote
from worldkit.editing import checks
from worldkit.editing.draft import Draft
from worldkit.editing.patching import patched
from worldkit.editing.refusals import Refused
from worldkit.editing.registry import EVENT_SPELLINGS, Argument, Body, event_name, op

REQUIRED = ("name", "kind", "from")

_BODY = Body("event", key=event_name("name", required=False))


def _listed(body: Json) -> Json:
    return {**body, "from": [body["from"]]} if isinstance(body.get("from"), str) else body


def _of_kind(kind: str) -> Callable[[Json], Json]:
    def check(args: Json) -> Json:
        body = _listed(args["event"])
        if body.get("kind", kind) != kind:
            raise Refused(f"kind: add_{kind} adds a {kind}, got {quote(body['kind'])}; use add_event")
        if "kind" not in body:
            head = {"name": body["name"]} if "name" in body else {}
            body = {**head, "kind": kind, **body}
        return {**args, "event": body}

    return check


def _add(draft: Draft, body: Json) -> None:
    typed = draft.typed_event(body)
    checks.free_event_name(draft, typed.name)
    checks.references(draft, typed)
    draft.insert_event(body, typed=typed)


@op("add_event", "Add event {event.name}", body=_BODY, check=lambda args: {**args, "event": _listed(args["event"])})
def add_event(draft: Draft, args: Json) -> None:
    """Add an event of any kind at the end."""
    _add(draft, args["event"])


@op("add_transition", "Add transition {event.name}", body=_BODY, check=_of_kind("transition"))
def add_transition(draft: Draft, args: Json) -> None:
    """Add a transition at the end."""
    _add(draft, args["event"])


@op("add_override", "Add override {event.name}", body=_BODY, check=_of_kind("override"))
def add_override(draft: Draft, args: Json) -> None:
    """Add an override at the end; it never keeps a destination."""
    body = args["event"]
    if body.get("to") is not None:
        said = f"override {quote(body.get('name'))} was added without its destination: an override stays"
        draft.note(said, "event", str(body.get("name")), "to")
    _add(draft, patched(body, {"to": None}))


@op(
    "update_event",
    "Edit event {name}",
    Argument("name", "id", tuple(s for s in EVENT_SPELLINGS if s != "name"), yields=True),
    body=Body("patch", also=("event",), patch=True),
    check=lambda args: {**args, "patch": _listed(args["patch"])},
)
def update_event(draft: Draft, args: Json) -> None:
    """Patch an event's fields, its name too: a value replaces, null removes, what is absent stays."""
    patch = args["patch"]
    index = draft.index(args["name"])
    checks.kept(patch, REQUIRED, "an event")
    body = patched(draft.events[index], patch)
    typed = draft.typed_event(body)
    if typed.name != args["name"]:
        checks.free_event_name(draft, typed.name)
    checks.references(draft, typed, patch)
    draft.put_event(index, body, typed)


@op("delete_event", "Delete event {name}", event_name("name"), aliases=("remove_event",))
def delete_event(draft: Draft, args: Json) -> None:
    """Delete an event."""
    draft.drop_event(draft.index(args["name"]))
