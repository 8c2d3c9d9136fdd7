"""Ids and names that an edit generates: from prose, and distinct from those already used."""

from __future__ import annotations

import heapq
import itertools
import re
import string
from collections.abc import Callable, Container, Iterable

from worldkit.core.characters import first_characters
from worldkit.core.json_values import Json
from worldkit.language.word_sets import word_set

_MAX_ID_LENGTH = 64
_CLAUSE_END = re.compile("[.,;]")
_NO_ID_CHARACTERS = re.compile("[^a-z0-9]+")
_WORD_SEPARATORS = re.compile("[_-]+")


def cut_name(name: str, longest: int) -> str:
    """Return a name, cut where it is too long: before the last part of a phrase that does not fit as a whole.

    The browser cuts names in the same way; ``schema/conformance/names.json`` holds both to the same cases.

    Args:
        name: Words that are joined by ``_`` or ``-``, such as ``"a_great_wheel_stands_still_in_green_water"``, of
            which 35 characters give ``a_great_wheel_stands_still``.
        longest: How many characters it may have.
    """
    if len(name) <= longest:
        return name
    starts = [0, *(match.end() for match in _WORD_SEPARATORS.finditer(name))]
    words = [word.lower() for word in _WORD_SEPARATORS.split(name)]
    count = sum(start <= longest + 1 for start in starts) - 1  # of words that fit
    openings = phrase_openings()
    ends = [end for end in range(1, count + 1) if words[end] in openings and words[end - 1] not in openings]
    end = next((end for end in reversed(ends) if starts[end] > longest / 3), count)
    while end and words[end - 1] in openings:
        end -= 1
    return (name[: starts[end]] or first_characters(name, longest)).rstrip("_-")


def phrase_openings() -> frozenset[str]:
    """Return the words that begin a part of a phrase, which a name does not end with."""
    return word_set("hanging") | word_set("opening")


def state_id(base: str) -> str:
    """Return the id made of the first clause of a state's base (docs/spec/smworld.md).

    Args:
        base: The base, such as ``"Rain on the Lane, cold light."``, which gives ``rain_on_the_lane``.
    """
    clause = _CLAUSE_END.split(base, maxsplit=1)[0]
    return cut_name(_NO_ID_CHARACTERS.sub("_", clause.lower()).strip("_"), _MAX_ID_LENGTH) or "state"


def event_name(body: Json, event_count: int) -> str:
    """Return the name made for an event without one: ``go_to_<to>``, else ``<kind>_<number of events + 1>``.

    Args:
        body: The event.
        event_count: How many events the world has.
    """
    to = body.get("to")
    return f"go_to_{to}" if isinstance(to, str) else f"{body.get('kind') or 'event'}_{event_count + 1}"


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
        self._next_number = first  # every lower one is taken, or among the released
        self._released_numbers: list[int] = []

    def lowest(self, is_taken: Callable[[int], bool]) -> int:
        """Return the lowest number that is not taken."""
        while self._released_numbers:
            if not is_taken(self._released_numbers[0]):
                return self._released_numbers[0]
            heapq.heappop(self._released_numbers)
        while is_taken(self._next_number):
            self._next_number += 1
        return self._next_number

    def release(self, number: int) -> None:
        """Note that a number may not be taken any more."""
        if number < self._next_number:
            heapq.heappush(self._released_numbers, number)


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
