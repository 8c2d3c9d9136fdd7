"""The findings that a world allows, ``kernel.allow``, when the item that they are about is renamed.

A key of it is a place as the hosted platform spells it: ``state[lane].base``, ``event[climb].phases[1].base``.
"""

from __future__ import annotations

from worldkit.core.json_values import Json
from worldkit.core.profile import HOSTED


def renamed_allowances(fields: Json, kind: str, old: str, new: str) -> Json | None:
    """Return ``kernel`` with the places of an item under its new name.

    Args:
        fields: The world's own fields.
        kind: ``"state"`` or ``"event"``.
        old: What the item was called.
        new: What it is called.

    Returns:
        The value, or None when nothing in it is about the item.
    """
    allow = _allow(fields)
    head, new_head = HOSTED.path(kind, old), HOSTED.path(kind, new)
    if not any(_is_about(place, head) for place in allow):
        return None
    places: Json = {}
    for place, rules in allow.items():
        places[new_head + place.removeprefix(head) if _is_about(place, head) else place] = rules
    return {**fields["kernel"], "allow": places}


def has_allowances(fields: Json, kind: str, name: str) -> bool:
    """Return whether a world allows findings about an item, existing or not."""
    return any(_is_about(place, HOSTED.path(kind, name)) for place in _allow(fields))


def allowances_by_new_names(fields: Json, kind: str, names: dict[str, str]) -> Json | None:
    """Return ``kernel`` with the places of several items under their new names, all changed at once.

    Args:
        fields: The world's own fields.
        kind: ``"state"`` or ``"event"``.
        names: The new names of the items, by their old ones.

    Returns:
        The value, or None when nothing in it is about these items.
    """
    allow = _allow(fields) if names else {}
    new_heads = {HOSTED.path(kind, old): HOSTED.path(kind, new) for old, new in names.items()} if allow else {}
    lengths = sorted({len(head) for head in new_heads})
    places: Json = {}
    for place, rules in allow.items():
        heads = (place[:length] for length in lengths)
        head = next((head for head in heads if head in new_heads and _is_about(place, head)), "")
        places[new_heads[head] + place.removeprefix(head) if head else place] = rules
    return None if list(places) == list(allow) else {**fields["kernel"], "allow": places}


def _allow(fields: Json) -> Json:
    kernel = fields.get("kernel")
    allow = kernel.get("allow") if isinstance(kernel, dict) else None
    return allow if isinstance(allow, dict) else {}


def _is_about(place: str, head: str) -> bool:
    return place.startswith(head) and place[len(head) : len(head) + 1] in ("", ".", " ")
