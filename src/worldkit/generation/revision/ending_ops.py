"""The operation that changes the texts of an ending."""

from __future__ import annotations

from worldkit.core.document import json_of
from worldkit.core.ending_tone import ending_tone
from worldkit.core.json_values import Json
from worldkit.world import World


def ending_op(world: World, state: str, texts: Json) -> Json:
    """Return the operation that changes the title or the subtitle of an ending.

    ``set_state_ending`` takes no word of a later version for its kind, so the whole ending is written there.

    Args:
        world: The world.
        state: The state that is an ending.
        texts: Its ``title``, its ``subtitle``, or both.
    """
    ending: Json = json_of(world)["scene"]["states"][state]["ending"]
    if ending_tone(ending["kind"]) == "other":
        changed = {name: text for name, text in {**ending, **texts}.items() if text is not None}
        return {"op": "update_state", "id": state, "patch": {"ending": changed}}
    return {"op": "set_state_ending", "state": state, "kind": ending["kind"], "title": ending["title"], **texts}
