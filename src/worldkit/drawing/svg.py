"""A world as one standalone SVG picture, without scripts, fonts or other resources.

Saved notebooks, code hosts and READMEs show it where no code runs.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from worldkit.core.argument_checks import checked, refusal
from worldkit.core.argument_ranges import expect_count
from worldkit.core.diagnostics import Diagnostic
from worldkit.core.document import Document, json_of
from worldkit.core.model import Event
from worldkit.core.quoting import format_count
from worldkit.core.spoken_names import world_title
from worldkit.core.unsent_prose import own_prose
from worldkit.drawing.card import card, chip_rise
from worldkit.drawing.card_picture import CLIP, card_picture
from worldkit.drawing.edge_labels import Label, make_label, place_labels
from worldkit.drawing.icons import icon
from worldkit.drawing.marks import Marks, marks_by_item, worst_tone
from worldkit.drawing.overview import is_large, overview
from worldkit.drawing.palette import Theme, style, style_of_widths
from worldkit.layout.curves import Path, Point, format_number
from worldkit.layout.measures import CARD_H, CARD_W, Position
from worldkit.layout.moves import MapMove, moves
from worldkit.layout.occupancy import Rect, RectIndex
from worldkit.layout.place_arguments import read_places
from worldkit.layout.placement import layout as laid_out
from worldkit.layout.routing import routes
from worldkit.layout.text import clean, shorten, xml
from worldkit.layout.text import width as text_width

MARGIN = 48
"""Around a picture, in pixels."""

_HEADER = 72
_LEGEND = 40
_LEGEND_ROW = 20
_MAX_DISPLAY_WIDTH = 960
_MAX_WIDTH = 100_000
_LINE_MARKS = frozenset({"lock", "clock", "hidden", "film"})


@checked
def to_svg(
    world: Document,
    *,
    layout: Mapping[str, Sequence[float]] | None = None,
    theme: Theme = "auto",
    diagnostics: Iterable[Diagnostic] | None = None,
    width: int | None = None,
    highlight: Collection[str] | None = None,
    pictures: bool = False,
    ids: bool = False,
) -> str:
    """Return the picture of a world's graph.

    Args:
        layout: Top-left corners of cards by state id; missing ones are computed.
        theme: ``"light"``, ``"dark"``, or ``"auto"`` to follow the reader's system.
        diagnostics: Diagnostics to mark, as from ``lint``.
        width: Width in pixels, the height follows; natural size when absent, but at most 960, a notebook cell.
        highlight: State ids and event names to highlight; everything else is faded.
        pictures: Whether cards show the picture of their state; it takes some 5,000 characters a card. A world that is
            drawn as an overview has no cards.
        ids: Whether states and events have their ids and names as code spells them, ``two_mittens``; otherwise they are
            called what players read, "Two mittens".

    Returns:
        SVG text; the same arguments give the same bytes.

    Raises:
        WrongArgument: A place is no pair of numbers, the width is not positive, or there is no such theme.
    """
    if theme not in ("auto", "light", "dark"):
        raise refusal("theme", '"auto", "light" or "dark"', theme)
    expect_count(width, "width", most=_MAX_WIDTH, unit="of pixels ", or_none=True)
    places = laid_out(world, read_places("layout", layout))
    marks = marks_by_item(diagnostics)
    names = None if highlight is None else frozenset(highlight)
    return draw(world, places, theme=theme, marks=marks, highlight=names, width=width, pictures=pictures, ids=ids)


def draw(
    world: Document,
    places: Mapping[str, Position],
    *,
    theme: Theme = "auto",
    marks: Marks | None = None,
    highlight: Collection[str] | None = None,
    width: int | None = None,
    magnification: float = 1.0,
    fills_page: bool = False,
    pictures: bool = False,
    ids: bool = False,
) -> str:
    """Return the picture of a world whose cards have places.

    Args:
        places: The top-left corner of every card.
        theme: As for ``to_svg``.
        highlight: As for ``to_svg``.
        width: As for ``to_svg``.
        magnification: How many times larger than usual text is; cards and lines show as much as there is room for.
        fills_page: Whether the picture is as wide as what it is shown in.
        pictures: As for ``to_svg``.
        ids: As for ``to_svg``.
    """
    marks, edges = marks or {}, moves(world)
    if is_large(world):
        body, left_out = overview(world, places, edges, marks, highlight, ids)
        return _document(world, body, _box(places), [], left_out, theme, width, 1.0, fills_page)
    paths = [route.path for route in routes(places, [(move.source, move.target) for move in edges])]
    labels = place_labels(
        [make_label(move, path, magnification, ids) for move, path in zip(edges, paths, strict=True)],
        paths,
        RectIndex(_card_rects(world, places, magnification)),
        optional=magnification > 1,
    )
    is_for_two_widths = fills_page and magnification > 1
    lines = _moves(edges, paths, labels, marks, highlight, "wide" if is_for_two_widths else "")
    clip = [f"<defs>{CLIP}</defs>"] if pictures else []
    body = "\n".join(
        [
            *clip,
            *lines,
            *_cards(world, places, edges, marks, highlight, magnification, is_for_two_widths, pictures, ids),
        ]
    )
    label_boxes = [label.rect(point) for label, point in filter(None, labels)]
    box, legend = _box(places, paths, label_boxes), _legend(world, edges, in_place=magnification == 1)
    return _document(world, body, box, legend, "", theme, width, magnification, fills_page)


def _card_rects(world: Document, places: Mapping[str, Position], magnification: float) -> Iterator[Rect]:
    start = world.start
    for id, (x, y) in places.items():
        yield x, y - chip_rise(world.states[id], id == start, magnification), x + CARD_W, y + CARD_H


def _box(places: Mapping[str, Position], paths: Iterable[Path] = (), labels: Collection[Rect] = ()) -> Rect:
    rects = [(x, y, x + CARD_W, y + CARD_H) for x, y in places.values()]
    rects += [path.bounds for path in paths]
    rects += labels
    if not rects:
        return 0, 0, CARD_W, 0
    lefts, tops, rights, bottoms = zip(*rects, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def _moves(
    edges: Sequence[MapMove],
    paths: Sequence[Path],
    labels: Sequence[tuple[Label, Point] | None],
    marks: Marks,
    highlight: Collection[str] | None,
    label_class: str,
) -> Iterator[str]:
    """Yield the lines, then the names, so that no line covers a name."""
    names = []
    for move, path, placed_label in zip(edges, paths, labels, strict=True):
        event = move.event
        is_highlighted = highlight is not None and event.name in highlight
        is_faded = highlight is not None and not is_highlighted
        group = ' class="faded"' if is_faded else ""
        dash = " dash" if event.hidden or event.auto_after_ms is not None else ""
        line, head = ("edge accent-edge", "accent") if is_highlighted else ("edge", "head")
        yield f'<g{group}><path class="{line}{dash}" d="{path.d}"/><path class="{head}" d="{path.arrow_head}"/></g>'
        if placed_label is None:
            continue
        edge_label, point = placed_label
        label_svg = edge_label.draw(
            point, worst_tone(marks.get(("event", event.name), ())) or ("accent" if is_highlighted else "")
        )
        label_group = " ".join(filter(None, ("faded" if is_faded else "", label_class)))
        label_attribute = f' class="{label_group}"' if label_group else ""
        names.append(f"<g{label_attribute}><title>{xml(_tooltip(move))}</title>{label_svg}</g>")
    yield from names


def _cards(
    world: Document,
    places: Mapping[str, Position],
    edges: Sequence[MapMove],
    marks: Marks,
    highlight: Collection[str] | None,
    magnification: float,
    is_for_two_widths: bool,
    pictures: bool,
    ids: bool,
) -> Iterator[str]:
    move_keys = {(move.index, move.source) for move in edges}
    actions: dict[str, list[tuple[Event, str]]] = defaultdict(list)
    for index, event in enumerate(world.events):
        for id in dict.fromkeys(event.from_):
            if (index, id) not in move_keys:
                actions[id].append((event, worst_tone(marks.get(("event", event.name), ()))))
    start = world.start
    for id, (x, y) in places.items():
        fade_class = ' class="faded"' if highlight is not None and id not in highlight else ""
        state = world.states[id]
        card_svg = card(
            id,
            state,
            own_prose(json_of(world), state.base),
            start=id == start,
            actions=actions[id],
            marks=marks.get(("state", id), ()),
            magnification=magnification,
            is_for_two_widths=is_for_two_widths,
            picture=card_picture(world, id) if pictures else "",
            ids=ids,
        )
        yield f'<g{fade_class} transform="translate({format_number(x)} {format_number(y)})">{card_svg}</g>'


def _tooltip(move: MapMove) -> str:
    event = move.event
    lines = [f"{clean(event.name)}: {clean(move.source)} \u2192 {clean(move.target)}"]
    if event.requires:
        lines.append("needs " + ", ".join(clean(flag, 60) for flag in event.requires[:8]))
    if event.grants:
        lines.append("gives " + ", ".join(clean(flag, 60) for flag in event.grants[:8]))
    if move.cutscene is not None:
        lines.append(f"cutscene {clean(move.cutscene, 60)}")
    return "\n".join(lines)


def _document(
    world: Document,
    body: str,
    box: Rect,
    legend: Sequence[tuple[str, str]],
    left_out: str,
    theme: Theme,
    width: int | None,
    magnification: float,
    fills_page: bool,
) -> str:
    left, top, right, bottom = box
    # a wide picture is scaled down; its heading is enlarged so that it remains readable
    unit = magnification if magnification > 1 else max(1.0, (right - left) / 2400)
    edge = MARGIN / 2 if magnification > 1 else MARGIN
    margin = edge * unit
    full_width = max(right - left, 400.0) + 2 * margin
    rows = _legend_rows(legend, float(edge), full_width / unit - edge)
    legend_height = _LEGEND + (len(rows) - 1) * _LEGEND_ROW if rows else 0
    full_height = bottom - top + 2 * margin + (_HEADER + legend_height) * unit
    name = clean(world_title(world), 200)
    summary = _summary(world) + (f" \u00b7 {left_out}" if left_out else "")
    about = clean(world.description or "", 300)
    title = shorten(name, full_width / unit - 2 * edge, 24, bold=True)
    key = []
    for number, row in enumerate(rows, 1):
        y = full_height / unit - edge + 4 - (len(rows) - number) * _LEGEND_ROW
        for x, mark, word in row:
            key.append(
                icon(mark, x, y - 10)
                + f'<text class="s soft" x="{format_number(x + 18)}" y="{format_number(y)}">{word}</text>'
            )
    is_for_two_widths = fills_page and magnification > 1
    wide = ' class="wide"' if is_for_two_widths else ""
    parts = [
        f'<rect class="ground" width="{format_number(full_width)}" height="{format_number(full_height)}" rx="8"/>',
        f'<g{wide} transform="scale({unit:.3f})">',
        f'<text class="h ink" x="{format_number(edge)}" y="{format_number(edge + 18)}">{xml(title)}</text>',
        f'<text class="soft" x="{format_number(edge)}" y="{format_number(edge + 42)}">{xml(summary)}</text>',
        *key,
        "</g>",
        *(_narrow_heading(name, summary, full_width, unit, edge) if is_for_two_widths else ()),
        f'<g transform="translate({format_number(margin - left)} {format_number(margin + _HEADER * unit - top)})">',
        body,
        "</g>",
    ]
    scope = "wk" + hashlib.sha256("\n".join([theme, *parts]).encode()).hexdigest()[:10]
    display_width = width or round(min(full_width, _MAX_DISPLAY_WIDTH))
    display_height = max(1, round(display_width * full_height / full_width))
    size = 'width="100%"' if fills_page else f'width="{display_width}" height="{display_height}"'
    # on a page wider than this, text would be larger than its usual size
    max_css_width = f"{full_width / magnification:.0f}px" if fills_page else "100%"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="{scope}" '
        f'viewBox="0 0 {format_number(full_width)} {format_number(full_height)}" '
        f'{size} role="img" style="max-width:{max_css_width};height:auto">\n'
        f"<title>{xml(name)}</title>\n<desc>{xml(summary + ('. ' + about if about else ''))}</desc>\n"
        f"<style>{style(scope, theme)}{style_of_widths(scope) if is_for_two_widths else ''}</style>\n"
        + "\n".join(parts)
        + "\n</svg>\n"
    )


def _narrow_heading(name: str, summary: str, full_width: float, unit: float, edge: float) -> list[str]:
    """Return the heading of a picture that is shown half as wide, in the same room."""
    factor = 1.7
    x, y = edge / factor, edge / factor
    title = shorten(name, full_width / unit / factor - 2 * x, 24, bold=True)
    return [
        f'<g class="narrow" transform="scale({unit * factor:.3f})">',
        f'<text class="h ink" x="{format_number(x)}" y="{format_number(y + 14)}">{xml(title)}</text>',
        f'<text class="soft" x="{format_number(x)}" y="{format_number(y + 32)}">{xml(summary)}</text>',
        "</g>",
    ]


def _summary(world: Document) -> str:
    states, events = len(world.states), len(world.events)
    endings = sum(state.ending is not None for state in world.states.values())
    parts = [format_count(states, "state"), format_count(events, "event")]
    if endings:
        parts.append(format_count(endings, "ending"))
    return " \u00b7 ".join(parts)


def _legend_rows(legend: Sequence[tuple[str, str]], left: float, right: float) -> list[list[tuple[float, str, str]]]:
    """Return the entries of a legend in as many rows as it takes, each with where it begins."""
    rows: list[list[tuple[float, str, str]]] = []
    x = left
    for mark, word in legend:
        entry_width = 18 + text_width(word, 12)
        if not rows or x + entry_width > right:
            rows.append([])
            x = left
        rows[-1].append((x, mark, word))
        x += entry_width + 20
    return rows


def _legend(world: Document, edges: Sequence[MapMove], *, in_place: bool) -> list[tuple[str, str]]:
    """Return the icon and word of every mark in the picture; ``in_place``: also of those that only whole cards show."""
    events, states = world.events, world.states.values()
    moving_indices = {move.index for move in edges}
    entries = [
        ("lock", "needs a flag", any(event.requires for event in events)),
        ("clock", "fires by itself", any(move.event.auto_after_ms is not None for move in edges)),
        ("hidden", "no button", any(move.event.hidden for move in edges)),
        ("film", "cutscene", any(move.cutscene is not None for move in edges)),
        ("override", "happens in place", any(event.kind == "override" for event in events)),
        ("terminal", "console", any(event.kind == "terminal" for event in events)),
        (
            "nowhere",
            "leads nowhere",
            any(e.kind == "transition" and index not in moving_indices for index, e in enumerate(events)),
        ),
        ("variants", "variants", any(state.variants for state in states)),
        ("ambient", "ambient lines", any(state.ambient for state in states)),
    ]
    return [(mark, word) for mark, word, is_present in entries if is_present and (in_place or mark in _LINE_MARKS)]
