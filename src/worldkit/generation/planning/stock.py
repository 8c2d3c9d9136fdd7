"""The stock a plan is drawn from: genres with their people, places, ways, keys, goals and dangers.

The data is ``data/generate/stock.toml``, written by hand. A thing is named with its article ("a brass key", "oil
drums"), which says whether it is one or many.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import Annotated, Any

from worldkit.generation.text.data import (
    CommaList,
    Lines,
    Words,
    read_data,
    read_typed,
    reader,
    split_items,
    split_lines,
    typed,
)
from worldkit.generation.text.english import is_plural, the
from worldkit.generation.text.phrases import fill

_ARTICLE = re.compile(r"\A(?:an?|the) ")
_PREPOSITION = re.compile(" (?:of|in|on|over|with|from|through) ")


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that can be seen, named with its article if it has one: ``a brass key``, ``oil drums``."""

    text: str

    @property
    def bare(self) -> str:
        """Without its article: ``brass key``."""
        return _ARTICLE.sub("", self.text)

    @property
    def the(self) -> str:
        """With the definite article, if it takes one: ``the brass key``, ``lane seven``."""
        return the(self.bare)

    @property
    def many(self) -> bool:
        """Whether verbs after it are in the plural."""
        return not self.text.startswith(("a ", "an ", "one ", "half ")) and is_plural(self.head)

    @property
    def head(self) -> str:
        """The word it turns on: ``key``."""
        return _PREPOSITION.split(self.bare, maxsplit=1)[0].split()[-1]


def by_head(things: Iterable[Thing]) -> dict[str, Thing]:
    """Return things by the words they turn on, of several with one word the first."""
    things_by_head: dict[str, Thing] = {}
    for thing in things:
        things_by_head.setdefault(thing.head, thing)
    return things_by_head


@dataclass(frozen=True, slots=True)
class StockPlace:
    """A place before it has a part in a plan: its name, what stands there, and whether it has a roof, if known."""

    name: str
    props: tuple[Thing, ...]
    is_roofed: bool | None = None


@dataclass(frozen=True, slots=True)
class VerbPhrase:
    """Something to do: a verb and the thing it takes, as in ``climb the stair``."""

    verb: str
    thing: Thing


@dataclass(frozen=True, slots=True)
class OneWayMove(VerbPhrase):
    """A move that leads on but not back, and the thing that it takes: ``slide down the bank`` on a tin tray."""

    tool: Thing


@dataclass(frozen=True, slots=True)
class KeyAndDoor:
    """A thing that opens, and what it opens."""

    key: Thing
    door: Thing


@dataclass(frozen=True, slots=True)
class StockEnding:
    """An ending before it has a part in a plan: what is done, how it is put, where, and with what, if that is known."""

    do: str
    title: str
    subtitle: str
    place: StockPlace
    tool: Thing | None = None


@dataclass(frozen=True, slots=True)
class EndingText:
    """How an ending is put that a premise asks for, by the verb of its goal; ``{it}`` is what the goal is about."""

    verbs: frozenset[str]
    title: str
    subtitle: str


def read_place(line: str, is_roofed: bool | None = None) -> StockPlace:
    """Return a place of a line of the data: its name, and the things that stand there."""
    name, things = line.split(": ")
    return StockPlace(name, read_things(things), is_roofed)


def read_things(text: str) -> tuple[Thing, ...]:
    """Return the things of a list of the data, which may be wrapped."""
    return tuple(map(Thing, split_items(text)))


def _record_of(kind: Callable[..., Any], *columns: Callable[[str], Any]) -> Callable[[str], Any]:
    """Return what reads a value of a kind from columns with colons between them."""
    return lambda text: kind(*(read(part) for read, part in zip(columns, text.split(": "), strict=True)))


def _read_ending(line: str) -> StockEnding:
    do, title, subtitle, place, *tool = split_columns(line)
    return StockEnding(do, title, subtitle, read_place(place), *map(Thing, tool))


