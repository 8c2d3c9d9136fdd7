"""How a session shows itself in a terminal and in a notebook cell; text from a world is always escaped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from worldkit.core.quoting import on_one_line, page_text
from worldkit.core.spoken_names import world_title
from worldkit.playing.narration import scene_line
from worldkit.playing.offers import Offer

if TYPE_CHECKING:
    from worldkit.playing.session_view import SessionView


def text(session: SessionView) -> str:
    """Return a session as a few lines of text."""
    title = world_title(session.world)
    lines = [f"Session of {title!r}: in {session.state!r}, {session.clock} ms, {len(session.trace)} fired"]
    lines += [f"  “{on_one_line(line)}”" for line in (session.line, scene_line(session)) if line]
    if session.ended:
        lines.append(f"  ended: {on_one_line(session.ended.kind)}, {' '.join(session.ended.title.split())!r}")
    if session.stopped is not None:
        lines.append(f"  stopped: {on_one_line(session.stopped) or 'without words'}")
    lines.append(f"  flags: {', '.join(sorted(map(on_one_line, session.flags))) or 'none'}")
    lines += [f"  {_offer_text(offer)}" for offer in session.offers]
    if hidden_offers := session.hidden_offers:
        lines.append(f"  hidden: {', '.join(repr(offer.name) for offer in hidden_offers)}")
    if session.terminal:
        lines.append(f"  console open: {session.terminal.name!r}")
    if playing := session.playing:
        goal = on_one_line(playing.waits_for)
        lines.append(f"  playing {playing.event!r}: waits for {goal}, until {playing.until} ms at most")
    if variant := session.chosen.get(session.state):
        lines.append(f"  variant: {variant!r}")
    return "\n".join(lines)


def page(session: SessionView) -> str:
    """Return a session as a piece of HTML without script, style sheets or links."""
    parts = [
        f"<p><strong>{page_text(world_title(session.world))}</strong>: <code>{page_text(session.state)}</code></p>"
    ]
    lines = (session.line, scene_line(session))
    parts += [f"<blockquote>{page_text(line)}</blockquote>" for line in lines if line]
    if session.ended:
        subtitle = f" {page_text(session.ended.subtitle)}" if session.ended.subtitle else ""
        parts.append(
            f"<p><strong>{page_text(session.ended.kind)}: {page_text(session.ended.title)}</strong>{subtitle}</p>"
        )
    if session.stopped is not None:
        parts.append(f"<p><strong>stopped</strong> {page_text(session.stopped)}</p>")
    rows = [_row(offer, "") for offer in session.offers] + [_row(offer, "hidden") for offer in session.hidden_offers]
    if rows:
        head = "<tr><th>fire</th><th>label</th><th>kind</th><th>key</th><th></th></tr>"
        parts.append(f"<table>{head}{''.join(rows)}</table>")
    if playing := session.playing:
        waits = f"waits for {page_text(playing.waits_for)}, until {playing.until} ms at most"
        parts.append(f"<p>Playing <code>{page_text(playing.event)}</code>: {waits}.</p>")
    if variant := session.chosen.get(session.state):
        parts.append(f"<p>Variant: <code>{page_text(variant)}</code>.</p>")
    flags = ", ".join(f"<code>{page_text(flag)}</code>" for flag in sorted(session.flags)) or "none"
    parts.append(f"<p>Flags: {flags}. Clock: {session.clock} ms. Fired: {len(session.trace)}.</p>")
    return f"<div>{''.join(parts)}</div>"


def _offer_text(offer: Offer) -> str:
    mark = "fire" if offer.available else "locked"
    hint = "" if offer.available else f": {on_one_line(offer.hint or '')}"
    return f"{mark} {offer.name!r} ({on_one_line(offer.label)}, {on_one_line(offer.kind)}){hint}"


def _row(offer: Offer, note: str) -> str:
    if not offer.available:
        note = f"{note} locked: {offer.hint}".strip()
    cells = [offer.label, offer.kind, offer.hotkey or "", note]
    columns = "".join(f"<td style='text-align:left'>{page_text(cell)}</td>" for cell in cells)
    return f"<tr><td style='text-align:left'><code>{page_text(offer.name)}</code></td>{columns}</tr>"
