"""A comparison as HTML where nothing runs: the map with its marks, and every change with its fields.

World text is escaped wherever it comes in; there is no script, and nothing is fetched.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from html import escape

from worldkit.comparison import Diff
from worldkit.comparison.words import separated
from worldkit.core.json_values import Json, escape_unprintable
from worldkit.drawing.chart import TITLE, Chart, make_chart
from worldkit.drawing.coverage import title_line_y, view_box, whole_view
from worldkit.drawing.palette import DARK, LIGHT
from worldkit.layout.curves import format_number
from worldkit.layout.measures import CARD_H, CARD_W
from worldkit.layout.moves import moves
from worldkit.layout.text import clean, xml
from worldkit.widgets.changes import MapChange, field_change_json, heading, pictures_of_change, world_title
from worldkit.widgets.overlay_graph import OverlayGraph
from worldkit.widgets.state_pictures import MAX_THUMBNAIL_SRC
from worldkit.world import World

_SEPARATORS = {"": "", "space": " ", "line": "\n"}

MAX_CHANGES = 200
"""So many changes are listed; the others are counted."""

MAX_PICTURES = 60
MAX_CELL_PICTURES = 8
"""So many states are shown as they looked before and look now, on a page and in a cell's output, which every save of
the notebook carries."""

MAX_MAP_CHARACTERS = 1_500_000
"""A map of more characters stays out: every save of a notebook would carry it."""

MARK_LABELS = {
    "added": "Added",
    "removed": "Removed",
    "renamed": "Renamed",
    "changed": "Changed",
    "moved": "Moved in the order",
    "was": "Old path",
}
"""What each mark is called."""

ICONS = {
    "added": "M6 2.2v7.6M2.2 6h7.6",
    "removed": "M2.2 6h7.6",
    "renamed": "M1.8 6h8M7 3.2 9.8 6 7 8.8",
    "changed": "M2 7.2c1.4-3 2.8-3 4-1.2s2.6 1.8 4-1.2",
    "moved": "M6 1.6v8.8M3.6 4 6 1.6 8.4 4M3.6 8 6 10.4 8.4 8",
    "was": "M2.2 6h7.6",
}
"""Icons on a 12 by 12 grid, one a mark, so that none is told by colour alone."""

MARK_COLOURS = {
    "added": ("#12704f", "#6fd3a8"),
    "removed": ("#b23c17", "#ff9f7d"),
    "touched": ("#6a3fb5", "#c3a6ff"),
}
"""Colours in light and dark that colour-blind eyes tell apart."""

_CSP = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
_FRONT_STYLE = "box-sizing:border-box;max-width:1080px;margin:0 auto;padding:24px 28px 0;font:14px system-ui,sans-serif"
_STYLE_SHEET = """
{box-sizing:border-box;max-width:1080px;margin:0 auto;padding:24px 28px 28px;border-radius:8px;background:var(--ground);
color:var(--ink);font:14px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif;
text-align:left;overflow-wrap:anywhere}
 *{box-sizing:border-box}
 :is(h1,h2,h3,p,ul){margin:0;padding:0;list-style:none}
 :is(h1,h2){font-size:20px;line-height:28px;font-weight:600}
 h3{margin:24px 0 4px;font-size:14px;line-height:22px;font-weight:600}
 .soft{color:var(--soft)}
 figure{margin:16px 0 0;border:1px solid var(--line);border-radius:8px;background:var(--card);overflow:hidden}
 figure svg{display:block;width:100%;max-height:560px}
 figcaption{display:flex;flex-wrap:wrap;gap:4px 20px;padding:8px 14px;border-top:1px solid var(--line)}
 .mark{display:inline-flex;gap:6px;align-items:center;white-space:nowrap;font-size:12px;font-weight:600}
 .mark svg{width:14px;height:14px;fill:none;stroke:currentColor;stroke-width:1.8;stroke-linecap:round}
 .added{color:var(--added)}
 .removed,.was{color:var(--removed)}
 :is(.renamed,.changed,.moved){color:var(--touched)}
 li{padding:8px 0;border-top:1px solid var(--line)}
 .head{display:flex;flex-wrap:wrap;gap:4px 12px;align-items:baseline}
 .head b{font-weight:600}
 .field{margin:6px 0 0 20px}
 .field>code{padding:0;border:0;background:none;color:var(--soft);font:12px/18px ui-monospace,Menlo,Consolas,
'DejaVu Sans Mono',monospace}
 .field>div{white-space:pre-wrap}
 ins{color:inherit;background:color-mix(in srgb,var(--added) 16%,transparent);text-decoration:underline;
text-decoration-color:var(--added);text-underline-offset:3px;text-decoration-thickness:2px}
 del{color:inherit;background:color-mix(in srgb,var(--removed) 16%,transparent);text-decoration:line-through;
text-decoration-color:var(--removed)}
 .looks{display:flex;flex-wrap:wrap;gap:8px;margin:8px 0 8px 20px}
 .looks figure{flex:0 1 240px;margin:0}
 .looks img{display:block;width:100%;height:auto}
 .looks figcaption{padding:2px 10px;font-size:12px}
 .whole :is(ins,del){background:none;text-decoration:none}
 .ways path{fill:none;stroke:var(--edge);stroke-width:4}
 .ways .tip{fill:var(--edge);stroke:none}
 .ways :is(.added,.removed,.was,.renamed,.changed,.moved) path{stroke:currentColor;stroke-width:8}
 .ways :is(.added,.removed,.was,.renamed,.changed,.moved) .tip{fill:currentColor;stroke:none}
 .ways :is(.removed,.was) path{stroke-dasharray:22 16}
 .face{fill:var(--card);stroke:var(--edge);stroke-width:3}
 .node text{fill:var(--ink);text-anchor:middle;font-weight:600;font-size:44px}
 .node:is(.added,.removed,.renamed,.changed,.moved) .face{stroke:currentColor;stroke-width:10}
 .node.removed .face{stroke-dasharray:26 18}
 .node.removed text{text-decoration:line-through}
 .badge circle{fill:currentColor}
 .badge path{fill:none;stroke:var(--card);stroke-width:2;stroke-linecap:round;stroke-linejoin:round}
