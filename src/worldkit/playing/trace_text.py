"""How a step and a trace show themselves: as text, and as a table in a notebook cell; text of a world is escaped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from worldkit.core.quoting import format_count, on_one_line, page_text
from worldkit.editing.labels import label

if TYPE_CHECKING:
    from worldkit.playing.trace import Step, Trace


def step_text(step: Step) -> str:
    """Return a step on one line."""
    name = f"{step.event!r}" + ("" if step.by == "player" else f" by {step.by}")
    time = f"at {step.at} ms" if step.until == step.at else f"at {step.at} to {step.until} ms"
    return f"Step({', '.join([name, _outcome(step), time, *_effects(step)])})"


def _outcome(step: Step) -> str:
    if step.playing:
        return "playing"
    if step.console:
        return "opened a console"
    if step.by == "author":
        return f"in {step.state!r}"
    if step.moved or step.through:
        return f"{step.origin!r} -> {step.state!r}"
    return f"stayed in {step.state!r}"


def _effects(step: Step) -> list[str]:
    parts: list[str] = []
    if step.granted:
        parts.append(f"granted {list(step.granted)}")
    if step.revoked:
        parts.append(f"revoked {list(step.revoked)}")
    if step.variant is not None:
        parts.append(f"variant {step.variant!r}")
    if step.used:
        parts.append("used up")
    if step.skipped:
        parts.append(f"cutscene {step.cutscene!r} skipped")
    if step.evidence:
        parts.append(f"arrival {step.evidence}")
    if step.ops:
        parts.append(label(step.ops))
    if step.outro:
        parts.append("outro played")
    if step.line:
        parts.append(f"“{on_one_line(step.line)}”")
    return parts


def text(trace: Trace) -> str:
    """Return a trace as lines: what it is, then its steps."""
    count = len(trace.steps)
    head = (
        f"Trace of {format_count(count, 'event')}, {trace.clock} ms, from {trace.start.state!r}, seed {trace.seed}"
        + ("" if trace.mode == "instant" else f", {trace.mode}")
        + ("" if trace.playing is None else f", {trace.playing.event!r} playing")
    )
    return "\n".join([head, *(f"  {number:3} {step!r}" for number, step in enumerate(trace.steps, 1))])


def page(trace: Trace) -> str:
    """Return a trace as a table of HTML."""
    head = "<tr><th></th><th>at</th><th>event</th><th>by</th><th>state</th><th>granted</th><th>shown</th></tr>"
    rows = "".join(_row(number, step) for number, step in enumerate(trace.steps, 1))
    start = page_text(f"From {trace.start!r}, seed {trace.seed}, {trace.clock} ms in all.")
    return f"<table><caption>{start}</caption>{head}{rows}</table>"


def _row(number: int, step: Step) -> str:
    texts = (step.event, step.by, step.state, ", ".join(step.granted), step.line)
    cells = "".join(f"<td style='text-align:left'>{page_text(cell)}</td>" for cell in texts)
    return f"<tr><td>{number}</td><td>{step.at}</td>{cells}</tr>"
