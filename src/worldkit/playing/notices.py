"""What to tell the player of what happened: lines, flags, arrivals, and what came by itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from worldkit.core.spoken_names import readable_name
from worldkit.playing.author_changes import GRANT, STOP, describe_change
from worldkit.playing.handlers import ByHandler
from worldkit.playing.moment import Moment
from worldkit.playing.session import Session
from worldkit.playing.session_view import run_of
from worldkit.playing.trace import Step


def notices_since(session: Session, before: Moment) -> list[dict[str, str]]:
    """Return what to tell the player of everything that happened since a moment, what handlers did included.

    Args:
        session: The run.
        before: The moment; nothing is told when the run no longer goes through it, as after undo.
    """
    steps: list[tuple[Step, ByHandler]] = []
    for moment in run_of(session).now.history():
        if moment is before:
            return [notice for step, by_handler in reversed(steps) for notice in _notices(step, by_handler)]
        if moment.step is not None:
            steps.append((moment.step, moment.by_handler))
    return []


def notices_of(steps: Iterable[Step]) -> list[dict[str, str]]:
    """Return what to tell the player of steps that were just made: lines, flags, arrivals that were not seen in time.

    Args:
        steps: What ``fire`` or ``wait`` returned.
    """
    return [notice for step in steps for notice in _notices(step, by_handler=False)]


def _notices(step: Step, by_handler: ByHandler) -> Iterator[dict[str, str]]:
    if step.line and step.event != STOP:
        yield {"kind": "narration", "text": step.line}
    # that a step is done, and no more, needs no telling
    granted_flags = [_words(flag) for flag in step.granted if flag not in (step.event, f"done_{step.event}")]
    if granted_flags:
        prefix = "Set by hand: " if step.event == GRANT and not by_handler else "Now held: "
        yield {"kind": "grant", "text": f"{prefix}{', '.join(granted_flags)}."}
    if step.evidence == "timed out":  # a player need not know that an arrival was seen, or that nobody looks here
        yield {"kind": "landed", "text": f"You are in {_words(step.state)}. The picture did not show it in time."}
    if step.skipped:
        text = f"{_words(step.cutscene or '').capitalize()} does not play: its flags are not all held."
        yield {"kind": "info", "text": text}
    if step.revoked:
        prefix = "No longer held: " if by_handler else "Cleared by hand: "
        yield {"kind": "info", "text": f"{prefix}{', '.join(map(_words, step.revoked))}."}
    if step.outro:
        yield {"kind": "info", "text": "The outro plays."}
    if step.ops:
        yield {"kind": "info", "text": f"The world changed: {describe_change(step.ops)}."}
    if step.by not in ("player", "author"):
        yield {"kind": "info", "text": f"{_words(step.event).capitalize()}: it came by itself, {_CAUSES[step.by]}."}


_CAUSES: Mapping[str, str] = {
    "timer": "by a timer",
    "waypoint": "at a place on the way",
    "zone": "by what the picture shows",
}


def _words(name: str) -> str:
    return readable_name(name).strip() or name
