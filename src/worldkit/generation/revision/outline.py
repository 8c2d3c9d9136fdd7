"""What a model is shown of a world that it is to revise: short, in plain lines, with the ids that it may name."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from worldkit.core.document import json_of
from worldkit.core.json_values import Json
from worldkit.generation.planning.sketch import layers_of
from worldkit.generation.revision.state_texts import (
    OTHER_TEXTS,
    as_json,
    distinctive_words,
    state_line,
    states_meant,
    words_of,
)
from worldkit.generation.text.data import read_typed
from worldkit.world import World

LONGEST, LONGEST_STRONG = 24_000, 60_000
"""Characters of an outline for a weak and a strong model; what has least to do with the instruction is left out."""

WHOLE = 5_000
"""Characters of the states that are shown with all their texts."""

TOPICS: Mapping[str, Sequence[str]] = read_typed(dict[str, tuple[str, ...]], "topics.toml")
"""What an instruction to a weak model may be about beyond places, moves and things to do, and the words that tell."""

_TOGETHER = read_typed(str, "revision.toml", "together")
_TELLING = {topic: re.compile(rf"\b(?:{'|'.join(words)})\b", re.IGNORECASE) for topic, words in TOPICS.items()}


def topics(instruction: str) -> frozenset[str]:
    """Return what an instruction is about; in a language whose words are not known here, all of it."""
    if not instruction.isascii():
        return frozenset(TOPICS)
    return frozenset(topic for topic, pattern in _TELLING.items() if pattern.search(instruction))


@dataclass(frozen=True, slots=True)
class Outline:
    """What a model is shown.

    Attributes:
        text: The lines.
        states: Ids of the states in them.
        events: Names of the events in them.
        endings: Which of the states are endings, where nothing is offered any more.
        whole: Which of the states are shown with all their texts.
        texts: Which texts those have besides their bases.
        flags: The flags of the world.
        missions: Ids of its missions.
        consoles: Which of the events are consoles.
    """

    text: str
    states: tuple[str, ...]
    events: tuple[str, ...]
    endings: frozenset[str]
    whole: tuple[str, ...] = ()
    texts: frozenset[str] = frozenset()
    flags: tuple[str, ...] = ()
    missions: tuple[str, ...] = ()
    consoles: tuple[str, ...] = ()


def outline(
    world: World,
    instruction: str,
    topic_names: Collection[str],
    recent: Collection[str] = (),
    longest: int = LONGEST,
) -> Outline:
    """Return a world as a model is shown it.

    Args:
        world: The world.
        instruction: What is to be changed; what it names stays in the outline when not all fits.
        topic_names: Topics whose fields are shown.
        recent: Ids and names that were changed last; they stay in it too.
        longest: Characters that it may have.
    """
    document = json_of(world)
    layers = layers_of(world)
    head_lines = [f"World: {world.name or ''}"]
    texts_of_world = {
        "Subject, part of every place": world.subject,
        "Atmosphere, part of every place": world.style_tail,
        "Description, as players read it": world.description,
    }
    head_lines += [f"{label}: {as_json(text)}" for label, text in texts_of_world.items() if text]
    for field in ("story", "sequences", "missions"):
        if field in topic_names and field in document:
            head_lines.append(f"{field.capitalize()}: {as_json(document[field])}")
    words = words_of(instruction)
    bodies = document["scene"]["states"]
    states = {id: state_line(id, body, topic_names, layers) for id, body in bodies.items()}
    words_by_event = {event["name"]: _words_of(event) for event in document["scene"]["events"]}
    telling_words = distinctive_words(words, words_by_event.values())
    room = longest - sum(map(len, head_lines))
    kept_states = _keys_that_fit(states, words, recent, room // 2)
    whole_lines = {id: state_line(id, bodies[id], OTHER_TEXTS, layers) for id in kept_states}
    whole = states_meant(
        {id: bodies[id] for id in kept_states}, whole_lines, instruction, recent, min(WHOLE, room // 4)
    )
    states |= {id: whole_lines[id] for id in whole}
    event_room = room - sum(len(states[id]) for id in kept_states)
    named_events = {
        name for name, event_words in words_by_event.items() if name in recent or telling_words & event_words
    }
    # where not all fits, what is seen in events is left out before events are
    for shown_topics in (topic_names, {*topic_names} - {"events"}):
        events = {
            event["name"]: _event(event, shown_topics, event["name"] in named_events)
            for event in document["scene"]["events"]
        }
        if sum(map(len, events.values())) <= event_room:
            break
    kept_events = _keys_that_fit(events, words, recent, event_room)
    start = f"Play begins in {world.entrance.state}." if world.entrance else "Play has no beginning yet."
    omitted_count = len(states) - len(kept_states) + len(events) - len(kept_events)
    omission_lines = [f"({omitted_count} more places and events are left out.)"] if omitted_count else []
    lines = [
        *head_lines,
        start,
        "Places (states):",
        *(states[id] for id in kept_states),
        *([_TOGETHER.format(", ".join(whole))] if whole else []),
        "Events:",
        *(events[name] for name in kept_events),
        *omission_lines,
    ]
    return Outline(
        "\n".join(lines),
        tuple(kept_states),
        tuple(kept_events),
        frozenset(id for id in kept_states if bodies[id].get("ending")),
        tuple(whole),
        frozenset(name for id in whole for name in OTHER_TEXTS if bodies[id].get(name)),
        world.flags,
        tuple(mission.id for mission in world.missions or ()),
        tuple(event["name"] for event in document["scene"]["events"] if event.get("terminal")),
    )


def _keys_that_fit(lines: dict[str, str], words: set[str], recent: Collection[str], room: int) -> list[str]:
    """Return the keys of the lines that fit, those first that say something of the instruction; in their own order."""
    if sum(map(len, lines.values())) <= room:
        return list(lines)

    def rank(key: str) -> tuple[bool, int]:
        return key not in recent, -len(words & words_of(f"{key} {lines[key]}"))

    kept_keys: set[str] = set()
    for key in sorted(lines, key=rank):
        room -= len(lines[key]) + 1
        if room < 0:
            break
        kept_keys.add(key)
    return [key for key in lines if key in kept_keys]


def _words_of(event: Json) -> set[str]:
    return words_of(" ".join(str(event.get(name) or "") for name in ("name", "detail", "base", "narration")))


def _event(event: Json, topic_names: Collection[str], is_named: bool) -> str:
    to = f" -> {event['to']}" if event.get("to") else ""
    # what happens in an event is long, and told where the instruction speaks of it or there is room for much
    shows_base = is_named or "events" in topic_names or not event.get("detail")
    fields: Iterable[str] = ("detail", "base") if shows_base else ("detail",)
    if is_named or "narration" in topic_names:
        fields = (*fields, "narration")
    fields = (*fields, "requires", "grants")
    if is_named or "locks" in topic_names:
        fields = (*fields, "lockedHint")
    if is_named or "consoles" in topic_names:
        fields = (*fields, "terminal")
    fields = (*fields, *(name for name in ("phases", "hotkey", "anchor") if name in topic_names))
    parts = [f"{name}: {as_json(event[name])}" for name in fields if event.get(name)]
    return f"- {event['name']} [{', '.join(_traits(event))}] {', '.join(event['from'])}{to} | {' | '.join(parts)}"


def _traits(event: Json) -> list[str]:
    """Return what kind of event it is, and how it happens where the player does not choose it."""
    traits = [event["kind"]]
    if event.get("hidden"):
        traits.append("hidden")
    if isinstance(delay := event.get("autoAfterMs"), int | float):
        traits.append(f"by itself, autoAfterMs {delay:g}")
    if (event.get("landWhen") or {}).get("auto"):
        traits.append("by itself where its evidence is seen")
    return traits
