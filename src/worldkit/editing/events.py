"""Operations that add, change and remove whole events."""

from __future__ import annotations

from collections.abc import Callable

from worldkit.core.json_values import Json, deep_copy, quote
from worldkit.editing import checks, naming
from worldkit.editing.allowances import follow_event_rename
from worldkit.editing.draft import Draft
from worldkit.editing.patching import apply_patch
from worldkit.editing.refusals import OpRefused
from worldkit.editing.registry import EVENT_SPELLINGS, Argument, OperationPart, event_name, op

REQUIRED_FIELDS = ("name", "kind", "from")

_BODY = OperationPart("event", key=event_name("name", is_required=False, null=True))


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


def _add(draft: Draft, body: Json, op: str) -> Json | None:
    """Add an event; return the operation with the name that was made for it, None when it had one."""
    is_unnamed = "name" not in body
    if is_unnamed:
        name = draft.unused_event_name(naming.event_name(body, len(draft.events)))
        body = {"name": name, **body}
    model = draft.typed_event(body)
    checks.require_unused_event_name(draft, model.name)
    checks.require_references(draft, model)
    draft.insert_event(body, model=model)
    return {"op": op, "event": deep_copy(body)} if is_unnamed else None


@op(
    "add_event",
    "Add event {event.name}",
    body=_BODY,
    check=lambda args: {**args, "event": _with_source_list(args["event"])},
)
def add_event(draft: Draft, args: Json) -> Json | None:
    """Add an event of any kind at the end; without a name, one is made of its destination or its kind."""
    return _add(draft, args["event"], "add_event")


@op("add_transition", "Add transition {event.name}", body=_BODY, check=_set_kind("transition"))
def add_transition(draft: Draft, args: Json) -> Json | None:
    """Add a transition at the end; without a name, one is made of its destination."""
    return _add(draft, args["event"], "add_transition")


@op("add_override", "Add override {event.name}", body=_BODY, check=_set_kind("override"))
def add_override(draft: Draft, args: Json) -> Json | None:
    """Add an override at the end; it has no destination, and without a name one is made of its number."""
    operation = _add(draft, apply_patch(args["event"], {"to": None}), "add_override")
    if args["event"].get("to") is not None:
        name = draft.events[-1]["name"]
        message = f"override {quote(name)} was added without its destination: an override has none"
        draft.note(message, "event", name, "to")
    return operation


@op(
    "update_event",
    "Edit event {name}",
    Argument("name", "id", tuple(s for s in EVENT_SPELLINGS if s != "name"), yields=True),
    body=OperationPart("patch", aliases=("event",), patch=True),
    check=lambda args: {**args, "patch": _with_source_list(args["patch"])},
)
def update_event(draft: Draft, args: Json) -> None:
    """Patch an event's fields, its name too: a value replaces, null removes, what is absent stays."""
    patch = args["patch"]
    index = draft.event_index(args["name"])
    checks.refuse_removal(patch, REQUIRED_FIELDS, "an event")
    body = apply_patch(draft.events[index], patch)
    model = draft.typed_event(body)
    if model.name != args["name"]:
        checks.require_unused_event_name(draft, model.name)
    checks.require_references(draft, model, patch)
    draft.put_event(index, body, model)
    if model.name != args["name"]:
        follow_event_rename(draft, args["name"], model.name)


@op("delete_event", "Delete event {name}", event_name("name"), aliases=("remove_event",))
def delete_event(draft: Draft, args: Json) -> None:
    """Delete an event."""
    draft.remove_event(draft.event_index(args["name"]))
