"""A playtest as some lines of text, for a terminal: the verdict first."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from worldkit.core.characters import shorten
from worldkit.core.quoting import on_one_line
from worldkit.simulation.pacing import EndingShare, format_duration, format_number, format_percent

if TYPE_CHECKING:
    from worldkit.simulation.result import Playtest

MAX_LINES = 8
"""Most lines of one kind in a terminal."""

MAX_NAME_CHARACTERS = 60
"""Longest name or title in a terminal."""


def text(playtest: Playtest) -> str:
    """Return a playtest as some lines of text."""
    lines = [playtest.verdict]
    if not playtest.runs:
        return lines[0]
    for ending in playtest.endings_by_share[:MAX_LINES]:
        title = _short(on_one_line(ending.title or ending.state))
        line = f"  {format_percent(ending.runs, playtest.runs):>8}  {title} ({_short(on_one_line(ending.kind))})"
        lines.append(line + _interval(ending) + _paces(ending))
    lines += _more_endings(len(playtest.endings_by_share))
    for words, counts in (("stuck in", playtest.stuck_in), ("out of steps in", playtest.out_of_steps_in)):
        if counts:
            lines.append(
                f"  {words} {_join_words(f'{_short(on_one_line(id))!r} ({runs:,})' for id, runs in counts.items())}"
            )
    for words, names in (
        ("states never seen", playtest.unseen_states),
        ("events never fired", unfired_events(playtest)),
    ):
        if names:
            lines.append(f"  {words}: {_join_words(repr(_short(on_one_line(name))) for name in names)}")
    if playtest.code_only - playtest.events:
        code_only = _join_words(repr(_short(on_one_line(n))) for n in sorted(playtest.code_only - playtest.events))
        lines.append(f"  only code can fire: {code_only}")
    for (state, why), runs in list(playtest.refusals.items())[:MAX_LINES]:
        lines.append(f"  refused in {_short(on_one_line(state))!r} ({runs:,}): {on_one_line(why)}")
    return "\n".join(lines)


def _interval(ending: EndingShare) -> str:
    return f"; 95 % interval {format_number(100 * ending.low)} to {format_number(100 * ending.high)} %"


def _paces(ending: EndingShare) -> str:
    if ending.steps is None or ending.seconds is None:
        return ""
    return f"; median {ending.steps.median:.0f} steps, {format_duration(ending.seconds.median)}"


def _short(text: str) -> str:
    return shorten(text, MAX_NAME_CHARACTERS)


def _join_words(words: Iterable[str]) -> str:
    words_list = list(words)
    return ", ".join(words_list[:MAX_LINES]) + (
        f" and {len(words_list) - MAX_LINES:,} more" if len(words_list) > MAX_LINES else ""
    )


def _more_endings(count: int) -> list[str]:
    return [f"  and {count - MAX_LINES:,} more endings"] if count > MAX_LINES else []


def unfired_events(playtest: Playtest) -> list[str]:
    """Return the events that no run fired, though a player can."""
    return [name for name in playtest.unseen_events if name not in playtest.code_only]
