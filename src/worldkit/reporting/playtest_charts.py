"""The parts of a playtest's page: names, and as SVG bars of shares, the growth of coverage, how long plays were."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

from worldkit.core.quoting import format_count, page_text
from worldkit.reporting.playtest_style import COLOURS
from worldkit.simulation.tally import OUTCOMES

if TYPE_CHECKING:
    from worldkit.simulation.result import Playtest

MAX_BARS = 40
"""Most bars of the histogram."""

OUTCOME_WORDS = {
    "ended": "reached an ending",
    "stuck": "got stuck",
    "out of steps": "ran out of steps",
    "stopped": "script over",
    "refused": "script refused",
}


_BREAK_POINT = re.compile(r"(?<=[_.\]])(?=\w)")


def code(text: str) -> str:
    """Return a name or a path as code; in a narrow column it breaks between its words."""
    return f"<code><bdi>{_BREAK_POINT.sub('<wbr>', page_text(text))}</bdi></code>"


def share_bar(share: float, description: str, marks: str = "") -> str:
    """Return a bar that is filled from the left.

    Args:
        share: How far, as a number up to 100.
        description: What it shows, in words that are read out.
        marks: What is drawn on it.
    """
    bar = f"<rect width='{share:.3f}' height='8' fill='{COLOURS['ended']}'/>"
    return svg(f"<rect class='track' width='100' height='8'/>{bar}{marks}", 8, description, "bar")


def coverage_curve(playtest: Playtest) -> str:
    """Return how many events had been fired after so many plays, as a figure; nothing without any growth."""
    part = playtest.coverage["events"]
    if playtest.runs < 2 or not part.of or not part.seen:
        return ""
    wide = math.log(playtest.runs)
    points = [
        (100 * math.log(run) / wide, 40 - 40 * min(1, event_count / part.of))
        for run, event_count in thinned(playtest.curve)
    ]
    path = f"M{points[0][0]:.2f} {points[0][1]:.2f}" + "".join(f"H{x:.2f}V{y:.2f}" for x, y in points[1:])
    paths = f"<path class='grid' d='M0 0H100M0 20H100M0 40H100'/><path class='line' d='{path}H100'/>"
    description = f"events fired at least once, after 1 to {playtest.runs:,} plays"
    return (
        f"<figure><figcaption>events fired at least once, of {part.of:,}</figcaption>"
        f"{svg(paths, 40, description, 'curve')}<figcaption><span>1 play</span>"
        f"<span>logarithmic</span><span>{playtest.runs:,}</span></figcaption></figure>"
    )


def thinned(points: tuple[tuple[int, int], ...]) -> list[tuple[int, int]]:
    """Return the points of a curve that show in a picture: one a run, and not many more than 200."""
    last: dict[int, tuple[int, int]] = {}
    for run, event_count in points:
        last[run] = (run, event_count)
    points_left = list(last.values())
    step = max(1, len(points_left) // 200)
    return [*points_left[:-1:step], points_left[-1]] if points_left else []


def histogram_of_lengths(runs: Sequence[tuple[int, int]]) -> str:
    """Return how many plays took how many steps, as a figure: a bar for each span of steps, in the colours of outcomes.

    Args:
        runs: The steps and the outcome of every play to count; at least one.
    """
    longest = max(steps for steps, _ in runs)
    width = -(-(longest + 1) // MAX_BARS)
    stacks: list[Counter[int]] = [Counter() for _ in range(longest // width + 1)]
    for steps, outcome in runs:
        stacks[steps // width][outcome] += 1
    highest_bar = max(stack.total() for stack in stacks)
    column_count = max(len(stacks), 8)
    paths = "<path class='grid' d='M0 0H100M0 30H100M0 60H100'/>" + "".join(
        _stack_of_bars(
            stack, 100 / column_count * number, 100 / column_count, highest_bar, _span(number * width, width)
        )
        for number, stack in enumerate(stacks)
    )
    drawing = svg(paths, 60, f"how many plays took how many steps, 0 to {longest}", "hist")
    steps_to = format_count(longest, "step")
    far = f" style='width:{100 * len(stacks) / column_count:.1f}%'" if len(stacks) < column_count else ""
    return (
        f"<figure><figcaption>plays by their steps; the highest bar is {format_count(highest_bar, 'play')}</figcaption>"
        f"{drawing}"
        f"<figcaption{far}><span>0</span><span>{steps_to}</span></figcaption></figure>"
    )


def _stack_of_bars(stack: Counter[int], left: float, width: float, highest_bar: int, span: str) -> str:
    """Return the bars of one span of steps, one on another.

    Args:
        stack: The number of plays by outcome.
        left: Where the column begins.
        width: How wide it is, the gaps to the next columns included.
        highest_bar: The number of plays of the highest column.
        span: The span of steps in words.
    """
    gap, at, bars = width * 0.12, 60.0, ""
    for outcome, name in enumerate(OUTCOMES):
        if stack[outcome]:
            height = max(0.3, 60 * stack[outcome] / highest_bar)
            at -= height
            bars += (
                f"<rect x='{left + gap / 2:.3f}' y='{at:.3f}' width='{width - gap:.3f}' "
                f"height='{height:.3f}' fill='{COLOURS[name]}'><title>{span}: "
                f"{format_count(stack[outcome], 'play')} {OUTCOME_WORDS[name]}</title></rect>"
            )
    return bars


def _span(first: int, width: int) -> str:
    return f"{first} steps" if width == 1 else f"{first} to {first + width - 1} steps"


def svg(content: str, high: int, description: str, kind: str) -> str:
    """Return a drawing of one hundred units width, which is stretched to the width that its place has.

    Args:
        content: What it shows.
        high: Its height in units.
        description: What it shows, in words that are read out.
        kind: Its CSS class.
    """
    return (
        f"<svg class='{kind}' viewBox='0 0 100 {high}' preserveAspectRatio='none' role='img' "
        f"aria-label='{escape(description)}'>{content}</svg>"
    )
