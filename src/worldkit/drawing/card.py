"""A state as a card: its name, the beginning of its prose, and the events that stay in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from worldkit.core.ending_tone import ending_tone
from worldkit.core.model import Event, State
from worldkit.core.spoken_names import event_heading, heading
from worldkit.drawing.card_picture import BAND_H
from worldkit.drawing.icons import icon
from worldkit.drawing.marks import worst_tone
from worldkit.layout.curves import format_number
from worldkit.layout.measures import CARD_H, CARD_W
from worldkit.layout.text import clean, shorten, width, wrap, wrap_name, xml

_PAD = 16
_INNER_WIDTH = CARD_W - 2 * _PAD
_CHIP_H = 22
_CHIP_GAP = 6
_MAX_CHIP_WIDTH = 150
_TITLE_SIZE, _TITLE_LINE = 17, 20
_PROSE_SIZE, _PROSE_LINE = 13, 17
_MIN_PROSE_LINES = 2  # a single line of a magnified card holds no more than a word or two
_MAX_MAGNIFICATION = 2.2  # of a card; with more the longer words of a title do not fit
_NARROW_MAGNIFICATION = 1.5  # beside that of a wide picture: a narrow one is half as wide, and its cards have no prose
_MAX_NARROW_MAGNIFICATION = 3.0


@dataclass(frozen=True, slots=True)
class Chip:
    """A small labelled mark.

    Attributes:
        icon: The name of its icon, or empty.
        label: Its text, cleaned.
        tone: ``"plain"``, ``"accent"``, ``"win"``, ``"lose"``, ``"other"`` or ``"warn"``.
        is_locked: Whether it needs flags, which a lock after the label shows.
        full_label: The label before it was shortened.
    """

    icon: str
    label: str
    tone: str = "plain"
    is_locked: bool = False
    full_label: str = ""

    def widened(self, extra_width: float) -> Chip:
        """Return the chip with more of its label, for a wider one."""
        if not self.full_label:
            return self
        return replace(self, label=shorten(self.full_label, width(self.label, 12) + extra_width, 12))

    @property
    def width(self) -> float:
        """Its width in pixels."""
        return width(self.label, 12) + 16 + (16 if self.icon else 0) + (15 if self.is_locked else 0)

    def draw(self, x: float, y: float) -> str:
        """Return its SVG with the top-left corner at (x, y)."""
        fill, ink, mark = _TONES[self.tone]
        text_x = x + 8
        parts = [
            f'<rect class="{fill}" x="{format_number(x)}" y="{format_number(y)}" width="{format_number(self.width)}"'
            f' height="{_CHIP_H}" rx="6"/>'
        ]
        if self.icon:
            parts.append(icon(self.icon, text_x - 1, y + 5, mark))
            text_x += 16
        parts.append(
            f'<text class="s {ink}" x="{format_number(text_x)}" y="{format_number(y + 15.5)}">{xml(self.label)}</text>'
        )
        if self.is_locked:
            parts.append(icon("lock", x + self.width - 19, y + 5, mark))
        return "".join(parts)


_TONES = {
    "plain": ("chip", "soft", ""),
    "accent": ("tint", "accent b", "accent"),
    "win": ("win-tint", "win b", "win"),
    "lose": ("lose-tint", "lose b", "lose"),
    "other": ("chip", "other b", "other"),
    "warn": ("warn-tint", "warn", "warn"),
}


def card(
    id: str,
    state: State,
    prose: str,
    *,
    start: bool,
    actions: Sequence[tuple[Event, str]],
    marks: Sequence[tuple[str, str]] = (),
    magnification: float = 1.0,
    is_for_two_widths: bool = False,
    picture: str = "",
    ids: bool = False,
) -> str:
    """Return a card's SVG, its top-left corner at (0, 0).

    A magnified card has its usual size, with larger and therefore less text in it: the title, and prose where there is
    room for it.

    Args:
        id: The state's id.
        prose: Its own text.
        start: Whether play starts here.
        actions: Events that stay in the state, each with the tone of its diagnostics.
        marks: Severity and message of each diagnostic about it.
        magnification: How many times larger than usual its text is.
        is_for_two_widths: Whether a magnified card also has the larger title that it shows in a narrow picture.
        picture: Its picture as SVG, as ``card_picture`` returns it.
        ids: Whether its title and the names on it are spelled as in code.
    """
    name = clean(id if ids else heading(id)) or "\u00a0"
    if magnification > 1:
        magnification = min(magnification, _MAX_MAGNIFICATION)
        text = _magnified_text(name, prose, magnification, bool(picture), _title_chips(state, start))
        if is_for_two_widths:
            narrow = min(magnification * _NARROW_MAGNIFICATION, _MAX_NARROW_MAGNIFICATION)
            narrow_text = _magnified_text(name, "", narrow, bool(picture), _title_chips(state, start))
            text = f'<g class="wide">{text}</g><g class="narrow">{narrow_text}</g>'
        return (
            f"<title>{xml(_tooltip(id, prose, marks))}</title>"
            f'<rect class="{_frame(state, start)}" width="{CARD_W}" height="{CARD_H}" rx="8"/>{picture}{text}'
        ) + _badge(marks)
    title_chips = _title_chips(state, start)
    notes = _counts(state)
    rows = _rows(
        [_action_chip(event, tone, ids) for event, tone in actions], sum(18 + width(text, 12) + 8 for _, text in notes)
    )
    lower = BAND_H - 6 if picture else 0
    title_room = _INNER_WIDTH - (0 if picture else sum(chip.width + _CHIP_GAP for chip in title_chips))
    title = shorten(name, title_room, 17, bold=True)
    parts = [
        f"<title>{xml(_tooltip(id, prose, marks))}</title>",
        f'<rect class="{_frame(state, start)}" width="{CARD_W}" height="{CARD_H}" rx="8"/>',
        picture,
        f'<text class="t ink" x="{_PAD}" y="{33 + lower}">{xml(title)}</text>',
    ]
    right = float(CARD_W - (8 if picture else _PAD - 4))
    for chip in reversed(title_chips):
        right -= chip.width
        parts.append(chip.draw(right, 8 if picture else 16))
        right -= _CHIP_GAP
    y, lines = 60 + lower, max(0, 5 - len(rows) - (len(rows) > 1) - (3 if picture else 0))
    if state.ending and clean(state.ending.title) and lines > 0:
        text = shorten(clean(state.ending.title), _INNER_WIDTH, 13, bold=True)
        parts.append(f'<text class="b {ending_tone(state.ending.kind)}" x="{_PAD}" y="{y}">{xml(text)}</text>')
        y, lines = y + 19, lines - 1
    for line in wrap(clean(prose), _INNER_WIDTH, 13, lines) if lines > 0 else ():
        parts.append(f'<text class="soft" x="{_PAD}" y="{y}">{xml(line)}</text>')
        y += 19
    top = CARD_H - 12 - len(rows) * _CHIP_H - (len(rows) - 1) * _CHIP_GAP
    for row in rows:
        x = float(_PAD - 4)
        for chip in row:
            parts.append(chip.draw(x, top))
            x += chip.width + _CHIP_GAP
        top += _CHIP_H + _CHIP_GAP
    right = float(CARD_W - _PAD)
    for mark, text in reversed(notes):
        right -= width(text, 12)
        parts.append(f'<text class="s soft" x="{format_number(right)}" y="{CARD_H - 18.5}">{text}</text>')
        right -= 17
        parts.append(icon(mark, right, CARD_H - 29))
        right -= 9
    return "".join(parts) + _badge(marks)


def chip_rise(state: State, start: bool, magnification: float) -> float:
    """Return how far what marks an entrance or an ending rises above the edge of a card, in pixels.

    Args:
        start: Whether play starts here.
        magnification: As for ``card``; on a card that is not magnified nothing rises above the edge.
    """
    has_chip = magnification > 1 and bool(_title_chips(state, start))
    return _CHIP_H / 2 * min(magnification, _MAX_MAGNIFICATION) if has_chip else 0.0


def _magnified_text(name: str, prose: str, magnification: float, has_picture: bool, chips: Sequence[Chip]) -> str:
    """Return the title, what there is room for of the prose, and the chips of a card."""
    pad = (_PAD - 6 if has_picture else _PAD) / magnification
    top = BAND_H / magnification if has_picture else 0.0
    room, height = CARD_W / magnification - 2 * pad, CARD_H / magnification - top
    title_room = height - (2 * pad if prose else pad)
    title_lines = max(1, min(3, int(title_room / _TITLE_LINE)))
    title = wrap_name(name, room, _TITLE_SIZE, title_lines)
    prose_lines = int((height - 2 * pad - len(title) * _TITLE_LINE) / _PROSE_LINE)
    lines = wrap(clean(prose), room, _PROSE_SIZE, prose_lines) if prose_lines >= _MIN_PROSE_LINES else []
    y = top + (height - len(title) * _TITLE_LINE - len(lines) * _PROSE_LINE) / 2 + 0.76 * _TITLE_LINE
    parts = []
    for line in title:
        parts.append(f'<text class="t ink" x="{format_number(pad)}" y="{format_number(y)}">{xml(line)}</text>')
        y += _TITLE_LINE
    for line in lines:
        parts.append(f'<text class="soft" x="{format_number(pad)}" y="{format_number(y)}">{xml(line)}</text>')
        y += _PROSE_LINE
    right = CARD_W / magnification - 4
    for chip in chips:
        parts.append(chip.draw(right - chip.width, -_CHIP_H / 2))
        right -= chip.width + _CHIP_GAP
    return f'<g transform="scale({magnification:.3f})">{"".join(parts)}</g>'


_FRAMES = {"win": "won", "lose": "lost", "other": "ended"}


def _frame(state: State, start: bool) -> str:
    if state.ending:
        return f"card {_FRAMES[ending_tone(state.ending.kind)]}"
    return "card start" if start else "card"


def _title_chips(state: State, start: bool) -> list[Chip]:
    chips = [Chip("start", "Start", "accent")] if start else []
    if state.ending:
        tone = ending_tone(state.ending.kind)
        word = clean(state.ending.kind, 100) or "End"
        label = shorten(word, _MAX_CHIP_WIDTH / 2, 12) if tone == "other" else tone.capitalize()
        chips.append(Chip(tone, label, tone))
    return chips


def _action_chip(event: Event, tone: str, ids: bool) -> Chip:
    mark = {"override": "override", "terminal": "terminal"}.get(event.kind, "nowhere")
    tone = tone or ("warn" if mark == "nowhere" else "plain")
    is_locked = bool(event.requires)
    room = _MAX_CHIP_WIDTH - 32 - (15 if is_locked else 0)
    name = clean(event.name if ids else event_heading(event))
    return Chip(mark, shorten(name, room, 12), tone, is_locked, name)


def _counts(state: State) -> list[tuple[str, str]]:
    counts = (("variants", len(state.variants or ())), ("ambient", len(state.ambient or ())))
    return [(mark, str(count)) for mark, count in counts if count]


def _rows(chips: list[Chip], notes: float) -> list[list[Chip]]:
    """Return the chips in at most two rows, the last one shorter by the notes; a chip counts those that do not fit."""
    rows = _fill_rows(chips, notes)
    for index, row in enumerate(rows):
        room = _INNER_WIDTH + 8 - (notes if index == len(rows) - 1 else 0)
        free_width = room - sum(chip.width + _CHIP_GAP for chip in row)
        for slot, chip in enumerate(row):
            row[slot] = chip.widened(max(0.0, free_width))
            free_width -= row[slot].width - chip.width
    return rows


def _fill_rows(chips: list[Chip], notes: float) -> list[list[Chip]]:
    rows: list[list[Chip]] = [[]] if chips or notes else []
    full = _INNER_WIDTH + 8.0
    one_row = sum(chip.width + _CHIP_GAP for chip in chips) - _CHIP_GAP + notes <= full
    room = full - notes if one_row else full
    for index, chip in enumerate(chips):
        chips_left = len(chips) - index
        if len(rows) == 1 and not one_row and rows[0] and chip.width > room:
            rows.append([])
            room = full - notes
        overflow = Chip("", f"+{chips_left}")
        reserved_width = overflow.width + _CHIP_GAP if len(rows) == 2 and chips_left > 1 else 0.0
        if len(rows) == 2 and chip.width + reserved_width > room:
            rows[-1].append(overflow)
            break
        rows[-1].append(chip)
        room -= chip.width + _CHIP_GAP
    if len(rows) == 1 and notes and not one_row:
        rows.append([])
    return rows


def _tooltip(id: str, prose: str, marks: Sequence[tuple[str, str]]) -> str:
    lines = [f"{severity}: {clean(message, 200)}" for severity, message in marks[:5]]
    return "\n".join([clean(id), clean(prose, 240), *lines])


def _badge(marks: Sequence[tuple[str, str]]) -> str:
    if not marks:
        return ""
    chip = Chip("nowhere", str(len(marks)), worst_tone(marks))
    return chip.draw(CARD_W - chip.width + 8, -_CHIP_H / 2)
