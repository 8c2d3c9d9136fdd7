"""What is known of kinds of places and of tasks: the data that a premise is filled in from.

The data is ``places.toml``, ``anywhere.toml`` and ``tasks.toml`` in ``data/generate``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Annotated

from worldkit.generation.planning.goal_parts import object_of
from worldkit.generation.planning.senses import endings, means_somebody
from worldkit.generation.planning.stock import PlacePassages, StockPlace, Thing, Things, Ways, read_place, split_columns
from worldkit.generation.text.data import CommaList, Lines, Words, read_tables, read_typed, reader, split_lines
from worldkit.generation.text.word_sets import word_set

PART_WORDS = word_set("kinds", "parts")
"""Words for a part of a place, which is of the kind that stands before them."""
OPEN_PARTS = word_set("kinds", "open_parts")
"""Words for parts and other places that have no roof, whatever their kind."""


def _read_part(line: str) -> StockPlace:
    return read_place(line.removeprefix("~"), not line.startswith("~"))


Parts = Annotated[
    tuple[StockPlace, ...], reader(_read_part, '"name: a thing, a thing" with "~" before it or not', split_lines)
]
"""Parts of a place, in the data one text."""


@dataclass(frozen=True, slots=True)
class PlaceKind:
    """A kind of place, as ``places.toml`` describes it."""

    name: str
    genre: str = ""
    light: str = ""
    parts: Parts = ()
    acts: Ways = ()
    motion: str = ""
    surroundings: str = ""
    passages: PlacePassages | None = None
    names: CommaList = ()
    people: CommaList = ()

    @property
    def is_roofed(self) -> bool:
        """Whether most of it has a roof."""
        return sum(bool(part.is_roofed) for part in self.parts) * 2 > len(self.parts)


@dataclass(frozen=True, slots=True)
class TaskKind:
    """What is known of tasks by their verbs, as ``tasks.toml`` describes it; without verbs, of any task."""

    verbs: Words
    tools: Things
    losses: Annotated[
        tuple[tuple[str, str, str], ...], reader(split_columns, '"what is done; title; line"', split_lines)
    ]
    is_by_trade: bool = False
    is_with_somebody: bool = False


def kind_of(place: str) -> PlaceKind | None:
    """Return the kind of a place by the longest name that it ends in, or ends in before an "of"; None for none.

    A place is such as "flooded hospital" or "city of fog"; the "observatory roof" is of an observatory.
    """
    words = place.split()
    while len(words) > 1 and words[-1] in PART_WORDS:
        words.pop()
    return _kind_called(" ".join(words)) or _kind_called(place)


def _kind_called(place: str) -> PlaceKind | None:
    for phrase in (place, re.split(r" (?:of|in|on|for|with|under|at) ", place)[0]):
        for ending in endings(phrase):
            for form in (ending, ending.removesuffix("s"), ending.removesuffix("es")):
                if kind := names().get(form):
                    return kind
    return None


def part_called(name: str) -> StockPlace | None:
    """Return a part of some kind of place that has this name, else one whose name ends in the same word."""
    parts_by_name, parts_by_head = _parts()
    return parts_by_name.get(name) or parts_by_head.get(name.split()[-1])


@cache
def _parts() -> tuple[Mapping[str, StockPlace], Mapping[str, StockPlace]]:
    """Return the parts of all kinds of places by their names, and by the last words of those."""
    parts = [part for kind in kinds().values() for part in kind.parts][::-1]  # of a name, the first counts
    return {part.name: part for part in parts}, {part.name.split()[-1]: part for part in parts}


def task_of(goal: str) -> TaskKind:
    """Return what is known of tasks by the verb of a goal; to find out something is to solve it."""
    verb, it = verb_of(goal), object_of(goal)
    is_somebody = bool(it) and means_somebody(Thing(it).head)
    fit = (task for task in tasks() if verb in task.verbs and (is_somebody or not task.is_with_somebody))
    return next(fit, tasks()[-1])


_DISCOVERY_GOAL = re.compile(r"(?:find|learn|discover) (?:out|that|who|why|what|how|where|which|whose)\b")
_ARRIVAL_GOAL = re.compile(
    r"get (?:back )?(?:home|(?:to|into|in|onto|aboard|past|through|over|up|down|across) (?:the|an?))\b"
)
_ESCAPE_GOAL = re.compile(r"get (?:out|off|away)\b|get .* out of ")


def verb_of(goal: str) -> str:
    """Return the verb by which a goal is known: to get away is to escape, and to get something to find it.

    Example:
        >>> verb_of("get the medicine"), verb_of("get out of the maze"), verb_of("find out who did it")
        ('find', 'escape', 'solve')
    """
    verb = goal.partition(" ")[0]
    if _DISCOVERY_GOAL.match(goal):
        return "solve"
    if _ESCAPE_GOAL.match(goal):
        return "escape"
    if _ARRIVAL_GOAL.match(goal):
        return "reach"
    return "find" if verb == "get" and object_of(goal) else verb


@cache
def tasks() -> tuple[TaskKind, ...]:
    """Return what is known of tasks; the last is what fits any verb."""
    return read_typed(tuple[TaskKind, ...], "tasks.toml", "task")


@cache
def kinds() -> Mapping[str, PlaceKind]:
    """Return every kind of place by its name in the data."""
    return read_tables("places.toml", PlaceKind)


@cache
def common_passages(is_roofed: bool) -> PlacePassages:
    """Return how one gets about in any place that has a roof, or that has none."""
    return read_typed(PlacePassages, "anywhere.toml", _side(is_roofed), "passages")


@cache
def common_motions(is_roofed: bool) -> tuple[str, ...]:
    """Return the small movements of any place that has a roof, or that has none."""
    return read_typed(Lines, "anywhere.toml", _side(is_roofed), "motions")


def _side(is_roofed: bool) -> str:
    return "indoors" if is_roofed else "outdoors"


_LATER_TIME = re.compile(r"\b(?:before|until|till) (?:(?:an?|the|next) )?[a-z-]+")
"""A time that has not come yet."""


def light_of(text: str, light: str) -> str:
    """Return a sentence of light, begun with the time or the weather that a premise in small letters names."""
    words = set(re.findall(r"[a-z-]+", _LATER_TIME.sub("", text)))
    for names, clause in read_typed(dict[str, str], "anywhere.toml", "light").items():
        if words & set(names.split()):
            return f"{clause},{light.partition(',')[2]}" if "," in light else f"{clause}."
    return light


@cache
def names() -> Mapping[str, PlaceKind]:
    """Return every kind of place by each of its names."""
    kinds_by_name: dict[str, PlaceKind] = {}
    for kind in kinds().values():
        for name in kind.names:
            kinds_by_name.setdefault(name, kind)
    return kinds_by_name
