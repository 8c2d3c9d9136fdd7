"""Operations on cutscenes: clips that play between two states."""

from __future__ import annotations

from worldkit.core.json_values import Json, quote
from worldkit.editing import checks
from worldkit.editing.draft import Draft
from worldkit.editing.patching import apply_patch
from worldkit.editing.refusals import OpRefused, already_used, unknown_name
from worldkit.editing.registry import Argument, OperationPart, op


@op("add_cutscene", "Add cutscene {cutscene.id}", body=OperationPart("cutscene"))
def add_cutscene(draft: Draft, args: Json) -> None:
    """Add a cutscene between two states; its id is distinct from every state's."""
    cutscene = args["cutscene"]
    cutscenes = draft.fields.get("cutscenes", [])
    id = cutscene.get("id")
    if isinstance(id, str):
        if not id.strip():
            raise OpRefused("a cutscene's id has at least one visible character")
        if id in draft.states:
            raise already_used("cutscene", id, by="state")
        if id in draft.cutscene_ids():
            raise already_used("cutscene", id)
    for end in ("from", "to"):
        if isinstance(cutscene.get(end), str):
            checks.require_state(draft, cutscene[end], end)
    draft.set_field("cutscenes", [*cutscenes, cutscene])


@op("remove_cutscene", "Delete cutscene {id}", Argument("id", "text", ("cutscene",)))
def remove_cutscene(draft: Draft, args: Json) -> None:
    """Remove a cutscene; events that led to it now lead straight to its target."""
    cutscenes: list[Json] = draft.fields.get("cutscenes", [])
    index = next((i for i, cutscene in enumerate(cutscenes) if cutscene["id"] == args["id"]), None)
    if index is None:
        raise unknown_name("cutscene", args["id"], draft.cutscene_ids())
    keep_only_cutscenes(draft, [*cutscenes[:index], *cutscenes[index + 1 :]])


def keep_only_cutscenes(draft: Draft, remaining: list[Json], deleted_state: str | None = None) -> None:
    """Keep only some cutscenes; an event that led to a removed one now leads straight to its target.

    Of several cutscenes with one id an event leads to the first, so it is this one that counts.

    Args:
        draft: The draft.
        remaining: The cutscenes to keep, in order.
        deleted_state: The id of a state about to be deleted, to which no event may lead.
    """
    old_by_id = {cutscene["id"]: cutscene for cutscene in reversed(draft.fields["cutscenes"])}
    new_by_id = {cutscene["id"]: cutscene for cutscene in reversed(remaining)}
    targets = {id: cutscene["to"] for id, cutscene in old_by_id.items() if cutscene != new_by_id.get(id)}
    for index, event in enumerate(draft.events):
        cutscene = event.get("to")
        if cutscene not in targets:
            continue
        target = targets[cutscene] if targets[cutscene] != deleted_state and targets[cutscene] in draft.states else None
        draft.put_event(index, apply_patch(event, {"to": target}))
        outcome = f"now leads straight to {quote(target)}" if target is not None else "lost its destination"
        name = event["name"]
        draft.note(f"event {quote(name)} {outcome}: cutscene {quote(cutscene)} was deleted", "event", name, "to")
    if remaining:
        draft.set_field("cutscenes", remaining)
    else:
        draft.remove_field("cutscenes")
