"""Properties follow what is renamed in a world, and mean afterwards what they meant before."""

from __future__ import annotations

import pytest

import worldkit as wk
from worldkit.properties.changes import follow_renames
from worldkit.properties.grammar import parse_property
from worldkit.properties.names import Names

WORLD = wk.load(
    {
        "entrance": {"state": "hall"},
        "scene": {
            "states": {
                "hall": {"base": "A hall."},
                "attic": {"base": "An attic.", "ending": {"kind": "lose", "title": "hall"}},
                "home": {"base": "Home.", "ending": {"kind": "win", "title": "Home"}},
            },
            "events": [
                {"name": "climb", "kind": "transition", "from": ["hall"], "to": "attic", "grants": ["key"]},
                {"name": "leave", "kind": "transition", "from": ["hall"], "to": "home", "requires": ["key"]},
            ],
        },
    }
)
RENAMES = {"rename_state": "states", "rename_event": "events", "rename_flag": "flags"}


def followed(texts: list[str], op: str, old: str, new: str) -> list[str]:
    """Return properties after a rename in the world, each in words in which every name has its kind."""
    properties = wk.Properties({text: parse_property(text) for text in texts})
    after = follow_renames(properties, Names(WORLD), **{RENAMES[op]: {old: new}})
    names = Names(WORLD.apply([{"op": op, "from": old, "to": new}]))
    return [names.resolve_property(value).text for value in after.values()]


@pytest.mark.parametrize(
    ("op", "old", "new", "meanings"),
    [
        ("rename_state", "hall", "foyer", ['state "foyer"', 'holding "key"', 'event "climb"', 'ending "Home"']),
        ("rename_state", "hall", "key", ['state "key"', 'holding "key"', 'event "climb"', 'ending "Home"']),
        ("rename_state", "hall", "Home", ['state "Home"', 'holding "key"', 'event "climb"', 'ending "Home"']),
        ("rename_flag", "key", "climb", ['state "hall"', 'holding "climb"', 'event "climb"', 'ending "Home"']),
        ("rename_event", "climb", "hall", ['state "hall"', 'holding "key"', 'event "hall"', 'ending "Home"']),
    ],
)
def test_a_name_means_the_same_after_something_else_is_called_so(
    op: str, old: str, new: str, meanings: list[str]
) -> None:
    texts = [f'possible: "{name}"' for name in ("hall", "key", "climb", "Home")]
    assert followed(texts, op, old, new) == [f"possible: {meaning}" for meaning in meanings]


def test_the_title_of_an_ending_is_not_renamed_with_a_state_of_the_same_spelling() -> None:
    assert followed(['possible: ending "hall"'], "rename_state", "hall", "foyer") == ['possible: ending "hall"']
    assert followed(['possible: ending "attic"'], "rename_state", "attic", "loft") == ['possible: ending "loft"']


def test_a_name_that_stays_clear_gets_no_kind() -> None:
    properties = wk.Properties({"here": parse_property('possible: "hall" and not "key"')})
    after = follow_renames(properties, Names(WORLD), states={"hall": "foyer"}, flags={"key": "ring"})
    assert after["here"].text == 'possible: "foyer" and not "ring"'
