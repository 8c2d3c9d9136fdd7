"""The summary of a playtest in one sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from worldkit.core.quoting import format_count
from worldkit.playing.transition_table import table_of
from worldkit.simulation.pacing import format_percent

if TYPE_CHECKING:
    from worldkit.simulation.result import Playtest


def summarize(playtest: Playtest) -> str:
    """Return the result of a playtest in one sentence: how the plays ended, and how much they saw."""
    if not playtest.runs:
        return f"Cancelled before the first of {playtest.asked:,} plays was over."
    parts = []
    total, endings_reached = len(table_of(playtest.world).endings), len(playtest.endings)
    if total:
        share_ended = f"{format_percent(playtest.ended, playtest.runs)} reached an ending"
        parts.append(f"{share_ended} ({endings_reached} of {total} endings)" if total > 1 else share_ended)
    else:
        parts.append("the world has no ending to reach")
    outcome_words = {
        "stuck": "got stuck",
        "out of steps": f"ran out of {format_count(playtest.steps, 'step')}",
    }
    outcome_words |= {"stopped": "came to the end of the script", "refused": "were refused what the script wanted"}
    parts += [
        f"{format_percent(playtest.outcomes[k], playtest.runs)} {words}"
        for k, words in outcome_words.items()
        if playtest.outcomes[k]
    ]
    part = playtest.coverage["events"]
    qualifier = "" if part.reachable is None else " that can be fired"
    player_name = "they" if playtest.runs > 1 else "it"
    coverage_text = f"{player_name} fired {part.seen:,} of {format_count(part.of, 'event')}{qualifier}"
    coverage_text = coverage_text if part.of else "there is no event to fire"
    count = f"{playtest.runs:,} {{}}play{'s' * (playtest.runs != 1)}"
    is_unguided = playtest.policy in ("random", "novelty")
    plays = count.format(f"{playtest.policy} ") if is_unguided else f"{count.format('')} by {playtest.policy}"
    head = f"Cancelled after {plays} of {playtest.asked:,}" if playtest.cancelled else plays
    return f"{head}: {', '.join(parts)}; {coverage_text}."
