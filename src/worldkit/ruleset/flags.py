"""Rules about flags that are required but never granted."""

from __future__ import annotations

from collections.abc import Iterator

from worldkit.core.json_values import quote
from worldkit.ruleset.index import Index
from worldkit.ruleset.rules import Found, of_each_event, of_world, rule, run_parts


def _required_flags(index: Index) -> Iterator[Found]:
    granted_flags = index.granted
    for event in index.events:
        if event.requires:
            for flag in dict.fromkeys(event.requires):
                if flag not in granted_flags:
                    message = f"it requires {quote(flag)}, which no event grants; grant it somewhere, or drop it"
                    yield Found(message, "event", event.name, "requires")


def _required_flag_of_outro(index: Index) -> Iterator[Found]:
    if index.profile.outro_flag_is_required:
        yield from _outro_flag(index)


def _outro_flag(index: Index) -> Iterator[Found]:
    outro = index.world.outro
    if outro is not None and outro.flag not in index.granted:
        message = (
            f"the outro waits for {quote(outro.flag)}, which no event grants, so it never plays; grant it somewhere"
        )
        yield Found(message, "world", field="outro.flag")


_REQUIRED_FLAG_PARTS = (of_each_event(_required_flags), of_world(_required_flag_of_outro))


@rule(
    "unreachable-require",
    "error",
    "A required flag that nothing grants",
    "The event waits for a flag that no event grants, so that it can never happen. Let some event grant the flag, "
    "or take it from the requirements; look for a misspelling first. Opening a console grants nothing.",
    parts=_REQUIRED_FLAG_PARTS,
)
def unreachable_require(index: Index) -> Iterator[Found]:
    """A required flag that no event grants; hosted: the outro's too."""
    return run_parts(_REQUIRED_FLAG_PARTS, index)


def _flags_of_facts(index: Index) -> Iterator[Found]:
    granted_flags = index.granted
    for event in index.events:
        if event.terminal is not None:
            for number, fact in enumerate(event.terminal.facts or ()):
                for flag in dict.fromkeys(fact.requires or ()):
                    if flag not in granted_flags:
                        message = f"this fact waits for {quote(flag)}, which no event grants, so it is never told"
                        yield Found(message, "event", event.name, f"terminal.facts[{number}].requires")


def _flags_of_records(index: Index) -> Iterator[Found]:
    world, granted_flags = index.world, index.granted
    for cutscene in world.cutscenes or ():
        for flag in dict.fromkeys(cutscene.requires or ()):
            if flag not in granted_flags:
                message = f"its clip waits for {quote(flag)}, which no event grants, so it is always skipped"
                yield Found(message, "cutscene", cutscene.id, "requires")
    for mission in world.missions or ():
        if mission.complete is not None and mission.complete not in granted_flags:
            message = f"it is complete with {quote(mission.complete)}, which no event grants, so it never is"
            yield Found(message, "mission", mission.id, "complete")
    if not index.profile.outro_flag_is_required:
        yield from _outro_flag(index)


_WAITING_FLAG_PARTS = (of_each_event(_flags_of_facts), of_world(_flags_of_records))


@rule(
    "ungranted-flag",
    "warning",
    "Something waits for a flag that nothing grants",
    "A cutscene, a console's fact, a mission or the outro waits for a flag that no event grants: the clip is always "
    "skipped, the fact never told, the mission never complete. Let some event grant the flag, or drop it.",
    parts=_WAITING_FLAG_PARTS,
)
def ungranted_flag(index: Index) -> Iterator[Found]:
    """A cutscene, fact, mission or outro waits for a flag that no event grants."""
    return run_parts(_WAITING_FLAG_PARTS, index)
