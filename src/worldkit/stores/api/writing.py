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
from worldkit.stores.api.retry import answered, asked, fresh_key, sent
from worldkit.stores.protocol import Home, Ops, StoredWorld, Worlds
from worldkit.world import World

TURNS = 3
"""How often a write that takes whatever is current reads the revision again when somebody else wrote in between."""


class Writes:
    """Reads and writes graphs; each call is described at the method of ``Client`` that runs it.

    Args:
        place: What to call the server in messages.
        places: What the stored worlds that come of calls act on; None when that is no ``Worlds``.
        revision: Returns the revision a world is at now, for ``world.apply(rev=)``; None when it cannot be asked.
    """

    def __init__(self, place: str, places: Worlds | None = None, revision: Callable[[str], str] | None = None) -> None:
        self._place = place
        self._places = places
        self._revision = revision
        self._names_rev = True
        """Whether a world is answered with its revision, until one comes without."""
        self._exact: bool | None = None
        """Whether the server takes worldkit's exact operations, and strict batches; None while nobody asked."""

    def _stored(
        self, id: str, world: World, rev: str, said: Mapping[str, Any], notes: Diagnostics | None = None
    ) -> StoredWorld:
        version = answers.maybe(said, "versionId")
        if self._places is not None and self._revision is not None:
            revision = self._revision
            world = at_revision(world, rev=int(rev), store=Home(self._places, id, version, lambda: revision(id)))
        return StoredWorld(
            id,
            world.name or answers.maybe(said, "name") or "untitled",
            world,
            rev,
            version,
            answers.maybe(said, "parent"),
            answers.maybe(said, "parentVersionId"),
            notes if notes is not None else Diagnostics(),
            self._places,
        )

    # ---- reading ---------------------------------------------------------------------------

    def get(self, id: str) -> Call[StoredWorld]:
        if self._names_rev:
            said = yield from asked(wire.world(id))
            if answers.names_rev(said):
                return self._stored(id, answers.world_of(said), answers.rev_of(said), said)
            self._names_rev = False
        # the specification's answer names no revision: it belongs to the world if it is the same before and after
        before = (yield from self.scene(id)).rev
        for _ in range(TURNS):
            said = yield from asked(wire.world(id))
            after = (yield from self.scene(id)).rev
            if after == before:
                return self._stored(id, answers.world_of(said), after, said)
            before = after
        raise ApiError(f"world {quote(id)} changes faster than it can be read; try again")

    def scene(self, id: str) -> Call[SceneAt]:
        scene = answers.scene_of((yield from asked(wire.scene(id))))
        self._exact = scene.exact_ops
        return scene

    # ---- writing ---------------------------------------------------------------------------

    def apply(self, id: str, ops: Ops, rev: str | None, strict: bool, key: str | None) -> Call[StoredWorld]:
        from worldkit.editing import normalise
        from worldkit.stores.api.fallback_ops import is_exact

        batch = normalise(ops)
        if not batch:
            now = yield from self.get(id)
            if rev is not None and str(rev) != now.rev:
                raise _stale(str(rev), now.rev)
            return now
        beyond = strict or any(map(is_exact, batch))

        def make(at: str, made: str) -> Call[Request]:
            # beyond the specification: it is known or asked whether the server takes it; otherwise it is done here
            said, strictly = batch, strict
            if beyond and self._exact is None:
                yield from self.scene(id)
            if beyond and not self._exact:
                said, strictly = (yield from self._spoken(id, batch, at, strict)), False
            return wire.ops(id, said, strictly, at, made)

        return self._result(id, (yield from self._written(id, rev, key, make)))

    def _spoken(self, id: str, batch: list[Json], rev: str, strict: bool) -> Call[list[Json]]:
        from worldkit.editing import apply
        from worldkit.stores.api.fallback_ops import spoken

        stored = yield from self.get(id)
        if stored.rev != rev:
            raise _stale(rev, stored.rev)
        if strict:
            apply(stored.world, batch, accept=refuse_new_errors)
        return spoken(stored.world, batch)

    def add_state(
        self, id: str, state: str | None, fields: Json, rev: str | None, key: str | None
    ) -> Call[StoredWorld]:
        return (yield from self._write(id, rev, key, lambda at, made: wire.add_state(id, state, fields, at, made)))

    def update_state(self, id: str, state: str, patch: Json, rev: str | None, key: str | None) -> Call[StoredWorld]:
        return (yield from self._write(id, rev, key, lambda at, made: wire.update_state(id, state, patch, at, made)))

    def delete_state(self, id: str, state: str, rev: str | None, key: str | None) -> Call[StoredWorld]:
        return (yield from self._write(id, rev, key, lambda at, made: wire.delete_state(id, state, at, made)))

    def add_event(self, id: str, fields: Json, rev: str | None, key: str | None) -> Call[StoredWorld]:
        return (yield from self._write(id, rev, key, lambda at, made: wire.add_event(id, fields, at, made)))

    def update_event(self, id: str, name: str, patch: Json, rev: str | None, key: str | None) -> Call[StoredWorld]:
        return (yield from self._write(id, rev, key, lambda at, made: wire.update_event(id, name, patch, at, made)))

    def delete_event(self, id: str, name: str, rev: str | None, key: str | None) -> Call[StoredWorld]:
        return (yield from self._write(id, rev, key, lambda at, made: wire.delete_event(id, name, at, made)))

    def set_entrance(
        self, id: str, state: str, image: Json | None, rev: str | None, key: str | None
    ) -> Call[StoredWorld]:
        return (yield from self._write(id, rev, key, lambda at, made: wire.set_entrance(id, state, image, at, made)))

    def checkout(self, id: str, version: str, rev: str | None, key: str | None) -> Call[StoredWorld]:
        return replace(
            (yield from self._write(id, rev, key, lambda at, made: wire.checkout(id, version, at, made))),
            version=version,
        )

    def _write(
        self, id: str, rev: str | None, key: str | None, make: Callable[[str, str], Request]
    ) -> Call[StoredWorld]:
        return self._result(id, (yield from self._written(id, rev, key, plainly(make))))

    def _result(self, id: str, said: Json) -> StoredWorld:
        found = diagnostics(said.get("diagnostics"))
        return self._stored(id, answers.world_of(said), answers.rev_of(said), said, found)

    def _written(
        self, id: str, rev: str | None, key: str | None, make: Callable[[str, str], Call[Request]]
    ) -> Call[Json]:
        """Make a graph write at a revision; None takes whatever is current, and reads it again when that moves on.

        Every graph write names a revision, so that one which is sent twice is done once, whatever the server makes of
        an idempotency key.
        """
        kept = key or fresh_key()
        for turn in range(TURNS):
            at = str(rev) if rev is not None else (yield from self.scene(id)).rev
            last = rev is not None or turn == TURNS - 1
            try:
                request = yield from make(at, kept)
            except ApiConflict:
                if last:
                    raise
                continue
            exchange = yield from sent(request)
            moved = isinstance(exchange.outcome, Reply) and exchange.outcome.status == 409
            if last or not moved or exchange.unsure:
                break
        return (yield from answered(exchange))


def plainly(make: Callable[[str, str], Request]) -> Callable[[str, str], Call[Request]]:
    """Return a maker of requests that has nothing to ask first."""

    def asking_nothing(at: str, key: str) -> Call[Request]:
        return make(at, key)
        yield  # a generator that yields nothing

    return asking_nothing


def _stale(rev: str, now: str) -> ApiConflict:
    error = ApiConflict(
        f"the world is at revision {now}, the edit was made against {rev}; "
        "load the current world and make the edit again"
    )
    error.expected, error.current = rev, now
    return error
