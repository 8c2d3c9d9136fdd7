"""Puts stills into a document: operations like any others, so that they can be undone and compared."""

from __future__ import annotations

import base64
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

from worldkit.core.document import Document, json_of
from worldkit.core.errors import WorldError
from worldkit.core.json_values import Json
from worldkit.core.state_prompt import state_prompt
from worldkit.illustration.picture import alt_text

Place = Literal["cover", "entrance", "seedFrame"]


def check_places(document: Document, states: Collection[str], places: Collection[Place]) -> None:
    """Refuse places for which no still is to be painted, before anything is.

    Args:
        document: The world.
        states: The ids of the states that are to be painted.

    Raises:
        WorldError: There will be no still for one of them.
    """
    for place in places:
        if place == "seedFrame":
            if not any(scene.to in states for scene in document.cutscenes or ()):
                raise WorldError("there is no still for a seedFrame: no cutscene leads to a state that is painted")
        elif _state_for(document, states, place) not in states:
            raise WorldError(f"there is no still for the {place}: paint the state in which play begins as well")


@dataclass(frozen=True, slots=True)
class StillPlacement:
    """Where stills are to be in a document.

    Attributes:
        document: The world that was painted.
        asked_states: The ids of the states that were asked for.
        stills: JPEGs by the ids of states; of some states that were asked for there may be none.
        places: Where else they are to be. ``cover`` and ``entrance`` take the still of the state in which play begins,
            ``cover`` that of the one state that was asked for if it was only one; ``seedFrame`` gives each cutscene the
            still of the state that it leads to.
        embed: Whether each state gets its still as ``image``.
    """

    document: Document
    asked_states: Collection[str]
    stills: Mapping[str, bytes]
    places: Collection[Place]
    embed: bool

    def ops(self, document: Document) -> list[Json]:
        """Return the operations that put the stills into a world; what else it holds stays.

        A place whose still was not painted is left as it is, and so is one whose state is gone or has another text by
        now. The entrance gets a picture only while play begins in the state that was painted for it.

        Args:
            document: The world that was painted, or a later version of it.
        """
        sources = {
            state: "data:image/jpeg;base64," + base64.b64encode(data).decode()
            for state, data in self.stills.items()
            if self._is_current(document, state)
        }
        ops: list[Json] = []
        if self.embed:
            for state, src in sources.items():
                image = {"src": src, "label": alt_text(document, state)}
                ops.append({"op": "update_state", "id": state, "patch": {"image": image}})
        for place in dict.fromkeys(self.places):
            if place == "seedFrame":
                ops += _seed_frames(document, sources)
                continue
            state = _state_for(self.document, self.asked_states, place)
            if state not in sources:
                continue
            if place == "cover":
                ops.append({"op": "put_world", "set": {"cover": sources[state]}})
            elif document.start == state:
                image = {"src": sources[state], "label": alt_text(document, state)}
                ops.append({"op": "set_entrance", "state": state, "image": image})
        return ops

    def _is_current(self, document: Document, state: str) -> bool:
        if document is self.document:
            return True
        if state not in document.states:
            return False
        return state_prompt(document, state).joined() == state_prompt(self.document, state).joined()


def _state_for(document: Document, asked_states: Collection[str], place: Place) -> str:
    is_only_one = place == "cover" and len(asked_states) == 1
    return next(iter(asked_states)) if is_only_one else document.start or ""


def _seed_frames(document: Document, sources: Mapping[str, str]) -> list[Json]:
    # no operation changes one field of a cutscene, so that the list is put as the document has it, with new pictures
    cutscenes = json_of(document).get("cutscenes") or []
    new_cutscenes = [
        {**scene, "seedFrame": sources[scene["to"]]} if scene["to"] in sources else scene for scene in cutscenes
    ]
    return [] if new_cutscenes == cutscenes else [{"op": "put_world", "set": {"cutscenes": new_cutscenes}}]
