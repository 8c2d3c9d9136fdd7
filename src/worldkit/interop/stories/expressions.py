"""Conditions and values of stories: constants, variables and operations on them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from worldkit.core.quoting import quote
from worldkit.interop.stories.operations import NotComputable, Value, computed


@dataclass(frozen=True, slots=True)
class Constant:
    """A value that never changes."""

    value: Value

    def __str__(self) -> str:
        return "nothing" if self.value is None else quote(self.value)


@dataclass(frozen=True, slots=True)
class Variable:
    """The value that a variable has at the moment."""

    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Operation:
    """An operator and what it works on: ``and``, ``or`` and ``not``, comparisons, arithmetic."""

    operator: str
    operands: tuple[Expression, ...]

    def __str__(self) -> str:
        parts = [
            f"({part})" if isinstance(part, Operation) and part.operator in _LOGICAL_OPERATORS else str(part)
            for part in self.operands
        ]
        if self.operator in ("min", "max"):
            return f"{self.operator}({', '.join(parts)})"
        if len(parts) == 1:
            return f"{self.operator} {parts[0]}"
        return f" {self.operator} ".join(parts)


Expression: TypeAlias = Constant | Variable | Operation

TRUE, FALSE = Constant(True), Constant(False)
_LOGICAL_OPERATORS = ("and", "or")
COMPARISONS = ("==", "!=", "is", "is not", "<", "<=", ">", ">=")


def negation(expression: Expression) -> Expression:
    """Return what holds when an expression does not."""
    if isinstance(expression, Constant):
        return Constant(not expression.value)
    if isinstance(expression, Operation) and expression.operator == "not":
        return expression.operands[0]
    return Operation("not", (expression,))


def conjunction(*parts: Expression) -> Expression:
    """Return what holds when all parts hold."""
    return _joined("and", parts)


def disjunction(*parts: Expression) -> Expression:
    """Return what holds when one of the parts holds."""
    return _joined("or", parts)


def _joined(join: str, parts: tuple[Expression, ...]) -> Expression:
    """Return the parts joined, without those that decide nothing."""
    decisive = join == "or"
    operands: list[Expression] = []
    for part in parts:
        if isinstance(part, Constant):
            if bool(part.value) is decisive:
                return Constant(decisive)
        elif isinstance(part, Operation) and part.operator == join:
            operands += part.operands
        else:
            operands.append(part)
    operands = list(dict.fromkeys(operands))
    if len(operands) <= 1:
        return operands[0] if operands else Constant(not decisive)
    return Operation(join, tuple(operands))


def names_in(expression: Expression) -> Iterator[str]:
    """Yield the names of the variables that an expression reads."""
    stack = [expression]
    while stack:
        part = stack.pop()
        if isinstance(part, Variable):
            yield part.name
        elif isinstance(part, Operation):
            stack += part.operands


_MAX_PASSES = 3
"""How often a condition is simplified by what it says itself; in the order in which stories say it, once is enough."""

MAX_PARTS = 150
"""Conditions and values of more parts are not computed with."""


def count_parts(expression: Expression) -> int:
    """Return how many parts an expression has; of a long one, a number above ``MAX_PARTS``."""
    stack, count = [expression], 0
    while stack and count <= MAX_PARTS:
        part = stack.pop()
        count += 1
        if isinstance(part, Operation):
            stack += part.operands
    return count


def is_longer(expression: Expression) -> bool:
    """Say whether an expression has more than ``MAX_PARTS`` parts."""
    return count_parts(expression) > MAX_PARTS


def with_expressions(condition: Expression, expressions: Mapping[str, Expression]) -> Expression:
    """Return a condition with expressions in the place of variables that are true or false.

    Args:
        expressions: The expressions, by variable.
    """
    if isinstance(condition, Variable):
        return expressions.get(condition.name, condition)
    if isinstance(condition, Operation) and condition.operator in _LOGICAL_OPERATORS:
        return _joined(condition.operator, tuple(with_expressions(part, expressions) for part in condition.operands))
    if isinstance(condition, Operation) and condition.operator == "not":
        return negation(with_expressions(condition.operands[0], expressions))
    return condition


def simplified(expression: Expression, values: Mapping[str, Value]) -> Expression:
    """Return an expression with the values of some variables put in, computed as far as that goes.

    Args:
        values: Values by variable; others stay variables.
    """
    if isinstance(expression, Variable):
        return Constant(values[expression.name]) if expression.name in values else expression
    if isinstance(expression, Constant):
        return expression
    operands = tuple(simplified(part, values) for part in expression.operands)
    if expression.operator in _LOGICAL_OPERATORS:
        return _joined(expression.operator, operands)
    if expression.operator == "not":
        return negation(operands[0])
    constants = [part.value for part in operands if isinstance(part, Constant)]
    if len(constants) == len(operands):
        try:
            return Constant(computed(expression.operator, constants))
        except NotComputable:
            pass
    return Operation(expression.operator, operands)


def value_of(expression: Expression, values: Mapping[str, Value]) -> Value:
    """Return the value of an expression.

    Args:
        values: Values by variable.

    Raises:
        NotComputable: It has no value on which the languages of stories agree, such as that of ``gold or 10``.
    """
    if isinstance(expression, Constant):
        return expression.value
    if isinstance(expression, Variable):
        if expression.name not in values:
            raise NotComputable
        return values[expression.name]
    operands = [value_of(part, values) for part in expression.operands]
    if expression.operator == "not":
        return not operands[0]
    if expression.operator in _LOGICAL_OPERATORS:
        if not all(value is None or isinstance(value, bool) for value in operands):
            raise NotComputable
        return all(operands) if expression.operator == "and" else any(operands)
    return computed(expression.operator, operands)


def is_computable(expression: Expression) -> bool:
    """Say whether a condition that was simplified depends on variables alone, and on nothing that has no value."""
    stack = [expression]
    while stack:
        part = stack.pop()
        if isinstance(part, Operation):
            if all(isinstance(operand, Constant) for operand in part.operands):
                return False
            stack += part.operands
    return True


def with_unknown(expression: Expression, is_known: Callable[[str], bool], assumed_value: bool = True) -> Expression:
    """Return what is left of a condition when some variables are unknown: it holds whenever the condition may hold.

    Args:
        expression: The condition.
        is_known: Whether a variable's values are known.
        assumed_value: What a part that is not known counts as.
    """
    if isinstance(expression, Operation) and expression.operator in _LOGICAL_OPERATORS:
        return _joined(
            expression.operator, tuple(with_unknown(part, is_known, assumed_value) for part in expression.operands)
        )
    if isinstance(expression, Operation) and expression.operator == "not":
        return negation(with_unknown(expression.operands[0], is_known, not assumed_value))
    return expression if all(map(is_known, names_in(expression))) else Constant(assumed_value)


def conjuncts(expression: Expression) -> tuple[Expression, ...]:
    """Return the parts that must all hold for an expression to hold."""
    if isinstance(expression, Operation) and expression.operator == "and":
        return expression.operands
    return (expression,)


def with_facts(condition: Expression, is_fact: Callable[[str], bool]) -> Expression:
    """Return a condition whose parts are simplified by those that say only that a variable is true.

    ``key and (lamp or not key)`` asks for two flags, and denies nothing.

    Args:
        is_fact: Whether a variable is true or false, and nothing else.
    """
    for _ in range(_MAX_PASSES):
        known_names = (part.name for part in conjuncts(condition) if isinstance(part, Variable))
        facts: dict[str, Value] = dict.fromkeys(filter(is_fact, known_names), True)
        parts = []
        for part in conjuncts(condition):
            simple = part if isinstance(part, Variable) else simplified(part, facts)
            if isinstance(simple, Variable) and is_fact(simple.name):
                facts[simple.name] = True
            parts.append(simple)
        before, condition = condition, conjunction(*parts)
        if condition == before:
            break
    return condition


def required_flag(expression: Expression) -> str | None:
    """Return the name of the variable of which an expression says only that it is true, if that is all it says."""
    if isinstance(expression, Variable):
        return expression.name
    if isinstance(expression, Operation) and expression.operator in ("is", "=="):
        left, right = expression.operands
        if isinstance(left, Variable) and isinstance(right, Constant) and right.value is True:
            return left.name
    return None
