"""Row 43: a cutscene is found by its id in ``to``, else by the pair of states that a move goes between."""

from __future__ import annotations

from typing import Any

import worldkit as wk

Json = dict[str, Any]


def world(*cutscenes: Json, to: str = "pond", **fields: Any) -> wk.World:
    states = {id: {"base": f"A {id}."} for id in ("lane", "shed", "pond")}
    go = {"name": "go", "kind": "transition", "from": ["lane", "shed"], "to": to, **fields}
    over = {"name": "over", "kind": "transition", "from": ["lane"], "to": "shed"}
    cuts = [{"video": "c.mp4", "from": "lane", "to": "pond", **cutscene} for cutscene in cutscenes]
    scene = {"states": states, "events": [go, over]}
    return wk.World.from_dict({"entrance": {"state": "lane"}, "scene": scene, "cutscenes": cuts})


def clips(subject: wk.World, *events: str, **options: Any) -> list[str]:
    session = wk.Session(subject, **options)
    videos: list[str] = []
    session.on("cutscene", lambda event: videos.append(event.text))
    for name in events:
        session.fire(name)
    assert session.state == "pond"
    return videos


def test_row_43_a_cutscene_between_two_states_plays_on_the_move_between_them() -> None:
    assert clips(world({"id": "clip"}), "go") == ["c.mp4"]
    assert wk.Session(world({"id": "clip"})).fire("go").cutscene == "clip"


def test_row_43_from_another_state_the_same_event_plays_none() -> None:
    assert clips(world({"id": "clip"}), "over", "go") == []


def test_row_43_the_id_in_to_comes_before_the_pair() -> None:
    subject = world({"id": "pair"}, {"id": "named", "video": "n.mp4", "from": "shed"}, to="named")
    assert clips(subject, "go") == ["n.mp4"]
    assert clips(subject, "over", "go") == ["n.mp4"]


def test_row_43_by_pair_a_cutscene_needs_a_video_and_the_first_one_plays() -> None:
    subject = world({"id": "none", "video": " "}, {"id": "clip"}, {"id": "later", "video": "l.mp4"})
    assert clips(subject, "go") == ["c.mp4"]


def test_row_43_both_profiles_play_the_same_clips() -> None:
    subject = world({"id": "clip"}, to="clip")
    for name in ("hosted", "studio"):
        document = wk.World.from_dict(subject.to_dict(profile=name))  # type: ignore[arg-type]
        assert clips(document, "go") == ["c.mp4"]
