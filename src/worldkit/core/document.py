"""``Document``: an SMWorld document as an immutable value, without the conveniences that ``World`` adds to it.

A document has two representations, made together. Its JSON is the text as it was read, with key order and unknown
fields: edits, comparisons and files use it. The typed parts are for reading. Layers below ``World`` take and return a
``Document``; they create new ones of the class that they were given, so that a ``World`` stays a ``World``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, Protocol, Self, TypeVar, cast

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from worldkit.core import json_values
from worldkit.core.argument_checks import checked_methods
from worldkit.core.conversion import convert
from worldkit.core.diagnostics import Diagnostics
from worldkit.core.errors import InvalidWorld, NotCallable
from worldkit.core.event_index import EventIndex
from worldkit.core.json_values import Json
from worldkit.core.model import (
    Cutscene,
    DocumentModel,
    Entrance,
    Event,
    Mission,
    Outro,
    Scene,
    State,
    Story,
)
from worldkit.core.model import Sequence as SetPiece
from worldkit.core.problems import validate
from worldkit.core.profile import ProfileName, profile_named
from worldkit.core.quoting import format_count, quote_name
from worldkit.core.read_only import ADVICE, ReadOnlyDict, read_only
from worldkit.core.schema_problems import document_problems
from worldkit.core.version_notes import version_notes
from worldkit.core.versions import is_later_minor

D = TypeVar("D", bound="Document")
T = TypeVar("T")

CREATION_HINT = (
    'World.new("The Key") makes a new world, worldkit.load(...) reads one, World.from_dict({...}) takes a document'
)
"""A hint how to create a world, for error messages."""


class _DocumentType(type):
    """Refuses ``World(...)`` and unknown methods with a hint how to create a world."""

    def __call__(cls, *_: object, **__: object) -> NoReturn:
        raise NotCallable(f"World is not called: {CREATION_HINT}")

    if not TYPE_CHECKING:  # type checkers report unknown attributes

        def __getattr__(cls, name: str) -> Any:
            if name.startswith("_"):
                raise AttributeError(name)
            raise AttributeError(f"World has no {name!r}: {CREATION_HINT}")


@checked_methods
class Document(metaclass=_DocumentType):
    """An SMWorld document: a graph of states and events, and what stands beside it (docs/spec/smworld.md)."""

    _raw: Json
    _fields: DocumentModel
    _rev: int | str
    _notes: tuple[Any, ...]
    _parent: Document | None
    _store: DocumentBinding | None
    _file: Path | None

    def _replace(self, **attributes: Any) -> Self:
        """Return a shallow copy with some attributes of its own."""
        copy: Self = object.__new__(type(self))
        copy.__dict__.update(self.__dict__, **attributes)
        return copy

    # ---- creation --------------------------------------------------------------------------

    @classmethod
    def from_dict(cls, data: Mapping[str, Any], *, source: str = "the document") -> Self:
        """Read a bare world document.

        Args:
            data: The document as JSON values; it is copied.
            source: What to call it in an error.

        Raises:
            InvalidWorld: With every problem and its path.

        Example:
            >>> wk.World.from_dict({"scene": {"states": {"lane": {"base": "A lane."}}, "events": []}}).start
            'lane'
        """
        value = dict(data)
        json_values.check_json(value, source)
        return from_json(cls, json_values.deep_copy(value), source)

    # ---- the document's own fields -----------------------------------------------------------

    @property
    def schema_version(self) -> str | None:
        """The version of the format, such as ``"1.0"``."""
        return self._fields.schema_version

    @property
    def id(self) -> str | None:
        """The world's id, where a store gave it one."""
        return self._fields.id

    @property
    def name(self) -> str | None:
        """The world's name."""
        return self._fields.name

    @property
    def description(self) -> str | None:
        """What the world is about."""
        return self._fields.description

    @property
    def cover(self) -> str | None:
        """The address of a cover picture."""
        return self._fields.cover

    @property
    def entrance(self) -> Entrance | None:
        """The state where play starts, and its first frame."""
        return self._fields.entrance

    @property
    def subject(self) -> str | None:
        """Who or what the camera follows."""
        return self._fields.subject

    @property
    def style_tail(self) -> str | None:
        """A text appended to every prompt."""
        return self._fields.style_tail

    @property
    def narrate(self) -> bool | None:
        """Whether states without narration get one derived from their prose."""
        return self._fields.narrate

    @property
    def intro_video(self) -> str | None:
        """The address of a clip played before the world begins."""
        return self._fields.intro_video

    @property
    def intro_static(self) -> bool | None:
        """Whether the clip's last frame is held."""
        return self._fields.intro_static

    @property
    def outro(self) -> Outro | None:
        """A clip played once, when a flag is set in a state."""
        return self._fields.outro

    @property
    def story(self) -> Story | None:
        """The story: logline, arc and beats."""
        return self._fields.story

    @property
    def cutscenes(self) -> tuple[Cutscene, ...] | None:
        """The clips that play between states."""
        return self._fields.cutscenes

    @property
    def sequences(self) -> tuple[SetPiece, ...] | None:
        """The sequences: series of states that play by themselves."""
        return self._fields.sequences

    @property
    def missions(self) -> tuple[Mission, ...] | None:
        """The records of the missions that were compiled into the graph."""
        return self._fields.missions

    @cached_property
    def scene(self) -> Scene:
        """The graph: the states by id, and the events. It is built when it is first read."""
        return validate(Scene, self._raw["scene"], open_lists=has_open_lists(self))

    # ---- reading ---------------------------------------------------------------------------

    @cached_property
    def raw(self) -> Mapping[str, Any]:
        """The document as read-only JSON values, as it was read; ``to_dict()`` gives a copy to change."""
        view: Mapping[str, Any] = read_only(self._raw)
        return view

    @cached_property
    def states(self) -> Mapping[str, State]:
        """The states by id, in order; read-only."""
        return ReadOnlyDict(self.scene.states)

    @property
    def events(self) -> tuple[Event, ...]:
        """The events, in order; ``events_by_name`` has them by name."""
        return self.scene.events

    @cached_property
    def events_by_name(self) -> Mapping[str, Event]:
        """The events by name; of those with the same name, the first."""
        return ReadOnlyDict({event.name: event for event in reversed(self.scene.events)})

    @cached_property
    def cutscenes_by_id(self) -> Mapping[str, Cutscene]:
        """The cutscenes by id; of those with the same id, the first."""
        return ReadOnlyDict({cutscene.id: cutscene for cutscene in reversed(self.cutscenes or ())})

    def landing(self, to: str | None) -> str | None:
        """Return the state an event's ``to`` lands in: cutscene ids are looked up before state ids.

        Args:
            to: A state or cutscene id, or None.

        Returns:
            The state id, or None when it leads nowhere that exists.

        Example:
            >>> world.landing("bench")
            'bench'
        """
        if to is None:
            return None
        cutscene = self.cutscenes_by_id.get(to)
        target = cutscene.to if cutscene else to
        return target if target in self._raw["scene"]["states"] else None

    @property
    def start(self) -> str | None:
        """The state play starts in: the entrance, else the first state, else None."""
        states: Json = self._raw["scene"]["states"]
        if self.entrance and self.entrance.state in states:
            return self.entrance.state
        return next(iter(states), None)

    @property
    def rev(self) -> str:
        """How many batches led to this value, as a decimal string (docs/spec/ops.md)."""
        return str(self._rev)

    @property
    def parent(self) -> Self | None:
        """The world from which this one was forked, at the time of the fork; None when it was not forked."""
        return cast("Self | None", self._parent)

    @property
    def diagnostics(self) -> Diagnostics:
        """The notes of the edit that made this world, such as cascades.

        Of a loaded world: that its version is a foreign tag, and which of its words a later version brought.
        """
        return Diagnostics(self._notes, self)

    # ---- writing ---------------------------------------------------------------------------

    def to_dict(self, profile: ProfileName | None = None) -> Json:
        """Return the document as a fresh copy of its JSON values, as it was read or as a profile writes it.

        Args:
            profile: ``"hosted"`` or ``"studio"``: for whom it is written (docs/spec/smworld.md). A document that
                complies already stays as it is. ``portability()`` says what is written otherwise.

        Raises:
            WrongArgument: There is no such profile.

        Example:
            >>> world.to_dict()["entrance"]["state"]
            'lane'
            >>> sorted(world.to_dict(profile="hosted")["scene"]["states"]["lane"]["camera"])
            ['dynamic', 'static']
        """
        raw = self._raw if profile is None else convert(self._raw, profile_named(profile)).document
        copy: Json = json_values.deep_copy(raw)
        return copy

    def to_json(self, indent: int | None = 2) -> str:
        """Return the document as JSON text.

        Args:
            indent: Spaces a level, or None for one line.

        Example:
            >>> wk.load(world.to_json()) == world
            True
        """
        return json_values.dumps(self._raw, indent)

    # ---- value semantics -------------------------------------------------------------------

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"{name} cannot be set: {ADVICE}")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"{name} cannot be deleted: {ADVICE}")

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Document):
            return NotImplemented
        if self is other:
            return True
        mine, theirs = self._raw, other._raw
        return list(mine["scene"]["states"]) == list(theirs["scene"]["states"]) and json_values.json_equal(mine, theirs)

    def __hash__(self) -> int:
        return hash((tuple(self._raw["scene"]["states"]), len(self._raw["scene"]["events"]), self.name))

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: dict[int, Any] | None = None) -> Self:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        state = {"_notes": self._notes, "_parent": self._parent, "_store": self._store}
        file = None if self._file is None else str(self._file)  # a path of another kind of system cannot be unpickled
        return _restore, (type(self), self._raw, self._rev, file), state

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)

    def __repr__(self) -> str:
        scene = self._raw["scene"]
        states, events = len(scene["states"]), len(scene["events"])
        name = quote_name(self.name or self.id or "untitled")
        entrance = quote_name(self.entrance.state) if self.entrance else None
        return f"World {name}: {format_count(states, 'state')}, {format_count(events, 'event')}, entrance {entrance}"

    __str__ = __repr__

    # ---- in pydantic's models ----------------------------------------------------------------

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        def read(value: Any) -> Document:
            if isinstance(value, cls):
                return value
            if not isinstance(value, Mapping):
                raise PydanticCustomError("world", "expected a world, or its document as a dict")
            try:
                return cls.from_dict(value)
            except InvalidWorld as error:
                raise PydanticCustomError("world", "{message}", {"message": str(error)}) from None

        return core_schema.no_info_plain_validator_function(
            read, serialization=core_schema.plain_serializer_function_ser_schema(_to_dict)
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return handler(DocumentModel.__pydantic_core_schema__)


def _to_dict(document: Document) -> Json:
    return document.to_dict()


def _restore(cls: type[Document], raw: Json, rev: int | str, file: str | None) -> Document:
    document = from_json(cls, raw)
    return in_file(at_revision(document, rev=rev), None if file is None else Path(file))


# ---- for other modules that read and create documents ------------------------------------------


def json_of(document: Document) -> Json:
    """Return the JSON value of a document: shared, so it must not be changed."""
    return document._raw  # noqa: SLF001


def derived(document: D, name: str, build: Callable[[D], T]) -> T:
    """Return what follows from a document alone: built once, and kept with the document; pickling leaves it out.

    Args:
        name: The attribute that keeps it; nothing else has this name.
    """
    values = document.__dict__
    if name not in values:
        values[name] = build(document)
    value: T = values[name]
    return value


def event_index(document: Document) -> EventIndex:
    """Return the events of a document by name and by the ids that they name: shared, so it must not be changed.

    An edit of a document that has one gives the new document its own without going through all events.
    """
    return derived(document, "event_index", lambda document: EventIndex(document.events))


def known_event_index(document: Document) -> EventIndex | None:
    """Return the same if it has been built, else None."""
    return document.__dict__.get("event_index")


def has_open_lists(document: Document) -> bool:
    """Return whether a document may hold words that are in no closed list: it is of a later minor version than ours."""
    return is_later_minor(document._fields.schema_version)


def from_json(cls: type[D], raw: Json, source: str = "the document") -> D:
    """Create a document from a JSON value that nothing else will change.

    Args:
        cls: ``World``, or another class of documents.
        source: What to call it in an error.

    Raises:
        InvalidWorld: With every problem and its path.
    """
    problems = document_problems(raw)
    if problems:
        raise InvalidWorld(problems, source)
    fields = validate(DocumentModel, _without_graph(raw), open_lists=is_later_minor(raw.get("schemaVersion")))
    return _new(cls, raw, fields)


def from_valid_json(cls: type[D], raw: Json) -> D:
    """Create a document from a JSON value whose states and events are valid; only the rest is checked."""
    return from_json(cls, _without_graph(raw))._replace(_raw=raw)


def from_parts(
    cls: type[D], raw: Json, states: dict[str, State], events: Sequence[Event], index: EventIndex | None = None
) -> D:
    """Create a document from validated states and events; only the rest is checked.

    Args:
        cls: ``World``, or another class of documents.
        states: Its states as models, by id.
        events: Its events as models.
        index: The events by name and by the ids that they name, if the caller has it.
    """
    document = from_valid_json(cls, raw)
    scene = Scene.model_validate({**raw["scene"], "states": {}, "events": []})
    scene.__dict__.update(states=states, events=tuple(events))
    return document._replace(scene=scene, **({} if index is None else {"event_index": index}))


def at_revision(
    document: D,
    *,
    rev: int | str,
    notes: Sequence[Any] = (),
    parent: Document | None = None,
    store: DocumentBinding | None = None,
) -> D:
    """Return the same document with a revision and its metadata.

    Args:
        rev: The number of batches that led to it, or the name that its store has for the revision.
        notes: The notes of the edit that made it.
        parent: The world it was forked from; by default the document's own.
        store: Its store; by default the document's own.
    """
    return document._replace(
        _rev=rev,
        _notes=tuple(notes),
        _parent=document._parent if parent is None else parent,  # noqa: SLF001
        _store=document._store if store is None else store,  # noqa: SLF001
    )


def revision_after(rev: str, *others: str) -> int | str:
    """Return a revision that comes after some others: the next number, or a name made from the first.

    Args:
        rev: A revision; a counter's number, or an opaque name.
        others: More revisions.
    """
    revisions = (rev, *others)
    if all(map(str.isdecimal, revisions)):
        return max(map(int, revisions)) + 1
    name, _, count = rev.rpartition("+")
    return f"{name}+{int(count) + 1}" if name and count.isdecimal() else f"{rev}+1"


class DocumentBinding(Protocol):
    """The store of a document, as far as a document needs it."""

    @property
    def id(self) -> str:
        """The id of the document in the store."""

    def revision(self) -> str:
        """Return the current revision in the store."""


def file_of(document: Document) -> Path | None:
    """Return the file that a document was loaded from, before any edits; None if it came from no file."""
    return document._file  # noqa: SLF001


def in_file(document: D, file: Path | None) -> D:
    """Return the same document with the file that it comes from; it stays that file when the working folder changes."""
    return document._replace(_file=None if file is None else file.absolute())


def store_of(document: Document) -> DocumentBinding | None:
    """Return the store of a document, None if it has none."""
    return document._store  # noqa: SLF001


def _new(cls: type[D], raw: Json, fields: DocumentModel) -> D:
    document: D = object.__new__(cls)
    notes = version_notes(raw)
    document.__dict__.update(_raw=raw, _fields=fields, _rev=0, _notes=notes, _parent=None, _store=None, _file=None)
    return document


def _without_graph(raw: Json) -> Json:
    """Return a valid document with empty states and events."""
    return {**raw, "scene": {**raw["scene"], "states": {}, "events": []}}
