"""The findings that a world allows, ``kernel.allow``, when the item that they are about is renamed.

A key of it is a place as the hosted platform spells it: ``state[lane].base``, ``event[climb].phases[1].base``.
"""

from __future__ import annotations

from collections.abc import Mapping

from worldkit.core.json_values import Json
from worldkit.core.profile import HOSTED


def renamed_allowances(fields: Json, kind: str, names: Mapping[str, str]) -> Json | None:
    """Return ``kernel`` with the places of items under their new names.

    Args:
        fields: The world's own fields.
        kind: ``"state"`` or ``"event"``.
        names: The new names of the items by their old ones, all changed at once.

    Returns:
        The value, or None when nothing in it is about these items.
    """
    allow = _allow(fields) if names else {}
    places = {_renamed_place(place, kind, names): rules for place, rules in allow.items()}
    return None if list(places) == list(allow) else {**fields["kernel"], "allow": places}


def _renamed_place(place: str, kind: str, names: Mapping[str, str]) -> str:
    head, tail = HOSTED.path(kind, "\0").split("\0")
    if not place.startswith(head):
        return place
    end = place.find(tail, len(head))
    while end >= 0:  # a name may hold a bracket itself
        name = place[len(head) : end]
        if name in names and _is_about(place, HOSTED.path(kind, name)):
            return HOSTED.path(kind, names[name]) + place[end + len(tail) :]
        end = place.find(tail, end + 1)
    return place


def has_allowances(fields: Json, kind: str, name: str) -> bool:
    """Return whether a world allows findings about an item, existing or not."""
    return any(_is_about(place, HOSTED.path(kind, name)) for place in _allow(fields))


def _allow(fields: Json) -> Json:
    kernel = fields.get("kernel")
    allow = kernel.get("allow") if isinstance(kernel, dict) else None
    return allow if isinstance(allow, dict) else {}


def _is_about(place: str, head: str) -> bool:
    return place.startswith(head) and place[len(head) : len(head) + 1] in ("", ".", " ")
