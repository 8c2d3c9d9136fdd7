"""``apply``: a batch of operations on a world, all or none (docs/spec/ops.md)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, cast

from worldkit.core.diagnostics import Diagnostics
from worldkit.core.document import D, Document, at_revision, file_of, in_file, json_of, revision_after
from worldkit.core.errors import Conflict, InvalidWorld, OpError
from worldkit.core.json_values import Json, check_json, deep_copy, is_deeper_than, quote
from worldkit.core.time_limit import check_time
from worldkit.editing import refs
from worldkit.editing.canonical import MAX_OP_DEPTH, canonicalize
from worldkit.editing.draft import Draft
from worldkit.editing.labels import label
from worldkit.editing.raw_ops import RAW_OPS
from worldkit.editing.refusals import OpRefused
from worldkit.editing.vocabulary import OPS


@dataclass(frozen=True, slots=True)
class Applied(Generic[D]):
    """The result of applying a batch.

    Attributes:
        world: The new world.
        ops: The batch in canonical spelling, with generated ids filled in; replaying it gives the same bytes.
        inverse: A batch that undoes this one exactly, key order included.
        notes: What changed as a consequence: cascades, and "became the entrance".
        label: A name for the batch, such as "Rename lane to road".
    """

    world: D
    ops: list[Json]
    inverse: list[Json]
    notes: Diagnostics
    label: str


def apply(
    world: D,
    ops: Iterable[Mapping[str, Any]],
    *,
    accept: Callable[[D, D, list[Json]], None] | None = None,
    rev: str | None = None,
) -> Applied[D]:
    """Apply a batch of operations to a world; the world itself is left as it is.

    Args:
        ops: The operations, in any accepted spelling.
        accept: Called with the world before and after, and the batch in canonical spelling; it raises to refuse the
            batch. See ``worldkit.ruleset.refuse_new_errors``.
        rev: The revision the batch was made against.

    Returns:
        The new world, the batch in canonical spelling, its inverse, its consequences, and a label.

    Raises:
        Conflict: ``rev`` is not the world's.
        OpError: An operation was refused; the error has its index and kind.
    """
    if rev is not None and str(rev) != world.rev:
        raise Conflict(str(rev), world.rev)
    draft = Draft(world)
    canonical_ops = canonicalize(ops)
    for index, step in enumerate(canonical_ops):
        check_time()
        try:
            canonical_ops[index] = OPS[step["op"]].run(draft, deep_copy(step)) or step
        except OpRefused as refusal:
            raise OpError(index, step["op"], refusal.reason) from None
    _refuse_dangling(world, draft, canonical_ops)
    new_world = cast(D, draft.finish())
    _refuse_too_deep(new_world, canonical_ops)
    if accept is not None:
        accept(world, new_world, canonical_ops)
    rev_after = revision_after(world.rev) if canonical_ops else world.rev
    new_world = at_revision(new_world, rev=rev_after, notes=draft.notes, parent=world.parent)
    new_world = in_file(new_world, file_of(world))
    notes = Diagnostics(draft.notes, new_world)
    return Applied(new_world, canonical_ops, draft.undo.newest_first(), notes, label(canonical_ops))


def _refuse_dangling(world: Document, draft: Draft, ops: list[Json]) -> None:
    raw_indices = [index for index, step in enumerate(ops) if step["op"] in RAW_OPS]
    if not raw_indices or any(ops[index].get("force") for index in raw_indices):
        return
    if draft.has_all_references():
        return
    fields = json_of(world)
    dangling_before = refs.count_dangling(fields, fields["scene"]["states"], fields["scene"]["events"])
    new_dangling = refs.count_dangling(draft.fields, draft.states, draft.events) - dangling_before
    if new_dangling:
        kind, field, id = next(iter(new_dangling))
        place = "the entrance"
        if kind != "world":
            place = f"the {field!r} of {kind} {quote(_name_of_last_item(draft, kind, field, id))}"
        message = f"the batch would leave {place} naming {quote(id)}, which does not exist"
        raise OpError(raw_indices[-1], ops[raw_indices[-1]]["op"], f'{message}; fix it, or pass "force": true')


def _refuse_too_deep(new_world: Document, ops: list[Json]) -> None:
    deep_indices = [index for index, step in enumerate(ops) if is_deeper_than(step, MAX_OP_DEPTH)]
    if not deep_indices:
        return
    try:
        check_json(json_of(new_world))
    except InvalidWorld as error:
        raise OpError(deep_indices[-1], ops[deep_indices[-1]]["op"], str(error.problems[0])) from None


def _name_of_last_item(draft: Draft, kind: str, field: str, id: str) -> str:
    """Return the name of the last item whose field names an id, for a message."""
    if kind == "cutscene":
        cutscenes = [cutscene for cutscene in draft.fields["cutscenes"] if cutscene[field] == id]
        return str(cutscenes[-1]["id"])
    events = [e for e in draft.events if (id in refs.sources(e) if field == "from" else e.get("to") == id)]
    return str(events[-1]["name"])
