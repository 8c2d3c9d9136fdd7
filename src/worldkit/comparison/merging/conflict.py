"""Conflicts of a merge as data, and the decisions about them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from worldkit.comparison.fields import ABSENT, describe_value
from worldkit.core import json_values
from worldkit.core.argument_checks import checked_methods
from worldkit.core.brief import shown_briefly
from worldkit.core.diagnostics import Item, ItemKind
from worldkit.core.errors import WorldError
from worldkit.core.json_values import Json, deep_copy, quote

Side = Literal["ours", "theirs", "base"]

LIST_FIELD_OF_KIND: Mapping[ItemKind, str] = {
    "state": "states",
    "event": "events",
    "cutscene": "cutscenes",
    "sequence": "sequences",
    "mission": "missions",
}
_KIND_OF_LIST_FIELD: dict[str, ItemKind] = {field: kind for kind, field in LIST_FIELD_OF_KIND.items()}
_MAX_VALUE_LENGTH = 60


class MergeLocation(NamedTuple):
    """A location in the three documents.

    Attributes:
        kind: ``"state"`` or ``"event"``; all else is ``"world"``.
        id: The name of the item in base, or on the side that added it.
        keys: The path inside it; for lists whose items have ids, by id.
        mark: ``"id"`` or ``"order"`` of the item instead of a field.
    """

    kind: ItemKind
    id: str = ""
    keys: tuple[str | int, ...] = ()
    mark: str = ""

    def under(self, key: str | int) -> MergeLocation:
        """Return the place of a field of this place."""
        return self._replace(keys=(*self.keys, key))

    @property
    def path(self) -> str:
        """The path of the place as text; unique for each place."""
        field = LIST_FIELD_OF_KIND.get(self.kind)
        steps: list[str | int] = [*self.keys]
        if field is not None:
            steps = [field] if self.mark == "order" else [field, self.id, *self.keys]
        return json_values.format_path(steps) + (f"#{self.mark}" if self.mark else "")

    def item(self, id: str) -> Item:
        """Return the place as the item of a diagnostic.

        Args:
            id: The name of the item in the merged world.
        """
        if self.kind == "world" and len(self.keys) > 1 and self.keys[0] in _KIND_OF_LIST_FIELD:
            return Item(
                _KIND_OF_LIST_FIELD[str(self.keys[0])], str(self.keys[1]), json_values.format_path(self.keys[2:])
            )
        return Item(self.kind, id, self.mark or json_values.format_path(self.keys))


@shown_briefly
@checked_methods
@dataclass(frozen=True, slots=True)
class MergeConflict:
    """One thing that both sides changed and that a merge cannot decide.

    Attributes:
        path: The place, such as ``states.lane.base``, in base's names. ``#id`` after an item is the id of a state or
            the name of an event. ``#order`` after a list is the order of its items: for each the item before it,
            null for the first.
        base: The value in base, in the names of the merged world; ``ABSENT`` if there was none.
        ours: Our value.
        theirs: Their value.
        why: What each side changed, in words.
        item: The place as data, in the names of the merged world.
        held: The provisional value in the merged world until the conflict is resolved: ours for a field; an item that
            one side deleted and the other changed or still names is kept.

    Example:
        >>> ours = world.apply([{"op": "set_field", "state": "lane", "field": "base", "value": "A wet lane."}])
        >>> theirs = world.apply([{"op": "set_field", "state": "lane", "field": "base", "value": "A dry lane."}])
        >>> merge = wk.merge(world, ours, theirs)
        >>> merge.conflicts[0].path, merge.conflicts[0].why
        ('states.lane.base', 'both changed it, differently')
    """

    path: str
    base: Any
    ours: Any
    theirs: Any
    why: str
    item: Item
    held: Any = ABSENT

    def to_dict(self) -> Json:
        """Return it as JSON values; an absent side is left out."""
        data: Json = {"path": self.path, "why": self.why}
        sides = {"base": self.base, "ours": self.ours, "theirs": self.theirs, "held": self.held}
        data |= {name: deep_copy(value) for name, value in sides.items() if value is not ABSENT}
        data["item"] = {"kind": self.item.kind, "id": self.item.id, "field": self.item.field}
        return data

    def __str__(self) -> str:
        sides = (("base", self.base), ("ours", self.ours), ("theirs", self.theirs))
        values = ", ".join(f"{name} {describe_value(value, _MAX_VALUE_LENGTH)}" for name, value in sides)
        return f"{self.path}: {self.why} ({values})"


class ConflictChoice(NamedTuple):
    """The decision about a conflict.

    Attributes:
        side: The side, None for another value.
        value: The value, in base's names: what it names follows later decisions about names.
        place: The place of the conflict.
    """

    side: Side | None
    value: Any = None
    place: MergeLocation | None = None


def _check_choice(place: MergeLocation, base: Any, value: Any, names: Sequence[str]) -> Any:
    """Return a chosen value, or refuse one that is no valid id or order.

    Args:
        names: Of an order, the names of its items in the merged world.
    """
    if place.mark == "id" and not (isinstance(value, str) and value.strip()):
        raise WorldError(f"{place.path}: expected a name, a string with a visible character, got {quote(value)}")
    if place.mark == "order" and not (
        isinstance(value, dict)
        and value.keys() == base.keys()
        and all(predecessor is None or isinstance(predecessor, str) for predecessor in value.values())
    ):
        expected = f"what each of {quote(list(names))} comes after, as an object; null for the first"
        raise WorldError(f"{place.path}: expected {expected}, got {quote(value)}")
    return value


Translation = Callable[[MergeLocation, Any], Any]


def _translated_order(value: Any, names: Mapping[str, str]) -> Any:
    """Return an order, or what a user gave for one, with other names of its items."""
    if not isinstance(value, dict):
        return value
    return {
        names.get(item, item): names.get(previous, previous) if isinstance(previous, str) else previous
        for item, previous in value.items()
    }


def _unchanged(place: MergeLocation, value: Any) -> Any:
    return value


class Decisions:
    """The decisions of a merge by place; a place without a decision becomes a conflict.

    Args:
        choices: Decisions by path.

    Attributes:
        conflicts: The undecided places, in order.
        alternatives: The values that undecided places may be decided for and do not have until then, in base's names.
        places: The decided and undecided places, by path.
        merged_names: Names of states and events in the merged world, by kind and base's name.
        translation: Turns the names in a value of the documents under merge into those of the merged world.
        inverse: Turns them back.
    """

    def __init__(self, choices: Mapping[str, ConflictChoice]) -> None:
        self._choices = choices
        self.conflicts: list[MergeConflict] = []
        self.alternatives: list[tuple[MergeLocation, Any]] = []
        self.places: dict[str, MergeLocation] = {}
        self.merged_names: dict[tuple[ItemKind, str], str] = {}
        self.translation: Translation = _unchanged
        self.inverse: Translation = _unchanged

    def to_merged(self, place: MergeLocation, value: Any) -> Any:
        """Return a value at a place, in base's names, in the names of the merged world."""
        if place.mark == "order":
            return _translated_order(value, self._unique_names(place.kind))
        return self.translation(place, value)

    def from_merged(self, place: MergeLocation, value: Any) -> Any:
        """Return a value at a place, in the names of the merged world, in base's names."""
        if place.mark == "order":
            return _translated_order(value, {name: label for label, name in self._unique_names(place.kind).items()})
        return self.inverse(place, value)

    def _unique_names(self, kind: ItemKind) -> dict[str, str]:
        names = {label: name for (item_kind, label), name in self.merged_names.items() if item_kind == kind}
        counts = Counter(names.values())
        return {label: name for label, name in names.items() if counts[name] == 1}

    def choice_at(self, place: MergeLocation) -> ConflictChoice | None:
        """Return the decision about a place, None if there is none."""
        return self._choices.get(place.path)

    def settle(self, place: MergeLocation, base: Any, ours: Any, theirs: Any, why: str, *, provisional: Any) -> Any:
        """Return the merged value at a place that both sides have changed.

        Args:
            base: The value in base, or ``ABSENT``.
            why: What each side changed, in words.
            provisional: The value until the conflict is resolved.
        """
        path = place.path
        self.places[path] = place
        choice = self._choices.get(path)
        if choice is not None:
            if choice.side is None:
                names = list(self.to_merged(place, base)) if place.mark == "order" else []
                return _check_choice(place, base, deep_copy(choice.value), names)
            return {"base": base, "ours": ours, "theirs": theirs}[choice.side]
        self.alternatives += (
            (place, value) for value in (ours, theirs) if value is not ABSENT and value is not provisional
        )
        base, ours, theirs, merged_value = (
            value if value is ABSENT else self.to_merged(place, value) for value in (base, ours, theirs, provisional)
        )
        item = place.item(
            provisional if place.mark == "id" else self.merged_names.get((place.kind, place.id), place.id)
        )
        self.conflicts.append(MergeConflict(path, base, ours, theirs, why, item, merged_value))
        return provisional
