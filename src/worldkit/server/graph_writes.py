"""Writing to the graph of a world: in the hosted profile, or in worldkit's own dialect (docs/spec/api-v1.md, "Graph").

In the hosted profile what can be applied is, the result passes the gate as a whole, and the answer holds what the rules
say to it. In worldkit's dialect a batch of the local vocabulary is applied all or none, and the answer holds what it
took along.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from fastapi.responses import Response
from sqlalchemy import Connection

from worldkit.core.document import json_of
from worldkit.core.errors import Conflict, NotFound
from worldkit.core.json_values import Json, quote
from worldkit.editing.batch import Applied, apply
from worldkit.editing.partial import AppliedInPart, apply_in_part, in_use, state_uses
from worldkit.ruleset import refuse_new_errors
from worldkit.server import hosted_world, responses
from worldkit.server.hosted_world import completed
from worldkit.server.idempotent_calls import KeyedCall, WriteCall
from worldkit.server.problems import Refusal
from worldkit.server.services import Rev, SpeaksWorldkit
from worldkit.stores.local.store_worlds import edit_of
from worldkit.stores.stored_world import StoredWorld
from worldkit.world import World


@dataclass(frozen=True, slots=True)
class GraphCall(KeyedCall):
    """What every call that writes to a world's graph says.

    Attributes:
        is_exact: Whether it speaks worldkit's own dialect.
        world: The world's id.
        header_rev: The revision that ``If-Match`` names.
    """

    is_exact: bool
    world: str
    header_rev: str | None


async def graph_call(call: WriteCall, exact: SpeaksWorldkit, id: str, rev: Rev) -> GraphCall:
    """Return what a call that writes to a world's graph says, as a FastAPI dependency."""
    return GraphCall(call.request, call.services, call.caller, call.key, exact, id, rev)


@dataclass(frozen=True, slots=True)
class GraphWrite:
    """A write to a world's graph.

    Attributes:
        call: The call that asks for it.
        ops: The operations.
        rev: The revision it was made against; None takes whatever is current.
        strict: Whether it is refused when it brings errors that were not there before.
        state, event: What the path names; it must be there.
        lists_errors: Whether operations that cannot be applied are listed in the answer; otherwise they refuse the
            write.
        answer_field: What the answer names beside the world: ``"stateId"`` or ``"eventName"``.
    """

    call: GraphCall = field(repr=False)
    ops: list[Json] = field(repr=False)
    rev: str | None
    strict: bool = False
    state: str | None = None
    event: str | None = None
    lists_errors: bool = False
    answer_field: str | None = None


@dataclass(frozen=True, slots=True)
class _Edited:
    """What a write in the hosted profile makes of a world.

    Attributes:
        world: The world after it.
        part: What of the batch was applied.
        advice: What the rules say to it.
    """

    world: World
    part: AppliedInPart[World]
    advice: list[Json]


def write_graph(write: GraphWrite) -> Response:
    """Carry out a write, and answer with the world as it stands then."""
    call = write.call

    def check(stored_world: StoredWorld) -> None:
        if call.is_exact:
            _require_named(stored_world.world, write)
        if write.rev is not None and write.rev != stored_world.rev:
            raise Conflict(write.rev, stored_world.rev)

    space, metered_space = call.services.store.space(call.caller.space), call.services.metered_space(call.caller)
    if call.is_exact:
        batch = edit_of(space, call.world, lambda world: _applied(world, write), lambda result: result)

        def write_exactly(_: Connection) -> tuple[Json, str]:
            stored_world = metered_space.change(call.world, lambda _: batch.write(rev=write.rev))
            return responses.written_exactly(stored_world), call.world

        return call.run_edit_once(batch, check, write_exactly)
    edit = edit_of(space, call.world, lambda world: _edited(world, write), lambda result: result.world)

    def write_hosted(_: Connection) -> tuple[Json, str]:
        always = not write.lists_errors
        stored_world = metered_space.change(call.world, lambda _: edit.write(rev=write.rev, always=always))
        return _hosted_answer(stored_world, edit.result, write), call.world

    return call.run_edit_once(edit, check, write_hosted)


def _applied(world: World, write: GraphWrite) -> Applied[World]:
    """Return a batch in worldkit's own dialect as it is applied to a world, all or none."""
    _require_named(world, write)
    return apply(world, write.ops, accept=refuse_new_errors if write.strict else None)


def _edited(world: World, write: GraphWrite) -> _Edited:
    """Return what a write in the hosted profile makes of a world."""
    _require_named(world, write)
    _refuse_by_itself(world, write)
    result = apply_in_part(world, write.ops)
    if result.errors and not write.lists_errors:
        reason = result.errors[0].reason
        raise Refusal(422, f"{reason}; nothing was changed", errors=[reason])
    after = completed(result.world)
    advice = hosted_world.advice(hosted_world.require_sound(after))
    if write.strict:
        refuse_new_errors(world, after, result.ops)
    return _Edited(after, result, advice)


def _hosted_answer(stored_world: StoredWorld, edit: _Edited, write: GraphWrite) -> Json:
    answer = responses.written(stored_world, edit.advice)
    if write.lists_errors:
        answer["applyErrors"] = [str(error) for error in edit.part.errors]
    if write.answer_field is not None:
        answer[write.answer_field] = _new_id(edit.part.ops[0])
    return answer


def _new_id(op: Json) -> str:
    return str(op["event"]["name"] if "event" in op else op["id"])


def _require_named(world: World, write: GraphWrite) -> None:
    """Refuse a write whose path names a state or an event that is not there.

    Raises:
        NotFound: It is not.
    """
    scene = json_of(world)["scene"]
    if write.state is not None and write.state not in scene["states"]:
        raise NotFound(f"world {write.call.world} has no state {quote(write.state)}")
    if write.event is not None and not _has_event(scene["events"], write.event):
        raise NotFound(f"world {write.call.world} has no event {quote(write.event)}")


def _refuse_by_itself(world: World, write: GraphWrite) -> None:
    """Refuse with 400 what a call of one operation is refused for.

    That is a required field that is missing, an id or name that is taken, and a state in use.
    """
    if write.lists_errors:
        return
    document = json_of(world)
    states, events = document["scene"]["states"], document["scene"]["events"]
    reason: str | None = None
    match write.ops[0]:
        case {"op": "add_state", "state": dict(body)} if missing := _missing_text(body, "base"):
            reason = missing
        case {"op": "add_event", "event": dict(body)} if missing := _missing_text(body, "kind", "from"):
            reason = missing
        case {"op": "add_state", "id": str(id)} if id in states:
            reason = f"there is already a state {quote(id)}"
        case {"op": "add_event", "event": {"name": str(name)}} if _has_event(events, name):
            reason = f"there is already an event {quote(name)}"
        case {"op": "update_event", "name": old, "patch": {"name": str(name)}} if name != old:
            reason = f"there is already an event {quote(name)}" if _has_event(events, name) else None
        case {"op": "delete_state", "id": str(id)}:
            uses = state_uses(document, events, id)
            reason = in_use(id, uses) if uses else None
    if reason is not None:
        raise Refusal(400, f"{reason}; nothing was changed", errors=[reason])


def _missing_text(body: Json, *required: str) -> str | None:
    """Return what required fields a body lacks, in words."""
    names = [quote(name) for name in required if body.get(name) is None]
    return f"{' and '.join(names)}: required, and missing" if names else None


def _has_event(events: list[Json], name: str) -> bool:
    return any(event["name"] == name for event in events)
