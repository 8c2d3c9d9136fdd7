"""A session as the player widget sees it: one JSON value, made anew after everything that happens."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from worldkit.diagnostics import Diagnostic
from worldkit.jsonish import Json
from worldkit.model import Ending
from worldkit.play.session import Session
from worldkit.play.show import title
from worldkit.play.trace import Step

PROTOCOL = 1


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
    return {
        "protocol": PROTOCOL,
        "title": title(session),
        "state": {"id": session.state, "base": session.here.base, "ending": ended},
        "line": session.line,
        "prompt": session.prompt(),
        "offers": [offer.to_dict() for offer in session.offers],
        "hidden": [offer.to_dict() for offer in session.hidden_offers],
        "flags": sorted(session.flags),
        "trail": session.trail,
        "clock": session.clock,
        "ended": ended,
        "missions": [mission.to_dict() for mission in session.missions],
        "mode": session.mode,
        "playing": session.playing.to_dict() if session.playing else None,
        "promptNow": session.prompt_now,
        "controls": list(session.controls),
        "ambient": session.ambient,
        "waypoints": [waypoint.to_dict() for waypoint in session.waypoints],
        "variants": list(session.variants),
        "variant": session.chosen.get(session.state),
        "intro": session.intro,
        "outro": session.outro,
        "canUndo": session.can_undo,
        "terminal": dict(terminal) if terminal is not None else opened.to_dict() if opened else None,
        "notices": [{"kind": notice["kind"], "text": notice["text"]} for notice in notices],
        "blocked": [diagnostic.to_dict() for diagnostic in blocked],
    }


def notices_of(steps: Iterable[Step]) -> list[dict[str, str]]:
    """Return what to tell the player of steps that were just made: lines, flags, unobserved arrivals.

    Args:
        steps: What ``fire`` or ``wait`` returned.
    """
    told: list[dict[str, str]] = []
    for step in steps:
        if step.playing:
            told.append({"kind": "info", "text": f"{step.event} plays."})
        if step.line:
            told.append({"kind": "narration", "text": step.line})
        if step.granted:
            told.append({"kind": "grant", "text": f"Now held: {', '.join(step.granted)}."})
        if step.evidence:
            came = "timed out" if step.evidence == "timed out" else f"was {step.evidence}"
            told.append({"kind": "landed", "text": f"Landed in {step.state}; the arrival {came}."})
        if step.skipped:
            told.append({"kind": "info", "text": f"Cutscene {step.cutscene} skipped: its flags are not all held."})
        if step.revoked:
            told.append({"kind": "info", "text": f"No longer held: {', '.join(step.revoked)}."})
        if step.outro:
            told.append({"kind": "info", "text": "The outro plays."})
        if step.by not in ("player", "author"):
            told.append({"kind": "info", "text": f"{step.event} fired by itself ({step.by})."})
    return told


def _ending(ending: Ending | None) -> Json | None:
    if ending is None:
        return None
    return {"kind": ending.kind, "title": ending.title, "subtitle": ending.subtitle}
