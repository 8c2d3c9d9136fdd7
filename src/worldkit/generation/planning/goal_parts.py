"""What a goal is about, where it ends, and what a world is called by it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from worldkit.generation.planning.goal_words import ASIDE_WORDS, LEADING_WORDS, PARTICLES, WORN_ADJECTIVES, is_said_of
from worldkit.generation.planning.people import is_animal
from worldkit.generation.planning.senses import is_portable, is_visible, means_somebody
from worldkit.generation.planning.stock import Thing, stock
from worldkit.generation.text.english import capital, the, title
from worldkit.generation.text.word_sets import ARTICLES, word_set
from worldkit.language.tagging import tag

_ABSTRACT_NOUNS = word_set("goal", "abstract")
_CONVEYING_VERBS = word_set("goal", "conveying")
"""Verbs that move somebody or something, so that they end where the goal says."""
_REACHING_VERBS = word_set("goal", "reaching")
"""Verbs whose object may be the place where the goal is reached."""
_MAKING_VERBS = word_set("goal", "making")
"""Verbs after whose object another verb may follow."""
_HANDOVER_VERBS = word_set("goal", "handed_over")
"""Verbs of what is done with a thing that one has with one: to deliver it, to hide it."""
_RECEIVING_PLACE = re.compile(rf" (?:in|inside|into|under|beneath|behind|on|onto|beside) ((?:{'|'.join(ARTICLES)}) .+)")
"""What a thing is put into or beside."""
_DESTINATION = re.compile(r"(?:.* )?(?:to|into|onto|aboard) (?:the|an?) (.+)")
_END_OF_NAME = re.compile(
    r" (?:in|on|at|behind|under|beneath|beside|by|near|through|across|past|where|whose|that|which|with|from|before) "
)


def object_of(goal: str) -> str:
    """Return the thing that a goal is about, with its article; empty when it is about none that can be seen."""
    words = goal.split()[1:]
    if words and words[0] in PARTICLES | {"back"}:
        words = words[1:]
    if len(words) < 2 or words[0] not in ARTICLES:
        return ""
    phrase: list[str] = words[:1]
    tokens = {token.word: token for token in reversed(tag(goal))}
    for at, word in enumerate(words[1:5], 2):
        # what a goal ends with is a noun: the will
        leading_words = LEADING_WORDS - WORN_ADJECTIVES - {"only"} if at < len(words) else frozenset()
        if word in leading_words | PARTICLES | ASIDE_WORDS | ARTICLES or word == "from":
            break
        is_noun_before = any(tokens[before].tag == "N" for before in phrase if before in tokens)
        if is_noun_before and word in tokens and is_said_of(tokens[word]):
            break
        phrase.append(word)
    if goal.split()[0] in _MAKING_VERBS and len(phrase) > 2:
        phrase.pop()
    head = phrase[-1]
    is_thing = head not in WORN_ADJECTIVES | _ABSTRACT_NOUNS and stock().settings.isdisjoint(
        [head, head.removesuffix("s")]
    )
    return " ".join(phrase) if is_thing and 2 <= len(phrase) <= 4 else ""


def carried_thing(goal: str) -> Thing | None:
    """Return the thing that somebody must have with them to do what a goal says; None where it takes a tool.

    Example:
        >>> carried_thing("hide a knife inside a birthday cake"), carried_thing("find a knife")
        (Thing(text='a knife'), None)
    """
    it = object_of(goal) if goal.split()[0] in _HANDOVER_VERBS else ""
    thing = Thing(it)
    if not it or not is_visible(thing.bare) or (means_somebody(thing.head) and not is_animal(thing.head)):
        return None
    return thing if is_portable(thing.head) else None


def receiver_of(goal: str, things: Sequence[str]) -> str:
    """Return which of these things another is put into or beside, in a goal; empty where it is none of them."""
    match = _RECEIVING_PLACE.search(goal)
    words = match[1].split() if match else []
    return next((thing for thing in things if thing.split()[-1] in words and is_portable(thing.split()[-1])), "")


def destination(goal: str) -> str:
    """Return where a goal ends, without article: the place that it leads to, or ``"home"``; empty for none."""
    verb, _, rest = goal.partition(" ")
    if verb in _CONVEYING_VERBS | {"find"} and re.search(r"(?:\A|the way | )home\Z", goal):
        return "home"
    # the last "to" that leads somewhere: across the lake to the castle
    if verb in _CONVEYING_VERBS and (match := _DESTINATION.fullmatch(rest)):
        return _END_OF_NAME.split(match[1])[0]
    words = _END_OF_NAME.split(rest)[0].split()
    return " ".join(words[1:]) if verb in _REACHING_VERBS and words[:1] and words[0] in ARTICLES else ""


def world_names(setting: str, goal: str, places: Sequence[str]) -> list[str]:
    """Return what a world may be called: after its chief place, else after what its goal is about, else after the goal.

    There may be no chief place, and no goal where the premise sets none and has a place. The other names have one
    of its places too, so that worlds of one premise can be told apart.
    """
    it = object_of(goal)
    subjects = [the(setting)] if setting and (setting not in _GENERIC_PLACES or not it) else []
    if it:
        rest = goal.partition(it)[2]
        rest = _DIRECTION_PREPOSITION.split(rest)[0] if rest.startswith(" of ") else rest
        has_clause = _CLAUSE_OPENINGS.intersection(rest.split()[:1]) and len(it + rest) <= 40
        subjects.append(f"{Thing(it).the}{rest if has_clause else ''}")
    others = [the(place) for place in places if place != setting]
    names = [f"{subject} and {place}" for subject in subjects for place in others]
    if not subjects:
        subjects = [goal.removeprefix("find out ")]
        names = [f"{subjects[0]}: {capital(place)}" for place in others]
    return list(map(title, subjects + names))


_GENERIC_PLACES = word_set("planner", "anywhere")
"""Places that say little by themselves."""
_DIRECTION_PREPOSITION = re.compile(r" (?:to|into|back|past|across|over|through|from|before) ")
_CLAUSE_OPENINGS = word_set("planner", "telling")