def _read_ending_text(line: str) -> EndingText:
    verbs, title, subtitle = split_columns(line)
    return EndingText(frozenset(verbs.split()), title, subtitle)


def split_columns(line: str) -> list[str]:
    """Return the columns of a line of a table of the data."""
    return line.split("; ")


_records = partial(split_items, separator="; ")

Things = Annotated[tuple[Thing, ...], reader(read_things, '"a thing, a thing"')]
"""Things, in the data one text; so are those that follow."""
Ways = Annotated[tuple[VerbPhrase, ...], reader(_record_of(VerbPhrase, str, Thing), '"verb: a thing"', _records)]
Moves = Annotated[
    tuple[OneWayMove, ...], reader(_record_of(OneWayMove, str, Thing, Thing), '"verb: a thing: a tool"', _records)
]
Keys = Annotated[tuple[KeyAndDoor, ...], reader(_record_of(KeyAndDoor, Thing, Thing), '"a key: a door"', _records)]
Places = Annotated[tuple[StockPlace, ...], reader(read_place, '"name: a thing, a thing"', split_lines)]
Endings = Annotated[
    tuple[StockEnding, ...],
    reader(
        _read_ending,
        '"what is done; title; line; place: a thing, a thing" with "; a tool" behind it or not',
        split_lines,
    ),
]
EndingTexts = Annotated[tuple[EndingText, ...], reader(_read_ending_text, '"verbs; title; line"', split_lines)]


@dataclass(frozen=True, slots=True)
class PlacePassages:
    """How one gets about: what opens what, ways in both directions, and moves that lead on only."""

    keys: Keys
    ways: Ways
    one_way_moves: Moves


@dataclass(frozen=True, slots=True)
class Genre:
    """A kind of world: a genre of ``stock.toml``, or what was put together for a premise.

    Attributes:
        surroundings: Whose words of the surroundings fit.
        has_common_passages: One gets about in it as anywhere: indoors in one way, and outdoors in another.
    """

    name: str
    words: Words
    near: Words
    who: Annotated[tuple[tuple[str, str], ...], reader(split_columns, '"word; how they look"', split_lines)]
    air: Lines
    places: Places
    passages: PlacePassages
    tools: Things
    acts: Ways
    motions: Lines
    goals: Endings
    losses: Endings
    surroundings: str
    has_common_passages: bool = False

    def knows(self, word: str) -> bool:
        """Say whether a word of a premise points to it, surely or not."""
        return word in self.words or word in self.near


@dataclass(frozen=True, slots=True)
class Stock:
    """Everything a plan may draw on, as ``stock.toml`` describes it."""

    genres: Mapping[str, Genre]
    persons: Words
    settings: Words
    things: Words
    goal_verbs: Words
    qualifiers: CommaList
    ways: Ways
    ending_texts: EndingTexts

    def alike(self, verb: str, other: str) -> bool:
        """Say whether an ending that fits one verb fits another as well."""
        return verb == other or any({verb, other} <= one.verbs for one in self.ending_texts)

    def ending_text(self, verb: str, it: str, dice: random.Random) -> EndingText:
        """Return how an ending is put, by the verb of its goal and what that is about; empty for nothing to be seen."""
        fit = [text for text in self.ending_texts if verb in text.verbs]
        fit = fit or [text for text in self.ending_texts if not text.verbs]
        choice = dice.choice([text for text in fit if it or "{it}" not in text.subtitle])
        return replace(choice, subtitle=fill(choice.subtitle, {}, {"it": it}))


@cache
def stock() -> Stock:
    """Return the stock the package ships."""
    file = "stock.toml"
    common_moves = {"one_way_moves": read_data(file, "one_way_moves")}
    genres = {}
    for name in read_data(file, "genres"):
        passages = read_typed(dict[str, Any], file, "genres", name, "passages")
        genre = read_data(file, "genres", name)
        genres[name] = {**genre, "name": name, "surroundings": name, "passages": passages | common_moves}
    return typed(Stock, {**read_data(file), "genres": genres}, file)
