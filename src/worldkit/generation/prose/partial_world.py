"""A world as it fills in: the planned graph, and the prose that has been written so far."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from worldkit.drawing.svg import to_svg
from worldkit.generation.planning.plan import Plan
from worldkit.generation.prose.assembly import document
from worldkit.generation.prose.fields import Address, Field
from worldkit.layout.placement import layout
from worldkit.world import World

COMING = "…"
"""What stands where prose is still to be written."""


class Filling:
    """The planned graph and what is written of it.

    Args:
        plan: The plan.
        fields: The strings it wants.
    """

    def __init__(self, plan: Plan, fields: Sequence[Field]) -> None:
        self._plan = plan
        self._texts: dict[Address, str] = {item.at: COMING if item.question else item.stock[0] for item in fields}
        self._places: Mapping[str, tuple[float, float]] = {}
        self.last = ""

    def wrote(self, at: Address, text: str) -> None:
        """Put a string in its place; one that is put again takes the place of the first."""
        self._texts[at] = text
        self.last = f"{at[1]}.{at[2]}"

    @property
    def coming(self) -> int:
        """How many strings are still to come."""
        return sum(text == COMING for text in self._texts.values())

    def world(self) -> World:
        """Return the world as it is by now."""
        return World.from_dict(document(self._plan, self._texts), source="the world so far")

    def picture(self) -> str:
        """Return its picture; cards stay where they were in the one before."""
        world = self.world()
        self._places = self._places or layout(world)
        return to_svg(world, layout=self._places)
