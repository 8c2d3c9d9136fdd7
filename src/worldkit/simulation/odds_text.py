"""How ``Odds`` show themselves: as lines of text, and as HTML for a notebook cell."""

from __future__ import annotations

import html
import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from worldkit.core.json_values import escape_unprintable
from worldkit.core.quoting import format_count
from worldkit.simulation.chance import LEFT_STYLE, RIGHT_STYLE, Chance, cell
from worldkit.simulation.pacing import format_average, format_duration, format_percent

if TYPE_CHECKING:
    from worldkit.simulation.odds_result import Odds

_BAR_COLOURS = {"win": "#16967a", "lose": "#c4572f"}


def text(odds: Odds, most_steps: int) -> str:
    """Return odds as some lines of text.

    Args:
        most_steps: How long simulated plays were, at most.
    """
    lines = [_heading(odds, most_steps)]
    for id, kind, chance in _ending_rows(odds):
        interval = "" if odds.exact else f"; 95 % interval {chance.low:.2%} to {chance.high:.2%}"
        name = escape_unprintable(f"{id} ({kind})")
        lines.append(f"  {format_percent(chance.value, 1):>8}  {name}{interval}")
    gate = next(iter(odds.gates.items()), None)
    if gate is not None:
        lines.append(f"  costliest gate: {escape_unprintable(gate[0])}, {gate[1]:.1f} steps before it while locked")
    return "\n".join(lines)


def page(odds: Odds, most_steps: int) -> str:
    """Return odds as a piece of HTML; for ``most_steps``, see ``text``."""
    rows = "".join(_bar_row(id, kind, chance, odds.exact) for id, kind, chance in _ending_rows(odds))
    gates = "".join(
        f"<tr>{cell(name)}{cell(f'{steps:.1f}', RIGHT_STYLE)}</tr>"
        for name, steps in list(odds.gates.items())[:5]
        if steps >= 0.05
    )
    gate_table = (
        f"<p>Locks, and the steps taken before them while they are locked:</p><table>{gates}</table>" if gates else ""
    )
    return f"<p><strong>{html.escape(_heading(odds, most_steps))}</strong></p><table>{rows}</table>{gate_table}"


def _heading(odds: Odds, most_steps: int) -> str:
    count = format_count(odds.positions, "point" if odds.exact else "simulated play")
    kind = f"Exact odds of {count}" if odds.exact else f"Odds of {count}"
    kind += ", stopped early" if odds.stopped_early else ""
    parts = [f"{format_percent(odds.ended, 1)} reach an ending"]
    parts += [f"{format_percent(odds.stuck, 1)} get stuck"] if odds.stuck > 0 else []
    circles = "go in circles for ever" if odds.exact else f"were not over after {most_steps:,} steps"
    parts += [f"{format_percent(odds.endless, 1)} {circles}"] if odds.endless > 0 else []
    duration = ""
    if math.isfinite(odds.expected_steps):
        duration = f"; {format_average(odds.expected_steps)} steps, {format_duration(odds.expected_seconds)} on average"
    return f"{kind}: {', '.join(parts)}{duration}."


def _ending_rows(odds: Odds) -> Iterator[tuple[str, str, Chance]]:
    for id, chance in odds.endings.items():
        ending = odds.world.states[id].ending
        yield id, "" if ending is None else ending.kind, chance


def _bar_row(id: str, kind: str, chance: Chance, exact: bool) -> str:
    interval = "" if exact else f" ({chance.low:.1%} to {chance.high:.1%})"
    colour = _BAR_COLOURS.get(kind, "#6b6f76")  # seen on a light page and on a dark one
    bar = (
        "<div style='width:180px;border-radius:4px;background:#80808040;overflow:hidden'>"
        f"<div style='width:{chance.value:.2%};min-width:2px;height:12px;background:{colour}'></div></div>"
    )
    percent = format_percent(chance.value, 1) + interval
    return f"<tr>{cell(f'{id} ({kind})')}{cell(percent, RIGHT_STYLE)}<td style='{LEFT_STYLE}'>{bar}</td></tr>"
