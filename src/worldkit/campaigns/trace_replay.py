"""Replaying a run through a campaign act by act, with the same transitions, until something no longer holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from worldkit.campaigns.act_transition import ActTransition, CampaignPosition, CampaignRules
from worldkit.campaigns.document import Campaign
from worldkit.campaigns.session import CampaignSession
from worldkit.campaigns.trace import CampaignTrace, Segment
from worldkit.core.argument_checks import checked
from worldkit.core.errors import WorldError
from worldkit.playing.run_replay import replay
from worldkit.playing.session import Session
from worldkit.playing.session_view import run_of
from worldkit.playing.trace import TraceError
from worldkit.world import World


@checked
def replay_campaign(
    campaign: Campaign,
    worlds: Mapping[str, World] | None,
    trace: CampaignTrace | Mapping[str, Any] | str,
) -> CampaignSession:
    """Replay a run through a campaign, and return the session that stands where it ended.

    The numbers of the edges may differ after an edit of the campaign; the acts they lead to, where those
    begin and with which flags must be the same.

    Args:
        campaign: The campaign; another version of it will do, as long as every step and hand-over still holds.
        worlds: Its worlds by id; None when the campaign holds them itself.
        trace: A trace, its JSON values, or its JSON text.

    Returns:
        A session at the end of the run; it can be undone step by step, back through the acts.

    Raises:
        TraceError: The trace cannot be read, or names the first step that no longer holds, and why.
        WorldError: The campaign cannot be played with these worlds.

    Example:
        >>> campaign = wk.Campaign.from_dict({
        ...     "start": "a",
        ...     "acts": [{"actId": "a", "worldId": "w", "title": "Act one", "canonical": True}],
        ...     "edges": [],
        ... })
        >>> session = wk.CampaignSession(campaign, {"w": world})
        >>> step = session.fire("walk_up_the_lane")
        >>> wk.replay_campaign(campaign, {"w": world}, session.trace).position
        CampaignPosition(act='a', position=Position('bench'))
    """
    if isinstance(trace, str):
        trace = CampaignTrace.from_json(trace)
    elif not isinstance(trace, CampaignTrace):
        trace = CampaignTrace.from_dict(trace)
    stage = CampaignRules(campaign, worlds)
    first = trace.segments[0]
    try:
        start = stage.checked_position(CampaignPosition(first.act, first.trace.start, first.start or first.trace.start))
        session = CampaignSession(campaign, worlds, trace.seed, at=start, past_endings=trace.past_endings)
    except WorldError as error:
        raise TraceError(0, f"the run cannot begin: {error}") from error
    acts: list[tuple[Segment, Session, int | None]] = []
    count = 0
    # the whole run's terms hold for every act
    segments = [replace(s, trace=replace(s.trace, past_endings=trace.past_endings)) for s in trace.segments]
    for number, segment in enumerate(segments):
        next_segment = segments[number + 1] if number + 1 < len(segments) else None
        act_session = _replay_segment(stage, segment, count)
        acts.append(
            (segment, act_session, _next_edge(stage, segment, act_session, next_segment, count, trace.past_endings))
        )
        count += len(segment.trace)
    session._run.adopt(acts)  # noqa: SLF001  # the other half of this, which needs the session's listeners
    recorded_clock = sum(segment.trace.clock for segment in trace.segments)
    if trace.clock != recorded_clock:
        raise TraceError(count, f"its acts take {recorded_clock} ms, and it says {trace.clock} ms in all")
    return session


def _replay_segment(stage: CampaignRules, segment: Segment, count: int) -> Session:
    if segment.act not in stage.worlds:
        raise TraceError(count, f"{segment.act!r} is no act that this campaign leads to")
    try:
        session = replay(stage.worlds[segment.act], segment.trace)
    except TraceError as error:
        raise TraceError(count + (error.index or 0), f"in act {segment.act!r}: {error.reason}") from error
    run_of(session).start = segment.start or segment.trace.start
    return session


def _next_edge(
    stage: CampaignRules,
    segment: Segment,
    act_session: Session,
    next_segment: Segment | None,
    count: int,
    past_endings: bool,
) -> int | None:
    """Return the edge taken out of an act, once it is sure that the run left there, and only there."""
    trace = segment.trace
    over: ActTransition | None = None
    place = f"act {segment.act!r} began in {trace.start.state!r}"
    _, *landings = run_of(act_session).now.checkpoints()
    for index, (step, landing) in enumerate(zip(trace.steps, landings, strict=True)):
        if over is not None and over.to is not None:
            raise TraceError(count + index, f"{place}, and from there {_describe_transition(over)}")
        if step.moved:
            position = CampaignPosition(segment.act, landing.position, segment.start or trace.start)
            over = stage.transition(position, past_endings, landing.rules)
        place = f"{step.event!r} landed in {step.state!r} of act {segment.act!r}"
    end = count + len(trace)
    if over is None or over.to is None:
        if next_segment is not None:
            raise TraceError(end, f"{place}, and no edge leads on from there, expected one")
        return None
    expected = None if next_segment is None else CampaignPosition(next_segment.act, next_segment.trace.start)
    if over.to != expected or segment.rewound != (over.kind == "rewind"):
        expected_text = "to stay there" if expected is None else f"{expected!r}"
        raise TraceError(end, f"{place}, and from there {_describe_transition(over)}, expected {expected_text}")
    if trace.clock != (trace.steps[-1].until if trace.steps else 0):
        raise TraceError(end, f"{place}, where the next act begins at once, and it was recorded waiting there")
    return over.number


def _describe_transition(over: ActTransition) -> str:
    return f"{'a dead end' if over.kind == 'rewind' else f'edge {over.number}'} leads to {over.to!r}"
