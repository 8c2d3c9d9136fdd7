"""``Session``: a run of a world, one step at a time, with its clock and its record.

What a session shows is in ``SessionView``; the methods here change it. Nearly every one delegates to ``Run``.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self, overload

from worldkit.core.argument_checks import checked_methods, refusal
from worldkit.core.argument_types import is_text
from worldkit.core.errors import WorldError, WrongArgument
from worldkit.core.json_values import quote
from worldkit.core.quoting import first_names, quote_name
from worldkit.playing import author_changes, persistence
from worldkit.playing.author_calls import AuthorCalls
from worldkit.playing.clock import checked_ms
from worldkit.playing.console import Voice, console_view, plain_voice
from worldkit.playing.event_stream import EventStream
from worldkit.playing.evidence import Sample, Source
from worldkit.playing.handlers import count_action
from worldkit.playing.moment import OpenConsole
from worldkit.playing.offers import Offer
from worldkit.playing.play_rules import PlayRules
from worldkit.playing.position import Position, read_position
from worldkit.playing.run import MAX_SELF_FIRED as MAX_SELF_FIRED
from worldkit.playing.run import Run
from worldkit.playing.session_view import SessionView
from worldkit.playing.subscriptions import L, Listener
from worldkit.playing.topics import first_limit, limit, names_heard, require_topic
from worldkit.playing.trace import Mode, Step
from worldkit.playing.transition_table import check_has_states

if TYPE_CHECKING:
    from worldkit.world import World

MODES = ("instant", "real-time")


@checked_methods
class Session(AuthorCalls, SessionView):
    """A run of a world on a virtual clock, by the rules of docs/spec/runtime.md.

    In instant mode events land at once and their durations go onto the clock. In real-time mode an event that
    is fired *plays*: phase by phase, at least so long, then until its evidence is seen; it lands as ``wait``,
    ``travel`` or ``finish`` gets there, and nothing else can be fired until then. Time passes only in those
    (and, in instant mode, by the length of what is fired); no other clock is looked at, so that the same inputs
    always give the same run. ``worldkit.playing.live`` ties a session to a clock on the wall.

    Args:
        world: The world. One with rule errors plays too; only one without states cannot.
        seed: Kept in the trace; code that chooses at random for this session seeds its generator with it.
        flags: The flags held from the beginning, as a campaign hands them over.
        at: Where to begin instead of the entrance: a saved position, its JSON values, or its JSON
            text; it holds flags of its own.
        past_endings: Let play go on where it is over.
        mode: ``"instant"`` or ``"real-time"``.
        evidence: Who looks at the picture: called with the clock at every tick that matters, returns a ``Sample``,
            its JSON form, or None when nothing is new. Without one, ``observe`` says what is seen.

    Raises:
        InvalidWorld: The world has no states.
        WorldError: ``at`` is in a state the world does not have.
        WrongArgument: There is no such mode.
        WrongArgument: Both ``flags`` and ``at`` are given.

    Example:
        >>> session = wk.Session(world)
        >>> [offer.name for offer in session.offers]
        ['walk_up_the_lane', 'pick_up_the_red_mitten', 'listen_to_the_leaves']
        >>> session.fire("walk_up_the_lane")
        Step('walk_up_the_lane', 'lane' -> 'bench', at 0 to 5000 ms, arrival not observed)
        >>> session.undo().state
        'lane'
    """

    def __init__(
        self,
        world: World,
        *,
        seed: int = 0,
        flags: Iterable[str] = (),
        at: Position | Mapping[str, Any] | str | None = None,
        past_endings: bool = False,
        mode: Mode = "instant",
        evidence: Source | None = None,
    ) -> None:
        if mode not in MODES:
            raise refusal("mode", f"one of {', '.join(map(repr, MODES))}", mode)
        rules = PlayRules.of(world, past_endings)
        check_has_states(world)
        assert rules.table.start is not None
        self.seed = seed
        position = Position(rules.table.start, flags)  # type: ignore[arg-type]
        if at is not None and position.flags:
            raise WrongArgument("flags", "flags or at", "both; at holds flags already")
        start = position if at is None else _position_in(rules, at)
        self._run = Run(rules, start, mode, evidence)

    # ---- doing things ------------------------------------------------------------------------

    def fire(self, event: str | Offer) -> Step:
        """Fire an event that is available, hidden or not, or start a sequence.

        Args:
            event: An event's name, ``sequence:<id>``, or an offer. Of several events with one name
                the first available one fires.

        Returns:
            The step it made: what the trace will say. The session stands where the step landed. In real-time
            mode, while it plays, the step as far as it has come (its ``playing`` is true); ``wait`` and
            ``finish`` return the one that lands.

        Raises:
            NotAvailable: It cannot be fired here and now; says why, and nothing has changed.
            WorldError: Its arrival waits for evidence that the source never shows; nothing has changed.

        Example:
            >>> wk.Session(world).fire("pick_up_the_red_mitten")
            Step('pick_up_the_red_mitten', stayed in 'lane', at 0 ms, granted ['mitten'], used up, “...
        """
        return self._run.fire(event.name if isinstance(event, Offer) else event)

    def wait(self, ms: float) -> tuple[Step, ...]:
        """Let time pass.

        Args:
            ms: How long, in ms. What comes due fires on the way, in order of time, then world order.

        Returns:
            What landed: what fired by itself, and in real-time mode what was playing. A handler may go back on the way,
            as with ``restart``: what is left of the time passes from there.

        Raises:
            WrongArgument: ``ms`` is not a finite number of at least 0.
            WorldError: 10,000 events fired by themselves; the clock stands where it got to.

        Example:
            >>> session = wk.Session(world)
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
            >>> wk.Session(world).travel(1000)
            ()
        """
        return self._spend(checked_ms(ms), forward=True)

    def tick(self, ms: float, forward: bool = False) -> tuple[Step, ...]:
        """Let a moment pass, as a clock on the wall does: like ``wait``, but time alone is not an entry to undo.

        Undo takes back what was done before it, with the time since; what begins to fire by itself on the way
        can be undone by itself.

        Args:
            ms: How long, in ms.
            forward: Forward is held.

        Example:
            >>> wk.Session(world).tick(100)
            ()
        """
        before, own = self._now, self._now.playing
        steps = self._spend(checked_ms(ms), forward)
        playing = self._now.playing
        cutscene_began = playing is not None and (own is None or playing.before is not own.before)
        has_fired = cutscene_began or len(steps) > (own is not None)
        if not has_fired and self._undo and self._undo[-1] is before:
            self._undo.pop()
        return steps

    def finish(self) -> Step | None:
        """Let time pass until the event that plays has landed; that may be when its evidence times out.

        Returns:
            The step that landed; None when nothing was playing.

        Example:
            >>> session = wk.Session(world, mode="real-time")
            >>> step = session.fire("walk_up_the_lane")
            >>> session.finish().event
            'walk_up_the_lane'
        """
        return self._run.finish()

    def cancel(self) -> Self:
        """Cancel the event that plays: all is as before it was fired, the clock too. That can be undone.

        What fired by itself is given up together with the wait it fired in.

        Raises:
            WorldError: Nothing plays.

        Example:
            >>> session = wk.Session(world, mode="real-time")
            >>> step = session.fire("walk_up_the_lane")
            >>> session.cancel().state
            'lane'
        """
        if self._now.playing is None:
            raise WorldError("nothing plays, so there is nothing to cancel; undo takes back what has landed")
        self._run.go_to(next(moment for moment in reversed(self._undo) if moment.playing is None))
        return self

    def observe(
        self,
        sample: Sample | Mapping[str, Any] | None = None,
        *,
        luminance: float | None = None,
        motion: float | None = None,
        labels: Any = (),
    ) -> Self:
        """Set the sample of the picture that holds from now on, until another is set.

        It is looked at every 700 ms where something waits for evidence, or a trigger zone is near. As long as
        nothing was ever said, arrivals do not wait and are marked "not observed". Saying so is no thing to
        undo: undoing what was done before takes it back.

        Args:
            sample: What is seen; or its parts:
            luminance: Mean Rec. 601 luma, 0 to 255.
            motion: Mean absolute change of luma since the look before, 0 to 255.
            labels: What is recognised, and how much of the picture it covers, 0 to 1.

        Raises:
            WorldError: It is no sample.
            WrongArgument: Both a sample and parts are given.

        Example:
            >>> session = wk.Session(world, mode="real-time").observe(luminance=40)
            >>> session.seen.luminance
            40
        """
        parts = Sample(luminance, motion, labels)
        if sample is not None and parts != Sample():
            raise WrongArgument("sample", "a sample or its parts", "both")
        self._run.observe(parts if sample is None else Sample.of(sample))
        return self

    def ask(self, text: str, voice: Voice = plain_voice) -> str:
        """Ask the open console something.

        Args:
            text: The question.
            voice: Who answers: called with the console, which holds only what it may say, and the question.
                The plain voice says all of it, or "No record."; a language model can take its place.

        Returns:
            Its answer. If the voice fails, nothing was asked. A voice may act on the session; if it closes the console,
            opens another one or leaves, nothing is added to the log.

        Raises:
            WorldError: No console is open.
            WrongArgument: The voice returned no string; nothing was asked.

        Example:
            >>> session = wk.Session(wk.samples.load("archive"), at={"state": "inquiry_desk"})
            >>> step = session.fire("type_to_the_enquiry_engine")
            >>> print(session.ask("Where are the storm lamps?"))
            Lost charters are carded in the index of lost things, below the cross-reference stair.
            Storm lamps: porter's lodge. Waders: cloakroom. Tokens: weighing room. Sandwiches: discontinued.
            >>> session.ask("Hello?", lambda console, question: f"I know {len(console.facts)} things.")
            'I know 2 things.'
        """
        console = self._now.console
        if console is None:
            raise WorldError("no console is open; fire an event of kind terminal first")
        first_name = self._rules.first_names.event(console.action.name)
        answer = voice(console_view(console, self.flags), text)
        if not is_text(answer):
            raise WrongArgument("voice", "a function that returns a string", f"one that returned {quote(answer)}")
        console = self._now.console  # the voice may have asked something, left, closed it, or opened another one
        if console is None or self._rules.first_names.event(console.action.name) != first_name:
            return answer
        log = (*console.log, ("you", text), ("console", answer))
        self._run.push(self._now.successor(console=OpenConsole(console.action, log)))
        return answer

    def close_terminal(self) -> Self:
        """Close the console, if one is open. Firing another event closes it too.

        Example:
            >>> session = wk.Session(wk.samples.load("archive"), at={"state": "inquiry_desk"})
            >>> step = session.fire("type_to_the_enquiry_engine")
            >>> session.close_terminal().terminal is None
            True
        """
        if self._now.console is not None:
            self._run.push(self._now.successor(console=None))
        return self

    @overload
    def on(
        self,
        topic: str,
        listener: Listener,
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
        listener: Listener | None = None,
        *,
        state: str | Iterable[str] | None = None,
        event: str | Iterable[str] | None = None,
    ) -> Callable[..., Any]:
        """Subscribe to what happens; without a listener, as a decorator of one.

        A handler may do whatever can be done to a session: ``grant``, ``fire``, ``wait``, ``say``, ``apply``,
        ``stop``. What it raises is written to stderr, kept in ``errors`` and told as the topic ``error``; play goes on.
        A coroutine function is run by the running event loop, as in a notebook; where none runs, to its end.
        States and events are followed when ``apply`` or an editor renames them.

        Args:
            topic: A topic of ``SessionEvent``, such as ``enter``, ``land``, ``prompt`` or ``end``; ``ready``, which
                is heard at once; or the id of a state (heard when it is entered), or the name of an event (heard when
                it lands); or ``*``. A topic goes before a name: ``enter`` with ``state=`` hears of a state called so.
            listener: Called with a ``SessionEvent`` once the session stands where the event landed (in real-time
                mode: once it stands where that happened).
            state: Only what happens in this state, or in one of these.
            event: Only what belongs to this event, or to one of these.

        Returns:
            With a listener, a function that unsubscribes; without one, a decorator that returns the function it is
            put on. ``off`` unsubscribes as well.

        Raises:
            WrongArgument: Nothing has that name.

        Example:
            >>> session = wk.Session(world)
            >>> @session.on("enter", state="bench")
            ... def greet(event):
            ...     step = session.say("Somebody is here already.")
            >>> step = session.fire("walk_up_the_lane")
            >>> session.line
            'Somebody is here already.'
        """
        require_topic(self._table, topic)
        first_names = self._rules.first_names
        names = names_heard(self._table, first_names, topic)
        states = first_limit(limit("state", state, self._table.states), first_names.state)
        events = first_limit(limit("event", event, self._table.event_names), first_names.event)
        return self._listen(listener, topic, names, states, events)

    async def idle(self) -> Self:
        """Wait until nothing plays: an asynchronous handler may be ready in the middle of an event in real time."""
        await EventStream(self._run.bus, lambda: self.over).until(lambda: self._now.playing is None)
        return self

    # ---- trying things out -------------------------------------------------------------------

    def variant(self, label: str | None) -> Step:
        """Choose the variant that tells this state's prompt from now on, on the same picture.

        Args:
            label: A label of ``variants``; None for the state's own prompt.

        Raises:
            NotAvailable: Something plays.
            WrongArgument: The state has no such variant.

        Example:
            >>> at_dusk = {"label": "dusk", "base": "The lane lies blue and still."}
            >>> dusky = world.apply([{"op": "update_state", "id": "lane", "patch": {"variants": [at_dusk]}}])
            >>> session = wk.Session(dusky)
            >>> step = session.variant("dusk")
            >>> session.prompt()
            'The lane lies blue and still. Held still at eye height...
        """
        if label is not None and label not in self.variants:
            has = first_names(list(self.variants)) or "none"
            raise WrongArgument("label", f"a variant of the state {quote(self.state)}, which has {has}", quote(label))
        return author_changes.choose_variant(self._run, label)

    # ---- changing things ---------------------------------------------------------------------

    def rebase(
        self, world: World, *, states: Mapping[str, str] | None = None, events: Mapping[str, str] | None = None
    ) -> Step:
        """Go on in another version of the world; the player stays where they stand, with what they hold.

        The trace records the difference. ``restart`` and ``retry`` begin in the new version. Undo goes back.

        Args:
            world: The world to go on in.
            states: What states are called there, by their ids now.
            events: What events are called there, by their names now.

        Returns:
            The step ``author:rebase``.

        Raises:
            NotAvailable: Something plays.
            InvalidWorld: The world has no states.
            WorldError: The player would stand in a state that is gone; nothing has changed.

        Example:
            >>> session = wk.Session(world)
            >>> muddy = world.apply([{"op": "set_field", "state": "lane", "field": "base", "value": "Mud."}])
            >>> step = session.rebase(muddy)
            >>> session.here.base
            'Mud.'
        """
        return author_changes.rebase(self._run, world, states or {}, events or {})

    # ---- keeping ------------------------------------------------------------------------------

    def save(self, path: str | os.PathLike[str], what: Literal["run", "position"] = "run") -> Path:
        """Write the session to a file that ``Session.load`` reads.

        Args:
            path: Where to.
            what: ``"run"``: the whole run, as a trace. ``"position"``: only where it stands.

        Returns:
            The path written.

        Raises:
            WrongArgument: There is nothing else to save.
            OSError: The file cannot be written; what was there before is untouched.

        Example:
            >>> path = wk.Session(world).save("begin.run.json")
            >>> wk.Session.load(world, path).state
            'lane'
        """
        return persistence.save(self, path, what)

    @classmethod
    def load(cls, world: World, source: str | os.PathLike[str], *, evidence: Source | None = None) -> Session:
        """Return the session that ``save`` wrote: a run is replayed, a position is begun in.

        Args:
            world: The world; for a run another version of it will do, as long as every step still holds.
            source: The file.
            evidence: Who looks at the picture from then on.

        Raises:
            TraceError: A run cannot be read, or names the first step that no longer holds, and why.
            WorldError: It is neither a run nor a position of this world.
            OSError: The file cannot be read.

        Example:
            >>> session = wk.Session(world)
            >>> step = session.fire("walk_up_the_lane")
            >>> wk.Session.load(world, session.save("up.run.json")).state
            'bench'
        """
        return persistence.load(cls, world, source, evidence)

    def switch(self, mode: Mode) -> Self:
        """Go on playing in another mode, from where the run stands.

        Args:
            mode: ``"instant"`` or ``"real-time"``.

        Raises:
            NotAvailable: Something plays.
            WrongArgument: There is no such mode.

        Example:
            >>> wk.Session(world).switch("real-time").mode
            'real-time'
        """
        if mode not in MODES:
            raise refusal("mode", f"one of {', '.join(map(repr, MODES))}", mode)
        self._run.require_idle(mode, "the mode cannot be switched")
        self._run.mode = mode
        return self

    # ---- going back --------------------------------------------------------------------------

    def undo(self, times: int = 1) -> Self:
        """Undo the last actions: a firing, a wait with all that fired in it, a jump, a restart.

        What plays in real-time mode is taken back like anything else: undo takes back the wait it played in, then
        the press.

        Args:
            times: How many.

        Raises:
            WorldError: So much was not done; nothing has changed.

        Example:
            >>> session = wk.Session(world)
            >>> step = session.fire("walk_up_the_lane")
            >>> session.undo().state
            'lane'
        """
        self._check_undo(times)
        for _ in range(times):
            self._run.undo()
        return self

    def jump(self, to: int) -> Self:
        """Go back to a point of the trail; that can be undone.

        Args:
            to: An index into ``trail``: 0 is the start, -1 the last step.

        Raises:
            WrongArgument: The trail has no such point.

        Example:
            >>> session = wk.Session(world)
            >>> step = session.fire("walk_up_the_lane")
            >>> session.jump(0).state
            'lane'
        """
        marks = self._now.checkpoints()
        if not -len(marks) <= to < len(marks):
            raise refusal("to", f"a point of the trail from 0 to {len(marks) - 1}", to)
        self._run.go_to(marks[to])
        return self

    def restart(self) -> Self:
        """Begin again where this session began, with what was held then; that can be undone.

        Raises:
            WorldError: ``rebase`` led to a world without that state; nothing has changed.

        Example:
            >>> session = wk.Session(world)
            >>> step = session.fire("walk_up_the_lane")
            >>> session.restart().state
            'lane'
        """
        run = self._run
        self._begin_again(self._now.home.position_of(run.start, run.start_names))
        return self

    def begin(self, at: Position | Mapping[str, Any] | str) -> Self:
        """Begin anew in a position, with the clock at 0; that can be undone.

        Args:
            at: A saved position, its JSON values, or its JSON text.

        Raises:
            WorldError: It is in a state the world does not have.

        Example:
            >>> wk.Session(world).begin({"state": "bench", "flags": ["mitten"]}).offers[-1].available
            True
        """
        self._begin_again(_position_in(self._now.home, at))
        return self

    def retry(self) -> Self:
        """Begin at the entrance, with the flags this session began with and nothing used up; that can be undone.

        Example:
            >>> session = wk.Session(world, flags=["mitten"])
            >>> step = session.grant("lamp")
            >>> sorted(session.retry().flags)
            ['mitten']
        """
        home, run = self._now.home, self._run
        entrance = home.table.start
        assert entrance is not None
        self._begin_again(Position(entrance, run.start_names.flags_in(run.start.flags, home.first_names)))
        return self

    # ---- inside ------------------------------------------------------------------------------

    def _begin_again(self, start: Position) -> None:
        count_action()
        self._run.go_to(self._now.home.first_moment(start))

    def _spend(self, ms: int, forward: bool, max_firings: int = MAX_SELF_FIRED) -> tuple[Step, ...]:
        return self._run.pass_time(ms, forward, max_firings)


def _position_in(rules: PlayRules, at: Position | Mapping[str, Any] | str) -> Position:
    if isinstance(at, str) and at in rules.table.states:
        raise WorldError(f"{quote(at)} is the id of a state, and no position; say at=worldkit.Position({at!r})")
    position = read_position(at)
    if position.state not in rules.table.states:
        names = first_names(list(rules.table.states), 8)
        raise WorldError(f"this world has no state {quote_name(position.state)} to begin in; its states are {names}")
    return position
