"""Makes a JPEG of what a model painted: it is decoded within limits, and written anew without anything but pixels."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from worldkit.painting.looks import decoded
from worldkit.painting.painter import Frame
from worldkit.painting.text_to_image.still_model import ModelPicture, StillRefused
from worldkit.stills.folder import MAX_FILE_BYTES
from worldkit.stills.record import MAX_SIDE

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

QUALITIES = (88, 75, 55)
"""The first with which a still is small enough is taken."""
THUMBNAIL_SIZE = (320, 180)
THUMBNAIL_QUALITY = 78
MIN_SIZE_SHARE = 0.5
"""A picture is refused that is smaller than this share of what was asked for, across or down."""


@dataclass(frozen=True, slots=True)
class SafePicture:
    """A picture as it is stored.

    Attributes:
        data: A JPEG.
        thumbnail: A small JPEG.
        width: Pixels across.
        height: Pixels down.
    """

    data: bytes
    thumbnail: bytes
    width: int
    height: int


def safe_picture(output: ModelPicture) -> SafePicture:
    """Return a picture as it is stored: of the proportions that were asked for, and not larger.

    Args:
        output: What a model painted.

    Raises:
        StillRefused: It is no picture, or far smaller than what was asked for.
        MissingExtra: Pillow is missing.
    """
    picture = _decoded(output.data)
    from PIL import Image, ImageOps

    width, height = output.size
    if min(picture.width / width, picture.height / height) < MIN_SIZE_SHARE:
        sizes = f"a picture of {width} x {height} was asked for, and one of {picture.width} x {picture.height} came"
        raise StillRefused(sizes)
    scale = min(1.0, picture.width / width, picture.height / height, MAX_SIDE / max(width, height))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    fitted_picture = ImageOps.fit(_opaque(picture), size, Image.Resampling.LANCZOS)
    data = next(
        (data for quality in QUALITIES if len(data := _jpeg(fitted_picture, quality)) <= MAX_FILE_BYTES),
        None,
    )
    if data is None:
        raise StillRefused("the picture cannot be stored in 4 MB; pass a smaller size=")
    small = fitted_picture.copy()
    small.thumbnail(THUMBNAIL_SIZE, Image.Resampling.LANCZOS)
    return SafePicture(data, _jpeg(small, THUMBNAIL_QUALITY), *size)


def jpeg_of(data: bytes) -> bytes:
    """Return a picture as a JPEG.

    Args:
        data: A picture as PNG, JPEG, WebP or GIF.

    Raises:
        StillRefused: It is none.
        MissingExtra: Pillow is missing.
    """
    return _jpeg(_opaque(_decoded(data)), QUALITIES[0])


def _decoded(data: bytes) -> Picture:
    try:
        return decoded(Frame(data))
    except ValueError as error:
        raise StillRefused(f"what came is no picture: {error}") from None


def _opaque(picture: Picture) -> Picture:
    from PIL import Image

    if not picture.has_transparency_data:
        return picture.convert("RGB")
    rgba_picture = picture.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", rgba_picture.size, (255, 255, 255, 255)), rgba_picture).convert(
        "RGB"
    )


def _jpeg(picture: Picture, quality: int) -> bytes:
    from PIL import Image

    pixels = Image.new("RGB", picture.size)  # without the comments and profiles that a picture carries along
    pixels.paste(picture)
    buffer = io.BytesIO()
    pixels.save(buffer, "JPEG", quality=quality, optimize=True)
    return buffer.getvalue()
