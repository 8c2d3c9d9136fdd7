"""From one moment of a run to the next: firing in the contract's order, with narration, evidence and the record.

Pure: a moment goes in, a moment and what there is to tell of it come out. A failure on the way
leaves the old moment as it was, so nothing is granted, used or moved before a landing.
"""

from __future__ import annotations

from dataclasses import dataclass

from worldkit.play import narration
from worldkit.play.bus import Happening
from worldkit.play.compile import Action, Table, Walk, table
from worldkit.play.machine import step, stops, walked
from worldkit.play.position import Position
from worldkit.play.record import Moment, OpenConsole
from worldkit.play.trace import By, Evidence, Step
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
        return Moment(start, line=self.line(start.state))

    def line(self, state: str) -> str:
        """Return the line shown on entering a state."""
        return narration.line(self.world, self.table.states[state])


Told = tuple[Moment, list[Happening]]


def fired(game: Game, now: Moment, found: Action | Walk, by: By) -> Told:
    """Return the moment after firing something available, and what there is to tell of it.

    Args:
        game: The world and its terms.
        now: The moment it is pressed.
        found: What ``machine.resolve`` found.
        by: Who presses.
    """
    if isinstance(found, Walk):
        return _walk(game, now, found, by)
    rung = now.rung if by == "player" else now.rung | {found.index}
    if found.console is not None:
        return _open(now, found, by, rung)
    position, effects = step(now.position, found)
    until = now.clock + found.playing_ms
    narrated = found.event.narration
    entered = game.line(position.state) if effects.moved else ""
    line = narrated if narrated is not None else entered if effects.moved else now.line
    evidence: Evidence | None = "not observed" if found.gated else None
    made = Step(
        event=found.name,
        by=by,
        at=now.clock,
        until=until,
        origin=now.position.state,
        state=position.state,
        moved=effects.moved,
        granted=effects.granted,
        used=effects.used,
        evidence=evidence,
        cutscene=None if effects.cut is None else effects.cut.id,
        skipped=effects.skipped,
        held=now.held,
        line=narrated if narrated is not None else entered,
    )
    after = Moment(
        position=position,
        clock=until,
        entered=until if effects.moved else now.entered,
        travelled=0 if effects.moved else now.travelled,
        rung=frozenset() if effects.moved else rung,
        line=line,
        count=now.count + 1,
        step=made,
        before=now,
    )
    places = (position.state,) if effects.moved else ()
    return after, _tell(game, made, [(place, until) for place in places])


def _open(now: Moment, found: Action, by: By, rung: frozenset[int]) -> Told:
    here = now.position.state
    made = Step(found.name, by, now.clock, now.clock, here, here, console=True, held=now.held)
    after = Moment(
        position=now.position,
        clock=now.clock,
        entered=now.entered,
        travelled=now.travelled,
        rung=rung,
        line=now.line,
        console=OpenConsole(found),
        count=now.count + 1,
        step=made,
        before=now,
    )
    return after, [Happening(topic, now.clock, here, found.name) for topic in ("fire", "land")]


def _walk(game: Game, now: Moment, walk: Walk, by: By) -> Told:
    reached = stops(game.table, walk, game.past_endings)
    position = walked(game.table, now.position, walk, game.past_endings)
    places: list[tuple[str, int]] = []
    clock = now.clock + reached[0].ms
    for beat in reached[1:]:
        places.append((beat.state, clock))
        clock += beat.ms
    moved = bool(places)
    line = game.line(position.state) if moved else ""
    made = Step(
        event=walk.name,
        by=by,
        at=now.clock,
        until=clock,
        origin=now.position.state,
        state=position.state,
        moved=moved,
        evidence="not observed" if any(beat.settles for beat in reached) else None,
        through=tuple(state for state, _ in places),
        held=now.held,
        line=line,
    )
    after = Moment(
        position=position,
        clock=clock,
        entered=places[-1][1] if moved else now.entered,
        travelled=0 if moved else now.travelled,
        rung=frozenset() if moved else now.rung,
        line=line if moved else now.line,
        count=now.count + 1,
        step=made,
        before=now,
    )
    return after, _tell(game, made, places)


def _tell(game: Game, made: Step, places: list[tuple[str, int]]) -> list[Happening]:
    name, here = made.event, made.origin
    told = [Happening("fire", made.at, here, name)]
    if made.granted:
        told.append(Happening("grant", made.until, here, name, made.granted))
    for place, at in places:
        told += [Happening("leave", at, here, name), Happening("enter", at, place, name)]
        here = place
    told.append(Happening("land", made.until, here, name))
    if made.moved and here in game.table.endings:
        told.append(Happening("end", made.until, here, name))
    return told
