"""What a world is made of where its premise does not say: a genre put together for the place and the trade it names.

The place comes first: what stands in a department store and how one gets on in it. A premise that names none is set
where its character is at home. Only one that names neither, nor anything that a genre of the stock knows, is set in a
plain village or town. A place that no kind is known of is a building or open ground, by the lexicon.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from worldkit.generation.planning.kinds import (
    PlaceKind,
    common_motions,
    common_passages,
    kind_of,
    kinds,
    light_of,
    names,
    task_of,
)
from worldkit.generation.planning.people import Trade, plain_looks, trade_of
from worldkit.generation.planning.senses import senses_of
from worldkit.generation.planning.stock import Genre, StockEnding, StockPlace, Thing, stock
from worldkit.generation.text.data import Words, read_typed
from worldkit.generation.text.english import the, within
from worldkit.generation.text.phrases import fill
from worldkit.generation.text.word_sets import word_set
from worldkit.language.capitals import is_name_of_town
from worldkit.language.lexicon import lexicon

OWN_GENRE = "common"
"""The genre of a world that was put together for its premise, as the data on surroundings calls it."""
DEFAULT_GENRES = ("town", "village")
"""Genres for a premise that points to none."""
MAX_PART_NAME_CHARACTERS = 34
"""Characters that the name of a part may have with the place it belongs to."""
_DIRECTIONS, _EVENT_WORDS, _AMBIGUOUS_WORDS = (
    word_set("setting", name) for name in ("directions", "events", "ambiguous")
)


def genre_for(text: str, setting: str, who: str, dice: random.Random) -> Genre:
    """Return what a world is made of, by a premise in small letters, its chief place and whom it is about.

    Place and person are empty where it names none; dice decide where it leaves a choice.
    """
    genres, trade = stock().genres, trade_of(who) if who else None
    home_genre = genres.get(trade.home) if trade else None
    if home_genre and setting and home_genre.knows(setting.split()[-1]):
        kind = PlaceKind(home_genre.name, genre=home_genre.name)  # an astronaut's station is no railway station
    elif setting and trade and (home := _home_with(setting, trade)):
        kind = home
    elif (
        setting in _AMBIGUOUS_WORDS
        and (nearest := _nearest(text, dice, MIN_GENRE_SCORE - 1))
        and nearest.knows(setting)
    ):
        kind = PlaceKind(nearest.name, genre=nearest.name)  # a king's court is no court of law
    elif setting:
        kind = names().get(setting) or _kind_with_part(setting, text) or kind_of(setting) or building_or_ground(setting)
    elif nearest := _nearest(text, dice, MIN_GENRE_SCORE):
        kind = PlaceKind(nearest.name, genre=nearest.name)
    elif trade:
        kind = kinds().get(trade.home) or PlaceKind(trade.home, genre=trade.home)
    else:
        name = dice.choice(DEFAULT_GENRES if re.search("[a-z]", text) else sorted(genres))
        kind = PlaceKind(name, genre=name)
    tools = trade.tools if trade else ()
    if kind.genre:
        genre = genres[kind.genre]
        lights = tuple(light_of(text, light) for light in genre.air)
        return replace(genre, air=lights, tools=tuple(tools) or genre.tools)
    return _genre(kind, setting, text, tools)


def is_setting(name: str) -> bool:
    """Say whether a story can be set in what a premise calls a place: not in a direction, nor in what happens there."""
    if not name or name in _DIRECTIONS:
        return False
    return name.split()[-1] not in _EVENT_WORDS or kind_of(name) is not None


def _home_with(setting: str, trade: Trade) -> PlaceKind | None:
    """Return where somebody is at home when a place is a part of it: the cabin of a captain is on a ship."""
    home = kinds().get(trade.home)
    if home is None or home.genre:
        return None
    part_names = {part.name for part in home.parts}
    if kind_of(setting) is None:
        part_names |= {name.split()[-1] for name in part_names}
    return home if setting in part_names else None


def _kind_with_part(part_name: str, text: str) -> PlaceKind | None:
    """Return the kind of place that has a part of this name, one that the text names if several have; else None."""
    having_kinds = [kind for kind in kinds().values() if any(part.name == part_name for part in kind.parts)]
    text_words = set(re.findall(r"[a-z]+", text))
    return next((kind for kind in having_kinds if text_words.intersection(kind.names)), next(iter(having_kinds), None))


def _genre(kind: PlaceKind, setting: str, text: str, tools: Sequence[Thing]) -> Genre:
    """Return a genre of a kind of place."""
    spots = list(kind.parts)
    if kind.name in ("building", "ground") and setting:
        # one is enough to say whose parts they are
        name = f"{spots[0].name} of {the(setting)}"
        spots[0] = replace(spots[0], name=name if len(name) <= MAX_PART_NAME_CHARACTERS else spots[0].name)
    goal = StockEnding(
        f"find out what happened {within(setting or kind.name.replace('_', ' '))}",
        "The Truth Is Out",
        "The last line falls into place, and the whole page reads another way.",
        spots[-1],
    )
    return Genre(
        name=OWN_GENRE,
        words=frozenset(),
        near=frozenset(),
        who=tuple(("visitor", f"a visitor {look}") for look in plain_looks()),
        air=(light_of(text, kind.light),),
        places=tuple(spots),
        passages=kind.passages or common_passages(kind.is_roofed),
        tools=tuple(tools) or task_of("").tools,
        acts=kind.acts,
        motions=(kind.motion, *common_motions(True), *(f"~{motion}" for motion in common_motions(False))),
        goals=(goal,),
        losses=losses_of("", spots),
        surroundings=kind.surroundings or OWN_GENRE,
        has_common_passages=kind.passages is None,
    )


def losses_of(goal: str, spots: Sequence[StockPlace]) -> tuple[StockEnding, ...]:
    """Return how a goal can be missed, or any where it is empty, each in one of these places."""
    endings = []
    for number, (do, title, subtitle) in enumerate(task_of(goal).losses):
        spot = spots[-2 - number % (len(spots) - 1)]
        subtitle = fill(subtitle, {"place": Thing(spot.name)}, {"place": spot.name})
        endings.append(StockEnding(do, title, subtitle, spot))
    return tuple(endings)


def _nearest(text: str, dice: random.Random, least_score: int) -> Genre | None:
    """Return the genre that the words of a premise point to most clearly; None where none is pointed to."""
    premise_words = {_singular(word.removesuffix("'s")) for word in re.findall(r"[a-z']+", text)}
    scores = {
        name: 2 * len(premise_words & set(map(_singular, genre.words)))
        + len(premise_words & set(map(_singular, genre.near)))
        for name, genre in stock().genres.items()
    }
    best_score = max(scores.values())
    nearest = [name for name, score in scores.items() if score == best_score]
    return stock().genres[dice.choice(nearest)] if best_score >= least_score else None


MIN_GENRE_SCORE = 4
"""What the words of a premise must score for a genre that no place of it points to: two words of its own."""


def _singular(word: str) -> str:
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


@lru_cache(maxsize=4096)
def has_roof(place: str) -> bool:
    """Say whether a place of no known kind has a roof, by what the lexicon says that it is; unknown words have one."""
    words = place.split()
    if not {words[-1], words[-1].removesuffix("s")}.isdisjoint(read_typed(Words, "roofs.toml", "roofed")):
        return True
    roofed_senses = {lexicon().senses(name)[0].id for name in ("building", "room", "housing", "vehicle", "house")}
    senses = next(filter(None, map(senses_of, (place, " ".join(words[-2:]), words[-1]))), ())
    return not senses or not roofed_senses.isdisjoint({senses[0].id, *lexicon().ancestors(senses[0].id)})


def building_or_ground(place: str) -> PlaceKind:
    """Return the kind of a place of which no more is known than that it is a town, or whether it has a roof."""
    if is_name_of_town(place):
        return names()["city"]
    return kinds()["building" if has_roof(place) else "ground"]


def is_place(name: str) -> bool:
    """Say whether a name is one of a place: of a known kind, or one to the lexicon."""
    head = name.partition(" of ")[0].split()[-1]
    return kind_of(name) is not None or head in word_set("facts", "places")
