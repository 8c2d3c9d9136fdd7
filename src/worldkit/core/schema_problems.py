"""What is wrong with a document by a JSON Schema, in words: the same words for every schema and every reader."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import cache
from itertools import chain, islice
from typing import Any

from worldkit.core.errors import Problem
from worldkit.core.json_values import format_short_path, quote
from worldkit.core.problems import MAX_PROBLEMS
from worldkit.core.schema import load_schema
from worldkit.core.schema_judge import SchemaJudge, Violation
from worldkit.core.versions import is_later_minor, version_message

MAX_FLOAT = sys.float_info.max


def document_problems(value: Any) -> list[Problem]:
    """Return everything that is wrong with a bare document, a JSON value, by worldkit's schema.

    Args:
        value: The document.
    """
    is_later = isinstance(value, dict) and is_later_minor(value.get("schemaVersion"))
    return problems_by(_our_judge(is_later), value)


@cache
def _our_judge(open_lists: bool) -> SchemaJudge:
    schema = _with_finite_numbers(load_schema())
    return SchemaJudge(_with_open_lists(schema) if open_lists else schema)


def problems_by(judge: SchemaJudge, value: Any) -> list[Problem]:
    """Return up to ``MAX_PROBLEMS`` problems of a value, and one more that says so when there are more."""
    problems = list(islice(_unique(judge.violations(value)), MAX_PROBLEMS + 1))
    if len(problems) > MAX_PROBLEMS:
        return [*problems[:MAX_PROBLEMS], Problem("", f"only the first {MAX_PROBLEMS:,} problems are listed")]
    return problems


def _with_finite_numbers(schema: Any) -> Any:
    """Return a schema in which a number is one that a float can hold, as the models need it."""
    if isinstance(schema, dict):
        bounds = {"minimum": -MAX_FLOAT, "maximum": MAX_FLOAT} if schema.get("type") == "number" else {}
        return bounds | {key: _with_finite_numbers(value) for key, value in schema.items()}
    return [_with_finite_numbers(item) for item in schema] if isinstance(schema, list) else schema


def _with_open_lists(schema: Any) -> Any:
    """Return a schema in which a closed list of words accepts any string, as those of a later minor version may."""
    if isinstance(schema, dict):
        if isinstance(schema.get("enum"), list):
            rest = {key: value for key, value in schema.items() if key != "enum"}
            return {**rest, "type": "string"}
        return {key: _with_open_lists(value) for key, value in schema.items()}
    return [_with_open_lists(item) for item in schema] if isinstance(schema, list) else schema


# ---- in words ------------------------------------------------------------------------------------


_TYPES = {
    "object": "an object",
    "array": "a list",
    "string": "a string",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "null": "null",
}


def _unique(violations: Iterator[Violation]) -> Iterator[Problem]:
    earlier: set[Problem] = set()
    for violation in violations:
        for problem in _problems(violation):
            if problem not in earlier:
                earlier.add(problem)
                yield problem


def _problems(violation: Violation) -> Iterator[Problem]:
    keyword, value, path = violation.keyword, violation.value, format_short_path(violation.steps)
    if violation.missing_field is not None:
        yield Problem(format_short_path([*violation.steps, violation.missing_field]), "required, and missing")
    elif keyword in ("anyOf", "oneOf") and any(violation.alternatives):
        branch = _branch_of(violation)
        if branch:
            for inner in branch:
                yield from _problems(inner)
        else:
            yield Problem(path, f"expected {_alternatives(violation)}, got {quote(value)}")
    elif keyword == "pattern" and path == "schemaVersion":
        yield Problem(path, version_message(value))
    elif keyword in ("additionalProperties", "unevaluatedProperties", "propertyNames"):
        yield Problem(path, f"has a field that the schema does not allow: {violation.message[:200]}")
    else:
        yield Problem(path, f"expected {_expectation(violation)}, got {quote(value)}")


def _branch_of(violation: Violation) -> list[Violation]:
    """Return what the alternative refuses that a value was meant as: the only one whose type it has."""
    matching_branches = [
        branch
        for branch in violation.alternatives
        if branch
        and not any(inner.keyword in ("type", "enum", "const") and inner.steps == violation.steps for inner in branch)
    ]
    return matching_branches[0] if len(matching_branches) == 1 else []


def _alternatives(violation: Violation) -> str:
    """Return the alternatives of which a value is none: ``a string or an object with static and dynamic``."""
    words: list[str] = []
    for inner in chain.from_iterable(violation.alternatives):
        if inner.steps == violation.steps and inner.keyword in ("type", "enum", "const"):
            required_keys = inner.schema.get("required") if inner.keyword == "type" and inner.schema else None
            words.append(_expectation(inner) + (f" with {' and '.join(required_keys)}" if required_keys else ""))
    return " or ".join(dict.fromkeys(words)) or "another value"


def _expectation(violation: Violation) -> str:
    """Return what a keyword of a schema expects, in the words that loading uses as well."""
    keyword, expected = violation.keyword, violation.expected_value
    if keyword == "type":
        names = [expected] if isinstance(expected, str) else expected
        return " or ".join(_TYPES[name] for name in names)
    if keyword == "enum":
        names = [repr(item) for item in expected]
        return f"one of {', '.join(names[:-1])} or {names[-1]}" if len(names) > 1 else "".join(names)
    if keyword in ("minItems", "minProperties") and expected == 1:
        return f"at least one {'item' if keyword == 'minItems' else 'field'}"
    if keyword in _BOUNDS:
        return _BOUNDS[keyword].format(f"{expected:g}" if isinstance(expected, float) else expected)
    return "no such part" if keyword == "falseSchema" else f"{keyword} {quote(expected)}"


_BOUNDS = {
    "minimum": "a number of at least {}",
    "maximum": "a number of at most {}",
    "exclusiveMinimum": "a number above {}",
    "exclusiveMaximum": "a number below {}",
    "minItems": "at least {} items",
    "maxItems": "at most {} items",
    "minLength": "at least {} characters",
    "maxLength": "at most {} characters",
    "minProperties": "at least {} fields",
    "pattern": "a text that matches {}",
}
