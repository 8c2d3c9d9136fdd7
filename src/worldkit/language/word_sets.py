"""Word lists that say what words of a premise mean by themselves; the data is ``data/language/premise.toml``."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files


@cache
def word_set(name: str) -> frozenset[str]:
    """Return a list by its name, such as ``"locative"``."""
    text = files("worldkit").joinpath("data", "language", "premise.toml").read_text(encoding="utf-8")
    return frozenset(tomllib.loads(text)[name].split())
