"""Ids and names that an edit generates: from prose, and distinct from those already used."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Container

_SLUG_WORDS = 3
_MAX_SLUG_LENGTH = 40
_APOSTROPHES = re.compile("['\u2019]")


def slug(prose: str) -> str:
    """Return the first words of a text as an ASCII id: ``"A stone lane runs"`` gives ``a_stone_lane``."""
    plain = unicodedata.normalize("NFKD", prose[:400]).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", _APOSTROPHES.sub("", plain))
    return "_".join(words[:_SLUG_WORDS])[:_MAX_SLUG_LENGTH].strip("_") or "state"


def unused_name(base: str, *used: Container[str], form: str = "{}_{}") -> str:
    """Return a name that is in none of the containers: ``base``, or it with ``_2``, ``_3`` ... appended."""
    if not any(base in names for names in used):
        return base
    candidates = (form.format(base, n) for n in itertools.count(2))
    return next(candidate for candidate in candidates if not any(candidate in names for names in used))
