"""A storyboard drawing: the picture of a state, drawn from its prose without any model.

The same document, state and seed give the same picture. No text of the world is in it: words only choose what is drawn.
"""

from __future__ import annotations

import base64
import hashlib
import re
import struct
import zlib
from dataclasses import dataclass, fields, is_dataclass
from functools import cache, lru_cache
from random import Random

from worldkit.core.document import Document
from worldkit.illustration.colour import css, luminance, mix
from worldkit.illustration.elsewhere import draw_space, draw_underwater
from worldkit.illustration.indoors import draw_indoors
from worldkit.illustration.lexicon import MAX_CHARACTERS
from worldkit.illustration.outdoors import draw_outdoors
from worldkit.illustration.palette import palette_of
from worldkit.illustration.reading import PictureContent, read_state
from worldkit.illustration.sketch import BLEED, HEIGHT, LAYERS, LEFT, RIGHT, WIDTH, Detail, Sketch

MAX_THUMBNAIL_CHARACTERS = 6_000
"""A thumbnail has fewer characters: it draws fewer of the things that are named until it has."""

MAX_FULL_CHARACTERS = 40_000
"""A whole drawing has no more characters, in the same way."""

_MAX_THINGS: dict[Detail, tuple[int, ...]] = {"full": (7, 5, 3, 2, 1, 0), "thumbnail": (3, 2, 1, 0)}
_GRAIN_SIZE = 64
_GREY = 150.0, 150.0, 156.0


@dataclass(frozen=True, slots=True)
class Drawing:
    """A storyboard drawing.

    Attributes:
        svg: The whole picture.
        layers: The same in three layers, from the farthest to the nearest; those in front are transparent. A player
            shifts them against each other.
        motion: How the camera moves: ``"push"``, ``"pull"``, ``"left"``, ``"right"``, ``"up"`` or ``"down"``.
        luminance: How bright its haze is, from 0 to 255.
    """

    svg: str
    layers: tuple[str, ...]
    motion: str
    luminance: int


def draw_state(
    document: Document,
    state_id: str,
    *,
    seed: int = 0,
    size: tuple[int, int] = (WIDTH, HEIGHT),
    detail: Detail = "full",
) -> Drawing:
    """Draw a state.

    Args:
        document: The world.
        seed: Another seed composes the same things otherwise.
        size: Width and height in pixels that the SVG asks for.
        detail: ``"full"`` or ``"thumbnail"``.
    """
    state = document.states[state_id]
    reading = read_state(document, state_id, state)
    # the cache keeps its keys: they hold no more than the beginning of a long text
    world_key = f"{seed}|{document.name}|{document.subject}"[:MAX_CHARACTERS]
    return _draw(reading, f"{state_id[:MAX_CHARACTERS]}|{state.base[:80]}", world_key, size, detail)


def _ordered(value: object) -> str:
    """Return a value as text that is the same in every process and version: no order of a set, no name of a class."""
    if isinstance(value, frozenset):
        return str(sorted(value))
    if isinstance(value, tuple):
        return f"({', '.join(map(_ordered, value))})"
    if is_dataclass(value):
        return ", ".join(_ordered(getattr(value, part.name)) for part in fields(value))
    return repr(value)


@lru_cache(maxsize=512)
def _draw(reading: PictureContent, state_key: str, world_key: str, size: tuple[int, int], detail: Detail) -> Drawing:
    text = f"{world_key}|{state_key}|{detail}|{_ordered(reading)}"
    digest = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
    variation = Random(world_key).random()
    palette = palette_of(reading, variation)
    bodies: list[str] = []
    for max_things in _MAX_THINGS[detail]:
        sketch = Sketch(
            palette,
            detail,
            "p" + digest[:7],
            seed=f"{world_key}|{state_key}",
            place_seed=f"{world_key}|{reading.set}|{reading.hour}",
            variation=variation,
            max_things=max_things,
        )
        _draw_set(sketch, reading, variation)
        _finish(sketch, reading)
        bodies = [sketch.layer(layer) for layer in LAYERS]
        svg = _wrap(sketch, "".join(bodies), size)
        if sketch.is_full:
            if len(svg) <= MAX_FULL_CHARACTERS:
                break
            continue
        svg = _PATH.sub(_round_path, svg)
        if len(svg) < MAX_THUMBNAIL_CHARACTERS:
            break
        svg = _PATH.sub(_round_path, _wrap(sketch, "".join(bodies[:2]), size))
    layers = tuple(_wrap(sketch, body, size, has_bleed=True) for body in bodies) if sketch.is_full else ()
    return Drawing(svg, layers, reading.motion, round(luminance(palette.low)))


