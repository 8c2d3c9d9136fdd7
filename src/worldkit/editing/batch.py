"""``apply``: a batch of operations on a world, all or none (docs/spec/ops.md)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, cast

from worldkit.core.diagnostics import Diagnostics
from worldkit.core.document import D, Document, json_of, revised
from worldkit.core.errors import Conflict, InvalidWorld, OpError
from worldkit.core.json_values import MAX_DEPTH, Json, check, copied, is_deep, shown
from worldkit.core.time_limit import check_time
from worldkit.editing import refs
from worldkit.editing.canonical import normalise
from worldkit.editing.draft import Draft
from worldkit.editing.labels import label
from worldkit.editing.raw_ops import EXACT
from worldkit.editing.refusals import Refused
from worldkit.editing.registry import OPS


@dataclass(frozen=True, slots=True)
class Applied(Generic[D]):
    """What came of a batch.

    Attributes:
        world: The new world.
        ops: The batch in canonical spelling, ids that were made up filled in; replaying it gives the same bytes.
        inverse: A batch that takes this one back exactly, key order included.
        notes: What was taken along: cascades, and "became the entrance".
        label: A name for the batch, such as "Rename lane to road".
    """

    world: D
    ops: list[Json]
    inverse: list[Json]
    notes: Diagnostics
    label: str


def apply(
    world: D, ops: Iterable[Mapping[str, Any]], *, accept: Callable[[D, D], None] | None = None, rev: str | None = None
) -> Applied[D]:
    """Apply a batch of operations to a world; the world itself is left as it is.

    Args:
        world: The world.
        ops: The operations, in any accepted spelling.
        accept: Called with the world before and after; it raises to refuse the batch. See
            ``worldkit.ruleset.refuse_new_errors``.
        rev: The revision the batch was made against.

    Returns:
        The new world, the batch in canonical spelling, its inverse, what was taken along, and a label.

    Raises:
        Conflict: ``rev`` is not the world's.
        OpError: An operation was refused; names it by index and kind.
    """
    if rev is not None and str(rev) != world.rev:
        raise Conflict(str(rev), world.rev)
    draft = Draft(world)
    done = normalise(ops)
    for index, step in enumerate(done):
        check_time()
        try:
            done[index] = OPS[step["op"]].run(draft, copied(step)) or step
        except Refused as refused:
            raise OpError(index, step["op"], refused.reason) from None
    _refuse_dangling(world, draft, done)
    made = cast(D, draft.finish())
    _refuse_too_deep(made, done)
    if accept is not None:
        accept(world, made)
    made = revised(made, rev=int(world.rev) + bool(done), notes=draft.notes, parent=world.parent)
    return Applied(made, done, draft.undo[::-1], Diagnostics(draft.notes, made), label(done))


def _refuse_dangling(world: Document, draft: Draft, done: list[Json]) -> None:
    exact = [index for index, step in enumerate(done) if step["op"] in EXACT]
    if not exact or any(done[index].get("force") for index in exact):
        return
    if draft.is_whole():
        return
    held = refs.dangling(json_of(world), json_of(world)["scene"]["states"], json_of(world)["scene"]["events"])
    new = refs.dangling(draft.top, draft.states, draft.events) - held
    if new:
        kind, field, id = next(iter(new))
        place = "the entrance"
        if kind != "world":
            place = f"the {field!r} of {kind} {shown(_named(draft, kind, field, id))}"
        said = f"the batch would leave {place} naming {shown(id)}, which does not exist"
        raise OpError(exact[-1], done[exact[-1]]["op"], f'{said}; mend it, or say "force": true')


_DEEPER = 10
"""A value stands at most so many levels deeper in the document than in the operation that brought it."""


def _refuse_too_deep(made: Document, done: list[Json]) -> None:
    deep = [index for index, step in enumerate(done) if is_deep(step, MAX_DEPTH - _DEEPER)]
    if not deep:
        return
    try:
        check(json_of(made))
    except InvalidWorld as error:
        raise OpError(deep[-1], done[deep[-1]]["op"], str(error.problems[0])) from None


def _named(draft: Draft, kind: str, field: str, id: str) -> str:
    """Return the name of the last item whose field names an id, for a message."""
    if kind == "cutscene":
        cuts = [cut for cut in draft.top["cutscenes"] if cut[field] == id]
        return str(cuts[-1]["id"])
    events = [e for e in draft.events if (id in refs.sources(e) if field == "from" else e.get("to") == id)]
    return str(events[-1]["name"])
