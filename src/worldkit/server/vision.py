"""``Vision``: the interface of a vision model that a server can be given. worldkit includes none."""

from __future__ import annotations

from typing import Protocol

from worldkit.core.json_values import Json


class Vision(Protocol):
    """A model that describes and draws pictures. A frame comes as a ``data:`` URL of base64, of the type that it has.

    The text of a ``WorldError`` that it raises is shown to the caller: that a picture cannot be read, for example.
    """

    def perceive(self, frame: str, room_name: str | None, room_description: str | None) -> Json:
        """Describe a frame: ``summary``, ``visible``, ``affordances``, ``exits``."""
        ...

    def ground(self, frame: str, labels: list[str]) -> Json:
        """Locate labels in a frame: ``hotspots``, each with ``label``, ``bbox``, ``confidence``."""
        ...

    def seed_frame(self, prompt: str, pov: str | None, mood: str | None, style: str | None) -> Json:
        """Draw a frame: ``imageBase64``, ``mimeType``, ``url``, ``prompt``."""
        ...
