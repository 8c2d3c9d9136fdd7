"""A text that the hosted player would send without the world's subject or style says so in a beginner's words."""

from __future__ import annotations

import pytest

from worldkit import World

WHO = 'who is seen ("A diver in grey.")'
STYLE = 'the style of every picture ("Grain.")'
ONLY = "not in this text, and the hosted player sends only this text"


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        (
            {"subject": "A diver in grey.", "styleTail": "Grain."},
            f"{WHO} and {STYLE} are {ONLY}; begin it with the first and end it with the second",
        ),
        ({"subject": "A diver in grey."}, f"{WHO} is {ONLY}; begin it with those words"),
        ({"styleTail": "Grain."}, f"{STYLE} is {ONLY}; end it with those words"),
    ],
)
def test_a_text_without_subject_or_style_is_told_what_is_missing_and_where_it_goes(
    fields: dict[str, str], message: str
) -> None:
    document = {
        "name": "Hall",
        "entrance": {"state": "hall"},
        "scene": {"states": {"hall": {"base": "A hall."}}, "events": []},
    }
    findings = World.from_dict({**document, **fields}).lint()
    subject_findings = [
        (one.item.id, one.item.field, one.message) for one in findings if one.lint == "no-subject-in-base"
    ]
    assert subject_findings == [("hall", "base", message)]
