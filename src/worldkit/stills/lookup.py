"""Where the stills of a world are, and which one is a state's.

A world that came from a file has them in a folder beside it: ``mine.stills`` for ``mine.world.json``, and
``mine.json.stills`` for ``mine.json``. Others have them in the folder of this computer's user: by the world's id, or,
of a world without one, by the text of a state alone.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from worldkit.core.document import Document, file_of
from worldkit.core.paths import link_target
from worldkit.core.state_prompt import state_prompt
from worldkit.core.user_data import data_folder
from worldkit.stills.folder import StillsFolder
from worldkit.stills.record import StillRecord

SUFFIX = ".stills"
_PACKAGE = Path(__file__).resolve().parents[1]
_WORLD_SUFFIX = ".world.json"


@dataclass(frozen=True, slots=True)
class Still:
    """A still of a state.

    Attributes:
        record: What is known of it.
        folder: The folder that holds it.
        is_current: Whether it was painted from the text that the state has now.
    """

    record: StillRecord
    folder: StillsFolder
    is_current: bool

    def data(self, *, small: bool = False) -> bytes | None:
        """Return the JPEG; None when its file is gone.

        Args:
            small: Whether to return the small copy.
        """
        return self.folder.read(self.record.thumbnail if small else self.record.file)


def still_of(document: Document, state: str) -> Still | None:
    """Return the still of a state.

    One that was painted from the state's text as it is now comes first, also when another state had that text, as
    before a renaming. Otherwise it is the newest that was painted for the state in this world.

    Args:
        state: The id of one of its states.
    """
    prompt: str | None = None
    older: Still | None = None
    for folder in folders_of(document):
        index = folder.index()
        if not index.records:
            continue
        prompt = state_prompt(document, state).joined() if prompt is None else prompt
        # without any text, every world's state would have the same prompt
        record = (index.by_text.get((state, prompt)) or index.by_prompt.get(prompt)) if prompt.strip() else None
        if record is not None:
            return Still(record, folder, True)
        if folder.is_own and older is None and (record := index.by_state.get(state)) is not None:
            older = Still(record, folder, False)
    return older


def states_shown_by(document: Document, record: StillRecord, folder: Path) -> list[str]:
    """Return the states of a world whose picture a still may now be: its own, and those of the same text.

    Args:
        folder: The folder that holds it.
    """
    place = next((one for one in folders_of(document) if one.path == folder), None)
    if place is None:
        return []
    return [
        state
        for state in document.states
        if (place.is_own and state == record.state)
        or (record.prompt.strip() and state_prompt(document, state).joined() == record.prompt)
    ]


def folders_of(document: Document) -> list[StillsFolder]:
    """Return the folders in which the stills of a world may be, in the order in which they are looked through."""
    base = data_folder() / "stills"
    folders = []
    if file := _own_file(document):
        folders.append(StillsFolder(_folder_beside(file), is_own=True))
    if document.id:
        name = hashlib.sha256(document.id.encode("utf-8", "replace")).hexdigest()[:32]
        folders.append(StillsFolder(base / name, is_own=True))
    return [*folders, StillsFolder(base / "without-id", is_own=False)]


def folder_for(document: Document) -> StillsFolder:
    """Return the folder that new stills of a world go to: the first of ``folders_of`` that can be written."""
    folders = folders_of(document)
    return next((folder for folder in folders if folder.is_own and _can_be_written(folder.path)), folders[-1])


def _own_file(document: Document) -> Path | None:
    file = file_of(document)
    target = None if file is None else link_target(file.absolute())
    return None if target is None or _PACKAGE in target.parents else target  # samples are everybody's


def _folder_beside(file: Path) -> Path:
    return file.with_name((file.name.removesuffix(_WORLD_SUFFIX) or file.name) + SUFFIX)


def _can_be_written(path: Path) -> bool:
    nearest_folder = next((folder for folder in (path, *path.parents) if folder.exists()), None)
    return nearest_folder is not None and os.access(nearest_folder, os.W_OK | os.X_OK)
