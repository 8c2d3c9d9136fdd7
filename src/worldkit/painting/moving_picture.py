"""A moving picture that is computed, not learned: it follows prompt, phase and held controls, for tests and demos."""

from __future__ import annotations

import colorsys
import hashlib
import io
import math
import textwrap
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from worldkit.core.errors import MissingExtra

if TYPE_CHECKING:
    from PIL.Image import Image

WIDTH, HEIGHT = 640, 360
LAYERS = 4
SPEED = {"forward": 1.0, "back": -1.0}
TURN = {"left": -1.0, "right": 1.0, "strafe_left": -0.6, "strafe_right": 0.6}
TILT = {"up": 1.0, "down": -1.0}


@dataclass
class MovingPicture:
    """Hills under a sky: colours and shapes come from the prompt, the camera from the controls held.

    Attributes:
        prompt: What is told; another prompt has other colours and hills, and stands on the picture.
        held_controls: The controls held.
        width: Pixels across.
        height: Pixels down.
    """

    prompt: str = ""
    held_controls: frozenset[str] = frozenset()
    width: int = WIDTH
    height: int = HEIGHT
    _distance: float = field(default=0.0, repr=False)
    _turn: float = field(default=0.0, repr=False)
    _tilt: float = field(default=0.0, repr=False)

    def advance(self, seconds: float) -> None:
        """Move the camera as the controls that are held say."""
        self._distance += seconds * sum(SPEED.get(control, 0.0) for control in self.held_controls)
        self._turn += seconds * sum(TURN.get(control, 0.0) for control in self.held_controls)
        self._tilt += seconds * sum(TILT.get(control, 0.0) for control in self.held_controls)
        self._tilt = max(-1.0, min(1.0, self._tilt))

    def image(self) -> Image:
        """Return the picture as it is now.

        Raises:
            MissingExtra: Pillow is missing.
        """
        try:
            from PIL import Image, ImageDraw
        except ImportError:
            raise MissingExtra("a computed picture", "live", "pillow") from None
        digest = hashlib.sha256(self.prompt.encode()).digest()
        hue = digest[0] / 255
        picture = Image.new("RGB", (self.width, self.height), _colour(hue, 0.35, 0.45 + digest[1] / 640))
        draw = ImageDraw.Draw(picture)
        horizon = self.height * (0.5 + 0.15 * self._tilt)
        radius = self.height * 0.09
        sun = (self.width * (0.2 + 0.6 * digest[2] / 255) - 12 * self._turn, horizon * (0.25 + 0.35 * digest[3] / 255))
        draw.ellipse(
            (sun[0] - radius, sun[1] - radius, sun[0] + radius, sun[1] + radius), fill=_colour(hue + 0.5, 0.25, 0.97)
        )
        for layer in range(LAYERS):
            draw.polygon(
                self._hill(layer, horizon, digest), fill=_colour(hue + 0.05, 0.45, 0.42 - 0.36 * layer / LAYERS)
            )
        self._write(draw)
        return picture

    def encoded(self, kind: str = "JPEG") -> bytes:
        """Return the picture as JPEG, PNG, WebP or GIF."""
        file = io.BytesIO()
        self.image().save(file, kind, **({"quality": 80} if kind in ("JPEG", "WEBP") else {}))
        return file.getvalue()

    def rgba(self) -> bytes:
        """Return the picture as four bytes a pixel."""
        return self.image().convert("RGBA").tobytes()

    def _hill(self, layer: int, horizon: float, digest: bytes) -> list[tuple[float, float]]:
        nearness = (layer + 1) / LAYERS
        height = self.height * (0.05 + 0.12 * nearness)
        base = horizon + self.height * 0.5 * nearness**2 * 0.9
        waves = 1.5 + digest[4 + layer] / 90
        shift = digest[8 + layer] / 20 + nearness * (2.5 * self._turn + 0.3 * math.sin(self._distance * 3))
        swell = 1 + 0.35 * nearness * math.sin(self._distance * 2 + layer)
        columns = 32
        top = [
            (
                self.width * column / columns,
                base - height * swell * (0.5 + 0.5 * math.sin(waves * math.tau * column / columns / 2 + shift)),
            )
            for column in range(columns + 1)
        ]
        return [*top, (self.width, self.height), (0, self.height)]

    def _write(self, draw: object) -> None:
        lines = textwrap.wrap("".join(c if 32 <= ord(c) < 127 else "?" for c in self.prompt[:200]), 70)[:3]
        for number, line in enumerate(lines):
            draw.text((8, self.height - 14 * (len(lines) - number) - 6), line, fill=(255, 255, 255))  # type: ignore[attr-defined]


def _colour(hue: float, saturation: float, value: float) -> tuple[int, int, int]:
    red, green, blue = colorsys.hsv_to_rgb(hue % 1, saturation, max(0.0, min(1.0, value)))
    return int(255 * red), int(255 * green), int(255 * blue)
