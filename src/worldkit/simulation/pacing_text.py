"""The pacing of a story in words: how far away endings are, and what an edit changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from worldkit.core.json_values import escape_unprintable, quote
from worldkit.core.quoting import format_count
from worldkit.simulation.chance import Chance
from worldkit.simulation.pacing import format_duration, format_percent

if TYPE_CHECKING:
    from worldkit.simulation.pacing_result import EndingPace, Pacing

MAX_LISTED_NAMES = 8
"""So many names are listed in a line."""

NOTABLE_DIFFERENCE = 0.005
"""A share of plays that changes by less is not mentioned..."""

NOTABLE_RATIO = 0.1
"""...but that of a rare ending is, where it changes by such a part of itself."""


def way_text(ending: EndingPace) -> str:
    """Return in words how far away an ending is."""
    if ending.steps is None or ending.seconds is None:
        return "no run gets there" if ending.reachable is False else "no run was found in time"
    parts = [format_count(ending.steps, "step"), format_duration(ending.seconds)]
    if ending.decisions is not None:
        count = len(ending.decisions)
        parts.append(f"{count or 'no'} decision{'s' * (count > 1)}")
    return ", ".join(parts)


def distance_text(pacing: Pacing) -> str:
    """Return how far away the endings are, to be put after how many there are."""
    nearest, farthest = pacing.shortest, pacing.longest_necessary
    if nearest is None or farthest is None:
        if not pacing.endings:
            return ""
        is_known = all(ending.reachable is False for ending in pacing.endings)
        return ", none can be reached" if is_known else ", no run to one was found in time"
    range_text = str(nearest) if nearest == farthest else f"{nearest} to {farthest}"
    with_run = sum(ending.steps is not None for ending in pacing.endings)
    subject = "" if with_run == len(pacing.endings) else f"{with_run} of them "
    return f", {subject}{range_text} step{'s' * (farthest != 1)} away"


def share_text(chance: Chance, *, exact: bool) -> str:
    """Return a share of plays in words."""
    about = "" if exact else "about "
    return about + format_percent(chance.value, 1)


def names_text(names: Sequence[str]) -> str:
    """Return some names in one line."""
    if not names:
        return "none"
    rest_text = f" and {len(names) - MAX_LISTED_NAMES} more" if len(names) > MAX_LISTED_NAMES else ""
    return ", ".join(map(escape_unprintable, names[:MAX_LISTED_NAMES])) + rest_text


def changes_text(before: Pacing, after: Pacing) -> Iterator[str]:
    """Yield in sentences what is different in another version of a world."""
    old = {ending.state: ending for ending in before.endings}
    old_steps, new_steps = before.longest_necessary, after.longest_necessary
    if old_steps and new_steps and old_steps != new_steps and _has_all_runs(before) and _has_all_runs(after):
        yield f"The farthest ending takes {format_count(new_steps, 'step')} at least, {old_steps} before."
    is_exact = before.exact and after.exact
    for ending in after.endings:
        old_ending = old.get(ending.state)
        if old_ending is None or not _is_notable(old_ending.chance.value, ending.chance.value, is_exact):
            continue
        new_text = share_text(ending.chance, exact=after.exact)
        old_text = share_text(old_ending.chance, exact=before.exact)
        yield f"Random play sees the ending {quote(ending.title)} in {new_text} of all plays, {old_text} before."
    if before.choices is not None and after.choices is not None:
        if removed_ids := _only_in(before.choices, after.choices):
            yield f"What is chosen in {names_text(removed_ids)} no longer decides the ending."
        if added_ids := _only_in(after.choices, before.choices):
            yield f"What is chosen in {names_text(added_ids)} decides the ending now."
    if before.dead_weight is not None and after.dead_weight is not None:
        unnecessary = _only_in(after.dead_weight, before.dead_weight)
        if unnecessary := [name for name in unnecessary if name in before.world.events_by_name]:
            yield f"No shortest way to an ending needs {names_text(unnecessary)} any more."
        necessary = _only_in(before.dead_weight, after.dead_weight)
        if necessary := [name for name in necessary if name in after.world.events_by_name]:
            yield f"A shortest way to an ending leads through {names_text(necessary)} now."


def _only_in(names: Sequence[str], other_names: Sequence[str]) -> list[str]:
    """Return the names that are not among some others, in order."""
    excluded_names = set(other_names)
    return [name for name in names if name not in excluded_names]


def _has_all_runs(pacing: Pacing) -> bool:
    """Return whether a shortest run to every ending that can be reached is known."""
    return all(ending.run is not None or ending.reachable is False for ending in pacing.endings)


def _is_notable(before: float, after: float, is_exact: bool) -> bool:
    """Return whether a share of plays changed by enough to be mentioned; of a rare ending, that is less."""
    difference = abs(after - before)
    return difference >= NOTABLE_DIFFERENCE or (is_exact and difference >= NOTABLE_RATIO * max(before, after) > 0)
