"""Conditions and values as the languages of stories write them: ``$key and not $lamp``, ``!key && coins >= 3``."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from worldkit.interop.stories.expressions import (
    COMPARISONS,
    Constant,
    Expression,
    Operation,
    Variable,
    conjunction,
    disjunction,
    negation,
)

_MAX_SOURCE_LENGTH = 1_000
_MAX_DEPTH = 40


class NotReadable(ValueError):
    """An expression is not one that can be read exactly."""


@dataclass(frozen=True)
class ExpressionDialect:
    """How a language writes expressions.

    Attributes:
        variable: A pattern of the names of variables; its group ``name`` is the name.
        words: Operators by how they are written, in lower case; ``""`` for a word that says nothing.
        functions: What a call such as ``visited("Hall")`` is, by name.
        only_booleans: Whether ``and`` and ``or`` join conditions only, so that ``is 1 or 2`` means something else.
    """

    variable: str
    words: Mapping[str, str]
    functions: Mapping[str, Callable[[str | None], Expression]] = field(default_factory=dict)
    only_booleans: bool = False


_SYMBOLS = {
    "===": "is", "!==": "is not", "==": "==", "!=": "!=", "<=": "<=", ">=": ">=", "<": "<", ">": ">",
    "&&": "and", "||": "or", "!": "not", "+": "+", "-": "-", "*": "*", "/": "/", "%": "%", "(": "(", ")": ")",
}  # fmt: skip
_TOKEN = re.compile(
    r"""\s*(?:(?P<text>"[^"\\]*"|'[^'\\]*')|(?P<number>\d+(?:\.\d+)?(?![\w.]))"""
    r"""|(?P<call>[A-Za-z_]\w*\s*\(\s*(?P<argument>"[^"\\]*"|'[^'\\]*')?\s*\))"""
    r"""|(?P<name>[$_]?[^\W\d][\w.]*)|(?P<symbol>===|!==|==|!=|<=|>=|&&|\|\||[-+*/%<>!()]))"""
)
_LITERALS = {"true": Constant(True), "false": Constant(False)}
_PRECEDENCE = {"or": 1, "and": 2, **dict.fromkeys(COMPARISONS, 3), "+": 4, "-": 4, "*": 5, "/": 5, "%": 5}


def parse_expression(source: str, dialect: ExpressionDialect, *, is_value: bool = False) -> Expression:
    """Return an expression that was read.

    Args:
        source: The text of it.
        dialect: How the language writes it.
        is_value: Whether its value counts, and not only whether it holds: then ``gold or 10`` is a number.

    Raises:
        NotReadable: It has anything that cannot be expressed exactly.
    """
    if len(source) > _MAX_SOURCE_LENGTH:
        raise NotReadable("it is too long")
    parser = _ConditionParser(_tokens(source, dialect), dialect)
    expression = parser.expression(1, 0)
    if not parser.is_done:
        raise NotReadable("it does not end there")
    if is_value:
        parser.refuse_mixed(expression)
    return expression


def _tokens(source: str, dialect: ExpressionDialect) -> list[str | Expression]:
    tokens: list[str | Expression] = []
    at, end = 0, len(source.rstrip())
    while at < end:
        match = _TOKEN.match(source, at)
        if match is None:
            raise NotReadable(f"{source[at : at + 20]!r} is not understood")
        at = match.end()
        if match["text"] is not None:
            tokens.append(Constant(match["text"][1:-1]))
        elif match["number"] is not None:
            tokens.append(
                Constant(float(match["number"]) if "." in match["number"] else _whole_number(match["number"]))
            )
        elif match["call"] is not None:
            name = match["call"].partition("(")[0].strip()
            if name.lower() in dialect.words and match["argument"] is None:
                raise NotReadable("it has empty parentheses")
            if name not in dialect.functions:
                raise NotReadable(f"{name}() is not understood")
            tokens.append(dialect.functions[name](match["argument"][1:-1] if match["argument"] else None))
        elif match["symbol"] is not None:
            tokens.append(_SYMBOLS[match["symbol"]])
        else:
            tokens += _word(match["name"], dialect)
    return tokens


def _whole_number(digits: str) -> int:
    if len(digits) > 9:
        raise NotReadable("it has a number that is too large")
    return int(digits)


