"""Word lists that a premise, a chapter and prose are read with; the data is ``data/generate/word_lists.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files


def words(table: str, name: str) -> tuple[str, ...]:
    """Return a list in its order.

    Args:
        table: What it is for, such as ``"goal"``.
        name: Its name there, such as ``"he"``.
    """
    return tuple(_data()[table][name].split())


def word_set(table: str, name: str) -> frozenset[str]:
    """Return a list as a set; see ``words``."""
    return frozenset(words(table, name))


@cache
def _data() -> Mapping[str, Mapping[str, str]]:
    text = files("worldkit").joinpath("data", "generate", "word_lists.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
