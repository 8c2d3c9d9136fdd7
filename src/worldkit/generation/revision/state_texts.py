"""The texts of a state that belong together: how a model is shown them, and which states an instruction is about."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any

from worldkit.core.json_values import Json
from worldkit.core.unsent_prose import without_layers
from worldkit.language.lexicon import lexicon

OTHER_TEXTS = ("narration", "camera", "movement", "ambient", "arriveLabel", "variants")
"""What a state says besides its base and its ending."""

_ENDINGS = re.compile(r"\b(?:endings?|ends?|finale|(?:win|los)(?:e|es|ning|ing)?)\b", re.IGNORECASE)
_IS_ABOUT = 0.5
"""A state that has so much of the words of an instruction, of what the one has that has most of them, is meant too."""


def words_of(text: str) -> set[str]:
    """Return the words of a text that say something, in lower case."""
    return {word.casefold() for word in re.findall(r"[^\W\d_]{3,}", text.replace("_", " "))}


def as_json(value: Any) -> str:
    """Return a value as a model is shown it."""
    return json.dumps(value, ensure_ascii=False)


def distinctive_words(words: set[str], words_by_item: Collection[set[str]], few: int = 1) -> set[str]:
    """Return the words that tell items apart: those that at most every third of them has, or only a few of them."""
    counts = Counter(word for item_words in words_by_item for word in item_words)
    return {word for word in words if counts[word] <= max(few, len(words_by_item) // 3)}


def state_line(id: str, body: Json, fields: Collection[str], layers: Mapping[str, str]) -> str:
    """Return a state as a model is shown it: its base, its ending, and those of its other texts that are asked for."""
    ending = body.get("ending")
    kind = f" (ending, {ending['kind']}, title {as_json(ending['title'])})" if ending else ""
    parts = [f"base: {as_json(without_layers(body['base'], layers))}"]
    if ending and ending.get("subtitle"):
        parts.append(f"subtitle: {as_json(ending['subtitle'])}")
    parts += [f"{name}: {as_json(body[name])}" for name in OTHER_TEXTS[:-1] if name in fields and body.get(name)]
    if "variants" in fields and body.get("variants"):
        variants = [f"{one['label']}: {as_json(without_layers(one['base'], layers))}" for one in body["variants"]]
        parts.append(f"variants: {'; '.join(variants)}")
    return f"- {id}{kind}: {' | '.join(parts)}"


def states_meant(
    states: Mapping[str, Json], lines: Mapping[str, str], instruction: str, recent: Collection[str], room: int
) -> list[str]:
    """Return the states that an instruction is about, as far as their lines fit, in the order of the world.

    Args:
        states: Their bodies, by id.
        lines: What is shown of each.
        instruction: What is to be changed.
        recent: Ids of states that were changed last.
        room: So many characters may be shown.
    """
    words_by_state = {id: words_of(f"{id} {line}") for id, line in lines.items()}
    # what the lexicon does not have is a name, or a word such as "that", which says nothing of what is meant
    known_words = {word for word in words_of(instruction) if lexicon().counts(word) or word.capitalize() in instruction}
    words = distinctive_words(known_words, words_by_state.values(), few=2)
    scores = {id: len(words & words_by_state[id]) + len(words & words_of(id)) + (id in recent) for id in states}
    best = max(scores.values(), default=0)
    if _ENDINGS.search(instruction):
        scores |= {id: scores[id] + best + 1 for id, body in states.items() if body.get("ending")}
    best_ids = []
    for id in sorted(states, key=lambda id: -scores[id]):
        room -= len(lines[id])
        if not scores[id] or scores[id] < _IS_ABOUT * best or room < 0:
            break
        best_ids.append(id)
    return [id for id in states if id in best_ids]
