"""Plots of a playtest, drawn with matplotlib."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from worldkit.core.argument_checks import refusal
from worldkit.core.characters import shorten
from worldkit.core.errors import MissingExtra
from worldkit.core.quoting import on_one_line
from worldkit.core.spoken_names import world_title
from worldkit.reporting.playtest_charts import thinned
from worldkit.reporting.playtest_style import COLOURS
from worldkit.simulation.tally import OUT_OF_STEPS, OUTCOMES

if TYPE_CHECKING:
    import matplotlib.axes

    from worldkit.simulation.result import Playtest

MAX_TITLE_LENGTH = 40


def plot(playtest: Playtest, what: str, ax: Any = None) -> matplotlib.axes.Axes:
    """Draw one plot of a playtest, and return its axes."""
    drawers = {"endings": _endings, "pacing": _pacing, "coverage": _coverage}
    if what not in drawers:
        raise refusal("what", f"one of {', '.join(drawers)}", what)
    if ax is not None and not callable(getattr(ax, "barh", None)):
        raise refusal("ax", "axes of matplotlib, or None for new ones", ax)
    if ax is None:
        try:
            from matplotlib import pyplot
        except ImportError:
            raise MissingExtra("Playtest.plot", "lab", "matplotlib") from None
        tall = max(1.6, 0.5 * len(playtest.endings_by_share) + 1.2) if what == "endings" else 3.6
        _, ax = pyplot.subplots(figsize=(7, tall), layout="constrained")
    drawers[what](playtest, ax)
    ax.spines[["top", "right"]].set_visible(False)
    axes: matplotlib.axes.Axes = ax
    return axes


def _endings(playtest: Playtest, ax: Any) -> None:
    by_share = playtest.endings_by_share[::-1]
    shares = [100 * ending.share for ending in by_share]
    low = [100 * (ending.share - ending.low) for ending in by_share]
    high = [100 * (ending.high - ending.share) for ending in by_share]
    places = range(len(by_share))
    ax.barh(places, shares, height=0.6, color=COLOURS["ended"])
    ax.errorbar(shares, places, xerr=[low, high], fmt="none", ecolor="0.35", elinewidth=1.2, capsize=3)
    ax.set_yticks(places, [_safe(ending.title or ending.state) for ending in by_share])
    ax.set_xlim(0, 100)
    ax.set_xlabel(f"% of {playtest.runs:,} plays, with 95 % interval")
    ax.set_title(f"Endings of {_safe(world_title(playtest.world))}", loc="left")


def _pacing(playtest: Playtest, ax: Any) -> None:
    tally = playtest.tally
    # those that ran out all took the same number of steps, and would dwarf the others
    steps_by_ending: dict[str, list[int]] = {}
    for code, name in enumerate(OUTCOMES):
        step_counts = [
            steps for steps, outcome in zip(tally.steps, tally.outcomes, strict=True) if outcome == code != OUT_OF_STEPS
        ]
        if step_counts:
            steps_by_ending[name] = step_counts
    longest = max((steps for step_counts in steps_by_ending.values() for steps in step_counts), default=0)
    width = max(1, -(-(longest + 1) // 40))
    edges = [start - 0.5 for start in range(0, longest + width + 1, width)]
    if steps_by_ending:
        colours = [COLOURS[name] for name in steps_by_ending]
        ax.hist(list(steps_by_ending.values()), bins=edges, stacked=True, label=list(steps_by_ending), color=colours)
    out = playtest.out_of_steps
    ax.set_xlabel("steps" + (f" ({out:,} plays that took all {playtest.steps:,} are left out)" if out else ""))
    ax.set_ylabel("plays")
    ax.set_title(f"How long plays of {_safe(world_title(playtest.world))} took", loc="left")
    if steps_by_ending:
        ax.legend(frameon=False)


def _coverage(playtest: Playtest, ax: Any) -> None:
    part = playtest.coverage["events"]
    points = [*thinned(playtest.curve), (max(1, playtest.runs), part.seen)]
    ax.step(
        [run for run, _ in points], [event_count for _, event_count in points], where="post", color=COLOURS["ended"]
    )
    ax.axhline(part.of, color="0.5", linestyle="--", linewidth=1)
    label = "all events" if part.reachable is None else "all that can be fired"
    ax.annotate(f"{label}: {part.of:,}", (1, part.of), xytext=(2, 3), textcoords="offset points", color="0.4")
    ax.set_xscale("log")
    ax.set_ylim(0, max(1, part.of) * 1.12)
    ax.set_xlabel("plays")
    ax.set_ylabel("events fired at least once")
    ax.set_title(f"Coverage of {_safe(world_title(playtest.world))}", loc="left")


def _safe(text: str) -> str:
    # matplotlib reads what stands between dollar signs as formulas
    return shorten(on_one_line(text), MAX_TITLE_LENGTH).replace("$", r"\$")
