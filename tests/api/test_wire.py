"""The wire by itself: what is asked, what is read, and what is missed; nothing is sent."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import worldkit as wk
from tests.api.call_table import CALLS
from tests.strategies import any_json
from worldkit.stores.api import answers, wire
from worldkit.stores.api.protocol import HttpReply, Received

Json = dict[str, Any]

GIF = "R0lGODlh"  # "GIF89a"
BENCH = wk.samples.load("bench").raw
FINDING = {"lint": "l", "severity": "error", "path": "p", "message": "m", "item": {"kind": "state", "id": "lane"}}
PARTS: Json = {"added": ["x"], "removed": [{"id": "y"}], "changed": {"z": {}}}
VERSION: Json = {"id": "v", "parentVersionId": None, "source": "manual", "title": "t", "createdAt": "2026-01-01"}


def read_scene(answer: Json) -> Any:
    """Read a scene that comes without an ETag."""
    return answers.scene_of(Received(answer))


ANSWERS: dict[Any, Json] = {
    answers.job_of: {"jobId": "j", "status": "running", "phase": "p", "progress": 0.5, "worldId": "w", "error": "e"},
    answers.refs_of: {"worlds": [{"id": "w", "name": "n", "updated_at": "2026-01-01"}], "nextCursor": "c"},
    read_scene: {"states": {}, "events": [], "rev": "3"},
    answers.validation_of: {"ok": True, "diagnostics": [FINDING], "world": BENCH},
    answers.linting_of: {"ok": True, "diagnostics": [FINDING], "promptBudget": {}},
    answers.versions_of: {"versions": [VERSION], "head": "v"},
    answers.version_of: VERSION,
    answers.snapshot_of: {"id": "v", "snapshot": BENCH},
    answers.version_diff_of: {"a": "v", "b": "w", "states": PARTS, "events": PARTS},
    answers.token_of: {"token": "t", "expiresIn": 60, "worldId": "w", "slug": None, "jti": "j"},
    answers.perceived_of: {"summary": "s", "visible": ["a"], "affordances": [], "exits": []},
    answers.hotspots_of: {"hotspots": [{"label": "l", "bbox": [0, 1, 2, 3], "confidence": 1, "choice_id": "c"}]},
    answers.seed_frame_of: {"imageBase64": "aGk=", "mimeType": "image/png", "url": "u", "prompt": "p"},
    answers.usage_of: {"day": "d", "usage": {"k": 1}, "caps": {"k": 2}},
    answers.world_of: {"world": BENCH, "rev": "3"},
}
"""A sound answer for every reader."""


@pytest.mark.parametrize("reader", ANSWERS)
def test_a_sound_answer_is_read(reader: Any) -> None:
    assert reader(ANSWERS[reader]) is not None


@settings(deadline=None)
@given(st.data())
def test_an_unsound_answer_is_read_as_far_as_it_goes_or_refused_in_words(data: st.DataObject) -> None:
    reader = data.draw(st.sampled_from(list(ANSWERS)))
    answer = dict(ANSWERS[reader])
    for key in data.draw(st.lists(st.sampled_from(list(answer)), min_size=1, max_size=2)):
        answer[key] = data.draw(any_json | st.just([{}]) | st.just([{"id": 3}]))
    refusal: Exception | None = None
    try:
        reader(answer)
    except (wk.ApiError, wk.InvalidWorld, wk.UnsupportedVersion) as error:
        refusal = error
    assert refusal is None or "expected" in str(refusal) or "readable" in str(refusal)


def test_a_job_says_how_far_it_is_in_either_measure() -> None:
    for progress, share in (
        (0.5, 0.5),
        (1, 1.0),
        (80, 0.8),
        (-3, 0.0),
        (999, 1.0),
        ("x", None),
        (True, None),
        (None, None),
    ):
        assert answers.job_of({"jobId": "j", "status": "running", "progress": progress}).progress == share
    job = answers.job_of({"jobId": "j", "status": "failed", "error": {"detail": "no ink"}})
    assert job.done and job.error == "no ink"
    assert answers.job_of({"jobId": "j", "status": "failed", "error": "no ink"}).error == "no ink"


def test_times_are_utc_or_left_out() -> None:
    assert answers.parse_time("2026-01-02T03:04:05+02:00") == datetime(2026, 1, 2, 1, 4, 5, tzinfo=UTC)
    assert answers.parse_time("2026-01-02T03:04:05Z") == answers.parse_time("2026-01-02T03:04:05")
    assert answers.parse_time("soon") is answers.parse_time(3) is answers.parse_time(None) is None


def test_a_later_version_beside_a_snapshot_counts_for_it() -> None:
    event = {"name": "step through", "kind": "portal", "from": ["lane"], "to": "lane"}
    document = {"scene": {"states": {"lane": {"base": "A lane."}}, "events": [event]}}
    world = answers.snapshot_of({"id": "v", "schemaVersion": "1.5", "snapshot": document})
    assert world.events[0].kind == "portal"


def test_versions_are_oldest_first_however_they_come() -> None:
    lines = [{"id": f"v{n}", "title": "t", "createdAt": f"2026-01-0{n}T00:00:00Z"} for n in (1, 2, 3)]
    for given_so in (lines, lines[::-1]):
        assert [one.id for one in answers.versions_of({"versions": given_so})] == ["v1", "v2", "v3"]
    same = [{**line, "createdAt": "2026-01-01T00:00:00Z"} for line in lines]
    assert answers.version_of({"id": "v", "created_at": "2026-01-02T00:00:00Z"}).created_at is not None
    assert [one.id for one in answers.versions_of({"versions": same, "head": "v2"})] == ["v1", "v2", "v3"]
    assert answers.versions_of({"versions": same, "head": "v2"}).head == "v2"


def test_versions_of_a_server_that_says_where_the_world_stands_come_as_they_are_whatever_their_times_say() -> None:
    days = {"first": 3, "second": 2, "third": 1}
    lines = [{"id": id, "createdAt": f"2026-01-0{day}T00:00:00Z"} for id, day in days.items()]
    for head in ("third", None):
        assert [one.id for one in answers.versions_of({"versions": lines, "head": head})] == [*days]


def test_rev_is_the_documents_own_field_in_a_bare_world() -> None:
    bench = wk.samples.load("bench")
    assert answers.rev_of_world(Received({"world": bench.raw, "rev": "3"})) == "3"
    assert answers.rev_of_world(Received({**bench.raw, "rev": "3"})) is None
    assert answers.rev_of_world(Received({**bench.raw, "rev": "3"}, "opaque")) == "opaque"
    assert answers.world_of({"world": bench.raw, "rev": "3"}) == bench
    assert answers.world_of({**bench.raw, "rev": "3"}).raw["rev"] == "3"


@pytest.mark.parametrize(
    ("header", "rev"), [('"7"', "7"), ("7", "7"), ('W/"a1-b2"', "a1-b2"), (' "7" ', "7"), ("", None)]
)
def test_a_revision_is_sent_back_without_quotes(header: str, rev: str | None) -> None:
    assert HttpReply(200, {"etag": header}, b"").etag == rev


def test_a_picture_goes_out_in_base64_or_as_an_address() -> None:
    bodies = [wire.generate_world("p", None, None, frame, None, "k").body for frame in (None, "https://a.b/c.png", GIF)]
    assert bodies[0] == {"premise": "p", "async": True}
    assert (bodies[1] or {})["frame_url"] == "https://a.b/c.png" and (bodies[2] or {})["frame_b64"] == GIF


@pytest.mark.parametrize("wrong", [{"colour": "red"}, {"name": "n", "rev": "3"}])
def test_a_world_is_described_by_what_a_list_says_and_nothing_else(wrong: dict[str, str]) -> None:
    with pytest.raises(wk.WrongArgument, match="expected name, description, cover and visibility"):
        wire.describe("w", wrong)


def test_the_page_about_the_client_names_every_call() -> None:
    text = (Path(__file__).parents[2] / "docs" / "client.md").read_text(encoding="utf-8")
    for _, _, method in CALLS:
        assert f"`{method}`" in text or f"`{method}(" in text, method


def test_what_only_our_own_server_knows_is_marked() -> None:
    for name in ("create_world", "worlds", "fork", "ops", "generate_world"):
        assert "**ours**" in (getattr(wire, name).__doc__ or "").lower(), name
