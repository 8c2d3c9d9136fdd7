"""The summary of an exploration: its verdict, the first lines of a report, and what of it was decided."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from worldkit.core.json_values import quote
from worldkit.core.quoting import format_count
from worldkit.exploration.dead_events import join_and

if TYPE_CHECKING:
    from worldkit.exploration.result import Exploration


def summarize(exploration: Exploration, ending_count: int) -> str:
    """Return the first thing to say about a world, in one sentence.

    Args:
        ending_count: How many states of the world have an ending.
    """
    parts = [_summarize_endings(exploration, ending_count)]
    if exploration.endings:
        parts += _summarize_soft_locks(exploration)
    elif exploration.dead_ends:
        parts.append(f"in {format_count(len(exploration.dead_ends), 'state')} nothing may be left to do")
    dead = len(exploration.dead_events)
    if dead:
        parts.append(f"{format_count(dead, 'event')} can never happen")
    unreached_count = len(exploration.unreachable_states - exploration.unreachable_endings)
    if unreached_count:
        parts.append(f"{format_count(unreached_count, 'state')} can never be reached")
    if not exploration.complete:
        parts.append("not everything was decided")
    return "; ".join(parts) + "."


def _summarize_endings(exploration: Exploration, total: int) -> str:
    reached_count = len(exploration.endings)
    if not total:
        return "This world has no ending"
    if not exploration.exact:
        return f"At least {reached_count} of {format_count(total, 'ending')} can be reached"
    if not reached_count:
        return "No ending can be reached"
    if reached_count == total:
        return "The ending can be reached" if total == 1 else f"All {total} endings can be reached"
    unreached_endings = [id for id in exploration.world.states if id in exploration.unreachable_endings]
    return f"{reached_count} of {total} endings can be reached, {join_and(map(quote, unreached_endings))} cannot"


def _summarize_soft_locks(exploration: Exploration) -> Iterator[str]:
    if exploration.stuck_classes is None and not exploration.soft_locks:
        yield "whether a run can get stuck was not decided"
        return
    count, ends = len(exploration.soft_locks), len(exploration.dead_ends)
    if not count:
        yield "no run can get stuck"
        return
    lock = next((finding.lock for finding in exploration.findings if finding.lock is not None), None)
    first = "" if lock is None or lock.cause is None else f", first after {quote(lock.cause)}"
    ending_note = (
        "" if not ends else ", with nothing left to do" if ends == count else f", in {ends} with nothing left to do"
    )
    yield f"a run can get stuck in {format_count(count, 'state')}{ending_note}{first}"


def describe_size(exploration: Exploration) -> str:
    """Return how many positions there are, and how many classes of them where that is another number, as text."""
    about = "" if exploration.positions_complete else "at least "
    positions = f"{about}{format_count(exploration.positions, 'position')}"
    if exploration.classes == exploration.positions:
        return positions
    return f"{positions} in {exploration.classes:,} {'class' if exploration.classes == 1 else 'classes'}"


def summary_text(exploration: Exploration) -> str:
    """Return an exploration in at most five lines: the verdict, the figures, the worst findings."""
    world, states, events = exploration.world, len(exploration.states), len(exploration.events)
    names = len({event.name for event in world.events})
    figures = (
        f"{describe_size(exploration)}, {states} of {len(world.states)} states, {events} of {names} events; "
        f"{exploration.engine}, {exploration.seconds:.3f} s"
    )
    lines = [exploration.verdict, figures]
    worst_findings = [finding for finding in exploration.findings if finding.severity != "info"]
    lines += [f"  {finding}" for finding in worst_findings[:2]]
    if len(exploration.findings) > 2:
        lines.append(f"  {len(exploration.findings)} findings in all: .findings, or print(.text())")
    return "\n".join(lines)


_TRAPS = ("soft-lock", "dead-end")


def is_decided(exploration: Exploration, kind: str) -> bool:
    """Return whether a world has no fault of a kind when an exploration has no finding of it.

    A soft-lock or a dead end that no run was found for is no finding, and is there.

    Args:
        kind: The kind of findings.
    """
    if kind in ("undecided", "flag-never-required"):
        return True
    if kind not in _TRAPS:
        return exploration.exact
    if kind == "dead-end":
        trap_states = {end.state for end in exploration.dead_ends}
    else:  # without an ending every state is a soft-lock, and the finding is that
        trap_states = {lock.state for lock in exploration.soft_locks} if exploration.endings else set()
    shown_states = {state for finding in exploration.findings if finding.kind in _TRAPS for state in finding.states}
    return exploration.stuck_classes is not None and trap_states <= shown_states


def undecided_sentences(exploration: Exploration) -> list[str]:
    """Return what an exploration did not decide, a sentence each."""
    return [finding.message for finding in exploration.findings if finding.kind == "undecided"]
