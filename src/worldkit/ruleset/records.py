"""Rules about records other than the graph: sequences, cutscenes, the outro, the story, variants, consoles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from worldkit.core.json_values import quote
from worldkit.ruleset.index import Index, repeated_indices
from worldkit.ruleset.rules import Found, of_each_event, of_each_state, of_world, rule


@rule(
    "sequence-beat-missing",
    "error",
    "A set-piece through a missing state",
    "A beat of the sequence names a state that does not exist, so that it cannot be walked. Name a state of this "
    "world, or remove the beat.",
    parts=of_world,
)
def sequence_beat_missing(index: Index) -> Iterator[Found]:
    """A beat names no state."""
    for sequence in index.world.sequences or ():
        for number, beat in enumerate(sequence.beats):
            if beat.state not in index.states:
                message = (
                    f"its beat {number + 1} names {quote(beat.state)}, which is no state; name one, or drop the beat"
                )
                yield Found(message, "sequence", sequence.id, f"beats[{number}]")


@rule(
    "cutscene-lands-nowhere",
    "error",
    "A cutscene that lands nowhere",
    "An event that leads to this cutscene lands in the cutscene's own destination, and that state does not exist. "
    "Name a state of this world.",
    parts=of_world,
)
def cutscene_lands_nowhere(index: Index) -> Iterator[Found]:
    """A cutscene's ``to`` names no state, so that a transition over it leads nowhere."""
    for cutscene in index.world.cutscenes or ():
        if cutscene.to not in index.states:
            yield Found(
                f"it lands in {quote(cutscene.to)}, which is no state; name one that exists",
                "cutscene",
                cutscene.id,
                "to",
            )


@rule(
    "cutscene-hides-state",
    "warning",
    "A cutscene with a state's id",
    "A destination is looked up among cutscenes before states, so that events meant for the state play this cutscene "
    "instead. Give the cutscene an id of its own.",
    parts=of_world,
)
def cutscene_hides_state(index: Index) -> Iterator[Found]:
    """A cutscene's id is a state's id."""
    for id in index.world.cutscenes_by_id:
        if id in index.states:
            message = (
                f"there is a state {quote(id)} too, and events that lead there play this cutscene; give it its own id"
            )
            yield Found(message, "cutscene", id, "id")


@rule(
    "stale-ref",
    "warning",
    "A record of something that is gone",
    "A cutscene's start, a beat of the story or a mission's location names a state or sequence that does "
    "not exist. Name one that does, or drop the mention.",
    parts=of_world,
)
def stale_ref(index: Index) -> Iterator[Found]:
    """A cutscene's ``from``, a story beat or an objective's location names nothing."""
    world, states = index.world, index.states
    for cutscene in world.cutscenes or ():
        if cutscene.from_ not in states:
            yield Found(f"it starts from {_missing_text(cutscene.from_)}", "cutscene", cutscene.id, "from")
    for mission in world.missions or ():
        for number, objective in enumerate(mission.objectives):
            if objective.location is not None and objective.location not in states:
                message = f"objective {number + 1} takes place in {_missing_text(objective.location)}"
                yield Found(message, "mission", mission.id, f"objectives[{number}].location")
    sequence_ids = {sequence.id for sequence in world.sequences or ()}
    for number, beat in enumerate((world.story and world.story.beats) or ()):
        for place, id in enumerate(beat.states or ()):
            if id not in states:
                message = f"beat {number + 1} of the story tells of {_missing_text(id)}"
                yield Found(message, "world", field=f"story.beats[{number}].states[{place}]")
        if beat.sequence is not None and beat.sequence not in sequence_ids:
            message = f"beat {number + 1} of the story tells of {_missing_text(beat.sequence, 'sequence')}"
            yield Found(message, "world", field=f"story.beats[{number}].sequence")


def _missing_text(id: str, what: str = "state") -> str:
    return f"{quote(id)}, which is no {what}; name one that exists, or drop it"


@rule(
    "duplicate-id",
    "warning",
    "Two things share an id",
    "Two cutscenes, sequences, missions or objectives of a mission have one id, and the later one cannot be told from "
    "the first. Give each its own.",
    parts=of_world,
)
def duplicate_id(index: Index) -> Iterator[Found]:
    """Two cutscenes, sequences, missions, or objectives of one mission, share an id."""
    world = index.world
    for id in _repeated_ids(cutscene.id for cutscene in world.cutscenes or ()):
        yield Found(
            f"two cutscenes have the id {quote(id)}, and only the first is played; rename one", "cutscene", id, "id"
        )
    for id in _repeated_ids(sequence.id for sequence in world.sequences or ()):
        yield Found(f"two sequences have the id {quote(id)}; rename one", "sequence", id, "id")
    for id in _repeated_ids(mission.id for mission in world.missions or ()):
        yield Found(f"two missions have the id {quote(id)}; rename one", "mission", id, "id")
    for mission in world.missions or ():
        for number in repeated_indices(objective.id for objective in mission.objectives):
            id = mission.objectives[number].id
            message = f"objective {number + 1} has the id of one before it, {quote(id)}; rename one"
            yield Found(message, "mission", mission.id, f"objectives[{number}].id")


def _repeated_ids(ids: Iterable[str]) -> Iterable[str]:
    all_ids = list(ids)
    return dict.fromkeys(all_ids[position] for position in repeated_indices(all_ids))


@rule(
    "duplicate-variant",
    "warning",
    "Two variants share a label",
    "Two variants of the state have one label, so that only the first can be chosen by it. Give each its own.",
    parts=of_each_state,
)
def duplicate_variant(index: Index) -> Iterator[Found]:
    """Two variants of a state share a label."""
    for id, state in index.checked_states.items():
        if state.variants:
            for place in repeated_indices(variant.label for variant in state.variants):
                label = state.variants[place].label
                message = f"variant {place + 1} has the label of one before it, {quote(label)}; rename one"
                yield Found(message, "state", id, f"variants[{place}].label", f"variant[{label}].label")


@rule(
    "terminal-needs-console",
    "warning",
    "A terminal without a console",
    "The event is a terminal but does not say who answers, so that no console opens. Give it a terminal with a "
    "persona, or make it an override.",
    parts=of_each_event,
)
def terminal_needs_console(index: Index) -> Iterator[Found]:
    """A terminal without ``terminal``."""
    for event in index.events:
        if event.kind == "terminal" and event.terminal is None:
            message = "this terminal opens no console; give it a persona, or make it an override"
            yield Found(message, "event", event.name, "terminal")
