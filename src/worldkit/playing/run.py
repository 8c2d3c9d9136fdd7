"""``Run``: a run under way. It holds the moment, what can be undone and who listens; the rules are pure functions."""

from __future__ import annotations

from typing import Any

from worldkit.core.errors import NotAvailable, WorldError
from worldkit.core.time_limit import TimeUp, check_time, time_up_error
from worldkit.playing import outputs, prompts
from worldkit.playing.compile import Action, Walk
from worldkit.playing.evidence import Observation, Sample, Source
from worldkit.playing.game import Game
from worldkit.playing.machine import available, resolve
from worldkit.playing.position import Position
from worldkit.playing.record import Moment
from worldkit.playing.scheduler import coming, later, stage_ends
from worldkit.playing.subscriptions import Bus, Happening
from worldkit.playing.trace import By, Mode, Pressed, Step, Trace
from worldkit.playing.transition import Telling, as_far, played_out, press, progress

MOST_TIMED = 10_000
"""No more events than this fire by themselves in one wait; nor are more ambient lines told in one."""

GRANT, REVOKE, VARIANT = "author:grant", "author:revoke", "author:variant"
"""What the author changes by hand, as steps of a trace name it."""


class Run:
    """A run under way.

    Attributes:
        game: The world and its terms.
        mode: Instant, or real-time.
        look: Who looks at the picture; None when samples are given, or there is no picture.
        now: The moment it stands at.
        done: The moments to go back to, one for every thing done.
        bus: Who listens.
    """

    def __init__(self, game: Game, start: Position, mode: Mode, look: Source | None) -> None:
        self.game = game
        self.mode: Mode = mode
        self.look = look
        self.now = game.first(start)
        self.done: list[Moment] = []
        self.bus = Bus()

    def put(self, moment: Moment) -> None:
        """Stand at another moment: one thing done, which can be undone."""
        self.done.append(self.now)
        self.now = moment

    def trace(self, seed: int) -> Trace:
        """Return the run so far as a value."""
        now = self.now
        marks = now.marks()
        steps = tuple(moment.step for moment in marks if moment.step is not None)
        playing = now.playing
        pressed = None if playing is None else Pressed(playing.found.name, playing.by, playing.at, playing.held)
        past, seen = self.game.past_endings, now.seen()
        # what was seen while something played can be seen again only where things play
        live = self.mode == "real-time" or pressed is not None or any(one.during and not one.asked for one in seen)
        mode: Mode = "real-time" if live else "instant"
        return Trace(steps, marks[0].position, seed, now.clock, now.held, past, mode, seen, pressed)

    def prompts(self) -> tuple[Happening, ...]:
        """Return every prompt sent so far, in order, beginning with the start's."""
        sent: list[Happening] = []
        for moment in reversed(list(self.now.back())):
            at, here, step = moment.clock, moment.position.state, moment.step
            if step is not None and moment.before is not None and moment.before.playing is None:
                # an event without stages lands in the moment it is pressed; its prompt goes out before the state's
                text = self._event_prompt(moment.before.position, step)
                if text and (not sent or sent[-1].text != text):
                    sent.append(Happening("prompt", at, step.origin, step.event, text=text))
            text = outputs.prompt(self.game, moment)
            if not sent or sent[-1].text != text:
                event = moment.playing.found.name if moment.playing is not None else None
                sent.append(Happening("prompt", at, here, event, text=text))
        return tuple(sent)

    def _event_prompt(self, position: Position, step: Step) -> str:
        """Return the prompt of the event that made a step from a position; empty when no event did."""
        if step.console or step.by == "author":
            return ""
        fired = self._fired(position, step)
        return "" if fired is None else prompts.event_prompt(self.game.world, fired.event)

    def _fired(self, position: Position, step: Step) -> Action | None:
        """Return the event that made a step from a position; None when a sequence did."""
        namesakes = [
            action
            for action in available(self.game.table, position, self.game.past_endings)
            if action.name == step.event
        ]
        if step.by != "player":  # of several of one name, one that leads where the step did
            alike = (action for action in namesakes if (action.target or position.state) == step.state)
            return next((action for action in alike if action.fires_itself), None)
        return namesakes[0] if namesakes else None

    # ---- doing things ------------------------------------------------------------------------

    def idle(self, wanted: str) -> None:
        """Make sure that nothing plays.

        Raises:
            NotAvailable: Something plays, so that what is wanted has to wait.
        """
        playing = self.now.playing
        if playing is not None:
            said = f"{playing.found.name!r} is playing and has not landed; wait for it, or cancel it"
            raise NotAvailable(wanted, "playing", said)

    def fire(self, name: str) -> Step:
        """Fire something by its name; see ``Session.fire``."""
        self.idle(name)
        try:
            found = resolve(self.game.table, self.now.position, name, self.game.past_endings)
        except NotAvailable as refused:
            if refused.reason == "missing flags":
                self._tell_locked(refused)
            raise
        tell = self._telling()
        now = self._pressed(self.now, found, "player", tell)
        self.put(now)
        made = now.step or as_far(now)
        self.bus.tell(tell.happenings)
        return made

    def edit(self, name: str, position: Position, **changes: Any) -> Step:
        """Change something by hand, as the author: a step that is told, recorded and replayed.

        Args:
            name: ``author:grant``, ``author:revoke`` or ``author:variant``.
            position: The position after it.
            changes: Of the step: ``granted``, ``revoked`` or ``variant``.

        Raises:
            NotAvailable: Something plays.
        """
        self.idle(name)
        now, game = self.now, self.game
        here, clock = now.position.state, now.clock
        closing = not now.outro and game.closes(position)
        made = Step(name, "author", clock, clock, here, here, held=now.held, outro=closing, **changes)
        variants = dict(now.variants)
        if name == VARIANT:
            variants.pop(here, None)
            if made.variant is not None:
                variants[here] = made.variant
        after = now.then(
            position=position,
            variants=variants,
            outro=now.outro or closing,
            held=0,
            count=now.count + 1,
            step=made,
        )
        tell = self._telling()
        if made.granted:
            tell.say(Happening("grant", clock, here, name, made.granted))
        if made.revoked:
            tell.say(Happening("revoke", clock, here, name, made.revoked))
        if name == VARIANT:
            tell.say(Happening("variant", clock, here, name, text=made.variant or ""))
        tell.follow(now, after)
        if closing:
            tell.outro(after, name)
        self.put(after)
        self.bus.tell(tell.happenings)
        return made

    def observe(self, sample: Sample) -> None:
        """Take note of what is seen from now on; no thing done, so undo takes it back with what came after."""
        if sample != self.now.sample:
            now = self.now
            seen = Observation(now.clock, now.count, now.playing is not None, False, sample)
            # the step that made this moment stays where it is, in the moment before
            self.now = now.then(sample=sample, observed=seen)

    # ---- time --------------------------------------------------------------------------------

    def spend(self, ms: int, forward: bool, most: int = MOST_TIMED) -> tuple[Step, ...]:
        """Let time pass; see ``Session.wait``.

        Args:
            ms: How long.
            forward: Forward is held.
            most: Stop after so many events have fired by themselves.

        Returns:
            The steps that landed.
        """
        before, depth = self.now, len(self.done)
        self.done.append(before)
        try:
            return self._spend(ms, forward, most)
        finally:
            if self.now is before and len(self.done) == depth + 1:
                self.done.pop()

    def land(self, until: int | None = None) -> Step | None:
        """Let what plays go on until it lands, but not past some clock; no thing done.

        Args:
            until: The clock at the latest; None to go on however long it takes.

        Returns:
            The step, if it landed.

        Raises:
            WorldError: A source was asked too often and showed no evidence.
        """
        failures: list[Exception] = []
        while self.now.playing is not None:
            check_time()
            when = stage_ends(self.now, self.look is not None)
            tell = self._telling()
            if until is not None and when > until:
                self.now = later(self.game, self.now, until, False, self.look)
                break
            self.now = progress(self.game, later(self.game, self.now, when, False, self.look), self.look, tell)
            made = self.now.step
            self._hear(tell.happenings, failures)
            if made is not None:
                _raise(failures)
                return made
        _raise(failures)
        return None

    def _spend(self, ms: int, forward: bool, most: int) -> tuple[Step, ...]:
        began = self.now.clock
        goal = began + ms
        steps: list[Step] = []
        failures: list[Exception] = []
        fired = lines = 0
        late: TimeUp | None = None
        asking = self.look is not None
        while fired < most and (late := time_up_error()) is None:
            now, tell = self.now, self._telling()
            if now.playing is not None:
                when = stage_ends(now, asking)
                if when > goal:
                    break
                self.now = progress(self.game, later(self.game, now, when, forward, self.look), self.look, tell)
            else:
                heard = lines < MOST_TIMED and self.bus.hears("ambient")
                ambient = outputs.next_ambient(self.game, now) if heard else None
                next_one = coming(self.game, now, forward, asking)
                if ambient is not None and ambient <= goal and (next_one is None or ambient <= next_one.when):
                    self._to(ambient, forward, tell)
                    tell.say(self._ambient())
                    lines += 1
                elif next_one is None or next_one.when > goal:
                    break
                else:
                    self._to(next_one.when, forward, tell)
                    if next_one.near is not None:
                        self._near(next_one.near, tell)
                    if next_one.due is not None:
                        fired += 1
                        self.now = self._pressed(self.now, next_one.due.action, next_one.due.by, tell)
            if self.now is not now and self.now.step is not None:
                steps.append(self.now.step)
            self._hear(tell.happenings, failures)
        if fired < most and late is None:
            tell = self._telling()
            self._to(goal, forward, tell)
            self._hear(tell.happenings, failures)
        spent = self.now.clock - began
        self._hear([Happening("wait", self.now.clock, self.now.position.state, ms=spent)], failures)
        if late is not None:
            failures.append(late)
        if fired == MOST_TIMED:
            failures.append(_endless(self.now.clock, goal))
        _raise(failures)
        return tuple(steps)

    # ---- inside ------------------------------------------------------------------------------

    def _pressed(self, now: Moment, found: Action | Walk, by: By, tell: Telling) -> Moment:
        pressed = press(self.game, now, found, by, tell)
        come = played_out if self.mode == "instant" else progress
        return come(self.game, pressed, self.look, tell)

    def _to(self, clock: int, forward: bool, tell: Telling) -> None:
        now = self.now
        if clock > now.clock and now.playing is None and now.moving != forward:
            now = tell.follow(now, now.then(moving=forward))
        if clock > now.clock:
            self.now = later(self.game, now, clock, forward, self.look)

    def _near(self, found: Action, tell: Telling) -> None:
        assert found.event.waypoint is not None
        self.now = self.now.then(near=self.now.near | {found.index})
        here, label = self.now.position.state, found.event.waypoint.label
        tell.say(Happening("approach", self.now.clock, here, found.name, text=label))

    def _ambient(self) -> Happening:
        now = self.now
        return Happening("ambient", now.clock, now.position.state, text=outputs.ambient(self.game, now))

    def _telling(self) -> Telling:
        return Telling(self.game, self.bus.heard)

    def _hear(self, told: list[Happening], failures: list[Exception]) -> None:
        try:
            self.bus.tell(told)
        except Exception as failure:
            failures.append(failure)

    def _tell_locked(self, refused: NotAvailable) -> None:
        now = self.now
        try:
            self.bus.tell([Happening("locked", now.clock, now.position.state, refused.event, refused.missing)])
        except Exception as failure:
            raise failure from refused


def _raise(failures: list[Exception]) -> None:
    if len(failures) == 1:
        raise failures[0]
    if failures:
        raise ExceptionGroup("several things failed while time passed", failures)


def _endless(clock: int, goal: int) -> WorldError:
    return WorldError(
        f"{MOST_TIMED} events fired by themselves in one wait; the clock stands at {clock} ms, {goal - clock} ms "
        "before its end: wait again to go on, or look for timers that chase each other"
    )
