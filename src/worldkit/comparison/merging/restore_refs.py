"""Restores items that were deleted and are still referenced, with a conflict where one side deleted them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping

from worldkit.comparison.fields import ABSENT
from worldkit.comparison.merging.alignment import AlignedDocument, Key
from worldkit.comparison.merging.conflict import LIST_FIELD_OF_KIND, Decisions, MergeLocation
from worldkit.comparison.merging.item_mentions import (
    RESTORED_KINDS,
    ItemMention,
    Mentions,
    MergedParts,
    find_users,
    ids_of,
    mentions_in_event,
    open_mentions,
)
from worldkit.comparison.merging.order import merge_order
from worldkit.comparison.merging.values import join_names
from worldkit.core.diagnostics import ItemKind
from worldkit.core.json_values import Json
from worldkit.editing import refs


def restore_referenced(
    parts: MergedParts,
    base: AlignedDocument,
    ours: AlignedDocument,
    theirs: AlignedDocument,
    labels: Mapping[Key, str],
    decisions: Decisions,
) -> None:
    """Restore what one side deleted although something new references it, and record a conflict for each.

    What an open conflict may be decided for references it, too: whatever is decided, it is there, and which side is
    ours makes no difference.

    Where the decision is to delete it, its references are removed as well, as by ``delete_state``. Decisions for base
    do the same without a conflict: what a value of base references is restored where both sides deleted it, and the
    references to what both sides added are removed with it.

    Args:
        parts: The merged world so far.
        labels: The label of each event in conflicts.
    """
    bodies = {kind: [ids_of(document, kind) for document in (base, ours, theirs)] for kind in RESTORED_KINDS}
    settled_items: set[tuple[ItemKind, str]] = set()
    while True:
        deleting_sides = _find_deleted(parts, base, ours, theirs)
        is_changed = _follow_decisions_for_base(parts, base, ours, theirs, settled_items)
        users = find_users(parts, deleting_sides)
        open_users: Mentions = {}
        for kind, id, mention in open_mentions(parts, labels, decisions):
            if (kind, id) in deleting_sides and (kind, id) not in settled_items:
                open_users.setdefault((kind, id), set()).add(mention)
        # what is named from now on waits for the next round
        named_items = [item for item in deleting_sides if users[item] or item in open_users]
        old_users: Mentions = {}
        for side in (ours, theirs):
            old_users |= find_users(side, [item for item in named_items if deleting_sides[item] is side])
        restored_by_kind: dict[ItemKind, dict[str, Json]] = {}
        for item in named_items:
            new_users = (users[item] | open_users.get(item, set())) - old_users[item]
            if not new_users:
                continue
            is_changed = True
            kind, id = item
            if item in settled_items:  # what was restored since names it
                users = _without_references(parts, item, users)
                continue
            base_body, our_body, their_body = (bodies_by_id.get(id, ABSENT) for bodies_by_id in bodies[kind])
            body = their_body if our_body is ABSENT else our_body
            user_labels = [_user_label(user, parts) for user in sorted(new_users, key=str)]
            who, other_side = ("ours", "theirs") if deleting_sides[item] is ours else ("theirs", "ours")
            names = "still names" if len(user_labels) == 1 else "still name"
            why = f"{who} deleted it, and {join_names(user_labels)} of {other_side} {names} it"
            place = (
                MergeLocation("state", id)
                if kind == "state"
                else MergeLocation("world", "", (LIST_FIELD_OF_KIND[kind], id))
            )
            if decisions.settle(place, base_body, our_body, their_body, why, provisional=body) is ABSENT:
                settled_items.add(item)
                users = _without_references(parts, item, users)
            else:
                restored_by_kind.setdefault(kind, {})[id] = body
        for kind, restored_bodies in restored_by_kind.items():
            _restore_items(parts, kind, restored_bodies, base, ours, theirs)
        if not is_changed:
            return


def _follow_decisions_for_base(
    parts: MergedParts,
    base: AlignedDocument,
    ours: AlignedDocument,
    theirs: AlignedDocument,
    settled_items: set[tuple[ItemKind, str]],
) -> bool:
    """Restore what both sides deleted, or remove the references to what both added; return whether any was found."""
    absent_items: dict[tuple[ItemKind, str], Json | None] = {}  # with its body where both deleted it
    for kind in RESTORED_KINDS:
        base_ids, our_ids, their_ids, present = (ids_of(document, kind) for document in (base, ours, theirs, parts))
        for id in {**base_ids, **our_ids, **their_ids}:
            if id not in present and (id in our_ids) == (id in their_ids) and (kind, id) not in settled_items:
                absent_items[kind, id] = base_ids.get(id)
    users = find_users(parts, absent_items) if absent_items else {}
    referenced_items = [item for item in absent_items if users[item]]
    if not referenced_items:
        return False
    old_users, *side_users = (find_users(document, referenced_items) for document in (base, ours, theirs))
    is_changed = False
    restored_by_kind: dict[ItemKind, dict[str, Json]] = {}
    for kind, id in referenced_items:
        item = kind, id
        body = absent_items[item]
        if body is None:
            users = _without_references(parts, item, users)
        elif users[item] & old_users[item] - side_users[0][item] - side_users[1][item]:
            restored_by_kind.setdefault(kind, {})[id] = body
        else:
            continue
        settled_items.add(item)
        is_changed = True
    for kind, bodies in restored_by_kind.items():
        _restore_items(parts, kind, bodies, base, ours, theirs)
    return is_changed


def _find_deleted(
    parts: MergedParts, base: AlignedDocument, ours: AlignedDocument, theirs: AlignedDocument
) -> dict[tuple[ItemKind, str], AlignedDocument]:
    """Return the items of base that the merged world lacks, each with the one side that deleted it."""
    deleting_sides: dict[tuple[ItemKind, str], AlignedDocument] = {}
    for kind in RESTORED_KINDS:
        base_ids, our_ids, their_ids, present = (ids_of(document, kind) for document in (base, ours, theirs, parts))
        for id in base_ids:
            if id not in present and (id in our_ids) != (id in their_ids):
                deleting_sides[kind, id] = ours if id not in our_ids else theirs
    return deleting_sides


def _user_label(user: ItemMention, parts: MergedParts) -> str:
    return str(parts.events[user.id]["name"]) if user.kind == "event" else str(user.id)


def _restore_items(
    parts: MergedParts,
    kind: ItemKind,
    bodies: Mapping[str, Json],
    base: AlignedDocument,
    ours: AlignedDocument,
    theirs: AlignedDocument,
) -> None:
    sides = [list(ids_of(document, kind)) for document in (base, ours, theirs)]
    items = {**ids_of(parts, kind), **bodies}
    merged_order = merge_order(sides[0], sides[1], sides[2], items)
    merged_keys = set(merged_order)
    followers: dict[str | None, list[str]] = {}  # what both sides deleted, by the item that it follows
    previous = None
    for key in sides[0]:
        if key in merged_keys:
            previous = key
        elif key in items:
            followers.setdefault(previous, []).append(key)
    order = [*followers.get(None, ())]
    for key in merged_order:
        order += (key, *followers.get(key, ()))
    if kind == "state":
        parts.states.clear()
        parts.states.update((key, items[key]) for key in order)
    else:
        parts.fields[LIST_FIELD_OF_KIND[kind]] = [items[key] for key in order]


def _without_references(parts: MergedParts, item: tuple[ItemKind, str], users: Mentions) -> Mentions:
    """Remove every reference to an item from the merged world, and return what still mentions each item.

    An event that is removed may name others. Of an item that only events name, only those are looked at.
    """
    kind, id = item
    if any(user.kind != "event" for user in users[item]):
        _remove_references(parts, kind, id)
        return find_users(parts, users)
    cutscene_ids = refs.cutscene_ids(parts.fields)
    for user in list(users[item]):
        body = parts.events.get(user.id)
        if body is None:
            continue
        _remove_from_events(parts, kind, id, [user.id], cutscene_ids)
        body_after = parts.events.get(user.id)
        remaining_mentions = set() if body_after is None else {*mentions_in_event(user.id, body_after, cutscene_ids)}
        for mentioned_kind, mentioned_id, mention in mentions_in_event(user.id, body, cutscene_ids):
            is_removed = (mentioned_kind, mentioned_id, mention) not in remaining_mentions
            if is_removed and (mentioned_kind, mentioned_id) in users:
                users[mentioned_kind, mentioned_id].discard(mention)
    return users


def _remove_references(parts: MergedParts, kind: ItemKind, id: str) -> None:
    """Remove every reference to an item from the merged world."""
    _remove_from_events(parts, kind, id, list(parts.events), refs.cutscene_ids(parts.fields))
    _remove_from_fields(parts, kind, id)


def _remove_from_events(
    parts: MergedParts, kind: ItemKind, id: str, keys: Iterable[Key], cutscene_ids: Collection[str]
) -> None:
    for key in keys:
        body = parts.events[key]
        sources = refs.sources(body)
        if kind == "state" and id in sources:
            remaining = [source for source in sources if source != id]
            if not remaining:
                del parts.events[key]
                continue
            body = parts.events[key] = {**body, "from": remaining}
        if body.get("to") == id and (kind == "cutscene" or (kind == "state" and id not in cutscene_ids)):
            parts.events[key] = {name: value for name, value in body.items() if name != "to"}


def _remove_from_fields(parts: MergedParts, kind: ItemKind, id: str) -> None:
    fields = parts.fields
    if kind == "sequence":
        _change_beats(fields, lambda beat: _without_field(beat, "sequence", id))
        return
    if kind != "state":
        return
    for field in ("entrance", "outro"):
        if fields.get(field, {}).get("state") == id:
            del fields[field]
    if "cutscenes" in fields:
        for cutscene in [cutscene for cutscene in fields["cutscenes"] if id in (cutscene["from"], cutscene["to"])]:
            fields["cutscenes"] = [candidate for candidate in fields["cutscenes"] if candidate is not cutscene]
            _remove_references(parts, "cutscene", cutscene["id"])
    if "sequences" in fields:
        fields["sequences"] = [
            {**sequence, "beats": [beat for beat in sequence["beats"] if beat["state"] != id]}
            for sequence in fields["sequences"]
        ]
    _change_beats(fields, lambda beat: _without_state(beat, id))
    if "missions" in fields:
        fields["missions"] = [
            {
                **mission,
                "objectives": [_without_field(objective, "location", id) for objective in mission["objectives"]],
            }
            for mission in fields["missions"]
        ]


def _change_beats(fields: Json, change: Callable[[Json], Json]) -> None:
    story = fields.get("story", {})
    if "beats" in story:
        fields["story"] = {**story, "beats": [change(beat) for beat in story["beats"]]}


def _without_field(item: Json, field: str, value: str) -> Json:
    return {key: item_value for key, item_value in item.items() if key != field or item_value != value}


def _without_state(beat: Json, id: str) -> Json:
    return {**beat, "states": [state for state in beat["states"] if state != id]} if "states" in beat else beat
