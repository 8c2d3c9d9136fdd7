"""Flags that one side renamed and the other removed: a merge asks which of the two is meant."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from worldkit.comparison.fields import ABSENT
from worldkit.comparison.merging.alignment import AlignedDocument, Key
from worldkit.comparison.merging.conflict import Decisions
from worldkit.comparison.merging.names import all_flags, name_place
from worldkit.core.json_values import quote
from worldkit.editing.flag_refs import event_flags
from worldkit.editing.naming import UnusedNames
from worldkit.editing.renaming import Renaming


class Sides(NamedTuple):
    """The three documents of a merge, in base's names."""

    base: AlignedDocument
    ours: AlignedDocument
    theirs: AlignedDocument


@dataclass(frozen=True, slots=True)
class SettledFlags:
    """The documents of a merge once it is settled which of the removed flags stay.

    Attributes:
        sides: The documents. Base has another name for each flag that stays, so that the side which renamed it adds it
            wherever it stands, and the other side has not removed it.
        stand_ins: The flags that stay, by those names.
    """

    sides: Sides
    stand_ins: Mapping[str, str] = field(default_factory=dict)


def settle_removed_flags(sides: Sides, decisions: Decisions) -> SettledFlags:
    """Settle which flags stay that one side renamed and the other removed from what both still have.

    Args:
        decisions: The decisions; records the conflicts. Until it is decided a flag stays.
    """
    documents = [*sides]
    stand_ins: dict[str, str] = {}
    unused_names = None
    for own, other in ((1, 2), (2, 1)):
        if not documents[own].flags:
            continue
        removed_flags = _removed_flags(sides.base, documents[own], sides[other])
        kept_flags: dict[str, str] = {}
        for flag in removed_flags:
            name = documents[own].flags[flag]
            our_name, their_name = (name, ABSENT) if own == 1 else (ABSENT, name)
            renamer, remover = ("ours", "theirs") if own == 1 else ("theirs", "ours")
            why = f"{renamer} calls {quote(flag)} now {quote(name)}, {remover} removed it"
            chosen_name = decisions.settle(name_place("flag", flag), flag, our_name, their_name, why, provisional=name)
            if chosen_name is not ABSENT:
                kept_flags[flag] = chosen_name
        if not kept_flags:
            continue
        unused_names = unused_names or UnusedNames(
            flag for side in sides for names in side.flag_names.items() for flag in names
        )
        own_stand_ins = {unused_names.take(flag): flag for flag in kept_flags}
        stand_ins |= own_stand_ins
        documents[0] = _renamed(documents[0], {flag: name for name, flag in own_stand_ins.items()})
        changed_events = {key for flag in kept_flags for key in removed_flags[flag]}
        documents[own] = replace(
            documents[own],
            flags={**documents[own].flags, **kept_flags},
            changed_events=documents[own].changed_events | changed_events,
        )
    return SettledFlags(Sides(*documents), stand_ins)


def _removed_flags(base: AlignedDocument, own: AlignedDocument, other: AlignedDocument) -> dict[str, list[Key]]:
    """Return the renamed flags that the other side removed, each with the events of both that name it.

    One that went with the events that named it is left out: there is nothing that it could stay in.
    """
    other_flags = all_flags(other.fields, other.events.values())
    candidates = {flag for flag in own.flags if flag not in other_flags}
    if not candidates:
        return {}
    keys: defaultdict[str, list[Key]] = defaultdict(list)
    for key, body in own.events.items():
        if key in base.events and key in other.events:
            for flag in {flag for _, flag in event_flags(body)} & candidates:
                keys[flag].append(key)
    in_fields = all_flags(own.fields, ())
    return {flag: keys[flag] for flag in own.flags if flag in candidates and (keys[flag] or flag in in_fields)}


def _renamed(base: AlignedDocument, names: Mapping[str, str]) -> AlignedDocument:
    renames = Renaming({}, names, ())
    return replace(
        base,
        events={key: renames.event(body) for key, body in base.events.items()},
        fields=renames.world_fields(base.fields),
    )
