"""The picture of a state on its card: a band across the card's top."""

from __future__ import annotations

from worldkit.core.document import Document
from worldkit.illustration.picture import picture_of
from worldkit.illustration.sketch import HEIGHT, WIDTH
from worldkit.layout.curves import format_number
from worldkit.layout.measures import CARD_W

BAND_H = 64
"""The height of the band, in pixels."""

MAX_RASTER_CHARACTERS = 200_000
"""A picture that the world holds is left out when it has more characters: every copy of the map would carry it."""

_CLIP_ID = "wk-card-picture"
_BAND_RIGHT = CARD_W - 1
_BAND_PATH = f"M1 {BAND_H}V9A8 8 0 0 1 9 1H{_BAND_RIGHT - 8}A8 8 0 0 1 {_BAND_RIGHT} 9V{BAND_H}Z"
CLIP = f'<clipPath id="{_CLIP_ID}"><path d="{_BAND_PATH}"/></clipPath>'
"""The shape of the band, which a picture of a map holds once."""

_TOP_CROP_SHARE = 0.57  # of a picture's height that is cut off, the part above the band: places stand in its lower half


def card_picture(document: Document, state_id: str) -> str:
    """Return the picture of a state as SVG for the top of its card; empty where it is too large.

    Args:
        document: The world.
        state_id: The state's id.
    """
    picture = picture_of(document, state_id, detail="thumbnail")
    if picture.svg:
        content = picture.svg[picture.svg.index(">") + 1 : -len("</svg>")]
    elif len(picture.src) <= MAX_RASTER_CHARACTERS:
        content = (
            f'<image href="{picture.src}" width="{WIDTH}" height="{HEIGHT}" preserveAspectRatio="xMidYMid slice"/>'
        )
    else:
        return ""
    width, height = CARD_W - 2, BAND_H - 1
    visible_height = WIDTH * height / width
    view = f"0 {format_number((HEIGHT - visible_height) * _TOP_CROP_SHARE)} {WIDTH} {format_number(visible_height)}"
    return (
        f'<g clip-path="url(#{_CLIP_ID})"><svg x="1" y="1" width="{width}" height="{height}" viewBox="{view}">'
        f"{content}</svg></g>"
    )
