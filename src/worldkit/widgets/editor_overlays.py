"""The overlays of an editor's map: those that were put up, kept up to date with the world."""

from __future__ import annotations

from dataclasses import replace

from worldkit.core.errors import WorldError
from worldkit.core.json_values import Json, quote
from worldkit.widgets.edit_effects import renames
from worldkit.widgets.overlay import Overlay, carry_over, overlay, rebuild
from worldkit.world import World


class EditorOverlays:
    """What is drawn over an editor's map, the newest last."""

    def __init__(self) -> None:
        self._overlays: dict[str, Overlay] = {}
        self._serial = 0

    def put(self, what: object, world: World, name: str | None = None) -> None:
        """Put up an overlay, in place of one of the same name.

        Args:
            what: As for ``Editor.overlay``.
            name: What the list calls it.

        Raises:
            TypeError: It is nothing that can be drawn.
        """
        self._serial += 1
        new = replace(overlay(what, world, name), serial=self._serial)
        self._overlays.pop(new.key, None)
        self._overlays[new.key] = new

    def remove(self, name: str | None = None) -> None:
        """Take an overlay away, or all of them when none is named.

        Args:
            name: Its name or its title.

        Raises:
            WorldError: There is none of that name.
        """
        if name is None:
            self._overlays.clear()
            return
        titles = {key: each.title for key, each in self._overlays.items()}
        key = name if name in titles else next((key for key, title in titles.items() if title == name), None)
        if key is None:
            listed_titles = ", ".join(map(quote, titles.values())) or "none"
            raise WorldError(f"there is no overlay {quote(name)}; there are {listed_titles}")
        del self._overlays[key]

    def follow(self, before: World, after: World) -> None:
        """Let the overlays follow an edit; those that are quickly made again are."""
        if not self._overlays:
            return
        names = renames(before, after)
        # first, so that one that is not made again because of an interrupt says that it is out of date
        self._overlays = {key: carry_over(old, after, names) for key, old in self._overlays.items()}
        for key, current in list(self._overlays.items()):
            if current.is_stale and current.quick:
                self._overlays[key] = rebuild(current, after)

    def to_list(self) -> list[Json]:
        """Return the overlays as views are told of them."""
        return [each.to_dict() for each in self._overlays.values()]
