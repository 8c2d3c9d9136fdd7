"""The acts of a run as ``ActRun``s, one after the other, and the events of a transition from one to the next."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from worldkit.campaigns.act_transition import ActTransition, CampaignPosition
from worldkit.campaigns.document import Edge
from worldkit.playing.session import Session
from worldkit.playing.subscriptions import EVERYTHING, TOPICS, SessionEvent


@dataclass(frozen=True, slots=True)
class ActEvent(SessionEvent):
    """Something that happened in a campaign; what a subscriber is called with.

    Besides the topics of a ``Session`` there is ``act``: the next act has begun, ``state`` is where, ``flags``
    are those carried into it, ``event`` is the one that led there.

    Attributes:
        act: The act it happened in.
        edge: ``act``: the edge taken.
    """

    act: str = ""
    edge: Edge | None = None

    @property
    def keys(self) -> tuple[str | None, ...]:
        """The names under which it can be subscribed to: as in a session, and an act's id when it begins."""
        if self.topic == "act":
            return (EVERYTHING, "act", self.act)
        # super() alone would look for the class as it was before the dataclass gave it slots
        return super(ActEvent, self).keys


ActListener = Callable[[ActEvent], object]
CAMPAIGN_TOPICS = (*TOPICS, "act", EVERYTHING)


@dataclass(frozen=True, slots=True, eq=False)
class ActRun:
    """One act of a run.

    Attributes:
        act: The act's id.
        session: Its run.
        began: The campaign's clock when it began.
        edge: The number of the edge taken out of it; None when none was.
    """

    act: str
    session: Session
    began: int
    edge: int | None = None


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A moment of a run to come back to: its acts, how much was done in each, and the time since the story was left."""

    act_runs: tuple[ActRun, ...]
    depths: tuple[int, ...]
    time_after_story: int


def undo_depth(session: Session) -> int:
    """Return how many things can be undone in a session."""
    return len(session._undo)


def follow_transitions(
    act_runs: tuple[ActRun, ...],
    transitions: tuple[ActTransition, ...],
    begin_act: Callable[[CampaignPosition, int], ActRun],
) -> tuple[ActRun, ...]:
    """Return the acts of a run after some transitions; ``begin_act`` begins an act at a position and a clock."""
    for transition in transitions:
        *earlier, last = act_runs
        act_runs = (*earlier, replace(last, edge=transition.number))
        if transition.to is not None:
            act_runs = (*act_runs, begin_act(transition.to, last.began + last.session.clock))
    return act_runs


def forward_event(
    transitions: tuple[ActTransition, ...], where: CampaignPosition, clock: int, event: str | None
) -> Iterator[ActEvent]:
    """Yield the events of some act transitions from a position, all at one time and due to one event."""
    for transition in transitions:
        state = where.position.state
        if transition.to is None:
            yield ActEvent("end", clock, state, event, act=where.act, edge=transition.edge)
            break
        yield ActEvent("leave", clock, state, event, act=where.act)
        where, flags = transition.to, tuple(sorted(transition.to.position.flags))
        yield ActEvent("act", clock, where.position.state, event, flags, act=where.act, edge=transition.edge)
        yield ActEvent("enter", clock, where.position.state, event, act=where.act)
