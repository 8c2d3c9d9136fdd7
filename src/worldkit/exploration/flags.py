"""Which flags a world grants, and which anything in it asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from worldkit.playing.transition_table import Action, TransitionTable

if TYPE_CHECKING:
    from worldkit.world import World


def granting(table: TransitionTable) -> dict[str, list[Action]]:
    """Return for every flag the events that grant it; opening a console grants nothing, whatever it lists."""
    found: dict[str, list[Action]] = {}
    for action in table.actions:
        for flag in action.grants if not action.opens_console else ():
            found.setdefault(flag, []).append(action)
    return found


def asked_for(world: World, table: TransitionTable) -> set[str]:
    """Return the flags that an event, a clip, a console, a mission or the outro asks for."""
    asked = {flag for action in table.actions for flag in action.requires}
    asked.update(flag for cut in world.cutscenes or () for flag in cut.requires or ())
    for action in table.actions:
        for fact in action.console.facts or () if action.opens_console and action.console else ():
            asked.update(fact.requires or ())
    for mission in world.missions or ():
        asked.update(goal.id if goal.grants is None else goal.grants for goal in mission.objectives)
        if mission.complete is not None:
            asked.add(mission.complete)
    if world.outro is not None:
        asked.add(world.outro.flag)
    return asked
