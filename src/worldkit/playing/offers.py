"""What a player is offered: the available events, and the locked ones with their hint."""

from __future__ import annotations

from dataclasses import dataclass

from worldkit.core.json_values import Json
from worldkit.core.spoken_names import button_label, readable_name
from worldkit.playing.machine import available_sequences, offered_events
from worldkit.playing.position import Position
from worldkit.playing.transition_table import Action, Kind, TransitionTable


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


def offers_in(
    table: TransitionTable, position: Position, past_endings: bool = False, *, are_hidden: bool = False
) -> list[Offer]:
    """Return what is offered in a position: events in world order, then the sequences that start here.

    Args:
        table: The compiled world.
        position: Where.
        past_endings: Let play go on where it is over.
        are_hidden: Return the events without a button instead.
    """
    offers = [
        _offer_of(action, position)
        for action in offered_events(table, position, past_endings)
        if action.is_hidden == are_hidden
        and (action.requires <= position.flags or action.event.locked_hint is not None)
    ]
    if not are_hidden:
        offers += [
            Offer(sequence.name, sequence.title or readable_name(sequence.name), True, None, None, "sequence")
            for sequence in available_sequences(table, position, past_endings)
        ]
    return offers


def _offer_of(action: Action, position: Position) -> Offer:
    available = action.requires <= position.flags
    hint = None if available else action.event.locked_hint
    return Offer(action.name, button_label(action.event), available, hint, action.event.hotkey, action.kind)
