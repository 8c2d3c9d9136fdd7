"""The summary of a playtest in one sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from worldkit.playing.transition_table import table_of
from worldkit.simulation.pacing import format_percent

if TYPE_CHECKING:
    from worldkit.simulation.result import Playtest


def summarize(played: Playtest) -> str:
    """Return what came of a playtest, in one sentence: how the plays ended, and how much they saw."""
    if not played.runs:
        return f"Cancelled before the first of {played.asked:,} plays was over."
    parts = []
    total, endings_reached = len(table_of(played.world).endings), len(played.endings)
    if total:
        reached = f"{format_percent(played.ended, played.runs)} reached an ending"
        parts.append(f"{reached} ({endings_reached} of {total} endings)" if total > 1 else reached)
    else:
        parts.append("the world has no ending to reach")
    outcome_words = {"stuck": "got stuck", "out of steps": f"ran out of {played.steps:,} steps"}
    outcome_words |= {"stopped": "came to the end of the script", "refused": "were refused what the script wanted"}
    parts += [
        f"{format_percent(played.outcomes[k], played.runs)} {words}"
        for k, words in outcome_words.items()
        if played.outcomes[k]
    ]
    part = played.coverage["events"]
    qualifier = "" if part.reachable is None else " that can be fired"
    player_name = "they" if played.runs > 1 else "it"
    coverage_text = f"{player_name} fired {part.seen:,} of {part.of:,} event{'s' * (part.of != 1)}{qualifier}"
    coverage_text = coverage_text if part.of else "there is no event to fire"
    count = f"{played.runs:,} {{}}play{'s' * (played.runs != 1)}"
    is_unguided = played.policy in ("random", "novelty")
    plays = count.format(f"{played.policy} ") if is_unguided else f"{count.format('')} by {played.policy}"
    head = f"Cancelled after {plays} of {played.asked:,}" if played.cancelled else plays
    return f"{head}: {', '.join(parts)}; {coverage_text}."
