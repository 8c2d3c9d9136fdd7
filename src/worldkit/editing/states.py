"""Operations on states."""

from __future__ import annotations

from typing import Any

from worldkit.core.json_values import Json, deep_copy, quote
from worldkit.editing import checks, naming, refs
from worldkit.editing.cutscenes import drop_cutscenes
from worldkit.editing.draft import Draft
from worldkit.editing.patching import HALVES, PAIRS, patched, with_half
from worldkit.editing.refs import SITES, mentions
from worldkit.editing.refusals import Refused
from worldkit.editing.registry import Argument, Body, op, state_id

FIELDS = ("base", *(f"{pair}.{half}" for pair in PAIRS for half in HALVES))


@op("add_state", "Add state {id}", state_id(required=False, null=True), body=Body("state"))
def add_state(draft: Draft, args: Json) -> Json | None:
    """Add a state at the end; without an id one is made from the first words of its base."""
    body = args["state"]
    id = args.get("id")
    resolved: Json | None = None
    if id is None:
        base = body.get("base")
        id = naming.unused_name(naming.slug(base if isinstance(base, str) else ""), draft.states, draft.cutscene_ids())
        resolved = {"op": "add_state", "id": id, "state": deep_copy(body)}
    checks.free_state_id(draft, id)
    first = not draft.states and "entrance" not in draft.top
    draft.put_state(id, body)
    checks.variant_labels(body)
    if first:
        draft.set_top("entrance", {"state": id})
        draft.note(f"state {quote(id)} is the first, so it became the entrance", "world", field="entrance")
    return resolved


@op("update_state", "Edit state {id}", state_id(), body=Body("patch", also=("state",), patch=True))
def update_state(draft: Draft, args: Json) -> None:
    """Patch a state's fields: a value replaces, null removes, what is absent stays."""
    body = draft.state(args["id"])
    checks.kept(args["patch"], ("base",), "a state")
    made = patched(body, args["patch"])
    draft.put_state(args["id"], made)
    if "variants" in args["patch"]:
        checks.variant_labels(made)


@op("delete_state", "Delete state {id}", state_id(), aliases=("remove_state",))
def delete_state(draft: Draft, args: Json) -> None:
    """Delete a state and what cannot stand without it: sources, events without source, destinations, the entrance."""
    id = args["id"]
    draft.state(id)
    _leave_events(draft, id)
    _leave_cutscenes(draft, id)
    entrance = draft.top.get("entrance")
    if entrance is not None and entrance["state"] == id:
        draft.drop_top("entrance")
        draft.note(f"the entrance was cleared: it was {quote(id)}", "world", field="entrance")
    draft.drop_state(id)
    _report_mentions(draft, id)


def _leave_cutscenes(draft: Draft, id: str) -> None:
    cuts: list[Json] = draft.top.get("cutscenes", [])
    left = [cut for cut in cuts if id not in (cut["from"], cut["to"])]
    if len(left) == len(cuts):
        return
    for cut in cuts:
        if id not in (cut["from"], cut["to"]):
            continue
        said = f"cutscene {quote(cut['id'])} was deleted: it stood on a seam with {quote(id)}"
        draft.note(said, "cutscene", cut["id"])
    drop_cutscenes(draft, left, without=id)


def _leave_events(draft: Draft, id: str) -> None:
    is_cut = id in draft.cutscene_ids()
    orphans = []
    for index, event in draft.naming(id):
        name, said = event["name"], quote(event["name"])
        held = refs.sources(event)
        left = [source for source in held if source != id]
        here, leads = len(left) < len(held), event.get("to") == id and not is_cut
        if here and not left:
            orphans.append(index)
            draft.note(f"event {said} was deleted: it had no source left", "event", name)
            continue
        patch: Json = {}
        if here:
            patch["from"] = left
            draft.note(f"event {said} is no longer offered in {quote(id)}", "event", name, "from")
        if leads:
            patch["to"] = None
            draft.note(f"event {said} lost its destination {quote(id)}", "event", name, "to")
        if patch:
            draft.put_event(index, patched(event, patch))
    for index in reversed(orphans):
        draft.drop_event(index)


def _report_mentions(draft: Draft, id: str) -> None:
    def named(field: str) -> list[tuple[int, ...]]:
        held = draft.top.get(field)
        return [] if held is None else [hit.at for path in SITES[field] for hit in mentions(held, path) if hit.id == id]

    for at in named("sequences"):
        sequence = draft.top["sequences"][at[0]]["id"]
        said = f"sequence {quote(sequence)} still walks through {quote(id)}, which is gone; edit its beats"
        draft.note(said, "sequence", sequence, f"beats[{at[1]}].state")
    for at in named("story"):
        said = f"story beat {at[0] + 1} still names {quote(id)}, which is gone"
        draft.note(said, "world", field=f"story.beats[{at[0]}].states[{at[1]}]")
    for _ in named("outro"):
        said = f"the outro still waits in {quote(id)}, which is gone; set or clear it"
        draft.note(said, "world", field="outro.state")
    for at in named("missions"):
        mission = draft.top["missions"][at[0]]["id"]
        said = f"mission {quote(mission)} still places an objective in {quote(id)}, which is gone"
        draft.note(said, "mission", mission, f"objectives[{at[1]}].location")


@op(
    "rename_state",
    "Rename {from} to {to}",
    Argument("from", "id", ("id", "stateId", "state")),
    Argument("to", "id", ("newId",)),
)
def rename_state(draft: Draft, args: Json) -> None:
    """Give a state another id, in its place, and repoint everything that names it."""
    old, new = args["from"], args["to"]
    draft.state(old)
    if old == new:
        return
    checks.free_state_id(draft, new)
    mark = len(draft.undo)
    is_cut = old in draft.cutscene_ids()
    exact = not is_cut and bool(old.strip()) and not _named(draft, new)
    at = draft.place_of_state(old)
    body = draft.state(old)
    draft.drop_state(old)
    draft.put_state(new, body, at=at)
    for index, event in draft.naming(old):
        held = event["from"]
        patch: Json = {}
        if held == old:
            patch["from"] = new
        elif old in refs.sources(event):
            patch["from"] = [new if source == old else source for source in held]
        if event.get("to") == old and not is_cut:
            patch["to"] = new
        if patch:
            draft.put_event(index, patched(event, patch), undo=not exact)
    for field, paths in SITES.items():
        if field in draft.top:
            value: Any = draft.top[field]
            for path in paths:
                value = refs.replaced(value, path, lambda id: new if id == old else id)
            if value is not draft.top[field]:
                draft.set_top(field, value)
    if exact:
        draft.undo_since(mark, {"op": "rename_state", "from": new, "to": old})


def _named(draft: Draft, id: str) -> bool:
    return draft.is_mentioned(id) or any(
        hit.id == id
        for field, paths in SITES.items()
        if field in draft.top
        for path in paths
        for hit in mentions(draft.top[field], path)
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
        checks.kept({"base": args["value"]}, ("base",), "a state")
        draft.put_state(args["state"], patched(body, {"base": args["value"]}))
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
    """Make a state an ending, or change the one it has; a null kind takes the ending away."""
    body = draft.state(args["state"])
    if args["kind"] is None:
        draft.put_state(args["state"], patched(body, {"ending": None}))
        return
    given: Json = {key: args[key] for key in ("kind", "title", "subtitle") if key in args}
    ending = patched(body.get("ending", {}), given)
    if "title" not in ending:
        raise Refused('expected "title", the ending\'s words for the player; it is missing')
    draft.put_state(args["state"], patched(body, {"ending": ending}))
