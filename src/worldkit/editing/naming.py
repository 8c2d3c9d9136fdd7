"""Ids and names that an edit makes up: from prose, and past ones that are taken."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Container

_WORDS = 3
_LONGEST = 40
_APOSTROPHES = re.compile("['\u2019]")


def slug(prose: str) -> str:
    """Return the first words of a text as an ASCII id: ``"A stone lane runs"`` gives ``a_stone_lane``."""
    plain = unicodedata.normalize("NFKD", prose[:400]).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", _APOSTROPHES.sub("", plain))
    return "_".join(words[:_WORDS])[:_LONGEST].strip("_") or "state"


def unused_name(wanted: str, *taken: Container[str], form: str = "{}_{}") -> str:
    """Return an id, or it with ``_2``, ``_3`` ... behind it, that is in none of the containers."""
    if not any(wanted in held for held in taken):
        return wanted
    numbered = (form.format(wanted, n) for n in itertools.count(2))
    return next(name for name in numbered if not any(name in held for held in taken))
