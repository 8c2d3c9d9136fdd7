"""Going on playing while the world is edited: a session carried over to the world as it is now.

A run is carried over by replaying it. Where it no longer holds, the player stays where they stand as long as that
state is there, and what still holds of the run lies behind them; undo goes back to it.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from worldkit.core.errors import WorldError
from worldkit.core.json_values import quote
from worldkit.playing.position import Position
from worldkit.playing.run_replay import replay
from worldkit.playing.session import Session
from worldkit.playing.trace import Step, Trace, TraceError

if TYPE_CHECKING:
    from worldkit.world import World

Kept = Literal["run", "position", "trail", "nothing"]


@dataclass(frozen=True, slots=True)
class Renames:
    """What the states and events of one world are called in another; what is not named kept its name.

    Attributes:
        states: New ids by old ones.
        events: New names by old ones.
    """

    states: Mapping[str, str] = field(default_factory=dict)
    events: Mapping[str, str] = field(default_factory=dict)

    def state(self, id: str) -> str:
        """Return what a state is called now."""
        return self.states.get(id, id)

    def event(self, name: str) -> str:
        """Return what an event is called now."""
        return self.events.get(name, name)

    def then(self, later: Renames) -> Renames:
        """Return these renames followed by later ones."""
        return Renames(_followed(self.states, later.states), _followed(self.events, later.events))


def _followed(first: Mapping[str, str], later: Mapping[str, str]) -> dict[str, str]:
    made = {old: later.get(new, new) for old, new in first.items()}
    middle = set(first.values())
    made |= {old: new for old, new in later.items() if old not in middle and old not in made}
    return {old: new for old, new in made.items() if old != new}


@dataclass(frozen=True, slots=True)
class Rebased:
    """A session carried over to another world, and what came along.

    Attributes:
        session: The session in that world.
        kept: ``"run"``: the whole run holds. ``"position"``: not all of it does, and the player stands where they
            stood. ``"trail"``: that place is gone, and they are back at the last point that holds. ``"nothing"``:
            not even the beginning is left, and they begin at the entrance.
        index: The first step of the run that no longer holds; None when all do.
        reason: Why it does not; empty when all do.
        said: All that in a sentence or two, for the player; empty when the whole run holds.
    """

    session: Session
    kept: Kept
    index: int | None = None
    reason: str = ""
    said: str = ""


def rebase(session: Session, world: World, renames: Renames | None = None) -> Rebased:
    """Carry a session over to another version of its world. The session itself is left as it is.

    Args:
        session: The session.
        world: The world to go on in.
        renames: What is called differently there.

    Returns:
        The session there, and what of the run still holds.

    Raises:
        InvalidWorld: The world has no states.
    """
    names = renames or Renames()
    trace = _renamed(session.trace, names)
    position = _moved(session.position, names)
    look = session._run.look
    try:
        return Rebased(replay(world, trace, evidence=look), "run")
    except TraceError as error:
        index, reason = error.index or 0, error.reason
    behind = _behind(world, trace, index)
    if behind is not None and behind.position == position and not session.playing:
        behind._run.look = look
        return Rebased(behind, "run")
    step = f"Step {index + 1} no longer holds: {reason}." if index < len(trace) else f"The last wait: {reason}."
    if position.state in world.states:
        made = _standing(world, trace, position, behind)
        kept: Kept = "position"
        said = f"{step} You are still in {quote(position.state)}, with what you held; the trail begins here."
    elif behind is not None:
        made, kept = behind, "trail"
        said = f"{quote(position.state)} is gone. You are back in {quote(made.state)}, {_after(len(made.trace))}."
    else:
        made = Session(world, seed=trace.seed, past_endings=trace.past_endings, mode=trace.mode)
        kept = "nothing"
        said = (
            f"{quote(position.state)} is gone, and where the run began is too. It begins again in {quote(made.state)}."
        )
    made._run.look = look
    return Rebased(made, kept, index, reason, said)


def adopt(session: Session, made: Session) -> None:
    """Let a session stand where another one does, in that one's world; whoever listens to it goes on listening.

    Args:
        session: The session that others hold.
        made: The one that was carried over.
    """
    session.world = made.world
    session._game, session._entrance, session._start = made._game, made._entrance, made._start
    run, other = session._run, made._run
    run.game, run.now, run.done = other.game, other.now, list(other.done)


def snapshot(session: Session) -> Session:
    """Return a session as it stands now, which what is done to the other one does not change."""
    kept = copy.copy(session)
    kept._run = copy.copy(session._run)
    kept._run.done = list(session._run.done)
    return kept


# ---- inside ------------------------------------------------------------------------------------


def _standing(world: World, trace: Trace, position: Position, behind: Session | None) -> Session:
    """Return a session that stands in a position, with what holds of the run to go back to."""
    if behind is None:
        return Session(world, seed=trace.seed, at=position, past_endings=trace.past_endings, mode=trace.mode)
    behind._run.put(behind._game.first(position))
    return behind


def _behind(world: World, trace: Trace, index: int) -> Session | None:
    """Return a session at the end of what holds of a run; None when not even its beginning does."""
    steps = trace.steps[:index]
    clock = steps[-1].until if steps else 0
    seen = tuple(one for one in trace.seen if one.after < index)
    part = replace(trace, steps=steps, clock=clock, held=0, seen=seen, playing=None)
    try:
        return replay(world, part)
    except WorldError:
        return None


def _after(steps: int) -> str:
    if steps == 0:
        return "where the run began"
    return f"after {steps} step{'s' * (steps != 1)}, the last point of the trail that holds"


def _renamed(trace: Trace, names: Renames) -> Trace:
    if not names.states and not names.events:
        return trace
    playing = trace.playing and replace(trace.playing, event=names.event(trace.playing.event))
    steps = tuple(_step(step, names) for step in trace.steps)
    return replace(trace, steps=steps, start=_moved(trace.start, names), playing=playing)


def _step(step: Step, names: Renames) -> Step:
    return replace(
        step,
        event=names.event(step.event),
        origin=names.state(step.origin),
        state=names.state(step.state),
        through=tuple(map(names.state, step.through)),
    )


def _moved(position: Position, names: Renames) -> Position:
    return Position(names.state(position.state), position.flags, frozenset(map(names.event, position.used)))
