"""``World``: an SMWorld document as an immutable value, and the doors to everything done with it.

A world holds its document twice. ``raw`` is the JSON as it was read, key order and unknown fields
included: it is what is edited, compared and saved. The typed fields are what is read. The two are
made together and never part. Methods that belong to a higher room import it when they are called,
so that ``import worldkit`` stays fast and the rooms' imports only go down.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, Self

from pydantic import Field, PrivateAttr, ValidationError

from worldkit.core import json_values
from worldkit.core.argument_checks import checked_methods
from worldkit.core.diagnostics import Diagnostics
from worldkit.core.errors import Conflict, InvalidWorld
from worldkit.core.fast_validation import scene_problems, sound_events, sound_states
from worldkit.core.json_values import Json
from worldkit.core.model import (
    Cutscene,
    Entrance,
    Event,
    Maybe,
    Mission,
    Outro,
    Part,
    Scene,
    State,
    Story,
    Switch,
    Text,
)
from worldkit.core.model import Sequence as SetPiece
from worldkit.core.problems import problems, validated

if TYPE_CHECKING:
    import networkx

    from worldkit.exploration import Budget
    from worldkit.ruleset.gate import Verdict


MAKES = 'World.new("The Key") makes a new world, worldkit.load(...) reads one, World.from_dict({...}) takes a document'
"""How a world is made, for whoever tried another way."""


class _WorldType(type(Part)):  # type: ignore[misc]
    """Tells whoever calls ``World(...)``, or a method that it does not have, how a world is made."""

    def __call__(cls, *_: object, **__: object) -> NoReturn:
        raise TypeError(f"World is not called: {MAKES}")

    def __getattr__(cls, name: str) -> Any:
        try:
            return super().__getattr__(name)
        except AttributeError:
            if name.startswith("_"):
                raise
            raise AttributeError(f"World has no {name!r}: {MAKES}") from None


@checked_methods
class World(Part, metaclass=_WorldType):
    """A programmable world: a graph of states and events (contract/smworld.md).

    Make one with ``World.new``, ``worldkit.load`` or ``World.from_dict``. A world never changes: every edit
    returns a new one that shares what stayed the same.
    """

    schema_version: Maybe[str] = Field(default=None, pattern=r"^1\.[0-9]+$", strict=True)
    id: Maybe[Text] = None
    name: Maybe[Text] = None
    description: Maybe[Text] = None
    cover: Text | None = None
    entrance: Maybe[Entrance] = None
    scene: Scene
    subject: Maybe[Text] = None
    style_tail: Maybe[Text] = None
    narrate: Maybe[Switch] = None
    intro_video: Maybe[Text] = None
    intro_static: Maybe[Switch] = None
    outro: Maybe[Outro] = None
    story: Maybe[Story] = None
    cutscenes: Maybe[tuple[Cutscene, ...]] = None
    sequences: Maybe[tuple[SetPiece, ...]] = None
    missions: Maybe[tuple[Mission, ...]] = None

    _raw: Json = PrivateAttr(default_factory=dict)
    _rev: int = PrivateAttr(default=0)
    _notes: tuple[Any, ...] = PrivateAttr(default=())
    _parent: World | None = PrivateAttr(default=None)
    _home: Any = PrivateAttr(default=None)

    # ---- making ----------------------------------------------------------------------------

    @classmethod
    def new(cls, name: str) -> World:
        """Return a new world: one scene, ``start``, without a word in it yet, in which play begins.

        It can be edited, played and explored at once. An event that leads on and a scene with an ending come next;
        until then the rules say what is missing.

        Args:
            name: What it is called.

        Raises:
            TypeError: The name is no string.
            InvalidWorld: The name holds half of a surrogate pair.

        Example:
            >>> World.new("The Key")
            World 'The Key': 1 state, 0 events, entrance 'start'
        """
        if not isinstance(name, str):
            raise TypeError(f'expected the name of the world, such as World.new("The Key"), got {type(name).__name__}')
        scene = {"states": {"start": {"base": ""}}, "events": []}
        return cls.from_dict({"schemaVersion": "1.0", "name": name, "entrance": {"state": "start"}, "scene": scene})

    @classmethod
    def from_dict(cls, data: Mapping[str, Any], *, source: str = "the document") -> World:
        """Read a bare world document.

        Args:
            data: The document as JSON values; it is copied.
            source: What to call it in an error.

        Raises:
            InvalidWorld: With every problem and its path.
        """
        json_values.check(data if isinstance(data, dict) else dict(data), source)
        return cls._own(json_values.copied(dict(data)), source)

    @classmethod
    def _own(cls, raw: Json, source: str = "the document") -> World:
        """Make a world of a JSON value that nobody else will change."""
        scene = raw.get("scene")
        is_sound = type(scene) is dict and sound_states(scene.get("states")) and sound_events(scene.get("events"))
        wrong = [] if is_sound else scene_problems(scene)
        try:
            world = validated(cls, _without_parts(raw))
        except ValidationError as error:
            raise InvalidWorld([*problems(error), *wrong], source) from None
        if wrong:
            raise InvalidWorld(wrong, source)
        del world.__dict__["scene"]
        world._raw = raw
        return world

    @classmethod
    def _assemble(cls, raw: Json, states: dict[str, State], events: Sequence[Event]) -> World:
        """Make a world whose states and events are validated already; only the rest is checked."""
        world = cls._own({**raw, "scene": {**raw["scene"], "states": {}, "events": []}})
        world.scene.__dict__.update(states=states, events=tuple(events))
        world._raw = raw
        return world

    @classmethod
    def _sound(cls, raw: Json) -> World:
        """Make a world of a document whose states and events are known to be sound; only the rest is checked."""
        world = cls._own({**raw, "scene": {**raw["scene"], "states": {}, "events": []}})
        world.__dict__.pop("scene", None)
        world._raw = raw
        return world

    def __getattr__(self, name: str) -> Any:
        # of a document known to be sound the typed scene, most of the work of reading it, is built when first read
        if name == "scene":
            made = self.__dict__["scene"] = Scene.model_validate(self._raw["scene"])
            return made
        return super().__getattr__(name)  # type: ignore[misc]

    # ---- reading ---------------------------------------------------------------------------

    @property
    def raw(self) -> Json:
        """The document as shared JSON values: read it, never change it. ``to_dict()`` gives a copy."""
        return self._raw

    @property
    def states(self) -> Mapping[str, State]:
        """The states by id, in order."""
        return self.scene.states

    @property
    def events(self) -> tuple[Event, ...]:
        """The events, in order."""
        return self.scene.events

    @cached_property
    def events_by_name(self) -> Mapping[str, Event]:
        """The events by name; of two with one name, the first."""
        return {event.name: event for event in reversed(self.scene.events)}

    @cached_property
    def cutscenes_by_id(self) -> Mapping[str, Cutscene]:
        """The cutscenes by id; of two with one id, the first."""
        return {cut.id: cut for cut in reversed(self.cutscenes or ())}

    def landing(self, to: str | None) -> str | None:
        """Return the state an event's ``to`` lands in: cutscene ids are looked up before state ids.

        Args:
            to: A state or cutscene id, or None.

        Returns:
            The state id, or None when it leads nowhere that exists.
        """
        if to is None:
            return None
        cut = self.cutscenes_by_id.get(to)
        target = cut.to if cut else to
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
        """How many batches led to this value, as a decimal string (contract/ops.md)."""
        return str(self._rev)

    @property
    def parent(self) -> World | None:
        """The world this one was forked from, as it was then; None when it was not forked."""
        return self._parent

    @property
    def diagnostics(self) -> Diagnostics:
        """What the edit that made this world took along: cascades and notes; empty for a loaded world."""
        return Diagnostics(self._notes, self)

    # ---- writing ---------------------------------------------------------------------------

    def to_dict(self) -> Json:
        """Return the document as a fresh copy of its JSON values, as it was read."""
        copy: Json = json_values.copied(self._raw)
        return copy

    def to_json(self, indent: int | None = 2) -> str:
        """Return the document as JSON text.

        Args:
            indent: Spaces a level, or None for one line.
        """
        return json_values.dumps(self._raw, indent)

    def save(self, path: str | Path) -> Path:
        """Write the document to a file, atomically: the file holds the old or the new world, never half.

        Args:
            path: Where to; ``*.world.json`` by convention.

        Returns:
            The path written.
        """
        from worldkit.core.files import save

        return save(self, path)

    # ---- judging and changing --------------------------------------------------------------

    def lint(self, *, deep: bool = False, budget: Budget | None = None) -> Diagnostics:
        """Return what the rules find in this world (contract/rules.md).

        Args:
            deep: Play it through exhaustively as well: soft-locks, endings and events that no run reaches.
            budget: What exhaustive play may cost; see ``worldkit.explore``.
        """
        from worldkit.ruleset import lint

        return lint(self, deep=deep, budget=budget)

    def verify(self, premise: str | None = None) -> Verdict:
        """Return whether this world is worth playing: the verify gate of contract/rules.md.

        Args:
            premise: The premise it was made from, if any; an entrance that only repeats it is a stub.
        """
        from worldkit.ruleset.gate import verify

        return verify(self, premise)

    def apply(self, ops: Iterable[Mapping[str, Any]], *, strict: bool = False, rev: str | None = None) -> World:
        """Return the world with a batch of operations applied, all or none (contract/ops.md).

        Args:
            ops: Operations such as ``{"op": "add_state", "id": "attic", "base": "..."}``.
            strict: Refuse the batch if it introduces an error-level lint that was not there before.
            rev: The revision the batch was made against; refused when it is not this world's, or, of a world
                that came out of a store, when the store is further on. Nothing is written to the store.

        Returns:
            A new world; its ``diagnostics`` say what cascaded.

        Raises:
            OpError: An operation was refused; names it by index and kind.
            RuleViolation: ``strict``, and new errors would appear.
            Conflict: ``rev`` is stale.
        """
        from worldkit.editing import apply

        if rev is not None and self._home is not None and str(rev) != (current := self._home.revision()):
            raise Conflict(str(rev), current)
        return apply(self, ops, strict=strict, rev=rev).world

    def fork(self, name: str | None = None) -> World:
        """Return a world of its own that begins as a copy and remembers this one as its ``parent``.

        The parent is what ``merge`` takes as the base. It goes along through edits, and a store that the
        parent came out of records it when the fork is created there.

        Args:
            name: The fork's name; by default this one's with " (fork)".
        """
        raw = {key: value for key, value in self._raw.items() if key != "id"}
        raw["name"] = f"{self.name or 'untitled'} (fork)" if name is None else name
        json_values.check(raw["name"], "the name")
        made = World._own(raw)
        made._parent = self
        return made

    def _at(self, rev: int) -> World:
        """Return the same value as it stands at another revision."""
        made: World = super().__copy__()
        made._rev, made._notes = rev, ()
        return made

    def _housed(self, home: Any, rev: int) -> World:
        """Return the same value as it stands in a store at a revision."""
        made: World = super().__copy__()
        made._home, made._rev, made._notes = home, rev, ()
        return made

    # ---- other forms -----------------------------------------------------------------------

    def to_networkx(self) -> networkx.MultiDiGraph[str]:
        """Return the graph: a node a state, an edge a move, with the fields as attributes."""
        from worldkit.drawing.networkx_graph import to_networkx

        return to_networkx(self)

    def to_mermaid(self) -> str:
        """Return the graph as a Mermaid state diagram."""
        from worldkit.drawing.mermaid import to_mermaid

        return to_mermaid(self)

    def to_svg(self, **options: Any) -> str:
        """Return the graph as a standalone SVG picture; see ``worldkit.drawing.svg.to_svg``."""
        from worldkit.drawing.svg import to_svg

        return to_svg(self, **options)

    # ---- value semantics -------------------------------------------------------------------

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, World):
            return NotImplemented
        if self is other:
            return True
        mine, theirs = self._raw, other._raw
        return list(mine["scene"]["states"]) == list(theirs["scene"]["states"]) and json_values.same(mine, theirs)

    def __hash__(self) -> int:
        return hash((tuple(self._raw["scene"]["states"]), len(self._raw["scene"]["events"]), self.name))

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: dict[int, Any] | None = None) -> Self:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return _restore, (self._raw, self._rev, self._parent)

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Return this world; to change one use ``apply``."""
        if update:
            raise TypeError("a World is changed with apply([...]), not with model_copy(update=...)")
        return self

    def model_dump(self, **options: Any) -> dict[str, Any]:
        """Return the typed parts as plain values; ``to_dict`` gives the document as it was read."""
        _ = self.scene
        return super().model_dump(**options)

    def model_dump_json(self, **options: Any) -> str:
        """Return the typed parts as JSON text; ``to_json`` gives the document as it was read."""
        _ = self.scene
        return super().model_dump_json(**options)

    def __repr__(self) -> str:
        states, events = len(self.scene.states), len(self.scene.events)
        name = self.name or self.id or "untitled"
        return (
            f"World {name!r}: {states} state{'s' * (states != 1)}, {events} event{'s' * (events != 1)}, "
            f"entrance {self.entrance.state if self.entrance else None!r}"
        )

    __str__ = __repr__

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        return {"text/plain": repr(self), "image/svg+xml": self.to_svg()}


def _without_parts(raw: Json) -> Json:
    """Return a document whose states and events, where they are an object and a list, are left out."""
    scene = raw.get("scene")
    if type(scene) is not dict:
        return raw
    bare: Json = {}
    for name, kind in (("states", dict), ("events", list)):
        if name in scene:
            bare[name] = kind() if type(scene[name]) is kind else scene[name]
    return {**raw, "scene": bare}


def _restore(raw: Json, rev: int, parent: World | None = None) -> World:
    world = World._own(raw)
    world._rev = rev
    world._parent = parent
    return world


def load(source: Any, **options: Any) -> World:
    from worldkit.core import files

    return files.load(source, **options)


def load_all(source: Any, **options: Any) -> list[World]:
    from worldkit.core import files

    return files.load_all(source, **options)