def _draw_set(sketch: Sketch, reading: PictureContent, variation: float) -> None:
    if reading.is_blank:
        _draw_blank(sketch)
    elif reading.set == "underwater":
        draw_underwater(sketch, reading)
    elif reading.set == "space":
        draw_space(sketch, reading)
    elif reading.is_indoors:
        draw_indoors(sketch, reading, variation)
    else:
        draw_outdoors(sketch, reading)


def _draw_blank(sketch: Sketch) -> None:
    """Draw a frame with nothing in it."""
    palette, inset = sketch.palette, 26
    paper = mix(mix(palette.middle, palette.low, 0.5), _GREY, 0.75)
    sketch.rectangle("back", LEFT, -BLEED, RIGHT - LEFT, HEIGHT + 2 * BLEED, paper)
    corners = "".join(
        f"M{x} {y + 34 * down}v{-34 * down}h{34 * across}"
        for x, across in ((inset, 1), (WIDTH - inset, -1))
        for y, down in ((inset, 1), (HEIGHT - inset, -1))
    )
    sketch.path("middle", corners, mix(paper, palette.near, 0.5), 0.8, stroke=2.5)


def _finish(sketch: Sketch, reading: PictureContent) -> None:
    """Draw what lies over the whole picture: light of an ending, dark corners, grain."""
    palette = sketch.palette
    x, y = sketch.light
    if reading.is_blank:
        return
    if reading.ending == "win":
        sketch.glow("front", x, y, 300, 0.4)
    if not sketch.is_full:
        return
    edge = css(palette.near)
    corners = sketch.define(
        'radialGradient r=".75"',
        f'<stop offset=".55" stop-color="{edge}" stop-opacity="0"/><stop offset="1" stop-co'
        f'lor="{edge}" stop-opacity=".5"/>',
    )
    sketch.rectangle("front", -BLEED, -BLEED, WIDTH + 2 * BLEED, HEIGHT + 2 * BLEED, corners)
    grain = sketch.define(
        f'pattern width="{_GRAIN_SIZE}" height="{_GRAIN_SIZE}" patternUnits="userSpaceOnUse"',
        f'<image width="{_GRAIN_SIZE}" height="{_GRAIN_SIZE}" href="{_grain()}"/>',
    )
    sketch.rectangle("front", -BLEED, -BLEED, WIDTH + 2 * BLEED, HEIGHT + 2 * BLEED, grain)


_PATH = re.compile(r' d="[^"]*"')
_DECIMAL = re.compile(r"(?<=[ \-A-Za-z])(\d+)\.\d+")


def _round_path(path: re.Match[str]) -> str:
    """Return a path in whole units, which is exact enough for a thumbnail."""
    return _DECIMAL.sub(lambda decimal: str(round(float(decimal.group()))), path.group())


def _wrap(sketch: Sketch, body: str, size: tuple[int, int], *, has_bleed: bool = False) -> str:
    view = f"{-BLEED} {-BLEED / 2:g} {WIDTH + 2 * BLEED} {HEIGHT + BLEED}" if has_bleed else f"0 0 {WIDTH} {HEIGHT}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size[0]}" height="{size[1]}" viewBox="{view}"'
        f' preserveAspectRatio="xMidYMid slice">{sketch.defs(body)}{body}</svg>'
    )


@cache
def _grain() -> str:
    """Return a small tile of film grain, as a ``data:`` URL of a PNG with four tones."""
    random = Random(7)
    row_bytes = _GRAIN_SIZE // 4
    rows = b"".join(b"\0" + random.randbytes(row_bytes) for _ in range(_GRAIN_SIZE))
    chunks = [
        (b"IHDR", struct.pack(">IIBBBBB", _GRAIN_SIZE, _GRAIN_SIZE, 2, 3, 0, 0, 0)),
        (b"PLTE", bytes((0, 0, 0, 255, 255, 255, 0, 0, 0, 255, 255, 255))),
        (b"tRNS", bytes((0, 10, 12, 3))),
        (b"IDAT", zlib.compress(rows, 9)),
        (b"IEND", b""),
    ]
    png = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
    return "data:image/png;base64," + base64.b64encode(png).decode()
