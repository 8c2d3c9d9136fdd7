"""What a writer puts on the map of a world and nothing plays: regions, notes, to-dos, tags and saved views.

They are values beside the world, as the positions of its cards are. An ``Annotations`` never changes; a patch turns one
into another. Entries keep fields that worldkit does not know.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, Strict, ValidationError, model_validator
from typing_extensions import TypeAliasType

from worldkit.core.characters import printable_line
from worldkit.core.errors import WorldError
from worldkit.core.json_values import Json, quote

MAX_COORDINATE = 1e7
"""How far from the middle something may stand."""
MAX_NAME = 120
MAX_TEXT = 10_000

MapColor = TypeAliasType("MapColor", Literal["grey", "red", "orange", "yellow", "green", "teal", "blue", "purple"])
"""Colours that can be told apart on the map, in both themes."""

_Number = Annotated[float, Field(ge=-MAX_COORDINATE, le=MAX_COORDINATE)]
_Length = Annotated[float, Field(gt=0, le=2 * MAX_COORDINATE)]
MapPoint = TypeAliasType("MapPoint", Annotated[tuple[_Number, _Number], Strict(False)])
MapArea = TypeAliasType("MapArea", Annotated[tuple[_Number, _Number, _Length, _Length], Strict(False)])


def _one_line(text: str) -> str:
    flat = printable_line(text)
    if not flat:
        raise ValueError("a name has at least one character that can be seen")
    return flat


def _unique(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


Name = Annotated[str, Field(max_length=MAX_NAME), AfterValidator(_one_line)]
_Ids = Annotated[tuple[str, ...], Strict(False), AfterValidator(_unique)]


class Annotation(BaseModel):
    """An entry; it keeps fields that worldkit does not know."""

    model_config: ClassVar[ConfigDict] = ConfigDict(frozen=True, strict=True, extra="allow", allow_inf_nan=False)

    def to_json(self, *, brief: bool = False) -> Json:
        """Return it as JSON.

        Args:
            brief: Leave out fields that have their usual values.
        """
        value: Json = self.model_dump(mode="json", exclude_defaults=brief)
        return value


class Region(Annotation):
    """A part of the map with a name, such as a chapter or a place: the states in it, which belong to no other."""

    name: Name
    states: _Ids = ()
    color: MapColor = "blue"
    collapsed: bool = False


class Note(Annotation):
    """A note or a to-do at a point of the map; beside a state it stands relative to that state's card."""

    text: Annotated[str, Field(max_length=MAX_TEXT)]
    at: MapPoint = (0.0, 0.0)
    state: str | None = None
    todo: bool = False
    done: bool = False
    color: MapColor = "yellow"


class Tag(Annotation):
    """What a tag looks like; its name is its key."""

    color: MapColor = "teal"


class SavedView(Annotation):
    """A saved look at the map: an area of it, the region that was entered, and the tags that stand out."""

    name: Name
    area: MapArea
    region: str | None = None
    tags: _Ids = ()


@dataclass(frozen=True, slots=True)
class Annotations:
    """Everything that a writer put on the map.

    Attributes:
        regions: The regions by their ids.
        notes: The notes and to-dos by their ids.
        tags: The tags by their names.
        tagged: The names of the tags of each state that has any.
        views: The saved views by their ids.
    """

    regions: Mapping[str, Region] = field(default_factory=dict)
    notes: Mapping[str, Note] = field(default_factory=dict)
    tags: Mapping[str, Tag] = field(default_factory=dict)
    tagged: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    views: Mapping[str, SavedView] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return any(getattr(self, section) for section in SECTIONS)

    def to_json(self) -> Json:
        """Return them as JSON: an object by id for each section that has any entry."""
        return {
            section: {id: entry_json(entry) for id, entry in entries.items()}
            for section in SECTIONS
            if (entries := getattr(self, section))
        }


_Key = Annotated[str, Field(min_length=1, max_length=1_000)]