def _word(word: str, dialect: ExpressionDialect) -> list[str | Expression]:
    if word.lower() in _LITERALS:
        return [_LITERALS[word.lower()]]
    if word.lower() in dialect.words:
        operator = dialect.words[word.lower()]
        return [operator] if operator else []
    if word in dialect.functions:
        return [dialect.functions[word](None)]
    match = re.fullmatch(dialect.variable, word)
    if match is None:
        raise NotReadable(f"{word!r} is not understood")
    return [Variable(match["name"])]


class _ConditionParser:
    """Reads tokens by the precedence of their operators."""

    def __init__(self, tokens: list[str | Expression], dialect: ExpressionDialect) -> None:
        self._tokens = tokens
        self._at = 0
        self._dialect = dialect
        self._mixed_expressions: list[Expression] = []  # what 'and' and 'or' make of parts that are no conditions

    @property
    def is_done(self) -> bool:
        """Whether every token was read."""
        return self._at == len(self._tokens)

    def expression(self, lowest: int, depth: int) -> Expression:
        """Return the expression that begins here, of operators that bind at least so tightly."""
        if depth > _MAX_DEPTH:
            raise NotReadable("it is nested too deeply")
        left = self._operand(depth)
        while (operator := self._operator()) is not None and _PRECEDENCE[operator] >= lowest:
            self._at += 2 if self._is_negated_is(operator) else 1
            right = self.expression(_PRECEDENCE[operator] + 1, depth + 1)
            if operator in COMPARISONS and self._next() in COMPARISONS:
                raise NotReadable("it compares a comparison")
            left = self._joined(operator, left, right)
        return left

    def refuse_mixed(self, *expressions: Expression) -> None:
        """Refuse to take for true or false what ``and`` and ``or`` make of parts that are no conditions.

        Raises:
            NotReadable: One of the expressions is such a value.
        """
        if any(
            expression is mixed_expression for expression in expressions for mixed_expression in self._mixed_expressions
        ):
            raise NotReadable("'and' or 'or' joins what is no condition")

    def _operator(self) -> str | None:
        token = self._next()
        if not isinstance(token, str) or token not in _PRECEDENCE:
            return None
        return "is not" if self._is_negated_is(token) else token

    def _is_negated_is(self, operator: str) -> bool:
        return operator in ("is", "is not") and self._tokens[self._at : self._at + 2] == ["is", "not"]

    def _next(self) -> str | Expression | None:
        return None if self.is_done else self._tokens[self._at]

    def _operand(self, depth: int) -> Expression:
        token = self._next()
        self._at += 1
        if token is None:
            raise NotReadable("it breaks off")
        if not isinstance(token, str):
            return token
        if token == "(":
            inner = self.expression(1, depth + 1)
            if self._next() != ")":
                raise NotReadable("a parenthesis is not closed")
            self._at += 1
            return inner
        if depth > _MAX_DEPTH:
            raise NotReadable("it is nested too deeply")
        if token == "not":
            inner = self._operand(depth + 1)
            if self._dialect.only_booleans and self._operator() not in (None, "and", "or"):
                raise NotReadable("it is not sure what 'not' denies; write parentheses")
            return negation(inner)
        if token == "-":
            inner = self._operand(depth + 1)
            if isinstance(inner, Constant) and isinstance(inner.value, (int, float)):
                return Constant(-inner.value)
        raise NotReadable(f"{token!r} stands where a value is expected")

    def _joined(self, operator: str, left: Expression, right: Expression) -> Expression:
        if operator in ("and", "or"):
            are_conditions = _may_be_condition(left) and _may_be_condition(right)
            if self._dialect.only_booleans and not are_conditions:
                raise NotReadable(f"{operator!r} joins what is no condition")
            join = conjunction(left, right) if operator == "and" else disjunction(left, right)
            if not are_conditions or any(
                part is mixed_expression for part in (left, right) for mixed_expression in self._mixed_expressions
            ):
                self._mixed_expressions.append(join)
            return join
        self.refuse_mixed(left, right)
        return Operation(operator, (left, right))


def _may_be_condition(expression: Expression) -> bool:
    if isinstance(expression, Constant):
        return isinstance(expression.value, bool)
    return isinstance(expression, Variable) or expression.operator in ("and", "or", "not", *COMPARISONS)
