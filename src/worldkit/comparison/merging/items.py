"""Merges the items of a world: which of them stay, as what, and in which order."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from typing import Any, TypeVar

from worldkit.comparison.fields import ABSENT
from worldkit.comparison.merging.conflict import Decisions, MergeLocation
from worldkit.comparison.merging.order import find_cycle, find_disputed, merge_order, place_after
from worldkit.comparison.merging.values import deletion_reason
from worldkit.core.diagnostics import ItemKind
from worldkit.core.errors import WorldError
from worldkit.core.json_values import Json, quote

K = TypeVar("K", bound=Hashable)


def merge_items(
    base: Mapping[K, Json],
    ours: Mapping[K, Json],
    theirs: Mapping[K, Json],
    changed_ids: tuple[Collection[K], Collection[K]],
    merge: Callable[[K, Any, Any, Any], Any],
    kind: ItemKind,
    decisions: Decisions,
    labels: Mapping[K, str] | None = None,
) -> dict[K, Json]:
    """Return the merged items by key; only those that both sides changed are merged by field.

    Args:
        base: The items of base, by key.
        ours: Those of our side.
        theirs: Those of theirs.
        changed_ids: The keys of the items that our side changed, and of those that theirs did.
        merge: Merges an item that both sides have: called with the key and the bodies in base, ours and theirs.
        labels: The label of each item in conflicts; without them its key.
    """
    changed_by_us, changed_by_them = changed_ids
    result: dict[K, Any] = {}
    for key, body in ours.items():
        if key not in base:
            result[key] = body if key not in theirs else merge(key, ABSENT, body, theirs[key])
        elif key in theirs:
            if key not in changed_by_them:
                result[key] = body
            elif key not in changed_by_us:
                result[key] = theirs[key]
            else:
                result[key] = merge(key, base[key], body, theirs[key])
        elif key in changed_by_us:
            _settle_deletion(result, key, base[key], body, ABSENT, kind, decisions, labels)
    for key, body in theirs.items():
        if key not in base:
            if key not in ours:
                result[key] = body
        elif key not in ours and key in changed_by_them:
            _settle_deletion(result, key, base[key], ABSENT, body, kind, decisions, labels)
    return {key: body for key, body in result.items() if body is not ABSENT}


def _settle_deletion(
    result: dict[K, Any],
    key: K,
    base: Json,
    ours: Any,
    theirs: Any,
    kind: ItemKind,
    decisions: Decisions,
    labels: Mapping[K, str] | None,
) -> None:
    deleted_by_us = ours is ABSENT
    place = MergeLocation(kind, str(key) if labels is None else labels[key])
    kept_body = theirs if deleted_by_us else ours
    result[key] = decisions.settle(place, base, ours, theirs, deletion_reason(deleted_by_us), provisional=kept_body)


def settle_order(
    kind: ItemKind,
    base: Sequence[K],
    ours: Sequence[K],
    theirs: Sequence[K],
    items: Mapping[K, Json],
    labels: Mapping[K, str],
    names: Mapping[K, str],
    decisions: Decisions,
) -> list[K]:
    """Return the order of the merged items; one that both sides changed, and differently, is disputed.

    Args:
        base: The keys of base in their order.
        ours: Those of our side.
        theirs: Those of theirs.
        items: The merged items, by key.
        labels: The label of each item in conflicts.
        names: The name of each in the merged world.

    Raises:
        WorldError: An order that was decided cannot be: an item would come after none that there is, or after itself.
    """
    our_order = merge_order(base, ours, theirs, items)
    keys = [key for key in find_disputed(base, ours, theirs) if key in items]
    if not keys:
        return our_order
    their_order = merge_order(base, theirs, ours, items)
    base_order = [key for key in base if key in items]
    predecessors = [_predecessors(side, keys, labels) for side in (base_order, our_order, their_order)]
    if predecessors[1] == predecessors[2]:
        return our_order
    why = "both moved them, and not to the same place"
    choice = decisions.settle(
        MergeLocation(kind, mark="order"),
        predecessors[0],
        predecessors[1],
        predecessors[2],
        why,
        provisional=predecessors[1],
    )
    if choice in predecessors[1:]:
        return our_order if choice == predecessors[1] else their_order
    by_label = {labels[key]: key for key in items}
    predecessor_of: dict[K, K | None] = {}
    for key in keys:
        label = choice[labels[key]]
        if label is not None and (label not in by_label or by_label[label] == key):
            raise WorldError(
                f"{quote(names[key])} cannot come after {quote(label)}; name another {kind} of the merged world"
            )
        predecessor_of[key] = None if label is None else by_label[label]
    order = place_after(our_order, predecessor_of)
    if len(order) < len(our_order):
        key, previous = find_cycle(predecessor_of)
        raise WorldError(
            f"{quote(names[key])} cannot come after {quote(names[previous])}, which comes after it; "
            f"name another {kind} of the merged world"
        )
    return order


def _predecessors(order: Sequence[K], keys: Collection[K], labels: Mapping[K, str]) -> dict[str, str | None]:
    """Return the item before each of some items, by label; None for the first."""
    previous = dict(zip(order, [None, *order], strict=False))
    predecessor_of = {key: previous[key] for key in keys}
    return {labels[key]: None if last is None else labels[last] for key, last in predecessor_of.items()}
