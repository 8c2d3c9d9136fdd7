"""Every position of a world with what can be done there, as JSON values: play without a player.

The stepper computes it. A page that shows it decides nothing: each choice leads to a position by its number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from worldkit.core.document import json_of
from worldkit.core.errors import WorldError
from worldkit.core.json_values import Json
from worldkit.core.spoken_names import button_label, readable_name
from worldkit.core.state_copies import place_of
from worldkit.core.unsent_prose import own_prose
from worldkit.illustration.picture import picture_of
from worldkit.illustration.sketch import Detail
from worldkit.layout.text import clean
from worldkit.playing.machine import end_of_sequence, fireable_by_name, step
from worldkit.playing.narration import entry_line, repeats
from worldkit.playing.offers import offers_in
from worldkit.playing.position import Position
from worldkit.playing.transition_table import Action, SequenceAction, TransitionTable, table_of
from worldkit.world import World

MAX_POSITIONS = 20_000
"""A world with more positions is refused: the page holds each of them."""
MAX_FULL_PICTURES_CHARACTERS = 1_200_000
"""Characters of all pictures together up to which they are drawn in full; more are drawn with less detail."""
MAX_LABEL = 4_000
"""Characters of a title, a button or a hint that are shown; prose is shown in full."""
WAIT = "Wait"


def play_table(world: World) -> Json:
    """Return the title, the states, the choices and the positions of a world.

    Raises:
        WorldError: It has no states, or too many positions.
    """
    if not world.states:
        raise WorldError("there is nothing to play yet: the world has no states")
    walk = _Walk(world, table_of(world))
    walk.number(Position(world.start or next(iter(world.states))))
    for position in walk.found_positions:  # grows as it is read
        walk.positions.append(walk.entry(position))
    return {
        "title": _label(world.name or "Untitled world"),
        "states": _states(world, {state: number for number, state in enumerate(walk.states)}),
        "choices": walk.choices,
        "positions": walk.positions,
    }


@dataclass(slots=True)
class _Walk:
    """The positions found so far, in the order of their numbers."""

    world: World
    table: TransitionTable
    found_positions: list[Position] = field(default_factory=list)
    numbers: dict[Position, int] = field(default_factory=dict)
    states: dict[str, int] = field(default_factory=dict)
    choices: list[list[str]] = field(default_factory=list)
    positions: list[Json | list[object]] = field(default_factory=list)
    _choice_numbers: dict[tuple[str, str], int] = field(default_factory=dict)

    def number(self, position: Position) -> int:
        number = self.numbers.get(position)
        if number is not None:
            return number
        if len(self.found_positions) == MAX_POSITIONS:
            raise WorldError(
                f"this world has more than {MAX_POSITIONS:,} positions, too many for one page; "
                "wk.explore(world).to_html() reports on it instead"
            )
        self.found_positions.append(position)
        self.numbers[position] = len(self.found_positions) - 1
        return len(self.found_positions) - 1

    def entry(self, position: Position) -> list[object]:
        """Return a position: its state, the choices with where each leads, and what is locked."""
        state = self.states.setdefault(position.state, len(self.states))
        choices = [[self._choice(label, line), self.number(after)] for label, line, after in self._ways(position)]
        locked_choices = [
            [_label(offer.label), _label(offer.hint or "")]
            for offer in offers_in(self.table, position)
            if not offer.available
        ]
        return [state, choices, locked_choices] if locked_choices else [state, choices]

    def _ways(self, position: Position) -> Iterator[tuple[str, str, Position]]:
        fireable = fireable_by_name(self.table, position)
        labels = {offer.name: offer.label for offer in offers_in(self.table, position) if offer.available}
        for action in fireable:
            if action.name in labels:
                yield labels[action.name], *self._landing(position, action)
        yield from self._wait(position, [action for action in fireable if isinstance(action, Action)])

    def _wait(self, position: Position, actions: list[Action]) -> Iterator[tuple[str, str, Position]]:
        """Yield what happens by itself, up to the first event that changes something: the others fire once a visit.

        It is not offered where that event has a button.
        """
        timed_actions = sorted(
            (one for one in actions if one.timer_ms is not None), key=lambda action: action.timer_ms or 0
        )
        lines = []
        for action in timed_actions:
            line, after = self._landing(position, action)
            lines.append(line)
            if after != position or action.target is not None:
                if action.is_hidden:
                    yield WAIT, " ".join(filter(None, lines)), after
                return
        if any(action.is_hidden for action in timed_actions):
            yield WAIT, " ".join(filter(None, lines)), position

    def _landing(self, position: Position, action: Action | SequenceAction) -> tuple[str, Position]:
        """Return the line that is read, and the position after it."""
        if isinstance(action, SequenceAction):
            after = end_of_sequence(self.table, position, action)
            return entry_line(self.world, self.table.states[after.state]), after
        after, effects = step(position, action)
        event, line = action.event, action.event.narration
        if effects.console is not None:
            line = effects.console.greeting or button_label(event)
        elif line is None and effects.moved:
            line = entry_line(self.world, self.table.states[after.state])
        elif line is None:
            line = own_prose(json_of(self.world), event.base or "") or button_label(event)
        return line, after

    def _choice(self, label: str, line: str) -> int:
        key = (_label(label), _prose(line))
        if key not in self._choice_numbers:
            self._choice_numbers[key] = len(self.choices)
            self.choices.append(list(key))
        return self._choice_numbers[key]


def _states(world: World, numbers: dict[str, int]) -> list[Json]:
    pictures = _pictures(world, list(numbers), "full")
    if sum(map(len, pictures)) > MAX_FULL_PICTURES_CHARACTERS:
        pictures = _pictures(world, list(numbers), "thumbnail")
    document = json_of(world)
    states: list[Json] = []
    for id, picture in zip(numbers, pictures, strict=True):
        body = world.states[id]
        prose, line = own_prose(document, body.base), entry_line(world, body)
        name = _label(readable_name(place_of(id, document["scene"]["states"][id])))
        state: Json = {"name": name, "prose": _prose(prose), "picture": picture}
        if line and not repeats(line, prose):
            state["line"] = _prose(line)
        if body.ending is not None:
            ending = body.ending
            state["ending"] = [ending.kind, _label(ending.title), _label(ending.subtitle or "")]
        states.append(state)
    return states


def _pictures(world: World, states: list[str], detail: Detail) -> list[str]:
    """Return the pictures of states: SVG text of drawings, ``data:`` URLs of others."""
    return [picture.svg or picture.src for picture in (picture_of(world, state, detail=detail) for state in states)]


def _label(text: str) -> str:
    return clean(text, MAX_LABEL)


def _prose(text: str) -> str:
    """Return a text with its lines, and at most one empty line between two of them."""
    lines = [clean(line, len(line)) for line in text.splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")
