"""``CampaignSession``: one run through the acts of a campaign, with the face of a ``Session``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from typing import Any, Self

from worldkit.campaigns.act_runs import CAMPAIGN_TOPICS, ActHappening, ActListener, Leg, Mark, done_in, handed, told
from worldkit.campaigns.act_transition import CampaignPosition, Stage
from worldkit.campaigns.campaign_view import Standing
from worldkit.campaigns.document import Campaign
from worldkit.core.argument_checks import checked_methods
from worldkit.core.errors import NotAvailable, WorldError
from worldkit.playing.clock import checked_ms
from worldkit.playing.console import Voice, plain_voice
from worldkit.playing.offers import Offer
from worldkit.playing.run import MAX_SELF_FIRED
from worldkit.playing.session import Session
from worldkit.playing.subscriptions import TOPICS, EventBus, SessionEvent, Topic
from worldkit.playing.trace import Step
from worldkit.world import World

LEAST_WINDOW = 64
"""Time passes in steps of at least so many ms, each twice as long as the one before while nothing fires."""


@checked_methods
class CampaignSession(Standing):
    """A run through a campaign in instant mode: one act after the other, each on its own world.

    When a step lands in a state that an eligible edge leaves from, the next act begins at once with the
    flags the edge carries, nothing used up, and nothing of the old act left; an edge to nowhere ends the
    story. So an ending that an eligible edge leaves from ends its act, not the story. Only landing in a
    state counts: a flag that comes while the player stands there opens the edge at the next landing. A
    sequence is walked to its last state before edges are looked at.

    Args:
        campaign: The campaign.
        worlds: Its worlds by id.
        seed: Kept in the trace; whoever chooses at random for this session starts from it.
        at: Where to begin instead of the start: a saved position, or its JSON form. Beginning counts as landing.
        past_endings: Let play go on where it is over.

    Raises:
        WorldError: An act that edges lead to is missing or has no world to play in; ``at`` is no position
            of this campaign; or the edges lead round without anything to do between them.
    """

    def __init__(
        self,
        campaign: Campaign,
        worlds: Mapping[str, World],
        seed: int = 0,
        *,
        at: CampaignPosition | Mapping[str, Any] | None = None,
        past_endings: bool = False,
    ) -> None:
        self._stage = Stage(campaign, worlds)
        self.campaign = campaign
        self.seed = seed
        self.past_endings = past_endings
        self._start = self._stage.start() if at is None else self._stage.checked(at)
        self._bus = EventBus()
        self._heard: list[ActHappening] = []
        self._legs = self._opening()
        self._idle = 0
        self._undo: list[Mark] = []

    # ---- doing things ------------------------------------------------------------------------

    def fire(self, event: str | Offer) -> Step:
        """Fire an event that is available in this act, hidden or not, or start a sequence.

        Args:
            event: An event's name, ``sequence:<id>``, or an offer.

        Returns:
            The step it made, its times on the act's own clock. The session stands where it led, in the next
            act if it handed over.

        Raises:
            NotAvailable: It cannot be fired here and now; says why, and nothing has changed.
            WorldError: It lands where edges lead round for ever; nothing has changed.
        """
        if self.exit is not None:
            name = event.name if isinstance(event, Offer) else event
            where = f"the story was left from {self.state!r} of act {self.act!r}"
            raise NotAvailable(name, "over", f"the story is over: {where}; undo or restart")
        before = self._mark()
        try:
            step = self._step(lambda session: session.fire(event))
        except NotAvailable as refused:
            self._flush(refused)
            raise
        self._undo.append(before)
        self._flush()
        return step

    def wait(self, ms: float) -> tuple[Step, ...]:
        """Let time pass, through hand-overs.

        Args:
            ms: How long, in ms. What comes due fires on the way.

        Returns:
            What fired by itself, its times on the clock of its act.

        Raises:
            ValueError: ``ms`` is not a finite number of at least 0.
            WorldError: 10,000 events fired by themselves, or a step would land where edges lead round for
                ever; the clock stands where it got to, before that step.
        """
        return self._spend(checked_ms(ms), forward=False)

    def travel(self, ms: float) -> tuple[Step, ...]:
        """Let time pass with forward held, so that waypoints come nearer; else like ``wait``.

        Args:
            ms: How long, in ms.
        """
        return self._spend(checked_ms(ms), forward=True)

    def ask(self, text: str, voice: Voice = plain_voice) -> str:
        """Ask the open console something.

        Args:
            text: The question.
            voice: Who answers; see ``Session.ask``.

        Raises:
            WorldError: No console is open.
        """
        before = self._mark()
        said = self._leg.session.ask(text, voice)
        self._undo.append(before)
        return said

    def close_terminal(self) -> Self:
        """Close the console, if one is open. Firing another event closes it too."""
        if self.terminal is not None:
            self._undo.append(self._mark())
            self._leg.session.close_terminal()
        return self

    def on(self, topic: str, listener: ActListener) -> Callable[[], None]:
        """Subscribe to what happens, in whatever act.

        Args:
            topic: A topic of ``Session.on``; ``act``: the next act has begun; the id of an act (heard when
                it begins), of a state (heard when it is entered), or the name of an event (heard when it lands).
            listener: Called with an ``ActHappening`` once the session stands where the event led. What it
                raises comes out of ``fire`` or ``wait`` after everybody has heard; the step stands.

        Returns:
            A function that unsubscribes.

        Raises:
            ValueError: Nothing has that name.
        """
        if topic not in CAMPAIGN_TOPICS and topic not in self._stage.worlds and not self._named(topic):
            raise ValueError(
                f"nothing is called {topic!r}: expected one of {', '.join(CAMPAIGN_TOPICS)}, "
                "the id of an act or a state, or the name of an event"
            )
        return self._bus.subscribe(topic, listener)  # type: ignore[arg-type]  # this bus tells nothing but ActHappenings

    # ---- going back --------------------------------------------------------------------------

    @property
    def can_undo(self) -> bool:
        """Whether there is anything to undo."""
        return bool(self._undo)

    def undo(self, times: int = 1) -> Self:
        """Take back the last things done, and the hand-overs they led to.

        Args:
            times: How many.

        Raises:
            WorldError: So much was not done; nothing has changed.
        """
        if not 0 <= times <= len(self._undo):
            raise WorldError(f"cannot undo {times} times: {len(self._undo)} things were done since the session began")
        for _ in range(times):
            self._restore(self._undo.pop())
        return self

    def jump(self, to: int) -> Self:
        """Go back to a point of the trail, in whatever act; that can be undone.

        Args:
            to: An index into ``trail``: 0 is the start, -1 where the last step led.

        Raises:
            ValueError: The trail has no such point.
        """
        points = self._points()
        if not -len(points) <= to < len(points):
            raise ValueError(f"expected a point of the trail from 0 to {len(points) - 1}, got {to}")
        _, number, mark = points[to]
        self._undo.append(self._mark())
        leg = self._legs[number]
        left = leg.edge if number == len(self._legs) - 1 and mark == len(leg.session.trail) - 1 else None
        leg.session.jump(mark)
        self._legs = (*self._legs[:number], replace(leg, edge=left))
        self._idle = 0
        return self

    def restart(self) -> Self:
        """Begin the campaign again where this session began it; that can be undone."""
        self._undo.append(self._mark())
        self._legs, self._idle = self._opening(), 0
        return self

    # ---- inside ------------------------------------------------------------------------------

    def _opening(self) -> tuple[Leg, ...]:
        overs = self._stage.onward(self._start)
        return handed((self._begun(self._start, 0),), overs, self._begun)

    def _begun(self, where: CampaignPosition, began: int) -> Leg:
        world = self._stage.worlds[where.act]
        session = Session(world, seed=self.seed, at=where.position, past_endings=self.past_endings)
        return self._joined(where.act, session, began)

    def _joined(self, act: str, session: Session, began: int) -> Leg:
        def relay(heard: SessionEvent) -> None:
            # copied field by field: the happening of an act is one of a session, and says the act besides
            told = {field.name: getattr(heard, field.name) for field in fields(heard)}
            self._heard.append(ActHappening(**{**told, "at": began + heard.at, "act": act}))

        for topic in TOPICS:
            if topic != "wait":
                session.on(topic, relay)
        return Leg(act, session, began)

    def _named(self, topic: str) -> bool:
        tables = [self._stage.table(act) for act in self._stage.worlds]
        walks = (walk for table in tables for found in table.sequences.values() for walk in found)
        return any(topic in table.states or topic in table.by_name for table in tables) or topic in {
            walk.name for walk in walks
        }

    def _step(self, press: Callable[[Session], Step]) -> Step:
        session = self._leg.session
        depth = done_in(session)
        made = press(session)
        try:
            overs = self._stage.onward(self.position) if made.moved else ()
        except WorldError:
            self._back(depth)
            raise
        if overs:
            self._heard = [heard for heard in self._heard if heard.topic != "end"]
            self._heard += told(overs, self.position, self.clock, made.event)
            self._legs = handed(self._legs, overs, self._begun)
            self._heard += self._opened(made.event)
        return made

    def _opened(self, event: str) -> list[ActHappening]:
        if self.exit is not None:
            return []
        texts: dict[Topic, str] = {"line": self.line, "prompt": self.prompt()}
        return [
            ActHappening(topic, self.clock, self.state, event, text=text, act=self.act)
            for topic, text in texts.items()
            if text
        ]

    def _spend(self, ms: int, forward: bool) -> tuple[Step, ...]:
        before, began = self._mark(), self.clock
        goal = began + ms
        self._undo.append(before)
        depth = len(self._undo)
        steps: list[Step] = []
        failures: list[Exception] = []
        window = LEAST_WINDOW
        try:
            while self.clock <= goal:
                if len(steps) >= MAX_SELF_FIRED and self.clock < goal:
                    failures.append(_endless(self.clock, goal))
                    break
                gap, made = self._pass(min(window, goal - self.clock), forward)
                window = max(LEAST_WINDOW, 2 * gap)
                steps += made
                self._hear(failures)
                if not made and self.clock == goal:
                    break
        except WorldError as failure:
            failures.append(failure)
        self._heard.append(ActHappening("wait", self.clock, self.state, ms=self.clock - began, act=self.act))
        self._hear(failures)
        if len(self._undo) == depth and not steps and self.clock == began:
            self._undo.pop()
        if len(failures) == 1:
            raise failures[0]
        if failures:
            raise ExceptionGroup("several things failed while time passed", failures)
        return tuple(steps)

    def _pass(self, ms: int, forward: bool) -> tuple[int, tuple[Step, ...]]:
        """Let time pass until something fires by itself, at most so long; return how long that was, and what fired.

        A session waits to the end and says what fired when, so it waits twice: once to see, once up to there.
        """
        if self.exit is not None:
            self._idle += ms
            return ms, ()
        session = self._leg.session
        began = session.clock
        wait = session.travel if forward else session.wait
        depth = done_in(session)
        try:
            seen = wait(ms)
        except WorldError:
            self._back(depth)
            raise
        if not seen:
            return ms, ()
        self._back(depth)
        gap = seen[0].at - began
        made: tuple[Step, ...] = ()

        def press(_: Session) -> Step:
            nonlocal made
            made = wait(gap)
            return made[-1]

        try:
            self._step(press)
        except WorldError:
            if gap > 1:
                wait(gap - 1)
            raise
        return gap, made

    def _back(self, depth: int) -> None:
        session = self._leg.session
        session.undo(done_in(session) - depth)
        self._heard.clear()

    def _mark(self) -> Mark:
        return Mark(self._legs, tuple(done_in(leg.session) for leg in self._legs), self._idle)

    def _restore(self, mark: Mark) -> None:
        for leg, depth in zip(mark.legs, mark.depths, strict=True):
            leg.session.undo(done_in(leg.session) - depth)
        self._legs, self._idle = mark.legs, mark.idle

    def _flush(self, refused: NotAvailable | None = None) -> None:
        heard, self._heard = self._heard, []
        try:
            self._bus.publish(heard)
        except Exception as failure:
            if refused is None:
                raise
            raise failure from refused

    def _hear(self, failures: list[Exception]) -> None:
        try:
            self._flush()
        except Exception as failure:
            failures.append(failure)

    def _replayed(self, acts: list[tuple[str, Session, int | None]]) -> None:
        """Take over the acts of a replayed run, each with the edge taken out of it, to be undone step by step."""
        legs: tuple[Leg, ...] = ()
        began = 0
        for act, session, edge in acts:
            leg = self._joined(act, session, began)
            full = tuple(done_in(earlier.session) for earlier in legs)
            self._undo += [Mark((*legs, leg), (*full, depth), 0) for depth in range(done_in(session))]
            legs = (*legs, replace(leg, edge=edge))
            began += session.clock
        self._legs = legs


def _endless(clock: int, goal: int) -> WorldError:
    return WorldError(
        f"{MAX_SELF_FIRED} events fired by themselves in one wait; the clock stands at {clock} ms, {goal - clock} ms "
        "before its end: wait again to go on, or look for timers that chase each other, across acts too"
    )
