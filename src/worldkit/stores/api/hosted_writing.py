"""Writing to a server that takes the nine operations: lowered before, compared after (docs/spec/ops.md).

Such a server applies what it can and answers 200. So the client works out first which world it expects, and afterwards
compares it with the one that was returned. What was asked for is never assumed to have happened.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from worldkit.comparison import diff
from worldkit.core.diagnostics import Diagnostic, Diagnostics
from worldkit.core.document import from_valid_json, json_of
from worldkit.core.errors import OpError, RuleViolation, Unreachable
from worldkit.core.json_values import Json
from worldkit.core.profile import HOSTED, STUDIO
from worldkit.core.recent_values import RecentValues
from worldkit.editing.batch import apply
from worldkit.editing.lowering import (
    Lowered,
    has_value_at,
    is_same_world,
    lower,
    lower_difference,
    not_expressible,
    not_expressible_of,
)
from worldkit.editing.vocabulary import OWN_OPS
from worldkit.ruleset import lint, refuse_new_errors
from worldkit.stores.api import answers, wire
from worldkit.stores.api.dialect import ServerDialect
from worldkit.stores.api.mismatch import not_as_applied, not_removed, not_sent, partly_applied
from worldkit.stores.api.protocol import Call, Exchange, HttpReply, Lost, Received, Request, Work
from worldkit.stores.api.reading import MAX_ATTEMPTS, WorldReads
from worldkit.stores.api.retry import (
    MAX_CACHED_WRITES,
    KeyedWrite,
    answer_of,
    keyed_write,
    new_idempotency_key,
    send_request,
)
from worldkit.stores.api.server_words import diagnostics
from worldkit.stores.stored_world import StoredWorld
from worldkit.world import World

MakeRequest = Callable[[str, str], Request]
"""Makes the request of a write, of the revision it is made against and its idempotency key."""


@dataclass(frozen=True, slots=True)
class WritePlan:
    """A write that is worked out and not sent yet.

    Attributes:
        ops: Its operations, of the nine; none when the world is as wanted already.
        expected_world: Returns the world that the server should answer; None when it cannot be foreseen. It is given
            the answer, which names the id of a state that was added without one.
        notes: What the edit took along, and what of it stays local.
    """

    ops: Sequence[Json]
    request: MakeRequest
    expected_world: Callable[[Json], World | None]
    notes: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True)
class SentWrite:
    """A write that was sent, while it is not known what it came to.

    Attributes:
        mirror: The world that it was planned on.
    """

    mirror: StoredWorld
    plan: WritePlan
    request: Request


def ops_plan(id: str, ops: Sequence[Json], expected: World, notes: Iterable[Diagnostic] = ()) -> WritePlan:
    """Return the plan of a batch of operations that a server takes as they are.

    Args:
        id: The world's id on the server.
        expected: The world that they make.
        notes: What the edit took along, and what of it stays local.
    """
    return WritePlan(ops, lambda rev, key: wire.ops(id, ops, False, rev, key), lambda _: expected, tuple(notes))


def batch_plan(
    id: str, world: World, batch: Sequence[Json], server: ServerDialect, strict: bool, partial: bool
) -> WritePlan:
    """Return the plan of a batch of local operations.

    Args:
        id: The world's id on the server.
        world: The world as the server holds it.
        server: What the server takes.
        strict: Refuse new rule errors.
        partial: Leave out what cannot be expressed.

    Raises:
        OpError: An operation cannot be applied.
        NotExpressible: No operations that the server takes can express it.
        RuleViolation: It would leave a structural error at a hosted server, or new rule errors when ``strict``.
    """
    result = apply(world, batch, accept=refuse_new_errors if strict else None)
    if server.operations is None:
        ops = list(batch) if is_public(batch) else public_ops(world, result.world)
        if ops is not None:
            return ops_plan(id, ops, result.world, result.notes)
    lowered_edit = lowered_for(server, world, result.world)
    if lowered_edit.unsent and not partial:
        raise not_expressible_of(world, batch, lowered_edit)
    if server.operations is not None and (errors := structural_errors(lowered_edit.expected)):
        raise RuleViolation(errors)
    return ops_plan(id, lowered_edit.ops, lowered_edit.expected, (*result.notes, *not_sent(lowered_edit.unsent)))


def content_plan(
    id: str, world: World, target: World, server: ServerDialect, *, is_replacement: bool, is_keyed: bool
) -> WritePlan:
    """Return the plan of a write that gives a new world its content.

    Args:
        id: The world's id on the server.
        world: The world as the server holds it.
        target: The world that it should hold.
        server: What the server takes.
        is_replacement: What the server holds and no operation can remove may stay.
        is_keyed: Send something even if nothing differs: the server remembers its key then.

    Raises:
        NotExpressible: No operations that the server takes can express it.
        RuleViolation: It would leave a structural error at a hosted server.
    """
    if server.operations is None and (exact_ops := public_ops(world, target)) is not None:
        return ops_plan(id, exact_ops or ([unchanging_op(world)] if is_keyed else []), target)
    lowered_edit = lowered_for(server, world, target)
    if refused_fields := [one for one in lowered_edit.unsent if not is_replacement or has_value_at(one.path, target)]:
        raise not_expressible(refused_fields)
    errors = structural_errors(lowered_edit.expected) if server.operations is not None else None
    if errors and lowered_edit.ops:
        raise RuleViolation(errors)
    # a server refuses even what changes nothing of a world with an error
    ops = lowered_edit.ops or ([unchanging_op(world)] if is_keyed and not errors else [])
    return ops_plan(id, ops, lowered_edit.expected, not_removed(lowered_edit.unsent))


def is_public(ops: Sequence[Json]) -> bool:
    """Say whether all of some operations are in the specification, and none is worldkit's own."""
    return not any(op["op"] in OWN_OPS for op in ops)


