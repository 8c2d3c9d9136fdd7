"""The stock a plan is drawn from: genres with their people, places, ways, keys, goals and dangers.

The data is ``data/generate/stock.json``, written by hand. A thing is named with its article ("a brass key", "oil
drums"), which says whether it is one or many.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from worldkit.generation.text.data import read_data
from worldkit.generation.text.english import the

_ARTICLE = re.compile(r"(?:an?|the|one|half a|a pair of|a set of) ", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that can be seen, named with its article if it has one.

    Attributes:
        text: Such as ``"a brass key"``, ``"oil drums"`` or ``"black water"``.
    """

    text: str

    @property
    def bare(self) -> str:
        """Without its article: ``brass key``."""
        return _ARTICLE.sub("", self.text, count=1) if self.text.startswith(("a ", "an ", "the ")) else self.text

    @property
    def the(self) -> str:
        """With the definite article, if it takes one: ``the brass key``, ``lane seven``."""
        return the(self.bare)

    @property
    def many(self) -> bool:
        """Whether verbs after it are in the plural."""
        if self.text.startswith(("a ", "an ", "one ", "half ")):
            return False
        head = self.head
        return head == "fish" or (head.endswith("s") and not head.endswith(("ss", "us", "is")))

    @property
    def head(self) -> str:
        """The word it turns on: ``key``."""
        return re.split(r" (?:of|in|on|with|from|through) ", self.bare)[0].split()[-1]


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
    """An ending before it has a part in a plan.

    Attributes:
        do: What is done.
        title, subtitle: How it is put.
        place: Where it is.
        tool: What it takes; None where the data on tasks says.
    """

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


@dataclass(frozen=True, slots=True)
class Genre:
    """A kind of world.

    Attributes:
        words: Words of a premise that point to it, and
        near: such as point there less surely.
        who: The player's character: in one word, and as a description.
        surroundings: Whose words of the surroundings fit, when they are not the genre's own.
        one_way_moves: Its own moves that lead on only; none where those of any genre fit.
        is_roofed: Whether its light is that of places with a roof; None where it fits any place.
    """

    name: str
    words: frozenset[str]
    near: frozenset[str]
    who: tuple[tuple[str, str], ...]
    air: tuple[str, ...]
    places: tuple[StockPlace, ...]
    ways: tuple[VerbPhrase, ...]
    keys: tuple[KeyAndDoor, ...]
    tools: tuple[Thing, ...]
    acts: tuple[VerbPhrase, ...]
    motions: tuple[str, ...]
    goals: tuple[StockEnding, ...]
    losses: tuple[StockEnding, ...]
    surroundings: str = ""
    one_way_moves: tuple[OneWayMove, ...] = ()
    is_roofed: bool | None = None


@dataclass(frozen=True, slots=True)
class Stock:
    """Everything a plan may draw on.

    Attributes:
        genres: By name.
        persons, settings, things, goal_verbs: Words a premise is read by.
        qualifiers: Put before a place's name when a large world needs it again.
        ways, one_way_moves: Ways for any genre: in both directions, and in one direction only.
        ending_texts: Endings for goals that the premise sets; those of no verb fit any.
    """

    genres: Mapping[str, Genre]
    persons: frozenset[str]
    settings: frozenset[str]
    things: frozenset[str]
    goal_verbs: frozenset[str]
    qualifiers: tuple[str, ...]
    ways: tuple[VerbPhrase, ...]
    one_way_moves: tuple[OneWayMove, ...]
    ending_texts: tuple[EndingText, ...]

    def alike(self, verb: str, other: str) -> bool:
        """Say whether an ending that fits one verb fits another as well."""
        return verb == other or any({verb, other} <= one.verbs for one in self.ending_texts)

    def ending_text(self, verb: str, it: str, dice: random.Random) -> EndingText:
        """Return how an ending is put.

        Args:
            verb: The verb of its goal.
            it: What the goal is about, with its article; empty when that is nothing to be seen.
            dice: Decides between those that fit.
        """
        fit = [one for one in self.ending_texts if verb in one.verbs] or [
            one for one in self.ending_texts if not one.verbs
        ]
        choice = dice.choice([one for one in fit if it or "{it}" not in one.subtitle])
        return replace(choice, subtitle=choice.subtitle.replace("{it}", it))


@cache
def stock() -> Stock:
    """Return the stock the package ships."""
    data = read_data("stock.json")
    return Stock(
        genres={name: _genre(name, body) for name, body in data["genres"].items()},
        persons=frozenset(data["persons"]),
        settings=frozenset(data["settings"]),
        things=frozenset(data["things"]),
        goal_verbs=frozenset(data["goal_verbs"]),
        qualifiers=tuple(data["qualifiers"]),
        ways=_ways(data["ways"]),
        one_way_moves=tuple(
            OneWayMove(item["verb"], Thing(item["thing"]), Thing(item["tool"])) for item in data["one_way_moves"]
        ),
        ending_texts=tuple(
            EndingText(frozenset(item["verbs"]), item["title"], item["subtitle"]) for item in data["ending_texts"]
        ),
    )


def _genre(name: str, body: Mapping[str, Any]) -> Genre:
    return Genre(
        name=name,
        words=frozenset(body["words"]),
        near=frozenset(body["near"]),
        who=tuple((item["who"], item["look"]) for item in body["who"]),
        air=tuple(body["air"]),
        places=tuple(_spot(item) for item in body["places"]),
        ways=_ways(body["ways"]),
        keys=tuple(KeyAndDoor(Thing(item["key"]), Thing(item["door"])) for item in body["keys"]),
        tools=tuple(Thing(item) for item in body["tools"]),
        acts=_ways(body["acts"]),
        motions=tuple(body["motions"]),
        goals=tuple(_stock_ending(item) for item in body["goals"]),
        losses=tuple(_stock_ending(item) for item in body["losses"]),
    )


def _spot(item: Mapping[str, Any]) -> StockPlace:
    return StockPlace(item["name"], tuple(Thing(prop) for prop in item["props"]))


def _ways(items: list[Mapping[str, str]]) -> tuple[VerbPhrase, ...]:
    return tuple(VerbPhrase(item["verb"], Thing(item["thing"])) for item in items)


def _stock_ending(item: Mapping[str, Any]) -> StockEnding:
    tool = Thing(item["tool"]) if "tool" in item else None
    return StockEnding(item["do"], item["title"], item["subtitle"], _spot(item["place"]), tool)
