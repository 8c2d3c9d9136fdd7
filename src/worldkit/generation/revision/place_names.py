"""The name of a place in the texts of events: when the place gets another, they say it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from worldkit.core.model import Event
from worldkit.core.unsent_prose import change_between_layers
from worldkit.generation.planning.chunking import english
from worldkit.generation.planning.sketch import layers_of, name, own_prose
from worldkit.generation.text.constraints import clean
from worldkit.generation.text.english import a, capital, title
from worldkit.world import World

TEXTS = {"base": "base", "detail": "detail", "narration": "narration", "locked_hint": "lockedHint"}
"""The texts of an event by their attributes, with their names in a patch."""


def patches(world: World, events: Iterable[Event], id: str, new: str) -> dict[str, dict[str, Any]]:
    """Return what changes in the texts of events when a place they name is called otherwise.

    Args:
        world: The world.
        events: The events.
        id: The state that is the place.
        new: What the place is called now, without an article.

    Returns:
        Patches by the names of the events that name the place; none when its id is no name, or another has the same,
        or when the new name cannot stand in a text.
    """
    old = name(id)
    is_name = old != "place" and sum(name(state) == old for state in world.states) == 1
    if not is_name or not clean(new) or not english(own_prose(world)):
        return {}
    change = _name_change(world, id, new)
    patch_by_event = {event.name: _patch(world, event, change) for event in events}
    return {event: patch for event, patch in patch_by_event.items() if patch}


def _patch(world: World, event: Event, change: Callable[[str], str]) -> dict[str, Any]:
    patch: dict[str, Any] = {}
    for attribute, field in TEXTS.items():
        text = getattr(event, attribute)
        if text and (changed := change(text)) != text:
            patch[field] = changed
    if "base" in patch:
        base = event.base or ""
        patch["base"] = change_between_layers(base, layers_of(world), change)
    if event.anchor and event.anchor.label:
        label = change(event.anchor.label)
        if label != event.anchor.label:
            patch["anchor"] = {**event.anchor.model_dump(by_alias=True, exclude_unset=True), "label": label}
    return patch


def spoken_name(world: World, id: str) -> str:
    """Return what a place is called in the texts of its world: ``keepers_cottage`` is the keeper's cottage there."""
    texts = [world.states[id].base, *(text for event in world.events for text in (event.detail, event.narration))]
    for text in texts:
        if text and (match := re.search(rf"\b{_pattern(name(id))}\b", text, re.IGNORECASE)):
            return match[0].lower()
    return name(id)


def _name_change(world: World, id: str, new: str) -> Callable[[str], str]:
    """Return what gives a place another name in a text; longer names of other places are left whole."""
    old = name(id)
    others = {other for state in world.states if (other := name(state)) != old and old in other}
    longest_first = map(_pattern, sorted(others, key=len, reverse=True))
    alternatives = [*longest_first, rf"(?P<article>an? )?(?P<old>{_pattern(old)})"]
    pattern = re.compile(rf"\b(?:{'|'.join(alternatives)})\b", re.IGNORECASE)

    def new_words(match: re.Match[str]) -> str:
        old_words = match["old"]
        if old_words is None:
            return match[0]
        is_title = " " in old_words and all(word[:1].isupper() for word in re.split(r"[ _-]", old_words))
        words = title(new) if is_title else capital(new) if old_words[0].isupper() else new
        if not match["article"]:
            return words
        return capital(a(words)) if match[0][0].isupper() else a(words)

    return lambda text: pattern.sub(new_words, text)


def _pattern(place: str) -> str:
    """Return a pattern for a name as an id makes it: an apostrophe may stand before an s, a hyphen for a blank."""
    words = (re.sub(r"s\Z", "['’]?s", re.escape(word)) for word in place.split())
    return "[ _-]".join(words)
