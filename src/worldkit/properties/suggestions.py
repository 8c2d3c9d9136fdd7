"""Properties that hold of a world today and are worth keeping: few, the most telling first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice, zip_longest
from typing import TYPE_CHECKING, TypeVar

from worldkit.core.argument_checks import checked
from worldkit.core.argument_ranges import expect_count
from worldkit.exploration.budget import Budget
from worldkit.properties.conditions import ANYTHING, Named, Over
from worldkit.properties.files import Properties
from worldkit.properties.statements import (
    AllOf,
    AlwaysPossible,
    AtMost,
    Before,
    LeadsTo,
    Never,
    NeverAfter,
    Possible,
    Property,
)
from worldkit.properties.verification import check

if TYPE_CHECKING:
    from worldkit.world import World

Item = TypeVar("Item")

MAX_CANDIDATES = 60
"""No more properties of one kind are tried than this."""

MAX_EXCLUSIVE_FLAGS = 6
"""Flags of one choice, at most."""

NO_EARLY_ENDING = "no ending in the first steps: {}"


@checked
def suggest_properties(world: World, limit: int = 12, *, budget: Budget | None = None) -> Properties:
    """Return properties that hold for a world today and are worth keeping, the most telling first.

    Each was proven. They are what a mistake in an edit breaks most often: that the endings stay within reach, that
    keys are found before the doors they open, that what happens once cannot be undone.

    Args:
        world: The world.
        limit: How many at most.
        budget: What checking the candidates may cost.

    Returns:
        The properties by name; ``.save("proposed.properties.toml")`` keeps them.

    Raises:
        WrongArgument: ``limit`` is less than 1.

    Example:
        >>> wk.suggest_properties(world, 2)
        2 properties
          an ending stays possible: always possible: ending
          a win stays possible: always possible: win
    """
    expect_count(limit, "limit")
    if not world.states:
        return Properties()
    candidates: dict[str, Property] = {}
    for name, statement in _candidates(world):
        if candidates.setdefault(name, statement) != statement:  # one of the same name, as where a state is called so
            candidates[statement.text] = statement
    results = check(world, candidates, budget=budget)
    names = [result.name for result in results if result.outcome == "holds"]
    early_endings = [name for name in names if name.startswith(NO_EARLY_ENDING.format(""))]
    names = [name for name in names if name not in early_endings[1:]]  # the first of them implies the others
    return Properties({name: candidates[name] for name in names[:limit]})


def _candidates(world: World) -> Iterator[tuple[str, Property]]:
    """Yield candidates by name, in the order of what they are worth."""
    endings = {id: state.ending for id, state in world.states.items() if state.ending is not None}
    kinds = {ending.kind for ending in endings.values()}
    if endings:
        yield "an ending stays possible", AlwaysPossible(Over())
    if "win" in kinds:
        yield "a win stays possible", AlwaysPossible(Over("win"))
    reachable = tuple(Possible(Named("state", id)) for id in _some(endings))
    if reachable:
        yield "every ending can be reached", reachable[0] if len(reachable) == 1 else AllOf(reachable)
        yield "every run comes to an end", LeadsTo(ANYTHING, Over())
        for steps in (8, 5, 3, 2, 1):
            yield NO_EARLY_ENDING.format(steps), Never(Over(), steps)
    candidates_by_kind = [
        _keys(world, set(endings)),
        _points_of_no_return(world, set(endings)),
        _exclusive_flags(world),
    ]
    for row in zip_longest(*candidates_by_kind):
        yield from (candidate for candidate in row if candidate is not None)


def _keys(world: World, endings: set[str]) -> Iterator[tuple[str, Property]]:
    """Yield that a flag is held before a state, for those that events into the state ask for: endings first."""
    flags_and_targets: dict[tuple[str, str], None] = {}
    for event in world.events:
        target = world.landing(event.to)
        if event.kind == "transition" and target is not None:
            for flag in event.requires or ():
                flags_and_targets[flag, target] = None
    grantable_flags = {flag for event in world.events for flag in event.grants or ()}
    pairs = sorted(flags_and_targets, key=lambda pair: pair[1] not in endings)
    for flag, target in _some(pair for pair in pairs if pair[0] in grantable_flags):
        yield f"{flag} before {target}", Before(Named("flag", flag), Named("state", target))
    flag_pairs = (
        (required_flag, flag)
        for event in world.events
        for required_flags in ([flag for flag in event.requires or () if flag in grantable_flags],)
        for flag in event.grants or ()
        for required_flag in required_flags
    )
    for required_flag, flag in _some(flag_pairs):
        yield f"{required_flag} before {flag}", Before(Named("flag", required_flag), Named("flag", flag))


def _points_of_no_return(world: World, endings: set[str]) -> Iterator[tuple[str, Property]]:
    """Yield that a flag which one event grants on the way out of a state cannot be followed by that state."""
    pairs: dict[tuple[str, str], None] = {}
    for event in world.events:
        target = world.landing(event.to)
        if event.kind == "transition" and target is not None and (event.grants or event.one_shot):
            for source in event.from_:
                if source != target and source in world.states and source not in endings:
                    pairs[event.name, source] = None
    for name, source in _some(pairs):
        yield f"no way back from {name}", NeverAfter(Named("event", name), Named("state", source))


def _exclusive_flags(world: World) -> Iterator[tuple[str, Property]]:
    """Yield that of the flags granted by several ways out of one state no two are ever held."""
    flags_by_source: dict[str, dict[str, None]] = {}
    for event in world.events:
        if event.kind == "transition" and event.grants:
            granted_flags = list(dict.fromkeys(event.grants))[: MAX_EXCLUSIVE_FLAGS + 1]
            for source in event.from_:
                flags = flags_by_source.setdefault(source, {})
                if len(flags) <= MAX_EXCLUSIVE_FLAGS:
                    flags.update(dict.fromkeys(granted_flags))
    choices = (
        (source, tuple(flags_by_source[source]))
        for source in world.states
        if 2 <= len(flags_by_source.get(source, ())) <= MAX_EXCLUSIVE_FLAGS
    )
    for source, names in _some(choices):
        yield f"one choice in {source}", AtMost(1, tuple(Named("flag", name) for name in names))


def _some(items: Iterable[Item]) -> list[Item]:
    return list(islice(items, MAX_CANDIDATES))
