"""An edited world that lives in a store or a file: what is saved, what waits to be, what was changed there meanwhile.

All of it is values and pure functions; ``keeper`` makes the calls. What was made here and is not saved is a list of
batches, each with a key of its own, so that one whose answer was lost can be sent again and happens once.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import get_args

from worldkit.comparison import Diff, Merge, diff, merge
from worldkit.core.errors import WorldError
from worldkit.core.json_values import Json, quote
from worldkit.stores.protocol import Held
from worldkit.widgets import history
from worldkit.widgets.history import EditorState, Places
from worldkit.widgets.protocol import Choice, Side
from worldkit.world import World

CHOICES = get_args(Choice)


@dataclass(frozen=True, slots=True)
class Batch:
    """Operations that wait to be saved together.

    Attributes:
        ops: The operations.
        label: What they do, for a person.
        key: Their idempotency key.
    """

    ops: tuple[Json, ...]
    label: str
    key: str = field(default_factory=lambda: uuid.uuid4().hex)


@dataclass(frozen=True)
class EditConflict:
    """A world that was edited here and where it lives since it was last the same in both.

    Attributes:
        base: The world as it was then.
        mine: The world as it was edited here.
        stored: The world as it stands where it lives.
    """

    base: World
    mine: World
    stored: Held

    @property
    def theirs(self) -> World:
        """The world as it was edited elsewhere."""
        return self.stored.world

    @property
    def rev(self) -> str:
        """The revision that it is at there."""
        return self.stored.rev

    @cached_property
    def elsewhere(self) -> Diff:
        """What was changed elsewhere."""
        return diff(self.base, self.theirs)

    @cached_property
    def merge(self) -> Merge:
        """Both edits together; its conflicts are what both changed, ``ours`` being the edits made here."""
        return merge(self.base, self.mine, self.theirs)

    def outcome(self, choice: Choice, picks: Mapping[str, Side] | None = None) -> World:
        """Return the world that a choice makes.

        Args:
            choice: ``"rebase"``: the edits made here on top of those made elsewhere; ``"theirs"``, ``"mine"``: one
                of the two as it is.
            picks: For a rebase, the side by the path of each conflict of ``merge``; what is not named is decided
                for the edits made here.

        Raises:
            WorldError: There is no such choice, or no such conflict.
        """
        if choice not in CHOICES:
            raise WorldError(f"choice: expected one of {', '.join(CHOICES)}, got {quote(choice)}")
        if choice != "rebase":
            return self.theirs if choice == "theirs" else self.mine
        made = self.merge
        for path, side in (picks or {}).items():
            made = made.resolve(path, side)
        return made.resolve_all("ours").world

    def __repr__(self) -> str:
        met = len(self.merge.conflicts)
        said = f"{met} thing{'s' * (met != 1)} changed on both sides" if met else "nothing was changed on both sides"
        return (
            f"EditConflict with {moment(self.rev)}: {said}; "
            f'decide with reconcile("rebase"), reconcile("theirs") or reconcile("mine")\n{self.elsewhere!r}'
        )


@dataclass(frozen=True, slots=True)
class Keeping:
    """What an editor knows of its world where it lives.

    Attributes:
        stored: The world as it was last the same here and there.
        waiting: What was made here since, oldest first.
        trouble: Why it is not saved, in words; empty when nothing failed.
        conflict: What was changed elsewhere, when that is why.
    """

    stored: Held
    waiting: tuple[Batch, ...] = ()
    trouble: str = ""
    conflict: EditConflict | None = None

    @property
    def status(self) -> str:
        """``"saved"``, ``"unsaved"`` or ``"conflict"``."""
        if self.conflict is not None:
            return "conflict"
        return "unsaved" if self.waiting else "saved"


def moment(rev: str) -> str:
    """Return what to call a revision in a line for a person; only a counter's number says anything to one.

    Args:
        rev: The revision.
    """
    return f"revision {rev}" if rev.isdecimal() else "the file as it is now"


def made(before: EditorState, after: EditorState) -> Batch | None:
    """Return what a step of an editor did to its world, as a batch; None when it did nothing to it.

    Args:
        before: The editor.
        after: The editor one gesture, undo or redo later.
    """
    if after.world is before.world:
        return None
    back = len(after.done) < len(before.done)
    gesture = before.done[-1] if back else after.done[-1]
    ops = gesture.inverse if back else gesture.ops
    return Batch(ops, f"Undo: {gesture.label}" if back else gesture.label) if ops else None


def together(keeping: Keeping, world: World) -> Keeping:
    """Return the same with all that waits as one batch, as short as can be; nothing waits if nothing differs.

    Args:
        keeping: What waits.
        world: The world as it is here.
    """
    ops = tuple(diff(keeping.stored.world, world).ops)
    labels = [batch.label for batch in keeping.waiting]
    said = labels[0] if len(labels) == 1 else f"{len(labels)} edits"
    return replace(keeping, waiting=(Batch(ops, said),) if ops else ())


def met(keeping: Keeping, world: World, stored: Held) -> Keeping:
    """Return the same with what was changed elsewhere.

    Args:
        keeping: What was agreed, and what waits.
        world: The world as it is here.
        stored: The world as it stands where it lives.
    """
    return replace(keeping, conflict=EditConflict(keeping.stored.world, world, stored), trouble="")


def taken_over(state: EditorState, stored: Held, places: Places | None = None) -> EditorState:
    """Return an editor whose world is what stands where it lives, as a step that undo does not go back over.

    Args:
        state: The editor.
        stored: The world as it stands there.
        places: Where cards stand there; those that are here already stay.
    """
    new = {id: place for id, place in (places or {}).items() if id not in state.places}
    return history.became(state, stored.world, f"Take over {moment(stored.rev)}", places=new, foreign=True)


def reconciled(
    state: EditorState,
    keeping: Keeping,
    choice: Choice,
    picks: Mapping[str, Side] | None = None,
    places: Places | None = None,
) -> tuple[EditorState, Keeping]:
    """Return the editor and its keeping after a conflict was decided.

    The history goes on with what was done elsewhere, then with what is left of the edits made here. Undo takes the
    latter back and stops before the former; after ``"theirs"`` redo puts the edits made here on top.

    Args:
        state: The editor.
        keeping: Its keeping, with a conflict.
        choice: As for ``EditConflict.outcome``.
        picks: Likewise.
        places: Where cards stand where it lives.

    Raises:
        WorldError: There is no conflict, or no such choice or pick.
    """
    conflict = keeping.conflict
    if conflict is None:
        raise WorldError("there is no conflict to decide: nobody else changed this world")
    wanted = conflict.outcome(choice, picks)
    labels = [batch.label for batch in keeping.waiting]
    label = labels[0] if len(labels) == 1 else f"{len(labels)} edits made here"
    agreed = taken_over(state, conflict.stored, places)
    mended = Keeping(conflict.stored)
    if choice == "theirs":
        kept = history.became(agreed, conflict.outcome("rebase"), label)
        undone = kept.done[len(agreed.done) :]
        return replace(agreed, undone=undone), mended
    after = history.became(agreed, wanted, label)
    batch = made(agreed, after)
    return after, replace(mended, waiting=(batch,) if batch else ())
