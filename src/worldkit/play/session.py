"""``Session``: a run of a world, one step at a time, with its clock and its record."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Self

from worldkit.errors import InvalidWorld, NotAvailable, Problem, WorldError
from worldkit.jsonish import Json
from worldkit.model import Ending, State
from worldkit.play import prompts, show
from worldkit.play.bus import TOPICS, Bus, Happening, Listener
from worldkit.play.clock import asked_ms
from worldkit.play.compile import Action, Walk
from worldkit.play.console import Console, Voice, console, plain
from worldkit.play.machine import resolve
from worldkit.play.missions import MissionProgress, progress
from worldkit.play.offers import Offer, offers
from worldkit.play.position import Position
from worldkit.play.record import Moment, OpenConsole, due
from worldkit.play.run import Game, fired
from worldkit.play.trace import By, Step, Trace
from worldkit.world import World

MOST_TIMED = 10_000
"""No more events than this fire by themselves in one wait."""


class Session:
    """A run of a world in instant mode: events land at once and their durations go onto the virtual clock.

    The rules are contract/runtime.md's. Time passes only in ``wait`` and ``travel`` (and by the length
    of what is fired); what came due in the meantime fires at the next of them.

    Args:
        world: The world. One with rule errors plays too; only one without states cannot.
        seed: Kept in the trace; whoever chooses at random for this session starts from it.
        at: Where to begin instead of the entrance: a saved position, or its JSON form.
        past_endings: Let play go on where it is over.

    Raises:
        InvalidWorld: The world has no states.
        WorldError: ``at`` is in a state the world does not have.
    """

    def __init__(
        self,
        world: World,
        *,
        seed: int = 0,
        at: Position | Mapping[str, Any] | None = None,
        past_endings: bool = False,
    ) -> None:
        self._game = Game.of(world, past_endings)
        self._table = self._game.table
        if self._table.start is None:
            raise InvalidWorld(
                [Problem("scene.states", "expected at least one state to play in, got none; add a state")],
                world.name or world.id or "the world",
            )
        self.world = world
        self.seed = seed
        self.past_endings = past_endings
        self._start = self._starting(at, self._table.start)
        self._now = self._game.first(self._start)
        self._undo: list[Moment] = []
        self._bus = Bus()

    def _starting(self, at: Position | Mapping[str, Any] | None, start: str) -> Position:
        if at is None:
            return Position(start)
        position = at if isinstance(at, Position) else Position.from_dict(at)
        if position.state not in self._table.states:
            known = ", ".join(map(repr, list(self._table.states)[:8]))
            raise WorldError(
                f"this world has no state {position.state!r} to begin in; its states are {known}"
                + (" and more" if len(self._table.states) > 8 else "")
            )
        return position

    # ---- where things stand ------------------------------------------------------------------

    @property
    def position(self) -> Position:
        """Where the player is, what is held and what is used up: save it, and begin there with ``at=``."""
        return self._now.position

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
    def offers(self) -> list[Offer]:
        """What the player is offered: available events and locked ones with a hint, then sequences."""
        return offers(self._table, self.position, self.past_endings)

    @property
    def hidden_offers(self) -> list[Offer]:
        """The same for events without a button, which fire by time, waypoint or code."""
        return offers(self._table, self.position, self.past_endings, hidden=True)

    @property
    def missions(self) -> list[MissionProgress]:
        """How far every mission has come."""
        return progress(self.world, self.flags)

    @property
    def terminal(self) -> Console | None:
        """The console that is open, with what it may say now; None when there is none."""
        opened = self._now.console
        return None if opened is None else console(opened, self.flags)

    @property
    def trace(self) -> Trace:
        """The run so far, as a value that can be saved, compared and replayed."""
        marks = self._now.marks()
        steps = tuple(moment.step for moment in marks if moment.step is not None)
        return Trace(steps, marks[0].position, self.seed, self.clock, self._now.held, self.past_endings)

    @property
    def trail(self) -> list[Json]:
        """Where the run has been: ``{state, event, at}`` for the start and after every step."""
        return [
            {"state": moment.position.state, "event": moment.step and moment.step.event, "at": moment.clock}
            for moment in self._now.marks()
        ]

    def prompt(self, moving: bool = False, limit: int = prompts.LIMIT) -> str:
        """Return the prompt of the picture as it is now.

        Args:
            moving: The player is travelling, not standing.
            limit: Longest prompt.
        """
        return prompts.prompt(self.world, self.here, moving, limit)

    # ---- doing things ------------------------------------------------------------------------

    def fire(self, event: str | Offer) -> Step:
        """Fire an event that is available, hidden or not, or start a sequence.

        Args:
            event: An event's name, ``sequence:<id>``, or an offer. Of several events with one name
                the first available one fires.

        Returns:
            The step it made: what the trace will say. The session stands where the step landed.

        Raises:
            NotAvailable: It cannot be fired here and now; says why, and nothing has changed.
        """
        name = event.name if isinstance(event, Offer) else event
        try:
            found = resolve(self._table, self.position, name, self.past_endings)
        except NotAvailable as refused:
            if refused.reason == "missing flags":
                self._tell_locked(refused)
            raise
        self._undo.append(self._now)
        return self._fire(found, "player")

    def wait(self, ms: float) -> tuple[Step, ...]:
        """Let time pass.

        Args:
            ms: How long, in ms. What comes due fires on the way, in order of time, then world order.

        Returns:
            What fired by itself.

        Raises:
            ValueError: ``ms`` is not a finite number of at least 0.
            WorldError: 10,000 events fired by themselves; the clock stands where it got to.
        """
        return self._spend(asked_ms(ms), forward=False)

    def travel(self, ms: float) -> tuple[Step, ...]:
        """Let time pass with forward held, so that waypoints come nearer; else like ``wait``.

        Args:
            ms: How long, in ms.
        """
        return self._spend(asked_ms(ms), forward=True)

    def ask(self, text: str, voice: Voice = plain) -> str:
        """Ask the open console something.

        Args:
            text: The question.
            voice: Who answers: called with the console, which holds only what it may say, and the question.
                The plain voice says all of it, or "No record."; a language model can take its place.

        Returns:
            Its answer. If the voice fails, nothing was asked.

        Raises:
            WorldError: No console is open.
        """
        opened = self._now.console
        if opened is None:
            raise WorldError("no console is open; fire an event of kind terminal first")
        said = voice(console(opened, self.flags), text)
        log = (*opened.log, ("you", text), ("console", said))
        self._undo.append(self._now)
        self._now = replace(self._now, console=OpenConsole(opened.action, log), step=None, before=self._now)
        return said

    def close_terminal(self) -> Self:
        """Close the console, if one is open. Firing another event closes it too."""
        if self._now.console is not None:
            self._undo.append(self._now)
            self._now = replace(self._now, console=None, step=None, before=self._now)
        return self

    def on(self, topic: str, listener: Listener) -> Callable[[], None]:
        """Subscribe to what happens.

        Args:
            topic: ``enter``, ``leave``, ``fire``, ``land``, ``grant``, ``locked``, ``wait`` or ``end``; or
                the id of a state (heard when it is entered), or the name of an event (heard when it lands).
            listener: Called with a ``Happening`` once the session stands where the event landed. What
                it raises comes out of ``fire`` or ``wait`` after everybody has heard; the step stands.

        Returns:
            A function that unsubscribes.

        Raises:
            ValueError: Nothing has that name.
        """
        compiled = self._table
        sequences = {walk.name for walks in compiled.walks.values() for walk in walks}
        if not (topic in TOPICS or topic in compiled.states or topic in compiled.names or topic in sequences):
            raise ValueError(
                f"nothing is called {topic!r}: expected one of {', '.join(TOPICS)}, "
                "the id of a state or the name of an event"
            )
        return self._bus.on(topic, listener)

    # ---- going back --------------------------------------------------------------------------

    @property
    def can_undo(self) -> bool:
        """Whether there is anything to undo."""
        return bool(self._undo)

    def undo(self, times: int = 1) -> Self:
        """Take back the last things done: a firing, a wait with all that fired in it, a jump, a restart.

        Args:
            times: How many.

        Raises:
            WorldError: So much was not done; nothing has changed.
        """
        if not 0 <= times <= len(self._undo):
            raise WorldError(f"cannot undo {times} times: {len(self._undo)} things were done since the session began")
        for _ in range(times):
            self._now = self._undo.pop()
        return self

    def jump(self, to: int) -> Self:
        """Go back to a point of the trail; that can be undone.

        Args:
            to: An index into ``trail``: 0 is the start, -1 the last step.

        Raises:
            ValueError: The trail has no such point.
        """
        marks = self._now.marks()
        if not -len(marks) <= to < len(marks):
            raise ValueError(f"expected a point of the trail from 0 to {len(marks) - 1}, got {to}")
        self._undo.append(self._now)
        self._now = marks[to]
        return self

    def restart(self) -> Self:
        """Begin again where this session began, with what was held then; that can be undone."""
        self._undo.append(self._now)
        self._now = self._game.first(self._start)
        return self

    # ---- inside ------------------------------------------------------------------------------

    def _fire(self, found: Action | Walk, by: By) -> Step:
        self._now, told = fired(self._game, self._now, found, by)
        made = self._now.step
        assert made is not None
        self._bus.tell(told)
        return made

    def _spend(self, ms: int, forward: bool, most: int = MOST_TIMED) -> tuple[Step, ...]:
        before, depth = self._now, len(self._undo)
        self._undo.append(before)
        try:
            return self._pass(ms, forward, most)
        finally:
            if self._now is before and len(self._undo) == depth + 1:
                self._undo.pop()

    def _pass(self, ms: int, forward: bool, most: int) -> tuple[Step, ...]:
        began = self._now.clock
        goal = began + ms
        steps: list[Step] = []
        failures: list[Exception] = []
        while (coming := due(self._table, self._now, forward, self.past_endings)) and coming.when <= goal:
            if len(steps) == most:
                break
            self._later(coming.when, forward)
            self._now, told = fired(self._game, self._now, coming.action, coming.by)
            assert self._now.step is not None
            steps.append(self._now.step)
            self._hear(told, failures)
        else:
            self._later(goal, forward)
        spent = self._now.clock - began
        self._hear([Happening("wait", self._now.clock, self.state, ms=spent)], failures)
        if len(steps) == MOST_TIMED:
            failures.append(
                WorldError(
                    f"{MOST_TIMED} events fired by themselves in one wait; the clock stands at {self.clock} ms, "
                    f"{goal - self.clock} ms before its end: wait again to go on, or look for timers that chase "
                    "each other"
                )
            )
        if len(failures) == 1:
            raise failures[0]
        if failures:
            raise ExceptionGroup("several things failed while time passed", failures)
        return tuple(steps)

    def _later(self, clock: int, forward: bool) -> None:
        if clock > self._now.clock:
            self._now = self._now.later(clock - self._now.clock, forward)

    def _hear(self, told: list[Happening], failures: list[Exception]) -> None:
        try:
            self._bus.tell(told)
        except Exception as failure:
            failures.append(failure)

    def _tell_locked(self, refused: NotAvailable) -> None:
        try:
            self._bus.tell([Happening("locked", self.clock, self.state, refused.event, refused.missing)])
        except Exception as failure:
            raise failure from refused

    # ---- showing -----------------------------------------------------------------------------

    def __repr__(self) -> str:
        return show.text(self)

    def _repr_html_(self) -> str:
        return show.page(self)
