"""Finding what an instruction speaks of: a state or an event by the words people use for it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from worldkit.core.quoting import did_you_mean, name_list, name_some, quote
from worldkit.generation.engines.base import TaskRefused
from worldkit.generation.text.word_sets import word_set
from worldkit.world import World

_FUNCTION_WORDS = word_set("revision", "small")
_KINDS = re.compile(r"\b(?:state|event|place|room|scene|choice|move|action|transition|override|ending)\b")
_ENDING = re.compile(
    r"(?:(?:the|all|both|every|each|all the|both the|each of the|all of the) )?"
    r"(?:(?:(?P<win>win|won|winning|good|happy)|(?P<lose>lose|losing|lost|bad|sad)) )?(?:ending(?P<many>s)?)"
)
_QUANTIFIER = re.compile(r"(?:all|both|every|each)\b")
_WHOLE_WORLD = re.compile(
    r"everything|everywhere|(?:the )?(?:whole |entire )?(?:world|story|game|thing)|all of it|it all|it|all"
)
_START = re.compile(r"(?:the )?(?:entrance|start|beginning|opening|first (?:state|place|room|scene))")
_PRONOUN = re.compile(r"it|this|that|they|them|these|those", re.IGNORECASE)
_POSSESSIVE = re.compile(r"['’]s\b")
"""What an id writes without its apostrophe: ``keepers_crypt``."""
_OWNER = re.compile(r"[^\W_]+(?=['’]s\b)")


def means_everything(what: str) -> bool:
    """Say whether a phrase means the whole world."""
    return bool(_WHOLE_WORLD.fullmatch(_normalize(what)))


def is_name(world: World, what: str) -> bool:
    """Say whether a phrase is all of the name of a state or an event."""
    asked_words = _words(what)
    return any(_same(asked_words, name) for name in (*world.states, *world.events_by_name))


def find_states(world: World, what: str) -> list[str]:
    """Return the states that a phrase means: one by name, the entrance, or every ending of a kind."""
    text = _normalize(what)
    if named_id := next((id for id in (what, text) if id in world.states), None):
        return [named_id]
    if match := _ENDING.fullmatch(text):
        kind = "win" if match["win"] else "lose" if match["lose"] else None
        return _endings(world, kind, is_one=not match["many"] and _QUANTIFIER.match(text) is None)
    if _START.fullmatch(text) and world.start is not None:
        return [world.start]
    titles = {id: state.ending.title for id, state in world.states.items() if state.ending is not None}
    return [_one(what, list(world.states), titles, "state")]


def find_endings(world: World, what: str) -> list[str]:
    """Return the endings that a phrase means: one, unless it speaks of several."""
    return several_endings(world, what) or [find_state(world, what)]


def several_endings(world: World, what: str) -> list[str]:
    """Return the endings that a phrase means where it speaks of several, such as "the bad endings"; else none."""
    match = _ENDING.fullmatch(_normalize(what))
    speaks_of_several = match is not None and (match["many"] or _QUANTIFIER.match(match[0]))
    return find_states(world, what) if speaks_of_several else []


def find_state(world: World, what: str) -> str:
    """Return the one state a phrase means."""
    return _only(what, find_states(world, what))


def find_event(world: World, what: str) -> str:
    """Return the one event a phrase means."""
    return _one(what, list(world.events_by_name), {e.name: e.detail or "" for e in world.events}, "event")


def find_state_or_event(world: World, what: str) -> tuple[str, str]:
    """Return ``("state" or "event", name)`` of what a phrase means; a state goes before an event."""
    if what in world.events_by_name and what not in world.states:
        return "event", what
    refusals = []
    for kind, find in (("state", find_state), ("event", find_event)):
        try:
            return kind, find(world, what)
        except Unknown as refusal:
            refusals.append(refusal)
    if near := next((refusal for refusal in refusals if refusal.is_near), None):
        raise near
    lists = {"states": name_list([*world.states]), "events": name_list([*world.events_by_name])}
    listed = " and ".join(f"the {kind} {names}" for kind, names in lists.items() if names)
    raise Unknown(f"there is no state or event {quote(what)}; name one of {listed}")


def find_events(world: World, what: str, to: str = "") -> list[str]:
    """Return the events that are meant: those between two states, one by name, or those that lead into a state."""
    if to:
        start, end = find_state(world, what), find_state(world, to)
        names = [event.name for event in world.events if start in event.from_ and world.landing(event.to) == end]
        if not names:
            raise TaskRefused(f"no event leads from {quote(start)} to {quote(end)}; add a way first")
        return names
    kind, id = find_state_or_event(world, what)
    if kind == "event":
        return [id]
    names = [event.name for event in world.events if world.landing(event.to) == id and id not in event.from_]
    if not names:
        raise TaskRefused(f"no event leads to {quote(id)}; add a way first, or name an event")
    return names


class Unknown(TaskRefused):
    """A phrase means nothing in a world.

    Attributes:
        is_near: It is like a name, which the message tells.
    """

    def __init__(self, sentence: str, *, is_near: bool = False) -> None:
        self.is_near = is_near
        super().__init__(sentence)


def _one(what: str, names: Sequence[str], other_names: Mapping[str, str], kind: str) -> str:
    """Return the one name that a phrase means: by its words, else by the words of what it is also called."""
    if what in names:
        return what
    if (id := "_".join(_words(what))) in names:
        return id  # "the reading room", where there is a reading gallery too
    # a pronoun that is left stands for nothing, and not for a name that has it: "leave_it_for_the_next_shift"
    is_pronoun = _PRONOUN.fullmatch(what.strip()) is not None
    asked_words = [] if is_pronoun else _words(_KINDS.sub(" ", _normalize(what))) or _words(what)
    for matches in (_same, _within):
        for text in (lambda name: name, lambda name: other_names.get(name, "")):
            matching_names = [name for name in names if asked_words and matches(asked_words, text(name))]
            if matching_names:
                return _only(what, matching_names)
    near = did_you_mean("_".join(asked_words), names)
    raise Unknown(f"there is no {kind} {quote(what)}{near or name_some(names)}", is_near=bool(near))


def _only(what: str, meant_names: Sequence[str]) -> str:
    if len(meant_names) > 1:
        # the roof is the hotel roof, where other names say more than that: the hotel roof, hived
        shortest = min(meant_names, key=lambda name: len(_words(name)))
        if all(_words(shortest) == _words(name)[: len(_words(shortest))] for name in meant_names):
            return shortest
        raise TaskRefused(f"{quote(what)} could be {name_list(meant_names)}; name the one that is meant")
    return meant_names[0]


def _normalize(what: str) -> str:
    return " ".join(what.lower().split())


def _words(text: str) -> list[str]:
    words = re.findall(r"[^\W_]+", _POSSESSIVE.sub("s", text.lower()))
    return [word for word in words if word not in _FUNCTION_WORDS] or words


def _same(asked_words: list[str], text: str) -> bool:
    return "".join(asked_words) == "".join(_words(text))


def _within(asked_words: list[str], text: str) -> bool:
    return set(asked_words) <= {*_words(text), *_OWNER.findall(text.lower())}


def _endings(world: World, kind: str | None, *, is_one: bool) -> list[str]:
    """Return the endings of a kind, or of any; "the ending" of a world with several is how it ends well."""
    endings = {id: state.ending for id, state in world.states.items() if state.ending is not None}
    state_ids = [id for id, ending in endings.items() if kind in (None, ending.kind)]
    if kind is None and is_one:
        state_ids = [id for id in state_ids if endings[id].kind == "win"] or state_ids
    if not state_ids:
        raise Unknown(f"the world has no {f'{kind} ' if kind else ''}ending; add one, or name a state")
    return state_ids
