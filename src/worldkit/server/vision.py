"""``Vision``: what a server needs in order to look at frames and to draw them. worldkit brings none."""

from __future__ import annotations

from typing import Protocol

from worldkit.core.json_values import Json


class Vision(Protocol):
    """A model that looks at pictures and draws them; pictures are base64 text."""

    def perceive(self, frame: str, room_name: str | None, room_description: str | None) -> Json:
        """Return what is seen: ``summary``, ``visible``, ``affordances``, ``exits``."""
        ...

    def ground(self, frame: str, labels: list[str]) -> Json:
        """Return where labels are seen: ``hotspots``, each ``label``, ``bbox``, ``confidence``."""
        ...

    def seed_frame(self, prompt: str, pov: str | None, mood: str | None, style: str | None) -> Json:
        """Return a drawn frame: ``imageBase64``, ``mimeType``, ``url``, ``prompt``."""
        ...
