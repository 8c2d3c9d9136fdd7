"""``Situation``: where a player stands when they type an action, as a model is told of it."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass

from worldkit.core.errors import WorldError
from worldkit.core.json_values import quote
from worldkit.core.spoken_names import button_label, readable_name
from worldkit.generation.direct.wording import plain, shorten
from worldkit.generation.planning.sketch import own_base
from worldkit.playing.position import Position
from worldkit.playing.session import Session
from worldkit.world import World

MAX_ACTION_CHARACTERS = 200
"""Characters of an action."""
MAX_DESTINATIONS = 8
"""So many places a model may let the ways on lead to."""
_MAX_BASE_CHARACTERS, _MAX_DESTINATION_CHARACTERS, _MAX_TRAIL_LENGTH = 600, 120, 6


@dataclass(frozen=True, slots=True)
class Situation:
    """Where a player stands.

    Attributes:
        world: The world of the run, as it is now.
        position: Where the player stands, with what they hold.
        action: What they typed, as one line.
        destinations: States that the ways on may lead to, this one first; none of them is an ending.
        trail: What was done last, in words.
    """

    world: World
    position: Position
    action: str
    destinations: tuple[str, ...]
    trail: tuple[str, ...] = ()

    @property
    def state(self) -> str:
        """The id of the state."""
        return self.position.state

    def question(self) -> str:
        """Return what a model is asked."""
        world, state = self.world, self.state
        story = world.story.logline if world.story and world.story.logline else world.description
        lines = []
        if story:
            lines.append(f"Story: {_line(story, 300)}")
        if world.subject:
            lines.append(f"The hero, as the camera sees them: {_line(world.subject, 200)}")
        lines.append(f"The hero is here: {state}. {_line(own_base(world, state), _MAX_BASE_CHARACTERS)}")
        if self.position.flags:
            lines.append(f"The hero has: {', '.join(sorted(self.position.flags)[:12])}")
        if self.trail:
            lines.append(f"Done so far: {'; '.join(self.trail)}")
        lines.append("The ways on lead to:")
        lines += [f"- {id}: {_line(own_base(world, id), _MAX_DESTINATION_CHARACTERS)}" for id in self.destinations]
        lines.append(f"The player types: {json.dumps(self.action, ensure_ascii=False)}")
        return "\n".join(lines)


def situation_of(session: Session, action: str) -> Situation:
    """Return where a session stands when a player types an action.

    Raises:
        WorldError: Nothing was typed or too much, or what is offered already; the run is over, or something plays.
    """
    text = " ".join(action.split())
    if not any(letter.isalnum() for letter in text):
        raise WorldError('expected an action in words, such as "climb the drainpipe"; got nothing')
    if len(text) > MAX_ACTION_CHARACTERS:
        raise WorldError(f"the action has {len(text):,} characters; expected at most {MAX_ACTION_CHARACTERS}")
    if session.playing is not None:
        raise WorldError(f"{quote(session.playing.event)} still plays; wait until it has landed, then type again")
    if session.over:
        raise WorldError("play is over here, so nothing can be done; go back first")
    offered_labels = {offer.label.strip(" .!").casefold(): offer.label for offer in session.offers}
    if same := offered_labels.get(text.strip(" .!").casefold()):
        raise WorldError(f"{quote(same)} is offered here already; choose it, or type something else")
    world, position = session.world, session.position
    names = [step.event for step in session.trace.steps if step.by == "player"][-_MAX_TRAIL_LENGTH:]
    events = world.events_by_name
    labels = [button_label(events[name]) if name in events else readable_name(name) for name in names]
    trail = tuple(_line(label, 60) for label in labels)
    return Situation(world, position, text, destinations(world, position.state), trail)


def destinations(world: World, state: str) -> tuple[str, ...]:
    """Return where the ways on from a new place beside a state may lead, nearest first.

    A place behind a lock is left out, and one behind an ending too: a new way must not lead round either.
    """
    ways = defaultdict[str, list[str]](list)
    for event in world.events:
        target = world.states.get(event.to or "")
        if event.to and target and target.ending is None and not event.requires and not event.hidden:
            for id in event.from_:
                ways[id].append(event.to)
    near = [state]
    for reached in near:  # which grows while it is gone through
        if len(near) >= MAX_DESTINATIONS:
            break
        near += [id for id in dict.fromkeys(ways.get(reached, ())) if id not in near]
    return tuple(near[:MAX_DESTINATIONS])


def _line(text: str, longest: int) -> str:
    return shorten(plain(text), longest)
