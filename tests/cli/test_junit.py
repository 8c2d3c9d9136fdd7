"""JUnit XML holds whatever a world says."""

from __future__ import annotations

from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from worldkit.reporting.lint_junit import Case, Suite, junit


@given(st.text(), st.text(), st.text(), st.booleans())
def test_any_text_makes_sound_xml_with_right_counts(suite: str, name: str, text: str, failed: bool) -> None:
    root = ElementTree.fromstring(junit([Suite(suite, (Case(name, text, "kind", failed), Case("other")))]))
    assert root.get("tests") == "2"
    assert root.get("failures") == str(len(root.findall(".//failure")))
    assert len(root.findall(".//failure")) == int(failed)


def test_ordinary_text_is_kept_letter_for_letter() -> None:
    said = 'After "enter" <no> & \n way'
    (found,) = ElementTree.fromstring(junit([Suite("a", (Case("b", said, "c", True),))])).findall(".//failure")
    assert found.text == said and found.get("message") == 'After "enter" <no> & '
