"""Writes to the graph of a world, each at a revision: as one batch or as one call (docs/spec/api-v1.md, "Graph")."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from worldkit.core.conversion import completed_state
from worldkit.core.document import json_of
from worldkit.core.json_values import Json
from worldkit.editing.canonical import canonicalize
from worldkit.editing.hosted_form import entrance_state
from worldkit.stores.api import wire
from worldkit.stores.api.hosted_writing import HostedWrites, MakeRequest, WritePlan, batch_plan, is_public, single_plan
from worldkit.stores.api.protocol import Call, HttpReply, Received, Work
from worldkit.stores.api.reading import MAX_ATTEMPTS
from worldkit.stores.api.retry import answer_of, new_idempotency_key, send_request
from worldkit.stores.api.server_words import diagnostics
from worldkit.stores.stored_world import Ops, StoredWorld
from worldkit.world import World


class GraphCalls(HostedWrites):
    """Writes graphs; each call is described at the method of ``Client`` that runs it."""

    def apply(
        self, id: str, ops: Ops, rev: str | None, strict: bool, key: str | None, partial: bool = False
    ) -> Call[StoredWorld]:
        batch = canonicalize(ops)
        if not batch:
            return (yield from self._current(id, rev))
        server = yield from self.server()
        if server.is_exact or (server.operations is None and is_public(batch) and not strict):
            answer = yield from self._write_at_revision(
                id, rev, key, lambda rev, key: wire.ops(id, batch, strict, rev, key)
            )
            return (yield from self._written(id, answer))
        body = [batch, strict, partial]
        return (
            yield from self._write_planned(
                id, rev, key, body, lambda world: batch_plan(id, world, batch, server, strict, partial)
            )
        )

    def write_one(self, id: str, op: Json, rev: str | None, key: str | None) -> Call[StoredWorld]:
        """Make one operation by a call of its own.

        Where a server takes only some operations, its answer is compared with what was expected.
        """

        def plan(world: World) -> WritePlan:
            if op["op"] != "add_state":
                return single_plan(id, world, op)
            state = completed_state(op["state"], entrance_state(json_of(world)))  # with what a hosted server requires
            return single_plan(id, world, {**op, "state": state})

        if (yield from self.server()).operations is not None:
            return (yield from self._write_planned(id, rev, key, op, plan))
        answer = yield from self._write_at_revision(id, rev, key, lambda rev, key: wire.one_op(id, op, rev, key))
        return (yield from self._written(id, answer))

    def add_state(
        self, id: str, state: str | None, fields: Json, rev: str | None, key: str | None
    ) -> Call[StoredWorld]:
        if state is None and isinstance(fields.get("id"), str):  # servers take it for the state's id
            state, fields = fields["id"], {name: value for name, value in fields.items() if name != "id"}
        op = {"op": "add_state", **wire.present(id=state), "state": fields}
        return (yield from self.write_one(id, op, rev, key))

    def checkout(self, id: str, version: str, rev: str | None, key: str | None) -> Call[StoredWorld]:
        answer = yield from self._write_at_revision(id, rev, key, lambda rev, key: wire.checkout(id, version, rev, key))
        return replace((yield from self._written(id, answer)), version=version)

    def _written(self, id: str, answer: Received) -> Call[StoredWorld]:
        notes = diagnostics(answer.body.get("diagnostics"))
        stored_world: StoredWorld = yield Work(partial(self._result, id, answer, notes))
        return stored_world

    def _write_at_revision(self, id: str, rev: str | None, key: str | None, make: MakeRequest) -> Call[Received]:
        """Make a graph write at a revision; None takes whatever is current, and reads it again when that moves on.

        Every graph write names a revision, so that one which is sent twice is done once, whatever the server makes of
        an idempotency key.
        """
        request_key = key or new_idempotency_key()
        for attempt in range(MAX_ATTEMPTS):
            at_rev = str(rev) if rev is not None else (yield from self.revision(id))
            is_last = rev is not None or attempt == MAX_ATTEMPTS - 1
            exchange = yield from send_request(make(at_rev, request_key))
            conflicts = isinstance(exchange.outcome, HttpReply) and exchange.outcome.status == 409
            if is_last or not conflicts or exchange.maybe_applied:
                break
        return (yield from answer_of(exchange))
