"""The worked examples of a small model's prompts: two of each kind of question, the same for every world.

They show the form of an answer. The data is ``data/generate/examples.toml``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files


def examples(kind: str) -> tuple[tuple[str, str], ...]:
    """Return the examples of a kind of question, each a question and its answer.

    Args:
        kind: The kind, such as ``"place"``.
    """
    return _examples()[kind]


@cache
def _examples() -> Mapping[str, tuple[tuple[str, str], ...]]:
    text = files("worldkit").joinpath("data", "generate", "examples.toml").read_text(encoding="utf-8")
    return {
        kind: tuple((each["question"], each["answer"]) for each in tables)
        for kind, tables in tomllib.loads(text).items()
    }