"""


def page(
    a: World,
    b: World,
    difference: Diff,
    graph: OverlayGraph,
    change_list: Sequence[MapChange],
    html_in_front: str = "",
) -> str:
    """Return a comparison as a page that stands alone.

    Args:
        html_in_front: What stands before it.
    """
    title = escape(f"{world_title(a, 'Before')} and {world_title(b, 'After')} compared")
    inside = fragment(a, b, difference, graph, change_list, "h1", MAX_PICTURES)
    if html_in_front:
        inside = f'<div style="{_FRONT_STYLE}">{html_in_front}</div>\n{inside}'
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_CSP}">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f'<meta name="color-scheme" content="light dark"><title>{title}</title>'
        f"<style>body{{margin:0;background:{LIGHT['ground']}}}"
        f"@media (prefers-color-scheme:dark){{body{{background:{DARK['ground']}}}}}</style>"
        f"</head><body><main>\n{inside}\n</main></body></html>\n"
    )


def fragment(
    a: World,
    b: World,
    difference: Diff,
    graph: OverlayGraph,
    change_list: Sequence[MapChange],
    level: str = "h2",
    max_pictures: int = MAX_CELL_PICTURES,
) -> str:
    """Return a comparison as a piece of HTML, to be put into a page; its style sheet is about nothing else there.

    Args:
        change_list: What differs, to be listed.
        level: The element of the heading.
        max_pictures: So many states are shown as they looked before and look now.
    """
    titles = dict.fromkeys((world_title(a, "Before"), world_title(b, "After")))
    body = [
        f"<{level}>{heading(difference)}</{level}>",
        f'<p class="soft">{" → ".join(map(_escaped, titles))}</p>',
        *_figure(graph, change_list),
        *_change_list(a, b, change_list, max_pictures),
    ]
    scope = "wk" + hashlib.sha256("".join(body).encode("utf-8", "replace")).hexdigest()[:10]
    return f'<div class="{scope}"><style>{_style(scope)}</style>\n{"".join(body)}</div>'


def _style(scope: str) -> str:
    rules = _STYLE_SHEET.strip().replace("\n ", "\0 ").replace("\n", "").split("\0")
    shape = "".join(f".{scope}{rule}" for rule in rules)
    return f"{_colours(scope, 0)}{shape}@media (prefers-color-scheme:dark){{{_colours(scope, 1)}}}"


def _colours(scope: str, theme: int) -> str:
    palette = (LIGHT, DARK)[theme]
    colours = {name: palette[name] for name in ("ground", "card", "line", "ink", "soft", "edge")}
    colours |= {name: pair[theme] for name, pair in MARK_COLOURS.items()}
    return f".{scope}{{{';'.join(f'--{name}:{value}' for name, value in colours.items())}}}"


def _escaped(text: str) -> str:
    return escape(escape_unprintable(text))


def _mark(mark: str) -> str:
    icon = f'<svg viewBox="0 0 12 12" aria-hidden="true"><path d="{ICONS[mark]}"/></svg>'
    return f'<span class="mark {mark}">{icon}{MARK_LABELS[mark]}</span>'


# ---- the map -------------------------------------------------------------------------------------


def _figure(graph: OverlayGraph, change_list: Sequence[MapChange]) -> Iterator[str]:
    if not graph.world.states:
        return
    map_chart = make_chart(graph.world, graph.positions)
    picture = f'<g class="ways">{"".join(_transitions(map_chart, graph))}</g>{"".join(_nodes(map_chart, graph))}'
    if len(picture) > MAX_MAP_CHARACTERS:
        return
    marks = [mark for mark in MARK_LABELS if any(mark in change.marks for change in change_list)]
    if any(piece.mark == "was" for piece in graph.pieces):
        marks.append("was")
    label = f"Map of both worlds: {len(graph.world.states):,} states, {len(change_list):,} changes"
    yield f'<figure><svg viewBox="{view_box(whole_view(map_chart))}" role="img" aria-label="{label}">{picture}</svg>'
    yield f"<figcaption>{''.join(_mark(mark) for mark in dict.fromkeys(marks))}</figcaption></figure>"


def _transitions(map_chart: Chart, graph: OverlayGraph) -> Iterator[str]:
    if map_chart.detail != "full":
        centers = {card.id: (card.x + CARD_W // 2, card.y + CARD_H // 2) for card in map_chart.cards}
        for move in moves(graph.world):
            mark = graph.pieces[move.index].mark
            if mark != "same":
                (x, y), (to_x, to_y) = centers[move.source], centers[move.target]
                yield f'<g class="{mark}"><path d="M{x} {y}L{to_x} {to_y}"/></g>'
        return
    for move, line in zip(moves(graph.world), map_chart.lines, strict=True):
        piece = graph.pieces[move.index]
        title = f"<title>{xml(clean(piece.label, 80))}: {MARK_LABELS.get(piece.mark, 'The same')}</title>"
        yield f'<g class="{piece.mark}">{title}<path d="{line.d}"/><path class="tip" d="{line.head}"/></g>'


def _nodes(map_chart: Chart, graph: OverlayGraph) -> Iterator[str]:
    for card in map_chart.cards:
        mark = graph.marks.get(card.id, "same")
        rows = "".join(
            f'<tspan x="{CARD_W // 2}" y="{format_number(title_line_y(card, index))}">{xml(line)}</tspan>'
            for index, line in enumerate(card.lines)
        )
        size = "" if card.size == TITLE else f' style="font-size:{card.size}px"'
        badge = (
            f'<circle r="34"/><path transform="scale(3.6) translate(-6 -6)" d="{ICONS[mark]}"/>'
            if mark in ICONS
            else ""
        )
        yield (
            f'<g class="node {mark}" transform="translate({card.x} {card.y})">'
            f"<title>{xml(clean(card.id, 80))}: {MARK_LABELS.get(mark, 'The same')}</title>"
            f'<rect class="face" width="{CARD_W}" height="{CARD_H}" rx="14"/>'
            f"<text{size}>{rows}</text>{f'<g class=badge>{badge}</g>' if badge else ''}</g>"
        )


# ---- the list ------------------------------------------------------------------------------------


def _change_list(a: World, b: World, change_list: Sequence[MapChange], max_pictures: int) -> Iterator[str]:
    names = {"world": "World", "state": "States", "event": "Events"}
    for kind, name in names.items():
        group = [change for change in change_list[:MAX_CHANGES] if change.kind == kind]
        if not group:
            continue
        looks = [_looks(a, b, change) for change in group[:max_pictures]] if kind == "state" else []
        looks += [""] * (len(group) - len(looks))
        yield f"<h3>{name}</h3><ul>{''.join(map(_change, group, looks))}</ul>"
    rest = len(change_list) - MAX_CHANGES
    if rest > 0:
        yield f'<p class="soft">And {rest:,} more.</p>'


def _looks(a: World, b: World, change: MapChange) -> str:
    """Return how a state looked and looks; empty where it looks the same."""
    pictures = pictures_of_change(a, b, change)
    if len({picture and picture.src for picture in pictures}) == 1:
        return ""
    figures = [
        f'<figure><img src="{escape(picture.src)}" width="640" height="360" alt="{_escaped(picture.label)}">'
        f"<figcaption>{word}</figcaption></figure>"
        for word, picture in zip(("Before", "After"), pictures, strict=True)
        if picture is not None and len(picture.src) <= MAX_THUMBNAIL_SRC
    ]
    return f'<div class="looks">{"".join(figures)}</div>' if figures else ""


def _change(change: MapChange, looks: str) -> str:
    old_name = f"<del>{_escaped(change.old_name)}</del> → " if change.old_name is not None else ""
    head = f"{''.join(_mark(mark) for mark in change.marks)}<span>{old_name}<b>{_escaped(change.id)}</b></span>"
    # of a thing that is new or gone, marking every word would only make it hard to read
    is_whole = change.marks[0] in ("added", "removed")
    fields = "".join(_field(field_change_json(field)) for field in change.fields)
    fields = f"<div class=whole>{fields}</div>" if is_whole else fields
    return f'<li><div class="head">{head}</div>{looks}{fields}</li>'


def _field(field: Json) -> str:
    if "words" in field:
        markup = _words_html(field["words"])
    elif "items" in field:
        markup = ", ".join(_word_html(tag, text) for tag, text in field["items"])
    else:
        sides = (("del", field.get("before")), ("ins", field.get("after")))
        markup = "\n".join(_word_html(tag, text) for tag, text in sides if text is not None)
    return f'<div class="field"><code>{_escaped(field["path"])}</code><div>{markup}</div></div>'


def _words_html(pieces: Sequence[tuple[str, str]]) -> str:
    """Return a changed text; where more than a few words were replaced, those in their place begin a new line."""
    markup = (_SEPARATORS[separator] + _word_html(tag, text) for separator, tag, text in separated(pieces))
    return "".join(markup).strip()


def _word_html(tag: str, text: str) -> str:
    if tag == "gap":
        return f' <span class="soft" title="{text} characters the same">…</span> '
    markup = "\n".join(_escaped(line) for line in text.split("\n"))
    if tag != "same" and not text.strip():
        markup = markup.replace("\n", "⏎\n")  # a line break alone that came or went would not be seen
    return markup if tag == "same" else f"<{tag}>{markup or '&nbsp;'}</{tag}>"
