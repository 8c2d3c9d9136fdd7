"""The calls of ``Client`` on the graph of a world: read, edit and judge it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from worldkit.core.argument_checks import checked_methods
from worldkit.core.json_values import Json
from worldkit.stores.api.client_runner import ClientRunner
from worldkit.stores.api.results import Edited, Linting, SceneAt, Validation
from worldkit.stores.stored_world import Ops, StoredWorld
from worldkit.world import World


@checked_methods
class ClientGraph(ClientRunner):
    """The calls on a graph."""

    def scene(self, id: str) -> SceneAt:
        """Return a world's graph and the revision it is at."""
        return self._run(self._calls.scene(id))

    def apply(
        self,
        id: str,
        ops: Ops,
        *,
        rev: str | None = None,
        strict: bool = False,
        partial: bool = False,
        idempotency_key: str | None = None,
    ) -> StoredWorld:
        """Apply a batch of operations (docs/spec/ops.md).

        A hosted server takes nine operations, so what the batch makes is written in those, and the returned world is
        compared with the one that was asked for.

        Args:
            id: The world's id.
            ops: The operations.
            rev: The revision they were made against; None takes whatever is current.
            strict: Refuse them if they introduce an error-level lint that was not there before.
            partial: Leave out what a hosted server has no operation for; ``diagnostics`` name it as ``not-sent``.
            idempotency_key: The same key again returns the first result and changes nothing.

        Returns:
            The world as the server has it; ``diagnostics`` say what cascaded.

        Raises:
            Conflict: ``rev`` is stale; nothing was written.
            OpError: An operation was refused; nothing was written.
            NotExpressible: A hosted server has no operation for it; nothing was sent.
            RuleViolation: It would leave a structural error, or new errors when ``strict``; nothing was written.
            PartlyApplied: A hosted server did not apply some operations; the others are stored.
            NotAsApplied: A hosted server returned another world than was asked for, and stored that.
        """
        return self._run(self._calls.apply(id, ops, rev, strict, idempotency_key, partial))

    def add_state(
        self,
        id: str,
        fields: Mapping[str, Any],
        *,
        state: str | None = None,
        rev: str | None = None,
        idempotency_key: str | None = None,
    ) -> StoredWorld:
        """Add a state.

        Args:
            id: The world's id.
            fields: The state's fields (docs/spec/smworld.md).
            state: Its id; by default one made of its ``base``.
            rev, idempotency_key: As for ``apply``.
        """
        return self._run(self._calls.add_state(id, state, dict(fields), rev, idempotency_key))

    def update_state(
        self,
        id: str,
        state: str,
        patch: Mapping[str, Any],
        *,
        rev: str | None = None,
        idempotency_key: str | None = None,
    ) -> StoredWorld:
        """Patch a state: a value replaces, None removes, what is absent stays.

        Args:
            id: The world's id.
            state: The state's id.
            patch: The fields.
            rev, idempotency_key: As for ``apply``.
        """
        return self._run(self._calls.update_state(id, state, dict(patch), rev, idempotency_key))

    def delete_state(
        self, id: str, state: str, *, rev: str | None = None, idempotency_key: str | None = None
    ) -> StoredWorld:
        """Delete a state and what cannot stand without it; ``diagnostics`` of the result name that.

        Args:
            id: The world's id.
            state: The state's id.
            rev, idempotency_key: As for ``apply``.
        """
        return self._run(self._calls.delete_state(id, state, rev, idempotency_key))

    def add_event(
        self, id: str, fields: Mapping[str, Any], *, rev: str | None = None, idempotency_key: str | None = None
    ) -> StoredWorld:
        """Add an event.

        Args:
            id: The world's id.
            fields: The event's fields, its name among them (docs/spec/smworld.md).
            rev, idempotency_key: As for ``apply``.
        """
        return self._run(self._calls.add_event(id, dict(fields), rev, idempotency_key))

    def update_event(
        self,
        id: str,
        name: str,
        patch: Mapping[str, Any],
        *,
        rev: str | None = None,
        idempotency_key: str | None = None,
    ) -> StoredWorld:
        """Patch an event: a value replaces, None removes, what is absent stays.

        Args:
            id: The world's id.
            name: The event's name.
            patch: The fields, a new ``name`` perhaps among them.
            rev, idempotency_key: As for ``apply``.
        """
        return self._run(self._calls.update_event(id, name, dict(patch), rev, idempotency_key))

    def delete_event(
        self, id: str, name: str, *, rev: str | None = None, idempotency_key: str | None = None
    ) -> StoredWorld:
        """Delete an event.

        Args:
            id: The world's id.
            name: The event's name.
            rev, idempotency_key: As for ``apply``.
        """
        return self._run(self._calls.delete_event(id, name, rev, idempotency_key))

    def set_entrance(
        self,
        id: str,
        state: str,
        *,
        image: Json | None = None,
        rev: str | None = None,
        idempotency_key: str | None = None,
    ) -> StoredWorld:
        """Set where play starts.

        Args:
            id: The world's id.
            state: The state.
            image: Its first picture, ``{"src": ..., "label": ...}``; None keeps the current one.
            rev, idempotency_key: As for ``apply``.
        """
        return self._run(self._calls.set_entrance(id, state, image, rev, idempotency_key))

    def edit(
        self,
        id: str,
        instruction: str,
        *,
        verified: Sequence[str] | None = None,
        rev: str | None = None,
        idempotency_key: str | None = None,
    ) -> Edited:
        """Have an instruction carried out by the server's model.

        Args:
            id: The world's id.
            instruction: What to change, in words.
            verified: Things that are known to be in the picture.
            rev: The revision it was given for; None takes whatever is current.
            idempotency_key: The same key again returns the first result and is charged once.

        Raises:
            QuotaExceeded: The quota is used up; nothing was charged.
        """
        return self._run(self._calls.edit(id, instruction, rev, idempotency_key, verified))

    def validate(self, id: str, world: World | None = None) -> Validation:
        """Return whether a world is valid, as the server sees it.

        Args:
            id: The world's id.
            world: Judge this one instead of the one that is kept.
        """
        return self._run(self._calls.validate(id, world))

    def lint(self, id: str, world: World | None = None) -> Linting:
        """Return what the server's rules find in a world.

        Args:
            id: The world's id.
            world: Judge this one instead of the one that is kept.
        """
        return self._run(self._calls.lint(id, world))
