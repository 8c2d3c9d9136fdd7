"""A text that the hosted player would send without the world's subject or style says so in a beginner's words."""

from __future__ import annotations

import pytest

from worldkit import World

WHO = 'who is seen ("A diver in grey.")'
STYLE = 'the style of every picture ("Grain.")'
MISSING_TEXT = "not in this text, and the hosted player sends only this text"


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        (
            {"subject": "A diver in grey.", "styleTail": "Grain."},
            f"{WHO} and {STYLE} are {MISSING_TEXT}; begin it with the first and end it with the second",
        ),
        ({"subject": "A diver in grey."}, f"{WHO} is {MISSING_TEXT}; begin it with those words"),
        ({"styleTail": "Grain."}, f"{STYLE} is {MISSING_TEXT}; end it with those words"),
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


@pytest.mark.parametrize(
    ("base", "base_after"),
    [
        ("A hall.", "A diver in grey. A hall. Grain."),
        ("A hall. Grain.", "A diver in grey. A hall. Grain."),
        ("", "A diver in grey. Grain."),
    ],
)
def test_the_fix_writes_the_missing_words_where_the_message_says(base: str, base_after: str) -> None:
    world = World.from_dict(
        {
            "name": "Hall",
            "subject": "A diver in grey.",
            "styleTail": "Grain.",
            "entrance": {"state": "hall"},
            "scene": {"states": {"hall": {"base": base}}, "events": []},
        }
    )
    (finding,) = (one for one in world.lint() if one.lint == "no-subject-in-base")
    assert finding.remedy.startswith("write ")
    assert world.apply(finding.fix()).states["hall"].base == base_after


@pytest.mark.parametrize(
    "fields",
    [{"subject": "A diver without gloves."}, {"styleTail": "Grain. " * 300}],
    ids=["a word that prose must not have", "a prompt that would be too long"],
)
def test_no_fix_is_offered_that_would_break_another_rule(fields: dict[str, str]) -> None:
    document = {
        "name": "Hall",
        "entrance": {"state": "hall"},
        "scene": {"states": {"hall": {"base": "A hall."}}, "events": []},
    }
    (finding,) = (one for one in World.from_dict({**document, **fields}).lint() if one.lint == "no-subject-in-base")
    assert not finding.fixable
