"""The acts of a run as ``Leg``s, one after the other, and what there is to tell when one hands over to the next."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from worldkit.campaigns.act_transition import CampaignPosition, HandOver
from worldkit.campaigns.document import Edge
from worldkit.playing.session import Session
from worldkit.playing.subscriptions import EVERYTHING, TOPICS, SessionEvent


@dataclass(frozen=True, slots=True)
class ActHappening(SessionEvent):
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
        return super(ActHappening, self).keys


ActListener = Callable[[ActHappening], object]
CAMPAIGN_TOPICS = (*TOPICS, "act", EVERYTHING)


@dataclass(frozen=True, slots=True, eq=False)
class Leg:
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
class Mark:
    """A moment of a run to come back to: its acts, how much was done in each, and the time since the story was left."""

    legs: tuple[Leg, ...]
    depths: tuple[int, ...]
    idle: int


def done_in(session: Session) -> int:
    """Return how many things can be undone in a session."""
    return len(session._undo)


def handed(
    legs: tuple[Leg, ...], overs: tuple[HandOver, ...], begun: Callable[[CampaignPosition, int], Leg]
) -> tuple[Leg, ...]:
    """Return the acts of a run after some hand-overs; ``begun`` makes an act's leg from where and when it begins."""
    for over in overs:
        *earlier, last = legs
        legs = (*earlier, replace(last, edge=over.number))
        if over.to is not None:
            legs = (*legs, begun(over.to, last.began + last.session.clock))
    return legs


def told(overs: tuple[HandOver, ...], where: CampaignPosition, clock: int, event: str | None) -> Iterator[ActHappening]:
    """Yield what there is to tell of some hand-overs from a position, all at one time and due to one event."""
    for over in overs:
        here = where.position.state
        if over.to is None:
            yield ActHappening("end", clock, here, event, act=where.act, edge=over.edge)
            break
        yield ActHappening("leave", clock, here, event, act=where.act)
        where, flags = over.to, tuple(sorted(over.to.position.flags))
        yield ActHappening("act", clock, where.position.state, event, flags, act=where.act, edge=over.edge)
        yield ActHappening("enter", clock, where.position.state, event, act=where.act)
