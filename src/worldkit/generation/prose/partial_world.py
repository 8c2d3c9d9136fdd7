"""A world as it fills in: the planned graph, and the texts that have been written so far."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from worldkit.core.progress import Address, DocumentOf
from worldkit.drawing.cell_picture import cell_picture
from worldkit.generation.prose.fields import Field
from worldkit.world import World

COMING = "…"
"""What stands where a text is still to be written."""


def texts_to_come(fields: Iterable[Field]) -> dict[Address, str]:
    """Return the texts of a plan before a model is asked for any."""
    return {item.at: COMING if item.question else item.stock[0] for item in fields}


class PartialWorld:
    """The planned graph and what is written of it.

    Args:
        document: Makes a document of the texts.
        texts: The texts as they are before any is written.
    """

    def __init__(self, document: DocumentOf, texts: Mapping[Address, str]) -> None:
        self._document = document
        self._texts = dict(texts)

    def wrote(self, at: Address, text: str) -> None:
        """Put a text in its place; one that is put again takes the place of the first."""
        self._texts[at] = text

    @property
    def coming(self) -> int:
        """How many texts are still to come."""
        return sum(text == COMING for text in self._texts.values())

    def world(self) -> World:
        """Return the world as it is by now."""
        return World.from_dict(self._document(self._texts), source="the world so far")

    def picture(self) -> str:
        """Return its picture, as a notebook shows a world; texts do not move its cards."""
        return cell_picture(self.world())
