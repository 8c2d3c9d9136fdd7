"""Every screen of the widgets: how to come to it, and what must be seen there. The guides show some of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.browser.stand import Stand


def nothing(_: Stand) -> None:
    """Leave the widget as it opens."""


@dataclass(frozen=True)
class Screen:
    """A screen of a widget.

    Attributes:
        guide: The guide that explains it, and the folder of its pictures.
        name: Its name there.
        make: Makes the widget.
        act: Comes from the widget as it opens to the screen.
        shows: Selectors; at least one element of each must be seen.
        says: Texts that must be seen.
        width: Of the widget in pixels.
        height: Of the page in pixels.
        clip: The part that the picture shows; the whole widget when not given.
    """

    guide: str
    name: str
    make: Callable[[], Any]
    act: Callable[[Stand], None] = nothing
    shows: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    width: int = 1000
    height: int = 560
    clip: str = ""

    @property
    def path(self) -> str:
        """Its place among the pictures, without theme and suffix."""
        return f"{self.guide}/{self.name}"
