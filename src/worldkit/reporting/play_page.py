"""A world as one page that can be played: nothing is fetched, no kernel or server is needed.

Text of the world reaches the page as JSON in which no tag can begin, and is shown as text. The one script is allowed by
its hash, and drawings are shown as images, so that neither a name nor a picture can run anything.
"""

from __future__ import annotations

import base64
import hashlib
import json
from html import escape
from pathlib import Path

from worldkit.core.html_page import html_page
from worldkit.playing.view import time_uses
from worldkit.reporting.play_page_parts import SCRIPT, STYLE
from worldkit.reporting.play_table import play_table
from worldkit.world import World

BODY = """<main>
<header><h1 id="title"></h1>
<nav><button id="back" type="button">Back</button> <button id="again" type="button">Restart</button></nav></header>
<figure><img id="picture" alt=""></figure>
<section id="scene" tabindex="-1" aria-live="polite">
<h2 id="place" dir="auto"></h2><p id="told" dir="auto"></p><p id="line" dir="auto"></p>
<p id="prose" dir="auto"></p></section>
<div id="choices"></div>
<footer>{footer}</footer>
<noscript>This page needs JavaScript to be played.</noscript>
</main>"""


FOOTER = "A scene without a picture of its own shows one that was drawn from its text."
TIME_FOOTER = f"Time stands still until you choose. {FOOTER}"


def to_html(world: World, path: str | Path | None = None) -> str:
    """Return a world as a page that can be played; see ``World.to_html``.

    Args:
        path: Write it there as well.

    Raises:
        WorldError: It has no states, or too many positions.
        OSError: It cannot be written.
    """
    table = play_table(world)
    data = json.dumps(table, ensure_ascii=True, separators=(",", ":"))
    for sign in "<>&":
        data = data.replace(sign, f"\\u{ord(sign):04x}")
    script_hash = base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()
    policy = f"default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-{script_hash}'"
    body = BODY.format(footer=TIME_FOOTER if any(time_uses(world).values()) else FOOTER)
    return html_page(
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f'<meta name="color-scheme" content="light dark"><title>{escape(table["title"])}</title>'
        f"<style>{STYLE}</style></head><body>\n{body}\n"
        f'<script type="application/json" id="world">{data}</script>\n<script>{SCRIPT}</script></body></html>\n',
        path,
    )
