"""The name of a place in the texts of events: when the place gets another, they say it."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Sequence
from typing import Any

from worldkit.core.document import json_of
from worldkit.core.json_values import Json, deep_copy
from worldkit.core.unsent_prose import change_between_layers
from worldkit.generation.planning.chunking import english
from worldkit.generation.planning.sketch import id_words, layers_of, name, own_prose
from worldkit.generation.text.constraints import clean
from worldkit.generation.text.english import a, capital, title
from worldkit.world import World

TEXTS = ("base", "detail", "narration", "lockedHint", "camera", "movement")
"""The texts of an event; a camera or a movement may also be two, one for each half."""
HALVES = ("static", "dynamic")
PHASE_TEXTS = ("base", "camera", "movement", "detail")

Change = Callable[[str], str]


def patches(
    world: World, event_names: Container[str], id: str, new: str, *, evidence: bool = False
) -> dict[str, dict[str, Any]]:
    """Return what changes in the texts of events when a place they name is called otherwise.

    Args:
        world: The world.
        event_names: The names of the events.
        id: The state that is the place.
        new: What the place is called now, without an article.
        evidence: Change what must be seen on arrival too, because it is another place that the events lead to.

    Returns:
        Patches by the names of the events that name the place; none when its id is no name, or another has the same,
        or when the new name cannot stand in a text.
    """
    other_names = {other for state in world.states if state != id for other in _names(state)}
    old_names = [old for old in _names(id) if old not in other_names]
    if not old_names or not clean(new) or not english(own_prose(world)):
        return {}
    change = _name_change(old_names, new, other_names)
    layers = layers_of(world)

    def changed(field: str, text: str) -> str:
        new_text = change(text)
        return change_between_layers(text, layers, change) if new_text != text and field == "base" else new_text

    events = [event for event in json_of(world)["scene"]["events"] if event["name"] in event_names]
    patch_by_event = {event["name"]: _patch(event, changed, evidence) for event in events}
    return {event: deep_copy(patch) for event, patch in patch_by_event.items() if patch}


def _patch(event: Json, changed: Callable[[str, str], str], evidence: bool) -> dict[str, Any]:
    patch = _new_texts(event, TEXTS, changed)
    parts = {"camera": HALVES, "movement": HALVES, "anchor": ("label",), "waypoint": ("label",)}
    for field, fields in parts.items():
        part = event.get(field)
        if isinstance(part, dict) and (new_texts := _new_texts(part, fields, changed)):
            patch[field] = part | new_texts
    phases = event.get("phases") or ()
    new_phases = [phase | _new_texts(phase, PHASE_TEXTS, changed) for phase in phases]
    if new_phases != list(phases):
        patch["phases"] = new_phases
    land_when = event.get("landWhen") or {}
    if evidence and (new_texts := _new_texts(land_when, ("label",), changed)):
        # its aliases are other words for the place before
        patch["landWhen"] = {key: value for key, value in land_when.items() if key != "aliases"} | new_texts
    return patch


def _new_texts(part: Json, fields: Sequence[str], changed: Callable[[str, str], str]) -> dict[str, Any]:
    """Return those of some texts that change, as they are then."""
    return {
        field: new_text
        for field in fields
        if isinstance(text := part.get(field), str) and (new_text := changed(field, text)) != text
    }


def spoken_name(world: World, id: str) -> str:
    """Return what a place is called in the texts of its world: ``keepers_cottage`` is the keeper's cottage there."""
    texts = [world.states[id].base, *(text for event in world.events for text in (event.narration, event.detail))]
    for each in _names(id):
        pattern = re.compile(rf"\b{_pattern(each)}\b", re.IGNORECASE)
        matches = [match for text in texts if text for match in pattern.finditer(text)]
        # a capital at the beginning of a sentence says nothing
        inside = (match[0] for match in matches if match.string[: match.start()].rstrip()[-1:] not in _EDGES)
        if matches:
            return next(inside, matches[0][0].lower())
    return name(id)


_EDGES = ("", ".", "!", "?", ":", '"', "“")


_NUMBER = re.compile(r"\d+(?:st|nd|rd|th)?(?: \d+)*")
"""An id that texts cannot call a place by: their numbers count other things."""


def _names(id: str) -> list[str]:
    """Return what texts may call a place, the longest first: its id's words with their digits and without; or none.

    A number is no name, and neither is the letter that an id such as ``s1`` has before it.
    """
    whole_name, short_name = " ".join(id_words(id)), name(id)
    names = [whole_name] if re.search(r"\d", whole_name) and not _NUMBER.fullmatch(whole_name) else []
    return names if short_name == "place" or len(short_name) < 2 else [*names, short_name]


def _name_change(old_names: Sequence[str], new: str, other_names: Iterable[str]) -> Change:
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
