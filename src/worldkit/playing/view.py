"""A session as one JSON value for the player widget, computed again after every event.

``time_view`` is the part that changes with time alone; ``world_facts`` is what stays the same for a whole world.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from worldkit.core.diagnostics import Diagnostic
from worldkit.core.document import derived, json_of
from worldkit.core.json_values import Json
from worldkit.core.model import Ending
from worldkit.core.spoken_names import button_label, world_title
from worldkit.core.unsent_prose import own_prose
from worldkit.illustration.picture import own_picture, stored_picture
from worldkit.playing.author_changes import SAY, STOP, VARIANT, describe_change
from worldkit.playing.evidence_gates import EvidenceGate, arrival_gate, evidence_gate
from worldkit.playing.machine import offered_events
from worldkit.playing.moment import Moment
from worldkit.playing.narration import repeats, scene_line
from worldkit.playing.now_playing import describe_gate
from worldkit.playing.session import Session
from worldkit.playing.session_view import run_of
from worldkit.playing.trace import Step
from worldkit.playing.transition_table import Action

if TYPE_CHECKING:
    from worldkit.world import World

PROTOCOL_VERSION = 1

MAX_TRAIL = 400
"""No more of the trail is shown than its last so many points; a view goes out after every step."""


def view(
    session: Session,
    *,
    notices: Iterable[Mapping[str, str]] = (),
    terminal: Mapping[str, Any] | None = None,
    blocked: Iterable[Diagnostic] = (),
) -> Json:
    """Return everything a player widget shows.

    Args:
        session: The run.
        notices: What just happened, as ``{"kind", "text"}``; see ``notices_of``.
        terminal: Shown instead of the session's own console.
        blocked: The rule errors that keep the world from being played.
    """
    console = session.terminal
    ending = _ending_json(session.ended)
    is_end = not session.past_endings
    trail = run_of(session).now.checkpoints()
    return {
        "protocol": PROTOCOL_VERSION,
        "title": world_title(session.world),
        "state": {"id": session.state, "base": prose_of(session), "ending": ending},
        "line": "" if repeats(session.line, prose_of(session)) else session.line,
        "sceneLine": scene_line(session),
        "prompt": session.prompt(),
        "offers": [offer.to_dict() for offer in session.offers],
        "hidden": [offer.to_dict() for offer in session.hidden_offers],
        "flags": sorted(session.flags),
        "held": _flag_sources(session, trail),
        "trail": [_trail_point(moment) for moment in trail[-MAX_TRAIL:]],
        "trailFrom": max(0, len(trail) - MAX_TRAIL),
        "start": trail[0].position.to_dict(),
        "seed": session.seed,
        "ended": ending if is_end else None,
        "stopped": session.stopped,
        "missions": [mission.to_dict() for mission in session.missions],
        "arrivals": _arrivals_json(session),
        "mode": session.mode,
        "timeUses": time_uses(session.world),
        "variants": list(session.variants),
        "variant": session.chosen.get(session.state),
        "intro": session.intro,
        "outro": session.outro,
        "canUndo": session.can_undo,
        "terminal": dict(terminal) if terminal is not None else console.to_dict() if console else None,
        "notices": [
            {"kind": notice["kind"], "text": notice["text"]} for notice in notices if not _is_shown(session, notice)
        ],
        "blocked": [diagnostic.to_dict() for diagnostic in blocked],
        **_entrance_picture(session),
        **time_view(session),
    }


def time_uses(world: World) -> Json:
    """Return what the clock is for in a world; the evidence that a picture gives aside, which a player may not have."""
    return derived(world, "_time_uses", _find_time_uses)


def _find_time_uses(world: World) -> Json:
    scene = json_of(world)["scene"]
    return {
        "lasting": any(event.get("phases") or event.get("minPlayMs") for event in scene["events"])
        or bool(world.sequences),
        "waiting": any(event.get("autoAfterMs") is not None for event in scene["events"]),
        "walking": any(event.get("waypoint") for event in scene["events"]),
    }


def prose_of(session: Session) -> str:
    """Return what the player reads of a scene: its base without the subject and the style tail."""
    return own_prose(json_of(session.world), session.here.base)


def _entrance_picture(session: Session) -> Json:
    """Return the picture that the world holds for where play begins (docs/spec/frames.md)."""
    own = own_picture(session.world, session.state)
    if own is None or stored_picture(session.world, session.state, small=True) is not None:
        return {}  # a stored picture comes first, and is asked for by itself
    return {"picture": {"src": own[1], "label": own[2]}}


def _is_shown(session: Session, notice: Mapping[str, str]) -> bool:
    """Return whether a notice is a line that the prose beside it says anyway."""
    return notice["kind"] == "narration" and repeats(notice["text"], prose_of(session))


def time_view(session: Session) -> Json:
    """Return the part of the view that changes with time alone.

    Args:
        session: The run.
    """
    return {
        "clock": session.clock,
        "playing": _playing_json(session),
        "promptNow": session.prompt_now,
        "controls": list(session.controls),
        "ambient": session.ambient,
        "waypoints": [waypoint.to_dict() for waypoint in session.waypoints],
        "timers": _timers_json(session),
        "zones": _zones_json(session),
        "seen": session.seen.to_dict() if session.seen else None,
    }


def world_facts(session: Session) -> Json:
    """Return what a tester may want to know of the whole world.

    Args:
        session: The run.

    Returns:
        Every flag with the events that grant it, every state, and every label that an arrival waits for.
    """
    world, table = session.world, run_of(session).rules.table
    events_by_flag: dict[str, list[str]] = {}
    required_flags = [flag for action in table.actions for flag in sorted(action.requires | action.cutscene_flags)]
    facts = [fact for action in table.actions if action.console for fact in action.console.facts or ()]
    required_flags += [flag for fact in facts for flag in fact.requires or ()]
    if world.outro is not None:
        required_flags.append(world.outro.flag)
    for action in table.actions:
        for flag in action.grants:
            names = events_by_flag.setdefault(flag, [])
            if action.name not in names:
                names.append(action.name)
    for flag in required_flags:
        events_by_flag.setdefault(flag, [])
    labels = [spec.label for event in world.events if (spec := event.land_when) is not None and spec.label]
    labels += [state.arrive_label for state in world.states.values() if state.arrive_label]
    return {
        "flags": [{"flag": flag, "events": events_by_flag[flag]} for flag in sorted(events_by_flag)],
        "states": list(world.states),
        "labels": list(dict.fromkeys(labels)),
        "entrance": table.start,
    }


def _ending_json(ending: Ending | None) -> Json | None:
    if ending is None:
        return None
    return {"kind": ending.kind, "title": ending.title, "subtitle": ending.subtitle}


def _trail_point(moment: Moment) -> Json:
    """Return a point of the trail; who pressed is named where it was not the player."""
    step = moment.step
    if step is None:
        return {"state": moment.position.state, "event": None, "at": 0}
    point: Json = {"state": step.state, "event": step.event, "at": step.until}
    if step.by != "player" or moment.by_handler:
        point["by"] = _cause(moment, step)
    for name in ("granted", "revoked"):
        if flags := getattr(step, name):
            point[name] = list(flags)
    if step.event == VARIANT:
        point["variant"] = step.variant
    if step.event in (SAY, STOP):
        point["text"] = step.line
    if step.ops:
        point["text"] = describe_change(step.ops)
    return point


def _cause(moment: Moment, step: Step) -> str:
    return "handler" if moment.by_handler and step.by in ("player", "author") else step.by


def _flag_sources(session: Session, trail: Iterable[Moment]) -> list[Json]:
    """Return every flag held, and where it is from: no event for one that was held at the start."""
    sources: dict[str, Json] = {}  # by first names: a flag may have been renamed since it was granted
    for moment in trail:
        if (step := moment.step) is None:
            continue
        first_names = moment.rules.first_names
        for flag in step.granted:
            sources[first_names.flag(flag)] = {"event": step.event, "at": step.until, "by": _cause(moment, step)}
        for flag in step.revoked:
            sources.pop(first_names.flag(flag), None)
    held_from_start: Json = {"event": None, "at": 0, "by": "start"}
    first_name = run_of(session).rules.first_names.flag
    return [{"flag": flag, **sources.get(first_name(flag), held_from_start)} for flag in sorted(session.flags)]


def _playing_json(session: Session) -> Json | None:
    """Return what plays, with how long each of its stages is and what could be shown to it."""
    status, playing = session.playing, run_of(session).now.playing
    if status is None or playing is None or playing.stage is None:
        return None
    action = playing.action
    gate = playing.stage.gate
    return status.to_dict() | {
        "label": button_label(action.event) if isinstance(action, Action) else action.title,
        "to": action.target if isinstance(action, Action) else None,
        "index": playing.index,
        "stages": [
            {"what": stage.kind, "ms": stage.ms if stage.gate is None else stage.gate.timeout_ms}
            for stage in playing.stages
        ],
        "seesPicture": session.seen is not None,
        "shows": None if gate is None else _satisfying_sample(gate),
    }


def _timers_json(session: Session) -> list[Json]:
    """Return what fires by itself after some time in this state and has not, the one due first first."""
    moment = run_of(session).now
    if moment.playing is not None or moment.stopped is not None:
        return []
    timers: list[Json] = []
    for action in offered_events(run_of(session).rules.table, session.position, session.past_endings):
        if action.timer_ms is not None and action.index not in moment.self_fired:
            timers.append(
                {
                    "event": action.name,
                    "label": button_label(action.event),
                    "since": moment.entered_at,
                    "due": moment.entered_at + action.timer_ms,
                    "available": action.requires <= session.flags,
                    "hidden": action.is_hidden,
                }
            )
    return sorted(timers, key=lambda timer: timer["due"])


def _zones_json(session: Session) -> list[Json]:
    """Return the trigger zones of this state that may still fire, and what they wait to see."""
    moment, zones = run_of(session).now, []
    if moment.playing is not None or moment.stopped is not None:
        return []
    for action in offered_events(run_of(session).rules.table, session.position, session.past_endings):
        if action.zone is not None and action.index not in moment.self_fired:
            zones.append(
                {
                    "event": action.name,
                    "label": button_label(action.event),
                    "waitsFor": describe_gate(action.zone),
                    "hits": moment.zone_streaks.get(action.index, 0),
                    "needs": action.zone.hits,
                    "available": action.requires <= session.flags,
                    "shows": _satisfying_sample(action.zone),
                }
            )
    return zones


def _arrivals_json(session: Session) -> list[Json]:
    """Return the arrivals that wait for evidence in this state: the event, and what it waits to see."""
    arrivals: list[Json] = []
    for action in offered_events(run_of(session).rules.table, session.position, session.past_endings):
        if not action.awaits_evidence:
            continue
        if action.event.land_when is not None:
            gate = evidence_gate(action.event.land_when)
        else:
            gate = arrival_gate(run_of(session).rules.table.states[action.target or ""].arrive_label or "")
        words = {"waitsFor": describe_gate(gate), "shows": _satisfying_sample(gate)}
        arrivals.append({"event": action.name, "label": button_label(action.event)} | words)
    return arrivals


def _satisfying_sample(gate: EvidenceGate) -> Json | None:
    """Return a sample that is evidence for a gate; None when nothing can be."""
    if gate.labels:
        return {"labels": {min(gate.labels): max(gate.min_extent or 0.0, 0.5)}}
    for name, band in (("luminance", gate.luminance), ("motion", gate.motion)):
        if band is not None:
            low, high = max(band[0], 0.0), min(band[1], 255.0)
            if low <= high:
                return {name: (low + high) / 2}
    return None
