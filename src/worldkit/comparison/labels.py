"""Unique labels for events, whose names may repeat."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from worldkit.core.json_values import Json


def unique_labels(events: Iterable[Json]) -> list[str]:
    """Return the names of events, the second of one name as ``"<name> (2)"`` and so on.

    Args:
        events: The events, in order.
    """
    names = [event["name"] for event in events]
    taken_labels = set(names)
    if len(taken_labels) == len(names):
        return names
    counts: Counter[str] = Counter()
    labels = []
    for name in names:
        counts[name] += 1
        label = name
        while counts[name] > 1 and label in taken_labels:
            label = f"{name} ({counts[name]})"
            counts[name] += label in taken_labels
        taken_labels.add(label)
        labels.append(label)
    return labels
