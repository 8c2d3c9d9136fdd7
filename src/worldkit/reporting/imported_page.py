"""How an import shows itself: the world, and a line for each thing that was lost."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from worldkit.core.quoting import format_count, on_one_line

if TYPE_CHECKING:
    from worldkit.interop.stories.imported import Imported

MAX_LINES = 20
"""How many things that were lost are shown as text."""
MAX_ROWS = 200
"""How many things that were lost are shown as HTML."""


def _heading(result: Imported[Any]) -> str:
    count = len(result.lost)
    if not count:
        return "nothing was lost"
    return f"{format_count(count, 'thing')} could not be expressed exactly:"


def text(result: Imported[Any]) -> str:
    """Return an import as plain text."""
    lines = [repr(result.world), _heading(result)]
    lines += [f"  {on_one_line(str(loss))}" for loss in result.lost[:MAX_LINES]]
    if len(result.lost) > MAX_LINES:
        lines.append(f"  and {len(result.lost) - MAX_LINES:,} more in .lost")
    return "\n".join(lines)


def fragment(result: Imported[Any]) -> str:
    """Return an import as a piece of HTML, for a notebook's cell."""
    rows = "".join(_row("td", loss.where, loss.what, loss.why) for loss in result.lost[:MAX_ROWS])
    head = _row("th", "where", "what", "why, and what the world has instead")
    table = f"<table>{head}{rows}</table>" if rows else ""
    rest_text = (
        f"<p>and {len(result.lost) - MAX_ROWS:,} more in <code>.lost</code></p>" if len(result.lost) > MAX_ROWS else ""
    )
    return f"<p><strong>{escape(repr(result.world))}</strong></p><p>{_heading(result)}</p>{table}{rest_text}"


def _row(tag: str, *parts: str) -> str:
    cells = (f"<{tag} style='text-align:left'>{escape(on_one_line(part))}</{tag}>" for part in parts)
    return f"<tr>{''.join(cells)}</tr>"
