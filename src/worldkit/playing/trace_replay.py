"""Replaying a trace: the same waits, presses and looks at the picture, step by step, until one no longer holds."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from worldkit.core.errors import InvalidWorld, NotAvailable, WorldError
from worldkit.core.time_limit import check_time
from worldkit.playing.evidence import Observation, Sample, Source
from worldkit.playing.run import GRANT, REVOKE, VARIANT
from worldkit.playing.trace import Pressed, Step, Trace, TraceError

if TYPE_CHECKING:
    from worldkit.playing.session import Session
    from worldkit.world import World

COMPARED = {
    "event": "fired",
    "origin": "was pressed in",
    "state": "landed in",
    "moved": "moved",
    "granted": "granted",
    "revoked": "revoked",
    "variant": "chose the variant",
    "used": "was used up",
    "console": "opened a console",
    "evidence": "had its arrival",
    "cutscene": "went by the cutscene",
    "skipped": "skipped the clip",
    "through": "walked through",
}
"""What of a step must be the same, in words; its times, the line shown and the outro may differ after an edit."""

Shown = deque[tuple[int, Sample]]


def replay_in(
    session_class: type[Session], world: World, trace: Trace | Mapping[str, Any] | str, evidence: Source | None = None
) -> Session:
    """Replay a run in a new session of a class; see ``replay``."""
    if isinstance(trace, str):
        trace = Trace.from_json(trace)
    elif not isinstance(trace, Trace):
        trace = Trace.from_dict(trace)
    camera = _Camera(trace.seen)
    options: dict[str, Any] = {"seed": trace.seed, "past_endings": trace.past_endings, "mode": trace.mode}
    try:
        session = session_class(world, at=trace.start, evidence=camera if camera.asked else None, **options)
    except InvalidWorld:
        raise
    except WorldError as error:
        raise TraceError(0, f"the run cannot begin: {error}") from error
    clock = 0
    for index, step in enumerate(trace.steps):
        check_time()
        camera.turn(index, session.clock - clock)
        _compare(index, step, _again(session, index, step, camera, *_idle(index, step.at - clock, step.held)))
        clock = step.until
    _end(session, trace, camera, clock)
    session._run.look = evidence
    return session


@dataclass(slots=True)
class _Camera:
    """What was seen in a recorded run, shown again: asked at a tick like any source, or told between ticks."""

    seen: tuple[Observation, ...]
    by_step: dict[int, list[Observation]] = field(default_factory=dict)
    idle: Shown = field(default_factory=deque)
    playing: Shown = field(default_factory=deque)
    ticks: Shown = field(default_factory=deque)

    def __post_init__(self) -> None:
        for observation in self.seen:
            self.by_step.setdefault(observation.after, []).append(observation)

    @property
    def asked(self) -> bool:
        """Whether a source was asked in the recorded run."""
        return any(observation.asked for observation in self.seen)

    def turn(self, after: int, shift: int) -> None:
        """Get ready for what was seen after so many steps, with the clock so much later than then."""
        now = self.by_step.get(after, [])

        def shown(some: Iterable[Observation]) -> Shown:
            return deque((observation.at + shift, observation.sample) for observation in some)

        self.idle = shown(one for one in now if not one.asked and not one.during)
        self.playing = shown(one for one in now if not one.asked and one.during)
        self.ticks = shown(one for one in now if one.asked)

    def __call__(self, clock: int) -> Sample | None:
        found: Sample | None = None
        while self.ticks and self.ticks[0][0] <= clock:
            found = self.ticks.popleft()[1]
        return found


def _idle(index: int, ms: int, held: int) -> tuple[int, int]:
    if not 0 <= held <= ms:
        said = f"it was recorded {ms} ms after the step before, with forward held for {held} ms of that"
        raise TraceError(index, said)
    return ms - held, held


def _again(session: Session, index: int, step: Step, camera: _Camera, still: int, held: int) -> Step:
    try:
        if step.by == "author":
            _quiet(session, index, step.event, camera, still, held)
            return _authored(session, index, step)
        made = _pressed(session, index, step, camera, still, held)
    except NotAvailable as refused:
        raise TraceError(index, str(refused)) from refused
    return _landed(session, camera, None) or made


def _pressed(session: Session, index: int, step: Step | Pressed, camera: _Camera, still: int, held: int) -> Step:
    """Press again what was pressed, or wait until it fires by itself; return the step as far as it comes at once."""
    if step.by == "player":
        _quiet(session, index, step.event, camera, still, held)
        return session.fire(step.event)
    expected = session.clock + still + held
    made = _pass(session, camera.idle, still, held) or _begun(session, 0, False)
    if made is None:
        raise TraceError(index, f"{step.event!r} did not fire by itself ({step.by}) at {expected} ms")
    if made.at != expected or made.by != step.by:
        said = (
            f"{made.event!r} fired by itself ({made.by}) at {made.at} ms, "
            f"expected {step.event!r} ({step.by}) at {expected} ms"
        )
        raise TraceError(index, said)
    return made


def _quiet(session: Session, index: int, name: str, camera: _Camera, still: int, held: int) -> None:
    early = _pass(session, camera.idle, still, held)
    if early is not None:
        said = f"before {name!r} was pressed, {early.event!r} fired by itself ({early.by}) at {early.at} ms"
        raise TraceError(index, said)


def _pass(session: Session, shown: Shown, still: int, held: int) -> Step | None:
    # nothing fires between two steps, so in what order one stood and travelled makes no difference
    for ms, forward in ((still, False), (held, True)):
        goal = session.clock + ms
        while True:
            _show(session, shown)
            stop = min(goal, shown[0][0]) if shown else goal
            if stop == session.clock:
                break
            begun = _begun(session, stop - session.clock, forward)
            if begun is not None:
                return begun
    return None


def _begun(session: Session, ms: int, forward: bool) -> Step | None:
    """Let time pass until something fires by itself; return its step, as far as it has come in real time."""
    from worldkit.playing.transition import as_far

    steps = session._spend(ms, forward, most=1)
    if steps:
        return steps[0]
    return None if session.playing is None else as_far(session._now)


def _landed(session: Session, camera: _Camera, until: int | None) -> Step | None:
    """Let what plays land, but not past some clock; what was seen meanwhile is seen again."""
    while session.playing is not None:
        _show(session, camera.playing)
        coming = camera.playing[0][0] if camera.playing else None
        stop = until if coming is None else coming if until is None else min(coming, until)
        made = session._run.land(stop)
        if made is not None:
            return made
        if until is not None and session.clock >= until:
            _show(session, camera.playing)
            break
    return None


def _show(session: Session, shown: Shown) -> None:
    while shown and shown[0][0] <= session.clock:
        session.observe(shown.popleft()[1])


def _authored(session: Session, index: int, step: Step) -> Step:
    if step.event == GRANT:
        return session.grant(*step.granted)
    if step.event == REVOKE:
        return session.revoke(*step.revoked)
    if step.event == VARIANT:
        try:
            return session.variant(step.variant)
        except ValueError as error:
            raise TraceError(index, str(error)) from error
    expected = ", ".join(map(repr, (GRANT, REVOKE, VARIANT)))
    raise TraceError(index, f"an author does no {step.event!r}; expected one of {expected}")


def _end(session: Session, trace: Trace, camera: _Camera, clock: int) -> None:
    """Do again what came after the last step: time, and perhaps something that has not landed."""
    count, shift = len(trace.steps), session.clock - clock
    camera.turn(count, shift)
    pressed = trace.playing
    if pressed is None:
        early = _pass(session, camera.idle, *_idle(count, trace.clock - clock, trace.held))
        if early is not None:
            raise TraceError(
                count, f"after the last step {early.event!r} fired by itself ({early.by}) at {early.at} ms"
            )
        return
    if not pressed.at <= trace.clock:
        raise TraceError(count, f"{pressed.event!r} was recorded as pressed at {pressed.at} ms, after the end")
    try:
        made = _pressed(session, count, pressed, camera, *_idle(count, pressed.at - clock, pressed.held))
    except NotAvailable as refused:
        raise TraceError(count, str(refused)) from refused
    if made.event != pressed.event:
        raise TraceError(count, f"{made.event!r} fired at {made.at} ms, expected {pressed.event!r}")
    landed = _landed(session, camera, trace.clock + shift)
    if landed is not None or session.playing is None:
        raise TraceError(count, f"{pressed.event!r} landed at {session.clock} ms, expected it to be playing still")


def _compare(index: int, step: Step, made: Step) -> None:
    for field_name, words in COMPARED.items():
        found, expected = getattr(made, field_name), getattr(step, field_name)
        if found != expected:
            raise TraceError(index, f"{step.event!r} {words} {_said(found)}, expected {_said(expected)}")


def _said(value: object) -> str:
    return repr(list(value)) if isinstance(value, tuple) else repr(value)
