"""Replaying a trace: the same waits, presses and looks at the picture, step by step, until one no longer holds."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from worldkit.core.errors import InvalidWorld, NotAvailable, WorldError
from worldkit.core.time_limit import check_time
from worldkit.playing import author_changes
from worldkit.playing.author_changes import APPLY, AUTHOR_STEPS, GRANT, REBASE, REVOKE, SAY, STOP, VARIANT
from worldkit.playing.evidence import Observation, Sample, Source
from worldkit.playing.renames import FirstNames
from worldkit.playing.session_view import run_of
from worldkit.playing.trace import PressedEvent, Step, Trace, TraceError
from worldkit.playing.transition import partial_step

if TYPE_CHECKING:
    from worldkit.playing.session import Session
    from worldkit.world import World

COMPARED_FIELDS = {
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

Schedule = deque[tuple[int, Sample]]


def replay_in(
    session_class: type[Session],
    world: World,
    trace: Trace | Mapping[str, Any] | str,
    evidence: Source | None = None,
    first_names: FirstNames | None = None,
) -> Session:
    """Replay a run in a new session of a class; see ``replay``.

    Args:
        session_class: The class.
        world: The world.
        trace: A trace, its JSON values, or its JSON text.
        evidence: Who looks at the picture once the run is replayed.
        first_names: What the world's states and events are known by to who listens to the run; None for their names.
    """
    if isinstance(trace, str):
        trace = Trace.from_json(trace)
    elif not isinstance(trace, Trace):
        trace = Trace.from_dict(trace)
    camera = RecordedSource(trace.seen)
    options: dict[str, Any] = {"seed": trace.seed, "past_endings": trace.past_endings, "mode": trace.mode}
    try:
        session = session_class(world, at=trace.start, evidence=camera if camera.asked else None, **options)
    except InvalidWorld:
        raise
    except WorldError as error:
        raise TraceError(0, f"the run cannot begin: {error}") from error
    if first_names is not None:
        run_of(session).know_by(first_names)
    clock = 0
    for index, step in enumerate(trace.steps):
        check_time()
        camera.turn(index, session.clock - clock)
        _check_step(
            index, step, _replay_step(session, index, step, camera, *_split_wait(index, step.at - clock, step.held))
        )
        clock = step.until
    _replay_end(session, trace, camera, clock)
    run_of(session).source = evidence
    return session


@dataclass(slots=True)
class RecordedSource:
    """What was seen in a recorded run, shown again: asked at a tick like any source, or told between ticks."""

    observations: tuple[Observation, ...]
    by_step: dict[int, list[Observation]] = field(default_factory=dict)
    idle_schedule: Schedule = field(default_factory=deque)
    playing_schedule: Schedule = field(default_factory=deque)
    ticks: Schedule = field(default_factory=deque)

    def __post_init__(self) -> None:
        for observation in self.observations:
            self.by_step.setdefault(observation.after, []).append(observation)

    @property
    def asked(self) -> bool:
        """Whether a source was asked in the recorded run."""
        return any(observation.asked for observation in self.observations)

    def turn(self, after: int, shift: int) -> None:
        """Get ready for what was seen after so many steps, with the clock so much later than then."""
        step_observations = self.by_step.get(after, [])

        def schedule(observations: Iterable[Observation]) -> Schedule:
            return deque((observation.at + shift, observation.sample) for observation in observations)

        self.idle_schedule = schedule(one for one in step_observations if not one.asked and not one.during)
        self.playing_schedule = schedule(one for one in step_observations if not one.asked and one.during)
        self.ticks = schedule(one for one in step_observations if one.asked)

    def __call__(self, clock: int) -> Sample | None:
        sample: Sample | None = None
        while self.ticks and self.ticks[0][0] <= clock:
            sample = self.ticks.popleft()[1]
        return sample


def _split_wait(index: int, ms: int, forward_ms: int) -> tuple[int, int]:
    if not 0 <= forward_ms <= ms:
        reason = f"it was recorded {ms} ms after the step before, with forward held for {forward_ms} ms of that"
        raise TraceError(index, reason)
    return ms - forward_ms, forward_ms


def _replay_step(
    session: Session, index: int, step: Step, camera: RecordedSource, standing_ms: int, forward_ms: int
) -> Step:
    try:
        if step.by == "author":
            _wait_for_press(session, index, step.event, camera, standing_ms, forward_ms)
            return replay_author_change(session, index, step)
        step_so_far = _replay_press(session, index, step, camera, standing_ms, forward_ms)
    except NotAvailable as refusal:
        raise TraceError(index, str(refusal)) from refusal
    return wait_for_landing(session, camera, None) or step_so_far


def _replay_press(
    session: Session, index: int, step: Step | PressedEvent, camera: RecordedSource, standing_ms: int, forward_ms: int
) -> Step:
    """Press again what was pressed, or wait until it fires by itself; return the step as far as it comes at once."""
    if step.by == "player":
        _wait_for_press(session, index, step.event, camera, standing_ms, forward_ms)
        return session.fire(step.event)
    expected = session.clock + standing_ms + forward_ms
    new_step = wait_and_observe(session, camera.idle_schedule, standing_ms, forward_ms) or wait_for_firing(
        session, 0, False
    )
    if new_step is None:
        raise TraceError(index, f"{step.event!r} did not fire by itself ({step.by}) at {expected} ms")
    if new_step.at != expected or new_step.by != step.by:
        reason = (
            f"{new_step.event!r} fired by itself ({new_step.by}) at {new_step.at} ms, "
            f"expected {step.event!r} ({step.by}) at {expected} ms"
        )
        raise TraceError(index, reason)
    return new_step


def _wait_for_press(
    session: Session, index: int, name: str, camera: RecordedSource, standing_ms: int, forward_ms: int
) -> None:
    early = wait_and_observe(session, camera.idle_schedule, standing_ms, forward_ms)
    if early is not None:
        reason = f"before {name!r} was pressed, {early.event!r} fired by itself ({early.by}) at {early.at} ms"
        raise TraceError(index, reason)


def wait_and_observe(session: Session, schedule: Schedule, standing_ms: int, forward_ms: int) -> Step | None:
    """Let time pass, see again what was seen meanwhile; return the step of what fires by itself and ends it."""
    # nothing fires between two steps, so in what order one stood and travelled makes no difference
    for ms, forward in ((standing_ms, False), (forward_ms, True)):
        goal = session.clock + ms
        while True:
            _observe_due(session, schedule)
            stop = min(goal, schedule[0][0]) if schedule else goal
            if stop == session.clock:
                break
            step = wait_for_firing(session, stop - session.clock, forward)
            if step is not None:
                return step
    return None


def wait_for_firing(session: Session, ms: int, forward: bool) -> Step | None:
    """Let time pass until something fires by itself; return its step, as far as it has come in real time."""
    steps = run_of(session).pass_time(ms, forward, max_firings=1)
    if steps:
        return steps[0]
    return None if session.playing is None else partial_step(run_of(session).now)


def wait_for_landing(session: Session, camera: RecordedSource, until: int | None) -> Step | None:
    """Let the playing event land, but not after a given clock; recorded samples are seen again."""
    while session.playing is not None:
        _observe_due(session, camera.playing_schedule)
        next_observation = camera.playing_schedule[0][0] if camera.playing_schedule else None
        stop = (
            until if next_observation is None else next_observation if until is None else min(next_observation, until)
        )
        step = run_of(session).play_to_landing(stop)
        if step is not None:
            return step
        if until is not None and session.clock >= until:
            _observe_due(session, camera.playing_schedule)
            break
    return None


def _observe_due(session: Session, schedule: Schedule) -> None:
    while schedule and schedule[0][0] <= session.clock:
        session.observe(schedule.popleft()[1])


def replay_author_change(session: Session, index: int, step: Step) -> Step:
    """Make a recorded change by hand again.

    Raises:
        TraceError: An author does no such thing, or it is refused now.
        NotAvailable: It cannot be done at this point.
    """
    changes: dict[str, Callable[[], Step]] = {
        GRANT: lambda: session.grant(*step.granted),
        REVOKE: lambda: session.revoke(*step.revoked),
        VARIANT: lambda: session.variant(step.variant),
        SAY: lambda: session.say(step.line),
        STOP: lambda: session.stop(step.line),
        APPLY: lambda: session.apply(step.ops),
        REBASE: lambda: author_changes.replay_rebase(run_of(session), step.ops),
    }
    if step.event not in changes:
        expected = ", ".join(map(repr, AUTHOR_STEPS))
        raise TraceError(index, f"an author does no {step.event!r}; expected one of {expected}")
    try:
        return changes[step.event]()
    except NotAvailable:
        raise
    except (WorldError, ValueError) as error:
        raise TraceError(index, str(error)) from error


def _replay_end(session: Session, trace: Trace, camera: RecordedSource, clock: int) -> None:
    """Do again what came after the last step: time, and perhaps something that has not landed."""
    count, shift = len(trace.steps), session.clock - clock
    camera.turn(count, shift)
    pressed_event = trace.playing
    if pressed_event is None:
        early = wait_and_observe(session, camera.idle_schedule, *_split_wait(count, trace.clock - clock, trace.held))
        if early is not None:
            raise TraceError(
                count, f"after the last step {early.event!r} fired by itself ({early.by}) at {early.at} ms"
            )
        return
    if not pressed_event.at <= trace.clock:
        raise TraceError(
            count, f"{pressed_event.event!r} was recorded as pressed at {pressed_event.at} ms, after the end"
        )
    try:
        new_step = _replay_press(
            session, count, pressed_event, camera, *_split_wait(count, pressed_event.at - clock, pressed_event.held)
        )
    except NotAvailable as refusal:
        raise TraceError(count, str(refusal)) from refusal
    if new_step.event != pressed_event.event:
        raise TraceError(count, f"{new_step.event!r} fired at {new_step.at} ms, expected {pressed_event.event!r}")
    step = wait_for_landing(session, camera, trace.clock + shift)
    if step is not None or session.playing is None:
        raise TraceError(
            count, f"{pressed_event.event!r} landed at {session.clock} ms, expected it to be playing still"
        )


def _check_step(index: int, step: Step, new_step: Step) -> None:
    for field_name, words in COMPARED_FIELDS.items():
        actual, expected = getattr(new_step, field_name), getattr(step, field_name)
        if actual != expected:
            raise TraceError(index, f"{step.event!r} {words} {_literal(actual)}, expected {_literal(expected)}")


def _literal(value: object) -> str:
    return repr(list(value)) if isinstance(value, tuple) else repr(value)
