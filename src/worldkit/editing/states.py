"""Operations on states."""

from __future__ import annotations

from collections.abc import Iterator

from worldkit.core.json_values import Json, deep_copy, quote
from worldkit.core.profile import HOSTED
from worldkit.editing import checks, naming, refs
from worldkit.editing.cutscenes import remove_cutscenes
from worldkit.editing.draft import Draft
from worldkit.editing.draft_fields import LIST_FIELDS, ListField
from worldkit.editing.mentions import renamed_in_item, state_paths
from worldkit.editing.patching import HALVES, PAIRS, apply_patch, with_half
from worldkit.editing.refs import mentions
from worldkit.editing.refusals import OpRefused
from worldkit.editing.registry import Argument, OperationPart, op, state_id

SETTABLE_FIELDS = ("base", *(f"{pair}.{half}" for pair in PAIRS for half in HALVES))


@op("add_state", "Add state {id}", state_id(is_required=False, null=True), body=OperationPart("state"))
def add_state(draft: Draft, args: Json) -> Json | None:
    """Add a state at the end; without an id, one is derived from the first clause of its base."""
    body = args["state"]
    id = args.get("id")
    operation: Json | None = None
    if id is None:
        base = body.get("base")
        made_of = base if isinstance(base, str) else ""
        id = draft.unused_state_id(naming.state_id(made_of))
        operation = {"op": "add_state", "id": id, "state": deep_copy(body)}
    checks.require_unused_state_id(draft, id)
    is_first = not draft.states and "entrance" not in draft.fields
    draft.put_state(id, body)
    checks.require_unique_variant_labels(body)
    if is_first:
        draft.set_field("entrance", {"state": id})
        draft.note(f"state {quote(id)} is the first, so it became the entrance", "world", field="entrance")
    return operation


@op("update_state", "Edit state {id}", state_id(), body=OperationPart("patch", aliases=("state",), patch=True))
def update_state(draft: Draft, args: Json) -> None:
    """Patch a state's fields: a value replaces, null removes, what is absent stays."""
    body = draft.state(args["id"])
    checks.refuse_removal(args["patch"], ("base",), "a state")
    new_body = apply_patch(body, args["patch"])
    draft.put_state(args["id"], new_body)
    if "variants" in args["patch"]:
        checks.require_unique_variant_labels(new_body)


@op("delete_state", "Delete state {id}", state_id(), aliases=("remove_state",))
def delete_state(draft: Draft, args: Json) -> None:
    """Delete a state, and what refers to it: sources, events left without one, destinations, cutscenes, entrance."""
    id = args["id"]
    draft.state(id)
    _detach_events(draft, id)
    _remove_cutscenes_at(draft, id)
    entrance = draft.field("entrance")
    if entrance is not None and entrance["state"] == id:
        draft.remove_field("entrance")
        draft.note(f"the entrance was cleared: it was {quote(id)}", "world", field="entrance")
    draft.remove_state(id)
    _report_mentions(draft, id)


def _remove_cutscenes_at(draft: Draft, id: str) -> None:
    indices = draft.records("cutscenes").naming("state", id)
    for index in indices:
        cutscene = draft.records("cutscenes").items[index]
        message = f"cutscene {quote(cutscene['id'])} was deleted: it played next to {quote(id)}"
        draft.note(message, "cutscene", cutscene["id"])
    if indices:
        remove_cutscenes(draft, indices, deleted_state=id)


def _detach_events(draft: Draft, id: str) -> None:
    is_cut = id in draft.cutscene_ids()
    orphans = []
    for index, event in draft.events_naming(id):
        name, quoted_name = event["name"], quote(event["name"])
        sources = refs.sources(event)
        remaining = [source for source in sources if source != id]
        is_source, is_target = len(remaining) < len(sources), event.get("to") == id and not is_cut
        if is_source and not remaining:
            orphans.append(index)
            draft.note(f"event {quoted_name} was deleted: it had no source left", "event", name)
            continue
        patch: Json = {}
        if is_source:
            patch["from"] = remaining
            draft.note(f"event {quoted_name} is no longer offered in {quote(id)}", "event", name, "from")
        if is_target:
            patch["to"] = None
            draft.note(f"event {quoted_name} lost its destination {quote(id)}", "event", name, "to")
        if patch:
            draft.put_event(index, apply_patch(event, patch))
    for index in reversed(orphans):
        draft.remove_event(index)


