"""Which files hold a test that a marker expression chooses, told from their text: to import all takes half a minute."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations

from _pytest.mark.expression import Expression

LONG_KINDS = ("package", "load", "model", "notebook", "database", "browser")
"""Markers of tests that take long, in the order in which their files begin."""

KINDS = (*LONG_KINDS, "capable")
PLUGIN_MARKERS = ("hypothesis",)
"""Markers that a test can have without its file naming them."""

_MARKER = re.compile(rf"\bmark\.({'|'.join(KINDS)})\b")
_FILE_MARKER = re.compile(rf"^pytestmark = pytest\.mark\.({'|'.join(KINDS)})(?: *#.*)?$", re.MULTILINE)


def named_kinds(text: str) -> set[str]:
    """Return the kinds of tests that a file names."""
    return set(_MARKER.findall(text))


def may_hold_a_chosen_test(text: str, expression: str) -> bool:
    """Return whether a test of a file with this text can be one that the marker expression chooses."""
    if not set(re.findall(r"\w+", expression)) <= {*KINDS, *PLUGIN_MARKERS, "and", "or", "not"}:
        return True  # it asks for something that is not told from the text
    chosen = Expression.compile(expression)
    return any(chosen.evaluate(lambda name, marks=marks, **_: name in marks) for marks in _possible_marks(text))


def _possible_marks(text: str) -> Iterator[set[str]]:
    """Yield every set of kinds that a test of a file can have."""
    of_all_tests = set(_FILE_MARKER.findall(text))
    of_some = [*(named_kinds(text) - of_all_tests), *PLUGIN_MARKERS]
    for count in range(len(of_some) + 1):
        for marks in combinations(of_some, count):
            yield of_all_tests.union(marks)
