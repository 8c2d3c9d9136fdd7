"""Rules about endings: whether there is one, whether it is final, and whether a player is forced into a lost one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from worldkit.core.diagnostics import Item
from worldkit.core.json_values import Json, quote
from worldkit.core.model import Event
from worldkit.ruleset.fixes import patch_ops
from worldkit.ruleset.index import Index
from worldkit.ruleset.rules import Found, join_names, of_each_event, of_each_state, of_world, rule


@rule(
    "no-ending",
    "warning",
    "No ending",
    "No state ends the run, so that nobody can win or lose. Give at least one state an ending.",
    parts=of_world,
)
def no_ending(index: Index) -> Iterator[Found]:
    """No state has an ending."""
    if not index.endings:
        yield Found("no state has an ending; give one a win or a lose ending", "world", field="scene.states")


@rule(
    "sole-affordance-lose-trap",
    "error",
    "All that can be done here loses",
    "Everything that a player may freely do in this state leads to a lose ending. Whatever waits for a flag, is hidden "
    "or has to be clicked in the picture does not count as free. Open another way, or let losing require something.",
    parts=of_each_state,
)
def sole_affordance_lose_trap(index: Index) -> Iterator[Found]:
    """A state without ending has free events, and all of them lead to lose endings."""
    losses = index.losses
    if not losses:
        return
    landings = iter(index.landings)
    losing_events: dict[str, list[str]] = {}
    safe: set[str] = set()
    for event in index.events:
        target = next(landings) if event.kind == "transition" else None
        if event.requires or event.hidden or event.anchor is not None:
            continue
        for source in event.from_:
            if target in losses:
                losing_events.setdefault(source, []).append(event.name)
            else:
                safe.add(source)
    for id, state in index.checked_states.items():
        if state.ending is None and id in losing_events and id not in safe:
            names = join_names(losing_events[id])
            message = f"all that a player may freely do here is {names}, which loses; open another way"
            yield Found(message, "state", id)


def _leave_only_places_of_play(index: Index, items: Sequence[Item]) -> list[Json]:
    # nothing is offered in a state with an ending (docs/spec/runtime.md), so this does not change play
    endings = set(index.endings)

    def patch(event: Event, _: Json) -> Json | None:
        sources = [id for id in event.from_ if id not in endings]
        is_fixed = event.kind == "transition" and sources and len(sources) < len(event.from_)
        return {"from": sources} if is_fixed else None

    return patch_ops(index, items, patch)


@rule(
    "ending-not-terminal",
    "warning",
    "A way out of an ending",
    "A state with an ending is a dead end: the run is over there, and nothing is offered. Take the ending away, or the "
    "state from where the transition is offered; the fix does so where the transition is offered elsewhere too.",
    fix=_leave_only_places_of_play,
    parts=of_each_event,
)
def ending_not_terminal(index: Index) -> Iterator[Found]:
    """A transition leaves a state with an ending."""
    endings = index.ending_ids
    if not endings:
        return
    for event in index.transitions:
        final = [id for id in dict.fromkeys(event.from_) if id in endings]
        if final:
            names = join_names(final)
            is_offered_elsewhere = any(id not in endings for id in event.from_)
            remedy = (
                f"offer it no longer in {quote(final[0]) if len(final) == 1 else 'endings'}"
                if is_offered_elsewhere
                else ""
            )
            message = f"it leaves {names}, where the run is over; offer it elsewhere, or take the ending away"
            yield Found(message, "event", event.name, "from", remedy=remedy)
