"""``apply_in_part``: a batch as a hosted server applies it, which lists what it could not apply (docs/spec/ops.md)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, cast

from worldkit.core.document import D
from worldkit.core.errors import OpError
from worldkit.core.json_values import Json, deep_copy, is_deeper_than, quote
from worldkit.core.profile import HOSTED
from worldkit.core.time_limit import check_time
from worldkit.editing import checks, naming, refs
from worldkit.editing.allowances import follow_event_rename
from worldkit.editing.canonical import MAX_OP_DEPTH, normalise_one
from worldkit.editing.draft import Draft
from worldkit.editing.events import REQUIRED_FIELDS
from worldkit.editing.patching import apply_patch
from worldkit.editing.refusals import OpRefused
from worldkit.editing.vocabulary import OPS


@dataclass(frozen=True, slots=True)
class Unapplied:
    """An operation that could not be applied.

    Attributes:
        index: Its place in the batch.
        op: Its name.
        reason: Why, with the name of the item.
    """

    index: int
    op: str
    reason: str

    def __str__(self) -> str:
        return f"{self.op}: {self.reason}"


@dataclass(frozen=True, slots=True)
class AppliedInPart(Generic[D]):
    """The result of a batch that was applied in part.

    Attributes:
        world: The world with everything applied that could be.
        ops: The operations that were applied, in canonical spelling, with generated ids and names filled in.
        errors: The others.
    """

    world: D
    ops: list[Json]
    errors: list[Unapplied]


def apply_in_part(world: D, ops: Iterable[Any]) -> AppliedInPart[D]:
    """Apply what can be applied of a batch, in order; the world itself is left as it is.

    References of an event are not looked at: what an event names that is not there, the gate finds in the result. A
    state in use is not deleted; that is judged when the turn of its operation comes.

    Args:
        ops: The operations, from an untrusted source; only those of a hosted server can be applied.
    """
    draft = Draft(world)
    used_ops: list[Json] = []
    errors: list[Unapplied] = []
    for index, item in enumerate(ops):
        check_time()
        mark = draft.undo.mark()
        try:
            step = _hosted_step(index, item)
            used_ops.append(_HOSTED_OPERATIONS.get(step["op"], _run_local)(draft, deep_copy(step)) or step)
        except OpError as error:
            errors.append(Unapplied(index, error.op, error.reason))
        except OpRefused as refusal:
            _take_back(draft, mark)
            errors.append(Unapplied(index, step["op"], refusal.reason))
    return AppliedInPart(cast(D, draft.finish()) if used_ops else world, used_ops, errors)


def state_uses(fields: Json, events: Iterable[Json], id: str) -> list[str]:
    """Return what keeps a state from being deleted, in words: the entrance, events and cutscenes that name it.

    Args:
        fields: The world's fields.
        id: The state's id.
    """
    uses = ["the entrance"] if (fields.get("entrance") or {}).get("state") == id else []
    uses += [f"event {quote(event['name'])}" for event in events if _names(event, id)]
    cuts = fields.get("cutscenes") or ()
    return [
        *uses,
        *(f"cutscene {quote(cutscene['id'])}" for cutscene in cuts if id in (cutscene["from"], cutscene["to"])),
    ]


def in_use(id: str, uses: list[str]) -> str:
    """Return why a state is not deleted."""
    rest_text = f" and {len(uses) - 3} more" if len(uses) > 3 else ""
    return f"state {quote(id)} is in use by {', '.join(uses[:3])}{rest_text}; take it out of there first"


def _names(event: Json, id: str) -> bool:
    return event.get("to") == id or id in refs.sources(event)


def _hosted_step(index: int, item: Any) -> Json:
    name = item.get("op") if isinstance(item, Mapping) else None
    if isinstance(name, str) and not HOSTED.takes(name):
        names = ", ".join(sorted(HOSTED.operations or ()))
        raise OpError(index, quote(name[:60]).strip('"'), f"this operation is not taken here; taken are {names}")
    step = normalise_one(index, item)
    if is_deeper_than(step, MAX_OP_DEPTH):
        raise OpError(index, step["op"], "its values are nested too deeply")
    return step


def _run_local(draft: Draft, step: Json) -> Json | None:
    return OPS[step["op"]].run(draft, step)


def _take_back(draft: Draft, mark: int) -> None:
    """Undo what an operation did before it was refused."""
    for step in draft.undo.take_since(mark):
        OPS[step["op"]].run(draft, deep_copy(step))
    draft.undo.take_since(mark)


def _add_event(draft: Draft, step: Json) -> Json:
    body = step["event"]
    if "name" not in body:
        body = {"name": draft.unused_event_name(naming.event_name(body, len(draft.events))), **body}
    model = draft.typed_event(body)
    checks.require_unused_event_name(draft, model.name)
    draft.insert_event(body, model=model)
    return {"op": step["op"], "event": deep_copy(body)}


def _update_event(draft: Draft, step: Json) -> None:
    index = draft.event_index(step["name"])
    checks.refuse_removal(step["patch"], REQUIRED_FIELDS, "an event")
    body = apply_patch(draft.events[index], step["patch"])
    model = draft.typed_event(body)
    if model.name != step["name"]:
        checks.require_unused_event_name(draft, model.name)
    draft.put_event(index, body, model)
    if model.name != step["name"]:
        follow_event_rename(draft, step["name"], model.name)


def _delete_state(draft: Draft, step: Json) -> Json | None:
    id = step["id"]
    draft.state(id)
    # by the index of what names it: a batch may delete as many states as there are events
    cutscenes = draft.records("cutscenes")
    fields = {
        "entrance": draft.field("entrance"),
        "cutscenes": [cutscenes.items[index] for index in cutscenes.naming("state", id)],
    }
    if uses := state_uses(fields, (event for _, event in draft.events_naming(id)), id):
        raise OpRefused(in_use(id, uses))
    return _run_local(draft, step)


_HOSTED_OPERATIONS: Mapping[str, Callable[[Draft, Json], Json | None]] = {
    "add_event": _add_event,
    "update_event": _update_event,
    "delete_state": _delete_state,
}
"""Operations that a hosted server applies otherwise than the local vocabulary; all others are the same."""
