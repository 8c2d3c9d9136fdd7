"""Operations on cutscenes: clips on the seam between two states."""

from __future__ import annotations

from worldkit.core.json_values import Json, quote
from worldkit.editing import checks
from worldkit.editing.draft import Draft
from worldkit.editing.patching import patched
from worldkit.editing.refusals import Refused, taken, unknown
from worldkit.editing.registry import Argument, Body, op


@op("add_cutscene", "Add cutscene {cutscene.id}", body=Body("cutscene"))
def add_cutscene(draft: Draft, args: Json) -> None:
    """Add a cutscene between two states; its id is distinct from every state's."""
    cut = args["cutscene"]
    rest = draft.top.get("cutscenes", [])
    id = cut.get("id")
    if isinstance(id, str):
        if not id.strip():
            raise Refused("a cutscene's id has at least one visible character")
        if id in draft.states:
            raise taken("cutscene", id, by="state")
        if id in draft.cutscene_ids():
            raise taken("cutscene", id)
    for end in ("from", "to"):
        if isinstance(cut.get(end), str):
            checks.exists(draft, cut[end], end)
    draft.set_top("cutscenes", [*rest, cut])


@op("remove_cutscene", "Delete cutscene {id}", Argument("id", "text", ("cutscene",)))
def remove_cutscene(draft: Draft, args: Json) -> None:
    """Remove a cutscene; events that went through it go straight to where it led."""
    cuts: list[Json] = draft.top.get("cutscenes", [])
    at = next((i for i, cut in enumerate(cuts) if cut["id"] == args["id"]), None)
    if at is None:
        raise unknown("cutscene", args["id"], draft.cutscene_ids())
    drop_cutscenes(draft, [*cuts[:at], *cuts[at + 1 :]])


def drop_cutscenes(draft: Draft, rest: list[Json], without: str | None = None) -> None:
    """Keep only some cutscenes; an event that went through one that is gone goes straight to where it led.

    Args:
        draft: The draft.
        rest: The cutscenes kept, in order.
        without: A state about to be deleted, to which nothing may lead.
    """
    left = {cut["id"] for cut in rest}
    led = {cut["id"]: cut["to"] for cut in reversed(draft.top["cutscenes"]) if cut["id"] not in left}
    for index, event in enumerate(draft.events):
        cut = event.get("to")
        if cut not in led:
            continue
        to = led[cut] if led[cut] != without and led[cut] in draft.states else None
        draft.put_event(index, patched(event, {"to": to}))
        said = f"now leads straight to {quote(to)}" if to is not None else "lost its destination"
        name = event["name"]
        draft.note(f"event {quote(name)} {said}: cutscene {quote(cut)} is gone", "event", name, "to")
    if rest:
        draft.set_top("cutscenes", rest)
    else:
        draft.drop_top("cutscenes")
