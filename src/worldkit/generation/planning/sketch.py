"""A world that exists, seen as a plan, so that whatever writes the prose of new worlds can add to it too."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable

from worldkit.core.profile import HOSTED
from worldkit.core.unsent_prose import unsent_layers, without_layers
from worldkit.generation.engines.base import TaskRefused, seed_of
from worldkit.generation.planning import premise as reader
from worldkit.generation.planning.assignment import named, shuffled
from worldkit.generation.planning.chunking import english, things
from worldkit.generation.planning.people import has_hands
from worldkit.generation.planning.plan import Plan, PlanPlace
from worldkit.generation.planning.senses import base_form
from worldkit.generation.planning.stock import Genre, Thing, by_head, stock
from worldkit.generation.text.constraints import clean
from worldkit.generation.text.word_sets import ARTICLES, HANGING_WORDS, words
from worldkit.world import World

MIN_THINGS = 3
"""How many things a place is made of, at least."""

_NUMBERS = frozenset(words("english", "numbers")[:9])
"""Two to ten."""
_WORDS = re.compile(r"[a-z]+(?:[ -][a-z]+)*")


def sketch(world: World, states: Iterable[str], seed: int, *, fill: bool = True) -> Plan:
    """Return some states of a world as the places of a plan, without steps; what the world does not say is drawn.

    Places of few things are filled up, or else have what the world names there, perhaps nothing.

    Raises:
        WorldError: The world's prose is not English, and nothing here could write on in it.
    """
    prose = own_prose(world)
    if not english(prose):
        raise TaskRefused(
            "this world's prose is not in English, and neither the small model nor the templates write anything else; "
            'name a capable model, model="chat:<base url>#<model>", or edit by hand: wk.edit(world)'
        )
    dice = random.Random(seed_of("sketch", world.name or "", seed))
    logline = world.story.logline if world.story else ""
    reading = reader.read(f"{logline} {world.description or ''} {prose}", dice)
    look = (world.subject or reading.look).strip().rstrip(".")
    tail = world.style_tail or dice.choice(reading.genre.air)
    return Plan(
        premise=" ".join([world.name or "", *states]),
        name=world.name or "",
        logline=logline,
        who=who(look),
        look=look,
        air=tail if clean(tail) else dice.choice(reading.genre.air),
        motions=tuple(shuffled(dice, reading.genre.motions)),
        setting=world.name or "the world",
        goal="go on",
        deadline="",
        places=tuple(place(world, id, reading.genre if fill else None, dice) for id in states),
        steps=(),
        genre=reading.genre.name,
        surroundings=reading.genre.surroundings,
        has_hands=has_hands(who(look)),
    )


def place(world: World, id: str, genre: Genre | None, dice: random.Random) -> PlanPlace:
    """Return a state as a place with the things that its prose names and those to be clicked there.

    If those are few, others are drawn from a genre, where there is one.
    """
    labels = [event.anchor.label for event in world.events if event.anchor and id in event.from_]
    named_things = [*things(own_base(world, id)), *(named(noun) for label in labels if (noun := plain(label)))]
    no_things = {*stock().persons, *name(id).split()}
    own = list(by_head(thing for thing in named_things if thing.head not in no_things).values())
    return PlanPlace(id, name(id), filled(own, genre, dice) if genre else tuple(own))


def layers_of(world: World) -> dict[str, str]:
    """Return the prose of the whole world that stands inside its bases: subject and style tail."""
    return unsent_layers({"subject": world.subject, "styleTail": world.style_tail}, HOSTED)


def own_base(world: World, id: str) -> str:
    """Return what a state's base says of the state alone, without the subject and style tail."""
    return without_layers(world.states[id].base, layers_of(world))


def own_prose(world: World) -> str:
    """Return what all bases say of their states alone."""
    return " ".join(own_base(world, id) for id in world.states)


def filled(things: list[Thing], genre: Genre, dice: random.Random) -> tuple[Thing, ...]:
    """Return things, made up from a genre's when they are fewer than a place needs."""
    own = {thing.head: thing for thing in things}
    every = by_head([*own.values(), *shuffled(dice, [prop for spot in genre.places for prop in spot.props])])
    return tuple(every.values())[: max(MIN_THINGS, len(own))]


def name(id: str) -> str:
    """Return what a state is called in a sentence, made of its id: ``hotel_roof__fail_hived`` is a hotel roof."""
    words = re.sub(r"\b\d\w*|\d", " ", " ".join(id_words(id))).split()
    return "place" if not words or words[0] in HANGING_WORDS | _NUMBERS else plain(" ".join(words)) or "place"


def id_words(id: str) -> list[str]:
    """Return the words of a state's id with their digits, without an article before them."""
    words = re.sub(r"[\W_]+", " ", id.split("__")[0]).lower().split()
    return words[1:] if len(words) > 1 and words[0] in ARTICLES else words


def plain(text: str) -> str:
    """Return a text as plain lower-case words, or nothing when it is none, or holds what a rule refuses."""
    words = " ".join(text.lower().split())
    return words if _WORDS.fullmatch(words) and clean(words) and len(words) <= 40 else ""


def who(look: str) -> str:
    """Return the word for whom a description describes: ``A tall ferryman in a smock`` is a ferryman."""
    group = _ONE_OF.search(look)
    articles = (match for match in _ARTICLE.finditer(look) if not _LINK.search(look[: match.start()]))
    article = next(articles, None)
    described = group or article
    head = _END_OF_HEAD.split(look[described.end() :] if described else look, maxsplit=1)[0]
    words = [word for word in re.findall(r"[a-z]+", head.lower()) if word not in HANGING_WORDS]
    word = words[-1] if words else ""
    if group:
        word = base_form(word)
    return word if word and clean(word) else "figure"


_ONE_OF = re.compile(r"(?:\A\s*|, )one of ", re.IGNORECASE)
_ARTICLE = re.compile(r"(?:\A|[ ,])(?:an?|the) ", re.IGNORECASE)
_LINKS = "in|with|of|at|on|from|seen|who|wearing|carrying"
_LINK = re.compile(rf"\b(?:{_LINKS})\Z", re.IGNORECASE)
"""Ends what stands before clothes and other things that somebody has."""
_END_OF_HEAD = re.compile(rf"[,.;:]| (?:{_LINKS}|the size) ", re.IGNORECASE)
