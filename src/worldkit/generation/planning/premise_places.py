"""Where a premise is set, and the place that its goal leads to."""

from __future__ import annotations

import re
from collections.abc import Iterable

from worldkit.assessment.names import Name, Premise
from worldkit.generation.planning.goal_parts import destination
from worldkit.generation.planning.kinds import kind_of
from worldkit.generation.planning.protagonist import MAX_NAME_CHARACTERS
from worldkit.generation.planning.senses import is_vehicle, means_somebody
from worldkit.generation.planning.setting import is_place
from worldkit.generation.text import word_sets
from worldkit.generation.text.constraints import clean

_LOCATION_OPENING = re.compile(
    r"\b(?:in|inside|into|at|aboard|through|on|from|across|under|beneath|of|to) "
    r"(?:(?:an?|the|his|her|their|its|this) )?(?:[a-z-]+ )?\Z"
)
LATER_TIME_OPENING = re.compile(r"\b(?:before|during|until) (?:(?:an?|the|his|her|their|its|next) )?(?:[a-z-]+ )?\Z")
"""What stands before what only says when something is: before the opening, during a ball."""
_ENTERING_VERBS = word_sets.word_set("premise", "entering")
"""Verbs whose object is a place as much as a thing: who is to land an airship is on it."""


def places_of(premise_names: Premise) -> list[Name]:
    """Return the places that a premise names, the chief one first, one with a roof before the ground it stands on.

    A thing that is a known kind of place is one too, unless it is what is to be moved, mended and the like.
    """
    objects = {task.object for task in premise_names.task}
    entered_names = {task.object for task in premise_names.task if task.lemma in _ENTERING_VERBS}
    named_places = [name for name in premise_names.where if name.phrase not in objects or kind_of(name.phrase)]
    # before the fair: what comes later is where the story is only when nothing else is named
    is_later = all(LATER_TIME_OPENING.search(premise_names.text[: name.start].lower()) for name in named_places)
    places = [] if is_later else named_places
    located_names = [
        name
        for name in premise_names.what
        if name.phrase in entered_names or _LOCATION_OPENING.search(premise_names.text[: name.start].lower())
    ]
    places = places or [name for name in located_names if (kind := kind_of(name.phrase)) and kind.name != "imagined"]
    # a word that no lexicon knows is a place where it is said to be one
    places = places or [name for name in located_names if not name.senses and name.phrase not in objects]
    # who mends a windmill is in it
    present_names = [
        name for name in premise_names.what if not LATER_TIME_OPENING.search(premise_names.text[: name.start].lower())
    ]
    buildings = [name for name in present_names if (kind := kind_of(name.phrase)) and kind.is_roofed]
    places = places or named_places or [name for name in buildings if not is_vehicle(name.phrase)]
    return sorted(places, key=_is_ground)


def is_location_word(word: str) -> bool:
    """Say whether a word before a noun says where one is: the harbour clock, a train conductor, and no road map."""
    kind = kind_of(word)
    return kind is not None and {word, kind.name}.isdisjoint(word_sets.word_set("premise", "no_locations"))


def _is_ground(name: Name) -> bool:
    kind = kind_of(name.phrase)
    return kind is None or not (kind.genre or kind.is_roofed)


def destination_of(goal: str, premise_places: Iterable[str]) -> str:
    """Return the place that a goal leads to, as the premise calls it; empty when it leads to none."""
    name = destination(goal)
    if name in ("", "home"):
        return "family home" if name else ""
    head = name.partition(" of ")[0].split()[-1]
    if named_place := next((place for place in premise_places if place and place.split()[-1] == head), ""):
        return named_place
    # what is found may be a thing: only what the premise calls a place is one
    is_reached = goal.split()[0] not in ("find", "discover") and is_place(name)
    is_somebody = means_somebody(head) and kind_of(head) is None  # the lady of the lighthouse
    return name if is_reached and not is_somebody and len(name) <= MAX_NAME_CHARACTERS and clean(name) else ""
