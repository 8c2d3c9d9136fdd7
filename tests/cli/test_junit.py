"""JUnit XML holds whatever a world says."""

from __future__ import annotations

from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from worldkit.reporting.lint_junit import Case, JunitSuite, junit


@given(st.text(), st.text(), st.text(), st.booleans())
def test_any_text_makes_sound_xml_with_right_counts(suite: str, name: str, text: str, is_failure: bool) -> None:
    root = ElementTree.fromstring(junit([JunitSuite(suite, (Case(name, text, "kind", is_failure), Case("other")))]))
    assert root.get("tests") == "2"
    assert root.get("failures") == str(len(root.findall(".//failure")))
    assert len(root.findall(".//failure")) == int(is_failure)


def test_ordinary_text_is_kept_letter_for_letter() -> None:
    text = 'After "enter" <no> & \n way'
    (failure,) = ElementTree.fromstring(junit([JunitSuite("a", (Case("b", text, "c", True),))])).findall(".//failure")
    assert failure.text == text and failure.get("message") == 'After "enter" <no> & '
