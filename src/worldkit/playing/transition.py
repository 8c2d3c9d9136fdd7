"""The transition function of play: from a press, stage by stage, to the landing.

Every function takes a moment and returns a later one; the events to publish are collected in an ``EventRecorder``.
Nothing is granted, used or moved before the landing. Both modes use these functions: real-time mode advances
stage by stage with the clock, instant mode goes from press to landing at once.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from worldkit.core.errors import WorldError
from worldkit.core.model import Phase
from worldkit.playing import outputs, prompts
from worldkit.playing.clock import whole_ms
from worldkit.playing.event_stages import EventStage, stages_of_event, stages_of_sequence
from worldkit.playing.evidence import Observation, Sample, Source
from worldkit.playing.machine import reached_beats, step
from worldkit.playing.moment import Moment, OpenConsole, Playing
from worldkit.playing.payloads import end_payload, enter_payload, fire_payload
from worldkit.playing.play_rules import PlayRules
from worldkit.playing.position import Position
from worldkit.playing.scheduler import advance, next_stage_change
from worldkit.playing.subscriptions import SessionEvent
from worldkit.playing.trace import By, Evidence, Step
from worldkit.playing.transition_table import Action, SequenceAction

MAX_LOOKS = 100_000
"""A source is asked no more often than this, some 19 hours of play, before an arrival in instant mode is given up."""


@dataclass(slots=True)
class EventRecorder:
    """Collects the events of a transition, in order; outputs for a renderer are computed only if someone listens."""

    has_listeners: bool = True
    events: list[SessionEvent] = field(default_factory=list)

    def record(self, *events: SessionEvent) -> None:
        """Record events."""
        self.events += events

    def record_move(self, clock: int, origin: str, state: str, event: str) -> None:
        """Record that an event led from one state to another."""
        entry = enter_payload(state, origin, event)
        self.record(
            SessionEvent("leave", clock, origin, event), SessionEvent("enter", clock, state, event, payload=entry)
        )

    def record_display(self, before: Moment, after: Moment) -> None:
        """Record what differs between two moments in the line shown and the controls held."""
        if self.has_listeners:
            self.events += outputs.display_changes(before, after)

    def record_prompt(self, before: Moment, after: Moment) -> None:
        """Record the prompt sent, if it differs from the one before."""
        if self.has_listeners:
            self.events += outputs.prompt_change(before, after)

    def record_changes(self, before: Moment, after: Moment) -> Moment:
        """Record everything that differs for a renderer between two moments, and return the later one."""
        self.record_display(before, after)
        self.record_prompt(before, after)
        return after

    def record_outro(self, after: Moment, event: str | None) -> None:
        """Record that the outro is played."""
        outro = after.rules.world.outro
        assert outro is not None
        self.record(SessionEvent("outro", after.clock, after.position.state, event, text=outro.video))


def press(rules: PlayRules, now: Moment, action: Action | SequenceAction, by: By, recorder: EventRecorder) -> Moment:
    """Return the moment something available is pressed: its line is shown, its drive applied, nothing landed.

    A console opens at once instead, and that is all it does.
    """
    state = now.position.state
    recorder.record(SessionEvent("fire", now.clock, state, action.name, payload=fire_payload(action, state)))
    if isinstance(action, SequenceAction):
        stages = stages_of_sequence(reached_beats(rules.table, action, rules.past_endings))
        playing = Playing(action, by, now.clock, now.forward_ms, stages, now, stage_began=now.clock)
        return now.successor(playing=playing, console=None, forward_ms=0, moving=False)
    self_fired = now.self_fired if by == "player" else now.self_fired | {action.index}
    if action.opens_console:
        return _open_console(now, action, by, self_fired, recorder)
    event = action.event
    plays_clip = action.plays_cutscene(state, now.position.flags)
    drive = outputs.drive_controls(event.drive) if event.drive is not None else ()
    release = None if not drive or event.drive_pulse_ms is None else now.clock + whole_ms(event.drive_pulse_ms)
    stages = stages_of_event(rules.table, action, action.cutscenes[state] if plays_clip else None)
    playing = Playing(action, by, now.clock, now.forward_ms, stages, now, drive, release, stage_began=now.clock)
    if playing.phase is not None:  # the first phase begins with the press
        playing = _with_drive_of_phase(playing, playing.phase)
    line = event.narration if event.narration is not None else now.line
    if not stages and not recorder.has_listeners:
        return _land_event(rules, now, playing, line, self_fired, recorder)
    after = now.successor(playing=playing, console=None, forward_ms=0, self_fired=self_fired, line=line)
    recorder.record_display(now, after)
    if stages:
        return after
    recorder.record_prompt(now, after)
    return _land_event(rules, now, playing, line, self_fired, recorder, after)


def advance_stages(rules: PlayRules, now: Moment, source: Source | None, recorder: EventRecorder) -> Moment:
    """Return the moment after everything due by now: finished stages, released controls, the landing."""
    while (playing := now.playing) is not None:
        if playing.stage is not None and playing.release_at is not None and now.clock >= playing.release_at:
            now = recorder.record_changes(now, now.successor(playing=replace(playing, drive=(), release_at=None)))
        elif playing.stage is not None and not _stage_is_over(now, playing, playing.stage):
            break
        else:
            now = _begin_next_stage(rules, now, playing, source, recorder)
    return now


def play_to_landing(rules: PlayRules, now: Moment, source: Source | None, recorder: EventRecorder) -> Moment:
    """Return the moment at which the playing event has landed; the clock advances as far as that takes.

    Raises:
        WorldError: A source was asked 100,000 times and neither showed evidence nor let the time run out.
    """
    now = advance_stages(rules, now, source, recorder)
    look_count = 0
    while now.playing is not None:
        if source is not None and (look_count := look_count + 1) > MAX_LOOKS:
            raise WorldError(
                f"{now.playing.action.name!r} waits for evidence, the source was asked {MAX_LOOKS} times and showed "
                "none: give it a timeoutMs, or play in real time; nothing has changed"
            )
        now = advance_stages(
            rules, advance(rules, now, next_stage_change(now, source is not None), False, source), source, recorder
        )
    return now


def partial_step(now: Moment) -> Step:
    """Return the unfinished step of the event that is playing."""
    playing = now.playing
    assert playing is not None
    return Step(
        event=playing.action.name,
        by=playing.by,
        at=playing.pressed_at,
        until=now.clock,
        origin=playing.before.position.state,
        state=now.position.state,
        through=playing.entered_states,
        held=playing.forward_ms,
        line=(playing.action.event.narration or "") if isinstance(playing.action, Action) else "",
        playing=True,
    )


def _open_console(now: Moment, action: Action, by: By, self_fired: frozenset[int], recorder: EventRecorder) -> Moment:
    state = now.position.state
    step = Step(action.name, by, now.clock, now.clock, state, state, console=True, held=now.forward_ms)
    recorder.record(SessionEvent("land", now.clock, state, action.name))
    return now.successor(
        console=OpenConsole(action), self_fired=self_fired, forward_ms=0, step_count=now.step_count + 1, step=step
    )


def _stage_is_over(now: Moment, playing: Playing, stage: EventStage) -> bool:
    if stage.gate is None:
        return now.clock >= playing.stage_began + stage.ms
    return (
        now.sample is None
        or playing.hits >= stage.gate.hits
        or now.clock >= playing.stage_began + stage.gate.timeout_ms
    )


def _begin_next_stage(
    rules: PlayRules, now: Moment, playing: Playing, source: Source | None, recorder: EventRecorder
) -> Moment:
    stage = playing.stage
    if stage is not None and stage.gate is not None:
        outcome: Evidence = (
            "not observed" if now.sample is None else "observed" if playing.hits >= stage.gate.hits else "timed out"
        )
        recorder.record(SessionEvent("evidence", now.clock, now.position.state, playing.action.name, text=outcome))
        playing = replace(playing, evidence=_worse_evidence(playing.evidence, outcome))
    index = playing.index + 1
    if index == len(playing.stages):
        if isinstance(playing.action, SequenceAction):
            return _land_sequence(rules, now, playing, playing.action, recorder)
        return _land_event(rules, now, playing, now.line, now.self_fired, recorder)
    playing = replace(playing, index=index, stage_began=now.clock, hits=0)
    next_stage, state, name = playing.stages[index], now.position.state, playing.action.name
    if next_stage.enters_state is not None:
        return _enter_state(rules, now, playing, next_stage, source, recorder)
    before = playing.before if index == 0 else now
    if next_stage.phase is not None:
        playing = _with_drive_of_phase(playing, next_stage.phase)
        text = prompts.phase_prompt(next_stage.phase)
        recorder.record(SessionEvent("phase", now.clock, state, name, text=text, number=index + 1))
    if next_stage.cutscene is not None:
        recorder.record(SessionEvent("cutscene", now.clock, state, name, text=next_stage.cutscene.video))
    after = now.successor(playing=playing, **_first_look(now, next_stage, source))
    recorder.record_display(now, after)
    recorder.record_prompt(before, after)
    return after


def _with_drive_of_phase(playing: Playing, phase: Phase) -> Playing:
    """Return what plays with the controls that a phase sets: null releases them, without ``drive`` they stay."""
    if "drive" not in phase.model_fields_set:
        return playing
    return replace(playing, drive=outputs.drive_controls(phase.drive), release_at=None)


def _worse_evidence(earlier: Evidence | None, later: Evidence) -> Evidence:
    order: tuple[Evidence, ...] = ("timed out", "not observed", "observed")
    return later if earlier is None else min(earlier, later, key=order.index)


def _first_look(now: Moment, stage: EventStage, source: Source | None) -> dict[str, Sample | Observation]:
    """Return what a source sees as a gate begins: whether there is a picture at all."""
    if stage.gate is None or source is None:
        return {}
    answer = source(now.clock)
    sample = None if answer is None else Sample.of(answer)
    if sample is None or sample == now.sample:
        return {}
    return {"sample": sample, "observed": Observation(now.clock, now.step_count, True, True, sample)}


def _enter_state(
    rules: PlayRules, now: Moment, playing: Playing, stage: EventStage, source: Source | None, recorder: EventRecorder
) -> Moment:
    assert stage.enters_state is not None
    origin, state, name = now.position.state, stage.enters_state, playing.action.name
    recorder.record_move(now.clock, origin, state, name)
    position = Position(state, now.position.flags, now.position.used)
    plays_outro = not now.outro_played and rules.plays_outro(position)
    after = now.successor(
        position=position,
        playing=replace(playing, entered_states=(*playing.entered_states, state), outro=playing.outro or plays_outro),
        outro_played=now.outro_played or plays_outro,
        line=rules.entry_line(state),
        **_fields_on_entry(now.clock),
        **_first_look(now, stage, source),
    )
    recorder.record_changes(now, after)
    if plays_outro:
        recorder.record_outro(after, name)
    return after


def _fields_on_entry(clock: int) -> dict[str, object]:
    """Return the fields that are reset when a state is entered."""
    return {
        "entered_at": clock,
        "travelled_ms": 0,
        "self_fired": frozenset(),
        "near_waypoints": frozenset(),
        "zone_streaks": {},
    }


def _land_event(
    rules: PlayRules,
    now: Moment,
    playing: Playing,
    line: str,
    self_fired: frozenset[int],
    recorder: EventRecorder,
    press_moment: Moment | None = None,
) -> Moment:
    """Return the moment an event lands; of one that lands as it is pressed, ``press_moment`` is what a renderer saw."""
    action, origin, clock = playing.action, now.position.state, now.clock
    assert isinstance(action, Action)
    position, effects = step(now.position, action)
    narration = action.event.narration
    entry_line = rules.entry_line(position.state) if effects.moved else ""
    plays_outro = not now.outro_played and rules.plays_outro(position)
    landed_step = Step(
        event=action.name,
        by=playing.by,
        at=playing.pressed_at,
        until=clock,
        origin=origin,
        state=position.state,
        moved=effects.moved,
        granted=effects.granted,
        used=effects.used,
        evidence=playing.evidence,
        cutscene=None if effects.cutscene is None else effects.cutscene.id,
        skipped=effects.skipped,
        held=playing.forward_ms,
        line=narration if narration is not None else entry_line,
        outro=plays_outro,
    )
    after = now.successor(
        position=position,
        idle_since=clock,
        line=entry_line if effects.moved and narration is None else line,
        console=None,
        playing=None,
        forward_ms=0,
        moving=False,
        outro_played=now.outro_played or plays_outro,
        step_count=now.step_count + 1,
        step=landed_step,
        **(_fields_on_entry(clock) if effects.moved else {"self_fired": self_fired}),
    )
    if effects.granted:
        recorder.record(SessionEvent("grant", clock, origin, action.name, effects.granted))
    if effects.moved:
        recorder.record_move(clock, origin, position.state, action.name)
    return _record_landing(rules, press_moment or now, after, landed_step, recorder)


def _land_sequence(
    rules: PlayRules, now: Moment, playing: Playing, sequence: SequenceAction, recorder: EventRecorder
) -> Moment:
    step = Step(
        event=sequence.name,
        by=playing.by,
        at=playing.pressed_at,
        until=now.clock,
        origin=playing.before.position.state,
        state=now.position.state,
        moved=bool(playing.entered_states),
        evidence=playing.evidence,
        through=playing.entered_states,
        held=playing.forward_ms,
        line=now.line if playing.entered_states else "",
        outro=playing.outro,
    )
    after = now.successor(idle_since=now.clock, playing=None, step_count=now.step_count + 1, step=step)
    return _record_landing(rules, now, after, replace(step, outro=False), recorder)


def _record_landing(rules: PlayRules, now: Moment, after: Moment, step: Step, recorder: EventRecorder) -> Moment:
    state = after.position.state
    recorder.record(SessionEvent("land", step.until, state, step.event))
    recorder.record_changes(now, after)
    if step.outro:
        recorder.record_outro(after, step.event)
    if step.moved and state in rules.table.endings:
        ending = end_payload(rules.table, state)
        recorder.record(SessionEvent("end", step.until, state, step.event, payload=ending))
    return after
