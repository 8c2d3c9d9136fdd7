"""A run passes over just the files none of whose tests it can choose."""

from __future__ import annotations

import pytest

from tests.marked_files import may_hold_a_chosen_test, named_kinds

FAST = "not model and not browser and not capable"
SLOW = "notebook or ((model or browser) and not capable)"
PLAIN = "def test_a() -> None: ..."
SOME = "@pytest.mark.browser\ndef test_a() -> None: ...\n\ndef test_b() -> None: ..."
ALL = "pytestmark = pytest.mark.model\n\ndef test_a() -> None: ..."
ALL_WITH_REASON = "pytestmark = pytest.mark.model  # it takes long\n\ndef test_a() -> None: ..."
BOTH = "pytestmark = pytest.mark.capable\n\n@pytest.mark.model\ndef test_a() -> None: ..."


@pytest.mark.parametrize(
    ("text", "expression", "may"),
    [
        (PLAIN, FAST, True),
        (PLAIN, SLOW, False),
        (SOME, FAST, True),
        (SOME, SLOW, True),
        (ALL, FAST, False),
        (ALL, SLOW, True),
        (ALL_WITH_REASON, FAST, False),
        (ALL_WITH_REASON, SLOW, True),
        (BOTH, SLOW, False),
        (PLAIN, "hypothesis and not model", True),  # the plugin gives that marker
        (PLAIN, "something_else", True),
    ],
)
def test_a_file_is_passed_over_when_no_test_of_it_can_be_chosen(text: str, expression: str, may: bool) -> None:
    assert may_hold_a_chosen_test(text, expression) is may


def test_the_kinds_that_a_file_names_are_read_from_its_text() -> None:
    assert named_kinds(SOME) == {"browser"} and named_kinds(PLAIN) == set()
