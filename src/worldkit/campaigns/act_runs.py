"""The acts of a run as ``ActRun``s, one after the other, and the events of a transition from one to the next."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from worldkit.campaigns.act_transition import ActTransition, CampaignPosition
from worldkit.campaigns.document import Edge
from worldkit.playing.payloads import enter_payload
from worldkit.playing.session import Session
from worldkit.playing.session_view import run_of
from worldkit.playing.subscriptions import ANY_TOPIC, READY, TOPICS, SessionEvent


@dataclass(frozen=True, slots=True)
class ActEvent(SessionEvent):
    """Something that happened in a campaign; what a subscriber is called with.

    Besides the topics of a ``Session`` there are ``act``: the next act has begun, ``state`` is where, ``flags`` are
    those carried into it, ``event`` is the one that led there; and ``rewind``: a dead end led back to where the act
    began, ``text`` says why.

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
            return (ANY_TOPIC, "act", self.act)
        # super() alone would look for the class as it was before the dataclass gave it slots
        return super(ActEvent, self).keys


ActListener = Callable[[ActEvent], object]
CAMPAIGN_TOPICS = (READY, *TOPICS, "act", "rewind", ANY_TOPIC)


@dataclass(frozen=True, slots=True, eq=False)
class ActRun:
    """One act of a run.

    Attributes:
        act: The act's id.
        session: Its run.
        began: The campaign's clock when it began.
        edge: The number of the edge taken out of it; None when none was.
        rewound: It came to a dead end, and began again.
    """

    act: str
    session: Session
    began: int
    edge: int | None = None
    rewound: bool = False


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A moment of a run to come back to: its acts, and how much was done in each."""

    act_runs: tuple[ActRun, ...]
    depths: tuple[int, ...]


def undo_depth(session: Session) -> int:
    """Return how many things can be undone in a session."""
    return len(run_of(session).undo_stack)


def follow_transition(
    act_runs: tuple[ActRun, ...],
    transition: ActTransition,
    begin_act: Callable[[CampaignPosition, int], ActRun],
) -> tuple[ActRun, ...]:
    """Return the acts of a run after a transition; ``begin_act`` begins an act at a position and a clock."""
    if transition.to is None:
        return act_runs
    *earlier, last = act_runs
    ended_run = replace(last, edge=transition.number, rewound=transition.kind == "rewind")
    return (*earlier, ended_run, begin_act(transition.to, last.began + last.session.clock))


def transition_events(
    transition: ActTransition, where: CampaignPosition, clock: int, event: str | None
) -> Iterator[ActEvent]:
    """Yield the events of a transition from a position, all at one time and due to one event."""
    to = transition.to
    if to is None:
        return
    origin, state, flags = where.position.state, to.position.state, tuple(sorted(to.position.flags))
    yield ActEvent("leave", clock, origin, event, act=where.act)
    if transition.kind == "hop":
        yield ActEvent("act", clock, state, event, flags, act=to.act, edge=transition.edge)
    else:
        yield ActEvent("rewind", clock, state, event, flags, text=transition.reason, act=to.act)
    yield ActEvent("enter", clock, state, event, payload=enter_payload(state, origin, event), act=to.act)
