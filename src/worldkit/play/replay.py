"""Replaying a trace: the same waits and presses, step by step, until one no longer holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from worldkit.errors import InvalidWorld, NotAvailable, WorldError
from worldkit.play.session import Session
from worldkit.play.trace import Step, Trace, TraceError
from worldkit.world import World

COMPARED = {
    "event": "fired",
    "origin": "was pressed in",
    "state": "landed in",
    "moved": "moved",
    "granted": "granted",
    "used": "was used up",
    "console": "opened a console",
    "evidence": "had its arrival",
    "cutscene": "went by the cutscene",
    "skipped": "skipped the clip",
    "through": "walked through",
}
"""What of a step must be the same, in words; its times and the line shown may differ after an edit of the world."""


def replay(world: World, trace: Trace | Mapping[str, Any] | str) -> Session:
    """Replay a run, and return the session that stands where it ended.

    The time between two steps is waited as it was; how long an event plays may have changed.

    Args:
        world: The world; another version of it will do, as long as every step still holds.
        trace: A trace, its JSON values, or its JSON text.

    Returns:
        A session at the end of the run; it can be undone step by step.

    Raises:
        TraceError: The trace cannot be read, or names the first step that no longer holds, and why.
        InvalidWorld: The world has no states.
    """
    if isinstance(trace, str):
        trace = Trace.from_json(trace)
    elif not isinstance(trace, Trace):
        trace = Trace.from_dict(trace)
    try:
        session = Session(world, seed=trace.seed, at=trace.start, past_endings=trace.past_endings)
    except InvalidWorld:
        raise
    except WorldError as error:
        raise TraceError(0, f"the run cannot begin: {error}") from error
    clock = 0
    for index, step in enumerate(trace.steps):
        idle = _idle(index, step.at - clock, step.held)
        made = _pressed(session, index, step, *idle) if step.by == "player" else _timed(session, index, step, *idle)
        _compare(index, step, made)
        clock = step.until
    count = len(trace.steps)
    early = _pass(session, *_idle(count, trace.clock - clock, trace.held))
    if early is not None:
        raise TraceError(count, f"after the last step {early.event!r} fired by itself ({early.by}) at {early.at} ms")
    return session


def _idle(index: int, ms: int, held: int) -> tuple[int, int]:
    if not 0 <= held <= ms:
        said = f"it was recorded {ms} ms after the step before, with forward held for {held} ms of that"
        raise TraceError(index, said)
    return ms - held, held


def _pass(session: Session, still: int, held: int) -> Step | None:
    # nothing fires between two steps, so in what order one stood and travelled makes no difference
    for ms, forward in ((still, False), (held, True)):
        steps = session._spend(ms, forward, most=1) if ms else ()
        if steps:
            return steps[0]
    return None


def _pressed(session: Session, index: int, step: Step, still: int, held: int) -> Step:
    early = _pass(session, still, held)
    if early is not None:
        said = f"before {step.event!r} was pressed, {early.event!r} fired by itself ({early.by}) at {early.at} ms"
        raise TraceError(index, said)
    try:
        return session.fire(step.event)
    except NotAvailable as refused:
        raise TraceError(index, str(refused)) from refused


def _timed(session: Session, index: int, step: Step, still: int, held: int) -> Step:
    expected = session.clock + still + held
    made = _pass(session, still, held)
    if made is None and still + held == 0:
        made = next(iter(session._spend(0, False, most=1)), None)
    if made is None:
        said = f"{step.event!r} did not fire by itself ({step.by}) at {expected} ms"
        raise TraceError(index, said)
    if made.at != expected or made.by != step.by:
        said = (
            f"{made.event!r} fired by itself ({made.by}) at {made.at} ms, "
            f"expected {step.event!r} ({step.by}) at {expected} ms"
        )
        raise TraceError(index, said)
    return made


def _compare(index: int, step: Step, made: Step) -> None:
    for field, words in COMPARED.items():
        found, expected = getattr(made, field), getattr(step, field)
        if found != expected:
            raise TraceError(index, f"{step.event!r} {words} {_said(found)}, expected {_said(expected)}")


def _said(value: object) -> str:
    return repr(list(value)) if isinstance(value, tuple) else repr(value)
