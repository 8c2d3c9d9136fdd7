"""What listeners to a run are told, the same in sessions, widgets and the embed page (docs/spec/runtime.md)."""

from __future__ import annotations

from worldkit.core.json_values import Json
from worldkit.core.spoken_names import button_label
from worldkit.playing.transition_table import Action, SequenceAction, TransitionTable


def ready_payload(world_id: str | None, state: str) -> Json:
    """Return what is told of a run that can be played.

    Args:
        world_id: The id of its world, if it has one.
        state: Where it begins.
    """
    return {"worldId": world_id, "state": state}


def fire_payload(action: Action | SequenceAction, state: str) -> Json:
    """Return what is told of an event, or of a sequence, that is fired.

    Args:
        action: What is fired.
        state: Where.
    """
    if isinstance(action, SequenceAction):
        to = action.beats[-1].state if action.beats else None
        return {
            "event": action.name,
            "kind": "sequence",
            "label": action.title,
            "state": state,
            "to": to,
            "grants": [],
            "requires": [],
        }
    return {
        "event": action.name,
        "kind": action.kind,
        "label": button_label(action.event),
        "state": state,
        "to": action.target,
        "grants": list(action.grants),
        "requires": sorted(action.requires),
    }


def enter_payload(state: str, origin: str, event: str | None) -> Json:
    """Return what is told of a state that is entered.

    Args:
        state: The state.
        origin: The state before it.
        event: The event that led there; None when none did.
    """
    return {"state": state, "from": origin, "event": event}


def end_payload(table: TransitionTable, state: str) -> Json:
    """Return what is told of the ending in a state.

    Args:
        table: The compiled world.
        state: The state.
    """
    ending = table.endings[state]
    return {"state": state, "kind": ending.kind, "title": ending.title, "subtitle": ending.subtitle}


def close_payload(reason: str, clock: float) -> Json:
    """Return what is told of a run that is closed.

    Args:
        reason: Why.
        clock: Its clock, in ms.
    """
    return {"reason": reason, "seconds": int(clock // 1000)}
