"""The tables that weigh what is found in a text: what is indoors, what draws the eye, what suggests which set."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

DATA = files("worldkit").joinpath("data", "illustration")


@cache
def tables() -> Mapping[str, Mapping[str, Any]]:
    """Return the tables."""
    return tomllib.loads(DATA.joinpath("tables.toml").read_text("utf-8"))
