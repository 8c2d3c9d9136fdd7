"""The graph of a world: reading it with its revision, and writing to it at a revision."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from worldkit.core.diagnostics import Diagnostics
from worldkit.core.document import at_revision
from worldkit.core.errors import ApiConflict, ApiError
from worldkit.core.json_values import Json, quote
from worldkit.ruleset import refuse_new_errors
from worldkit.stores.api import answers, wire
from worldkit.stores.api.error_mapping import diagnostics
from worldkit.stores.api.protocol import Call, Reply, Request
from worldkit.stores.api.results import SceneAt
from worldkit.stores.api.retry import json_answer, new_idempotency_key, request_json, send_request
from worldkit.stores.protocol import Ops, StoreBinding, StoredWorld, WorldStore
from worldkit.world import World

MAX_ATTEMPTS = 3
"""How often a write that takes whatever is current reads the revision again when somebody else wrote in between."""


class GraphCalls:
    """Reads and writes graphs; each call is described at the method of ``Client`` that runs it.

    Args:
        place: What to call the server in messages.
        store: The store that the returned worlds act on; None when the client is no ``WorldStore``.
        revision: Returns the revision a world is at now, for ``world.apply(rev=)``; None when it cannot be asked.
    """

    def __init__(
        self, place: str, store: WorldStore | None = None, revision: Callable[[str], str] | None = None
    ) -> None:
        self._place = place
        self._store = store
        self._revision = revision
        self._world_has_rev = True
        """Whether a world is answered with its revision, until one comes without."""
        self._takes_exact_ops: bool | None = None
        """Whether the server takes worldkit's exact operations, and strict batches; None while nobody asked."""

    def _stored(
        self, id: str, world: World, rev: str, answer: Mapping[str, Any], notes: Diagnostics | None = None
    ) -> StoredWorld:
        version = answers.optional_text(answer, "versionId")
        if self._store is not None and self._revision is not None:
            revision = self._revision
            world = at_revision(world, rev=int(rev), store=StoreBinding(self._store, id, version, lambda: revision(id)))
        return StoredWorld(
            id,
            world.name or answers.optional_text(answer, "name") or "untitled",
            world,
            rev,
            version,
            answers.optional_text(answer, "parent"),
            answers.optional_text(answer, "parentVersionId"),
            notes if notes is not None else Diagnostics(),
            self._store,
        )

    # ---- reading ---------------------------------------------------------------------------

    def get(self, id: str) -> Call[StoredWorld]:
        if self._world_has_rev:
            answer = yield from request_json(wire.world(id))
            if answers.names_rev(answer):
                return self._stored(id, answers.world_of(answer), answers.rev_of(answer), answer)
            self._world_has_rev = False
        # the specification's answer names no revision: it belongs to the world if it is the same before and after
        before = (yield from self.scene(id)).rev
        for _ in range(MAX_ATTEMPTS):
            answer = yield from request_json(wire.world(id))
            after = (yield from self.scene(id)).rev
            if after == before:
                return self._stored(id, answers.world_of(answer), after, answer)
            before = after
        raise ApiError(f"world {quote(id)} changes faster than it can be read; try again")

    def scene(self, id: str) -> Call[SceneAt]:
        scene = answers.scene_of((yield from request_json(wire.scene(id))))
        self._takes_exact_ops = scene.exact_ops
        return scene

    # ---- writing ---------------------------------------------------------------------------

    def apply(self, id: str, ops: Ops, rev: str | None, strict: bool, key: str | None) -> Call[StoredWorld]:
        from worldkit.editing import normalise
        from worldkit.stores.api.fallback_ops import is_exact

        batch = normalise(ops)
        if not batch:
            stored = yield from self.get(id)
            if rev is not None and str(rev) != stored.rev:
                raise _stale(str(rev), stored.rev)
            return stored
        needs_extension = strict or any(map(is_exact, batch))

        def make_request(at_rev: str, request_key: str) -> Call[Request]:
            # beyond the specification: it is known or asked whether the server takes it; otherwise it is done here
            wire_ops, send_strict = batch, strict
            if needs_extension and self._takes_exact_ops is None:
                yield from self.scene(id)
            if needs_extension and not self._takes_exact_ops:
                wire_ops, send_strict = (yield from self._contract_ops(id, batch, at_rev, strict)), False
            return wire.ops(id, wire_ops, send_strict, at_rev, request_key)

        return self._result(id, (yield from self._write_at_revision(id, rev, key, make_request)))

    def _contract_ops(self, id: str, batch: list[Json], rev: str, strict: bool) -> Call[list[Json]]:
        from worldkit.editing import apply
        from worldkit.stores.api.fallback_ops import as_contract_ops

        stored = yield from self.get(id)
        if stored.rev != rev:
            raise _stale(rev, stored.rev)
        if strict:
            apply(stored.world, batch, accept=refuse_new_errors)
        return as_contract_ops(stored.world, batch)

    def add_state(
        self, id: str, state: str | None, fields: Json, rev: str | None, key: str | None
    ) -> Call[StoredWorld]:
        return (yield from self._write(id, rev, key, lambda rev, key: wire.add_state(id, state, fields, rev, key)))

    def update_state(self, id: str, state: str, patch: Json, rev: str | None, key: str | None) -> Call[StoredWorld]:
        return (yield from self._write(id, rev, key, lambda rev, key: wire.update_state(id, state, patch, rev, key)))

    def delete_state(self, id: str, state: str, rev: str | None, key: str | None) -> Call[StoredWorld]:
        return (yield from self._write(id, rev, key, lambda rev, key: wire.delete_state(id, state, rev, key)))

    def add_event(self, id: str, fields: Json, rev: str | None, key: str | None) -> Call[StoredWorld]:
        return (yield from self._write(id, rev, key, lambda rev, key: wire.add_event(id, fields, rev, key)))

    def update_event(self, id: str, name: str, patch: Json, rev: str | None, key: str | None) -> Call[StoredWorld]:
        return (yield from self._write(id, rev, key, lambda rev, key: wire.update_event(id, name, patch, rev, key)))

    def delete_event(self, id: str, name: str, rev: str | None, key: str | None) -> Call[StoredWorld]:
        return (yield from self._write(id, rev, key, lambda rev, key: wire.delete_event(id, name, rev, key)))

    def set_entrance(
        self, id: str, state: str, image: Json | None, rev: str | None, key: str | None
    ) -> Call[StoredWorld]:
        return (yield from self._write(id, rev, key, lambda rev, key: wire.set_entrance(id, state, image, rev, key)))

    def checkout(self, id: str, version: str, rev: str | None, key: str | None) -> Call[StoredWorld]:
        return replace(
            (yield from self._write(id, rev, key, lambda rev, key: wire.checkout(id, version, rev, key))),
            version=version,
        )

    def _write(
        self, id: str, rev: str | None, key: str | None, make: Callable[[str, str], Request]
    ) -> Call[StoredWorld]:
        return self._result(id, (yield from self._write_at_revision(id, rev, key, without_questions(make))))

    def _result(self, id: str, answer: Json) -> StoredWorld:
        notes = diagnostics(answer.get("diagnostics"))
        return self._stored(id, answers.world_of(answer), answers.rev_of(answer), answer, notes)

    def _write_at_revision(
        self, id: str, rev: str | None, key: str | None, make: Callable[[str, str], Call[Request]]
    ) -> Call[Json]:
        """Make a graph write at a revision; None takes whatever is current, and reads it again when that moves on.

        Every graph write names a revision, so that one which is sent twice is done once, whatever the server makes of
        an idempotency key.
        """
        request_key = key or new_idempotency_key()
        for attempt in range(MAX_ATTEMPTS):
            at_rev = str(rev) if rev is not None else (yield from self.scene(id)).rev
            is_last = rev is not None or attempt == MAX_ATTEMPTS - 1
            try:
                request = yield from make(at_rev, request_key)
            except ApiConflict:
                if is_last:
                    raise
                continue
            exchange = yield from send_request(request)
            conflicts = isinstance(exchange.outcome, Reply) and exchange.outcome.status == 409
            if is_last or not conflicts or exchange.maybe_applied:
                break
        return (yield from json_answer(exchange))


def without_questions(make: Callable[[str, str], Request]) -> Callable[[str, str], Call[Request]]:
    """Return a maker of requests that has nothing to ask first."""

    def request_call(at_rev: str, key: str) -> Call[Request]:
        return make(at_rev, key)
        yield  # a generator that yields nothing

    return request_call


def _stale(rev: str, current: str) -> ApiConflict:
    error = ApiConflict(
        f"the world is at revision {current}, the edit was made against {rev}; "
        "load the current world and make the edit again"
    )
    error.expected, error.current = rev, current
    return error
