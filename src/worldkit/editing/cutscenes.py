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
    draft.append_record("cutscenes", cutscene)


@op("remove_cutscene", "Delete cutscene {id}", Argument("id", "text", ("cutscene",)))
def remove_cutscene(draft: Draft, args: Json) -> None:
    """Remove a cutscene; events that led to it now lead straight to its target."""
    index = draft.cutscene_ids().find(args["id"])
    if index is None:
        raise unknown_name("cutscene", args["id"], draft.cutscene_ids())
    remove_cutscenes(draft, [index])


def remove_cutscenes(draft: Draft, indices: list[int], deleted_state: str | None = None) -> None:
    """Remove some cutscenes; an event that led to one now leads straight to its target.

    Of several cutscenes with one id an event leads to the first, so it is this one that counts.

    Args:
        indices: The indices of the cutscenes, in order.
        deleted_state: The id of a state about to be deleted, to which no event may lead.
    """
    cutscenes, removed_indices = draft.records("cutscenes"), set(indices)
    targets: dict[str, str] = {}
    for id in dict.fromkeys(cutscenes.items[index]["id"] for index in indices):
        first, *others = cutscenes.find_all(id)
        new_first = next((index for index in (first, *others) if index not in removed_indices), None)
        if new_first is None or cutscenes.items[new_first] != cutscenes.items[first]:
            targets[id] = cutscenes.items[first]["to"]
    events = {index: event for id in targets for index, event in draft.events_naming(id) if event.get("to") == id}
    for index, event in sorted(events.items()):
        cutscene = event["to"]
        target = targets[cutscene] if targets[cutscene] != deleted_state and targets[cutscene] in draft.states else None
        draft.put_event(index, apply_patch(event, {"to": target}))
        outcome = f"now leads straight to {quote(target)}" if target is not None else "lost its destination"
        name = event["name"]
        draft.note(f"event {quote(name)} {outcome}: cutscene {quote(cutscene)} was deleted", "event", name, "to")
    for index in reversed(indices):
        draft.remove_record("cutscenes", index)
