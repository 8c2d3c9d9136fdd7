"""Where the world of an editor lives, whether all is saved there, and what a world can begin with."""

from __future__ import annotations

from typing import Literal

from typing_extensions import TypedDict

from worldkit.widgets.protocol.common import ChangeKind, Diagnostic, DiagnosticItem, FieldChange, ItemMark, message
from worldkit.widgets.protocol.comparison_messages import ConflictResult
from worldkit.widgets.protocol.generation import ModelOffer


@message
class ChangeElsewhere(TypedDict):
    """One change made elsewhere."""

    mark: ItemMark
    kind: ChangeKind
    id: str
    fields: list[FieldChange]


@message
class SideResults(TypedDict):
    """What stands at a conflict when a side is picked, as text to edit."""

    ours: ConflictResult
    theirs: ConflictResult
    base: ConflictResult


@message
class EditClash(TypedDict):
    """One thing that both changed; a side that is empty deleted it."""

    path: str
    item: DiagnosticItem
    """The same place as data."""
    why: str
    ours: list[FieldChange]
    theirs: list[FieldChange]
    results: SideResults


@message
class EditConflict(TypedDict):
    """What was changed elsewhere and stands in the way of saving."""

    rev: str
    """The revision it is at there: the number of a counter, or a file's digest."""
    elsewhere: list[ChangeElsewhere]
    more: int
    """How many things more were changed elsewhere than are named."""
    clashes: list[EditClash]
    undecided: int
    warnings: list[str]
    """What both edits together do to play that neither does alone."""


@message
class Binding(TypedDict):
    """Where the world lives, and whether all is saved there."""

    kind: Literal["store", "file", "notebook"]
    """``notebook`` for a world that lives nowhere else."""
    place: str
    name: str
    rev: str
    status: Literal["saved", "unsaved", "conflict", "nowhere"]
    trouble: str
    note: str
    """Why the map is not saved; empty when it is."""
    map_is_here: bool
    """Whether the map is kept on this computer, because the world's place has no room for it."""
    remembered: bool
    """Whether the edits are offered when the cell is run again."""
    count: int
    """How many edits made here are not saved."""
    waiting: list[str]
    """What the last of them are called."""
    conflict: EditConflict | None
    not_taken: list[Diagnostic]
    """The edits that a hosted server did not take, until somebody decides about them."""


@message
class LastRun(TypedDict):
    """What was edited when the cell was last run, and is to be decided about."""

    count: int
    labels: list[str]
    place: str
    """Where it is saved; empty when it is not."""


@message
class SampleOffer(TypedDict):
    """A sample that a world can be begun with."""

    id: str
    name: str
    about: str
    picture: str
    """Its first scene, as a ``data:`` URL."""


@message
class Start(TypedDict):
    """What a world can be begun with."""

    samples: list[SampleOffer]
    models: list[ModelOffer]
