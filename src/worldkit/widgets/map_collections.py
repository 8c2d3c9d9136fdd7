"""What is on the map of an editor, read and changed from Python: regions, notes, tags and views."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar, Generic, TypeVar

from worldkit.core.argument_checks import checked_methods
from worldkit.core.errors import WorldError
from worldkit.core.json_values import Json, quote
from worldkit.layout.annotations import Annotations, Note, Region, SavedView, Tag

Entry = TypeVar("Entry", Region, Note, Tag, SavedView)
MakePatch = Callable[[Annotations], Json]
Annotate = Callable[[MakePatch, str], object]


class MapCollection(Mapping[str, Entry], Generic[Entry]):
    """The entries of one section, by id, as they are now.

    Args:
        get_annotations: Returns everything that is on the map.
        annotate: Changes it by a patch, as one gesture with a label. The patch is made in the step itself, so that no
            view changes an entry between the reading and the changing.
    """

    section: ClassVar[str] = ""
    word: ClassVar[str] = ""

    def __init__(self, get_annotations: Callable[[], Annotations], annotate: Annotate) -> None:
        self._get_annotations = get_annotations
        self._annotate = annotate

    def __getitem__(self, id: str) -> Entry:
        entry: Entry = self._entries[id]
        return entry

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({dict(self._entries)!r})"

    def change(self, id: str, **values: Any) -> None:
        """Change fields of an entry, as one undoable gesture.

        Args:
            id: The entry's id.
            values: The new values by field name.

        Raises:
            WorldError: There is no such entry, or a value is not of the field's kind.

        Example:
            >>> ed = wk.edit(world)
            >>> note = ed.notes.add("Too quiet?", state="lane", todo=True)
            >>> ed.notes.change(note, done=True)
            >>> ed.notes[note].done
            True
        """
        self._annotate(
            lambda on_map: {self.section: {id: {**self._require(on_map, id).to_json(), **values}}},
            f"Change {self.word}",
        )

    def remove(self, id: str) -> None:
        """Take an entry off the map, as one undoable gesture.

        Args:
            id: The entry's id.

        Raises:
            WorldError: There is no such entry.

        Example:
            >>> ed = wk.edit(world)
            >>> note = ed.notes.add("Too quiet?")
            >>> ed.notes.remove(note)
            >>> len(ed.notes), len(ed.undo().notes)
            (0, 1)
        """

        def remove_from(on_map: Annotations) -> Json:
            self._require(on_map, id)
            return {self.section: {id: None}}

        self._annotate(remove_from, f"Remove {self.word}")

    @property
    def _entries(self) -> Mapping[str, Entry]:
        return self._entries_in(self._get_annotations())

    def _entries_in(self, on_map: Annotations) -> Mapping[str, Entry]:
        entries: Mapping[str, Entry] = getattr(on_map, self.section)
        return entries

    def _require(self, on_map: Annotations, id: str) -> Entry:
        entries = self._entries_in(on_map)
        if id not in entries:
            raise WorldError(f"there is no {self.word} {quote(id)}; there are {', '.join(entries) or 'none'}")
        return entries[id]

    def _add(self, entry: Json) -> str:
        id = f"{self.word}_{secrets.token_hex(4)}"
        self._annotate(lambda _: {self.section: {id: entry}}, f"Add {self.word}")
        return id


@checked_methods
class MapRegions(MapCollection[Region]):
    """The regions of the map by id: each has a ``name``, ``states``, a ``color``, and may be ``collapsed``.

    Example:
        >>> regions = wk.edit(world).regions
        >>> id = regions.add("Act one", ["lane"], color="red")
        >>> regions[id].name, regions[id].states
        ('Act one', ('lane',))
    """

    section: ClassVar[str] = "regions"
    word: ClassVar[str] = "region"

    def add(self, name: str, states: Iterable[str] = (), *, color: str = "blue") -> str:
        """Put a region around states, as one undoable gesture; states that were in another leave it.

        Args:
            name: What it is called.
            states: The ids of the states in it.
            color: One of grey, red, orange, yellow, green, teal, blue, purple.

        Returns:
            Its id.

        Raises:
            WorldError: There is no such state or colour, or the name is empty.

        Example:
            >>> ed = wk.edit(world)
            >>> region = ed.regions.add("The hill", ["bench", "two_mittens"])
            >>> ed.regions[region]
            Region(name='The hill', states=('bench', 'two_mittens'), color='blue', collapsed=False)
        """
        return self._add({"name": name, "states": list(states), "color": color})


@checked_methods
class MapNotes(MapCollection[Note]):
    """The notes and to-dos of the map by id: each has a ``text``, stands ``at`` a point, and may be about a ``state``.

    Example:
        >>> notes = wk.edit(world).notes
        >>> id = notes.add("Who lost it?", state="lane", todo=True)
        >>> notes.change(id, done=True)
        >>> notes[id].done
        True
    """

    section: ClassVar[str] = "notes"
    word: ClassVar[str] = "note"

    def add(
        self,
        text: str,
        *,
        at: Sequence[float] = (0, 0),
        state: str | None = None,
        todo: bool = False,
        color: str = "yellow",
    ) -> str:
        """Put a note on the map, as one undoable gesture.

        Args:
            text: What it says.
            at: Its top-left corner; beside a state, relative to that of the state's card.
            state: The id of the state that it is about, and moves with.
            todo: Whether it can be ticked off.
            color: One of grey, red, orange, yellow, green, teal, blue, purple.

        Returns:
            Its id.

        Raises:
            WorldError: There is no such state or colour.

        Example:
            >>> ed = wk.edit(world)
            >>> note = ed.notes.add("Too quiet?", state="lane", todo=True)
            >>> ed.notes[note].text, ed.notes[note].state, ed.notes[note].done
            ('Too quiet?', 'lane', False)
        """
        return self._add({"text": text, "at": list(at), "state": state, "todo": todo, "color": color})


@checked_methods
class MapTags(MapCollection[Tag]):
    """The tags by name, each with its ``color``.

    Example:
        >>> tags = wk.edit(world).tags
        >>> tags.add("night", ["lane"], color="purple")
        >>> tags.of("lane"), tags.states("night")
        (('night',), ('lane',))
    """

    section: ClassVar[str] = "tags"
    word: ClassVar[str] = "tag"

    def add(self, name: str, states: Iterable[str] = (), *, color: str | None = None) -> None:
        """Put a tag on states, as one undoable gesture; a new tag is created.

        Args:
            name: The tag's name.
            states: The ids of the states that get it.
            color: One of grey, red, orange, yellow, green, teal, blue, purple; None for the one that it has.

        Raises:
            WorldError: There is no such state or colour, or the name is empty.

        Example:
            >>> ed = wk.edit(world)
            >>> ed.tags.add("cold", ["lane", "bench"], color="blue")
            >>> ed.tags.add("unfinished", ["bench"])
            >>> ed.tags.of("bench")
            ('cold', 'unfinished')
        """
        ids = list(states)

        def add_to(on_map: Annotations) -> Json:
            tag = on_map.tags.get(name, Tag()).to_json()
            return {
                self.section: {name: {**tag, **({"color": color} if color else {})}},
                "tagged": {state: [*on_map.tagged.get(state, ()), name] for state in ids},
            }

        self._annotate(add_to, f"Tag {name}")

    def take_off(self, name: str, states: Iterable[str]) -> None:
        """Take a tag off states, as one undoable gesture.

        Args:
            name: The tag's name.
            states: The ids of the states.

        Example:
            >>> ed = wk.edit(world)
            >>> ed.tags.add("cold", ["lane", "bench"])
            >>> ed.tags.take_off("cold", ["lane"])
            >>> ed.tags.states("cold")
            ('bench',)
        """
        ids = list(states)

        def take_off_in(on_map: Annotations) -> Json:
            tags_by_state = on_map.tagged
            return {
                "tagged": {id: [tag for tag in tags_by_state[id] if tag != name] for id in ids if id in tags_by_state}
            }

        self._annotate(take_off_in, f"Remove tag {name}")

    def of(self, state: str) -> tuple[str, ...]:
        """Return the names of a state's tags.

        Args:
            state: The state's id.

        Example:
            >>> ed = wk.edit(world)
            >>> ed.tags.add("cold", ["lane", "bench"])
            >>> ed.tags.of("lane"), ed.tags.of("two_mittens")
            (('cold',), ())
        """
        return self._get_annotations().tagged.get(state, ())

    def states(self, name: str) -> tuple[str, ...]:
        """Return the ids of the states that have a tag.

        Args:
            name: The tag's name.

        Example:
            >>> ed = wk.edit(world)
            >>> ed.tags.add("cold", ["lane", "bench"])
            >>> ed.tags.states("cold")
            ('lane', 'bench')
        """
        return tuple(state for state, names in self._get_annotations().tagged.items() if name in names)


@checked_methods
class MapViews(MapCollection[SavedView]):
    """The saved views of the map by id: each has a ``name`` and shows an ``area``.

    Example:
        >>> views = wk.edit(world).views
        >>> id = views.add("The beginning", (0, 0, 1600, 900))
        >>> views[id].name
        'The beginning'
    """

    section: ClassVar[str] = "views"
    word: ClassVar[str] = "view"

    def add(self, name: str, area: Sequence[float], *, region: str | None = None, tags: Iterable[str] = ()) -> str:
        """Save a view of the map, as one undoable gesture.

        Args:
            name: What it is called.
            area: What it shows, as ``(x, y, width, height)``.
            region: The id of the region that it enters.
            tags: The names of the tags that stand out in it.

        Returns:
            Its id.

        Raises:
            WorldError: The area is none, or the name is empty.

        Example:
            >>> ed = wk.edit(world)
            >>> view = ed.views.add("The start", (0, 0, 600, 400))
            >>> ed.views[view].name, ed.views[view].area
            ('The start', (0.0, 0.0, 600.0, 400.0))
        """
        return self._add({"name": name, "area": list(area), "region": region, "tags": list(tags)})
