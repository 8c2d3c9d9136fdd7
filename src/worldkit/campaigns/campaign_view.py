"""``CampaignView``: how a run through a campaign stands: the half of a session that changes nothing."""

from __future__ import annotations

from html import escape
from typing import Self

from worldkit.campaigns.act_runs import ActEvent, ActRun
from worldkit.campaigns.act_transition import CampaignPosition
from worldkit.campaigns.campaign_run import CampaignRun
from worldkit.campaigns.document import Campaign
from worldkit.campaigns.trace import CampaignTrace, Segment
from worldkit.core.brief import shown_briefly
from worldkit.core.json_values import Json
from worldkit.playing import show
from worldkit.playing.payloads import ready_payload
from worldkit.playing.run import Run
from worldkit.playing.run_view import RunView
from worldkit.playing.session import Session
from worldkit.playing.session_view import run_of
from worldkit.playing.subscriptions import READY


@shown_briefly
class CampaignView(RunView):
    """How a run through a campaign stands.

    Attributes:
        campaign: The campaign.
        seed: The run's seed.
    """

    campaign: Campaign
    seed: int
    _run: CampaignRun

    @property
    def past_endings(self) -> bool:
        """Whether play goes on where it is over."""
        return self._run.past_endings

    @property
    def act(self) -> str:
        """The id of the act being played."""
        return self._run.last.act

    @property
    def title(self) -> str:
        """The title of the act being played."""
        return self.campaign.acts_by_id[self.act].title

    @property
    def acts(self) -> tuple[str, ...]:
        """The ids of the acts begun so far, in order; one begun twice, as after a dead end, stands there twice.

        Example:
            >>> session = wk.CampaignSession(campaign, worlds)
            >>> for event in ("pick_up_the_red_mitten", "walk_up_the_lane", "hold_out_the_mitten"):
            ...     step = session.fire(event)
            >>> session.acts
            ('first', 'second')
        """
        return tuple(leg.act for leg in self._run.act_runs)

    @property
    def act_session(self) -> Session:
        """The session of the act being played, to be looked at: what is fired there takes no edge of the campaign."""
        return self._run.last.session

    @property
    def position(self) -> CampaignPosition:
        """The act, where the player is in it, what is held and used up: save it, and begin there with ``at=``.

        Example:
            >>> session = wk.CampaignSession(campaign, worlds)
            >>> step = session.fire("pick_up_the_red_mitten")
            >>> session.position
            CampaignPosition(act='first', position=Position('lane', flags=['mitten'], used=['pick_up_the_red_mitten']))
        """
        return self._run.position

    @property
    def clock(self) -> int:
        """The virtual clock: ms since the run began, all acts together."""
        return self._run.clock

    @property
    def complete(self) -> bool:
        """Whether the story was played to its end: a win without an edge to another act."""
        return self.ended is not None and self.ended.kind == "win" and not self.past_endings

    @property
    def dead_ends(self) -> int:
        """The number of times that a dead end led back to where its act began."""
        return sum(act_run.rewound for act_run in self._run.act_runs)

    @property
    def trace(self) -> CampaignTrace:
        """The run so far, as a value that can be saved, compared and replayed; every act has its own trace in it.

        Example:
            >>> session = wk.CampaignSession(campaign, worlds)
            >>> for event in ("pick_up_the_red_mitten", "walk_up_the_lane", "hold_out_the_mitten"):
            ...     step = session.fire(event)
            >>> session.trace.acts
            ('first', 'second')
        """
        segments = tuple(map(_segment_of, self._run.act_runs))
        return CampaignTrace(segments, self.seed, self.clock, self.past_endings)

    @property
    def trail(self) -> list[Json]:
        """The points of the run so far: ``{act, state, event, at}`` for the start and for where every step led.

        A step that hands over leads to where the next act begins.

        Example:
            >>> session = wk.CampaignSession(campaign, worlds)
            >>> step = session.fire("walk_up_the_lane")
            >>> session.trail[-1]
            {'state': 'bench', 'event': 'walk_up_the_lane', 'at': 5000, 'act': 'first'}
        """
        return [point for point, _, _ in self._points()]

    # ---- inside ------------------------------------------------------------------------------

    @property
    def _played(self) -> Run:
        return run_of(self._run.last.session)

    def _ready(self) -> ActEvent:
        payload = ready_payload(self.world.id, self.state)
        return ActEvent(READY, self.clock, self.state, payload=payload, act=self.act)

    def __copy__(self) -> Self:
        duplicate = object.__new__(type(self))
        vars(duplicate).update(vars(self), _run=self._run.copy())
        return duplicate

    def _points(self) -> list[tuple[Json, int, int]]:
        points: list[tuple[Json, int, int]] = []
        event_name: str | None = None
        for number, leg in enumerate(self._run.act_runs):
            marks = leg.session.trail
            act_points = [{**mark, "act": leg.act, "at": leg.began + mark["at"]} for mark in marks]
            act_points[0]["event"] = event_name
            event_name = act_points[-1]["event"]
            # where a handing-over step landed is no place to stand: its point is where the next act begins
            if number < len(self._run.act_runs) - 1:
                act_points.pop()
            points += [(point, number, mark) for mark, point in enumerate(act_points)]
        return points

    # ---- showing -----------------------------------------------------------------------------

    def __repr__(self) -> str:
        return f"{self._head()}\n{show.text(self._run.last.session)}"

    def _repr_html_(self) -> str:
        return f"<div><p>{escape(self._head())}</p>{show.page(self._run.last.session)}</div>"

    def _head(self) -> str:
        name = self.campaign.title or self.campaign.id or "Untitled campaign"
        count = len(self._run.act_runs)
        return f"Campaign {name!r}: act {self.act!r} ({count} begun), {self.clock} ms, {len(self.trace)} fired"


def _segment_of(act_run: ActRun) -> Segment:
    trace, start = act_run.session.trace, run_of(act_run.session).start
    return Segment(act_run.act, trace, act_run.edge, act_run.rewound, None if start == trace.start else start)
