"""``CampaignView``: how a run through a campaign stands: the half of a session that changes nothing."""

from __future__ import annotations

from html import escape

from worldkit.campaigns.act_runs import ActRun
from worldkit.campaigns.act_transition import CampaignPosition
from worldkit.campaigns.document import Campaign, Edge
from worldkit.campaigns.trace import CampaignTrace, Segment
from worldkit.core.json_values import Json
from worldkit.core.model import Ending, State
from worldkit.playing import prompts, show
from worldkit.playing.console import Console
from worldkit.playing.missions import MissionProgress
from worldkit.playing.offers import Offer
from worldkit.world import World


class CampaignView:
    """How a run through a campaign stands.

    Attributes:
        campaign: The campaign.
        seed: The run's seed.
        past_endings: Play goes on where it is over.
    """

    campaign: Campaign
    seed: int
    past_endings: bool
    _act_runs: tuple[ActRun, ...]
    _time_after_story: int

    @property
    def act(self) -> str:
        """The id of the act being played."""
        return self._act_run.act

    @property
    def title(self) -> str:
        """The title of the act being played."""
        return self.campaign.acts_by_id[self.act].title

    @property
    def acts(self) -> tuple[str, ...]:
        """The ids of the acts begun so far, in order; one begun twice stands there twice."""
        return tuple(leg.act for leg in self._act_runs)

    @property
    def world(self) -> World:
        """The world of the act being played."""
        return self._act_run.session.world

    @property
    def position(self) -> CampaignPosition:
        """The act, where the player is in it, what is held and used up: save it, and begin there with ``at=``."""
        return CampaignPosition(self.act, self._act_run.session.position)

    @property
    def state(self) -> str:
        """The id of the state the player is in."""
        return self._act_run.session.state

    @property
    def here(self) -> State:
        """The state the player is in."""
        return self._act_run.session.here

    @property
    def flags(self) -> frozenset[str]:
        """The flags held in this act."""
        return self._act_run.session.flags

    @property
    def used(self) -> frozenset[str]:
        """The names of the one-shot events already used in this act."""
        return self._act_run.session.used

    @property
    def clock(self) -> int:
        """The virtual clock: ms since the run began, all acts together."""
        return self._act_run.began + self._act_run.session.clock + self._time_after_story

    @property
    def line(self) -> str:
        """The line the player reads; empty when there is none."""
        return self._act_run.session.line

    @property
    def exit(self) -> Edge | None:
        """The edge by which the story was left, or None: it was not."""
        number = self._act_run.edge
        return None if number is None else self.campaign.edges[number]

    @property
    def ended(self) -> Ending | None:
        """The ending the player stands in; None when the state has none, even if the story was left from it."""
        return self._act_run.session.ended

    @property
    def over(self) -> bool:
        """Whether the story is over: an edge out of it was taken, or play stands in an ending that no edge leaves."""
        return self.exit is not None or (self.ended is not None and not self.past_endings)

    @property
    def offers(self) -> list[Offer]:
        """What the player is offered, as in a ``Session``; nothing once the story was left."""
        return [] if self.exit is not None else self._act_run.session.offers

    @property
    def hidden_offers(self) -> list[Offer]:
        """The same for events without a button, which fire by time, waypoint or code."""
        return [] if self.exit is not None else self._act_run.session.hidden_offers

    @property
    def missions(self) -> list[MissionProgress]:
        """How far every mission of this act has come."""
        return self._act_run.session.missions

    @property
    def terminal(self) -> Console | None:
        """The console that is open, with what it may say now; None when there is none."""
        return self._act_run.session.terminal

    @property
    def trace(self) -> CampaignTrace:
        """The run so far, as a value that can be saved, compared and replayed; every act has its own trace in it."""
        segments = tuple(Segment(leg.act, leg.session.trace, leg.edge) for leg in self._act_runs)
        return CampaignTrace(segments, self.seed, self.clock, self.past_endings)

    @property
    def trail(self) -> list[Json]:
        """Where the run has been: ``{act, state, event, at}`` for the start and for where every step led.

        A step that hands over leads to where the next act begins.
        """
        return [point for point, _, _ in self._points()]

    def prompt(self, moving: bool = False, limit: int = prompts.LIMIT) -> str:
        """Return the prompt of the picture as it is now.

        Args:
            moving: The player is travelling, not standing.
            limit: Longest prompt.
        """
        return self._act_run.session.prompt(moving, limit)

    # ---- inside ------------------------------------------------------------------------------

    @property
    def _act_run(self) -> ActRun:
        return self._act_runs[-1]

    def _points(self) -> list[tuple[Json, int, int]]:
        points: list[tuple[Json, int, int]] = []
        led: str | None = None
        for number, leg in enumerate(self._act_runs):
            marks = leg.session.trail
            act_points = [{**mark, "act": leg.act, "at": leg.began + mark["at"]} for mark in marks]
            act_points[0]["event"] = led
            led = act_points[-1]["event"]
            # where a handing-over step landed is no place to stand: its point is where the next act begins
            if number < len(self._act_runs) - 1:
                act_points.pop()
            points += [(point, number, mark) for mark, point in enumerate(act_points)]
        return points

    # ---- showing -----------------------------------------------------------------------------

    def __repr__(self) -> str:
        head = f"{self._head()}\n"
        return head + (f"  the story was left from {self.state!r}" if self.exit else show.text(self._act_run.session))

    def _repr_html_(self) -> str:
        rest = f"<p>The story was left from <code>{escape(self.state)}</code>.</p>" if self.exit else None
        return f"<div><p>{escape(self._head())}</p>{rest or show.page(self._act_run.session)}</div>"

    def _head(self) -> str:
        name = self.campaign.title or self.campaign.id or "Untitled campaign"
        count = len(self._act_runs)
        return f"Campaign {name!r}: act {self.act!r} ({count} begun), {self.clock} ms, {len(self.trace)} fired"