class AnnotationPatch(BaseModel):
    """Entries to set, by section and id; null takes an entry away. An entry is replaced as a whole."""

    model_config: ClassVar[ConfigDict] = ConfigDict(frozen=True, strict=True, extra="forbid", allow_inf_nan=False)

    regions: dict[_Key, Region | None] = {}
    notes: dict[_Key, Note | None] = {}
    tags: dict[_Key, Tag | None] = {}
    tagged: dict[_Key, _Ids | None] = {}
    views: dict[_Key, SavedView | None] = {}

    @model_validator(mode="after")
    def _tag_names_are_names(self) -> AnnotationPatch:
        for name, tag in self.tags.items():
            if tag is not None and (len(name) > MAX_NAME or _one_line(name) != name):
                raise ValueError(f"a tag's name is one line without spaces around it, got {quote(name)}")
        return self

    def __bool__(self) -> bool:
        return any(getattr(self, section) for section in SECTIONS)

    def to_json(self, *, brief: bool = False) -> Json:
        """Return it as JSON, without the sections that it leaves alone.

        Args:
            brief: Leave out fields that have their usual values.
        """
        return {
            section: {id: None if entry is None else entry_json(entry, brief=brief) for id, entry in entries.items()}
            for section in SECTIONS
            if (entries := getattr(self, section))
        }


SECTIONS = tuple(section.name for section in fields(Annotations))


def entry_json(entry: Annotation | tuple[str, ...], *, brief: bool = False) -> Any:
    """Return an entry of a section as JSON.

    Args:
        brief: Leave out fields that have their usual values.
    """
    return entry.to_json(brief=brief) if isinstance(entry, Annotation) else list(entry)


def read_annotations(value: Mapping[str, Any]) -> Annotations:
    """Return what a file says is on the map; entries that cannot be read are left out, as they are in the file.

    Args:
        value: An object by id for each section.
    """
    sections: dict[str, dict[str, Any]] = {}
    for section in SECTIONS:
        entries = value.get(section)
        sections[section] = {}
        for id, entry in entries.items() if isinstance(entries, dict) else ():
            try:
                patch = AnnotationPatch.model_validate({section: {id: entry}})
            except ValidationError:
                continue
            annotation = getattr(patch, section)[id]
            if annotation is not None:
                sections[section][id] = annotation
    return tidied(Annotations(**sections))


def read_patch(value: Mapping[str, Any]) -> AnnotationPatch:
    """Return a patch that Python code gave.

    Args:
        value: Entries by section and id, as objects or as the classes of this module.

    Raises:
        WorldError: It is no patch; with the first thing that is wrong.
    """
    try:
        return AnnotationPatch.model_validate(value)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        message = first["msg"].removeprefix("Value error, ")
        raise WorldError(f"{place}: {message}, got {quote(first['input'])}" if place else message) from None


def tidied(annotations: Annotations) -> Annotations:
    """Return annotations in which each state is in one region at the most, and only tags that exist are on states.

    Args:
        annotations: As they were read or put together; the first region that names a state has it.
    """
    owned_states: set[str] = set()
    regions: dict[str, Region] = {}
    for id, region in annotations.regions.items():
        states = tuple(state for state in region.states if state not in owned_states)
        owned_states.update(states)
        regions[id] = region if len(states) == len(region.states) else region.model_copy(update={"states": states})
    tags_by_state = {}
    for state, names in annotations.tagged.items():
        known_tags = tuple(name for name in names if name in annotations.tags)
        if known_tags:
            tags_by_state[state] = known_tags
    views = {}
    for id, view in annotations.views.items():
        update: dict[str, Any] = {}
        if view.region is not None and view.region not in annotations.regions:
            update["region"] = None
        if any(name not in annotations.tags for name in view.tags):
            update["tags"] = tuple(name for name in view.tags if name in annotations.tags)
        views[id] = view.model_copy(update=update) if update else view
    return Annotations(regions, annotations.notes, annotations.tags, tags_by_state, views)
