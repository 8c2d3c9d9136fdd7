"""``RunView``: what a session shows, be it of a world or of the act of a campaign, and how one listens to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Protocol, Self

from worldkit.core.argument_ranges import expect_count
from worldkit.core.errors import WorldError
from worldkit.core.model import Ending, State
from worldkit.core.prompt_parts import MAX_PROMPT_LENGTH
from worldkit.core.quoting import format_count
from worldkit.playing import outputs, prompts
from worldkit.playing.console import Console, console_view
from worldkit.playing.event_stream import EventStream
from worldkit.playing.handlers import HandlerError
from worldkit.playing.missions import MissionProgress, progress
from worldkit.playing.moment import Moment
from worldkit.playing.offers import Offer, offers_in
from worldkit.playing.payloads import ready_payload
from worldkit.playing.play_rules import PlayRules
from worldkit.playing.run import Run
from worldkit.playing.subscriptions import READY, EventBus, Listener, SessionEvent
from worldkit.playing.transition_table import TransitionTable

if TYPE_CHECKING:
    from worldkit.world import World


class ListenedRun(Protocol):
    """What tells of what happens in it, and keeps the moments to come back to, oldest first."""

    @property
    def bus(self) -> EventBus: ...

    @property
    def undo_stack(self) -> Sequence[object]: ...


class RunView:
    """What every session shows, and how one listens to it."""

    _run: ListenedRun

    # ---- where things stand ------------------------------------------------------------------

    @property
    def world(self) -> World:
        """The world being played."""
        return self._rules.world

    @property
    def state(self) -> str:
        """The id of the state the player is in."""
        return self._now.position.state

    @property
    def here(self) -> State:
        """The state the player is in."""
        return self._table.states[self.state]

    @property
    def flags(self) -> frozenset[str]:
        """The flags held."""
        return self._now.position.flags

    @property
    def used(self) -> frozenset[str]:
        """The names of the one-shot events already used."""
        return self._now.position.used

    @property
    def clock(self) -> int:
        """The virtual clock: ms since the run began."""
        return self._now.clock

    @property
    def line(self) -> str:
        """The line the player reads; empty when there is none."""
        return self._now.line

    @property
    def ended(self) -> Ending | None:
        """The ending of the state the player is in, or None: the run goes on."""
        return self._table.endings.get(self.state)

    @property
    def stopped(self) -> str | None:
        """The words with which the run was stopped by ``stop``; None when it was not."""
        return self._now.stopped

    @property
    def over(self) -> bool:
        """Whether the run is over: it was stopped, or it stands in an ending and does not go on past endings."""
        return self._now.playing is None and self._rules.is_over(self._now)

    @property
    def offers(self) -> list[Offer]:
        """The offers to the player: available events and locked ones with a hint, then sequences.

        Nothing while something plays.

        Example:
            >>> for offer in wk.Session(world, at={"state": "bench"}).offers:
            ...     print(offer.label, "-", offer.hint if not offer.available else "available")
            listen to the leaves - available
            walk back down the lane - available
            hold out the mitten - One of her hands is cold. Something red lay on the wall, back down the lane.
        """
        return self._offers(are_hidden=False)

    @property
    def hidden_offers(self) -> list[Offer]:
        """The same for events without a button, which fire by time, zone, waypoint or code.

        Example:
            >>> session = wk.Session(wk.samples.load("lighthouse"), at={"state": "gallery"})
            >>> [offer.name for offer in session.hidden_offers]
            ['the_steamer_holds_her_course']
        """
        return self._offers(are_hidden=True)

    @property
    def missions(self) -> list[MissionProgress]:
        """The progress of every mission.

        Example:
            >>> mission = wk.Session(wk.samples.load("lighthouse")).missions[0]
            >>> mission.title, [(objective.id, objective.status) for objective in mission.objectives][:2]
            ('First watch', [('hand_lamp', 'active'), ('oil', 'pending')])
        """
        return progress(self.world, self.flags)

    @property
    def terminal(self) -> Console | None:
        """The console that is open, with what it may say now; None when there is none.

        Example:
            >>> session = wk.Session(wk.samples.load("lighthouse"), at={"state": "kitchen"})
            >>> step = session.fire("crank_the_telephone")
            >>> session.terminal.name, len(session.terminal.facts)
            ('crank_the_telephone', 2)
        """
        console = self._now.console
        return None if console is None else console_view(console, self.flags)

    def prompt(self, moving: bool = False, limit: int = MAX_PROMPT_LENGTH) -> str:
        """Return the prompt of the state the player is in, in the variant chosen for it.

        Args:
            moving: The player is travelling, not standing.
            limit: Longest prompt.

        Example:
            >>> wk.Session(world).prompt()[:30]
            'A farm lane climbs between dry'
        """
        expect_count(limit, "limit")
        return prompts.prompt(self.world, outputs.state_in_variant(self._rules, self._now), moving, limit)

    # ---- listening and going back ------------------------------------------------------------

    def off(self, listener: Callable[..., object]) -> int:
        """End every subscription of a handler.

        Args:
            listener: The handler.

        Returns:
            How many subscriptions there were.

        Example:
            >>> session = wk.Session(world)
            >>> off = session.on("enter", print)
            >>> session.off(print)
            1
        """
        return self._run.bus.unsubscribe(listener)

    def __aiter__(self) -> EventStream:
        """Return what happens from now on, one event after the other, until the run is over."""
        return EventStream(self._run.bus, lambda: self.over)

    async def handled(self) -> Self:
        """Wait until every asynchronous handler has finished; a handler waits for no other that waits so.

        Example:
            >>> session = wk.Session(world)
            >>> @session.on("enter", state="bench")
            ... async def greet(event):
            ...     step = session.say("Somebody is here already.")
            >>> step = session.fire("walk_up_the_lane")
            >>> (await session.handled()).line
            'Somebody is here already.'
        """
        await self._run.bus.calls.finished()
        return self

    @property
    def errors(self) -> tuple[HandlerError, ...]:
        """The last 100 errors of handlers, oldest first."""
        return tuple(self._run.bus.calls.errors)

    @property
    def can_undo(self) -> bool:
        """Whether there is anything to undo."""
        return bool(self._run.undo_stack)

    # ---- inside ------------------------------------------------------------------------------

    @property
    def _played(self) -> Run:
        """The run of the world being played."""
        raise NotImplementedError

    @property
    def _rules(self) -> PlayRules:
        return self._played.rules

    @property
    def _table(self) -> TransitionTable:
        return self._rules.table

    @property
    def _now(self) -> Moment:
        return self._played.now

    def _offers(self, are_hidden: bool) -> list[Offer]:
        if self._now.playing or self._now.stopped is not None:
            return []
        return offers_in(self._table, self._now.position, self._rules.past_endings, are_hidden=are_hidden)

    def _ready(self) -> SessionEvent:
        return SessionEvent(READY, self.clock, self.state, payload=ready_payload(self.world.id, self.state))

    def _listen(
        self,
        listener: Listener | None,
        topic: str,
        names: frozenset[str],
        states: frozenset[str] | None,
        events: frozenset[str] | None,
    ) -> Callable[..., Any]:
        """Subscribe a listener to a topic, or to names; without one, return a decorator that does.

        All names are first names.
        """
        bus = self._run.bus
        topics = () if names else (topic,)

        def subscribe(handler: Listener) -> Callable[[], None]:
            unsubscribe = bus.subscribe(topics, handler, states, events, names)
            if topic == READY:
                bus.tell_one(handler, self._ready(), self._rules.first_names, states, events)
            return unsubscribe

        def decorate(handler: Listener) -> Listener:
            subscribe(handler)
            return handler

        return decorate if listener is None else subscribe(listener)

    def _check_undo(self, times: int) -> None:
        count = len(self._run.undo_stack)
        if not 0 <= times <= count:
            done_count = f"{format_count(count, 'thing')} {'was' if count == 1 else 'were'} done"
            raise WorldError(f"cannot undo {times} times: {done_count} since the session began")
