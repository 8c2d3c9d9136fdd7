"""The data that generation reads: TOML and JSON files in ``data/generate``, written by hand."""

from __future__ import annotations

import json
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def read_data(name: str) -> dict[str, Any]:
    """Return the content of a data file, such as ``"sorts.toml"``, which is read once."""
    text = files("worldkit").joinpath("data", "generate", name).read_text(encoding="utf-8")
    data: dict[str, Any] = json.loads(text) if name.endswith(".json") else tomllib.loads(text)
    return data
