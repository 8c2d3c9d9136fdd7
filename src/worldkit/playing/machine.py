"""The stepper: pure functions from a position to what can be done there, and to the position after it.

This is the reference of how a world plays (docs/spec/runtime.md). There is no clock and no record
here; ``Session`` keeps those, and exhaustive play needs neither.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from worldkit.core.errors import NotAvailable
from worldkit.core.model import Cutscene, Terminal
from worldkit.core.quoting import did_you_mean, first_names, quote_name
from worldkit.playing.position import Position
from worldkit.playing.transition_table import SEQUENCE_PREFIX, Action, SequenceAction, SequenceStop, TransitionTable


@dataclass(frozen=True, slots=True)
class Effects:
    """What a firing did besides the position it led to.

    Attributes:
        moved: It landed in a state, perhaps the same one again.
        granted: The flags that were not held before, in the event's order.
        used: It is a one-shot, used up now.
        cutscene: The cutscene that it plays.
        skipped: The clip of ``cutscene`` was skipped, because its flags are not held.
        console: The console it opened.
    """

    moved: bool = False
    granted: tuple[str, ...] = ()
    used: bool = False
    cutscene: Cutscene | None = None
    skipped: bool = False
    console: Terminal | None = None


def is_over(table: TransitionTable, position: Position, past_endings: bool = False) -> bool:
    """Say whether the run is over: the state has an ending, and endings are not lifted."""
    return not past_endings and position.state in table.endings


def offered_events(table: TransitionTable, position: Position, past_endings: bool = False) -> Iterator[Action]:
    """Yield the events of a position that are here and not used up, in world order, held flags or not."""
    if not is_over(table, position, past_endings):
        used_events = position.used
        for action in table.by_state[position.state]:
            if not (action.one_shot and action.name in used_events):
                yield action


def available_events(table: TransitionTable, position: Position, past_endings: bool = False) -> list[Action]:
    """Return the events that can be fired in a position, hidden ones too, in world order."""
    flags = position.flags
    return [action for action in offered_events(table, position, past_endings) if action.requires <= flags]


def available_sequences(
    table: TransitionTable, position: Position, past_endings: bool = False
) -> tuple[SequenceAction, ...]:
    """Return the sequences that can be started in a position, in world order."""
    return () if is_over(table, position, past_endings) else table.sequences.get(position.state, ())


def fireable_by_name(
    table: TransitionTable, position: Position, past_endings: bool = False
) -> list[Action | SequenceAction]:
    """Return what can be fired by name in a position: of several of one name the first, an event before a sequence.

    The others of a name can be fired by their own timers, waypoints and zones only.
    """
    candidates: list[Action | SequenceAction] = [
        *available_events(table, position, past_endings),
        *available_sequences(table, position, past_endings),
    ]
    if position.state in table.shared_names:
        first_of_name = {candidate.name: candidate for candidate in reversed(candidates)}
        return [candidate for candidate in candidates if first_of_name[candidate.name] is candidate]
    return candidates


def step(position: Position, action: Action) -> tuple[Position, Effects]:
    """Return where firing an event leads, and what else it does.

    Args:
        position: A position the event is available in; that is not checked again here.
        action: The event.
    """
    if action.opens_console:
        return position, Effects(console=action.console)
    flags, used_names = position.flags, position.used
    new_flags = tuple(flag for flag in action.grants if flag not in flags)
    after = Position(
        position.state if action.target is None else action.target,
        flags.union(new_flags) if new_flags else flags,
        used_names | {action.name} if action.one_shot else used_names,
    )
    cutscene = action.cutscenes.get(position.state)
    is_skipped = cutscene is not None and not action.plays_cutscene(position.state, flags)
    return after, Effects(action.target is not None, new_flags, action.one_shot, cutscene, is_skipped)


def reached_beats(
    table: TransitionTable, sequence: SequenceAction, past_endings: bool = False
) -> tuple[SequenceStop, ...]:
    """Return the beats a sequence reaches: an ending on the way ends the run, and the sequence with it."""
    if not past_endings:
        for number, beat in enumerate(sequence.beats, 1):
            if beat.state in table.endings:
                return sequence.beats[:number]
    return sequence.beats


def end_of_sequence(
    table: TransitionTable, position: Position, sequence: SequenceAction, past_endings: bool = False
) -> Position:
    """Return the position at the end of a sequence: it grants nothing and uses nothing up."""
    return Position(reached_beats(table, sequence, past_endings)[-1].state, position.flags, position.used)


def resolve(
    table: TransitionTable, position: Position, name: str, past_endings: bool = False
) -> Action | SequenceAction:
    """Return what firing a name fires; see ``fireable_by_name``.

    Args:
        table: The compiled world.
        position: Where.
        name: An event's name, or ``sequence:<id>``.
        past_endings: Let play go on where it is over.

    Raises:
        NotAvailable: With the reason nearest to being available.
    """
    namesakes = table.by_name.get(name, ())
    for candidate in fireable_by_name(table, position, past_endings):
        if candidate.name == name:
            return candidate
    raise _not_available(table, position, name, namesakes, past_endings)


def _not_available(
    table: TransitionTable, position: Position, name: str, namesakes: tuple[Action, ...], past_endings: bool
) -> NotAvailable:
    state_name = quote_name(position.state)
    starts = [id for id, sequences in table.sequences.items() if any(sequence.name == name for sequence in sequences)]
    if not namesakes and not starts:
        if name in table.broken_sequences:
            return NotAvailable(name, "unknown", f"the sequence cannot be walked: {table.broken_sequences[name]}")
        what = "sequence" if name.startswith(SEQUENCE_PREFIX) else "event"
        hint = did_you_mean(name, [action.name for action in table.by_state[position.state]])
        return NotAvailable(name, "unknown", f"this world has no {what} of that name{hint}")
    if is_over(table, position, past_endings):
        title = table.endings[position.state].title
        return NotAvailable(
            name, "over", f"the run is over: {state_name} is an ending ({quote_name(title)}); undo or retry"
        )
    for action in namesakes:
        if position.state in action.sources and not (action.one_shot and name in position.used):
            missing = sorted(action.requires - position.flags)
            names = first_names(missing, _MAX_FLAGS)
            return NotAvailable(name, "missing flags", f"missing flags: [{names}]", missing)
    if any(position.state in action.sources for action in namesakes):
        return NotAvailable(name, "used up", "it happens once a run, and is used up")
    places = list(dict.fromkeys([id for action in namesakes for id in action.sources] + starts))
    places_text = f"it is offered in {first_names(places, 5)}" if places else "it is offered nowhere"
    return NotAvailable(name, "not here", f"not here: you are in {state_name}, {places_text}")


_MAX_FLAGS = 20
"""How many missing flags a message names."""
