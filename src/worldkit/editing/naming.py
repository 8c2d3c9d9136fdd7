"""Ids and names that an edit generates: from prose, and distinct from those already used."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Container, Iterable

from worldkit.core.json_values import Json

_MAX_ID_LENGTH = 64
_CLAUSE_END = re.compile("[.,;]")
_NO_ID_CHARACTERS = re.compile("[^a-z0-9]+")

_SLUG_WORDS = 3
_MAX_SLUG_LENGTH = 40
_APOSTROPHES = re.compile("['\u2019]")


def state_id(base: str) -> str:
    """Return the id made of the first clause of a state's base (docs/spec/smworld.md).

    Args:
        base: The base, such as ``"Rain on the Lane, cold light."``, which gives ``rain_on_the_lane``.
    """
    clause = _CLAUSE_END.split(base, maxsplit=1)[0]
    return _NO_ID_CHARACTERS.sub("_", clause.lower()).strip("_")[:_MAX_ID_LENGTH].rstrip("_") or "state"


def event_name(body: Json, event_count: int) -> str:
    """Return the name made for an event without one: ``go_to_<to>``, else ``<kind>_<number of events + 1>``.

    Args:
        body: The event.
        event_count: How many events the world has.
    """
    to = body.get("to")
    return f"go_to_{to}" if isinstance(to, str) else f"{body.get('kind') or 'event'}_{event_count + 1}"


def slug(prose: str) -> str:
    """Return the first words of a text as an ASCII id: ``"A stone lane runs"`` gives ``a_stone_lane``."""
    ascii_text = unicodedata.normalize("NFKD", prose[:400]).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", _APOSTROPHES.sub("", ascii_text))
    return "_".join(words[:_SLUG_WORDS])[:_MAX_SLUG_LENGTH].strip("_") or "state"


def unused_name(base: str, *taken_names: Container[str], form: str = "{}_{}") -> str:
    """Return a name that is in none of the containers: ``base``, or it with ``_2``, ``_3`` ... appended."""
    if not any(base in names for names in taken_names):
        return base
    candidates = (form.format(base, n) for n in itertools.count(2))
    return next(candidate for candidate in candidates if not any(candidate in names for names in taken_names))


class UnusedNames:
    """Makes names that differ, in time that does not grow with how many of one kind there are.

    Args:
        taken_names: The names that are taken.
        form: How a number is appended to a name.
    """

    def __init__(self, taken_names: Iterable[str] = (), *, form: str = "{}_{}") -> None:
        self._taken_names = set(taken_names)
        self._form = form
        self._next_numbers: dict[str, int] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._taken_names

    def __len__(self) -> int:
        return len(self._taken_names)

    def add(self, name: str) -> None:
        """Take a name."""
        self._taken_names.add(name)

    def take(self, base: str) -> str:
        """Take and return a name that was not taken: ``base``, or it with 2, 3 ... appended."""
        name, number = base, self._next_numbers.get(base, 2)
        while name in self._taken_names:
            name, number = self._form.format(base, number), number + 1
        self._next_numbers[base] = number
        self._taken_names.add(name)
        return name
