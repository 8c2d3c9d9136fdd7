"""A report as plain text for a terminal, coloured where that is wanted."""

from __future__ import annotations

import os
import shutil
import sys
import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING

from worldkit.core.characters import shorten
from worldkit.core.ending_tone import ending_tone
from worldkit.core.json_values import escape_unprintable
from worldkit.core.quoting import format_count
from worldkit.reporting.exploration_digest import cover_digest, digest
from worldkit.reporting.exploration_parts import Digest, EndingSummary, Entry, RunSummary

if TYPE_CHECKING:
    from worldkit.exploration import Exploration

MAX_UNCUT_STEPS = 12
"""A run of more steps loses its middle."""

MAX_FINDINGS = 10
_MIN_WIDTH = 40
_MAX_WIDTH = 110
_CODES = {"error": "31", "warning": "33", "info": "2", "good": "32", "bold": "1", "soft": "2"}
_TONES = {"win": "good", "lose": "error", "other": "soft"}
MAX_KIND = 24
"""Characters of a word for an ending."""

_MARKS = {"good": "OK", "wrong": "!!", "open": "??"}
_TAGS = {"error": "error", "warning": "warning", "info": "note"}


def text(
    exploration: Exploration, width: int | None = None, color: bool | None = None, max_findings: int = MAX_FINDINGS
) -> str:
    """Return a report as text.

    Args:
        width: Characters in a line; the terminal's when None, 110 at most.
        color: Colour it. When None, only if standard output is a terminal and ``NO_COLOR`` is not set.
        max_findings: So many findings of a kind are told; the rest is counted.
    """
    across = max(_MIN_WIDTH, width or min(_MAX_WIDTH, shutil.get_terminal_size().columns))
    page = _Page(across, _wants_colour() if color is None else color)
    summary = digest(exploration, max_findings)
    lines = [*_head(page, summary), *_findings(page, summary), *_endings(page, summary)]
    if exploration.exact:
        cover_sentence = cover_digest(exploration, exploration.cover(1.0), max_runs=0).sentence
        lines += ["", page.inked("Runs that cover everything", "bold"), *page.wrapped(cover_sentence, "  ")]
    return "\n".join(lines)


def _wants_colour() -> bool:
    # https://no-color.org: any value but the empty one
    return not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb" and sys.stdout.isatty()


class _Page:
    def __init__(self, width: int, color: bool) -> None:
        self.width = width
        self.color = color

    def inked(self, text: str, tone: str) -> str:
        return f"\x1b[{_CODES[tone]}m{text}\x1b[0m" if self.color else text

    def wrapped(self, text: str, indent: str, first: str | None = None) -> list[str]:
        start = indent if first is None else first
        flat = escape_unprintable(" ".join(text.split()))
        return textwrap.wrap(
            flat, self.width, initial_indent=start, subsequent_indent=indent, break_on_hyphens=False
        ) or [start.rstrip()]


def _head(page: _Page, digest: Digest) -> Iterator[str]:
    tone = digest.worst if digest.mark == "wrong" else "good" if digest.mark == "good" else "warning"
    mark = _MARKS[digest.mark]
    first, *rest = page.wrapped(digest.verdict, "   ", f"{mark} ")
    yield page.inked(mark, tone) + page.inked(first[len(mark) :], "bold")
    yield from (page.inked(line, "bold") for line in rest)
    figures = ", ".join(f"{value} {noun}" for value, noun in digest.figures)
    yield from page.wrapped(f"{digest.title}: {figures}", "   ")


def _findings(page: _Page, digest: Digest) -> Iterator[str]:
    for group in digest.groups:
        yield ""
        yield page.inked(group.title, "bold")
        for entry in group.entries:
            yield from _entry(page, entry)
        if group.more:
            yield f"  and {group.more:,} more: r.to_frame()"


def _entry(page: _Page, entry: Entry) -> Iterator[str]:
    tag = _TAGS[entry.severity]
    first, *rest = page.wrapped(entry.message, "    ", f"  {tag} ")
    yield "  " + page.inked(tag, entry.severity) + first[2 + len(tag) :]
    yield from rest
    yield from page.wrapped(entry.fix, "           ", "    to do: ")
    if entry.run is not None and entry.run.length:
        yield from page.wrapped(chain(entry.run), "           ", "    way:   ")
        yield page.inked(f"    play:  wk.play(r.world, trace=r.findings[{entry.index}].route)", "soft")


def _endings(page: _Page, digest: Digest) -> Iterator[str]:
    if not digest.endings:
        return
    yield ""
    yield page.inked("Shortest ways to the endings", "bold")
    for end in digest.endings:
        tone = _TONES[ending_tone(end.kind)]
        kind = shorten(escape_unprintable(" ".join(end.kind.split())), MAX_KIND)
        first, *rest = page.wrapped(f"{end.title} ({end.state}): {_way(end)}", "       ", "       ")
        yield "  " + page.inked(f"{kind:4}", tone) + first[6:]
        yield from rest
    if digest.endings_more:
        yield f"  and {digest.endings_more:,} more: r.routes"


def _way(end: EndingSummary) -> str:
    if end.run is None:
        return {False: "out of reach", None: "not seen; not decided", True: "not searched for"}[end.reached]
    length = end.run.length
    return f"{format_count(length, 'step')}: {chain(end.run)}"


def chain(run: RunSummary, short: int = MAX_UNCUT_STEPS) -> str:
    """Return a run as a chain of states and labels: ``yard > step into the kitchen > kitchen``.

    Args:
        short: A run of more steps loses its middle.
    """
    parts = [run.start]
    for at, hop in enumerate(run.hops):
        point = "(no way back from here) " if at == run.crossing else ""
        changes_state = hop.state != hop.origin or hop.through
        parts.append(
            f"{point}{hop.label}" + "".join(f" > {id}" for id in (*hop.through[:-1], hop.state) if changes_state)
        )
    if len(parts) > short + 1:
        tail = short - 4
        if run.crossing is not None:
            tail = max(tail, len(run.hops) - run.crossing)
        hidden_count = len(parts) - 4 - tail
        if hidden_count > 1:
            parts = [*parts[:4], f"... {hidden_count} more steps ...", *parts[-tail:]]
    if run.more:
        parts.append(f"and {run.more:,} more steps")
    return " > ".join(parts)
