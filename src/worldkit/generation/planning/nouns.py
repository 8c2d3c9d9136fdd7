"""The surroundings of a world in words: nouns that belong to its genre, each by where it stands and what may be said
of it, and a few of them drawn for one string.

The data is ``data/generate/words.toml``, written by hand and explained there; ``fits.toml`` says what goes with what.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Annotated, Any

from worldkit.generation.engines.base import seed_of
from worldkit.generation.planning.sorts import SortNames, sort_of
from worldkit.generation.planning.stock import Thing
from worldkit.generation.text.data import CommaList, Words, read_data, read_file, read_typed, reader, typed
from worldkit.generation.text.english import a, stem
from worldkit.generation.text.word_sets import word_set

ROLES = ("ground", "top", "wall", "run", "roof", "hook", "near", "air")
"""Where the nouns stand to what is told of."""
GENRE_NOUN_COUNT, SHARED_NOUN_COUNT = 4, 2
"""Nouns of a role drawn for a string: of its genre, and of those that all genres have."""
MAX_ADJECTIVES = 3
"""Adjectives drawn for a noun."""
BARE_SHARE = 0.35
"""Which share of the nouns goes without: a small model puts one wherever it may."""
MAX_TRACES = 4
"""Traces drawn for a string."""
SOFT_MAKES = word_set("nouns", "soft")
"""Makes that nothing is said to be above."""


@dataclass(frozen=True, slots=True)
class Noun:
    """A noun of the surroundings: as it is named, what it is made of, and what may be said of it here.

    Its article is "a" for one of several, "the" for the one there is. It belongs only to places of its group, or to
    all others where that begins with "-", as in most cases.
    """

    thing: Thing
    make: str
    group: str = "-"
    adjectives: tuple[str, ...] = ()

    def named(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Yield every article it may have ("" for none) with the adjectives that may stand between it and the noun.

        An empty adjective says that the article may stand before the noun itself.
        """
        every = ("", *self.adjectives)
        first = self.thing.text.split()[0]
        yield "the", every
        if first in ("a", "an"):
            for article in ("a", "an"):
                # the noun's own article is written by hand, for it hangs on sound ("an hourglass")
                fit = tuple(word for word in every if (a(word).split()[0] if word else first) == article)
                if fit:
                    yield article, fit
        elif first != "the":
            yield "", every


def _singulars(text: str) -> frozenset[str]:
    return frozenset(word.removesuffix("s") for word in text.split())


@dataclass(frozen=True, slots=True)
class _Fits:
    """What goes with what, as ``fits.toml`` says."""

    belongs: Mapping[str, Annotated[frozenset[str], reader(_singulars, "words")]]
    adjectives: Mapping[str, Words]
    fits: Mapping[str, Mapping[str, SortNames]]
    made_of: Mapping[str, Words]
    lights: Mapping[str, Words]
    implied_lights: Mapping[str, Words]


@cache
def _fits() -> _Fits:
    return typed(_Fits, read_file("fits.toml"), "fits.toml")


def _texts(texts: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(make, text) for make, each in texts.items() for text in each.split(", ")]


def _read_noun(pair: tuple[str, str]) -> Noun:
    make, (text, _, group) = pair[0], pair[1].partition(" @")
    if group.removeprefix("-") not in ("", *_fits().belongs):
        raise ValueError
    return Noun(Thing(text), make, group or "-")


