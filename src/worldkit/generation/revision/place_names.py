"""The name of a place in the texts of events: when the place gets another, they say it."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Sequence
from typing import Any

from worldkit.core.document import json_of
from worldkit.core.prose import ProseText, prose_of
from worldkit.core.unsent_prose import change_between_layers
from worldkit.editing.prose_edits import prose_ops
from worldkit.generation.direct.naming import begins_sentence
from worldkit.generation.planning.chunking import english
from worldkit.generation.planning.sketch import id_words, layers_of, name, own_prose
from worldkit.generation.text.constraints import clean
from worldkit.generation.text.english import a, capital, title
from worldkit.world import World


def patches(
    world: World, event_names: Container[str], id: str, new: str, *, evidence: bool = False
) -> dict[str, dict[str, Any]]:
    """Return what changes in the texts of events when a place they name is called otherwise, without an article.

    These are patches by the names of the events that name the place; none when its id is no name, or another has the
    same, or when the new name cannot stand in a text. What must be seen on arrival (``evidence``) changes where it is
    another place that the events lead to.
    """
    other_names = {other for state in world.states if state != id for other in _names(state)}
    old_names = [old for old in _names(id) if old not in other_names]
    if not old_names or not clean(new) or not english(own_prose(world)):
        return {}
    change = _name_change(old_names, new, other_names)
    layers = layers_of(world)

    def changed(prose: ProseText) -> str:
        text = change(prose.text)
        is_base = text != prose.text and prose.path[-1] == "base"
        return change_between_layers(prose.text, layers, change) if is_base else text

    kept_fields = {"terminal", "aliases"} if evidence else {"terminal", "aliases", "landWhen"}
    events = {"scene": {"states": {}, "events": json_of(world)["scene"]["events"]}}
    texts = [
        prose
        for prose in prose_of(events)
        if prose.kind == "event" and prose.owner in event_names and kept_fields.isdisjoint(prose.path)
    ]
    ops = prose_ops(world, [(prose, changed(prose)) for prose in texts])
    patch_by_event = {op["name"]: op["patch"] for op in ops if op["op"] == "update_event"}
    for patch in patch_by_event.values():
        # its aliases are other words for the place before
        patch.get("landWhen", {}).pop("aliases", None)
    return patch_by_event


def spoken_name(world: World, id: str) -> str:
    """Return what a place is called in the texts of its world: ``keepers_cottage`` is the keeper's cottage there."""
    texts = [world.states[id].base, *(text for event in world.events for text in (event.narration, event.detail))]
    for each in _names(id):
        pattern = re.compile(rf"\b{_pattern(each)}\b", re.IGNORECASE)
        matches = [match for text in texts if text for match in pattern.finditer(text)]
        # a capital at the beginning of a sentence says nothing
        inside = (match[0] for match in matches if not begins_sentence(match.string, match.start()))
        if matches:
            return next(inside, matches[0][0].lower())
    return name(id)


_NUMBER = re.compile(r"\d+(?:st|nd|rd|th)?(?: \d+)*")
"""An id that texts cannot call a place by: their numbers count other things."""


def _names(id: str) -> list[str]:
    """Return what texts may call a place, the longest first: its id's words with their digits and without; or none.

    A number is no name, and neither is the letter that an id such as ``s1`` has before it.
    """
    whole_name, short_name = " ".join(id_words(id)), name(id)
    names = [whole_name] if re.search(r"\d", whole_name) and not _NUMBER.fullmatch(whole_name) else []
    return names if short_name == "place" or len(short_name) < 2 else [*names, short_name]


def _name_change(old_names: Sequence[str], new: str, other_names: Iterable[str]) -> Callable[[str], str]:
    """Return what gives a place another name in a text; longer names of other places are left whole."""
    others = {other for other in other_names if any(old in other for old in old_names)}
    longest_first = map(_pattern, sorted(others, key=len, reverse=True))
    old_pattern = "|".join(map(_pattern, old_names))
    alternatives = [*(rf"(?:an? )?{other}" for other in longest_first), rf"(?P<article>an? )?(?P<old>{old_pattern})"]
    # "platform 9" is no place called platform
    pattern = re.compile(rf"\b(?:{'|'.join(alternatives)})\b(?! \d)", re.IGNORECASE)

    def new_words(match: re.Match[str]) -> str:
        old_words = match["old"]
        if old_words is None:
            return match[0]
        is_title = " " in old_words and all(not word[:1].islower() for word in re.split(r"[ _-]", old_words))
        words = title(new) if is_title else capital(new) if old_words[0].isupper() else new
        if not match["article"]:
            return words
        return capital(a(words)) if match[0][0].isupper() else a(words)

    return lambda text: pattern.sub(new_words, text)


def _pattern(place: str) -> str:
    """Return a pattern for a name as an id makes it: an apostrophe may stand before an s, a hyphen for a blank."""
    words = (re.sub(r"s\Z", "['’]?s", re.escape(word)) for word in place.split())
    return "[ _-]".join(words)
