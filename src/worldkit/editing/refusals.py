"""``Refused``: why one operation cannot be done, before it is known where in its batch it stands."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from pydantic import ValidationError

from worldkit.core.json_values import quote
from worldkit.core.problems import problems

_LONGEST_GUESSED = 80


class Refused(Exception):
    """One operation is refused; ``apply`` turns it into an ``OpError`` with the index and the kind."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


def guess(word: str, known: Iterable[str]) -> str:
    """Return ``"; did you mean 'lane'?"`` for a word near a known one, else nothing."""
    near = difflib.get_close_matches(word[:_LONGEST_GUESSED], list(known), n=2, cutoff=0.6)
    return f"; did you mean {' or '.join(quote(name) for name in near)}?" if near else ""


def unknown(what: str, word: str, known: Iterable[str]) -> Refused:
    """Return the refusal of an id that names nothing."""
    return Refused(f"there is no {what} {quote(word)}{guess(word, known)}")


def taken(what: str, word: str, by: str = "") -> Refused:
    """Return the refusal of an id or name that is already used."""
    holder = by or what
    article = "an" if holder[0] in "aeiou" else "a"
    return Refused(f"there is already {article} {holder} {quote(word)}; {_UNIQUE[what]}")


_UNIQUE = {
    "state": "states and cutscenes each have an id of their own",
    "cutscene": "states and cutscenes each have an id of their own",
    "event": "event names are unique",
    "variant": "labels are unique within a state",
    "sequence": "sequence ids are unique",
    "mission": "mission ids are unique",
}


def invalid(what: str, error: ValidationError) -> Refused:
    """Return the refusal of a body that the document's schema does not allow, with every problem."""
    said = "; ".join(str(problem) for problem in problems(error, most=20))
    return Refused(f"{what} would not be valid: {said}")
