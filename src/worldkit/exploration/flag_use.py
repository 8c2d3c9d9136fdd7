"""Which flags a world grants, and which anything in it asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from worldkit.playing.transition_table import Action, TransitionTable

if TYPE_CHECKING:
    from worldkit.world import World


def events_granting(table: TransitionTable) -> dict[str, list[Action]]:
    """Return for every flag the events that grant it; opening a console grants nothing, whatever it lists."""
    events_by_flag: dict[str, list[Action]] = {}
    for action in table.actions:
        for flag in action.grants if not action.opens_console else ():
            events_by_flag.setdefault(flag, []).append(action)
    return events_by_flag


def required_flags(world: World, table: TransitionTable) -> set[str]:
    """Return the flags that an event, a clip, a console, a mission or the outro asks for."""
    flags = {flag for action in table.actions for flag in action.requires}
    flags.update(flag for cutscene in world.cutscenes or () for flag in cutscene.requires or ())
    for action in table.actions:
        for fact in action.console.facts or () if action.opens_console and action.console else ():
            flags.update(fact.requires or ())
    for mission in world.missions or ():
        flags.update(goal.id if goal.grants is None else goal.grants for goal in mission.objectives)
        if mission.complete is not None:
            flags.add(mission.complete)
    if world.outro is not None:
        flags.add(world.outro.flag)
    return flags