@dataclass(frozen=True, slots=True)
class SceneNouns:
    """The words that one string may use: nouns by role, and what something large may bear."""

    nouns: Mapping[str, Sequence[Noun]]
    traces: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What ``words.toml`` says of a genre, of places with a roof or of those that have none."""

    nouns: Mapping[str, Annotated[tuple[Noun, ...], reader(_read_noun, "a noun @ a group of fits.toml", _texts)]]
    adjectives: Mapping[str, CommaList]
    places: CommaList = ()
    traces: Mapping[str, CommaList] = field(default_factory=dict)
    alone: bool = False


@cache
def surroundings(genre: str, roofed: bool) -> Surroundings:
    """Return what the data says of a genre of the stock, or of ``"common"``, for places with a roof or without one."""
    path = genre, "indoors" if roofed else "outdoors"
    side = read_typed(dict[str, Any], "words.toml", *path)
    nouns = {role: read_data("words.toml", *path, role) for role in ROLES}
    adjectives = read_data("words.toml", genre, "adjectives")
    return typed(Surroundings, {**side, "nouns": nouns, "adjectives": adjectives}, "words.toml", *path)


@dataclass(frozen=True, slots=True)
class TextSetting:
    """Where something is told of.

    Attributes:
        genre: The world's genre.
        roofed: Whether the place has a roof.
        things: Things of the place, beside which something may be.
        previous_things: Things of the place before, which one passes on the way. What a way itself leads through is
            not known: of general words it may have none, since it may be inside or outside.
        seed: What its words are drawn with.
        name: What the place is called.
        bearers: What may bear traces: things that a sentence can end with what is to be seen of them.
        air: The world's light and air in words: where it tells what gives the light, nothing else does.
    """

    genre: str
    roofed: bool
    things: tuple[Thing, ...] = ()
    seed: int = 0
    previous_things: tuple[Thing, ...] = ()
    name: str = ""
    bearers: tuple[Thing, ...] = ()
    air: str = ""


def draw(spot: TextSetting, avoid: Iterable[str] = (), attempt: int = 0) -> SceneNouns:
    """Return nouns for one string, the same for all answers that are to be chosen from, without words that it has."""
    dice = random.Random(seed_of("scene", spot.seed, attempt))
    own = surroundings(spot.genre, spot.roofed)
    counts = GENRE_NOUN_COUNT, 0 if own.alone else SHARED_NOUN_COUNT
    used_stems = _stems(" ".join(avoid))
    groups = _groups(" ".join([spot.name, *(thing.text for thing in spot.things)]))
    scene: dict[str, list[Noun]] = {}
    for role, candidates in _candidates(spot.genre, spot.roofed, groups).items():
        drawn: dict[_DrawableNoun, None] = {}
        for each, count in zip(candidates, counts, strict=True):
            fit = [candidate for candidate in each if used_stems.isdisjoint(candidate.stems)]
            if role == "air":
                fit = [candidate for candidate in fit if has_light_of(candidate.noun.thing.text, spot.air)]
            order = dice.sample(fit, len(fit))
            if role == "air" and count:
                # one of each make first: what looms needs light or shade, and what sways wind
                first_of_make = list({candidate.noun.make: candidate for candidate in reversed(order)}.values())
                order = [*first_of_make, *(candidate for candidate in order if candidate not in first_of_make)]
            drawn |= dict.fromkeys(order[:count])
        scene[role] = [_described(candidate, used_stems, dice) for candidate in drawn]
    scene["ahead"], scene["passed"] = (
        [
            Noun(Thing(thing.the), "thing")
            for thing in things
            if sort_of(thing).near and used_stems.isdisjoint(_stems(thing.bare))
        ]
        for things in (spot.things, spot.previous_things)
    )
    scene["near"] += scene["ahead"]
    fit_traces = [{*own.traces.get("any", ()), *own.traces.get(make_of(thing), ())} for thing in spot.bearers]
    traces = sorted(set.intersection(*fit_traces)) if fit_traces else []
    told_stems = used_stems.union(*(_stems(thing.text) for thing in spot.bearers))
    traces = [trace for trace in traces if told_stems.isdisjoint(_stems(trace))]
    return SceneNouns(scene, tuple(dice.sample(traces, min(MAX_TRACES, len(traces)))))


@dataclass(frozen=True, slots=True, eq=False)
class _DrawableNoun:
    """A noun of the data, and what is asked of it for every text that it may be drawn for.

    Attributes:
        noun: The noun.
        stems: Those of its words.
        adjectives: What it may be called here beside its own words, each with its stems; none where it says enough.
        says_enough: Whether it says by itself what it is like.
    """

    noun: Noun
    stems: frozenset[str]
    adjectives: tuple[tuple[str, frozenset[str]], ...]
    says_enough: bool


def _described(candidate: _DrawableNoun, used_stems: frozenset[str], dice: random.Random) -> Noun:
    """Return a noun with adjectives drawn, or none where it says by itself what it is like."""
    noun = candidate.noun
    if candidate.says_enough or dice.random() < BARE_SHARE:
        return noun
    words = [word for word, stems in candidate.adjectives if used_stems.isdisjoint(stems)]
    return Noun(noun.thing, noun.make, noun.group, tuple(dice.sample(words, min(MAX_ADJECTIVES, len(words)))))


@lru_cache(maxsize=4096)
def _groups(text: str) -> frozenset[str]:
    """Return the groups of places that a place belongs to of which this is said."""
    place_words = _singulars(text)
    return frozenset(group for group, words in _fits().belongs.items() if not place_words.isdisjoint(words))


@lru_cache(maxsize=1024)
def _candidates(
    genre: str, is_roofed: bool, groups: frozenset[str]
) -> Mapping[str, tuple[Sequence[_DrawableNoun], Sequence[_DrawableNoun]]]:
    """Return the nouns of every role that belong to a place of these groups: those of a genre, and those of all."""

    def belongs(noun: Noun) -> bool:
        return (noun.group.removeprefix("-") in groups) is not noun.group.startswith("-")

    return {
        role: (
            [candidate for candidate in own if belongs(candidate.noun)],
            [candidate for candidate in shared if belongs(candidate.noun)],
        )
        for role, (own, shared) in _nouns(genre, is_roofed).items()
    }


@cache
def _nouns(genre: str, is_roofed: bool) -> Mapping[str, tuple[Sequence[_DrawableNoun], Sequence[_DrawableNoun]]]:
    """Return the nouns of every role: those of a genre, and those of all."""
    own, shared = (surroundings(name, is_roofed) for name in (genre, "common"))
    of_other_side = _fits().adjectives["open" if is_roofed else "roofed"]

    def adjectives(noun: Noun) -> Iterator[tuple[str, frozenset[str]]]:
        sources = [each.adjectives.get(noun.make, ()) for each in (own, shared)]
        sources = sources[:1] if own.alone and sources[0] else sources
        sorts, sort = _fits().fits.get(noun.make, {}), sort_of(noun.thing).name
        own_stems = _stems(noun.thing.bare)
        for word in (word for words in sources for word in words if word not in of_other_side):
            if sort in sorts.get(word, [sort]) and own_stems.isdisjoint(stems := _stems(word)):
                yield word, stems

    def drawable(noun: Noun) -> _DrawableNoun:
        says_enough = " " in noun.thing.bare
        return _DrawableNoun(noun, _stems(noun.thing.text), () if says_enough else tuple(adjectives(noun)), says_enough)

    # a noun that a genre shares with all is drawn once
    distinct_nouns = {noun for each in (own, shared) for role in ROLES for noun in each.nouns[role]}
    drawable_nouns = {noun: drawable(noun) for noun in distinct_nouns}

    def drawable_of(side: Surroundings, role: str) -> Sequence[_DrawableNoun]:
        return [drawable_nouns[noun] for noun in dict.fromkeys(side.nouns[role])]

    return {role: (drawable_of(own, role), drawable_of(shared, role)) for role in ROLES}


@lru_cache(maxsize=4096)
def has_light_of(text: str, air: str) -> bool:
    """Say whether what a text calls the light can be there: no candle lights what the noon sun does.

    Where the air tells of no light, by itself or by what it falls on, any may be there but dusk, which is over soon.
    """
    here, told = lights_of_air(air), _lights_of(text)
    return not here.isdisjoint(told) if here and told else told != {"dusk"}


def lights_of_air(air: str) -> frozenset[str]:
    """Return what gives the light in an air: what it names, else what would give such light."""
    return _lights_of(air) or _lights_of(air, _fits().implied_lights)


def _lights_of(text: str, lights: Mapping[str, Words] | None = None) -> frozenset[str]:
    words = set(re.findall(r"[a-z]+", text.lower()))
    return frozenset(light for light, names in (lights or _fits().lights).items() if not words.isdisjoint(names))


@lru_cache(maxsize=4096)
def make_of(thing: Thing) -> str:
    """Return what a thing is made of, by the first of its words that tells; empty where none does."""
    makes = _fits().made_of
    return next((make for word in thing.text.split() for make, words in makes.items() if word in words), "")


@lru_cache(maxsize=4096)
def _stems(text: str) -> frozenset[str]:
    return frozenset(stem(word) for word in text.replace("-", " ").split() if len(word) > 2)
