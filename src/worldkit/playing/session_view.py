"""``SessionView``: where a session stands and what a renderer needs: the half of it that changes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Self

from worldkit.core.argument_checks import checked_methods
from worldkit.core.brief import shown_briefly
from worldkit.core.errors import NotAssignable
from worldkit.core.json_values import Json
from worldkit.playing import now_playing, outputs, show
from worldkit.playing.evidence import Sample
from worldkit.playing.moment import Moment
from worldkit.playing.now_playing import NowPlaying, WaypointStatus
from worldkit.playing.position import Position
from worldkit.playing.run import MAX_SELF_FIRED as MAX_SELF_FIRED
from worldkit.playing.run import Run
from worldkit.playing.run_view import RunView
from worldkit.playing.subscriptions import SessionEvent
from worldkit.playing.trace import Mode, Trace

if TYPE_CHECKING:
    from worldkit.world import World


@shown_briefly
@checked_methods
class SessionView(RunView):
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
    def mode(self) -> Mode:
        """The mode of play: ``"instant"`` or ``"real-time"``."""
        return self._run.mode

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

    @property
    def _played(self) -> Run:
        return self._run

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
