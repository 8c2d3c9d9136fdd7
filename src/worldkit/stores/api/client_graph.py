"""The calls of ``Client`` on the graph of a world: read, edit and judge it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from worldkit.core.json_values import Json
from worldkit.stores.api import wire
from worldkit.stores.api.client_runner import ClientRunner
from worldkit.stores.api.results import Edited, Linting, SceneAt, Validation
from worldkit.stores.stored_world import Ops, StoredWorld
from worldkit.world import World


class ClientGraph(ClientRunner):
    """The calls on a graph."""

    def scene(self, id: str) -> SceneAt:
        """Return a world's graph and the revision it is at.

        Example:
            >>> stored = api.create(world)
            >>> scene = api.scene(stored.id)
            >>> scene.rev, list(scene.states)
            ('0', ['lane', 'bench', 'two_mittens'])
        """
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

        Example:
            >>> stored = api.create(world)
            >>> quieter = [{"op": "delete_event", "name": "listen_to_the_leaves"}]
            >>> stored = api.apply(stored.id, quieter, rev=stored.rev)
            >>> stored.rev, len(stored.world.events)
            ('1', 4)
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

        Example:
            >>> stored = api.create(world)
            >>> stored = api.add_state(stored.id, {"base": "A pond under ice."}, state="pond")
            >>> stored.world.states["pond"].base
            'A pond under ice.'
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
        """Change fields of a state: a value replaces the field, None removes it, and fields not named stay.

        Args:
            id: The world's id.
            state: The state's id.
            patch: The fields.
            rev, idempotency_key: As for ``apply``.

        Example:
            >>> stored = api.create(world)
            >>> stored = api.update_state(stored.id, "lane", {"narration": "Monday.", "arriveLabel": None})
            >>> stored.world.states["lane"].narration, stored.world.states["lane"].arrive_label
            ('Monday.', None)
        """
        return self._run(
            self._calls.write_one(id, {"op": "update_state", "id": state, "patch": dict(patch)}, rev, idempotency_key)
        )

    def delete_state(
        self, id: str, state: str, *, rev: str | None = None, idempotency_key: str | None = None
    ) -> StoredWorld:
        """Delete a state and what cannot stand without it; ``diagnostics`` of the result name that.

        Args:
            id: The world's id.
            state: The state's id.
            rev, idempotency_key: As for ``apply``.

        Example:
            >>> stored = api.create(world)
            >>> print(api.delete_state(stored.id, "two_mittens").diagnostics)
            info    event[hold_out_the_mitten].to: event "hold_out_the_mitten" lost its destination ...
        """
        return self._run(self._calls.write_one(id, {"op": "delete_state", "id": state}, rev, idempotency_key))

    def add_event(
        self, id: str, fields: Mapping[str, Any], *, rev: str | None = None, idempotency_key: str | None = None
    ) -> StoredWorld:
        """Add an event.

        Args:
            id: The world's id.
            fields: The event's fields, its name among them (docs/spec/smworld.md).
            rev, idempotency_key: As for ``apply``.

        Example:
            >>> stored = api.create(world)
            >>> nap = {"name": "take_a_nap", "kind": "override", "from": ["bench"], "base": "Eyes close."}
            >>> api.add_event(stored.id, nap).world.events[-1].name
            'take_a_nap'
        """
        return self._run(self._calls.write_one(id, {"op": "add_event", "event": dict(fields)}, rev, idempotency_key))

    def update_event(
        self,
        id: str,
        name: str,
        patch: Mapping[str, Any],
        *,
        rev: str | None = None,
        idempotency_key: str | None = None,
    ) -> StoredWorld:
        """Change fields of an event: a value replaces the field, None removes it, and fields not named stay.

        Args:
            id: The world's id.
            name: The event's name.
            patch: The fields, a new ``name`` perhaps among them.
            rev, idempotency_key: As for ``apply``.

        Example:
            >>> stored = api.create(world)
            >>> stored = api.update_event(stored.id, "walk_up_the_lane", {"name": "climb_the_lane"})
            >>> stored.world.events[0].name
            'climb_the_lane'
        """
        return self._run(
            self._calls.write_one(id, {"op": "update_event", "name": name, "patch": dict(patch)}, rev, idempotency_key)
        )

    def delete_event(
        self, id: str, name: str, *, rev: str | None = None, idempotency_key: str | None = None
    ) -> StoredWorld:
        """Delete an event.

        Args:
            id: The world's id.
            name: The event's name.
            rev, idempotency_key: As for ``apply``.

        Example:
            >>> stored = api.create(world)
            >>> len(api.delete_event(stored.id, "listen_to_the_leaves").world.events)
            4
        """
        return self._run(self._calls.write_one(id, {"op": "delete_event", "name": name}, rev, idempotency_key))

    def set_entrance(
        self,
        id: str,
        state: str,
        *,
        image: Json | None = None,
        rev: str | None = None,
        idempotency_key: str | None = None,
    ) -> StoredWorld:
        """Set the state in which play starts.

        Args:
            id: The world's id.
            state: The state.
            image: Its first picture, ``{"src": ..., "label": ...}``; None keeps the current one.
            rev, idempotency_key: As for ``apply``.

        Example:
            >>> stored = api.create(world)
            >>> api.set_entrance(stored.id, "bench").world.start
            'bench'
        """
        op = {"op": "set_entrance", "state": state, **wire.present(image=image)}
        return self._run(self._calls.write_one(id, op, rev, idempotency_key))

    def edit(
        self,
        id: str,
        instruction: str,
        *,
        verified: Sequence[str] | None = None,
        rev: str | None = None,
        idempotency_key: str | None = None,
    ) -> Edited:
        """Edit a world by an instruction in words, which the server's model carries out.

        Args:
            id: The world's id.
            instruction: What to change, in words.
            verified: Things that are known to be in the picture.
            rev: The revision it was given for; None takes whatever is current.
            idempotency_key: The same key again returns the first result and is charged once.

        Raises:
            QuotaExceeded: The quota is used up; nothing was charged.

        Example:
            >>> stored = api.create(world)
            >>> edited = api.edit(stored.id, "Make the lane colder.")
            >>> edited.ok, edited.stored.world.states["lane"].base
            (True, 'Frost on pale stone.')
        """
        return self._run(self._calls.edit(id, instruction, rev, idempotency_key, verified))

    def validate(self, id: str, world: World | None = None) -> Validation:
        """Return whether a world is valid, as the server sees it.

        Args:
            id: The world's id.
            world: Judge this one instead of the one that is kept.

        Example:
            >>> stored = api.create(world)
            >>> api.validate(stored.id).ok, api.validate(stored.id, wk.samples.load("broken")).ok
            (True, False)
        """
        return self._run(self._calls.validate(id, world))

    def lint(self, id: str, world: World | None = None) -> Linting:
        """Return what the server's rules find in a world.

        Args:
            id: The world's id.
            world: Judge this one instead of the one that is kept.

        Example:
            >>> stored = api.create(world)
            >>> linting = api.lint(stored.id)
            >>> linting.ok, linting.diagnostics[0].lint
            (True, 'sliver-evidence')
        """
        return self._run(self._calls.lint(id, world))
