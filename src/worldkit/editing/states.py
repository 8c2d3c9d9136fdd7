"""Operations on states."""

from __future__ import annotations

from typing import Any

from worldkit.core.json_values import Json, deep_copy, quote
from worldkit.editing import checks, naming, refs
from worldkit.editing.allowances import has_allowances, renamed_allowances
from worldkit.editing.cutscenes import keep_only_cutscenes
from worldkit.editing.draft import Draft
from worldkit.editing.patching import HALVES, PAIRS, apply_patch, with_half
from worldkit.editing.refs import STATE_REFS, mentions
from worldkit.editing.refusals import OpRefused
from worldkit.editing.registry import Argument, OperationPart, op, state_id

FIELDS = ("base", *(f"{pair}.{half}" for pair in PAIRS for half in HALVES))


@op("add_state", "Add state {id}", state_id(required=False, null=True), body=OperationPart("state"))
def add_state(draft: Draft, args: Json) -> Json | None:
    """Add a state at the end; without an id, one is derived from the first clause of its base."""
    body = args["state"]
    id = args.get("id")
    operation: Json | None = None
    if id is None:
        base = body.get("base")
        made_of = base if isinstance(base, str) else ""
        id = naming.unused_name(naming.state_id(made_of), draft.states, draft.cutscene_ids())
        operation = {"op": "add_state", "id": id, "state": deep_copy(body)}
    checks.require_unused_state_id(draft, id)
    is_first = not draft.states and "entrance" not in draft.fields
    draft.put_state(id, body)
    checks.require_unique_variant_labels(body)
    if is_first:
        draft.set_field("entrance", {"state": id})
        draft.note(f"state {quote(id)} is the first, so it became the entrance", "world", field="entrance")
    return operation


@op("update_state", "Edit state {id}", state_id(), body=OperationPart("patch", also=("state",), patch=True))
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
    entrance = draft.fields.get("entrance")
    if entrance is not None and entrance["state"] == id:
        draft.remove_field("entrance")
        draft.note(f"the entrance was cleared: it was {quote(id)}", "world", field="entrance")
    draft.remove_state(id)
    _report_mentions(draft, id)


def _remove_cutscenes_at(draft: Draft, id: str) -> None:
    cutscenes: list[Json] = draft.fields.get("cutscenes", [])
    remaining = [cutscene for cutscene in cutscenes if id not in (cutscene["from"], cutscene["to"])]
    if len(remaining) == len(cutscenes):
        return
    for cutscene in cutscenes:
        if id not in (cutscene["from"], cutscene["to"]):
            continue
        message = f"cutscene {quote(cutscene['id'])} was deleted: it played next to {quote(id)}"
        draft.note(message, "cutscene", cutscene["id"])
    keep_only_cutscenes(draft, remaining, deleted_state=id)


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
    def find_mentions(field: str) -> list[tuple[int, ...]]:
        paths = STATE_REFS[field] if field in draft.fields else ()
        return [m.at for path in paths for m in mentions(draft.fields[field], path) if m.id == id]

    for indices in find_mentions("sequences"):
        sequence = draft.fields["sequences"][indices[0]]["id"]
        message = f"sequence {quote(sequence)} still walks through {quote(id)}, which was deleted; edit its beats"
        draft.note(message, "sequence", sequence, f"beats[{indices[1]}].state")
    for indices in find_mentions("story"):
        message = f"story beat {indices[0] + 1} still names {quote(id)}, which was deleted"
        draft.note(message, "world", field=f"story.beats[{indices[0]}].states[{indices[1]}]")
    for _ in find_mentions("outro"):
        message = f"the outro still waits in {quote(id)}, which was deleted; set or clear it"
        draft.note(message, "world", field="outro.state")
    for indices in find_mentions("missions"):
        mission = draft.fields["missions"][indices[0]]["id"]
        message = f"mission {quote(mission)} still places an objective in {quote(id)}, which was deleted"
        draft.note(message, "mission", mission, f"objectives[{indices[1]}].location")


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
    mark = len(draft.undo)
    is_cut = old in draft.cutscene_ids()
    is_invertible = not is_cut and bool(old.strip()) and not _is_named(draft, new)
    is_invertible = is_invertible and not has_allowances(draft.fields, "state", new)
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
    for field, paths in STATE_REFS.items():
        if field in draft.fields:
            value: Any = draft.fields[field]
            for path in paths:
                value = refs.replace_at(value, path, lambda id: new if id == old else id)
            if value is not draft.fields[field]:
                draft.set_field(field, value)
    kernel = renamed_allowances(draft.fields, "state", old, new)
    if kernel is not None:
        draft.set_field("kernel", kernel)
    if is_invertible:
        draft.replace_undo_since(mark, {"op": "rename_state", "from": new, "to": old})


def _is_named(draft: Draft, id: str) -> bool:
    return draft.is_mentioned(id) or any(
        mention.id == id
        for field, paths in STATE_REFS.items()
        if field in draft.fields
        for path in paths
        for mention in mentions(draft.fields[field], path)
    )


@op(
    "set_field",
    "Edit {field} of state {state}",
    state_id("state"),
    Argument("field", "text", choices=FIELDS),
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
    Argument("title", "text", required=False, null=True),
    Argument("subtitle", "text", required=False, null=True),
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
