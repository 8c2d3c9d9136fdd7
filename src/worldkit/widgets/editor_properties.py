"""The properties of the world that an editor edits: their file, their results, and what a view is told.

They are a part of the editor's state, so that undo takes back what was done last, be it to the world or to them.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

from worldkit.core.errors import FileError, MissingFile, WorldError
from worldkit.core.json_values import Json, escape_unprintable
from worldkit.playing.trace import Trace
from worldkit.properties import Properties, Property, PropertyError, load_properties
from worldkit.properties.changes import with_edit
from worldkit.properties.file_edits import save_changes
from worldkit.properties.files import PROPERTIES_SUFFIX, path_beside
from worldkit.properties.named_properties import as_property
from worldkit.properties.results import PropertyResult
from worldkit.widgets.property_check import PropertyCheck
from worldkit.world import World

PropertySource = Properties | Mapping[str, str | Property] | str | os.PathLike[str]
"""Where an editor has its properties from: a file that keeps them, or the properties themselves."""

MAX_STEPS = 300
"""So many steps of a run are listed."""


class EditorProperties:
    """Keeps the properties of an editor in their file, and has them checked.

    Attributes:
        initial_properties: The properties that the editor begins with.
        trouble: Why they cannot be read or saved; empty when all is well.
        is_readable: Whether they could be read; what could not be read is never overwritten.
        is_unsaved: Whether a change could not be written to their file; ``save`` tries again.
        check: Checks them.

    Args:
        source: Where they are, if the caller says so.
        world_file: The file that the world lives in, if it does: the properties are kept beside it.
        show: Called, on a thread, when a check is done.
    """

    def __init__(
        self, source: PropertySource | None, world: World, world_file: Path | None, show: Callable[[], None]
    ) -> None:
        self.trouble: str = ""
        self.is_readable: bool = True
        self.is_unsaved: bool = False
        self.check: PropertyCheck = PropertyCheck(show)
        self._is_given = source is not None
        self._path: Path | None = None
        self._signature: tuple[int, int] | None = None
        self._newcomers: Properties | None = None  # they join those of the file once it can be read
        self.initial_properties: Properties = self._open(source, world, world_file)
        self._saved_properties = self.initial_properties if self._path is not None else Properties()

    @property
    def path(self) -> Path | None:
        """The file that keeps them; None when they live in the notebook only."""
        return self._path

    @property
    def saved(self) -> Properties | None:
        """The properties as their file holds them; None when they live in the notebook only."""
        return (
            None if self._path is None else Properties(self._saved_properties, self._saved_properties.tags, self._path)
        )

    def save(self, properties: Properties) -> Properties:
        """Write what was changed since the last time into the file, if there is one.

        Returns:
            The properties, merged with changes made to the file elsewhere.
        """
        if self._path is None:
            return properties
        if not self.is_readable:
            return self.reload(properties)  # the file may have been mended
        try:
            saved_properties = save_changes(self._path, self._saved_properties, properties)
        except WorldError as error:
            self.trouble, self.is_unsaved = escape_unprintable(str(error)), True
            return properties
        self.is_unsaved = False
        self._saved_properties, self.trouble, self._signature = saved_properties, "", _signature(self._path)
        self._newcomers = None
        return (
            properties
            if saved_properties == properties
            else Properties(saved_properties, saved_properties.tags, self._path)
        )

    def reload(self, properties: Properties) -> Properties:
        """Return the properties with what was changed in the file since it was last looked at.

        What was changed here and could not be saved is saved now, if the file can be read.
        """
        # a file may become readable again without being written
        if self._path is None or (self.is_readable and _signature(self._path) == self._signature):
            return properties
        self._signature = _signature(self._path)
        try:
            current = load_properties(self._path)
        except MissingFile:
            if self.is_readable:
                return properties
            self.trouble, self.is_readable = "", True  # what could not be read has been deleted
            return self.save(properties)
        except WorldError as error:
            self.trouble, self.is_readable = escape_unprintable(str(error)), False
            self.is_unsaved = self._has_unsaved(properties)
            return properties
        newcomers = self._newcomers
        if newcomers is None:
            merged_properties = with_edit(current, self._saved_properties, properties)
        else:
            all_properties = Properties({**newcomers, **current}, {**newcomers.tags, **current.tags}, self._path)
            merged_properties = with_edit(all_properties, newcomers, properties)
        self.trouble, self.is_readable, self._saved_properties, self._newcomers = "", True, current, None
        self.is_unsaved = False
        return current if merged_properties == current else self.save(merged_properties)

    def check_replaceable(self, world_file: Path, properties: Properties) -> None:
        """Refuse to move them beside a new file of the world if that would remove other properties there.

        Args:
            world_file: The file, which is not there yet. Another world, or one that is gone, may have left properties.

        Raises:
            WorldError: It would.
        """
        path = path_beside(world_file)
        if self._stays or not (properties or properties.tags) or path == self._path:
            return
        try:
            others = load_properties(path)
        except PropertyError:
            others = None
        except FileError:  # there is none, or no world can be written there either
            return
        if (
            others is None
            or any(properties.get(name) != value for name, value in others.items())
            or any(properties.tags.get(tag) != states for tag, states in others.tags.items())
        ):
            raise WorldError(
                f"{escape_unprintable(path.name)} is there already, and holds the properties of another world; "
                "choose another name, or replace them from Python with save_as(path, overwrite=True)"
            )

    def move_beside(self, world_file: Path, properties: Properties) -> Properties:
        """Keep them beside another file of the world, in place of those there, unless the caller said where they are.

        Args:
            world_file: The file that the world lives in from now on.
        """
        if self._stays:
            return properties
        current = self._load_beside(world_file, properties)
        self._saved_properties = current if self.is_readable else Properties()
        return self.save(properties) if properties or properties.tags else current

    def join_beside(self, world_file: Path, properties: Properties) -> Properties:
        """Keep them beside a file that is opened, together with those there, unless the caller said where they are.

        Args:
            world_file: The file that the world lives in from now on.
            properties: The properties now; of two with one name, the one of the file counts.
        """
        if self._stays:
            return properties
        is_new = not path_beside(world_file).exists()
        current = self._load_beside(world_file, properties, newcomers=properties)
        return self.save(properties) if is_new and (properties or properties.tags) else current

    def follow_beside(self, world_file: Path, saved_properties: Properties, properties: Properties) -> Properties:
        """Keep them beside a file that an earlier editor kept the world in, unless the caller said where they are.

        Args:
            saved_properties: The properties as that editor saved them last.

        Returns:
            The properties, merged with changes made to their file since that editor saved them.
        """
        if self._stays or self._path == path_beside(world_file):
            return properties
        is_new = not path_beside(world_file).exists()
        current = self._load_beside(world_file, Properties())
        if is_new:
            return self.save(properties) if properties or properties.tags else properties
        if not self.is_readable:
            self._saved_properties = saved_properties  # so that the file is merged in the same way once it is mended
            self.is_unsaved = self._has_unsaved(properties)
            return properties
        return self.save(with_edit(current, saved_properties, properties))

    def view(self, properties: Properties) -> Json:
        """Return what a view shows of them."""
        return {
            "rows": [self._row(name, statement) for name, statement in properties.items()],
            "checking": self.check.is_running,
            "place": "" if self._path is None else escape_unprintable(self._path.name),
            "trouble": self.trouble,
            "readable": self.is_readable,
            "tags": list(properties.tags),
        }

    def run_of(self, name: str, statement: Property) -> Trace | None:
        """Return the run that breaks a property, or that shows what it says is possible; None without one."""
        outcome = self.check.outcome(name, statement)
        return (outcome.counterexample or outcome.witness) if isinstance(outcome, PropertyResult) else None

    # ---- inside --------------------------------------------------------------------------------

    @property
    def _stays(self) -> bool:
        """Whether they stay in the file that the caller named."""
        return self._is_given and self._path is not None

    def _has_unsaved(self, properties: Properties) -> bool:
        return properties.to_toml() != self._saved_properties.to_toml()  # in another order, they are written anew

    def _load_beside(self, world_file: Path, unread: Properties, newcomers: Properties | None = None) -> Properties:
        """Begin to keep them beside a file, and return those there; what is passed where they cannot be read."""
        self._path, self._saved_properties, self._signature = path_beside(world_file), Properties(), None
        self.is_readable, self.trouble, self._newcomers, self.is_unsaved = True, "", newcomers, False
        return self.reload(unread) if self._path.exists() else Properties()

    def _open(self, source: PropertySource | None, world: World, world_file: Path | None) -> Properties:
        if isinstance(source, (str, os.PathLike)):
            self._path = Path(source)
            if self._path.suffix != ".toml":
                raise PropertyError(
                    f"expected a file of properties, such as mine{PROPERTIES_SUFFIX}, got {str(source)!r}"
                )
        elif isinstance(source, Properties):
            self._path = source.path
            return source
        elif source is not None:
            return Properties({name: as_property(value) for name, value in source.items()})
        elif world_file is not None:
            self._path = path_beside(world_file)
        else:
            return self._read(lambda: world.properties)
        path = self._path
        self._signature = _signature(path)
        return self._read(lambda: load_properties(path))

    def _read(self, load: Callable[[], Properties]) -> Properties:
        try:
            return load()
        except MissingFile:
            return Properties(path=self._path)
        except (PropertyError, FileError) as error:
            self.trouble, self.is_readable = escape_unprintable(str(error)), False
            return Properties(path=self._path)

    def _row(self, name: str, statement: Property) -> Json:
        row: Json = {"name": name, "text": statement.text, "outcome": "waiting", "note": "", "run": None}
        outcome = self.check.outcome(name, statement)
        if isinstance(outcome, PropertyError):
            return row | {"outcome": "invalid", "note": escape_unprintable(str(outcome))}
        if outcome is None:
            return row
        run = outcome.counterexample or outcome.witness
        return row | {
            "outcome": outcome.outcome,
            "note": outcome.text,
            "run": None if run is None else run_view(run),
        }


def run_view(run: Trace) -> Json:
    """Return a run as a view goes through it step by step."""
    steps = [[step.event, step.origin, step.state, list(step.through)] for step in run if step.by != "author"]
    return {"start": run.start.state, "steps": steps[:MAX_STEPS], "more": max(0, len(steps) - MAX_STEPS)}


def _signature(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size
