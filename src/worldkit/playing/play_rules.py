"""``PlayRules``: a compiled world and the options it is played with."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from worldkit.core.errors import WorldError
from worldkit.core.json_values import quote
from worldkit.playing import narration
from worldkit.playing.machine import is_over
from worldkit.playing.moment import Moment
from worldkit.playing.position import Position
from worldkit.playing.renames import FirstNames, Renames
from worldkit.playing.transition_table import TransitionTable, table_of

if TYPE_CHECKING:
    from worldkit.world import World


@dataclass(frozen=True, eq=False)  # no slots: with them Python 3.11.0 to 3.11.3 pass over __setstate__
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

    def position_of(self, position: Position, names: FirstNames) -> Position:
        """Return a position of the same run in the names of this world.

        Args:
            position: The position, in a world that the run was in.
            names: What was called otherwise there.

        Raises:
            WorldError: Its state is gone.
        """
        if names == self.first_names and position.state in self.table.states:
            return position
        first_state = names.state(position.state)
        state = next((id for id in self.table.states if self.first_names.state(id) == first_state), None)
        if state is None:
            raise WorldError(
                f"this world has no state {quote(position.state)}, where the run began; begin elsewhere, or retry from "
                "the entrance"
            )
        first_used = frozenset(map(names.event, position.used))
        used_names = frozenset(name for name in self.table.by_name if self.first_names.event(name) in first_used)
        return Position(state, names.flags_in(position.flags, self.first_names), used_names)

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
