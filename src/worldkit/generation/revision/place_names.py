"""The name of a place in the texts of events: when the place gets another, they say it."""

from __future__ import annotations

import re
from collections.abc import Iterable
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
    patch_by_event = {event.name: _patch(world, event, id, new) for event in events}
    return {event: patch for event, patch in patch_by_event.items() if patch}


def _patch(world: World, event: Event, id: str, new: str) -> dict[str, Any]:
    patch: dict[str, Any] = {}
    for attribute, field in TEXTS.items():
        text = getattr(event, attribute)
        if text and (changed := _with_name(text, world, id, new)) != text:
            patch[field] = changed
    if "base" in patch:
        base = event.base or ""
        patch["base"] = change_between_layers(base, layers_of(world), lambda own: _with_name(own, world, id, new))
    if event.anchor and event.anchor.label:
        label = _with_name(event.anchor.label, world, id, new)
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


def _with_name(text: str, world: World, id: str, new: str) -> str:
    """Return a text in which a place is called otherwise; longer names of other places are left whole."""
    old = name(id)
    others = {other for state in world.states if (other := name(state)) != old and old in other}
    return _replaced(text, old, new, sorted(others, key=len, reverse=True))


def _replaced(text: str, old: str, new: str, others: Iterable[str]) -> str:
    alternatives = [*(_pattern(other) for other in others), rf"(?P<article>an? )?(?P<old>{_pattern(old)})"]

    def other_name(match: re.Match[str]) -> str:
        found = match["old"]
        if found is None:
            return match[0]
        is_title = " " in found and all(word[:1].isupper() for word in re.split(r"[ _-]", found))
        words = title(new) if is_title else capital(new) if found[0].isupper() else new
        if not match["article"]:
            return words
        return capital(a(words)) if match[0][0].isupper() else a(words)

    return re.sub(rf"\b(?:{'|'.join(alternatives)})\b", other_name, text, flags=re.IGNORECASE)


def _pattern(place: str) -> str:
    """Return a pattern for a name as an id makes it: an apostrophe may stand before an s, a hyphen for a blank."""
    words = (re.sub(r"s\Z", "['’]?s", re.escape(word)) for word in place.split())
    return "[ _-]".join(words)
