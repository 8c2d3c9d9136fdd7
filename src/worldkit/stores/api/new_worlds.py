"""Making a world that a server has just made, from a premise or as a fork, the one that was asked for.

The content is written first, then the name, the description and the cover. With an idempotency key, the world may have
been made by an earlier call, and edited since then. So the content is written under a key that is derived from it, and
the server's answer tells whether that was done before.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from worldkit.core.document import json_of
from worldkit.core.errors import ApiError, NotExpressible, RuleViolation, StoredOtherwise, Unprocessable, WorldError
from worldkit.stores.api import answers, wire
from worldkit.stores.api.error_mapping import is_key_reused
from worldkit.stores.api.hosted_writing import (
    WritePlan,
    content_plan,
    ops_plan,
    structural_errors,
    unchanging_op,
    with_server_fields,
)
from worldkit.stores.api.protocol import Call
from worldkit.stores.api.retry import derived_key, perform, request_json
from worldkit.stores.api.writing import GraphCalls
from worldkit.stores.pages import WorldRef
from worldkit.stores.stored_world import StoredWorld
from worldkit.world import World

Texts = Mapping[str, str | None]
"""The name, description and cover that a world is to have; None for one that it is not to have."""


class NewWorldCalls(GraphCalls):
    """Completes new worlds; each public call is described at the method of ``Client`` that runs it."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._completed_worlds: set[tuple[str, str]] = set()
        """Ids of worlds that this client has completed, each with its idempotency key."""

    def describe(self, id: str, fields: Texts) -> Call[WorldRef]:
        ref = answers.ref_of((yield from request_json(wire.describe(id, fields))))
        self.forget(id)
        return ref

    def rename(self, id: str, name: str) -> Call[StoredWorld]:
        yield from self.describe(id, {"name": name})
        return (yield from self.get(id))

    def delete(self, id: str) -> Call[None]:
        yield from perform(wire.delete_world(id))
        for write in self._keyed_writes:
            if write.world == id:
                self._keyed_writes.pop(write)
        self._completed_worlds = {(world, key) for world, key in self._completed_worlds if world != id}

    def complete(
        self, created_world: StoredWorld, target: World, texts: Texts, key: str | None, *, is_replacement: bool
    ) -> Call[StoredWorld]:
        """Make a new world the one that is wanted; where that cannot be, it is deleted again unless there is a key.

        Args:
            created_world: The world as the server has it.
            target: The wanted content.
            texts: What it is to be called.
            key: The idempotency key of the call that made it; one that was completed with it before is left as it is.
            is_replacement: What the server has and no operation can remove may stay; ``diagnostics`` name it.
        """
        if key is not None and (created_world.id, key) in self._completed_worlds:
            return created_world
        try:
            stored_world = yield from self._complete(created_world, target, texts, key, is_replacement)
        except WorldError:
            if key is None:
                yield from self._delete_quietly(created_world.id)
            raise
        if key is not None:
            self._completed_worlds.add((created_world.id, key))
        return stored_world

    def _complete(
        self, created_world: StoredWorld, target: World, texts: Texts, key: str | None, is_replacement: bool
    ) -> Call[StoredWorld]:
        content = with_server_fields(target, created_world.world)
        try:
            with_content = yield from self._write_content(created_world, content, key, is_replacement)
        except (Unprocessable, StoredOtherwise) as error:
            current = None if key is None else (yield from self._completed_before(created_world.id, error))
            if current is None:
                raise
            return current
        current, first = with_content, json_of(with_content.world)
        if key is not None:
            current = yield from self.get(created_world.id)  # the answer may be the one to an earlier call
        has_changed = current.rev != with_content.rev
        notes = current.diagnostics if has_changed else with_content.diagnostics
        now = json_of(current.world)
        # a text that has changed since the content was written was set by an earlier call, or by a person later
        fields = {
            name: value for name, value in texts.items() if now.get(name) != value and now.get(name) == first.get(name)
        }
        if fields:
            yield from self.describe(created_world.id, fields)
            current = yield from self.get(created_world.id)
        return replace(current, diagnostics=notes)

    def _completed_before(self, id: str, error: Unprocessable | StoredOtherwise) -> Call[StoredWorld | None]:
        """Return a world as it stands, if an error tells that an earlier call has written its content; else None."""
        if isinstance(error, Unprocessable):
            return (yield from self.get(id)) if is_key_reused(error) else None
        current = yield from self.get(id)
        return current if current.rev != error.stored.rev else None  # what was answered is of an earlier revision

    def _write_content(
        self, created_world: StoredWorld, content: World, key: str | None, is_replacement: bool
    ) -> Call[StoredWorld]:
        """Write the content of a new world; with a key also when nothing differs, so that the server remembers it."""
        content_key = None if key is None else derived_key(key, "content")
        server = yield from self.server()
        refusals: list[WorldError] = []

        def plan(world: World) -> WritePlan:
            try:
                return content_plan(
                    created_world.id, world, content, server, is_replacement=is_replacement, is_keyed=key is not None
                )
            except (NotExpressible, RuleViolation) as error:
                if key is None or (is_replacement and structural_errors(content)):
                    raise  # no earlier call can have written it, and the key is still good for what is put right
                refusals.append(error)  # it stands unless the server says that the content was written before
                return ops_plan(created_world.id, [unchanging_op(world)], world)

        stored_world = yield from self._write_planned(created_world.id, created_world.rev, content_key, "content", plan)
        if refusals:
            raise refusals[0]
        return stored_world

    def _delete_quietly(self, id: str) -> Call[None]:
        try:
            yield from self.delete(id)
        except ApiError:
            return
