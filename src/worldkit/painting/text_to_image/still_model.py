"""``StillModel``: what paints one picture from a prompt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from worldkit.core.document import Document
from worldkit.core.errors import ModelError

FEATURE = "painting stills"

OnStep = Callable[[int, int], None]
"""Called with the number of steps that are done, and of all, while one picture is painted."""


class StillRefused(ModelError):
    """A model does not paint this one picture; the next may come out."""


class ModelUnavailable(ModelError):
    """A model cannot be loaded or reached, or takes no orders at all."""


@dataclass(frozen=True, slots=True)
class StillRequest:
    """One picture to be painted.

    Attributes:
        document: The world.
        state: The id of the state.
        seed: The seed; a server may ignore it.
        size: Pixels across and down; None for what suits the model.
        source: A JPEG to begin from; None to paint from the prompt alone.
        strength: How far the picture may go from the source, above 0 and below 1.
    """

    document: Document
    state: str
    seed: int
    size: tuple[int, int] | None
    source: bytes | None = None
    strength: float = 1.0


@dataclass(frozen=True, slots=True)
class ModelPicture:
    """What a model painted.

    Attributes:
        data: The picture, as PNG, JPEG, WebP or GIF. It is from outside, and not to be shown as it is.
        size: Pixels across and down that were asked for.
        used_source: Whether it began from the source.
    """

    data: bytes
    size: tuple[int, int]
    used_source: bool = False


class StillModel(Protocol):
    """Paints one picture from a prompt."""

    def paint(self, request: StillRequest, on_step: OnStep) -> ModelPicture:
        """Paint a picture.

        Raises:
            StillRefused: Not this one.
            ModelUnavailable: None at all.
        """
        ...

    def close(self) -> None:
        """Let go of memory and connections."""
        ...
