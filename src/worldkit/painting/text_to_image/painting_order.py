"""The order in which states are painted: along the moves, so that each picture can begin from the one before it."""

from __future__ import annotations

from collections import deque

from worldkit.core.document import Document


def painting_order(document: Document) -> dict[str, str | None]:
    """Return every state with the one that it is first reached from, in the order of their distance from the entrance.

    States that no move leads to come last, and each of them begins a part of its own.

    Args:
        document: The world.
    """
    targets: dict[str, list[str]] = {}
    for event in document.events:
        target = document.landing(event.to) if event.kind == "transition" else None
        if target is not None and target in document.states:
            for state in event.from_:
                targets.setdefault(state, []).append(target)
    order: dict[str, str | None] = {}
    start = document.start
    starts = [start] if start is not None and start in document.states else []
    for first in (*starts, *document.states):
        if first in order:
            continue
        order[first] = None
        waiting = deque([first])
        while waiting:
            state = waiting.popleft()
            for target in targets.get(state, ()):
                if target not in order:
                    order[target] = state
                    waiting.append(target)
    return order
