"""Where the world of an editor lives, if anywhere, and what a person does with it there: save, open, decide."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from os import PathLike
from pathlib import Path

from worldkit import samples
from worldkit.core.errors import WorldError
from worldkit.core.json_values import Json
from worldkit.properties.files import Properties
from worldkit.stores.file import JSON_SUFFIX, WORLD_SUFFIX, WorldFileStore
from worldkit.widgets import gestures, protocol
from worldkit.widgets.conflict_result import written_value
from worldkit.widgets.editor_properties import EditorProperties
from worldkit.widgets.editor_state import EditorState, SaveResult
from worldkit.widgets.last_runs import CellRun
from worldkit.widgets.store_sync import StoreSync
from worldkit.widgets.sync_state import EditConflict
from worldkit.world import World

NOT_SAVED = (
    "this world lives in this notebook only and is not saved; "
    'save_as("name.world.json") gives it a file, and edit(store[...]) opens one that lives in a store'
)


class EditorStorage:
    """Where the world of an editor lives.

    Args:
        run: What the editor holds; its ``sync`` saves the world, and is None while the world lives nowhere.
        properties: Keeps the properties, which move with the world.
    """

    def __init__(self, run: CellRun, properties: EditorProperties) -> None:
        self._run = run
        self._properties = properties

    @property
    def _sync(self) -> StoreSync | None:
        return self._run.sync

    def require_sync(self) -> StoreSync:
        """Return what saves the world.

        Raises:
            WorldError: Nothing does.
        """
        if self._sync is None:
            raise WorldError(NOT_SAVED)
        return self._sync

    @property
    def path(self) -> Path | None:
        """The world's file; None when it is in a store or not saved."""
        store = self._sync.store if self._sync else None
        return store.path if isinstance(store, WorldFileStore) else None

    @property
    def conflict(self) -> EditConflict | None:
        """The conflict between the edits made here and those made elsewhere."""
        return self._sync.sync_state.conflict if self._sync else None

    def carry_out(self, state: EditorState, request: protocol.PlaceRequest) -> SaveResult:
        """Do what a view asks for about where the world lives, and return the editor then.

        Raises:
            WorldError: It cannot be done.
            FileError: There is such a file, and it is not to be replaced.
            FileNotFoundError: There is no such folder.
        """
        match request:
            case protocol.Save():
                return self.save(state)
            case protocol.Reload():
                return self.require_sync().reload(state)
            case protocol.Reconcile(choice=choice, picks=picks, written=texts):
                return self.require_sync().reconcile(state, choice, picks, self._written_values(texts))
            case protocol.DecideNotTaken(choice="keep"):
                return self.require_sync().keep_theirs(state)
            case protocol.DecideNotTaken():
                return self.require_sync().retry(state)
            case protocol.SaveAs(path=path, overwrite=overwrite):
                return self.save_as(state, self._resolve_path(path), overwrite)
            case protocol.Begin():
                return self._begin(state, request)
            case protocol.DecideLastRun(choice="take"):
                return self.take_over(state)
            case protocol.DecideLastRun(choice="discard"):
                self._run.discard_earlier()
                return state, None
            case protocol.DecideLastRun():
                self._run.offer_discarded()
                return state, None

    def take_over(self, state: EditorState) -> SaveResult:
        """Restore the edits of the cell's last run, and go on where the world lived then."""
        path = self.path
        saved_properties = self._run.earlier_runs[0].saved_properties if self._run.earlier_runs else None
        after, trouble = self._run.take_over_earlier(state)
        if self.path is None or self.path == path:
            return after, trouble
        properties = self._properties.follow_beside(
            self.path, Properties() if saved_properties is None else saved_properties, after.properties
        )
        self._run.saved_properties = self._properties.saved
        return (after if properties is after.properties else replace(after, properties=properties)), trouble

    def save(self, state: EditorState) -> SaveResult:
        """Save what waits, of the world and of its properties."""
        after, trouble = self.require_sync().save(state)
        if not self._properties.is_unsaved:
            return after, trouble
        after = self._with_properties(after, self._properties.save(after.properties))
        return after, trouble or (WorldError(self._properties.trouble) if self._properties.is_unsaved else None)

    def save_as(self, state: EditorState, path: str | PathLike[str], overwrite: bool) -> SaveResult:
        """Save the world to a file, where it lives from then on."""
        if self._sync is not None and not isinstance(self._sync.store, WorldFileStore):
            message = f"this world lives in {self._sync.label}, where it is saved; ed.world.save(path) writes a copy"
            raise WorldError(message)
        file = WorldFileStore(path)
        if not overwrite and not os.path.exists(file.path):
            self._properties.check_replaceable(file.path, state.properties)
        sync = StoreSync(file.create(state.world, overwrite=overwrite), file)
        self._run.sync = sync
        interruption = sync.replace_map(state)
        return self._with_properties(state, self._properties.move_beside(file.path, state.properties)), interruption

    def _begin(self, state: EditorState, request: protocol.Begin) -> SaveResult:
        if state.world.states:
            raise WorldError("a world can be started only where there is none; this one has scenes")
        if request.source == "file":
            return self._open(state, request.name)
        if request.source == "sample":
            after = gestures.replace_world(state, samples.load(request.name), f"Start with the sample {request.name}")
        else:
            name = " ".join(request.name.split()) or "Untitled"
            after = gestures.replace_world(state, World.new(name), "Start a new world")
        return (after, None) if self._sync is None else self._sync.follow(state, after)

    def _open(self, state: EditorState, path: str) -> SaveResult:
        if self._sync is not None:
            raise WorldError(f"this editor keeps {self._sync.label}; open another file with edit(path)")
        file = WorldFileStore(path)
        try:
            stored_world = file.read()
        except FileNotFoundError:
            raise WorldError(f"there is no file {file.path.name!r} in {str(file.path.parent)!r}") from None
        sync = StoreSync(stored_world, file)
        label = f"Open {sync.label}"
        after = gestures.replace_world(
            state,
            stored_world.world,
            label,
            positions=sync.map.layout(),
            annotations=sync.map.annotations(),
            foreign=True,
        )
        self._run.sync = sync
        return self._with_properties(after, self._properties.join_beside(file.path, after.properties)), None

    def _with_properties(self, state: EditorState, properties: Properties) -> EditorState:
        """Return the editor with properties as they are kept beside its file."""
        self._run.saved_properties = self._properties.saved
        return state if properties is state.properties else replace(state, properties=properties)

    def _written_values(self, texts: Mapping[str, protocol.WrittenText]) -> Json:
        conflicts = {one.path: one for one in self.conflict.merge.conflicts} if self.conflict else {}
        return {path: written_value(conflicts.get(path), one.side, one.text) for path, one in texts.items()}

    def _resolve_path(self, path: str) -> Path:
        """Return the path that a person means who names a file, beside the one that the world lives in."""
        text = path.strip()
        name = text if text.endswith(JSON_SUFFIX) else text + WORLD_SUFFIX
        return self.path.parent / name if self.path and not name.startswith("~") else Path(name)