def _report_mentions(draft: Draft, id: str) -> None:
    for sequence, (beat,) in _mentions_in_records(draft, "sequences", id):
        name = draft.records("sequences").items[sequence]["id"]
        message = f"sequence {quote(name)} still walks through {quote(id)}, which was deleted; edit its beats"
        draft.note(message, "sequence", name, f"beats[{beat}].state")
    for beat, (state,) in _mentions_in_records(draft, "story", id):
        message = f"story beat {beat + 1} still names {quote(id)}, which was deleted"
        draft.note(message, "world", field=f"story.beats[{beat}].states[{state}]")
    if draft.field("outro", {}).get("state") == id:
        message = f"the outro still waits in {quote(id)}, which was deleted; set or clear it"
        draft.note(message, "world", field="outro.state")
    for mission, (objective,) in _mentions_in_records(draft, "missions", id):
        name = draft.records("missions").items[mission]["id"]
        message = f"mission {quote(name)} still places an objective in {quote(id)}, which was deleted"
        draft.note(message, "mission", name, f"objectives[{objective}].location")


def _mentions_in_records(draft: Draft, name: ListField, id: str) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Yield where the items of a list of the world name a state: the index of the item, and those inside it."""
    records = draft.records(name)
    for index in records.naming("state", id):
        for path in state_paths(name):
            yield from ((index, mention.at) for mention in mentions(records.items[index], path) if mention.id == id)


@op(
    "rename_state",
    "Rename {from} to {to}",
    Argument("from", "id", ("id", "stateId", "state")),
    Argument("to", "id", ("newId",)),
)
def rename_state(draft: Draft, args: Json) -> None:
    """Give a state another id at the same position, and repoint everything that names it."""
    old, new = args["from"], args["to"]
    draft.state(old)
    if old == new:
        return
    checks.require_unused_state_id(draft, new)
    mark = draft.undo.mark()
    is_cut = old in draft.cutscene_ids()
    is_invertible = not is_cut and bool(old.strip()) and not _is_named(draft, new)
    is_invertible = is_invertible and not draft.has_allowances(HOSTED.path("state", new))
    old_index = draft.state_index(old)
    body = draft.state(old)
    draft.remove_state(old)
    draft.put_state(new, body, index=old_index)
    for index, event in draft.events_naming(old):
        sources = event["from"]
        patch: Json = {}
        if sources == old:
            patch["from"] = new
        elif old in refs.sources(event):
            patch["from"] = [new if source == old else source for source in sources]
        if event.get("to") == old and not is_cut:
            patch["to"] = new
        if patch:
            draft.put_event(index, apply_patch(event, patch), undo=not is_invertible)
    for field in LIST_FIELDS:
        records = draft.records(field)
        for index in records.naming("state", old):
            item = renamed_in_item(field, records.items[index], "state", old, new)
            draft.replace_record(field, index, item, undo=not is_invertible)
    for name in ("entrance", "outro"):
        value = draft.field(name)
        if value is not None and value["state"] == old:
            draft.set_field(name, {**value, "state": new})
    draft.move_allowances(HOSTED.path("state", old), HOSTED.path("state", new), undo=not is_invertible)
    if is_invertible:
        draft.follow_in_restored(old, new)
        draft.undo.replace_since(mark, {"op": "rename_state", "from": new, "to": old})


def _is_named(draft: Draft, id: str) -> bool:
    return (
        draft.is_mentioned(id)
        or draft.field("outro", {}).get("state") == id
        or any(draft.records(field).naming("state", id) for field in LIST_FIELDS)
    )


@op(
    "set_field",
    "Edit {field} of state {state}",
    state_id("state"),
    Argument("field", "text", choices=SETTABLE_FIELDS),
    Argument("value", "text", null=True),
)
def set_field(draft: Draft, args: Json) -> None:
    """Set a state's base or one half of its camera or movement; null empties the half."""
    body = draft.state(args["state"])
    pair, _, half = args["field"].partition(".")
    if not half:
        checks.refuse_removal({"base": args["value"]}, ("base",), "a state")
        draft.put_state(args["state"], apply_patch(body, {"base": args["value"]}))
    else:
        draft.put_state(args["state"], with_half(body, pair, half, args["value"]))


@op(
    "set_state_ending",
    "Set ending of state {state}",
    state_id("state"),
    Argument("kind", "text", null=True, choices=("win", "lose")),
    Argument("title", "text", is_required=False, null=True),
    Argument("subtitle", "text", is_required=False, null=True),
)
def set_state_ending(draft: Draft, args: Json) -> None:
    """Make a state an ending, or change the one it has; a null kind removes it."""
    body = draft.state(args["state"])
    if args["kind"] is None:
        draft.put_state(args["state"], apply_patch(body, {"ending": None}))
        return
    patch: Json = {key: args[key] for key in ("kind", "title", "subtitle") if key in args}
    ending = apply_patch(body.get("ending", {}), patch)
    if "title" not in ending:
        raise OpRefused('expected "title", the ending\'s words for the player; it is missing')
    draft.put_state(args["state"], apply_patch(body, {"ending": ending}))
