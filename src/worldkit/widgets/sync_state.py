"""The state of saving a world: what is saved, what waits to be saved, what was changed in the store since.

Everything here is values; ``sync_steps`` makes new ones, and ``store_sync`` makes the calls. Unsaved edits are a list
of batches, each with its own idempotency key, so that a batch whose answer was lost can be sent again and takes effect
once.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, get_args

from worldkit.comparison import Diff, Merge, diff, merge
from worldkit.core.argument_checks import checked_methods
from worldkit.core.diagnostics import Diagnostics
from worldkit.core.document import json_of
from worldkit.core.errors import WorldError
from worldkit.core.json_values import Json, quote
from worldkit.core.quoting import format_count
from worldkit.editing.likeness import unlike_items
from worldkit.stores.protocol import EditableWorld
from worldkit.widgets.protocol import Choice, Side
from worldkit.world import World

CHOICES = get_args(Choice)


@dataclass(frozen=True, slots=True)
class Batch:
    """Operations that wait to be saved together.

    Attributes:
        label: What they do, for a person.
        key: Their idempotency key.
    """

    ops: tuple[Json, ...]
    label: str
    key: str = field(default_factory=lambda: uuid.uuid4().hex)


@checked_methods
@dataclass(frozen=True)
class EditConflict:
    """A world that was edited here and where it lives since it was last the same in both.

    Attributes:
        base: The world at that time.
        mine: The world with the edits made here.
        stored: The world as it stands where it lives.

    Example:
        >>> store = wk.Store("worlds.db")
        >>> stored = store.create(world)
        >>> ed = wk.edit(stored)
        >>> text = {"op": "set_field", "state": "lane", "field": "base"}
        >>> later = store.apply(stored.id, [{**text, "value": "Rain."}])  # by somebody else
        >>> try:
        ...     changed = ed.apply([{**text, "value": "Snow."}])
        ... except wk.Conflict:
        ...     print(ed.conflict.mine.states["lane"].base, ed.conflict.stored.world.states["lane"].base)
        Snow. Rain.
    """

    base: World
    mine: World
    stored: EditableWorld

    @property
    def theirs(self) -> World:
        """The world with the edits made elsewhere."""
        return self.stored.world

    @property
    def rev(self) -> str:
        """The revision that it is at there."""
        return self.stored.rev

    @cached_property
    def elsewhere(self) -> Diff:
        """The changes made elsewhere."""
        return diff(self.base, self.theirs)

    @cached_property
    def merge(self) -> Merge:
        """Both edits together; its conflicts are what both changed, ``ours`` being the edits made here."""
        return merge(self.base, self.mine, self.theirs)

    def outcome(
        self, choice: Choice, picks: Mapping[str, Side] | None = None, values: Mapping[str, Any] | None = None
    ) -> World:
        """Return the world that a choice makes.

        Args:
            choice: ``"rebase"``: the edits made here on top of those made elsewhere; ``"theirs"``, ``"mine"``: one
                of the two as it is.
            picks: For a rebase, the side by the path of each conflict of ``merge``; what is not named is decided
                for the edits made here.
            values: For a rebase, what is to stand there instead of what a side has, by the path of the conflict.

        Raises:
            WorldError: There is no such choice, or no such conflict.
            InvalidWorld: A value cannot stand there.

        Example:
            >>> store = wk.Store("worlds.db")
            >>> stored = store.create(world)
            >>> ed = wk.edit(stored)
            >>> text = {"op": "set_field", "state": "lane", "field": "base"}
            >>> elsewhere = store.apply(stored.id, [{**text, "value": "Rain."}])
            >>> try:
            ...     changed = ed.apply([{**text, "value": "Snow."}])
            ... except wk.Conflict:
            ...     for choice in ("rebase", "theirs", "mine"):
            ...         print(choice, ed.conflict.outcome(choice).states["lane"].base)
            rebase Snow.
            theirs Rain.
            mine Snow.
        """
        if choice not in CHOICES:
            raise WorldError(f"choice: expected one of {', '.join(CHOICES)}, got {quote(choice)}")
        if choice != "rebase":
            return self.theirs if choice == "theirs" else self.mine
        merge_result = self.merge
        for path, side in (picks or {}).items():
            merge_result = merge_result.resolve(path, side)
        for path, value in (values or {}).items():
            merge_result = merge_result.resolve(path, value=value)
        return merge_result.resolve_all("ours").world

    def __repr__(self) -> str:
        count = len(self.merge.conflicts)
        status = (
            f"{format_count(count, 'thing')} changed on both sides" if count else "nothing was changed on both sides"
        )
        return (
            f"EditConflict with {revision_label(self.rev)}: {status}; "
            f'decide with reconcile("rebase"), reconcile("theirs") or reconcile("mine")\n{self.elsewhere!r}'
        )


@dataclass(frozen=True, slots=True)
class NotTaken:
    """Edits that a hosted server did not take, though it answered.

    Attributes:
        diagnostics: Each with its place in the world, and the reason.
        mirror: The world as the server held it then.
        target: The world that was asked for.
    """

    diagnostics: Diagnostics
    mirror: World
    target: World

    def since(self, before: World, after: World) -> NotTaken | None:
        """Return what is left of it after another edit was saved: an item that this edit changed is settled.

        Args:
            before: The world as the server held it.
            after: The world as the server holds it now.
        """
        settled_items = {(item.kind, item.id) for item in unlike_items(json_of(before), json_of(after))}
        open_marks = [mark for mark in self.diagnostics if (mark.item.kind, mark.item.id) not in settled_items]
        return replace(self, diagnostics=Diagnostics(open_marks, after)) if open_marks else None


@dataclass(frozen=True, slots=True)
class SyncState:
    """What an editor knows of its world where it lives.

    Attributes:
        stored_world: The last version that was the same here and there.
        waiting_batches: What was made here since, oldest first.
        trouble: Why it is not saved, in words; empty when nothing failed.
        conflict: What was changed elsewhere, when that is why.
        not_taken: The edits that a hosted server did not take, until they are decided.
    """

    stored_world: EditableWorld
    waiting_batches: tuple[Batch, ...] = ()
    trouble: str = ""
    conflict: EditConflict | None = None
    not_taken: NotTaken | None = None

    @property
    def status(self) -> str:
        """``"saved"``, ``"unsaved"`` or ``"conflict"``."""
        if self.conflict is not None:
            return "conflict"
        return "unsaved" if self.waiting_batches else "saved"


def revision_label(rev: str) -> str:
    """Return what to call a revision in a line for a person; only a counter's number says anything to one."""
    return f"revision {rev}" if rev.isdecimal() else "the file as it is now"
