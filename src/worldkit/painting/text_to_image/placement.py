"""Puts stills into a document: operations like any others, so that they can be undone and compared."""

from __future__ import annotations

import base64
from collections.abc import Collection, Mapping
from typing import Literal

from worldkit.core.document import Document, json_of
from worldkit.core.errors import WorldError
from worldkit.core.json_values import Json
from worldkit.illustration.picture import alt_text

Place = Literal["cover", "entrance", "seedFrame"]


def check_places(document: Document, states: Collection[str], places: Collection[Place]) -> None:
    """Refuse places for which no still is to be painted, before anything is.

    Args:
        document: The world.
        states: The ids of the states that are to be painted.
        places: The places.

    Raises:
        WorldError: There will be no still for one of them.
    """
    for place in places:
        if place == "seedFrame":
            if not any(scene.to in states for scene in document.cutscenes or ()):
                raise WorldError("there is no still for a seedFrame: no cutscene leads to a state that is painted")
        elif _state_for(document, states, place) not in states:
            raise WorldError(f"there is no still for the {place}: paint the state in which play begins as well")


def placement_ops(
    document: Document, stills: Mapping[str, bytes], places: Collection[Place], embed: bool
) -> list[Json]:
    """Return the operations that put stills into a world.

    Args:
        document: The world.
        stills: JPEGs by the ids of states, in the order in which they were asked for.
        places: Where else they are to be. ``cover`` and ``entrance`` take the still of the state in which play begins,
            ``cover`` that of the one state that was asked for if it was only one; ``seedFrame`` gives each cutscene the
            still of the state that it leads to.
        embed: Whether each state gets its still as ``image``.

    A place whose still was not painted is left as it is.
    """
    sources = {state: "data:image/jpeg;base64," + base64.b64encode(data).decode() for state, data in stills.items()}
    ops: list[Json] = []
    if embed:
        for state, src in sources.items():
            image = {"src": src, "label": alt_text(document, state)}
            ops.append({"op": "update_state", "id": state, "patch": {"image": image}})
    for place in dict.fromkeys(places):
        if place == "seedFrame":
            ops += _seed_frames(document, sources)
            continue
        state = _state_for(document, sources, place)
        if state not in sources:
            continue
        if place == "cover":
            ops.append({"op": "put_world", "set": {"cover": sources[state]}})
        else:
            image = {"src": sources[state], "label": alt_text(document, state)}
            ops.append({"op": "set_entrance", "state": state, "image": image})
    return ops


def _state_for(document: Document, states: Collection[str], place: Place) -> str:
    return next(iter(states)) if place == "cover" and len(states) == 1 else document.start or ""


def _seed_frames(document: Document, sources: Mapping[str, str]) -> list[Json]:
    cutscenes = json_of(document).get("cutscenes") or []
    new_cutscenes = [
        {**scene, "seedFrame": sources[scene["to"]]} if scene["to"] in sources else scene for scene in cutscenes
    ]
    return [] if new_cutscenes == cutscenes else [{"op": "put_world", "set": {"cutscenes": new_cutscenes}}]
