"""What a merge cannot decide, as data, and what was decided about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from worldkit.comparison.fields import ABSENT
from worldkit.core import json_values
from worldkit.core.argument_checks import checked_methods
from worldkit.core.diagnostics import Item, ItemKind
from worldkit.core.errors import WorldError
from worldkit.core.json_values import Json, copied, shown

Side = Literal["ours", "theirs", "base"]

LISTS: Mapping[ItemKind, str] = {
    "state": "states",
    "event": "events",
    "cutscene": "cutscenes",
    "sequence": "sequences",
    "mission": "missions",
}
_KINDS: dict[str, ItemKind] = {field: kind for kind, field in LISTS.items()}
_VALUE = 60


class Place(NamedTuple):
    """A place in the three documents.

    Attributes:
        kind: ``"state"`` or ``"event"``; all else is ``"world"``.
        id: What base calls the item, or whoever added it.
        keys: The way inside it; of lists whose items have ids, the ids.
        mark: What about it, where it is no field: ``"id"`` or ``"order"``.
    """

    kind: ItemKind
    id: str = ""
    keys: tuple[str | int, ...] = ()
    mark: str = ""

    def under(self, key: str | int) -> Place:
        """Return the place of a field inside."""
        return self._replace(keys=(*self.keys, key))

    @property
    def path(self) -> str:
        """The place in writing; no two places have one path."""
        field = LISTS.get(self.kind)
        steps: list[str | int] = [*self.keys]
        if field is not None:
            steps = [field] if self.mark == "order" else [field, self.id, *self.keys]
        return json_values.path(steps) + (f"#{self.mark}" if self.mark else "")

    def item(self, id: str) -> Item:
        """Return the place as the item of a diagnostic.

        Args:
            id: What the merged world calls the item.
        """
        if self.kind == "world" and len(self.keys) > 1 and self.keys[0] in _KINDS:
            return Item(_KINDS[str(self.keys[0])], str(self.keys[1]), json_values.path(self.keys[2:]))
        return Item(self.kind, id, self.mark or json_values.path(self.keys))


@checked_methods
@dataclass(frozen=True, slots=True)
class MergeConflict:
    """One thing that both sides changed and that a merge cannot decide.

    Attributes:
        path: The place, such as ``states.lane.base``; base's names stand in it. ``#id`` behind an item is the id of
            a state or the name of an event. ``#order`` behind a list is the order of its items: what each of them
            stands behind, null for the first.
        base: What both began with, in the names of the merged world; ``ABSENT`` where there was nothing.
        ours: What it is with us.
        theirs: What it is with them.
        why: What each side did, in words.
        item: The place as data, in the names of the merged world.
        held: What stands in the merged world until it is resolved: a field is ours, what one side deleted and the
            other changed or still names stays.

    Example:
        >>> ours = world.apply([{"op": "set_field", "state": "lane", "field": "base", "value": "A wet lane."}])
        >>> theirs = world.apply([{"op": "set_field", "state": "lane", "field": "base", "value": "A dry lane."}])
        >>> merge = wk.merge(world, ours, theirs)
        >>> merge.conflicts[0].path, merge.conflicts[0].why
        ('states.lane.base', 'both changed it, and not alike')
    """

    path: str
    base: Any
    ours: Any
    theirs: Any
    why: str
    item: Item
    held: Any = ABSENT

    def to_dict(self) -> Json:
        """Return it as JSON values; a side that has nothing there is left out."""
        made: Json = {"path": self.path, "why": self.why}
        sides = {"base": self.base, "ours": self.ours, "theirs": self.theirs, "held": self.held}
        made |= {name: copied(value) for name, value in sides.items() if value is not ABSENT}
        made["item"] = {"kind": self.item.kind, "id": self.item.id, "field": self.item.field}
        return made

    def __str__(self) -> str:
        sides = (("base", self.base), ("ours", self.ours), ("theirs", self.theirs))
        said = ", ".join(f"{name} {_said(value)}" for name, value in sides)
        return f"{self.path}: {self.why} ({said})"


def _said(value: Any) -> str:
    return "absent" if value is ABSENT else shown(value, _VALUE)


class Choice(NamedTuple):
    """What was decided about a conflict: a side, or a value of one's own."""

    side: Side | None
    value: Any = None


def _fitting(place: Place, base: Any, value: Any) -> Any:
    """Return a value that somebody chose, or refuse one that cannot stand where it is no field."""
    if place.mark == "id" and not (isinstance(value, str) and value.strip()):
        raise WorldError(f"{place.path}: expected a name, a string with a visible character, got {shown(value)}")
    if place.mark == "order" and not (
        isinstance(value, dict)
        and value.keys() == base.keys()
        and all(before is None or isinstance(before, str) for before in value.values())
    ):
        said = f"what each of {shown(list(base))} stands behind, as an object; null for the first"
        raise WorldError(f"{place.path}: expected {said}, got {shown(value)}")
    return value


Translation = Callable[[Place, Any], Any]


def _as_it_is(place: Place, value: Any) -> Any:
    return value


class Rulings:
    """What was decided, asked place by place; what was not becomes a conflict.

    Args:
        choices: Decisions by path.

    Attributes:
        conflicts: What was asked and not decided, in order.
        named: What the merged world calls a state or an event, by kind and base's name.
        spoken: Turns a value of the documents under merge into the names of the merged world.
        heard: Turns it back.
    """

    def __init__(self, choices: Mapping[str, Choice]) -> None:
        self._choices = choices
        self.conflicts: list[MergeConflict] = []
        self.named: dict[tuple[ItemKind, str], str] = {}
        self.spoken: Translation = _as_it_is
        self.heard: Translation = _as_it_is

    def chosen(self, place: Place) -> Choice | None:
        """Return what was decided about a place."""
        return self._choices.get(place.path)

    def settle(self, place: Place, base: Any, ours: Any, theirs: Any, why: str, *, held: Any) -> Any:
        """Return what stands at a place that both sides have changed.

        Args:
            place: Where.
            base: What both began with, or ``ABSENT``.
            ours: What it is with us.
            theirs: What it is with them.
            why: What each side did, in words.
            held: What stands there until somebody decides.
        """
        path = place.path
        choice = self._choices.get(path)
        if choice is not None:
            if choice.side is None:
                return self.heard(place, _fitting(place, base, copied(choice.value)))
            return {"base": base, "ours": ours, "theirs": theirs}[choice.side]
        base, ours, theirs, said = (
            value if value is ABSENT else self.spoken(place, value) for value in (base, ours, theirs, held)
        )
        item = place.item(held if place.mark == "id" else self.named.get((place.kind, place.id), place.id))
        self.conflicts.append(MergeConflict(path, base, ours, theirs, why, item, said))
        return held
