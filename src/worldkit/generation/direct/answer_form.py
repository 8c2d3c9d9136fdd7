"""The form of an answer that holds texts: its JSON Schema, and where each text stands in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from worldkit.generation.direct.passages import LENGTHS, Passage
from worldkit.generation.direct.schema import closed_object


def schema(texts: Sequence[Passage], *, with_lengths: bool = False) -> dict[str, Any]:
    """Return the JSON Schema of an answer that holds some passages.

    Args:
        texts: The passages.
        with_lengths: Say how long each text may be. A weak model that is held to it ends a text instead of running on.
    """

    def form(passage: Passage) -> dict[str, Any]:
        return {"type": "string", **({"maxLength": LENGTHS[passage.form][1]} if with_lengths else {})}

    return _form(answer_tree((passage.key, form(passage)) for passage in texts))


def answer_tree(items: Iterable[tuple[Sequence[str], Any]]) -> dict[str, Any]:
    """Return values as the nested object of an answer.

    Args:
        items: The keys, each with its value.
    """
    tree: dict[str, Any] = {}
    for key, value in items:
        branch = tree
        for part in key[:-1]:
            branch = branch.setdefault(part, {})
        branch[key[-1]] = value
    return tree


def _form(tree: Mapping[str, Any]) -> dict[str, Any]:
    if "type" in tree:
        return dict(tree)
    return closed_object(**{name: _form(branch) for name, branch in tree.items()})


def value_at(data: Any, key: Sequence[str]) -> Any:
    """Return what stands at a key of an answer, or None."""
    for part in key:
        if not isinstance(data, Mapping):
            return None
        data = data.get(part)
    return data
