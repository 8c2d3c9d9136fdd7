"""A world as a hosted server stores it: every pair filled, every event leading to a state (docs/spec/smworld.md)."""

from __future__ import annotations

from worldkit.core.json_values import Json
from worldkit.core.profile import HOSTED

PAIRS = ("camera", "movement")
HALVES = ("static", "dynamic")


def hosted_form(raw: Json, before: Json) -> Json:
    """Return a world with what a hosted server requires filled in, wherever it differs from another world.

    A missing half is copied from the other half, a missing pair from the entrance's state, else it is empty. An event
    that leads to a cutscene leads to where the cutscene does.

    Args:
        raw: The world document.
        before: The world that the server holds; what is the same in both stays as it is.
    """
    scene, old_states = raw["scene"], before["scene"]["states"]
    states = scene["states"]
    if HOSTED.state_pairs_required:
        donor = states.get((raw.get("entrance") or {}).get("state"), {})
        states = {
            id: state if old_states.get(id) is state or state == old_states.get(id) else with_pairs(state, donor)
            for id, state in states.items()
        }
    events = scene["events"]
    if not HOSTED.cutscene_in_to:
        landings = {cut["id"]: cut["to"] for cut in raw.get("cutscenes") or () if cut["id"] not in states}
        events = [{**event, "to": landings[event["to"]]} if event.get("to") in landings else event for event in events]
    return {**raw, "scene": {**scene, "states": states, "events": events}}


def with_pairs(state: Json, donor: Json) -> Json:
    """Return a state with both pairs, both halves each.

    Args:
        state: The state.
        donor: The state that a missing pair is copied from.
    """
    filled: Json = {}
    for pair in PAIRS:
        halves = state.get(pair)
        if not isinstance(halves, dict):
            source = donor.get(pair)
            halves = source if isinstance(source, dict) else {}
        present = [halves[half] for half in HALVES if isinstance(halves.get(half), str)]
        text = present[0] if present else ""
        if len(present) < len(HALVES) or halves is not state.get(pair):
            filled[pair] = {**halves, **{half: halves.get(half) or text for half in HALVES}}
    return {**state, **filled} if filled else state
