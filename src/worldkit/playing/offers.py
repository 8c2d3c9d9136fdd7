"""What a player is offered: the available events, and the locked ones with their hint."""

from __future__ import annotations

from dataclasses import dataclass

from worldkit.core.json_values import Json
from worldkit.core.model import Event
from worldkit.playing.compile import Action, Kind, Table
from worldkit.playing.machine import unspent, walkable
from worldkit.playing.position import Position


@dataclass(frozen=True, slots=True)
class Offer:
    """Something offered to the player.

    Attributes:
        name: What to pass to ``fire``.
        label: What the button says: the event's ``detail``, else its name with underscores as spaces.
        available: Whether it can be fired now; a locked one cannot.
        hint: Why it is locked; None when it is not.
        hotkey: Its key, if any.
        kind: ``"transition"``, ``"override"``, ``"terminal"`` or ``"sequence"``.

    Example:
        >>> offer = wk.Session(world).offers[0]
        >>> offer.name, offer.label, offer.available
        ('walk_up_the_lane', 'walk up the lane', True)
    """

    name: str
    label: str
    available: bool
    hint: str | None
    hotkey: str | None
    kind: Kind

    def to_dict(self) -> Json:
        """Return the offer as JSON values."""
        return {field: getattr(self, field) for field in self.__slots__}


def spoken(name: str) -> str:
    """Return a name as it is read aloud: underscores as spaces."""
    return name.replace("_", " ")


def label(event: Event) -> str:
    """Return what an event's button says: its detail, else its spoken name."""
    return event.detail or spoken(event.name)


def offers(table: Table, position: Position, past_endings: bool = False, *, hidden: bool = False) -> list[Offer]:
    """Return what is offered in a position: events in world order, then the sequences that start here.

    Args:
        table: The compiled world.
        position: Where.
        past_endings: Let play go on where it is over.
        hidden: Return the events without a button instead.
    """
    found = [
        _offer(action, position)
        for action in unspent(table, position, past_endings)
        if action.hidden == hidden and (action.requires <= position.flags or action.event.locked_hint is not None)
    ]
    if not hidden:
        found += [
            Offer(walk.name, walk.title or spoken(walk.name), True, None, None, "sequence")
            for walk in walkable(table, position, past_endings)
        ]
    return found


def _offer(action: Action, position: Position) -> Offer:
    held = action.requires <= position.flags
    hint = None if held else action.event.locked_hint
    return Offer(action.name, label(action.event), held, hint, action.event.hotkey, action.kind)
