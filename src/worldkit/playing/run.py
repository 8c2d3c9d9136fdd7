"""``Run``: the mutable part of a session: the current moment, the undo stack and the event bus.

The rules themselves are pure functions, in ``transition`` and ``scheduler``.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from worldkit.core import json_values
from worldkit.core.errors import NotAvailable, WorldError
from worldkit.core.quoting import quote_name
from worldkit.core.time_limit import TimeUp, check_time, time_up_error
from worldkit.playing import outputs, prompts
from worldkit.playing.evidence import Observation, Sample, Source
from worldkit.playing.handlers import ByHandler, by_handler, count_action
from worldkit.playing.machine import available_events, resolve
from worldkit.playing.moment import Moment, UnlinkedMoments
from worldkit.playing.play_rules import PlayRules
from worldkit.playing.position import Position
from worldkit.playing.renames import FirstNames
from worldkit.playing.scheduler import ScheduledEvent, advance, next_event, next_stage_change
from worldkit.playing.subscriptions import EventBus, SessionEvent
from worldkit.playing.trace import By, Mode, PressedEvent, Step, Trace
from worldkit.playing.transition import EventRecorder, advance_stages, partial_step, play_to_landing, press
from worldkit.playing.transition_table import Action, SequenceAction

MAX_SELF_FIRED = 10_000
"""The most events that may fire by themselves in one wait."""

MAX_AMBIENT_LINES = 10_000
"""The most ambient lines that are told in one wait; time goes on without more."""

MAX_CHECKED_EVENTS = 4_000_000
"""The most events looked at, for what fires next, in one wait: a scene of a stranger may have any number of timers."""


class Run:
    """A run under way.

    Attributes:
        start: Where it began.
        start_names: What was called otherwise in the world it began in.
        mode: Instant, or real-time.
        source: Who looks at the picture; None when samples are given, or there is no picture.
        now: The moment it stands at.
        undo_stack: The moments to go back to, one for every thing done.
        set_back: By how many ms the clock was set back so far, as by undo and restarts.
        bus: Who listens.
    """

    def __init__(self, rules: PlayRules, start: Position, mode: Mode, source: Source | None) -> None:
        self.start = start
        self.start_names = rules.first_names
        self.mode: Mode = mode
        self.source = source
        self.now = rules.first_moment(start)
        self.undo_stack: list[Moment] = []
        self.set_back = 0
        self.lines_told = 0
        self.bus = EventBus()

    @property
    def rules(self) -> PlayRules:
        """The world as it is now, and its terms."""
        return self.now.rules

    @property
    def last_was_reaction(self) -> bool:
        """Whether what undo takes back next is an answer to what was done before it, by a handler."""
        answer: ByHandler = False
        for moment in self.now.history():
            if self.undo_stack and moment is self.undo_stack[-1]:
                return answer is True  # a press that was refused is nothing to take back
            answer = answer or moment.by_handler
        return False  # undo takes back a jump or a restart

    def copy(self) -> Run:
        """Return a run that stands where this one does and goes on by itself; nobody listens to it yet."""
        duplicate = object.__new__(type(self))
        vars(duplicate).update(vars(self), undo_stack=list(self.undo_stack), bus=EventBus())
        return duplicate

    def __deepcopy__(self, memo: dict[int, Any]) -> Run:
        duplicate = self.copy()  # moments never change, and are shared
        duplicate.source = copy.deepcopy(self.source, memo)
        return duplicate

    def __getstate__(self) -> dict[str, Any]:
        moments, (now, *undo_stack) = UnlinkedMoments.of([self.now, *self.undo_stack])
        return {**vars(self), "now": now, "undo_stack": undo_stack, "moments": moments}

    def __setstate__(self, state: dict[str, Any]) -> None:
        own = dict(state)
        moments = own.pop("moments").link()
        own |= {"now": moments[own["now"]], "undo_stack": [moments[number] for number in own["undo_stack"]]}
        vars(self).update(own)

    def know_by(self, first_names: FirstNames) -> None:
        """Know the world by other first names: those of the run that this one is to take the place of.

        Args:
            first_names: The names; nothing has happened in the run yet.
        """
        self.start_names = first_names
        self.now = replace(self.rules, first_names=first_names).first_moment(self.start)

    def push(self, moment: Moment) -> None:
        """Stand at another moment: one thing done, which can be undone."""
        self.undo_stack.append(self.now)
        self.now = moment

    def go_to(self, moment: Moment) -> None:
        """Stand at a moment that does not follow from this one, as at the beginning; that can be undone."""
        self.undo_stack.append(self.now)
        self._leave_for(moment)

    def undo(self) -> None:
        """Go back by one thing done; there is one."""
        self._leave_for(self.undo_stack.pop())

    def take_over(self, other: Run, *, can_undo: bool) -> None:
        """Stand where another run does, with what it has to undo; who listens stays, and so does the mode.

        Args:
            other: The other run.
            can_undo: Undo leads on from there to what was done here.
        """
        own = [*self.undo_stack, self.now] if can_undo else []
        self.start, self.start_names = other.start, other.start_names
        self.undo_stack = [*own, *other.undo_stack]
        self._leave_for(other.now)

    @property
    def elapsed(self) -> int:
        """How many ms have passed since the run began, those that were taken back too: it never goes back."""
        return self.now.clock + self.set_back

    @property
    def offered_count(self) -> int:
        """How many events there are where the player is: what fires by itself next is looked for among them."""
        return len(self.rules.table.by_state[self.now.position.state])

    def _leave_for(self, moment: Moment) -> None:
        # what a handler does in the middle of a wait may set the clock back: the wait is no longer for that
        self.set_back += self.now.clock - moment.clock
        self.now = moment
        self.bus.wake()

    def trace(self, seed: int) -> Trace:
        """Return the run so far as a value."""
        now = self.now
        checkpoints = now.checkpoints()
        steps = tuple(moment.step for moment in checkpoints if moment.step is not None)
        playing = now.playing
        pressed_event = (
            None
            if playing is None
            else PressedEvent(playing.action.name, playing.by, playing.pressed_at, playing.forward_ms)
        )
        past_endings, observations = self.rules.past_endings, now.observations()
        # what was seen while something played can be seen again only where things play
        live = (
            self.mode == "real-time"
            or pressed_event is not None
            or any(observation.during and not observation.asked for observation in observations)
        )
        mode: Mode = "real-time" if live else "instant"
        return Trace(
            steps,
            checkpoints[0].position,
            seed,
            now.clock,
            now.forward_ms,
            past_endings,
            mode,
            observations,
            pressed_event,
        )

    def prompts(self) -> tuple[SessionEvent, ...]:
        """Return every prompt sent so far, in order, beginning with the start's."""
        events: list[SessionEvent] = []
        for moment in reversed(list(self.now.history())):
            at, state, step = moment.clock, moment.position.state, moment.step
            if step is not None and moment.before is not None and moment.before.playing is None:
                # an event without stages lands in the moment it is pressed; its prompt goes out before the state's
                text = self._event_prompt(moment.before, step)
                if text and (not events or events[-1].text != text):
                    events.append(SessionEvent("prompt", at, step.origin, step.event, text=text))
            text = outputs.prompt_at(moment.rules, moment)
            if not events or events[-1].text != text:
                event = moment.playing.action.name if moment.playing is not None else None
                events.append(SessionEvent("prompt", at, state, event, text=text))
        return tuple(events)

    def _event_prompt(self, before: Moment, step: Step) -> str:
        """Return the prompt of the event that made a step after a moment; empty when no event did."""
        if step.console or step.by == "author":
            return ""
        action = self._action_of_step(before, step)
        if action is None:
            return ""
        world, variants = before.rules.world, before.variants
        return prompts.event_prompt(world, action.event, moving=before.moving, variants=variants)

    def _action_of_step(self, before: Moment, step: Step) -> Action | None:
        """Return the event that made a step after a moment; None when a sequence did."""
        rules, position = before.rules, before.position
        namesakes = [
            action
            for action in available_events(rules.table, position, rules.past_endings)
            if action.name == step.event
        ]
        if step.by != "player":  # of several of one name, one that leads where the step did
            candidates = (action for action in namesakes if (action.target or position.state) == step.state)
            return next((action for action in candidates if action.fires_itself), None)
        return namesakes[0] if namesakes else None

    # ---- doing things ------------------------------------------------------------------------

    def require_idle(self, request: str, action: str = "") -> None:
        """Make sure that nothing plays.

        Args:
            request: What is wanted: an event, or what else has a name.
            action: What cannot be done now, in words; empty for an event.

        Raises:
            NotAvailable: Something plays, so that what is wanted has to wait.
        """
        playing = self.now.playing
        if playing is not None:
            reason = f"{quote_name(playing.action.name)} is playing and has not landed; wait for it, or cancel it"
            raise NotAvailable(request, "playing", reason, refused=action)

    def _require_running(self, name: str) -> None:
        words = self.now.stopped
        if words is not None:
            reason = f" ({json_values.quote(words)})" if words else ""
            raise NotAvailable(name, "over", f"the run was stopped{reason}; undo, restart or retry")

    def fire(self, name: str) -> Step:
        """Fire something by its name; see ``Session.fire``."""
        self.require_idle(name)
        count_action()
        self._require_running(name)
        try:
            action = resolve(self.rules.table, self.now.position, name, self.rules.past_endings)
        except NotAvailable as refusal:
            if refusal.reason == "missing flags":
                self._publish_locked(refusal)
            raise
        recorder = self.new_recorder()
        now = self._press(self.now, action, "player", recorder)
        answer = by_handler()
        self.push(replace(now, by_handler=answer) if answer else now)
        step = now.step or partial_step(now)
        self.publish(recorder.events)
        return step

    def observe(self, sample: Sample) -> None:
        """Take note of what is seen from now on; no thing done, so undo takes it back with what came after."""
        if sample != self.now.sample:
            now = self.now
            observation = Observation(now.clock, now.step_count, now.playing is not None, False, sample)
            # the step that made this moment stays where it is, in the moment before
            self.now = now.successor(sample=sample, observed=observation)

    # ---- time --------------------------------------------------------------------------------

    def pass_time(
        self,
        ms: int,
        forward: bool,
        max_firings: int = MAX_SELF_FIRED,
        *,
        until_step: bool = False,
        max_lines: int | None = None,
    ) -> tuple[Step, ...]:
        """Let time pass; see ``Session.wait``.

        Args:
            ms: How long.
            forward: Forward is held.
            max_firings: Stop after so many events have fired by themselves.
            until_step: Stop once a step has landed.
            max_lines: Tell no more ambient lines; ``MAX_AMBIENT_LINES`` by default.

        Returns:
            The steps that landed.
        """
        with self._one_undo_step():
            max_lines = MAX_AMBIENT_LINES if max_lines is None else max_lines
            return self._spend(ms, forward, max_firings, until_step, max_lines)

    def finish(self) -> Step | None:
        """Let what plays land; see ``Session.finish``."""
        with self._one_undo_step():
            return self.play_to_landing()

    @contextmanager
    def _one_undo_step(self) -> Iterator[None]:
        """Make what is done inside one thing to undo, below what handlers do on the way; nothing if nothing changes."""
        count_action()
        before, depth = self.now, len(self.undo_stack)
        self.undo_stack.append(before)
        try:
            yield
        finally:
            if self.now is not before and (answer := by_handler()):
                self.now = replace(self.now, by_handler=answer)
            if self.now is before and len(self.undo_stack) == depth + 1:
                self.undo_stack.pop()

    def play_to_landing(self, until: int | None = None) -> Step | None:
        """Let what plays go on until it lands, but not past some clock; no thing done.

        Args:
            until: The clock at the latest; None to go on however long it takes.

        Returns:
            The step, if it landed.

        Raises:
            WorldError: A source was asked too often and showed no evidence.
        """
        while self.now.playing is not None:
            check_time()
            stage_end = next_stage_change(self.now, self.source is not None)
            recorder = self.new_recorder()
            if until is not None and stage_end > until:
                self.now = advance(self.rules, self.now, until, False, self.source)
                break
            self.now = advance_stages(
                self.rules, advance(self.rules, self.now, stage_end, False, self.source), self.source, recorder
            )
            step = self.now.step
            self.publish(recorder.events)
            if step is not None:
                return step
        return None

    def _spend(self, ms: int, forward: bool, max_firings: int, until_step: bool, max_lines: int) -> tuple[Step, ...]:
        began = self.elapsed
        steps: list[Step] = []
        firing_count = looked_at = self.lines_told = 0
        time_up: TimeUp | None = None
        has_source = self.source is not None
        is_done = is_endless = False
        while not is_done and (time_up := time_up_error()) is None:
            now, recorder = self.now, self.new_recorder()
            goal = began + ms - self.set_back
            if now.playing is not None:
                stage_end = next_stage_change(now, has_source)
                if stage_end > goal:
                    break
                self.now = advance_stages(
                    self.rules, advance(self.rules, now, stage_end, forward, self.source), self.source, recorder
                )
            else:
                wants_ambient = self.lines_told < max_lines and self.bus.has_listener_for("ambient")
                ambient = outputs.next_ambient_clock(self.rules, now) if wants_ambient else None
                next_scheduled = next_event(self.rules, now, forward, has_source)
                if (
                    ambient is not None
                    and ambient <= goal
                    and (next_scheduled is None or ambient <= next_scheduled.fires_at)
                ):
                    self._advance_to(ambient, forward, recorder)
                    recorder.record(self._ambient_event())
                    self.lines_told += 1
                elif next_scheduled is None or next_scheduled.fires_at > goal:
                    break
                else:
                    firing_count += next_scheduled.self_firing is not None
                    looked_at += 0 if next_scheduled.kind == "look" else self.offered_count
                    self._run_scheduled(next_scheduled, forward, recorder)
            if self.now is not now and self.now.step is not None:
                steps.append(self.now.step)
            self.publish(recorder.events)
            is_endless = firing_count == MAX_SELF_FIRED or looked_at > MAX_CHECKED_EVENTS
            is_done = is_endless or firing_count >= max_firings or (until_step and bool(steps))
        if not is_done and time_up is None:
            recorder = self.new_recorder()
            self._advance_to(began + ms - self.set_back, forward, recorder)
            self.publish(recorder.events)
        elapsed_ms = self.elapsed - began
        self.publish([SessionEvent("wait", self.now.clock, self.now.position.state, ms=elapsed_ms)])
        if time_up is not None:
            raise time_up
        if is_endless:
            raise endless_timers_error(firing_count, self.now.clock, ms - elapsed_ms)
        return tuple(steps)

    # ---- inside ------------------------------------------------------------------------------

    def _run_scheduled(self, event: ScheduledEvent, forward: bool, recorder: EventRecorder) -> None:
        self._advance_to(event.fires_at, forward, recorder)
        if event.approached_action is not None:
            self._record_approach(event.approached_action, recorder)
        if event.self_firing is not None:
            self.now = self._press(self.now, event.self_firing.action, event.self_firing.by, recorder)

    def _press(self, now: Moment, action: Action | SequenceAction, by: By, recorder: EventRecorder) -> Moment:
        pressed_moment = press(self.rules, now, action, by, recorder)
        play = play_to_landing if self.mode == "instant" else advance_stages
        return play(self.rules, pressed_moment, self.source, recorder)

    def _advance_to(self, clock: int, forward: bool, recorder: EventRecorder) -> None:
        now = self.now
        if clock > now.clock and now.playing is None and now.moving != forward:
            now = recorder.record_changes(now, now.successor(moving=forward))
        if clock > now.clock:
            self.now = advance(self.rules, now, clock, forward, self.source)

    def _record_approach(self, action: Action, recorder: EventRecorder) -> None:
        assert action.event.waypoint is not None
        self.now = self.now.successor(near_waypoints=self.now.near_waypoints | {action.index})
        state, label = self.now.position.state, action.event.waypoint.label
        recorder.record(SessionEvent("approach", self.now.clock, state, action.name, text=label))

    def _ambient_event(self) -> SessionEvent:
        now = self.now
        return SessionEvent("ambient", now.clock, now.position.state, text=outputs.ambient_line(self.rules, now))

    def publish(self, events: Iterable[SessionEvent]) -> None:
        """Tell whoever listens of what happened in the world as it is now."""
        self.bus.publish(events, self.rules.first_names)

    def new_recorder(self) -> EventRecorder:
        """Return what collects the events of the next transition."""
        return EventRecorder(self.bus.has_listeners)

    def _publish_locked(self, refusal: NotAvailable) -> None:
        now = self.now
        self.publish([SessionEvent("locked", now.clock, now.position.state, refusal.event, refusal.missing)])


def endless_timers_error(count: int, clock: int, remaining: int, where: str = "") -> WorldError:
    """Return the error of a wait in which too many events fired by themselves.

    Args:
        count: How many did.
        clock: Where the clock stands.
        remaining: How many ms were left.
        where: What else is to be said of where to look.
    """
    place = f"{remaining} ms before its end" if remaining else "at its end, where more may be due"
    return WorldError(
        f"{count} events fired by themselves in one wait; the clock stands at {clock} ms, {place}: "
        f"wait again to go on, or look for timers that chase each other{where}"
    )
