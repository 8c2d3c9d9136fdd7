"""``OpRefused``: the reason why an operation is refused, raised where its index in the batch is unknown."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import ValidationError

from worldkit.core.json_values import quote
from worldkit.core.problems import problems
from worldkit.core.quoting import did_you_mean


class OpRefused(Exception):
    """One operation is refused; ``apply`` turns it into an ``OpError`` with the index and the kind."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


def unknown_name(what: str, word: str, names: Iterable[str]) -> OpRefused:
    """Return the refusal of an id that names nothing."""
    return OpRefused(f"there is no {what} {quote(word)}{did_you_mean(word, names)}")


def already_used(what: str, word: str, by: str = "") -> OpRefused:
    """Return the refusal of an id or name that is already used."""
    holder = by or what
    article = "an" if holder[0] in "aeiou" else "a"
    return OpRefused(f"there is already {article} {holder} {quote(word)}; {_UNIQUENESS_REASONS[what]}")


_UNIQUENESS_REASONS = {
    "state": "states and cutscenes each have an id of their own",
    "cutscene": "states and cutscenes each have an id of their own",
    "event": "event names are unique",
    "flag": "renaming one to the other would merge the two",
    "variant": "labels are unique within a state",
    "sequence": "sequence ids are unique",
    "mission": "mission ids are unique",
}


def invalid_body(what: str, error: ValidationError) -> OpRefused:
    """Return the refusal of a body that the document's schema does not allow, with its problems."""
    details = "; ".join(str(problem) for problem in problems(error, limit=20))
    return OpRefused(f"{what} would not be valid: {details}")
