"""Writes to the graph of a world, each at a revision: as one batch or as one call (docs/spec/api-v1.md, "Graph")."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from worldkit.core.conversion import completed_state
from worldkit.core.document import json_of
from worldkit.core.json_values import Json
from worldkit.editing.canonical import canonicalize
from worldkit.editing.hosted_form import entrance_state
from worldkit.stores.api import wire
from worldkit.stores.api.hosted_writing import HostedWrites, MakeRequest, WritePlan, batch_plan, is_public, single_plan
from worldkit.stores.api.protocol import Call, HttpReply, Received, Request, Work
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
        if server.exact or (server.operations is None and is_public(batch) and not strict):
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

    # ---- one call, one operation ---------------------------------------------------------------

    def add_state(
        self, id: str, state: str | None, fields: Json, rev: str | None, key: str | None
    ) -> Call[StoredWorld]:
        if state is None and isinstance(fields.get("id"), str):  # servers take it for the state's id
            state, fields = fields["id"], {name: value for name, value in fields.items() if name != "id"}
        op = {"op": "add_state", **({} if state is None else {"id": state}), "state": fields}

        def plan(world: World) -> WritePlan:
            filled = completed_state(fields, entrance_state(json_of(world)))  # with what a hosted server requires
            add = {**op, "state": filled}
            return single_plan(
                world, add, lambda rev, key: wire.add_state(id, state, filled, rev, key), ("id", "stateId")
            )

        return (
            yield from self._write(id, rev, key, op, lambda rev, key: wire.add_state(id, state, fields, rev, key), plan)
        )

    def update_state(self, id: str, state: str, patch: Json, rev: str | None, key: str | None) -> Call[StoredWorld]:
        op = {"op": "update_state", "id": state, "patch": patch}
        return (
            yield from self._single(id, rev, key, op, lambda rev, key: wire.update_state(id, state, patch, rev, key))
        )

    def delete_state(self, id: str, state: str, rev: str | None, key: str | None) -> Call[StoredWorld]:
        op = {"op": "delete_state", "id": state}
        return (yield from self._single(id, rev, key, op, lambda rev, key: wire.delete_state(id, state, rev, key)))

    def add_event(self, id: str, fields: Json, rev: str | None, key: str | None) -> Call[StoredWorld]:
        op = {"op": "add_event", "event": fields}

        def request(rev: str, key: str) -> Request:
            return wire.add_event(id, fields, rev, key)

        return (
            yield from self._write(
                id, rev, key, op, request, lambda world: single_plan(world, op, request, ("name", "eventName"))
            )
        )

    def update_event(self, id: str, name: str, patch: Json, rev: str | None, key: str | None) -> Call[StoredWorld]:
        op = {"op": "update_event", "name": name, "patch": patch}
        return (
            yield from self._single(id, rev, key, op, lambda rev, key: wire.update_event(id, name, patch, rev, key))
        )

    def delete_event(self, id: str, name: str, rev: str | None, key: str | None) -> Call[StoredWorld]:
        op = {"op": "delete_event", "name": name}
        return (yield from self._single(id, rev, key, op, lambda rev, key: wire.delete_event(id, name, rev, key)))

    def set_entrance(
        self, id: str, state: str, image: Json | None, rev: str | None, key: str | None
    ) -> Call[StoredWorld]:
        op = {"op": "set_entrance", "state": state, **({} if image is None else {"image": image})}
        return (
            yield from self._single(id, rev, key, op, lambda rev, key: wire.set_entrance(id, state, image, rev, key))
        )

    def checkout(self, id: str, version: str, rev: str | None, key: str | None) -> Call[StoredWorld]:
        answer = yield from self._write_at_revision(id, rev, key, lambda rev, key: wire.checkout(id, version, rev, key))
        return replace((yield from self._written(id, answer)), version=version)

    def _single(self, id: str, rev: str | None, key: str | None, op: Json, request: MakeRequest) -> Call[StoredWorld]:
        return (yield from self._write(id, rev, key, op, request, lambda world: single_plan(world, op, request)))

    def _write(
        self,
        id: str,
        rev: str | None,
        key: str | None,
        op: Json,
        request: MakeRequest,
        plan: Callable[[World], WritePlan],
    ) -> Call[StoredWorld]:
        """Make a write; where a server takes only some operations, its answer is compared with what was expected."""
        if (yield from self.server()).operations is not None:
            return (yield from self._write_planned(id, rev, key, op, plan))
        answer = yield from self._write_at_revision(id, rev, key, request)
        return (yield from self._written(id, answer))

    def _written(self, id: str, answer: Received) -> Call[StoredWorld]:
        notes = diagnostics(answer.body.get("diagnostics"))
        stored: StoredWorld = yield Work(partial(self._result, id, answer, notes))
        return stored

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
