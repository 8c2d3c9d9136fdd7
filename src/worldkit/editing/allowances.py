"""The findings that a world allows, ``kernel.allow``, when the item that they are about is renamed.

A key of it is a place as the hosted platform spells it: ``state[lane].base``, ``event[climb].phases[1].base``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from worldkit.core.json_values import Json
from worldkit.core.profile import HOSTED

if TYPE_CHECKING:
    from worldkit.editing.draft import Draft


class AllowedPlaces:
    """The places where a world allows findings, in order, by the item that they may be about.

    Args:
        fields: The world's own fields.
    """

    def __init__(self, fields: Json) -> None:
        allow = _allow(fields)
        self._places, self._rules = list(allow), list(allow.values())
        self._numbers: dict[str, set[int]] = {}
        for number, place in enumerate(self._places):
            self._numbers.setdefault(_start(place), set()).add(number)

    def _about(self, head: str) -> list[int]:
        return [number for number in self._numbers.get(_start(head), ()) if _is_about(self._places[number], head)]

    def has(self, kind: str, name: str) -> bool:
        """Return whether findings about an item are allowed, existing or not."""
        return bool(self._about(HOSTED.path(kind, name)))

    def rename(self, kind: str, old: str, new: str) -> bool:
        """Put the places of an item under a name that has none; return whether there are any."""
        head, new_head = HOSTED.path(kind, old), HOSTED.path(kind, new)
        numbers = self._about(head)
        for number in numbers:
            place = self._places[number]
            self._numbers[_start(place)].discard(number)
            self._places[number] = new_place = new_head + place.removeprefix(head)
            self._numbers.setdefault(_start(new_place), set()).add(number)
        return bool(numbers)

    def by_place(self) -> Json:
        """Return ``kernel.allow``."""
        return dict(zip(self._places, self._rules, strict=True))


def _start(place: str) -> str:
    # the end of a name is not known, since it may hold brackets itself; this much of it is
    return place.partition("]")[0]


def follow_event_rename(draft: Draft, old: str, new: str) -> None:
    """Let what a world allows follow an event that was just renamed; it stays for another event of the old name, too.

    Args:
        draft: The draft; the last step in it gave the event its new name.
        old: What the event was called.
        new: What it is called.
    """
    if draft.undo[-1]["op"] == "update_event":  # it takes the places back, too
        draft.rename_allowances(old, new)
        return
    is_shared = draft.find_event(old) is not None
    kernel = (
        copied_allowances(draft.fields, "event", {old: [new]})
        if is_shared
        else renamed_allowances(draft.fields, "event", old, new)
    )
    if kernel is not None:
        draft.set_field("kernel", kernel)


def follow_variant_label(draft: Draft, state: str, old: str, new: str) -> None:
    """Let what a world allows follow a variant whose label was just changed; it stays for another of the old label.

    Args:
        draft: The draft.
        state: The state's id.
        old: The variant's label before.
        new: Its label.
    """
    is_shared = any(variant["label"] == old for variant in draft.state(state)["variants"])
    head, new_head = (HOSTED.path("state", state, f"variant[{label}]") for label in (old, new))
    allow = _allow(draft.fields)
    copies = {new_head + place.removeprefix(head): rules for place, rules in allow.items() if _is_about(place, head)}
    if copies:
        others = {place: rules for place, rules in allow.items() if is_shared or not _is_about(place, head)}
        draft.set_field("kernel", {**draft.fields["kernel"], "allow": {**others, **copies}})


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


def copied_allowances(fields: Json, kind: str, new_names: Mapping[str, Sequence[str]]) -> Json | None:
    """Return ``kernel`` with the places of items also under the new names of others that shared theirs.

    Args:
        fields: The world's own fields.
        kind: ``"state"`` or ``"event"``.
        new_names: What the others are called, by the name that was shared.

    Returns:
        The value, or None when nothing in it is about such an item.
    """
    allow = _allow(fields)
    new_heads = {HOSTED.path(kind, old): [HOSTED.path(kind, new) for new in news] for old, news in new_names.items()}
    lengths = sorted({len(head) for head in new_heads})
    copies: Json = {}
    for place, rules in allow.items():
        for length in lengths:
            head = place[:length]
            if head in new_heads and _is_about(place, head):
                copies |= {new_head + place.removeprefix(head): rules for new_head in new_heads[head]}
    return {**fields["kernel"], "allow": {**allow, **copies}} if copies else None


def has_allowances(fields: Json, kind: str, name: str) -> bool:
    """Return whether a world allows findings about an item, existing or not."""
    head = HOSTED.path(kind, name)
    return any(_is_about(place, head) for place in _allow(fields))


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
