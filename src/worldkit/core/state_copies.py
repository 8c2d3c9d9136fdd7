"""Which state a state is a copy of, as an import notes it: in a field of the state, which the format keeps."""

from __future__ import annotations

import re

from worldkit.core.json_values import Json

COPY_OF = "copyOf"
"""The field of a copy that holds the id of the state copied."""

_SUFFIX = re.compile(r"(?: \(.+\))?(?:_\d+)?", re.DOTALL)
"""What an import appends to the id of a state to name a copy of it."""


def place_of(id: str, body: Json) -> str:
    """Return what the place of a state is called: of a copy such as ``Hall (key)``, the id of the state copied.

    A copy that its author renamed is a place of its own.

    Args:
        id: The id of the state.
        body: The state.
    """
    place = body.get(COPY_OF)
    if isinstance(place, str) and place.strip() and id.startswith(place) and _SUFFIX.fullmatch(id, len(place)):
        return place
    return id
