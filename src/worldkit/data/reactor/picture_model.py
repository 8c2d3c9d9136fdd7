"""A Reactor model that computes its picture: hills under a sky, which follow the prompt and the controls held.

It runs in the environment of ``reactor-runtime``, where worldkit is not installed, and needs numpy alone.
"""

from __future__ import annotations

import colorsys
import hashlib
import os
import time
from pathlib import Path

import numpy as np
from reactor_runtime import InputField, InputState, Output, ReactorApp, UploadedFile, Video

LAYER_COUNT = 4
SPEEDS = {"forward": 1.0, "back": -1.0, "strafe_left": -0.6, "strafe_right": 0.6}
TURNS = {"left": -2.0, "right": 2.0}
TILTS = {"up": 1.0, "down": -1.0}


class PictureState(InputState):
    """What a client can set."""

    prompt: str = InputField(default="", max_length=1000, description="What is to be seen.")
    move_longitudinal: str = InputField(default="idle", choices=["idle", "forward", "back"])
    move_lateral: str = InputField(default="idle", choices=["idle", "strafe_left", "strafe_right"])
    look_horizontal: str = InputField(default="idle", choices=["idle", "left", "right"])
    look_vertical: str = InputField(default="idle", choices=["idle", "up", "down"])
    image: UploadedFile | None = InputField(default=None, description="The picture to begin from.")


class PictureOutput(Output):
    """One video."""

    main_video: Video


class PictureModel(ReactorApp):
    """A computed picture; no model paints."""

    state: PictureState

    def load(self, config_path: Path | None) -> None:
        """Prepare the grid; nothing is read from a file."""
        self.width, self.height = (int(side) for side in os.environ.get("PICTURE_SIZE", "640x360").split("x"))
        self.seconds = 1 / float(os.environ.get("PICTURE_FPS", "30"))
        self.columns = np.linspace(0, 1, self.width, dtype=np.float32)
        self.rows = np.arange(self.height, dtype=np.float32)[:, None]
        self.distance = self.turn = self.tilt = 0.0
        self.due = time.monotonic()

    def generate(self, input: PictureState) -> PictureOutput:
        """Draw one picture, when it is due."""
        self.due = max(self.due + self.seconds, time.monotonic())
        time.sleep(self.due - time.monotonic() if self.due > time.monotonic() else 0)
        self.distance += self.seconds * SPEEDS.get(input.move_longitudinal, 0.0)
        self.turn += self.seconds * (TURNS.get(input.look_horizontal, 0.0) + SPEEDS.get(input.move_lateral, 0.0))
        self.tilt = max(-1.0, min(1.0, self.tilt + self.seconds * TILTS.get(input.look_vertical, 0.0)))
        seed = input.prompt if input.image is None else f"{input.prompt}\n{input.image.name}"
        return PictureOutput(main_video=self.picture(seed))

    def picture(self, seed: str) -> np.ndarray:
        """Return the picture as it is now, as rows of RGB."""
        digest = hashlib.sha256(seed.encode()).digest()
        hue = digest[0] / 255
        frame = np.empty((self.height, self.width, 3), np.uint8)
        frame[:] = colour(hue, 0.35, 0.45 + digest[1] / 640)
        horizon = self.height * (0.5 + 0.15 * self.tilt)
        for layer in range(LAYER_COUNT):
            nearness = (layer + 1) / LAYER_COUNT
            height = self.height * (0.05 + 0.12 * nearness) * (1 + 0.35 * nearness * np.sin(self.distance * 2 + layer))
            base = horizon + self.height * 0.45 * nearness**2
            shift = digest[8 + layer] / 20 + nearness * (2.5 * self.turn + 0.3 * np.sin(self.distance * 3))
            waves = np.pi * (1.5 + digest[4 + layer] / 90)
            top = base - height * (0.5 + 0.5 * np.sin(waves * self.columns + shift))
            frame[self.rows >= top] = colour(hue + 0.05, 0.45, 0.42 - 0.36 * layer / LAYER_COUNT)
        return frame


def colour(hue: float, saturation: float, value: float) -> tuple[int, ...]:
    """Return red, green and blue from 0 to 255."""
    return tuple(int(255 * part) for part in colorsys.hsv_to_rgb(hue % 1, saturation, value))
