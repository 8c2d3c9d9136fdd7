"""``CampaignRun``: the acts of a run through a campaign, one after the other, and what leads from one to the next.

It is to a ``CampaignSession`` what ``Run`` is to a ``Session``.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import fields, replace
from typing import Any

from worldkit.campaigns.act_runs import (
    ActEvent,
    ActRun,
    Checkpoint,
    follow_transition,
    transition_events,
    undo_depth,
)
from worldkit.campaigns.act_transition import ActTransition, CampaignPosition, CampaignRules
from worldkit.campaigns.trace import Segment
from worldkit.core.errors import NotAvailable
from worldkit.playing.console import Console, Voice
from worldkit.playing.offers import Offer
from worldkit.playing.run import MAX_AMBIENT_LINES, MAX_CHECKED_EVENTS, MAX_SELF_FIRED, Run, endless_timers_error
from worldkit.playing.session import Session
from worldkit.playing.session_view import run_of
from worldkit.playing.subscriptions import TOPICS, EventBus, NamedEvent, SessionEvent, Topic
from worldkit.playing.trace import Step

_RELAYED_TOPICS = frozenset(TOPICS) - {"wait"}
"""The topics that an act tells of; of waits, which lead across acts, the run tells."""


class CampaignRun:
    """The acts of a run, as sessions of their worlds; undo keeps how much was done in each.

    Args:
        rules: The campaign with its worlds.
        start: Where the run begins.
        seed: The seed of every act's session.
        past_endings: Play goes on where it is over.

    Attributes:
        act_runs: The acts begun so far, in order.
        bus: Tells subscribers what happens.
        undo_stack: The moments to come back to, oldest first.
        set_back: By how many ms the clock was set back so far, besides what the runs of the acts say.
    """

    def __init__(self, rules: CampaignRules, start: CampaignPosition, seed: int, past_endings: bool) -> None:
        self.rules = rules
        self.start = start
        self.seed = seed
        self.past_endings = past_endings
        self.bus = EventBus()
        self._pending_events: list[NamedEvent] = []
        self.act_runs = self._opening_runs()
        self.undo_stack: list[Checkpoint] = []
        self.set_back = 0

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Take over what was copied or pickled, and hear what happens in its acts: their copies tell nobody yet."""
        vars(self).update(state)
        marks = (act_run for mark in self.undo_stack for act_run in mark.act_runs)
        for act_run in {id(act_run.session): act_run for act_run in (*marks, *self.act_runs)}.values():
            self._relay(act_run)

    def copy(self) -> CampaignRun:
        """Return a run that stands where this one does and goes on by itself; nobody listens to it yet."""
        originals = {id(one): one for mark in (*self.undo_stack, self.checkpoint()) for one in mark.act_runs}
        sessions = {id(one.session): one.session for one in originals.values()}
        session_copies = {key: copy.copy(session) for key, session in sessions.items()}
        act_runs = {key: replace(one, session=session_copies[id(one.session)]) for key, one in originals.items()}

        def copied(mark: Checkpoint) -> Checkpoint:
            return Checkpoint(tuple(act_runs[id(one)] for one in mark.act_runs), mark.depths)

        duplicate = object.__new__(CampaignRun)
        own: dict[str, Any] = {
            "act_runs": copied(self.checkpoint()).act_runs,
            "undo_stack": list(map(copied, self.undo_stack)),
            "bus": EventBus(),
            "_pending_events": [],
        }
        duplicate.__setstate__(vars(self) | own)
        return duplicate

    @property
    def last(self) -> ActRun:
        """The act being played."""
        return self.act_runs[-1]

    @property
    def clock(self) -> int:
        """The virtual clock: ms since the run began, all acts together."""
        return self.last.began + self.last.session.clock

    @property
    def position(self) -> CampaignPosition:
        """The act, where the player is in it, what is held and used up."""
        session = self.last.session
        return CampaignPosition(self.last.act, session.position, run_of(session).start)

    # ---- doing things ------------------------------------------------------------------------

    def fire(self, event: str | Offer) -> Step:
        """Fire an event in this act, and begin the next act where it leads to one."""
        try:
            with self._one_undo_step():
                step = self._step(lambda session: session.fire(event))
        except NotAvailable:
            self._flush()
            raise
        self._flush()
        return step

    def change(self, change: Callable[[Run], Step]) -> Step:
        """Change something in the run of this act, as its author."""
        with self._one_undo_step():
            step = change(run_of(self.last.session))
        self._flush()
        return step

    def ask(self, text: str, voice: Voice) -> str:
        """Ask the open console something; see ``Session.ask``. What the voice does comes before it."""
        session = self.last.session
        before, depth = self.checkpoint(), undo_depth(session)

        def answer(console: Console, question: str) -> str:
            nonlocal before, depth
            words = voice(console, question)
            before, depth = self.checkpoint(), undo_depth(session)
            return words

        reply = session.ask(text, answer)
        if undo_depth(session) > depth:  # a voice that closes the console, or leaves, is answered by nothing
            self.undo_stack.append(before)
        return reply

    def pass_time(self, ms: int, forward: bool) -> tuple[Step, ...]:
        """Let time pass across acts, and return what fired by itself."""
        began = self.elapsed
        self.push()
        depth = len(self.undo_stack)
        steps: list[Step] = []
        is_endless = False
        looked_at, lines_left = 0, MAX_AMBIENT_LINES
        while not is_endless:
            run = run_of(self.last.session)
            looked_at += run.offered_count
            new_steps = self._pass_to_step(run, began + ms - self.elapsed, forward, lines_left)
            lines_left -= run.lines_told
            steps += new_steps
            self._flush()
            if not new_steps:
                break
            is_endless = len(steps) >= MAX_SELF_FIRED or looked_at > MAX_CHECKED_EVENTS
            is_endless = is_endless and self.elapsed - began < ms
        state, act, elapsed_ms = self.last.session.state, self.last.act, self.elapsed - began
        self._record([ActEvent("wait", self.clock, state, ms=elapsed_ms, act=act)])
        self._flush()
        if len(self.undo_stack) == depth and not steps and elapsed_ms == 0:
            self.undo_stack.pop()
        if is_endless:
            raise endless_timers_error(len(steps), self.clock, ms - elapsed_ms, ", across acts too")
        return tuple(steps)

    def _pass_to_step(self, run: Run, ms: int, forward: bool, max_lines: int) -> tuple[Step, ...]:
        """Let time pass until something has fired by itself, at most so long; return what has."""
        steps = run.pass_time(ms, forward, until_step=True, max_lines=max_lines)
        if steps:
            self._take_edge(steps[-1])
        return steps

    def _step(self, press: Callable[[Session], Step]) -> Step:
        step = press(self.last.session)
        self._take_edge(step)
        return step

    def _take_edge(self, step: Step) -> None:
        """Begin the next act where a step of this one leads to one."""
        transition = self._transition() if step.moved else None
        if transition is not None and transition.to is not None:
            self._pending_events = [(event, names) for event, names in self._pending_events if event.topic != "end"]
            leave, *begin = transition_events(transition, self.position, self.clock, step.event)
            self._record([leave])
            with self._going_elsewhere():
                self.act_runs = follow_transition(self.act_runs, transition, self._begin_act)
            self._record([*begin, *self._opening_events(step.event)])

    def _transition(self) -> ActTransition | None:
        return self.rules.transition(self.position, self.past_endings, run_of(self.last.session).rules)

    def _opening_events(self, event: str) -> list[ActEvent]:
        session = self.last.session
        texts: dict[Topic, str] = {"line": session.line, "prompt": session.prompt()}
        return [
            ActEvent(topic, self.clock, session.state, event, text=text, act=self.last.act)
            for topic, text in texts.items()
            if text
        ]

    def _record(self, events: Iterable[ActEvent]) -> None:
        """Keep what happened in the act being played until it is told."""
        names = run_of(self.last.session).rules.first_names
        self._pending_events += [(event, names) for event in events]

    def _flush(self) -> None:
        events, self._pending_events = self._pending_events, []
        self.bus.publish_each(events)

    def first_names(self) -> tuple[dict[str, frozenset[str]], dict[str, frozenset[str]]]:
        """Return the names of the states and events that can be listened to, with what they were called at first.

        A name may be that of one in the world of some act, and of another in this act's world as it is now.
        """
        rules = run_of(self.last.session).rules
        tables = [self.rules.table(act) for act in self.rules.worlds]
        states = {id: frozenset({id}) for table in tables for id in table.states}
        events = {name: frozenset({name}) for table in tables for name in table.event_names}
        for id in rules.table.states:
            states[id] = states.get(id, frozenset()) | {rules.first_names.state(id)}
        for name in rules.table.event_names:
            events[name] = events.get(name, frozenset()) | {rules.first_names.event(name)}
        return states, events

    # ---- the acts ----------------------------------------------------------------------------

    def _opening_runs(self) -> tuple[ActRun, ...]:
        act_run = self._begin_act(self.start, 0)
        # a saved position is in the middle of its act: a dead end leads back to where that began
        run_of(act_run.session).start = self.start.start
        return (act_run,)

    def _begin_act(self, where: CampaignPosition, began: int) -> ActRun:
        world = self.rules.worlds[where.act]
        session = Session(world, seed=self.seed, at=where.position, past_endings=self.past_endings)
        return self._join_act(where.act, session, began)

    def _join_act(self, act: str, session: Session, began: int) -> ActRun:
        act_run = ActRun(act, session, began)
        self._relay(act_run)
        return act_run

    def _relay(self, act_run: ActRun) -> None:
        """Tell of what happens in an act as of something that happens in the campaign."""

        def relay(event: SessionEvent) -> None:
            # copied field by field: the happening of an act is one of a session, and says the act besides
            values = {field.name: getattr(event, field.name) for field in fields(event)}
            act_event = ActEvent(**{**values, "at": act_run.began + event.at, "act": act_run.act})
            self._pending_events.append((act_event, run_of(act_run.session).rules.first_names))

        # one subscription, since a state or an event may be called as a topic is, and would be told of twice
        run_of(act_run.session).bus.subscribe(_RELAYED_TOPICS, relay)

    def adopt(self, acts: list[tuple[Segment, Session, int | None]]) -> None:
        """Take over the acts of a replayed run, each with the edge taken out of it, to be undone step by step."""
        act_runs: tuple[ActRun, ...] = ()
        began = 0
        for segment, session, edge in acts:
            act_run = self._join_act(segment.act, session, began)
            full = tuple(undo_depth(earlier.session) for earlier in act_runs)
            depths = range(undo_depth(session))
            self.undo_stack += [Checkpoint((*act_runs, act_run), (*full, depth)) for depth in depths]
            act_runs = (*act_runs, replace(act_run, edge=edge, rewound=segment.rewound))
            began += session.clock
        self.act_runs = act_runs

    # ---- going back --------------------------------------------------------------------------

    def checkpoint(self) -> Checkpoint:
        """Return this moment, to come back to."""
        return Checkpoint(self.act_runs, tuple(undo_depth(act_run.session) for act_run in self.act_runs))

    @contextmanager
    def _one_undo_step(self) -> Iterator[None]:
        """Make what is done inside one step to undo, below those of handlers on the way; none if nothing changes."""
        before, depth = self.checkpoint(), len(self.undo_stack)
        self.undo_stack.append(before)
        try:
            yield
        except BaseException:
            if self.checkpoint() == before and len(self.undo_stack) == depth + 1:
                self.undo_stack.pop()
            raise

    def push(self) -> None:
        """Remember this moment: what is done next can be undone."""
        self.undo_stack.append(self.checkpoint())

    def undo(self, times: int) -> None:
        """Go back by so many moments; there are as many."""
        for _ in range(times):
            with self._going_elsewhere():
                self._restore(self.undo_stack.pop())

    def _restore(self, mark: Checkpoint) -> None:
        for act_run, depth in zip(mark.act_runs, mark.depths, strict=True):
            act_run.session.undo(undo_depth(act_run.session) - depth)
        self.act_runs = mark.act_runs

    def jump(self, number: int, mark: int) -> None:
        """Go back to a point of the trail of an act; that can be undone.

        Args:
            number: The number of the act among those begun.
            mark: The point of its trail.
        """
        self.push()
        act_run = self.act_runs[number]
        with self._going_elsewhere():
            act_run.session.jump(mark)
            self.act_runs = (*self.act_runs[:number], replace(act_run, edge=None, rewound=False))

    def rewind(self) -> None:
        """Begin this act again; that can be undone."""
        with self._one_undo_step():
            self.last.session.restart()

    def restart(self) -> None:
        """Begin the first act again; that can be undone."""
        self.push()
        with self._going_elsewhere():
            self.act_runs = self._opening_runs()

    @property
    def elapsed(self) -> int:
        """How many ms have passed since the run began, those that were taken back too: it never goes back."""
        return self.last.began + run_of(self.last.session).elapsed + self.set_back

    @contextmanager
    def _going_elsewhere(self) -> Iterator[None]:
        """Stand at another moment at the end, perhaps in another act: a wait goes on there for what is left of it."""
        before = self.elapsed
        yield
        self.set_back += before - self.elapsed
        self.bus.wake()
