"""``CampaignSession``: one run through the acts of a campaign, with the interface of a ``Session``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, replace
from typing import Any, Self, overload

from worldkit.campaigns.act_runs import (
    CAMPAIGN_TOPICS,
    ActEvent,
    ActListener,
    ActRun,
    Checkpoint,
    follow_transition,
    transition_events,
    undo_depth,
)
from worldkit.campaigns.act_transition import CampaignPosition, CampaignRules
from worldkit.campaigns.campaign_view import CampaignView
from worldkit.campaigns.document import Campaign
from worldkit.campaigns.trace import Segment
from worldkit.core.argument_checks import checked_methods, refusal
from worldkit.core.errors import NotAvailable, WorldError, WrongArgument
from worldkit.core.json_values import quote
from worldkit.core.quoting import did_you_mean
from worldkit.playing.clock import checked_ms
from worldkit.playing.console import Voice, plain_voice
from worldkit.playing.event_stream import EventStream
from worldkit.playing.handlers import HandlerError
from worldkit.playing.offers import Offer
from worldkit.playing.run import MAX_SELF_FIRED
from worldkit.playing.session import Session
from worldkit.playing.session_view import run_of
from worldkit.playing.subscriptions import TOPICS, EventBus, L, SessionEvent, Topic
from worldkit.playing.topics import event_names, limit
from worldkit.playing.trace import Step
from worldkit.world import World

MIN_WINDOW = 64
"""Time passes in steps of at least so many ms, each twice as long as the one before while nothing fires."""


@checked_methods
class CampaignSession(CampaignView):
    """A run through a campaign in instant mode: one act after the other, each on its own world.

    When a step lands in a state that an eligible edge leaves from, the next act begins at once. It begins with exactly
    the flags that the edge carries, held or not, and with no one-shot used up. Edges are not checked in the entrance of
    an act, nor in the state where it began. Without a matching edge, a win completes the story; a loss, or a state with
    no way out, is a dead end, and the act begins again. Edges are checked on landing only: a flag granted while the
    player stands in a state opens the edge at the next landing. A sequence is walked to its last state first.

    Args:
        campaign: The campaign.
        worlds: Its worlds by id; left out when the campaign holds them itself, as the vendor's records do.
        seed: Kept in the trace; code that chooses at random for this session seeds its generator with it.
        at: Where to begin instead of the start: a saved position, or its JSON form.
        past_endings: Let play go on where it is over.

    Raises:
        WorldError: An act that edges lead to is missing or has no world to play in; or ``at`` is no position of this
            campaign.

    Example:
        >>> campaign = wk.Campaign.from_dict({
        ...     "start": "first",
        ...     "acts": [
        ...         {"actId": "first", "worldId": "bench", "title": "The first evening", "canonical": True},
        ...         {"actId": "second", "worldId": "bench", "title": "The second evening", "canonical": True},
        ...     ],
        ...     "edges": [
        ...         {"from": {"actId": "first", "state": "two_mittens"}, "to": {"actId": "second"},
        ...          "kind": "golden", "carryFlags": ["mitten"]},
        ...     ],
        ... })
        >>> worlds = {"bench": wk.samples.load("bench")}
        >>> session = wk.CampaignSession(campaign, worlds)
        >>> for event in ("pick_up_the_red_mitten", "walk_up_the_lane", "hold_out_the_mitten"):
        ...     step = session.fire(event)
        >>> session.act, session.state, sorted(session.flags)
        ('second', 'lane', ['mitten'])
    """

    def __init__(
        self,
        campaign: Campaign,
        worlds: Mapping[str, World] | None = None,
        seed: int = 0,
        *,
        at: CampaignPosition | Mapping[str, Any] | None = None,
        past_endings: bool = False,
    ) -> None:
        self._rules = CampaignRules(campaign, worlds)
        self.campaign = campaign
        self.seed = seed
        self.past_endings = past_endings
        self._start = self._rules.start() if at is None else self._rules.checked_position(at)
        self._bus = EventBus()
        self._pending: list[ActEvent] = []
        self._act_runs = self._opening_runs()
        self._undo: list[Checkpoint] = []

    # ---- doing things ------------------------------------------------------------------------

    def fire(self, event: str | Offer) -> Step:
        """Fire an event that is available in this act, hidden or not, or start a sequence.

        Args:
            event: An event's name, ``sequence:<id>``, or an offer.

        Returns:
            The step it made, its times on the act's own clock. The session is then where it led, in the next act if the
            act changed.

        Raises:
            NotAvailable: It cannot be fired here and now; says why, and nothing has changed.

        Example:
            >>> session = wk.CampaignSession(campaign, worlds)
            >>> for event in ("pick_up_the_red_mitten", "walk_up_the_lane", "hold_out_the_mitten"):
            ...     step = session.fire(event)
            >>> step.state, session.act, session.state
            ('two_mittens', 'second', 'lane')
        """
        before = self._checkpoint()
        try:
            step = self._step(lambda session: session.fire(event))
        except NotAvailable:
            self._flush()
            raise
        self._undo.append(before)
        self._flush()
        return step

    def wait(self, ms: float) -> tuple[Step, ...]:
        """Let time pass, across acts.

        Args:
            ms: How long, in ms. What comes due fires on the way.

        Returns:
            What fired by itself, its times on the clock of its act.

        Raises:
            WrongArgument: ``ms`` is not a finite number of at least 0.
            WorldError: 10,000 events fired by themselves; the clock stands where it got to.

        Example:
            >>> session = wk.CampaignSession(campaign, worlds)
            >>> session.wait(1500)
            ()
            >>> session.clock
            1500
        """
        return self._spend(checked_ms(ms), forward=False)

    def travel(self, ms: float) -> tuple[Step, ...]:
        """Let time pass with forward held, so that waypoints come nearer; else like ``wait``.

        Args:
            ms: How long, in ms.

        Example:
            >>> session = wk.CampaignSession(campaign, worlds)
            >>> session.travel(1000)
            ()
            >>> session.clock
            1000
        """
        return self._spend(checked_ms(ms), forward=True)

    def ask(self, text: str, voice: Voice = plain_voice) -> str:
        """Ask the open console something.

        Args:
            text: The question.
            voice: Who answers; see ``Session.ask``.

        Raises:
            WorldError: No console is open.

        Example:
            >>> desk = wk.Campaign.from_dict({
            ...     "start": "desk",
            ...     "acts": [{"actId": "desk", "worldId": "archive", "title": "The desk", "canonical": True}],
            ...     "edges": [],
            ... })
            >>> at = {"act": "desk", "state": "inquiry_desk"}
            >>> session = wk.CampaignSession(desk, {"archive": wk.samples.load("archive")}, at=at)
            >>> step = session.fire("type_to_the_enquiry_engine")
            >>> session.ask("Hello?", lambda console, question: f"I know {len(console.facts)} things.")
            'I know 2 things.'
        """
        before = self._checkpoint()
        answer = self._act_run.session.ask(text, voice)
        self._undo.append(before)
        return answer

    def close_terminal(self) -> Self:
        """Close the console, if one is open. Firing another event closes it too."""
        if self.terminal is not None:
            self._undo.append(self._checkpoint())
            self._act_run.session.close_terminal()
        return self

    def say(self, text: str) -> Step:
        """Show the player a line; see ``Session.say``.

        Args:
            text: The line.

        Example:
            >>> session = wk.CampaignSession(campaign, worlds)
            >>> step = session.say("The wind turns.")
            >>> session.line
            'The wind turns.'
        """
        return self._change(lambda session: session.say(text))

    def stop(self, text: str = "") -> Step:
        """End the story here; see ``Session.stop``.

        Args:
            text: Why, for the player.

        Example:
            >>> session = wk.CampaignSession(campaign, worlds)
            >>> step = session.stop("The park closes.")
            >>> session.over, session.complete, session.offers
            (True, False, [])
        """
        return self._change(lambda session: session.stop(text))

    def grant(self, *flags: str) -> Step:
        """Give the player flags in this act; see ``Session.grant``.

        Args:
            flags: The flags.

        Example:
            >>> session = wk.CampaignSession(campaign, worlds)
            >>> step = session.grant("mitten")
            >>> sorted(session.flags)
            ['mitten']
        """
        return self._change(lambda session: session.grant(*flags))

    def revoke(self, *flags: str) -> Step:
        """Take flags from the player in this act; see ``Session.revoke``.

        Args:
            flags: The flags.

        Example:
            >>> at = {"act": "second", "state": "lane", "flags": ["mitten"]}
            >>> session = wk.CampaignSession(campaign, worlds, at=at)
            >>> step = session.revoke("mitten")
            >>> session.flags
            frozenset()
        """
        return self._change(lambda session: session.revoke(*flags))

    def apply(self, ops: Iterable[Mapping[str, Any]], *, strict: bool = False) -> Step:
        """Change the world of this act until it ends or begins again; see ``Session.apply``.

        Args:
            ops: Operations, as ``World.apply`` takes them.
            strict: Refuse the batch if it introduces an error-level lint that was not there before.

        Example:
            >>> session = wk.CampaignSession(campaign, worlds)
            >>> edit = {"op": "set_field", "state": "bench", "field": "base", "value": "An empty bench."}
            >>> step = session.apply([edit])
            >>> session.fire("walk_up_the_lane").state, session.here.base
            ('bench', 'An empty bench.')
        """
        return self._change(lambda session: session.apply(ops, strict=strict))

    @overload
    def on(
        self,
        topic: str,
        listener: ActListener,
        *,
        state: str | Iterable[str] | None = None,
        event: str | Iterable[str] | None = None,
    ) -> Callable[[], None]: ...
    @overload
    def on(
        self,
        topic: str,
        listener: None = None,
        *,
        state: str | Iterable[str] | None = None,
        event: str | Iterable[str] | None = None,
    ) -> Callable[[L], L]: ...
    def on(
        self,
        topic: str,
        listener: ActListener | None = None,
        *,
        state: str | Iterable[str] | None = None,
        event: str | Iterable[str] | None = None,
    ) -> Callable[..., Any]:
        """Subscribe to what happens, in whatever act; without a listener, as a decorator of one. See ``Session.on``.

        Args:
            topic: A topic of ``Session.on``; ``act``: the next act has begun; ``rewind``: a dead end led back; the id
                of an act (heard when it begins), of a state (heard when it is entered), or the name of an event
                (heard when it lands).
            listener: Called with an ``ActEvent`` once the session stands where the event led.
            state: Only what happens in this state, or in one of these, of any act.
            event: Only what belongs to this event, or to one of these.

        Returns:
            With a listener, a function that unsubscribes; without one, a decorator.

        Raises:
            WrongArgument: Nothing has that name.

        Example:
            >>> session = wk.CampaignSession(campaign, worlds)
            >>> @session.on("act")
            ... def greet(event):
            ...     print("Now begins", event.act)
            >>> for event in ("pick_up_the_red_mitten", "walk_up_the_lane", "hold_out_the_mitten"):
            ...     step = session.fire(event)
            Now begins second
        """
        tables = [self._rules.table(act) for act in self._rules.worlds]
        states = {id for table in tables for id in table.states}
        events = {name for table in tables for name in event_names(table)}
        if topic not in {*CAMPAIGN_TOPICS, *self._rules.worlds, *states, *events}:
            words = f"one of {', '.join(CAMPAIGN_TOPICS)}, the id of an act or a state, or the name of an event"
            near = did_you_mean(topic, {*CAMPAIGN_TOPICS, *self._rules.worlds, *states, *events})
            raise WrongArgument("topic", words, quote(topic) + near)
        only = limit("state", state, states), limit("event", event, events)

        def subscribe(handler: ActListener) -> Callable[[], None]:
            return self._bus.subscribe(topic, handler, *only)  # type: ignore[arg-type]  # this bus tells ActEvents alone

        def decorate(handler: L) -> L:
            subscribe(handler)
            return handler

        return decorate if listener is None else subscribe(listener)

    def off(self, listener: Callable[..., object]) -> int:
        """End every subscription of a handler; return how many there were.

        Args:
            listener: The handler.

        Example:
            >>> session = wk.CampaignSession(campaign, worlds)
            >>> unsubscribe = session.on("act", print)
            >>> session.off(print)
            1
        """
        return self._bus.unsubscribe(listener)

    def __aiter__(self) -> EventStream:
        """Return what happens from now on, in whatever act, until the story is over."""
        return EventStream(self._bus, lambda: self.over)

    async def handled(self) -> Self:
        """Wait until every asynchronous handler has finished, except the one that asks."""
        await self._bus.calls.finished()
        return self

    @property
    def errors(self) -> tuple[HandlerError, ...]:
        """The last 100 errors of handlers, oldest first."""
        return tuple(self._bus.calls.errors)

    # ---- going back --------------------------------------------------------------------------

    @property
    def undo_depth(self) -> int:
        """The number of things done since the session began that can be undone."""
        return len(self._undo)

    @property
    def can_undo(self) -> bool:
        """Whether there is anything to undo."""
        return bool(self._undo)

    def undo(self, times: int = 1) -> Self:
        """Undo the last actions, and the changes of acts that they led to.

        Args:
            times: How many.

        Raises:
            WorldError: So much was not done; nothing has changed.

        Example:
            >>> session = wk.CampaignSession(campaign, worlds)
            >>> for event in ("pick_up_the_red_mitten", "walk_up_the_lane", "hold_out_the_mitten"):
            ...     step = session.fire(event)
            >>> session.act, session.undo().act, session.state
            ('second', 'first', 'bench')
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
            WrongArgument: The trail has no such point.

        Example:
            >>> session = wk.CampaignSession(campaign, worlds)
            >>> for event in ("pick_up_the_red_mitten", "walk_up_the_lane", "hold_out_the_mitten"):
            ...     step = session.fire(event)
            >>> session.jump(1).act, session.state, sorted(session.flags)
            ('first', 'lane', ['mitten'])
        """
        points = self._points()
        if not -len(points) <= to < len(points):
            raise refusal("to", f"a point of the trail from 0 to {len(points) - 1}", to)
        _, number, mark = points[to]
        self._undo.append(self._checkpoint())
        leg = self._act_runs[number]
        leg.session.jump(mark)
        self._act_runs = (*self._act_runs[:number], replace(leg, edge=None, rewound=False))
        return self

    def restart(self) -> Self:
        """Begin the campaign again where this session began it; that can be undone.

        Example:
            >>> session = wk.CampaignSession(campaign, worlds)
            >>> for event in ("pick_up_the_red_mitten", "walk_up_the_lane", "hold_out_the_mitten"):
            ...     step = session.fire(event)
            >>> session.act, session.restart().act
            ('second', 'first')
        """
        self._undo.append(self._checkpoint())
        self._act_runs = self._opening_runs()
        return self

    def rewind(self) -> Self:
        """Begin this act again in the position in which it began; that can be undone.

        Example:
            >>> session = wk.CampaignSession(campaign, worlds)
            >>> step = session.fire("walk_up_the_lane")
            >>> session.rewind().state
            'lane'
        """
        self._undo.append(self._checkpoint())
        self._act_run.session.restart()
        return self

    # ---- inside ------------------------------------------------------------------------------

    def _opening_runs(self) -> tuple[ActRun, ...]:
        act_run = self._begin_act(self._start, 0)
        # a saved position is in the middle of its act: a dead end leads back to where that began
        run_of(act_run.session).start = self._start.start
        return (act_run,)

    def _begin_act(self, where: CampaignPosition, began: int) -> ActRun:
        world = self._rules.worlds[where.act]
        session = Session(world, seed=self.seed, at=where.position, past_endings=self.past_endings)
        return self._join_act(where.act, session, began)

    def _join_act(self, act: str, session: Session, began: int) -> ActRun:
        def relay(event: SessionEvent) -> None:
            # copied field by field: the happening of an act is one of a session, and says the act besides
            values = {field.name: getattr(event, field.name) for field in fields(event)}
            self._pending.append(ActEvent(**{**values, "at": began + event.at, "act": act}))

        for topic in TOPICS:
            if topic != "wait":
                session.on(topic, relay)
        return ActRun(act, session, began)

    def _step(self, press: Callable[[Session], Step]) -> Step:
        step = press(self._act_run.session)
        transition = self._rules.transition(self.position, self.past_endings) if step.moved else None
        if transition is not None and transition.to is not None:
            self._pending = [event for event in self._pending if event.topic != "end"]
            self._pending += transition_events(transition, self.position, self.clock, step.event)
            self._act_runs = follow_transition(self._act_runs, transition, self._begin_act)
            self._pending += self._opening_events(step.event)
        return step

    def _change(self, change: Callable[[Session], Step]) -> Step:
        before = self._checkpoint()
        step = change(self._act_run.session)
        self._undo.append(before)
        self._flush()
        return step

    def _opening_events(self, event: str) -> list[ActEvent]:
        texts: dict[Topic, str] = {"line": self.line, "prompt": self.prompt()}
        return [
            ActEvent(topic, self.clock, self.state, event, text=text, act=self.act)
            for topic, text in texts.items()
            if text
        ]

    def _spend(self, ms: int, forward: bool) -> tuple[Step, ...]:
        before, began = self._checkpoint(), self.clock
        goal = began + ms
        self._undo.append(before)
        depth = len(self._undo)
        steps: list[Step] = []
        window = MIN_WINDOW
        is_endless = False
        while self.clock <= goal and not is_endless:
            gap, new_steps = self._pass(min(window, goal - self.clock), forward)
            window = max(MIN_WINDOW, 2 * gap)
            steps += new_steps
            self._flush()
            if not new_steps and self.clock >= goal:
                break
            is_endless = len(steps) >= MAX_SELF_FIRED and self.clock < goal
        self._pending.append(ActEvent("wait", self.clock, self.state, ms=self.clock - began, act=self.act))
        self._flush()
        if len(self._undo) == depth and not steps and self.clock == began:
            self._undo.pop()
        if is_endless:
            raise _endless_timers_error(self.clock, goal)
        return tuple(steps)

    def _pass(self, ms: int, forward: bool) -> tuple[int, tuple[Step, ...]]:
        """Let time pass until something fires by itself, at most so long; return how long that was, and what fired.

        A session waits to the end and says what fired when, so it waits twice: once to see, once up to there.
        """
        session = self._act_run.session
        began = session.clock
        wait = session.travel if forward else session.wait
        depth = undo_depth(session)
        first_try = wait(ms)
        if not first_try:
            return ms, ()
        self._undo_to(depth)
        gap = first_try[0].at - began
        new_steps: tuple[Step, ...] = ()

        def press(_: Session) -> Step:
            nonlocal new_steps
            new_steps = wait(gap)
            return new_steps[-1]

        self._step(press)
        return gap, new_steps

    def _undo_to(self, depth: int) -> None:
        session = self._act_run.session
        session.undo(undo_depth(session) - depth)
        self._pending.clear()

    def _checkpoint(self) -> Checkpoint:
        return Checkpoint(self._act_runs, tuple(undo_depth(act_run.session) for act_run in self._act_runs))

    def _restore(self, mark: Checkpoint) -> None:
        for act_run, depth in zip(mark.act_runs, mark.depths, strict=True):
            act_run.session.undo(undo_depth(act_run.session) - depth)
        self._act_runs = mark.act_runs

    def _flush(self) -> None:
        events, self._pending = self._pending, []
        self._bus.publish(events)

    def _adopt_runs(self, acts: list[tuple[Segment, Session, int | None]]) -> None:
        """Take over the acts of a replayed run, each with the edge taken out of it, to be undone step by step."""
        act_runs: tuple[ActRun, ...] = ()
        began = 0
        for segment, session, edge in acts:
            act_run = self._join_act(segment.act, session, began)
            full = tuple(undo_depth(earlier.session) for earlier in act_runs)
            self._undo += [Checkpoint((*act_runs, act_run), (*full, depth)) for depth in range(undo_depth(session))]
            act_runs = (*act_runs, replace(act_run, edge=edge, rewound=segment.rewound))
            began += session.clock
        self._act_runs = act_runs


def rules_of(session: CampaignSession) -> CampaignRules:
    """Return the campaign with the worlds of its acts, as a session plays it.

    Args:
        session: The session.
    """
    return session._rules  # noqa: SLF001  # for what judges the campaign before it is played


def _endless_timers_error(clock: int, goal: int) -> WorldError:
    return WorldError(
        f"{MAX_SELF_FIRED} events fired by themselves in one wait; the clock stands at {clock} ms, {goal - clock} ms "
        "before its end: wait again to go on, or look for timers that chase each other, across acts too"
    )
