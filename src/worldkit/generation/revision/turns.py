"""What was carried out before: what a later instruction may speak of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from worldkit.core.json_values import Json
from worldkit.core.unsent_prose import LAYERS
from worldkit.generation.direct.schema import texts_in

MOST_TURNS, MOST_NAMES, LONGEST = 8, 24, 400
"""Of so many of the last turns a model is told, with so many names in each and so many characters of its texts."""


@dataclass(frozen=True, slots=True)
class RevisionTurn:
    """An instruction that was carried out before.

    Attributes:
        instruction: What was asked for.
        reply: What was done.
        changed: Ids and names of what it changed, and ``subject`` and ``styleTail`` where it changed those.
        texts: The texts that it brought in.
        new: What "it" means now: what the new places are called, and what the player's character wears, carries or is
            followed by; without a model what the instruction spoke of last.
    """

    instruction: str
    reply: str
    changed: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    new: tuple[str, ...] = ()


def told(turns: Sequence[RevisionTurn]) -> str:
    """Return what was carried out last, as a model is told it; empty for nothing."""
    if not turns:
        return ""
    lines = ["Carried out already:"]
    for turn in turns[-MOST_TURNS:]:
        changed_names = f" Changed: {', '.join(turn.changed[:MOST_NAMES])}." if turn.changed else ""
        lines.append(f"- {turn.instruction[:LONGEST]} (done: {turn.reply[:LONGEST]}{changed_names})")
    if new := turns[-1].new:
        lines.append(f'What is new, and what "it" means now: {"; ".join(new)}.')
    return "\n".join([*lines, ""])


def names(ops: Sequence[Json]) -> tuple[str, ...]:
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


def texts(ops: Sequence[Json]) -> tuple[str, ...]:
    """Return the texts in operations, of more than a word, in order."""
    return tuple(text for text in texts_in(ops) if " " in text)


def new_names(ops: Sequence[Json]) -> tuple[str, ...]:
    """Return what operations call the places that they add, and what they add to the player's character."""
    keys = {"add_state": "id", "add_to_subject": "text"}
    values = [op.get(keys[op["op"]]) for op in ops if op.get("op") in keys]
    return tuple(value.replace("_", " ").rstrip(" .") for value in values if isinstance(value, str))
