"""Reading worlds with their revisions, and knowing the server: what all calls to a graph begin with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from worldkit.core.diagnostics import Diagnostics
from worldkit.core.document import at_revision
from worldkit.core.errors import ApiConflict, ApiError
from worldkit.core.json_values import Json, quote
from worldkit.core.recent_values import RecentValues
from worldkit.stores.api import answers, dialect, wire
from worldkit.stores.api.dialect import ServerDialect
from worldkit.stores.api.error_mapping import is_success
from worldkit.stores.api.protocol import Call, HttpReply, Lost, Received, Work
from worldkit.stores.api.results import SceneAt
from worldkit.stores.api.retry import receive, request_json
from worldkit.stores.api.secret import Scope
from worldkit.stores.protocol import WorldStore
from worldkit.stores.stored_world import StoreBinding, StoredWorld
from worldkit.world import World

MAX_ATTEMPTS = 3
"""How often a call reads the revision again when somebody else writes in between."""

MAX_MIRRORS = 16
"""Worlds that a client remembers as the server last answered them, so that a write need not read first."""


class WorldReads:
    """Reads worlds; each call is described at the method of ``Client`` that runs it.

    Args:
        place: What to call the server in messages.
        clock: Seconds that only grow.
        need: Refuses a call for which the key lacks a scope, before anything is sent.
        server: Its dialect, when it is known already.
        store: The store that the returned worlds act on; None when the client is no ``WorldStore``.
    """

    def __init__(
        self,
        place: str,
        clock: Callable[[], float],
        need: Callable[[Scope], None],
        server: ServerDialect | None = None,
        store: WorldStore | None = None,
    ) -> None:
        self._place = place
        self._clock, self._need = clock, need
        self._store = store
        self._dialect = server
        self._is_given = server is not None
        self._world_has_rev = True
        """Whether a world is answered with its revision, until one comes without."""
        self._mirrors: RecentValues[str, StoredWorld] = RecentValues(MAX_MIRRORS)

    # ---- the server's dialect --------------------------------------------------------------

    def observe(self, outcome: HttpReply | Lost) -> HttpReply | Lost:
        """Learn the server's dialect from a response, and return the response."""
        if isinstance(outcome, HttpReply) and not self._is_given:
            announcement = dialect.announced(outcome.headers)
            if announcement is None and self._dialect is None and is_success(outcome):
                announcement = dialect.HOSTED  # worldkit's own server would have announced itself
            self._dialect = announcement or self._dialect
        return outcome

    @property
    def dialect_name(self) -> str | None:
        """The name of the server's dialect; None while nothing is known."""
        return self._dialect.name if self._dialect else None

    def server(self) -> Call[ServerDialect]:
        """Return the server's dialect, which the first response tells, for a write that depends on it.

        Raises:
            ScopeError: The key is publishable, and writes nothing.
        """
        self._need("worlds:write")
        if self._dialect is None:
            yield from request_json(wire.worlds(1, None))
        return self._dialect or dialect.HOSTED

    # ---- worlds ----------------------------------------------------------------------------

    def _stored_world(
        self, id: str, world: World, rev: str, answer: Mapping[str, Any], notes: Diagnostics | None = None
    ) -> StoredWorld:
        version = answers.optional_text(answer, "versionId")
        if self._store is not None:
            binding = StoreBinding(self._store, id, version)
            is_counter = rev.isdecimal() and str(int(rev)) == rev  # "007" is another word than "7"
            world = at_revision(world, rev=int(rev) if is_counter else rev, store=binding)
        stored_world = StoredWorld(
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
        self._mirrors.put(id, stored_world)
        return stored_world

    def mirror(self, id: str, rev: str | None) -> Call[StoredWorld]:
        """Return a world at a revision, as remembered or read again; the current one without a revision.

        Raises:
            ApiConflict: The server is at another revision.
        """
        stored_world = self._mirrors.get(id)
        if rev is not None and stored_world is not None and stored_world.rev == rev:
            return stored_world
        return (yield from self._current(id, rev))

    def _current(self, id: str, rev: str | None) -> Call[StoredWorld]:
        """Return a world as it stands now.

        Raises:
            ApiConflict: A revision is given, and it is not the current one.
        """
        stored_world = yield from self.get(id)
        if rev is not None and stored_world.rev != rev:
            raise stale(rev, stored_world.rev)
        return stored_world

    def forget(self, id: str) -> None:
        """Read a world again before it is written: it changed without a new revision."""
        self._mirrors.pop(id)

    def get(self, id: str) -> Call[StoredWorld]:
        if self._world_has_rev:
            response = yield from receive(wire.world(id))
            rev = answers.rev_of_world(response)
            if rev is not None:
                return (yield from self._read_world(id, response.body, rev))
            self._world_has_rev = False
        # a world without a revision: it is at the one that the graph has both before and after it
        before = (yield from self.scene(id)).rev
        for _ in range(MAX_ATTEMPTS):
            answer = yield from request_json(wire.world(id))
            after = (yield from self.scene(id)).rev
            if after == before:
                return (yield from self._read_world(id, answer, after))
            before = after
        raise ApiError(f"world {quote(id)} changes faster than it can be read; try again")

    def revision(self, id: str) -> Call[str]:
        """Return the revision that a world is at now."""
        return (yield from (self.get(id) if self._world_has_rev else self.scene(id))).rev

    def scene(self, id: str) -> Call[SceneAt]:
        return answers.scene_of((yield from receive(wire.scene(id))))

    def _read_again(self, id: str) -> Call[StoredWorld | None]:
        """Return a world as it stands now, to find out whether a write took effect; None when it cannot be read."""
        try:
            return (yield from self.get(id))
        except ApiError:
            return None

    def _read_world(self, id: str, answer: Json, rev: str) -> Call[StoredWorld]:
        stored_world: StoredWorld = yield Work(lambda: self._stored_world(id, answers.world_of(answer), rev, answer))
        return stored_world

    def _result(self, id: str, reply: Received, notes: Diagnostics | None = None) -> StoredWorld:
        body = reply.body
        return self._stored_world(id, answers.world_of(body), answers.rev_of(reply), body, notes)


def stale(rev: str, current: str) -> ApiConflict:
    """Return the error for a write against a revision that is no longer the current one."""
    error = ApiConflict(
        f"the world is at revision {current}, the edit was made against {rev}; "
        "load the current world and make the edit again"
    )
    error.expected, error.current = rev, current
    return error
