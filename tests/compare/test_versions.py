"""Documents of later versions, whose closed lists may hold words that this release does not know."""

from __future__ import annotations

import copy
from itertools import permutations

import pytest

import worldkit as wk
from tests.compare.worlds import GATE, LANE, Json, go

PLAIN: Json = {
    "entrance": {"state": "lane"},
    "scene": {"states": {"lane": LANE, "gate": GATE}, "events": [go("walk", "lane", "gate")]},
}


def document(version: str | None, **words: str) -> Json:
    """Return the document in a version, with the kind of its event, its ending or its dwell set to some words."""
    raw = copy.deepcopy(PLAIN)
    if version is not None:
        raw["schemaVersion"] = version
    if "event" in words:
        raw["scene"]["events"][0]["kind"] = words["event"]
    if "ending" in words:
        raw["scene"]["states"]["gate"]["ending"] = {"kind": words["ending"], "title": "Home"}
    if "dwell" in words:
        beat = {"state": "gate", "dwell": words["dwell"]}
        raw["sequences"] = [{"id": "tour", "title": "Tour", "beats": [beat, beat]}]
    return raw


VERSIONS = {
    "no version": document(None),
    "1.0": document("1.0"),
    "a foreign tag": document("offline/1", ending="win"),
    "a later event": document("1.2", event="portal"),
    "a later ending": document("1.2", ending="draw"),
    "a later dwell": document("1.3", dwell="forever"),
    "all of them": document("1.2", event="portal", ending="draw", dwell="forever"),
}


@pytest.mark.parametrize(("before", "after"), list(permutations(VERSIONS, 2)))
def test_words_of_a_later_version_are_written_after_its_number_and_removed_before_it(before: str, after: str) -> None:
    a, b = wk.load(VERSIONS[before]), wk.load(VERSIONS[after])
    assert a.apply(wk.diff(a, b).ops) == b


def test_a_state_that_is_gone_is_removed_before_the_version_of_its_ending() -> None:
    a = wk.load(document("1.2", ending="draw"))
    b = wk.load({"scene": {"states": {"lane": LANE}, "events": [{"name": "look", "kind": "override", "from": "gate"}]}})
    assert a.apply(wk.diff(a, b).ops) == b


def test_the_later_of_two_versions_is_merged() -> None:
    base, ours, theirs = (wk.load(document(tag)) for tag in (None, "1.0", "1.2"))
    theirs = theirs.apply([{"op": "put_event", "index": 0, "event": {**go("walk", "lane", "gate"), "kind": "portal"}}])
    for m in (wk.merge(base, ours, theirs), wk.merge(base, theirs, ours)):
        assert m.clean and m.world == theirs


def test_a_merged_world_stays_in_a_later_version_that_one_side_left_while_words_of_the_other_need_it() -> None:
    base, ours, theirs = (wk.load(document(tag)) for tag in ("1.2", "1.0", "1.2"))
    words = wk.load(document("1.2", event="portal", ending="draw"))
    for m in (wk.merge(base, ours, words), wk.merge(base, words, ours)):
        assert m.clean and m.world == words
    same = base.apply([{"op": "set_subject", "subject": "A child."}])
    assert wk.merge(base, ours, theirs).world == ours
    assert wk.merge(base, ours, same).world.raw["schemaVersion"] == "1.0"


def test_a_value_that_no_version_can_hold_is_refused() -> None:
    base, ours, theirs = (wk.load(document(tag)) for tag in ("1.2", "1.0", "1.2"))
    ours, theirs = (
        world.apply([{"op": "set_field", "state": "lane", "field": "base", "value": text}])
        for world, text in ((ours, "Rain."), (theirs, "Snow."))
    )
    with pytest.raises(wk.InvalidWorld, match=r"scene\.states\.lane\.base"):
        wk.merge(base, ours, theirs).resolve("states.lane.base", value=1)
