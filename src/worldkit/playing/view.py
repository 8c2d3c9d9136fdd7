"""A session as the player widget sees it: one JSON value, made anew after everything that happens.

While nothing happens but time, only what changes with time is made anew: ``now``. What stays the same for
a whole world, and is asked for once, is ``about``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from worldkit.core.diagnostics import Diagnostic
from worldkit.core.json_values import Json
from worldkit.core.model import Ending
from worldkit.playing.compile import Action
from worldkit.playing.gates import Gate, arrival, gate
from worldkit.playing.machine import unspent
from worldkit.playing.now_playing import gate_words
from worldkit.playing.offers import label
from worldkit.playing.run import GRANT
from worldkit.playing.session import Session
from worldkit.playing.show import title
from worldkit.playing.trace import Step

PROTOCOL = 1

MOST_TRAIL = 400
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
    opened = session.terminal
    ended = _ending(session.ended)
    trace = session.trace
    return {
        "protocol": PROTOCOL,
        "title": title(session),
        "state": {"id": session.state, "base": session.here.base, "ending": ended},
        "line": session.line,
        "prompt": session.prompt(),
        "offers": [offer.to_dict() for offer in session.offers],
        "hidden": [offer.to_dict() for offer in session.hidden_offers],
        "flags": sorted(session.flags),
        "held": _held(session, trace.steps),
        "trail": [_point(trace.start.state, None), *(_point(step.state, step) for step in trace.steps)][-MOST_TRAIL:],
        "trailFrom": max(0, len(trace.steps) + 1 - MOST_TRAIL),
        "start": trace.start.to_dict(),
        "seed": session.seed,
        "ended": ended,
        "missions": [mission.to_dict() for mission in session.missions],
        "arrivals": _arrivals(session),
        "mode": session.mode,
        "variants": list(session.variants),
        "variant": session.chosen.get(session.state),
        "intro": session.intro,
        "outro": session.outro,
        "canUndo": session.can_undo,
        "terminal": dict(terminal) if terminal is not None else opened.to_dict() if opened else None,
        "notices": [{"kind": notice["kind"], "text": notice["text"]} for notice in notices],
        "blocked": [diagnostic.to_dict() for diagnostic in blocked],
        **now(session),
    }


def now(session: Session) -> Json:
    """Return the part of the view that changes with time alone.

    Args:
        session: The run.
    """
    return {
        "clock": session.clock,
        "playing": _playing(session),
        "promptNow": session.prompt_now,
        "controls": list(session.controls),
        "ambient": session.ambient,
        "waypoints": [waypoint.to_dict() for waypoint in session.waypoints],
        "timers": _timers(session),
        "zones": _zones(session),
        "seen": session.seen.to_dict() if session.seen else None,
    }


def about(session: Session) -> Json:
    """Return what a tester may want to know of the whole world.

    Args:
        session: The run.

    Returns:
        Every flag with the events that grant it, every state, and every label that an arrival waits for.
    """
    world, table = session.world, session._game.table
    granted: dict[str, list[str]] = {}
    wanted = [flag for action in table.actions for flag in sorted(action.requires | action.cut_requires)]
    facts = [fact for action in table.actions if action.console for fact in action.console.facts or ()]
    wanted += [flag for fact in facts for flag in fact.requires or ()]
    if world.outro is not None:
        wanted.append(world.outro.flag)
    for action in table.actions:
        for flag in action.grants:
            names = granted.setdefault(flag, [])
            if action.name not in names:
                names.append(action.name)
    for flag in wanted:
        granted.setdefault(flag, [])
    labels = [spec.label for event in world.events if (spec := event.land_when) is not None and spec.label]
    labels += [state.arrive_label for state in world.states.values() if state.arrive_label]
    return {
        "flags": [{"flag": flag, "events": granted[flag]} for flag in sorted(granted)],
        "states": list(world.states),
        "labels": list(dict.fromkeys(labels)),
        "entrance": table.start,
    }


def notices_of(steps: Iterable[Step]) -> list[dict[str, str]]:
    """Return what to tell the player of steps that were just made: lines, flags, unobserved arrivals.

    Args:
        steps: What ``fire`` or ``wait`` returned.
    """
    told: list[dict[str, str]] = []
    for step in steps:
        if step.line:
            told.append({"kind": "narration", "text": step.line})
        if step.granted:
            who = "Set by hand: " if step.event == GRANT else "Now held: "
            told.append({"kind": "grant", "text": f"{who}{', '.join(step.granted)}."})
        if step.evidence:
            came = "timed out" if step.evidence == "timed out" else f"was {step.evidence}"
            told.append({"kind": "landed", "text": f"Landed in {step.state}; the arrival {came}."})
        if step.skipped:
            told.append({"kind": "info", "text": f"Cutscene {step.cutscene} skipped: its flags are not all held."})
        if step.revoked:
            told.append({"kind": "info", "text": f"Cleared by hand: {', '.join(step.revoked)}."})
        if step.outro:
            told.append({"kind": "info", "text": "The outro plays."})
        if step.by not in ("player", "author"):
            told.append({"kind": "info", "text": f"{step.event} fired by itself ({step.by})."})
    return told


def _ending(ending: Ending | None) -> Json | None:
    if ending is None:
        return None
    return {"kind": ending.kind, "title": ending.title, "subtitle": ending.subtitle}


def _point(state: str, step: Step | None) -> Json:
    """Return a point of the trail; who pressed is named where it was not the player."""
    if step is None:
        return {"state": state, "event": None, "at": 0}
    made: Json = {"state": state, "event": step.event, "at": step.until}
    if step.by != "player":
        made["by"] = step.by
    for name in ("granted", "revoked"):
        if flags := getattr(step, name):
            made[name] = list(flags)
    if step.event == "author:variant":
        made["variant"] = step.variant
    return made


def _held(session: Session, steps: Iterable[Step]) -> list[Json]:
    """Return every flag held, and where it is from: no event for one that was held at the start."""
    source: dict[str, Step] = {}
    for step in steps:
        source |= dict.fromkeys(step.granted, step)
        for flag in step.revoked:
            source.pop(flag, None)
    found: list[Json] = []
    for flag in sorted(session.flags):
        step_of = source.get(flag)
        if step_of is None:
            found.append({"flag": flag, "event": None, "at": 0, "by": "start"})
        else:
            found.append({"flag": flag, "event": step_of.event, "at": step_of.until, "by": step_of.by})
    return found


def _playing(session: Session) -> Json | None:
    """Return what plays, with how long each of its stages is and what could be shown to it."""
    shown, playing = session.playing, session._now.playing
    if shown is None or playing is None or playing.stage is None:
        return None
    found = playing.found
    waits = playing.stage.gate
    return shown.to_dict() | {
        "label": label(found.event) if isinstance(found, Action) else found.title,
        "to": found.target if isinstance(found, Action) else None,
        "index": playing.index,
        "stages": [
            {"what": stage.what, "ms": stage.ms if stage.gate is None else stage.gate.timeout_ms}
            for stage in playing.stages
        ],
        "seesPicture": session.seen is not None,
        "shows": None if waits is None else _sample(waits),
    }


def _timers(session: Session) -> list[Json]:
    """Return what fires by itself after some time in this state and has not, the one due first first."""
    moment = session._now
    if moment.playing is not None:
        return []
    found: list[Json] = []
    for action in unspent(session._game.table, session.position, session.past_endings):
        if action.timer_ms is not None and action.index not in moment.rung:
            found.append(
                {
                    "event": action.name,
                    "label": label(action.event),
                    "since": moment.entered,
                    "due": moment.entered + action.timer_ms,
                    "available": action.requires <= session.flags,
                    "hidden": action.hidden,
                }
            )
    return sorted(found, key=lambda timer: timer["due"])


def _zones(session: Session) -> list[Json]:
    """Return the trigger zones of this state that may still fire, and what they wait to see."""
    moment, found = session._now, []
    if moment.playing is not None:
        return []
    for action in unspent(session._game.table, session.position, session.past_endings):
        if action.zone is not None and action.index not in moment.rung:
            found.append(
                {
                    "event": action.name,
                    "label": label(action.event),
                    "waitsFor": gate_words(action.zone),
                    "hits": moment.rows.get(action.index, 0),
                    "needs": action.zone.hits,
                    "available": action.requires <= session.flags,
                    "shows": _sample(action.zone),
                }
            )
    return found


def _arrivals(session: Session) -> list[Json]:
    """Return the arrivals that wait for evidence in this state: the event, and what it waits to see."""
    found: list[Json] = []
    for action in unspent(session._game.table, session.position, session.past_endings):
        if not action.gated:
            continue
        if action.event.land_when is not None:
            waits = gate(action.event.land_when)
        else:
            waits = arrival(session._game.table.states[action.target or ""].arrive_label or "")
        words = {"waitsFor": gate_words(waits), "shows": _sample(waits)}
        found.append({"event": action.name, "label": label(action.event)} | words)
    return found


def _sample(waits: Gate) -> Json | None:
    """Return a sample that is evidence for a gate; None when nothing can be."""
    if waits.labels or waits.min_extent is not None:
        shown = min(waits.labels, default="something")
        return {"labels": {shown: max(waits.min_extent or 0.0, 0.5)}}
    for name, band in (("luminance", waits.luminance), ("motion", waits.motion)):
        if band is not None:
            low, high = max(band[0], 0.0), min(band[1], 255.0)
            return {name: (low + high) / 2} if low <= high else None
    return None
