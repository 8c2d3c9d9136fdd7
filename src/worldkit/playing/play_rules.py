"""``PlayRules``: a compiled world and the options it is played with."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from worldkit.playing import narration
from worldkit.playing.machine import is_over
from worldkit.playing.moment import Moment
from worldkit.playing.position import Position
from worldkit.playing.renames import FirstNames, Renames
from worldkit.playing.transition_table import TransitionTable, table_of

if TYPE_CHECKING:
    from worldkit.world import World


@dataclass(frozen=True, slots=True, eq=False)
class PlayRules:
    """A compiled world and the options it is played with.

    Attributes:
        world: The world.
        table: The same, compiled.
        past_endings: Play goes on where it is over.
        first_names: What was called otherwise when play began: an author may change the world of a run.
    """

    world: World
    table: TransitionTable
    past_endings: bool = False
    first_names: FirstNames = field(default_factory=FirstNames)

    @classmethod
    def of(cls, world: World, past_endings: bool = False) -> PlayRules:
        """Compile a world, with options."""
        return cls(world, table_of(world), past_endings)

    def changed(self, world: World, renames: Renames) -> PlayRules:
        """Return the rules of a run after its world was changed.

        Args:
            world: The changed world.
            renames: What is called differently there.
        """
        table = table_of(world)
        return PlayRules(world, table, self.past_endings, self.first_names.after(renames, table.by_name))

    def first_moment(self, start: Position) -> Moment:
        """Return the first moment of a run."""
        return Moment(self, self, start, line=self.entry_line(start.state), outro_played=self.plays_outro(start))

    def entry_line(self, state: str) -> str:
        """Return the line shown on entering a state."""
        return narration.entry_line(self.world, self.table.states[state])

    def is_over(self, now: Moment) -> bool:
        """Say whether the run is over at a moment."""
        return now.stopped is not None or is_over(self.table, now.position, self.past_endings)

    def plays_outro(self, position: Position) -> bool:
        """Say whether the outro belongs to a position: its flag is held in its state."""
        outro = self.world.outro
        return outro is not None and position.state == outro.state and outro.flag in position.flags
