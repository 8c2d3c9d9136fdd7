"""The worked examples of a small model's prompts: two of each kind of question, the same for every world.

They show the form of an answer. The data is ``data/generate/examples.toml``.
"""

from __future__ import annotations

from worldkit.generation.text.data import read_data


def examples(kind: str) -> tuple[tuple[str, str], ...]:
    """Return the examples of a kind of question, each a question and its answer.

    Args:
        kind: The kind, such as ``"place"``.
    """
    return tuple((each["question"], each["answer"]) for each in read_data("examples.toml")[kind])
