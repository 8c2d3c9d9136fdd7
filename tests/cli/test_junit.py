"""JUnit XML holds whatever a world says."""

from __future__ import annotations

from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from worldkit.reporting.junit_xml import Case, JunitSuite, junit


@given(st.text(), st.text(), st.text(), st.booleans())
def test_any_text_makes_sound_xml_with_right_counts(suite: str, name: str, text: str, is_failure: bool) -> None:
    root = ElementTree.fromstring(junit([JunitSuite(suite, (Case(name, text, "kind", is_failure), Case("other")))]))
    assert root.get("tests") == "2"
    assert root.get("failures") == str(len(root.findall(".//failure")))
    assert len(root.findall(".//failure")) == int(is_failure)


def test_a_case_may_have_a_message_and_an_output_and_a_suite_properties_and_a_time() -> None:
    case = Case("b", "first\nsecond", "c", is_failure=True, message="In short.", output="And more.")
    suite = JunitSuite("a", (case, Case("d", output="Besides.")), {"verdict": "No\x00."}, 1.5)
    root = ElementTree.fromstring(junit([suite, JunitSuite("e", (Case("f", seconds=0.25),))], "worldkit check"))
    assert (root.get("name"), root.get("tests"), root.get("failures"), root.get("time")) == (
        "worldkit check",
        "3",
        "1",
        "1.750",
    )
    failure, output = root[0][1]
    assert (failure.get("message"), failure.text, output.text) == ("In short.", "first\nsecond", "And more.")
    assert [one.text for one in root.iter("system-out")] == ["And more.", "Besides."]
    assert root[0][0][0].attrib == {"name": "verdict", "value": "No\ufffd."}


def test_ordinary_text_is_kept_letter_for_letter() -> None:
    text = 'After "enter" <no> & \n way'
    (failure,) = ElementTree.fromstring(junit([JunitSuite("a", (Case("b", text, "c", True),))])).findall(".//failure")
    assert failure.text == text and failure.get("message") == 'After "enter" <no> & '
