"""The findings that a world allows, ``kernel.allow``, when the item that they are about is renamed.

A key of it is a place as the hosted platform spells it: ``state[lane].base``, ``event[climb].phases[1].base``.
"""

from __future__ import annotations

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
        for number in range(len(self._places)):
            self._add(number)

    def _about(self, head: str) -> list[int]:
        return [number for number in self._numbers.get(_start(head), ()) if _is_about(self._places[number], head)]

    def has(self, head: str) -> bool:
        """Return whether findings about an item are allowed, existing or not."""
        return bool(self._about(head))

    def rename(self, head: str, new_head: str) -> None:
        """Put the places of an item under another name."""
        for number in self._about(head):
            place = self._places[number]
            self._numbers[_start(place)].discard(number)
            self._places[number] = new_head + place.removeprefix(head)
            self._add(number)

    def copy(self, head: str, new_head: str) -> None:
        """Put the places of an item under another name, too."""
        for number in sorted(self._about(head)):
            self._rules.append(self._rules[number])
            self._places.append(new_head + self._places[number].removeprefix(head))
            self._add(len(self._places) - 1)

    def _add(self, number: int) -> None:
        self._numbers.setdefault(_start(self._places[number]), set()).add(number)

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
    is_undone_by_name = draft.undo.last["op"] == "update_event"  # it takes the places back, too
    head, new_head = HOSTED.path("event", old), HOSTED.path("event", new)
    draft.move_allowances(head, new_head, keep=draft.find_event(old) is not None, undo=not is_undone_by_name)


def follow_variant_label(draft: Draft, state: str, old: str, new: str) -> None:
    """Let what a world allows follow a variant whose label was just changed; it stays for another of the old label.

    Args:
        state: The state's id.
        old: The variant's label before.
        new: Its label.
    """
    head, new_head = (HOSTED.path("state", state, f"variant[{label}]") for label in (old, new))
    draft.move_allowances(head, new_head, keep=old in draft.variants(state))


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