def public_ops(before: World, after: World) -> list[Json] | None:
    """Return operations of the specification from one world to another, None where it takes some of worldkit's own."""
    ops = list(diff(before, after).ops)
    return ops if is_public(ops) else None


def lowered_for(server: ServerDialect, before: World, after: World) -> Lowered[World]:
    """Return an edit in the operations that a server takes, without what they cannot express.

    Where the nine operations leave something out and the server takes more, operations of the specification follow for
    that, and again some of the nine for what they make possible.

    Args:
        server: What the server takes.
        before: The world as the server holds it.
        after: The world that it should hold.
    """
    profile = HOSTED if server.operations is not None else STUDIO
    lowered_edit = lower_difference(before, after, partial=True, profile=profile)
    if server.operations is not None or not lowered_edit.unsent:
        return lowered_edit
    further_ops = [op for op in diff(lowered_edit.expected, after).ops if is_public([op])]
    try:
        last = lower_difference(apply(lowered_edit.expected, further_ops).world, after, partial=True, profile=profile)
    except OpError:  # one of them needs another one that is worldkit's own
        return lowered_edit
    return Lowered([*lowered_edit.ops, *further_ops, *last.ops], last.expected, last.unsent)


def unchanging_op(world: World) -> Json:
    """Return an operation that leaves a world as it is."""
    return {"op": "set_entrance", "state": (json_of(world).get("entrance") or {}).get("state")}


def structural_errors(world: World) -> Diagnostics:
    """Return the findings for which a hosted server refuses a write."""
    return lint(world, HOSTED).errors


ASSIGNED_FIELDS = {"add_state": ("id", "stateId"), "add_event": ("name", "eventName")}
"""What a server fills in where an operation lacks it, and the field of its answer that names it."""


def single_plan(id: str, world: World, op: Json) -> WritePlan:
    """Return the plan of one call that is one operation.

    Args:
        id: The world's id on the server.
        world: The world as the server holds it.
    """

    def expected(answer: Json) -> World | None:
        argument, field = ASSIGNED_FIELDS.get(op["op"], ("", ""))
        assigned_arguments = {argument: answer[field]} if isinstance(answer.get(field), str) else {}
        try:
            return lower(world, apply(world, [{**op, **assigned_arguments}]).world, partial=True).expected
        except OpError:
            return None  # the server says what is wrong with it

    return WritePlan([op], lambda rev, key: wire.one_op(id, op, rev, key), expected)


def with_server_fields(expected: World, actual: World) -> World:
    """Return an expected world with the name and all else that belongs to the server as the server has it.

    None of the nine operations sets these fields, and a change of them makes no new revision: the world that a write
    was planned on may be older in them than its revision says.

    Args:
        expected: The world that was expected.
        actual: The world as the server has it.
    """
    fields, server_fields = dict(json_of(expected)), json_of(actual)
    for name in wire.SERVER_FIELDS:
        if name in server_fields:
            fields[name] = server_fields[name]
        else:
            fields.pop(name, None)
    return from_valid_json(World, fields)


def _may_be_stored(exchange: Exchange) -> bool:
    """Return whether a request that did not come to what was expected may have stored something."""
    match exchange.outcome:
        case Lost(may_have_arrived=is_sent):
            return is_sent or exchange.maybe_applied
        case HttpReply(status=409 | 429 | 503):
            return exchange.maybe_applied
        case HttpReply(status=status):
            # a refusal of the same request sent again says nothing of the first one
            return exchange.maybe_applied or status < 300 or status >= 500


