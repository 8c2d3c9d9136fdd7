"""A run passes over just the files none of whose tests it can choose."""

from __future__ import annotations

import pytest

from tests.marked_files import may_hold_a_chosen_test, named_kinds

FAST = "not model and not browser and not capable"
SLOW = "notebook or ((model or browser) and not capable)"
UNMARKED_FILE = "def test_a() -> None: ..."
PARTLY_MARKED_FILE = "@pytest.mark.browser\ndef test_a() -> None: ...\n\ndef test_b() -> None: ..."
MARKED_FILE = "pytestmark = pytest.mark.model\n\ndef test_a() -> None: ..."
COMMENTED_MARK_FILE = "pytestmark = pytest.mark.model  # it takes long\n\ndef test_a() -> None: ..."
TWICE_MARKED_FILE = "pytestmark = pytest.mark.capable\n\n@pytest.mark.model\ndef test_a() -> None: ..."


@pytest.mark.parametrize(
    ("text", "expression", "may"),
    [
        (UNMARKED_FILE, FAST, True),
        (UNMARKED_FILE, SLOW, False),
        (PARTLY_MARKED_FILE, FAST, True),
        (PARTLY_MARKED_FILE, SLOW, True),
        (MARKED_FILE, FAST, False),
        (MARKED_FILE, SLOW, True),
        (COMMENTED_MARK_FILE, FAST, False),
        (COMMENTED_MARK_FILE, SLOW, True),
        (TWICE_MARKED_FILE, SLOW, False),
        (UNMARKED_FILE, "hypothesis and not model", True),  # the plugin gives that marker
        (UNMARKED_FILE, "something_else", True),
    ],
)
def test_a_file_is_passed_over_when_no_test_of_it_can_be_chosen(text: str, expression: str, may: bool) -> None:
    assert may_hold_a_chosen_test(text, expression) is may


def test_the_kinds_that_a_file_names_are_read_from_its_text() -> None:
    assert named_kinds(PARTLY_MARKED_FILE) == {"browser"} and named_kinds(UNMARKED_FILE) == set()
