"""Ids and names that an edit generates: from prose, and distinct from those already used."""

from __future__ import annotations

import heapq
import itertools
import re
import string
import unicodedata
from collections.abc import Callable, Container, Iterable

from worldkit.core.characters import first_characters
from worldkit.core.json_values import Json

_MAX_ID_LENGTH = 64
_CLAUSE_END = re.compile("[.,;]")
_NO_ID_CHARACTERS = re.compile("[^a-z0-9]+")

_SLUG_WORDS = 3
_MAX_SLUG_LENGTH = 40
_APOSTROPHES = re.compile("['\u2019]")


def cut_id(id: str, longest: int) -> str:
    """Return an id without what is too long of it; it ends in no mark that joins words."""
    return id if len(id) <= longest else first_characters(id, longest).rstrip("_-")


def state_id(base: str) -> str:
    """Return the id made of the first clause of a state's base (docs/spec/smworld.md).

    Args:
        base: The base, such as ``"Rain on the Lane, cold light."``, which gives ``rain_on_the_lane``.
    """
    clause = _CLAUSE_END.split(base, maxsplit=1)[0]
    return cut_id(_NO_ID_CHARACTERS.sub("_", clause.lower()).strip("_"), _MAX_ID_LENGTH) or "state"


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
    return cut_id("_".join(words[:_SLUG_WORDS]), _MAX_SLUG_LENGTH) or "state"


def unused_name(base: str, *taken_names: Container[str], form: str = "{}_{}") -> str:
    """Return a name that is in none of the containers: ``base``, or it with ``_2``, ``_3`` ... appended."""
    if not any(base in names for names in taken_names):
        return base
    candidates = (form.format(base, n) for n in itertools.count(2))
    return next(candidate for candidate in candidates if not any(candidate in names for names in taken_names))


class FreeNumbers:
    """Finds the lowest number that is free, without trying the same numbers again each time.

    Args:
        first: The lowest number.
    """

    def __init__(self, first: int) -> None:
        self._next = first  # every lower one is taken, or among the released
        self._released: list[int] = []

    def lowest(self, is_taken: Callable[[int], bool]) -> int:
        """Return the lowest number that is not taken."""
        while self._released:
            if not is_taken(self._released[0]):
                return self._released[0]
            heapq.heappop(self._released)
        while is_taken(self._next):
            self._next += 1
        return self._next

    def release(self, number: int) -> None:
        """Note that a number may not be taken any more."""
        if number < self._next:
            heapq.heappush(self._released, number)


class NameNumbers:
    """Finds what ``unused_name`` finds, without trying the same numbers again for every name of one kind.

    Args:
        form: How a number is appended to a name.
    """

    def __init__(self, form: str = "{}_{}") -> None:
        self._form = form
        pattern = re.escape(form).replace(r"\{\}", "(.*)", 1).replace(r"\{\}", "([1-9][0-9]{0,8})")
        self._numbered_name = re.compile(pattern, re.DOTALL)
        self._numbers: dict[str, FreeNumbers] = {}

    def unused(self, base: str, *taken_names: Container[str]) -> str:
        """Return a name that is in none of the containers: ``base``, or it with 2, 3 ... appended."""
        if not any(base in names for names in taken_names):
            return base

        def is_taken(number: int) -> bool:
            name = self._form.format(base, number)
            return any(name in names for names in taken_names)

        numbers = self._numbers.setdefault(base, FreeNumbers(2))
        return self._form.format(base, numbers.lowest(is_taken))

    def release(self, name: str) -> None:
        """Note that a name may not be taken any more."""
        match = self._numbered_name.fullmatch(name)
        if match and match[1] in self._numbers and int(match[2]) > 1:
            self._numbers[match[1]].release(int(match[2]))


class LabelNumbers:
    """Finds labels of variants: B, C ... Z, then B2, C2 ..."""

    def __init__(self) -> None:
        self._numbers = FreeNumbers(0)

    def unused(self, labels: Container[str]) -> str:
        """Return the first label that is not in a container."""
        return _label(self._numbers.lowest(lambda number: _label(number) in labels))

    def release(self, label: str) -> None:
        """Note that a label may not be taken any more."""
        match = _LABEL.fullmatch(label)
        if match and match[2] != "1":
            turn = int(match[2] or 1) - 1
            self._numbers.release(turn * len(_LETTERS) + _LETTERS.index(match[1]))


_LETTERS = string.ascii_uppercase[1:]
_LABEL = re.compile("([B-Z])([1-9][0-9]{0,8})?")


def _label(number: int) -> str:
    turn, letter = divmod(number, len(_LETTERS))
    return _LETTERS[letter] + (str(turn + 1) if turn else "")


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
