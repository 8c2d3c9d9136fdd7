"""What events are called where each needs a name of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from worldkit.core.json_values import Json


def labels(events: Iterable[Json]) -> list[str]:
    """Return the names of events, the second of one name as ``"<name> (2)"`` and so on.

    Args:
        events: The events, in order.
    """
    names = [event["name"] for event in events]
    taken = set(names)
    if len(taken) == len(names):
        return names
    seen: Counter[str] = Counter()
    made = []
    for name in names:
        seen[name] += 1
        label = name
        while seen[name] > 1 and label in taken:
            label = f"{name} ({seen[name]})"
            seen[name] += label in taken
        taken.add(label)
        made.append(label)
    return made
