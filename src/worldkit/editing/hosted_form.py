"""A world as a hosted server stores it, in those parts that an edit changed (docs/spec/smworld.md)."""

from __future__ import annotations

from worldkit.core.conversion import HALVES, PAIRS, completed_state
from worldkit.core.json_values import Json
from worldkit.core.profile import HOSTED, Profile


def hosted_form(raw: Json, before: Json, profile: Profile = HOSTED) -> Json:
    """Return a world with what a server requires, wherever it differs from another world.

    Pairs of states are completed, texts of an event's framing become pairs, and an event that leads to a cutscene leads
    to where the cutscene does.

    Args:
        raw: The world document.
        before: The world that the server holds; what is the same in both stays as it is.
        profile: Whose rules the server follows.
    """
    scene, old_states = raw["scene"], before["scene"]["states"]
    old_events = {event["name"]: event for event in before["scene"]["events"]}
    states, donor = scene["states"], entrance_state(raw)
    # of several with one id the first is played
    cutscenes = reversed(raw.get("cutscenes") or ())
    landings = {cutscene["id"]: cutscene["to"] for cutscene in cutscenes if cutscene["id"] not in states}
    if profile.state_pairs_required:
        states = {
            id: state if state == old_states.get(id) else completed_state(state, donor) for id, state in states.items()
        }
    events = [
        event if event == old_events.get(event["name"]) else _hosted_event(event, landings, profile)
        for event in scene["events"]
    ]
    return {**raw, "scene": {**scene, "states": states, "events": events}}


def entrance_state(raw: Json) -> Json:
    """Return the state in which play starts; empty when there is none.

    Args:
        raw: The world document.
    """
    state: Json = raw["scene"]["states"].get((raw.get("entrance") or {}).get("state"), {})
    return state


def _hosted_event(event: Json, landings: Json, profile: Profile) -> Json:
    fields: Json = {}
    if profile.event_pairs:
        fields = {pair: dict.fromkeys(HALVES, event[pair]) for pair in PAIRS if isinstance(event.get(pair), str)}
    if not profile.cutscene_in_to and event.get("to") in landings:
        fields["to"] = landings[event["to"]]
    return {**event, **fields} if fields else event
