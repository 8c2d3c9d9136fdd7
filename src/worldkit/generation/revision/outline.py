"""What a model is shown of a world that it is to revise: short, in plain lines, with the ids that it may name."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from worldkit.core.document import json_of
from worldkit.core.json_values import Json
from worldkit.core.unsent_prose import without_layers
from worldkit.generation.planning.sketch import layers_of, own_base
from worldkit.generation.text.data import read_typed
from worldkit.world import World

LONGEST = 24_000
"""Characters of an outline; what has least to do with the instruction is left out first."""

TOPICS: Mapping[str, Sequence[str]] = read_typed(dict[str, tuple[str, ...]], "topics.toml")
"""What an instruction may be about beyond places, ways, things to do and endings, and the words that tell."""

_TELLING = {topic: re.compile(rf"\b(?:{'|'.join(words)})\b", re.IGNORECASE) for topic, words in TOPICS.items()}


def _words(text: str) -> set[str]:
    return {word.casefold() for word in re.findall(r"[^\W\d_]{3,}", text.replace("_", " "))}


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


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
    """

    text: str
    states: tuple[str, ...]
    events: tuple[str, ...]
    endings: frozenset[str]


def outline(world: World, instruction: str, topic_names: Collection[str], recent: Collection[str] = ()) -> Outline:
    """Return a world as a model is shown it.

    Args:
        world: The world.
        instruction: What is to be changed; what it names stays in the outline when not all fits.
        topic_names: Topics whose fields are shown.
        recent: Ids and names that were changed last; they stay in it too.
    """
    document = json_of(world)
    layers = layers_of(world)
    head_lines = [f"World: {world.name or ''}"]
    if world.subject:
        head_lines.append(f"Subject, part of every place: {_json(world.subject)}")
    if world.style_tail:
        head_lines.append(f"Atmosphere, part of every place: {_json(world.style_tail)}")
    for field in ("story", "sequences"):
        if field in topic_names and field in document:
            head_lines.append(f"{field.capitalize()}: {_json(document[field])}")
    words = _words(instruction)
    states = {id: _state(world, id, body, topic_names, layers) for id, body in document["scene"]["states"].items()}
    distinctive_words = _distinctive_words(words, document["scene"]["events"])
    events = {
        event["name"]: _event(event, topic_names, event["name"] in recent or bool(distinctive_words & _words_of(event)))
        for event in document["scene"]["events"]
    }
    room = LONGEST - sum(map(len, head_lines))
    kept_states = _keys_that_fit(states, words, recent, room // 2)
    kept_events = _keys_that_fit(events, words, recent, room - sum(len(states[id]) for id in kept_states))
    start = f"Play begins in {world.entrance.state}." if world.entrance else "Play has no beginning yet."
    omitted_count = len(states) - len(kept_states) + len(events) - len(kept_events)
    omission_lines = [f"({omitted_count} more places and events are left out.)"] if omitted_count else []
    lines = [
        *head_lines,
        start,
        "Places (states):",
        *(states[id] for id in kept_states),
        "Events:",
        *(events[name] for name in kept_events),
        *omission_lines,
    ]
    endings = frozenset(id for id in kept_states if document["scene"]["states"][id].get("ending"))
    return Outline("\n".join(lines), tuple(kept_states), tuple(kept_events), endings)


def _keys_that_fit(lines: dict[str, str], words: set[str], recent: Collection[str], room: int) -> list[str]:
    """Return the keys of the lines that fit, those first that say something of the instruction; in their own order."""
    if sum(map(len, lines.values())) <= room:
        return list(lines)

    def rank(key: str) -> tuple[bool, int]:
        return key not in recent, -len(words & _words(f"{key} {lines[key]}"))

    kept_keys: set[str] = set()
    for key in sorted(lines, key=rank):
        room -= len(lines[key]) + 1
        if room < 0:
            break
        kept_keys.add(key)
    return [key for key in lines if key in kept_keys]


def _state(world: World, id: str, body: Json, topic_names: Collection[str], layers: dict[str, str]) -> str:
    ending = body.get("ending")
    kind = f" (ending, {ending['kind']}, title {_json(ending['title'])})" if ending else ""
    parts = [f"base: {_json(own_base(world, id))}"]
    if ending and ending.get("subtitle"):
        parts.append(f"subtitle: {_json(ending['subtitle'])}")
    shown_fields = [name for name in ("narration", "camera", "movement", "ambient") if name in topic_names]
    parts += [f"{name}: {_json(body[name])}" for name in shown_fields if body.get(name)]
    if "variants" in topic_names and body.get("variants"):
        variants = [f"{one['label']}: {_json(without_layers(one['base'], layers))}" for one in body["variants"]]
        parts.append(f"variants: {'; '.join(variants)}")
    return f"- {id}{kind}: {' | '.join(parts)}"


def _words_of(event: Json) -> set[str]:
    return _words(" ".join(str(event.get(name) or "") for name in ("name", "detail", "base", "narration")))


def _distinctive_words(words: set[str], events: Collection[Json]) -> set[str]:
    """Return the words that tell events apart: those that at most every third of them has."""
    counts = Counter(word for event in events for word in _words_of(event))
    return {word for word in words if 3 * counts[word] <= max(3, len(events))}


def _event(event: Json, topic_names: Collection[str], is_named: bool) -> str:
    to = f" -> {event['to']}" if event.get("to") else ""
    # what happens in an event is long, and told where the instruction speaks of it
    fields: Iterable[str] = ("detail", "base") if is_named or not event.get("detail") else ("detail",)
    if "narration" in topic_names:
        fields = (*fields, "narration")
    if "locks" in topic_names:
        fields = (*fields, "requires", "grants", "lockedHint")
    fields = (*fields, *(name for name in ("phases", "hotkey", "anchor") if name in topic_names))
    parts = [f"{name}: {_json(event[name])}" for name in fields if event.get(name)]
    return f"- {event['name']} [{event['kind']}] {', '.join(event['from'])}{to} | {' | '.join(parts)}"
