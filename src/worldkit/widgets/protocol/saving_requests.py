"""What the browser may ask of an editor about where its world lives."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from worldkit.widgets.protocol.request_parts import MAX_RESULT_LENGTH, Expected, Path, Request, Side

Choice = Literal["rebase", "theirs", "mine"]
"""What can become of edits made here when others were made elsewhere."""


class Save(Request):
    """Try again to save what is not saved, where the world lives."""

    type: Literal["save"]


class Reload(Request):
    """Look where the world lives for what was changed elsewhere."""

    type: Literal["reload"]


class WrittenText(Request):
    """What a person wrote at a thing that both changed, beginning with what a side has."""

    side: Side
    text: Annotated[str, Field(max_length=MAX_RESULT_LENGTH)]


class Reconcile(Request):
    """Decide what becomes of edits made here and edits made elsewhere.

    For a rebase, ``picks`` holds a side by the path of a thing that both changed, and ``written`` what a person wrote.
    """

    type: Literal["reconcile"]
    choice: Choice
    picks: Annotated[dict[str, Side], Expected("an object of ours, theirs, base by path")] = Field({})
    written: Annotated[dict[str, WrittenText], Expected("an object of a side and a text by path")] = Field({})


class SaveAs(Request):
    """Give the world a file, in which every edit is saved from then on; ``overwrite`` replaces what is there."""

    type: Literal["save_as"]
    path: Path
    overwrite: bool = False


class Begin(Request):
    """Begin a world, in an editor that has none yet.

    ``name`` is the new world's name, the sample's, or the file's path.
    """

    type: Literal["begin"]
    source: Literal["new", "sample", "file"]
    name: Path


class DecideLastRun(Request):
    """Decide what becomes of the edits that were made when the cell was last run.

    ``restore`` has the offer back that was discarded last.
    """

    type: Literal["last_run"]
    choice: Literal["take", "discard", "restore"]


class DecideNotTaken(Request):
    """Decide what becomes of the edits that a hosted server did not take."""

    type: Literal["not_taken"]
    choice: Literal["keep", "retry"]


PlaceRequest = Save | Reload | Reconcile | SaveAs | Begin | DecideLastRun | DecideNotTaken
"""About where the world lives: whether it is saved there, and what it begins with."""
