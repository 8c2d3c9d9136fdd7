"""Asking a capable model for operations, telling it what was carried out before, and judging what it answers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from worldkit.core.errors import OpError
from worldkit.core.json_values import Json, quote
from worldkit.core.progress import Progress
from worldkit.core.unsent_prose import LAYERS
from worldkit.editing.batch import Applied
from worldkit.editing.vocabulary import ALIASES
from worldkit.generation.direct.schema import texts_in
from worldkit.generation.engines.feedback_loop import AnswerRejected, Chat, FitAnswer, converse
from worldkit.generation.prose.moods import mood as mood_of
from worldkit.generation.revision.answer_form import ALLOWED_OPERATIONS, MAX_OPS, MAX_WEAK_MODEL_OPS, answer_schema
from worldkit.generation.revision.applying import applied
from worldkit.generation.revision.model_only_ops import MODEL_ONLY_OPS, lowered
from worldkit.generation.revision.outline import (
    MAX_OUTLINE_CHARACTERS,
    MAX_STRONG_OUTLINE_CHARACTERS,
    TOPICS,
    outline,
    topics,
)
from worldkit.generation.revision.revision import RevisionTurn
from worldkit.generation.text.constraints import ngrams
from worldkit.generation.text.data import read_typed
from worldkit.generation.text.word_sets import word_set
from worldkit.world import World

MAX_TOKENS = 2500
"""Tokens of an answer."""

MAX_TURNS, MAX_NAMES, MAX_TURN_CHARACTERS = 8, 24, 400
"""Of so many of the last turns a model is told, with so many names in each and so many characters of its texts."""

_FOREIGN_KEYS = word_set("revision", "foreign")

SYSTEM = read_typed(str, "revision.toml", "system")
"""What a model is told, with examples from other stories."""

SYSTEM_STRONG = read_typed(str, "revision.toml", "system_strong")
"""What a strong model is told beside it."""


def word_runs(text: str) -> set[str]:
    """Return every run of five words of a text, by which a copy is told."""
    return {" ".join(run) for run in ngrams(text, 5)}


_EXAMPLE_RUNS = frozenset(run for text in re.findall(r'": "([^"<]+)"', SYSTEM) for run in word_runs(text))
"""Runs of words of the examples, which a small model likes to give back."""


def propose(
    world: World,
    instruction: str,
    chat: Chat,
    progress: Progress,
    seed: int,
    earlier_turns: Sequence[RevisionTurn],
) -> FitAnswer[tuple[Applied[World], RevisionTurn]]:
    """Ask a model for operations until they can be taken; return the result with the turn that led to it."""
    recent = {id for turn in earlier_turns for id in turn.changed}
    words = " ".join([instruction, *(turn.instruction for turn in earlier_turns)])
    # a weak model is held to what the words speak of; a strong one knows what an instruction needs
    is_weak = chat.is_weak
    topic_names = topics(words) if is_weak else frozenset(TOPICS)
    shown_topics = topic_names if is_weak else topics(words) | word_set("revision", "strong_topics")
    longest = MAX_OUTLINE_CHARACTERS if is_weak else MAX_STRONG_OUTLINE_CHARACTERS
    world_outline = outline(world, instruction, shown_topics, recent, longest)
    question = f"{world_outline.text}\n\n{told(earlier_turns)}Instruction: {instruction.strip()}"
    mood = _mood(instruction, world_outline.text)
    return converse(
        chat,
        SYSTEM if is_weak else f"{SYSTEM}\n{SYSTEM_STRONG}",
        question,
        answer_schema(world_outline, topic_names, MAX_WEAK_MODEL_OPS if is_weak else MAX_OPS),
        lambda answer: _carried_out(world, answer, instruction, mood),
        what="a revision",
        seed=seed,
        progress=progress,
        label="asking the model",
        max_tokens=MAX_TOKENS,
    )


def _carried_out(world: World, answer: Any, instruction: str, mood: str) -> tuple[Applied[World], RevisionTurn]:
    ops = answer.get("ops") if isinstance(answer, dict) else answer
    reply = answer.get("reply", "") if isinstance(answer, dict) else ""
    if not isinstance(ops, list) or not all(isinstance(op, dict) for op in ops):
        raise AnswerRejected('expected {"reply": "...", "ops": [...]} with an array of objects under "ops"')
    if not ops:
        raise AnswerRejected("the list of operations is empty; expected at least one that carries the instruction out")
    if len(ops) > MAX_OPS:
        raise AnswerRejected(f"there are {len(ops)} operations; expected at most {MAX_OPS}")
    for number, op in enumerate(ops):
        if op.get("op") not in MODEL_ONLY_OPS and ALIASES.get(str(op.get("op"))) not in ALLOWED_OPERATIONS:
            expected = ", ".join((*MODEL_ONLY_OPS, *ALLOWED_OPERATIONS))
            raise AnswerRejected(f"operation {number} is {quote(op.get('op'))}; expected one of {expected}")
        if foreign_keys := _keys(op) & _FOREIGN_KEYS:
            raise AnswerRejected(
                f"operation {number} sets {', '.join(sorted(foreign_keys))}; leave pictures and clips as they are"
            )
        _check_texts(number, op, instruction, mood)
    try:
        result, problems = applied(world, lowered(world, ops))
    except OpError as error:
        raise AnswerRejected(str(error)) from None
    if result is None:
        targets = [op.get("to") for op in ops]
        lone_ids = [op["id"] for op in ops if op.get("op") == "add_state" and op.get("id") not in targets]
        ways = [f'Add an add_transition with "to": {quote(id)}, and another one back from there.' for id in lone_ids]
        raise AnswerRejected("\n".join([*problems, *ways]))
    if result.world == world:
        raise AnswerRejected("these operations change nothing; expected some that carry the instruction out")
    sentence = " ".join(reply.split()) if isinstance(reply, str) else ""
    summary = sentence or f"{result.label}."
    return result, RevisionTurn(instruction, summary, names_in_ops(ops), _texts(ops), _new_names(ops))


def _mood(instruction: str, outline_text: str) -> str:
    """Return the word for a mood that an instruction ends with (``"make it warmer"``), unless the story has it."""
    word = instruction.strip(" .!").rpartition(" ")[2]
    return "" if mood_of(word) is None or re.search(rf"\b{word}\b", outline_text, re.IGNORECASE) else word


def _check_texts(number: int, op: Json, instruction: str, mood: str) -> None:
    """Refuse what small models write at a loss: an example, the instruction itself, a mood by its word."""
    for text in (value for value in op.values() if isinstance(value, str)):
        if copied_runs := word_runs(text) & _EXAMPLE_RUNS:
            raise AnswerRejected(
                f"operation {number} repeats an example, {quote(min(copied_runs))}; write it for this story"
            )
        if mood and re.search(rf"\b{mood}\b", text, re.IGNORECASE):
            raise AnswerRejected(
                f"operation {number} says the word {quote(mood)}; show it by light, colours, sounds and things instead"
            )
    choice = op.get("detail")
    if isinstance(choice, str) and choice.strip(" .").casefold() == instruction.strip(" .").casefold():
        raise AnswerRejected(f"operation {number} offers the instruction as a choice; say what the player does there")


def _keys(value: Any) -> set[str]:
    if isinstance(value, dict):
        return {*value, *(key for item in value.values() for key in _keys(item))}
    return {key for item in value for key in _keys(item)} if isinstance(value, list) else set()


def told(turns: Sequence[RevisionTurn]) -> str:
    """Return what was carried out last, as a model is told it; empty for nothing."""
    if not turns:
        return ""
    lines = ["Carried out already:"]
    for turn in turns[-MAX_TURNS:]:
        changes = f" Changed: {', '.join(turn.changed[:MAX_NAMES])}." if turn.changed else ""
        lines.append(f"- {turn.instruction[:MAX_TURN_CHARACTERS]} (done: {turn.reply[:MAX_TURN_CHARACTERS]}{changes})")
    if new := turns[-1].new:
        lines.append(f'What is new, and what "it" means now: {"; ".join(new)}.')
    return "\n".join([*lines, ""])


def names_in_ops(ops: Sequence[Json]) -> tuple[str, ...]:
    """Return the ids and names of what operations change, in order, and after them the subject and the style tail."""
    values: list[Any] = []
    for op in ops:
        values += [op.get(key) for key in ("state", "id", "event", "name")]
        patch = op.get("patch")
        if op.get("op") == "rename_state":
            values.append(op.get("to"))
        elif isinstance(patch, dict):  # what it is called now, and where it leads now
            values += [patch.get("name"), patch.get("to")]
    values += [layer for layer in LAYERS if any(_sets(op, layer) for op in ops)]
    return tuple(dict.fromkeys(value for value in values if isinstance(value, str)))


def _sets(op: Json, layer: str) -> bool:
    return (op.get("op") == "set_subject" and layer in op) or (op.get("op") == "add_to_subject" and layer == "subject")


def _texts(ops: Sequence[Json]) -> tuple[str, ...]:
    """Return the texts in operations, of more than a word, in order."""
    return tuple(text for text in texts_in(ops) if " " in text)


def _new_names(ops: Sequence[Json]) -> tuple[str, ...]:
    """Return what operations call the places that they add, and what they add to the player's character."""
    keys = {"add_state": "id", "add_to_subject": "text"}
    values = [op.get(keys[op["op"]]) for op in ops if op.get("op") in keys]
    return tuple(value.replace("_", " ").rstrip(" .") for value in values if isinstance(value, str))
