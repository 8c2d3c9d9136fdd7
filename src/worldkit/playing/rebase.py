"""Rebasing a session onto an edited version of its world, so that play goes on while the world is edited.

A run is carried over by replaying it. If it no longer holds, the player stays in the present state as long as it
exists. The part of the run that still holds remains in the history, and undo goes back to it.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from worldkit.core.errors import WorldError
from worldkit.core.json_values import quote
from worldkit.core.quoting import format_count
from worldkit.editing.new_names import NewNames
from worldkit.editing.renamed_ops import OpRenamer
from worldkit.playing.play_rules import PlayRules
from worldkit.playing.position import Position
from worldkit.playing.renames import FirstNames, Renames
from worldkit.playing.session import Session
from worldkit.playing.session_view import run_of
from worldkit.playing.trace import Step, Trace, TraceError
from worldkit.playing.trace_replay import replay_in
from worldkit.playing.transition_table import table_of

if TYPE_CHECKING:
    from worldkit.world import World

RebaseOutcome = Literal["run", "position", "trail", "nothing"]


@dataclass(frozen=True, slots=True)
class Rebased:
    """A session carried over to another world, and what came along.

    Attributes:
        session: The session in that world.
        outcome: ``"run"``: the whole run holds. ``"position"``: not all of it does, and the player stands where they
            stood. ``"trail"``: that place is gone, and they are back at the last point that holds. ``"nothing"``:
            not even the beginning is left, and they begin at the entrance.
        index: The first step of the run that no longer holds; None when all do.
        reason: Why it does not; empty when all do.
        message: All that in a sentence or two, for the player; empty when the whole run holds.
    """

    session: Session
    outcome: RebaseOutcome
    index: int | None = None
    reason: str = ""
    message: str = ""


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
    new_names = renames or Renames()
    trace, names_now = _rename_trace(session.trace, new_names)
    position = names_now.position(session.position)
    source = run_of(session).source
    first_names = _first_rules(session).first_names.after(new_names, table_of(world).by_name)
    try:
        return Rebased(replay_in(Session, world, trace, source, first_names), "run")
    except TraceError as error:
        index, reason = error.index or 0, error.reason
    prefix = _valid_prefix(world, trace, index, first_names)
    only_wait_is_lost = index == len(trace) and not session.playing
    if only_wait_is_lost and prefix is not None and prefix.position == position:
        run_of(prefix).source = source
        return Rebased(prefix, "run")
    step = f"Step {index + 1} no longer holds: {reason}." if index < len(trace) else f"The last wait: {reason}."
    if position.state in world.states:
        new_session = _session_at(world, trace, position, prefix, first_names)
        outcome: RebaseOutcome = "position"
        message = f"{step} You are still in {quote(position.state)}, with what you held; the trail begins here."
    elif prefix is not None:
        new_session, outcome = prefix, "trail"
        place = _after_steps(len(new_session.trace))
        message = f"{quote(position.state)} is gone. You are back in {quote(new_session.state)}, {place}."
    else:
        new_session = Session(world, seed=trace.seed, past_endings=trace.past_endings, mode=trace.mode)
        run_of(new_session).know_by(first_names)
        outcome = "nothing"
        start = quote(new_session.state)
        message = f"{quote(position.state)} is gone, and where the run began is too. It begins again in {start}."
    run_of(new_session).source = source
    return Rebased(new_session, outcome, index, reason, message)


def adopt(session: Session, new_session: Session) -> None:
    """Let a session stand where another one does, in that one's world; its listeners stay.

    Args:
        session: The session that others hold.
        new_session: The one that was carried over.
    """
    run_of(session).take_over(run_of(new_session), can_undo=False)


def replay_instead(session: Session, world: World, trace: Trace) -> Session:
    """Return a session at the end of a run that is to take the place of another one, for the listeners of that one.

    Args:
        session: The session that it takes the place of.
        world: The world, as that session began in it.
        trace: The run.

    Raises:
        TraceError: The run does not hold in the world.
    """
    return replay_in(Session, world, trace, None, _first_rules(session).first_names)


def snapshot(session: Session) -> Session:
    """Return a session as it stands now, which what is done to the other one does not change."""
    return copy.copy(session)


# ---- inside ------------------------------------------------------------------------------------


def _first_rules(session: Session) -> PlayRules:
    return run_of(session).now.checkpoints()[0].rules


def _session_at(
    world: World, trace: Trace, position: Position, prefix: Session | None, first_names: FirstNames
) -> Session:
    """Return a session that stands in a position, with what holds of the run to go back to."""
    if prefix is None:
        session = Session(world, seed=trace.seed, at=position, past_endings=trace.past_endings, mode=trace.mode)
        run_of(session).know_by(first_names)
        return session
    run = run_of(prefix)
    run.go_to(run.rules.first_moment(position))
    return prefix


def _valid_prefix(world: World, trace: Trace, index: int, first_names: FirstNames) -> Session | None:
    """Return a session at the end of what holds of a run; None when not even its beginning does."""
    steps = trace.steps[:index]
    clock = steps[-1].until if steps else 0
    observations = tuple(observation for observation in trace.seen if observation.after < index)
    part = replace(trace, steps=steps, clock=clock, held=0, seen=observations, playing=None)
    try:
        return replay_in(Session, world, part, None, first_names)
    except WorldError:
        return None


def _after_steps(steps: int) -> str:
    if steps == 0:
        return "where the run began"
    return f"after {format_count(steps, 'step')}, the last point of the trail that holds"


def _rename_trace(trace: Trace, names: Renames) -> tuple[Trace, Renames]:
    """Return a trace in the names of another version of its world, and what is called differently at its end.

    Each step is read in the names of its moment: what the author renamed in the run has the author's name from then on.
    """
    if not (names.states or names.events or names.flags):
        return trace, names
    renamer = OpRenamer(NewNames(names.states, names.events, names.flags))
    renames = Renames(*renamer.names)
    steps: list[Step] = []
    for step in trace.steps:
        origin = renames.state(step.origin)
        steps.append(_rename_step(replace(step, ops=renamer.ops(step.ops)), origin, renames))
    playing = trace.playing and replace(trace.playing, event=renames.event(trace.playing.event))
    return replace(trace, steps=tuple(steps), start=names.position(trace.start), playing=playing), renames


def _rename_step(step: Step, origin: str, names: Renames) -> Step:
    return replace(
        step,
        event=names.event(step.event),
        origin=origin,
        state=names.state(step.state),
        through=tuple(map(names.state, step.through)),
        granted=tuple(map(names.flag, step.granted)),
        revoked=tuple(map(names.flag, step.revoked)),
    )
