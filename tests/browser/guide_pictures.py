"""Pictures of the guides: as few bytes as look the same."""

from __future__ import annotations

from PIL import Image

MIN_COLOUR_PIXELS = 40
COLOURS = 256


def shrink(picture: Image.Image) -> Image.Image:
    """Return a picture of at most 256 colours; those that many pixels have stay exactly as they are."""
    counts = sorted(picture.getcolors(1 << 24), reverse=True)
    frequent = [colour for count, colour in counts if count >= MIN_COLOUR_PIXELS][: COLOURS // 2]
    rest = picture.quantize(COLOURS - len(frequent), Image.Quantize.MEDIANCUT).getpalette() or []
    palette = Image.new("P", (1, 1))
    palette.putpalette([*(channel for colour in frequent for channel in colour), *rest])
    return picture.quantize(palette=palette, dither=Image.Dither.NONE)
