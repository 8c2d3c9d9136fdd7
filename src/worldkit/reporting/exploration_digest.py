"""The digest of an exploration: the content of a report, before it becomes text, a page or a widget."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import TYPE_CHECKING

from worldkit.core.quoting import format_count, on_one_line
from worldkit.core.spoken_names import button_label, readable_name
from worldkit.exploration.result import finder_of
from worldkit.exploration.route_limit import RouteLimit
from worldkit.playing.trace import Step, Trace
from worldkit.reporting.exploration_parts import (
    Covering,
    Digest,
    EndingSummary,
    Entry,
    Group,
    Hop,
    RunSummary,
    StateMark,
)

if TYPE_CHECKING:
    from worldkit.exploration import Cover, Exploration, Finding
    from worldkit.world import World

MAX_ENTRIES = 20
"""So many findings of a kind, endings and covering runs are shown; the rest is counted."""

MAX_HOPS = 200
"""So many steps of a run are shown."""

MAX_ROUTE_WORK = 500_000
"""How many search nodes are looked at for the routes of a report, about two seconds; those left over are searched when
they are asked for. A number and no time, so that a busy machine reports the same."""

TITLES: dict[str, str] = {
    "no-ending-reachable": "No ending",
    "soft-lock": "Runs that get stuck",
    "dead-end": "Dead ends",
    "unreachable-ending": "Endings out of reach",
    "key-missing": "Flags that nothing grants",
    "dead-event": "Events that can never happen",
    "unreachable-state": "States out of reach",
    "undecided": "Not decided",
    "flag-never-required": "Flags that nothing asks for",
}
"""What each kind of finding is called on a page."""


def digest(exploration: Exploration, max_findings: int = MAX_ENTRIES, work: int = MAX_ROUTE_WORK) -> Digest:
    """Return what a report says of an exploration.

    Args:
        max_findings: So many findings of a kind, and endings, are kept.
        work: How many search nodes are looked at for routes.
    """
    limit = RouteLimit(finder_of(exploration), work)
    world = exploration.world
    every = exploration.findings
    groups = tuple(_finding_groups(exploration, every, max_findings, limit))
    endings = [id for id, state in world.states.items() if state.ending is not None]
    endings.sort(key=lambda id: id in exploration.endings)
    unreached_mark: StateMark = "unreached" if exploration.exact else "unseen"
    severities = {finding.severity for finding in every if finding.kind != "undecided"}
    is_decided = all(finding.kind != "undecided" for finding in every)
    wrong = severities & {"error", "warning"}
    return Digest(
        title=on_one_line(world.name or world.id) or "Untitled world",
        mark="wrong" if wrong else "good" if is_decided else "open",
        worst="error" if "error" in severities else "warning" if wrong else "info",
        verdict=on_one_line(exploration.verdict),
        figures=tuple(_figures_of(exploration, len(endings))),
        groups=groups,
        endings=tuple(_end_of(exploration, id, limit) for id in endings[:max_findings]),
        endings_more=max(0, len(endings) - max_findings),
        states={id: "reached" if id in exploration.states else unreached_mark for id in world.states},
        # without any ending every position is stuck, which a mark on every state would not make clearer
        stuck=exploration.soft_lock_states if exploration.endings else frozenset(),
        idle=frozenset(end.state for end in exploration.dead_ends),
        dead=exploration.dead_events,
    )


def run_of(world: World, trace: Trace, crossing: int | None = None) -> RunSummary:
    """Return a trace as it is shown.

    Args:
        crossing: Which step crosses the point of no return.
    """
    hops = tuple(_hop_of(world, step) for step in trace[:MAX_HOPS])
    return RunSummary(trace.start.state, hops, len(trace) - len(hops), crossing)


def finding_run(exploration: Exploration, finding: Finding) -> RunSummary | None:
    """Return a shortest run to a finding as it is shown; None when there is none. Searches for it if need be."""
    trace = finding.route
    if trace is None:
        return None
    return run_of(exploration.world, trace, None if finding.lock is None else finding.lock.cause_index)


def cover_digest(exploration: Exploration, cover: Cover, max_runs: int = MAX_ENTRIES) -> Covering:
    """Return the runs that cover every event, as they are shown.

    Args:
        cover: Its covering runs.
        max_runs: So many are kept.
    """
    runs = len(cover)
    if not runs:
        return Covering("No run fires anything.", (), 0)
    what = f"{format_count(runs, 'run')} of {format_count(cover.steps, 'step')} in all"
    if cover.missed:
        sentence = f"{what}; {format_count(len(cover.missed), 'event')} missed: {cover.remark}."
    else:
        minimum_text = "no fewer would do" if cover.bound >= runs else f"at least {cover.bound} are needed"
        sentence = f"{what} {'fires' if runs == 1 else 'fire'} every event that can be fired; {minimum_text}."
    return Covering(
        sentence, tuple(run_of(exploration.world, trace) for trace in cover[:max_runs]), max(0, runs - max_runs)
    )


def _finding_groups(
    exploration: Exploration, findings: Iterable[Finding], max_findings: int, limit: RouteLimit
) -> Iterator[Group]:
    numbered_findings = enumerate(findings)
    for (kind, _), members in groupby(numbered_findings, key=lambda pair: (pair[1].kind, pair[1].severity)):
        group = list(members)
        entries = tuple(_entry_of(exploration, index, finding, limit) for index, finding in group[:max_findings])
        yield Group(kind, TITLES[kind], entries, max(0, len(group) - max_findings))


def _entry_of(exploration: Exploration, index: int, finding: Finding, limit: RouteLimit) -> Entry:
    late = limit.is_reached
    event = finding.item.id if finding.item.kind == "event" else ""
    run = None if late else finding_run(exploration, finding)
    if not late:
        limit.count(finding.route)
    before = None if late or finding.lock is None else finding.lock.before
    return Entry(
        index,
        finding.kind,
        finding.severity,
        on_one_line(finding.message),
        on_one_line(finding.fix),
        finding.states or _sources(exploration.world, event),
        event,
        None if before is None else tuple(sorted(before.flags)),
        run,
        late,
    )


def _end_of(exploration: Exploration, id: str, limit: RouteLimit) -> EndingSummary:
    ending = exploration.world.states[id].ending
    assert ending is not None
    is_reached = id in exploration.endings
    late = is_reached and limit.is_reached
    trace = exploration.route_to(id) if is_reached and not late else None
    run = None if trace is None else run_of(exploration.world, trace)
    limit.count(trace)
    return EndingSummary(
        id,
        ending.kind,
        on_one_line(ending.title),
        True if is_reached else False if exploration.exact else None,
        run,
        late,
    )


def _hop_of(world: World, step: Step) -> Hop:
    event = world.events_by_name.get(step.event)
    label = readable_name(step.event.removeprefix("sequence:")) if event is None else button_label(event)
    return Hop(step.event, on_one_line(label), step.origin, step.state, step.through)


def _figures_of(exploration: Exploration, endings: int) -> Iterator[tuple[str, str]]:
    world = exploration.world
    names = len({event.name for event in world.events})
    about = "" if exploration.positions_complete else "at least "
    yield f"{about}{exploration.positions:,}", "position" if exploration.positions == 1 else "positions"
    if exploration.classes != exploration.positions:
        yield f"{exploration.classes:,}", "class explored" if exploration.classes == 1 else "classes explored"
    yield f"{len(exploration.states):,} of {len(world.states):,}", "states reached"
    yield f"{len(exploration.events):,} of {names:,}", "events fired"
    if endings:
        yield f"{len(exploration.endings):,} of {endings:,}", "endings reached"
    yield took(exploration.seconds), "to play it all" if exploration.complete else "of play"


def _sources(world: World, name: str) -> tuple[str, ...]:
    """Return the states in which an event of a name is offered; none when there is no such event."""
    sources = (id for event in world.events if event.name == name for id in event.from_)
    return tuple(dict.fromkeys(id for id in sources if id in world.states))


def took(seconds: float) -> str:
    """Return a duration in words."""
    return f"{seconds * 1000:.0f} ms" if 0.001 <= seconds < 1 else "under 1 ms" if seconds < 1 else f"{seconds:.1f} s"
