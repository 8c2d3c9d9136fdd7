"""``Pacing``: how long a story is and how hard, and how far away each of its endings is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from worldkit.core.argument_checks import checked_methods
from worldkit.core.brief import shown_briefly
from worldkit.core.display import render
from worldkit.core.json_values import Json, escape_unprintable
from worldkit.core.quoting import format_count
from worldkit.core.spoken_names import world_title
from worldkit.playing.trace import Trace
from worldkit.simulation.chance import Chance
from worldkit.simulation.pacing_text import changes_text, distance_text, names_text, share_text, way_text

if TYPE_CHECKING:
    from worldkit.world import World


@checked_methods
@dataclass(frozen=True, slots=True)
class EndingPace:
    """The distance of an ending: the steps and seconds of a shortest run to it.

    Attributes:
        state: The id of its state.
        title: Its title.
        kind: ``"win"`` or ``"lose"``.
        run: A shortest run to it; None when no run gets there, or none was found in time.
        decisions: The steps of that run, from 1, with which a choice is made that decides which endings can still be
            reached; None when that is not known.
        chance: The probability that random play sees it.
        reachable: Whether any run gets there; None when that was not decided in time.

    Example:
        >>> ending = wk.pacing(world).endings[0]
        >>> ending.state, ending.steps, ending.chance.value
        ('two_mittens', 3, 1.0)
    """

    state: str
    title: str
    kind: str
    run: Trace | None
    decisions: tuple[int, ...] | None
    chance: Chance
    reachable: bool | None

    @property
    def steps(self) -> int | None:
        """The number of steps of a shortest run to it."""
        return None if self.run is None else len(self.run)

    @property
    def seconds(self) -> float | None:
        """The length of that run in seconds, without the time to read and choose."""
        if self.run is None:
            return None
        return max((step.until for step in self.run), default=0) / 1000


@shown_briefly
@checked_methods
@dataclass(frozen=True, slots=True, eq=False)
class Pacing:
    """The length of a story, how often its player decides something, and what of it can be skipped.

    Attributes:
        world: The world.
        endings: Its endings, the nearest first; those that no run reaches come last.
        choices: The states in which a choice decides which endings can still be reached; None when there are too many
            positions to know.
        events: How many events some run fires; None likewise.
        dead_weight: Those of them that no shortest run to any ending fires: all that a player in a hurry misses;
            None likewise.
        exact: Whether the shares of random play were computed; otherwise they are simulated.

    Example:
        >>> pacing = wk.pacing(world)
        >>> pacing
        Pacing of 'The Red Mitten': 1 ending, 3 steps away
          two_mittens  win  3 steps, 8.0 s, no decision; 100 % of random plays
          choices that decide the ending: none
          off every shortest way: 2 of 5 events: listen_to_the_leaves, walk_back_down_the_lane
    """

    world: World
    endings: tuple[EndingPace, ...]
    choices: tuple[str, ...] | None
    events: int | None
    dead_weight: tuple[str, ...] | None
    exact: bool

    @property
    def shortest(self) -> int | None:
        """The number of steps of the shortest run to any ending; None when none can be reached."""
        return min((ending.steps for ending in self.endings if ending.steps is not None), default=None)

    @property
    def longest_necessary(self) -> int | None:
        """The number of steps that the farthest ending takes at least; nobody sees that ending in fewer."""
        return max((ending.steps for ending in self.endings if ending.steps is not None), default=None)

    def changes(self, after: Pacing) -> tuple[str, ...]:
        """Return in sentences what is different in another version of the world.

        Args:
            after: The pacing of the other version.

        Example:
            >>> story = wk.samples.load("lighthouse")
            >>> changed = story.apply([{"op": "delete_event", "name": "the_steamer_holds_her_course"}])
            >>> wk.pacing(story).changes(wk.pacing(changed))[-1]
            'What is chosen in gallery no longer decides the ending.'
        """
        return tuple(changes_text(self, after))

    def to_dict(self) -> Json:
        """Return it as JSON values."""
        return {
            "shortest": self.shortest,
            "longest_necessary": self.longest_necessary,
            "choices": None if self.choices is None else list(self.choices),
            "dead_weight": None if self.dead_weight is None else list(self.dead_weight),
            "exact": self.exact,
            "endings": [
                {
                    "state": ending.state,
                    "kind": ending.kind,
                    "steps": ending.steps,
                    "seconds": ending.seconds,
                    "decisions": None if ending.decisions is None else list(ending.decisions),
                    "chance": ending.chance.value,
                    "reachable": ending.reachable,
                }
                for ending in self.endings
            ],
        }

    def __repr__(self) -> str:
        count = len(self.endings)
        title = escape_unprintable(world_title(self.world))
        lines = [f"Pacing of {title!r}: {format_count(count, 'ending')}{distance_text(self)}"]
        width = max((len(escape_unprintable(ending.state)) for ending in self.endings), default=0)
        for ending in self.endings:
            plays = f"{share_text(ending.chance, exact=self.exact)} of random plays"
            state, kind = escape_unprintable(ending.state), escape_unprintable(ending.kind)
            lines.append(f"  {state:<{width}}  {kind}  {way_text(ending)}; {plays}")
        if self.choices is not None:
            lines.append(f"  choices that decide the ending: {names_text(self.choices)}")
        if self.dead_weight is not None:
            off = f"{len(self.dead_weight)} of {self.events} events"
            names = f": {names_text(self.dead_weight)}" if self.dead_weight else ""
            lines.append(f"  off every shortest way: {off}{names}")
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        text: str = render(self, "html")
        return text
