"""Looks at a painter's pictures: decode one safely, and measure luminance and motion as evidence."""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING

from worldkit.core.errors import MissingExtra
from worldkit.painting.painter import Frame
from worldkit.playing.evidence import Sample

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_PIXELS = 3840 * 2160
_DAMAGE_ERRORS = (OSError, SyntaxError, RuntimeError)
"""What Pillow raises for a damaged picture; the last one for AVIF."""
_FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "AVIF")


def decoded(frame: Frame) -> Image:
    """Return the picture of a frame.

    Args:
        frame: A frame with bytes.

    Raises:
        ValueError: It is only an address, is empty or damaged, or is too large.
        MissingExtra: Pillow is missing.
    """
    try:
        from PIL import Image
    except ImportError:
        raise MissingExtra("looking at a painter's pictures", "live", "pillow") from None
    if not frame.data:
        raise ValueError("pictures at addresses are not fetched" if frame.url else "there are no bytes")
    if frame.media_type == "image/x-rgba":
        return Image.frombytes("RGBA", (frame.width, frame.height), frame.data)
    try:
        picture = _partial_image(frame.data)
        if picture.width * picture.height > MAX_PIXELS:
            raise ValueError(f"a picture of {picture.width} x {picture.height} is too large")
        picture.load()
    except (*_DAMAGE_ERRORS, Image.DecompressionBombError) as error:
        raise ValueError(f"a picture that cannot be decoded: {error}") from None
    return picture


def size_of(frame: Frame) -> tuple[int, int] | None:
    """Return the width and height of a frame in pixels, by what its first bytes declare; None where none do.

    Args:
        frame: A frame with bytes.
    """
    if frame.width and frame.height:
        return frame.width, frame.height
    try:
        from PIL import Image
    except ImportError:
        return None
    try:
        width, height = _partial_image(frame.data).size
    except (ValueError, *_DAMAGE_ERRORS, Image.DecompressionBombError):
        return None
    return (width, height) if width and height else None


def is_small_enough(frame: Frame) -> bool:
    """Say whether a picture, by what its first bytes declare, is small enough to be decoded.

    A few bytes can declare a picture that fills the decoder's memory. A picture that declares no size
    that can be read is left to the decoder.

    Args:
        frame: A frame with bytes.
    """
    if frame.media_type == "image/x-rgba":
        return True  # as large as its bytes
    try:
        from PIL import Image
    except ImportError:
        return True
    try:
        width, height = _partial_image(frame.data).size
    except Image.DecompressionBombError:
        return False
    except (ValueError, *_DAMAGE_ERRORS):
        return True
    return width * height <= MAX_PIXELS


def _partial_image(data: bytes) -> Image:
    """Return a picture of which only the first bytes were read."""
    from PIL import Image

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        Image.init()
        return Image.open(io.BytesIO(data), formats=[name for name in _FORMATS if name in Image.OPEN])


class Looks:
    """Measures one look after the other.

    Source:
        docs/spec/runtime.md#evidence-landwhen
    """

    def __init__(self) -> None:
        self._previous_image: Image | None = None

    def look(self, frame: Frame) -> Sample:
        """Return what a look at a frame finds: its mean Rec. 601 luma, and its mean change since the look before.

        Args:
            frame: The newest frame.

        Raises:
            ValueError: It cannot be decoded.
            MissingExtra: Pillow is missing.
        """
        picture = decoded(frame).convert("L")
        from PIL import ImageChops, ImageStat

        before, self._previous_image = self._previous_image, picture
        has_motion = before is not None and before.size == picture.size
        motion = ImageStat.Stat(ImageChops.difference(before, picture)).mean[0] if has_motion and before else None
        return Sample(luminance=ImageStat.Stat(picture).mean[0], motion=motion)
