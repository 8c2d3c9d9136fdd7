"""What an import returns: the world, the machine it was made of, and what was lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Generic

from worldkit.core.brief import shown_briefly
from worldkit.core.display import render
from worldkit.core.document import D
from worldkit.interop.stories.machine import Loss, Machine
from worldkit.layout.measures import Position


@shown_briefly
@dataclass(frozen=True, slots=True, repr=False)
class Imported(Generic[D]):
    r"""A story of another program as a world, and what the world does not have of it.

    Attributes:
        world: The world.
        machine: The story as nodes, transitions and variables: what the file says, before it became a world.
        lost: What could not be expressed exactly, in the order in which it was found: each with its place and with what
            the world has instead.
        layout: Where the cards of the states stand, if the file has a map; for ``worldkit.edit(..., layout=...)``.

    Example:
        >>> wk.import_(":: Start\nA hall. [[Go on->Attic]]\n:: Attic [win]\nA trunk full of light.")
        World 'Start': 2 states, 1 event, entrance 'Start'
        nothing was lost
    """

    world: D
    machine: Machine = field(repr=False)
    lost: tuple[Loss, ...] = ()
    layout: Mapping[str, Position] = field(default_factory=dict, repr=False)

    def __repr__(self) -> str:
        text: str = render(self, "text")
        return text

    def _repr_html_(self) -> str:
        html: str = render(self, "html")
        return html
