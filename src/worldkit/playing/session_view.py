"""``SessionView``: where a session stands and what a renderer needs: the half of it that changes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Self

from worldkit.core.argument_checks import checked_methods
from worldkit.core.brief import shown_briefly
from worldkit.core.errors import NotAssignable
from worldkit.core.json_values import Json
from worldkit.core.model import Ending, State
from worldkit.core.prompt_parts import LIMIT
from worldkit.playing import now_playing, outputs, prompts, show
from worldkit.playing.console import Console, console_view
from worldkit.playing.evidence import Sample
from worldkit.playing.handlers import HandlerError
from worldkit.playing.missions import MissionProgress, progress
from worldkit.playing.moment import Moment
from worldkit.playing.now_playing import NowPlaying, WaypointStatus
from worldkit.playing.offers import Offer, offers_in
from worldkit.playing.play_rules import PlayRules
from worldkit.playing.position import Position
from worldkit.playing.run import MAX_SELF_FIRED as MAX_SELF_FIRED
from worldkit.playing.run import Run
from worldkit.playing.subscriptions import SessionEvent
from worldkit.playing.trace import Mode, Trace
from worldkit.playing.transition_table import TransitionTable

if TYPE_CHECKING:
    from worldkit.world import World


@shown_briefly
@checked_methods
class SessionView:
    """What can be read from a session.

    Attributes:
        seed: The seed kept in the trace.
    """

    seed: int
    _run: Run

    # ---- where things stand ------------------------------------------------------------------

    @property
    def world(self) -> World:
        """The world as it is now. It changes by ``apply`` and ``rebase``, and goes back with ``undo``."""
        return self._rules.world

    @world.setter
    def world(self, world: object) -> None:
        raise NotAssignable(
            "session.world cannot be assigned, because the run would not know what changed; use session.rebase(world) "
            "to go on in another version of the world, or session.apply(ops) to change this one"
        )

    @property
    def past_endings(self) -> bool:
        """Whether play goes on where it is over."""
        return self._rules.past_endings

    @property
    def first_world(self) -> World:
        """The world as it was when the run began: the one in which its trace is replayed."""
        return self._now.checkpoints()[0].rules.world

    @property
    def position(self) -> Position:
        """The player's state, the flags held and the one-shots used: save it, and begin there with ``at=``.

        Example:
            >>> session = wk.Session(world)
            >>> step = session.fire("pick_up_the_red_mitten")
            >>> session.position
            Position('lane', flags=['mitten'], used=['pick_up_the_red_mitten'])
        """
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
    def mode(self) -> Mode:
        """The mode of play: ``"instant"`` or ``"real-time"``."""
        return self._run.mode

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
    def errors(self) -> tuple[HandlerError, ...]:
        """The last 100 errors of handlers, oldest first."""
        return tuple(self._run.bus.calls.errors)

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
    def playing(self) -> NowPlaying | None:
        """The event that plays and has not landed, and what it waits for; None when nothing plays.

        Example:
            >>> session = wk.Session(world, mode="real-time")
            >>> step = session.fire("walk_up_the_lane")
            >>> session.playing.event, session.playing.number, session.playing.of, session.playing.waits_for
            ('walk_up_the_lane', 1, 2, 'the phase to end')
        """
        return now_playing.describe_playing(self._now)

    @property
    def waypoints(self) -> list[WaypointStatus]:
        """The waypoints of this state that were not reached, and how far they are.

        Example:
            >>> [waypoint] = wk.Session(wk.samples.load("lighthouse")).waypoints
            >>> waypoint.label, waypoint.left_m
            ('yard gate', 42.0)
        """
        return now_playing.waypoint_statuses(self._rules, self._now)

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

    @property
    def intro(self) -> str | None:
        """The address of the clip before play; None without one."""
        return self.world.intro_video

    @property
    def outro(self) -> str | None:
        """The address of the outro's clip once it was played: its flag was held in its state. None before."""
        return self.world.outro.video if self._now.outro_played and self.world.outro is not None else None

    @property
    def seen(self) -> Sample | None:
        """The newest sample of the picture; None while there was none."""
        return self._now.sample

    @property
    def trace(self) -> Trace:
        """The run so far, as a value that can be saved, compared and replayed.

        Example:
            >>> session = wk.Session(world)
            >>> step = session.fire("walk_up_the_lane")
            >>> session.trace.events
            ('walk_up_the_lane',)
        """
        return self._run.trace(self.seed)

    @property
    def trail(self) -> list[Json]:
        """The points of the run so far: ``{state, event, at}`` for the start and after every step.

        Example:
            >>> session = wk.Session(world)
            >>> step = session.fire("walk_up_the_lane")
            >>> session.trail
            [{'state': 'lane', 'event': None, 'at': 0}, {'state': 'bench', 'event': 'walk_up_the_lane', 'at': 5000}]
        """
        return [
            {"state": moment.position.state, "event": moment.step and moment.step.event, "at": moment.clock}
            for moment in self._now.checkpoints()
        ]

    # ---- what a renderer needs ---------------------------------------------------------------

    def prompt(self, moving: bool = False, limit: int = LIMIT) -> str:
        """Return the prompt of the state the player is in, in the variant chosen for it.

        Args:
            moving: The player is travelling, not standing.
            limit: Longest prompt.

        Example:
            >>> wk.Session(world).prompt()[:30]
            'A farm lane climbs between dry'
        """
        return prompts.prompt(self.world, outputs.state_in_variant(self._rules, self._now), moving, limit)

    @property
    def prompt_now(self) -> str:
        """The prompt for a world model at this moment: of the phase or event that plays, else of the state."""
        return outputs.prompt_at(self._rules, self._now)

    @property
    def prompts(self) -> tuple[SessionEvent, ...]:
        """Every prompt sent so far, in order, beginning with the start's: ``at``, ``state``, ``event`` and ``text``."""
        return self._run.prompts()

    @property
    def controls(self) -> tuple[str, ...]:
        """The controls held for the player now: by what plays, else by the state's autopilot."""
        return outputs.controls_at(self._rules, self._now)

    @property
    def ambient(self) -> str:
        """The ambient line streamed now: one every 10 s in which nothing plays; empty when there is none."""
        return outputs.ambient_line(self._rules, self._now)

    @property
    def variants(self) -> tuple[str, ...]:
        """The labels of this state's variants.

        Example:
            >>> wk.Session(wk.samples.load("lighthouse")).variants
            ('B',)
        """
        return tuple(variant.label for variant in self.here.variants or ())

    @property
    def chosen(self) -> Mapping[str, str]:
        """The variant chosen for each state whose prompt is not its own, by its id."""
        return dict(self._now.variants)

    # ---- inside ------------------------------------------------------------------------------

    def _offers(self, are_hidden: bool) -> list[Offer]:
        if self._now.playing or self._now.stopped is not None:
            return []
        return offers_in(self._table, self.position, self.past_endings, hidden=are_hidden)

    @property
    def _rules(self) -> PlayRules:
        return self._run.rules

    @property
    def _table(self) -> TransitionTable:
        return self._rules.table

    @property
    def _now(self) -> Moment:
        return self._run.now

    @property
    def _undo(self) -> list[Moment]:
        return self._run.undo_stack

    def __copy__(self) -> Self:
        duplicate = object.__new__(type(self))
        vars(duplicate).update(vars(self), _run=self._run.copy())
        return duplicate

    # ---- showing -----------------------------------------------------------------------------

    def __repr__(self) -> str:
        return show.text(self)

    def _repr_html_(self) -> str:
        return show.page(self)


def run_of(session: SessionView) -> Run:
    """Return the run that a session shows, for the parts of worldkit that carry it over, replay it or draw it.

    Args:
        session: The session.
    """
    return session._run  # noqa: SLF001  # the one place where the mutable part leaves its session
