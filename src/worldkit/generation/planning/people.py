"""What is known of people by their trades, and of animals: how they look, where they are at home, their tools.

The data is ``people.toml`` in ``data/generate``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Annotated

from worldkit.generation.planning.senses import endings, senses_of
from worldkit.generation.planning.sorts import is_alive
from worldkit.generation.planning.stock import Thing, read_things, split_columns
from worldkit.generation.text.data import read_typed, reader, split_lines
from worldkit.generation.text.word_sets import word_set
from worldkit.language.lexicon import lexicon


@dataclass(frozen=True, slots=True)
class Trade:
    """What is known of people of a trade, or of an animal, as ``people.toml`` describes them.

    Attributes:
        is_worker: The tools are those of a trade.
        is_animal: It is the name of an animal.
    """

    look: str
    home: str
    tools: tuple[Thing, ...]
    is_worker: bool
    is_animal: bool


def trade_of(person: str) -> Trade | None:
    """Return what is known of a person by the longest trade that they end in; None where that is nothing."""
    for ending in endings(person):
        if trade := _trades().get(ending) or _trades().get(ending.removesuffix("s")):
            return trade
    return None


_HUMANS = ("human", "humans")
"""Words whose first sense is a kind of animal to the lexicon."""


def is_animal(person: str, text: str = "") -> bool:
    """Say whether who is called so is an animal: in the data, else first of all to the lexicon.

    A cuckoo is a fool first, but not one that looks for *its* mother in what is told of it, in small letters.
    """
    noun, words = person.split()[-1], text.split()
    if trade := trade_of(person):
        return trade.is_animal
    has_animal_pronoun = "its" in words and "his" not in words and "her" not in words
    return noun not in _HUMANS and any(sense.kind == "a" for sense in senses_of(noun)[: 3 if has_animal_pronoun else 1])


def is_person(thing: Thing) -> bool:
    """Say whether a thing that stands in a place is somebody who can answer."""
    return is_alive(thing) and not is_animal(thing.head)


def has_hands(person: str, text: str = "") -> bool:
    """Say whether who is called so has hands, and what people wear: somebody does, and so does one who is unknown."""
    noun = person.split()[-1]
    if noun in _NOUNS_WITH_HANDS:
        return True
    if trade_of(person) or is_animal(person, text):
        return not is_animal(person, text)
    senses = senses_of(noun)
    return not senses or senses[0].kind in "pg"


_NOUNS_WITH_HANDS = word_set("people", "handed")
"""Words for those who have hands whatever the lexicon says first."""


def look_of(person: str, text: str) -> str:
    """Return how an animal or a thing looks of which no more is known, by what it is to the lexicon."""
    words, looks = lexicon(), read_typed(dict[str, str], "people.toml", "looks")
    senses = senses_of(person.split()[-1]) if is_animal(person, text) else ()
    animals = [sense.id for sense in senses if sense.kind == "a"][:1]
    wider = {id for animal in animals for id in (animal, *words.ancestors(animal))}
    fit = (look for name, look in looks.items() if any(sense.id in wider for sense in words.senses(name)))
    return next(fit, looks["thing"])


@cache
def plain_looks() -> tuple[str, ...]:
    """Return what anybody may wear of whom no more is known."""
    return read_typed(tuple[str, ...], "people.toml", "plain")


@cache
def _trades() -> Mapping[str, Trade]:
    trades_by_name: dict[str, Trade] = {}
    for table in ("people", "others", "animals"):
        for names, look, home, tools in read_typed(_TradeLines, "people.toml", table):
            trade = Trade(look, home, tools, is_worker=table == "people", is_animal=table == "animals")
            for name in names:
                trades_by_name.setdefault(name, trade)
    return trades_by_name


def _read_trade(line: str) -> tuple[list[str], str, str, tuple[Thing, ...]]:
    names, description = line.split(": ", 1)
    look, home, *tools = split_columns(description)
    return names.split(", "), look, home, read_things(*tools) if tools else ()


_TradeLines = Annotated[
    tuple[tuple[tuple[str, ...], str, str, tuple[Thing, ...]], ...],
    reader(_read_trade, '"name, name: how they look; home" with "; a tool, a tool" behind it or not', split_lines),
]
