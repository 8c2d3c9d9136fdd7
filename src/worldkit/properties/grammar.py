"""The grammar of properties and conditions: plain words to values. ``docs/properties.md`` has it in full."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Callable
from typing import NamedTuple, NoReturn, TypeVar

from worldkit.core.json_values import quote
from worldkit.core.restorable import Restorable
from worldkit.properties.conditions import (
    ANYTHING,
    KINDS,
    Available,
    Condition,
    Named,
    Once,
    Over,
    PropertyError,
    conjunction,
    disjunction,
    negation,
)
from worldkit.properties.statements import (
    AllOf,
    Always,
    AlwaysPossible,
    AnyOf,
    AtMost,
    Before,
    LeadsTo,
    Negated,
    Never,
    NeverAfter,
    Possible,
    Property,
    Until,
    Within,
)

MAX_LENGTH = 10_000
"""Most characters of one property."""

MAX_DEPTH = 40
"""Most parentheses, and words such as ``not``, inside one another."""

# fmt: off
RESERVED_WORDS = frozenset((
    "after", "always", "and", "anything", "available", "at", "be", "before", "cannot", "ending", "event", "flag",
    "happen", "holding", "leads", "lose", "mission", "most", "never", "no", "not", "of", "once", "or",
    "possible", "reached", "state", "step", "steps", "tag", "to", "until", "while", "win", "within",
    "without",
))
# fmt: on
"""Words that stand for themselves: a name that is one of them is put in quotes."""

_FIRST_WORDS = ("never", "always", "possible", "after")
_CONNECTING_WORDS = ("before", "until", "within", "leads", "while", "without", "cannot")
_MIN_SIMILARITY = 0.75
"""How like one of these words an unknown one is at least, up to 1, to be taken for a slip of the pen."""

_TOKEN = re.compile(r'\s*(?:("(?:[^"\\]|\\.)*")|([(){},:])|([^\s"(){},:]+(?::[^\s"(){},:]+)*))')

T = TypeVar("T")


class _Token(NamedTuple):
    kind: str
    value: str
    place: int


class _ParseFailure(Restorable, Exception):
    def __init__(self, place: int, message: str) -> None:
        self.place = place
        super().__init__(message)


def parse_property(text: str) -> Property:
    """Return the property that a text says.

    Raises:
        PropertyError: It says none; the message has the place, and what was expected there.
    """
    return _parse(text, _PropertyParser.statement, "a property")


def parse_condition(text: str) -> Condition:
    """Return the condition that a text says.

    Raises:
        PropertyError: It says none.
    """
    return _parse(text, _PropertyParser.condition, "a condition")


def _parse(text: str, rule: Callable[[_PropertyParser], T], what: str) -> T:
    if len(text) > MAX_LENGTH:
        raise PropertyError(f"not {what}: it has {len(text):,} characters, and {MAX_LENGTH:,} are allowed")
    try:
        parser = _PropertyParser(text)
        value = rule(parser)
        parser.end()
    except _ParseFailure as failure:
        raise PropertyError(f"not {what}: {quote(text)}: at character {failure.place + 1}, {failure}") from None
    return value


def _tokens(text: str) -> list[_Token]:
    tokens: list[_Token] = []
    place, end = 0, len(text.rstrip())
    while place < end:
        match = _TOKEN.match(text, place)
        if match is None:
            raise _ParseFailure(place, "a name in quotes does not end")
        name, sign, word = match.groups()
        begin = match.end() - len(name or sign or word)
        if name:
            try:
                tokens.append(_Token("name", json.loads(name, strict=False), begin))
            except ValueError:
                raise _ParseFailure(begin, "an escape in quotes is none of JSON's") from None
        else:
            tokens.append(_Token("sign" if sign else "word", sign or word, begin))
        place = match.end()
    return tokens


class _PropertyParser:
    """Reads one text from left to right; ``_ParseFailure`` says where it is no property."""

    def __init__(self, text: str) -> None:
        self._tokens = _tokens(text)
        self._end = len(text)
        self._position = 0
        self._depth = 0

    # ---- tokens --------------------------------------------------------------------------------

    def _peek(self, offset: int = 0) -> _Token:
        index = self._position + offset
        return self._tokens[index] if index < len(self._tokens) else _Token("end", "", self._end)

    def _take(self, *words: str) -> bool:
        """Take some words in a row, if they stand here."""
        for offset, word in enumerate(words):
            token = self._peek(offset)
            if token.kind == "name" or token.value != word:
                return False
        self._position += len(words)
        return True

    def _is_word(self, word: str) -> bool:
        token = self._peek()
        return token.kind == "word" and token.value == word

    def _expect(self, *words: str) -> None:
        for word in words:
            if not self._take(word):
                self._fail(f"expected {quote(word)}")

    def _fail(self, expected: str) -> NoReturn:
        token = self._peek()
        actual = "the end" if token.kind == "end" else quote(token.value)
        raise _ParseFailure(token.place, f"{expected}, got {actual}{self._hint()}")

    def _hint(self) -> str:
        """Return what was perhaps meant by a word that was read as a name, or that stands behind one."""
        token, before = self._peek(), self._peek(-1) if self._position else _Token("sign", "(", 0)
        if before.kind == "word" and before.value not in RESERVED_WORDS:
            is_first = self._position == 1 or self._peek(-2).value in ("(", "not", "always")
            near = difflib.get_close_matches(before.value.lower(), _FIRST_WORDS, 1, _MIN_SIMILARITY) if is_first else []
            if near:
                return f"; did you mean {near[0]}?"
        if token.kind != "word" or token.value in RESERVED_WORDS:
            return ""
        near = difflib.get_close_matches(token.value.lower(), _CONNECTING_WORDS, 1, _MIN_SIMILARITY)
        if near:
            return f"; did you mean {near[0]}?"
        return (
            "; put names with spaces in double quotes"
            if before.kind == "word" and before.value not in RESERVED_WORDS
            else ""
        )

    def _descend(self, rule: Callable[[], T]) -> T:
        if self._depth >= MAX_DEPTH:
            raise _ParseFailure(self._peek().place, f"more than {MAX_DEPTH} parts stand inside one another")
        self._depth += 1
        try:
            return rule()
        finally:
            self._depth -= 1

    def end(self) -> None:
        """Refuse what is left over."""
        if self._peek().kind != "end":
            self._fail("expected the end")

    # ---- properties ------------------------------------------------------------------------------

    def statement(self) -> Property:
        """Read a property."""
        begin, depth = self._position, self._depth
        if self._peek().value in ("(", "not") and self._peek().kind != "name":
            try:
                return self._combination()
            except _ParseFailure as failure:
                combination_failure = failure
            self._position, self._depth = begin, depth
            try:
                return self._simple()
            except _ParseFailure as failure:
                raise max(failure, combination_failure, key=lambda error: error.place) from None
        return self._simple()

    def _combination(self) -> Property:
        parts = [self._part()]
        word = "and" if self._peek().value == "and" else "or"
        while self._take(word):
            parts.append(self._part())
        if self._peek().kind not in ("end",) and self._peek().value != ")":
            self._fail("expected the end of the property")
        if len(parts) == 1:
            return parts[0]
        return AllOf(tuple(parts)) if word == "and" else AnyOf(tuple(parts))

    def _part(self) -> Property:
        is_negated = self._take("not")
        self._expect("(")
        inner = self._descend(self.statement)
        self._expect(")")
        if not is_negated:
            return inner
        return inner.part if isinstance(inner, Negated) else Negated(inner)

    def _simple(self) -> Property:
        if self._take("never") or self._take("no"):
            condition = self.condition()
            return Never(condition, self._steps()) if self._take("within") else Never(condition)
        if self._take("always"):
            if self._take("possible"):
                self._take(":")
                return AlwaysPossible(self.condition())
            return Always(self.condition())
        if self._take("possible"):
            self._take(":")
            return Possible(self.condition())
        if self._take("after"):
            first = self.condition()
            self._expect(",")
            if self._take("never") or self._take("no"):
                return NeverAfter(first, self.condition())
            second = self.condition()
            self._expect("cannot")
            if not self._take("happen"):
                self._expect("be", "reached")
            return NeverAfter(first, second)
        if self._take("at"):
            return self._at_most()
        return self._relation(self.condition())

    def _at_most(self) -> Property:
        self._expect("most")
        count = self._number()
        self._expect("of", "{")
        conditions = [self.condition()]
        while self._take(","):
            conditions.append(self.condition())
        self._expect("}")
        return AtMost(count, tuple(conditions))

    def _relation(self, first: Condition) -> Property:
        if self._take("before"):
            return Before(first, self.condition())
        if self._take("until"):
            return Until(first, self.condition())
        if self._take("leads", "to"):
            return LeadsTo(first, self.condition())
        if not self._take("within"):
            self._fail(
                "expected before, until, within or leads to after a condition, or never, no, always, possible, after "
                "or at most in front of it"
            )
        steps = self._steps()
        return Within(first, steps, self.condition() if self._take("of") else None)

    def _steps(self) -> int:
        count = self._number()
        if not self._take("steps"):
            self._expect("step")
        return count

    def _number(self) -> int:
        token = self._peek()
        if token.kind != "word" or not token.value.isascii() or not token.value.isdecimal() or len(token.value) > 6:
            self._fail("expected a whole number below a million")
        self._position += 1
        return int(token.value)

    # ---- conditions ------------------------------------------------------------------------------

    def condition(self) -> Condition:
        """Read a condition."""
        parts = [self._all_of()]
        while self._take("or"):
            parts.append(self._all_of())
        return disjunction(*parts)

    def _all_of(self) -> Condition:
        parts = [self._unary()]
        while self._is_word("without") or self._take("and") or self._take("while"):
            parts.append(self._unary())
        return conjunction(*parts)

    def _unary(self) -> Condition:
        if self._take("not"):
            return negation(self._descend(self._unary))
        if self._take("once"):
            return Once(self._descend(self._unary))
        if self._take("without"):
            return negation(Named("flag", self._name()))
        if self._take("("):
            inner = self._descend(self.condition)
            self._expect(")")
            return inner
        return self._atom()

    def _atom(self) -> Condition:
        if self._take("anything"):
            return ANYTHING
        if self._take("win"):
            return Over("win")
        if self._take("lose"):
            return Over("lose")
        if self._take("available"):
            return Available(self._name())
        if self._take("holding"):
            return Named("flag", self._name())
        for kind in KINDS:
            if self._take(kind):
                return Over() if kind == "ending" and not self._is_name() else Named(kind, self._name())
        return Named("name", self._name())

    def _is_name(self) -> bool:
        token = self._peek()
        return token.kind == "name" or (token.kind == "word" and token.value not in RESERVED_WORDS)

    def _name(self) -> str:
        if not self._is_name():
            self._fail(
                "expected a name" if self._peek().kind == "end" else "expected a name, in quotes if it is a word"
            )
        name = self._peek().value
        self._position += 1
        return name
