"""Writes to the graph of a world, each at a revision: as one batch or as one call (docs/spec/api-v1.md, "Graph")."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from worldkit.core.errors import ApiConflict
from worldkit.core.json_values import Json
from worldkit.editing.batch import apply
from worldkit.editing.canonical import canonicalize
from worldkit.ruleset import refuse_new_errors
from worldkit.stores.api import wire
from worldkit.stores.api.fallback_ops import as_contract_ops, is_exact
from worldkit.stores.api.hosted_writing import HostedWrites, MakeRequest, WritePlan, batch_plan, single_plan
from worldkit.stores.api.protocol import Call, HttpReply, Received, Request, Work
from worldkit.stores.api.reading import MAX_ATTEMPTS
from worldkit.stores.api.retry import answer_of, keyed_write, new_idempotency_key, send_request
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
        body = [batch, strict, partial]
        if server.operations is not None:
            return (
                yield from self._write_planned(
                    id, rev, key, body, lambda world: batch_plan(id, world, batch, strict, partial)
                )
            )
        needs_extension = not server.exact and (strict or any(map(is_exact, batch)))
        write = keyed_write(id, key, body) if needs_extension and key is not None else None
        if write is not None and isinstance(earlier := self._keyed_writes.get(write), StoredWorld):
            return earlier  # made of the world as it stands now, it would be another request

        def make_request(at_rev: str, request_key: str) -> Call[Request]:
            # beyond the specification: it is known or asked whether the server takes it; otherwise it is done here
            wire_ops, send_strict = batch, strict
            if needs_extension:
                wire_ops, send_strict = (yield from self._contract_ops(id, batch, at_rev, strict)), False
            return wire.ops(id, wire_ops, send_strict, at_rev, request_key)

        stored = yield from self._written(id, (yield from self._write_at_revision(id, rev, key, make_request)))
        if write is not None:
            self._keyed_writes.put(write, stored)
        return stored

    def _contract_ops(self, id: str, batch: list[Json], rev: str, strict: bool) -> Call[list[Json]]:
        stored = yield from self.mirror(id, rev)

        def work() -> list[Json]:
            if strict:
                apply(stored.world, batch, accept=refuse_new_errors)
            return as_contract_ops(stored.world, batch)

        ops: list[Json] = yield Work(work)
        return ops

    # ---- one call, one operation ---------------------------------------------------------------

    def add_state(
        self, id: str, state: str | None, fields: Json, rev: str | None, key: str | None
    ) -> Call[StoredWorld]:
        if state is None and isinstance(fields.get("id"), str):  # servers take it for the state's id
            state, fields = fields["id"], {name: value for name, value in fields.items() if name != "id"}
        op = {"op": "add_state", **({} if state is None else {"id": state}), "state": fields}

        def plan(world: World) -> WritePlan:
            filled = self.filled_state(world, fields)
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
        answer = yield from self._write_at_revision(
            id, rev, key, without_questions(lambda rev, key: wire.checkout(id, version, rev, key))
        )
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
        answer = yield from self._write_at_revision(id, rev, key, without_questions(request))
        return (yield from self._written(id, answer))

    def _written(self, id: str, answer: Received) -> Call[StoredWorld]:
        notes = diagnostics(answer.body.get("diagnostics"))
        stored: StoredWorld = yield Work(partial(self._result, id, answer, notes))
        return stored

    def _write_at_revision(
        self, id: str, rev: str | None, key: str | None, make: Callable[[str, str], Call[Request]]
    ) -> Call[Received]:
        """Make a graph write at a revision; None takes whatever is current, and reads it again when that moves on.

        Every graph write names a revision, so that one which is sent twice is done once, whatever the server makes of
        an idempotency key.
        """
        request_key = key or new_idempotency_key()
        for attempt in range(MAX_ATTEMPTS):
            at_rev = str(rev) if rev is not None else (yield from self.revision(id))
            is_last = rev is not None or attempt == MAX_ATTEMPTS - 1
            try:
                request = yield from make(at_rev, request_key)
            except ApiConflict:
                if is_last:
                    raise
                continue
            exchange = yield from send_request(request)
            conflicts = isinstance(exchange.outcome, HttpReply) and exchange.outcome.status == 409
            if is_last or not conflicts or exchange.maybe_applied:
                break
        return (yield from answer_of(exchange))


def without_questions(make: MakeRequest) -> Callable[[str, str], Call[Request]]:
    """Return a maker of requests that has nothing to ask first."""

    def request_call(at_rev: str, key: str) -> Call[Request]:
        return make(at_rev, key)
        yield  # a generator that yields nothing

    return request_call