class HostedWrites(WorldReads):
    """Writes to a server of the nine operations."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._keyed_writes: RecentValues[KeyedWrite, SentWrite | StoredWorld] = RecentValues(MAX_CACHED_WRITES)
        """What the writes came to, and those of which it is not known."""

    def _write_planned(
        self, id: str, rev: str | None, key: str | None, body: Any, plan: Callable[[World], WritePlan]
    ) -> Call[StoredWorld]:
        """Make a write at a revision; None takes whatever is current, and plans anew when that moves on.

        The same key again returns the first result. While that is not known, the same request is sent again.

        Args:
            id: The world's id.
            key: The idempotency key.
            body: What is to be written, as JSON.
            plan: Returns what is to be written to the world as it stands.
        """
        request_key = key or new_idempotency_key()
        write = keyed_write(id, request_key, body)
        earlier = self._keyed_writes.get(write)
        if isinstance(earlier, StoredWorld):
            return earlier
        if earlier is not None:
            exchange = replace((yield from send_request(earlier.request)), maybe_applied=True)
            return (yield from self._settle(id, write, earlier, exchange, is_kept=True))
        for attempt in range(MAX_ATTEMPTS):
            mirror = yield from self.mirror(id, rev)
            write_plan: WritePlan = yield Work(partial(plan, mirror.world))
            if not write_plan.ops:
                if rev is not None:  # nothing is sent that the server could refuse as stale
                    mirror = yield from self._current(id, rev)
                unchanged_world = replace(mirror, diagnostics=Diagnostics(write_plan.notes, mirror.world))
                if key is not None:
                    self._keyed_writes.put(write, unchanged_world)
                return unchanged_world
            sent_write = SentWrite(mirror, write_plan, write_plan.request(mirror.rev, request_key))
            self._keyed_writes.put(write, sent_write)  # also for an interrupt, whose note names the key
            exchange = yield from send_request(sent_write.request)
            is_stale = isinstance(exchange.outcome, HttpReply) and exchange.outcome.status == 409
            if not is_stale or exchange.maybe_applied or rev is not None or attempt == MAX_ATTEMPTS - 1:
                break
            self._keyed_writes.pop(write)
        return (yield from self._settle(id, write, sent_write, exchange, is_kept=key is not None))

    def _settle(
        self, id: str, write: KeyedWrite, sent_write: SentWrite, exchange: Exchange, *, is_kept: bool
    ) -> Call[StoredWorld]:
        """Return what a write made, and remember it by its key; forget a write of which nothing was done."""
        try:
            stored_world = yield from self._verify_result(id, sent_write.mirror, sent_write.plan, exchange)
        except BaseException as error:
            was_sent = not isinstance(error, Unreachable) or error.sent
            if not (was_sent and _may_be_stored(exchange)):
                self._keyed_writes.pop(write)
            raise
        if is_kept:
            self._keyed_writes.put(write, stored_world)
        else:
            self._keyed_writes.pop(write)
        return stored_world

    def _verify_result(self, id: str, mirror: StoredWorld, plan: WritePlan, exchange: Exchange) -> Call[StoredWorld]:
        """Return what a write made, compared with what was expected of it."""
        outcome = exchange.outcome
        if isinstance(outcome, Lost) or (outcome.status == 409 and exchange.maybe_applied):
            current = yield from self._after_lost_answer(id, mirror, plan, exchange)
            if current is not None:
                return current
        answer = yield from answer_of(exchange)
        stored_world: StoredWorld = yield Work(partial(self._compared, id, plan, answer))
        return stored_world

    def _compared(self, id: str, plan: WritePlan, answer: Received) -> StoredWorld:
        """Return what a write was answered.

        Raises:
            PartlyApplied: The server lists what it did not apply.
            NotAsApplied: It is not what was expected.
        """
        notes = Diagnostics((*plan.notes, *diagnostics(answer.body.get("diagnostics"))))
        stored_world = self._result(id, answer, notes)
        expected = plan.expected_world(answer.body)
        if expected is not None:
            expected = with_server_fields(expected, stored_world.world)
        errors = answers.apply_errors(answer.body)
        if errors:
            raise partly_applied(errors, plan.ops, stored_world.world if expected is None else expected, stored_world)
        if expected is not None and (error := not_as_applied(plan.ops, expected, stored_world)) is not None:
            raise error
        return stored_world

    def _after_lost_answer(
        self, id: str, mirror: StoredWorld, plan: WritePlan, exchange: Exchange
    ) -> Call[StoredWorld | None]:
        """Find out by reading whether a write whose answer was lost took effect; return the world when it was stored.

        Raises:
            Unreachable: It was not stored.
        """
        if isinstance(exchange.outcome, Lost) and not exchange.outcome.may_have_arrived and not exchange.maybe_applied:
            return None
        current = yield from self._read_again(id)
        expected = plan.expected_world({})
        if current is None or expected is None:
            return None
        if current.rev != mirror.rev and is_same_world(with_server_fields(expected, current.world), current.world):
            return replace(current, diagnostics=Diagnostics(plan.notes, current.world))
        if current.rev == mirror.rev:
            request = exchange.request
            error = Unreachable(
                f"{request.method} {request.path} got no answer, and nothing was stored: the world is still at "
                f"revision {current.rev}. Make the call again"
            )
            error.sent = False
            raise error
        return None
