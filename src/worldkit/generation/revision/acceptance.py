"""What a machine's edit must not do: break a rule, lose an ending, or let a run get stuck where none could before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from worldkit.comparison.deep import PlayChanges, compare_explorations
from worldkit.comparison.play_summary import summarize
from worldkit.comparison.world_diff import Diff, diff
from worldkit.core.errors import OpError, RuleViolation
from worldkit.editing.batch import Applied
from worldkit.exploration import Exploration, explore_counted, plays_the_same
from worldkit.generation.revision.consistency import apply_consistently
from worldkit.world import World

MOST_COMPLAINTS = 5


def applied(world: World, ops: Sequence[Mapping[str, Any]]) -> tuple[Applied[World] | None, list[str]]:
    """Do what ``applied_strictly`` does, and play the outcome through."""
    changed_world, problems = applied_strictly(world, ops)
    if changed_world is not None:
        problems = harm_done(world, changed_world.world)
    return (None, problems) if problems else (changed_world, [])


def applied_strictly(world: World, ops: Sequence[Mapping[str, Any]]) -> tuple[Applied[World] | None, list[str]]:
    """Apply a batch strictly, with what keeps subject and style tail inside the bases.

    Returns:
        The resulting world, or None with the objections to it, in sentences.
    """
    try:
        return apply_consistently(world, ops, strictly=True), []
    except RuleViolation as error:
        return None, [f"{found.path}: {found.message} [{found.lint}]" for found in error.diagnostics]
    except OpError as error:
        return None, [str(error)]


def harm_done(before: World, after: World) -> list[str]:
    """Return what an edit did to play, as ``harm`` does; a world is explored only where that can tell.

    What is explored is counted in steps, so that it is the same on every machine: what is written depends on it.
    """
    if not before.states or not after.states:
        return ["nothing is left to play: the world has no states"] if before.states else []
    if plays_the_same(before, after):
        return []
    kinds, new_kinds = ([one.ending.kind for one in world.states.values() if one.ending] for world in (before, after))
    # the only ending that is won may end otherwise, where that is asked for
    if "win" in kinds and "win" not in new_kinds and len(new_kinds) < len(kinds):
        return ["No run can be won any more: the only ending that is won would be gone."]
    exploration = explore_counted(after)
    has_faults = exploration.soft_lock_states or exploration.dead_ends
    has_unseen = exploration.unreachable_states or exploration.unreachable_endings or exploration.dead_events
    is_faultless = bool(exploration.endings) and not has_faults and not has_unseen
    return [] if is_faultless else harm(explore_counted(before), exploration)


def diff_in_play(before: World, after: World) -> Diff:
    """Return the differences of two worlds, with those in play by the explorations that edits are judged by."""
    differences = diff(before, after)
    old, new = (explore_counted(world) if world.states else None for world in (before, after))
    play = compare_explorations(old, new, differences) if old is not None and new is not None else PlayChanges(old, new)
    return replace(differences, play=play)


def harm(before: Exploration, after: Exploration) -> list[str]:
    """Return what an edit did to play that nobody wants, in sentences; empty when it did no harm.

    A world that could not be played before is no reason to refuse what comes after, and what is not decided does not
    count against an edit.
    """
    effects = compare_explorations(before, after, diff(before.world, after.world))
    unseen_names = {*effects.events_dead, *effects.states_lost}
    is_new_and_unseen = any(kind != "ending" and name in unseen_names for kind, name in effects.fresh)
    is_harmful = bool(effects.endings_lost or effects.soft_locks_new or effects.dead_ends_new or is_new_and_unseen)
    lost_every_ending = bool(before.endings) and after.exact and not after.endings
    if not is_harmful and not lost_every_ending:
        return []
    harmless = ("There are", "There is", "Nothing that")  # how many positions there are
    complaints = (sentence for sentence in summarize(effects) if not sentence.startswith(harmless))
    return list(islice(complaints, MOST_COMPLAINTS))
