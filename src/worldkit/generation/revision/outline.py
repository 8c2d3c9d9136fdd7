"""What a model is shown of a world that it is to revise: short, in plain lines, with the ids that it may name."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from worldkit.core.document import json_of
from worldkit.core.json_values import Json
from worldkit.core.unsent_prose import without_layers
from worldkit.generation.planning.sketch import layers_of
from worldkit.generation.text.data import read_typed
from worldkit.language.lexicon import lexicon
from worldkit.language.tagging import is_closed_word
from worldkit.world import World

MAX_OUTLINE_CHARACTERS, MAX_STRONG_OUTLINE_CHARACTERS = 24_000, 60_000
"""Characters of an outline for a weak and a strong model; what has least to do with the instruction is left out."""

WHOLE_STATES_CHARACTERS = 5_000
"""Characters of the states that are shown with all their texts, to a weak model; of a longer outline as much more."""

OTHER_TEXTS = ("narration", "camera", "movement", "ambient", "arriveLabel", "variants")
"""What a state says besides its base and its ending."""

TOPICS: Mapping[str, Sequence[str]] = read_typed(dict[str, tuple[str, ...]], "topics.toml")
"""What an instruction to a weak model may be about beyond places, moves and things to do, and the words that tell."""

_WHOLE_STATES_NOTE = read_typed(str, "revision.toml", "together")
_TOPIC_PATTERNS = {topic: re.compile(rf"\b(?:{'|'.join(words)})\b", re.IGNORECASE) for topic, words in TOPICS.items()}
_ENDINGS = re.compile(r"\b(?:endings?|ends?|finale|(?:win|los)(?:e|es|ning|ing)?)\b", re.IGNORECASE)
_ALL_STATES_PHRASE = re.compile(
    r"\b(?:every(?:thing|where)|(?:all|every|each|whole) (?:place|scene|world|story)s?)\b", re.IGNORECASE
)
"""What means all states, so that each may need other texts."""
_REQUEST_VERBS = frozenset(("add", "change", "give", "have", "let", "make", "put"))
"""What an instruction begins with, and says of no state that it is meant."""
_RARE_WORD_COUNT = 2
"""A word that at most every third state or event has, or so many of them, tells them apart."""
_MIN_SCORE_SHARE = 0.5
"""A state that has so much of the words of an instruction, of what the one has that has most of them, is meant too."""


def topics(instruction: str) -> frozenset[str]:
    """Return what an instruction is about; in a language whose words are not known here, all of it."""
    if not instruction.isascii():
        return frozenset(TOPICS)
    return frozenset(topic for topic, pattern in _TOPIC_PATTERNS.items() if pattern.search(instruction))


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
    longest: int = MAX_OUTLINE_CHARACTERS,
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
    bodies, event_bodies = document["scene"]["states"], document["scene"]["events"]
    texts_of_world = {
        "Subject, part of every place": world.subject,
        "Atmosphere, part of every place": world.style_tail,
        "Description, as players read it": world.description,
    }
    head_lines = [
        f"World: {world.name or ''}",
        *(f"{label}: {_as_json(text)}" for label, text in texts_of_world.items() if text),
        *(
            f"{field.capitalize()}: {_as_json(document[field])}"
            for field in ("story", "sequences", "missions")
            if field in topic_names and field in document
        ),
    ]
    room = longest - sum(map(len, head_lines))
    offered = defaultdict[str, list[str]](list)
    for event in event_bodies:
        for id in () if event.get("to") else event["from"]:  # what leads on names another place
            offered[id].append(event.get("detail") or "")
    whole_lines = {id: _state_line(id, body, OTHER_TEXTS, layers) for id, body in bodies.items()}
    scores = _relevance({id: _words(id, line, *offered[id]) for id, line in whole_lines.items()}, instruction, recent)
    best = max(scores.values(), default=0)
    if _ENDINGS.search(instruction):
        scores |= {id: scores[id] + best + 1 for id, body in bodies.items() if body.get("ending")}
    states = {id: _state_line(id, body, topic_names, layers) for id, body in bodies.items()}
    kept_states = _keys_that_fit(states, scores, room // 2, recent)
    least = 0 if _ALL_STATES_PHRASE.search(instruction) else max(_MIN_SCORE_SHARE * best, 1)
    lines_of_meant = {id: whole_lines[id] for id in kept_states if scores[id] >= least}
    whole = _keys_that_fit(
        lines_of_meant, scores, min(WHOLE_STATES_CHARACTERS * longest // MAX_OUTLINE_CHARACTERS, room // 4)
    )
    states |= {id: whole_lines[id] for id in whole}
    event_room = room - sum(len(states[id]) for id in kept_states)
    words_by_event = {
        event["name"]: _words(*(str(event.get(key) or "") for key in ("name", "detail", "base", "narration")))
        for event in event_bodies
    }
    event_scores = _relevance(words_by_event, instruction, recent)
    # where not all fits, what is seen in events is left out before events are
    for shown_topics in (topic_names, {*topic_names} - {"events"}):
        events = {event["name"]: _event(event, shown_topics, event_scores[event["name"]] > 0) for event in event_bodies}
        if sum(map(len, events.values())) <= event_room:
            break
    kept_events = _keys_that_fit(events, event_scores, event_room, recent)
    omitted_count = len(states) - len(kept_states) + len(events) - len(kept_events)
    lines = [
        *head_lines,
        f"Play begins in {world.entrance.state}." if world.entrance else "Play has no beginning yet.",
        "Places (states):",
        *(states[id] for id in kept_states),
        *([_WHOLE_STATES_NOTE.format(", ".join(whole))] if whole else []),
        "Events:",
        *(events[name] for name in kept_events),
        *([f"({omitted_count} more places and events are left out.)"] if omitted_count else []),
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
        tuple(event["name"] for event in event_bodies if event.get("terminal")),
    )


def _as_json(value: Any) -> str:
    """Return a value as a model is shown it."""
    return json.dumps(value, ensure_ascii=False)


def _words(*texts: str) -> set[str]:
    """Return the words of texts that say something, in lower case."""
    return {word.casefold() for word in re.findall(r"[^\W\d_]{3,}", " ".join(texts).replace("_", " "))}


def _relevance(words_by_key: Mapping[str, set[str]], instruction: str, recent: Collection[str]) -> dict[str, int]:
    """Return how much states or events have to do with an instruction: by the words that tell them apart."""
    # a word such as "that" says nothing of what is meant; another that the lexicon does not have is a name, or foreign
    asked_words = _words(instruction) - _REQUEST_VERBS
    telling_words = {word for word in asked_words if lexicon().counts(word) or not is_closed_word(word)}
    counts = Counter(word for words in words_by_key.values() for word in words)
    words = {word for word in telling_words if counts[word] <= max(_RARE_WORD_COUNT, len(words_by_key) // 3)}
    return {key: len(words & own) + len(words & _words(key)) + (key in recent) for key, own in words_by_key.items()}


def _keys_that_fit(
    lines: Mapping[str, str], scores: Mapping[str, int], room: int, first_keys: Collection[str] = ()
) -> list[str]:
    """Return the keys of the lines that fit, some first, then those with the highest scores; in their own order."""
    kept_keys: set[str] = set()
    for key in sorted(lines, key=lambda key: (key not in first_keys, -scores[key])):
        room -= len(lines[key])
        if room < 0:
            break
        kept_keys.add(key)
    return [key for key in lines if key in kept_keys]


def _state_line(id: str, body: Json, fields: Collection[str], layers: Mapping[str, str]) -> str:
    """Return a state as a model is shown it: its base, its ending, and those of its other texts that are asked for."""
    ending = body.get("ending")
    kind = f" (ending, {ending['kind']}, title {_as_json(ending['title'])})" if ending else ""
    parts = [f"base: {_as_json(without_layers(body['base'], layers))}"]
    if ending and ending.get("subtitle"):
        parts.append(f"subtitle: {_as_json(ending['subtitle'])}")
    parts += [f"{name}: {_as_json(body[name])}" for name in OTHER_TEXTS[:-1] if name in fields and body.get(name)]
    if "variants" in fields and body.get("variants"):
        variants = [f"{one['label']}: {_as_json(without_layers(one['base'], layers))}" for one in body["variants"]]
        parts.append(f"variants: {'; '.join(variants)}")
    return f"- {id}{kind}: {' | '.join(parts)}"


def _event(event: Json, topic_names: Collection[str], is_named: bool) -> str:
    """Return an event as a model is shown it, with more of it where the instruction speaks of it."""
    shown_fields = {
        "detail": True,
        # what happens in an event is long, and told where the instruction speaks of it or there is room for much
        "base": is_named or "events" in topic_names or not event.get("detail"),
        "narration": is_named or "narration" in topic_names,
        "requires": True,
        "grants": True,
        "lockedHint": is_named or "locks" in topic_names,
        "terminal": is_named or "consoles" in topic_names,
        # its steps are seen as its base is
        "phases": not {"phases", "events"}.isdisjoint(topic_names),
        **{name: name in topic_names for name in ("hotkey", "anchor")},
    }
    parts = [
        f"{name}: {_as_json(event[name])}" for name, is_shown in shown_fields.items() if is_shown and event.get(name)
    ]
    traits = [event["kind"]]
    if event.get("hidden"):
        traits.append("hidden")
    if event.get("oneShot"):
        traits.append("oneShot")
    if isinstance(delay := event.get("autoAfterMs"), int | float):
        traits.append(f"by itself, autoAfterMs {delay:g}")
    if (event.get("landWhen") or {}).get("auto"):
        traits.append("by itself where its evidence is seen")
    to = f" -> {event['to']}" if event.get("to") else ""
    return f"- {event['name']} [{', '.join(traits)}] {', '.join(event['from'])}{to} | {' | '.join(parts)}"
