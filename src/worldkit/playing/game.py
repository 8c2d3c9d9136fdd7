"""``Game``: a world and the terms it is played on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from worldkit.playing import narration
from worldkit.playing.compile import Table, table
from worldkit.playing.machine import over
from worldkit.playing.position import Position
from worldkit.playing.record import Moment

if TYPE_CHECKING:
    from worldkit.world import World


@dataclass(frozen=True, slots=True, eq=False)
class Game:
    """A world and the terms it is played on.

    Attributes:
        world: The world.
        table: The same, compiled.
        past_endings: Play goes on where it is over.
    """

    world: World
    table: Table
    past_endings: bool = False

    @classmethod
    def of(cls, world: World, past_endings: bool = False) -> Game:
        """Return the game of a world."""
        return cls(world, table(world), past_endings)

    def first(self, start: Position) -> Moment:
        """Return the first moment of a run."""
        return Moment(start, line=self.line(start.state), outro=self.closes(start))

    def line(self, state: str) -> str:
        """Return the line shown on entering a state."""
        return narration.line(self.world, self.table.states[state])

    def over(self, now: Moment) -> bool:
        """Say whether the run is over at a moment."""
        return over(self.table, now.position, self.past_endings)

    def closes(self, position: Position) -> bool:
        """Say whether the outro belongs to a position: its flag is held in its state."""
        outro = self.world.outro
        return outro is not None and position.state == outro.state and outro.flag in position.flags
