"""The player of a campaign: the act being played, the map of acts, hand-overs and dead ends, and going back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.notebook.conftest import RecordingComm
from tests.notebook.test_player import act, exchange
from tests.play.campaigns import WIN, WORLDS, edge_of, lanes, saga_of
from tests.play.test_campaign_laws import three_acts
from worldkit import Campaign, CampaignPlayer, CampaignSession, World, WorldError, play

Json = dict[str, Any]


@pytest.fixture
def player(comms: list[RecordingComm]) -> CampaignPlayer:
    player = play(*three_acts())
    player.comm.take()
    return player


def test_a_player_that_is_closed_hears_nothing_more_of_a_campaign_that_is_played_on(
    comms: list[RecordingComm],
) -> None:
    session = CampaignSession(*three_acts())
    closed = play(session)
    closed.close()
    player, shown = play(session), closed.view
    session.wait(100)
    assert player.view["clock"] == 100 and closed.view == shown


def statuses(view: Json) -> dict[str, str]:
    return {one["id"]: one["status"] for one in view["campaign"]["acts"]}


def test_it_opens_on_the_first_act_with_the_acts_as_a_map(comms: list[RecordingComm]) -> None:
    player = play(*three_acts())
    view = player.view
    assert (view["campaign"]["act"], view["state"]["id"], view["tools"]) == ("ONE", "lane", False)
    assert statuses(view) == {"one": "here", "two": "ahead", "three": "ahead"}
    places = {(one["x"], one["y"]) for one in view["campaign"]["acts"]}
    assert len(places) == 3 and [edge["kind"] for edge in view["campaign"]["edges"]] == ["golden", "golden", "loop"]
    assert view["campaign"]["handOver"] is None
    assert repr(player) == "CampaignPlayer of 'saga', act 'one', in 'lane', 0 ms"
    assert "<svg" in player._repr_mimebundle_()[0]["image/svg+xml"]


def test_a_hand_over_is_shown_with_the_next_act_and_what_is_carried(player: CampaignPlayer) -> None:
    [view], reply = exchange(player, act("fire", event="go"))
    assert reply["type"] == "accepted"
    assert view["campaign"]["handOver"] == {"kind": "act", "title": "TWO", "text": "", "flags": ["map"]}
    assert (view["campaign"]["act"], view["state"]["id"], view["flags"]) == ("TWO", "lane", ["map"])
    assert statuses(view) == {"one": "played", "two": "here", "three": "ahead"}
    assert [edge["taken"] for edge in view["campaign"]["edges"]] == [True, False, False]
    [view], _ = exchange(player, act("fire", event="take"))
    assert view["campaign"]["handOver"] is None


def test_pictures_of_the_act_before_are_out_of_date(player: CampaignPlayer) -> None:
    version = player.view["worldVersion"]
    [view], _ = exchange(player, act("fire", event="take"))
    assert view["worldVersion"] == version
    [view], _ = exchange(player, act("fire", event="go"))
    assert (view["state"]["id"], view["worldVersion"]) == ("lane", version + 1)


def test_the_story_is_played_round_its_loop_to_its_end(player: CampaignPlayer) -> None:
    for _ in range(3):
        [view], _ = exchange(player, act("fire", event="go"))
    assert view["campaign"]["acts"][1]["begun"] == 2 and view["campaign"]["act"] == "THREE"
    [view], _ = exchange(player, act("fire", event="go"))
    assert view["ended"]["kind"] == "win" and player.campaign_session.complete
    [view], _ = exchange(player, act("retry"))
    assert (view["campaign"]["act"], view["campaign"]["number"]) == ("ONE", 1)
    [view], _ = exchange(player, act("undo"))
    assert view["ended"]["kind"] == "win"


def test_undo_leads_back_through_a_hand_over(player: CampaignPlayer) -> None:
    exchange(player, act("fire", event="take"))
    exchange(player, act("fire", event="go"))
    [view], _ = exchange(player, act("undo"))
    assert (view["campaign"]["act"], view["flags"], view["canUndo"]) == ("ONE", ["dust", "key"], True)
    assert statuses(view)["two"] == "ahead" and view["campaign"]["handOver"] is None
    [view], _ = exchange(player, act("undo"))
    assert (view["flags"], view["canUndo"]) == ([], False)


def test_undo_takes_back_what_handlers_did_in_answer(player: CampaignPlayer) -> None:
    story = player.campaign_session

    @story.on("act", state="lane")
    def greet(event: Any) -> None:
        story.say(f"Act {event.act}.")
        story.grant("torch")

    [view], _ = exchange(player, act("fire", event="go"))
    assert (view["line"], view["flags"]) == ("Act two.", ["map", "torch"])
    [view], _ = exchange(player, act("undo"))
    assert (view["campaign"]["act"], view["flags"], view["canUndo"]) == ("ONE", [], False)


def test_undo_takes_back_one_thing_that_python_did_after_a_press(player: CampaignPlayer) -> None:
    story = player.campaign_session
    story.on("act", lambda event: story.grant("torch"))
    exchange(player, act("fire", event="go"))
    story.fire("take")
    [*_, view], _ = exchange(player, act("undo"))
    assert (view["campaign"]["act"], view["flags"]) == ("TWO", ["map", "torch"])
    [view], _ = exchange(player, act("undo"))
    assert (view["campaign"]["act"], view["flags"], view["canUndo"]) == ("ONE", [], False)


def test_undo_after_python_went_back_takes_back_one_thing_at_a_time(player: CampaignPlayer) -> None:
    story = player.campaign_session
    exchange(player, act("fire", event="go"))
    story.undo()
    story.grant("torch")
    story.grant("lamp")
    [*_, view], _ = exchange(player, act("undo"))
    assert view["flags"] == ["torch"]


def test_undo_after_python_took_back_a_part_of_a_press_takes_back_one_thing(player: CampaignPlayer) -> None:
    story = player.campaign_session
    story.on("act", lambda event: story.grant("torch"))
    exchange(player, act("fire", event="go"))
    depth = story.undo_depth
    story.undo()
    story.grant("lamp")
    assert story.undo_depth == depth
    [*_, view], _ = exchange(player, act("undo"))
    assert (view["campaign"]["act"], view["flags"]) == ("TWO", ["map"])
    [view], _ = exchange(player, act("undo"))
    assert (view["campaign"]["act"], view["flags"], view["canUndo"]) == ("ONE", [], False)


def test_a_dead_end_is_shown_and_leads_back(comms: list[RecordingComm]) -> None:
    worlds = {"w-one": lanes("w-one", ending={"kind": "lose", "title": "Drowned"})}
    player = play(CampaignSession(saga_of(acts=("one",)), worlds)).play_anyway()
    player.comm.take()
    [view], _ = exchange(player, act("fire", event="go"))
    assert view["campaign"]["handOver"] == {"kind": "rewind", "title": "ONE", "text": "Drowned", "flags": []}
    assert (view["state"]["id"], view["ended"], view["campaign"]["deadEnds"]) == ("lane", None, 1)


def test_what_is_done_from_python_is_shown(player: CampaignPlayer) -> None:
    player.campaign_session.fire("go")
    assert player.view["campaign"]["act"] == "TWO"
    assert player.view["campaign"]["handOver"]["title"] == "TWO"


def test_the_journal_goes_back_within_the_act(player: CampaignPlayer) -> None:
    exchange(player, act("fire", event="go"))
    exchange(player, act("fire", event="take"))
    [view], _ = exchange(player, act("jump", to=0))
    assert (view["campaign"]["act"], view["flags"], len(view["trail"])) == ("TWO", ["map"], 1)


def test_an_act_begins_again(player: CampaignPlayer) -> None:
    exchange(player, act("fire", event="go"))
    exchange(player, act("fire", event="take"))
    [view], _ = exchange(player, act("restart"))
    assert (view["campaign"]["act"], view["flags"]) == ("TWO", ["map"])


@pytest.mark.parametrize(
    "request_",
    [
        act("mode", mode="real-time"),
        act("run"),
        act("tick", ms=5),
        act("finish"),
        act("begin", position={"state": "lane"}),
    ],
)
def test_what_a_campaign_cannot_do_is_refused_in_words(player: CampaignPlayer, request_: Json) -> None:
    before = player.campaign_session.trace
    player.comm.receive(request_)
    reply = player.comm.take()[-1]
    assert reply["type"] == "rejected" and reply["code"] == "op"
    assert player.campaign_session.trace == before


def test_errors_of_the_campaign_block_it_until_the_player_insists(comms: list[RecordingComm]) -> None:
    campaign = saga_of(edge_of("one", "gate", {"actId": "two"}), edge_of("two", "attic", None))
    worlds = {"w-one": lanes("w-one"), "w-two": lanes("w-two", ending=WIN)}
    player = play(campaign, worlds)
    assert "exit-state-exists" in {one["lint"] for one in player.view["blocked"]}
    player.comm.take()
    _, reply = exchange(player, act("fire", event="go"))
    assert reply["code"] == "blocked"
    exchange(player, act("play_anyway"))
    [view], _ = exchange(player, act("fire", event="go"))
    assert view["campaign"]["act"] == "TWO"


def test_play_takes_worlds_with_a_campaign_alone(lane: World) -> None:
    with pytest.raises(TypeError, match="they belong to a campaign"):
        play(lane, WORLDS)  # type: ignore[call-overload]
    with pytest.raises(TypeError, match="a campaign alone"):
        play(saga_of(), WORLDS, start="lane")  # type: ignore[call-overload]
    with pytest.raises(TypeError, match="a session has its worlds"):
        play(CampaignSession(saga_of(), WORLDS), WORLDS)


def test_acts_of_one_title_stand_apart_on_the_map(comms: list[RecordingComm]) -> None:
    document = saga_of(edge_of("one", "gate", {"actId": "two"})).to_dict()
    for one in document["acts"]:
        one["title"] = "The tower"
    view = play(Campaign.from_dict(document), WORLDS).view
    assert [one["title"] for one in view["campaign"]["acts"]] == ["The tower", "The tower"]
    assert len({(one["x"], one["y"]) for one in view["campaign"]["acts"]}) == 2


def test_acts_of_one_title_stand_apart_from_one_whose_title_ends_in_their_id(comms: list[RecordingComm]) -> None:
    acts = {"1": "T", "2": "T", "3": "T (1)"}
    document = {
        "start": "1",
        "acts": [{"actId": id, "worldId": "w-one", "title": title, "canonical": True} for id, title in acts.items()],
        "edges": [],
    }
    view = play(Campaign.from_dict(document), WORLDS).view
    assert [one["title"] for one in view["campaign"]["acts"]] == list(acts.values())
    assert len({(one["x"], one["y"]) for one in view["campaign"]["acts"]}) == 3


def test_a_flag_that_an_edge_carries_into_an_act_counts_as_granted_there(comms: list[RecordingComm]) -> None:
    campaign, worlds = three_acts()
    needs = {"name": "pour", "kind": "override", "from": ["lane"], "requires": ["oil"]}
    worlds["w-three"] = worlds["w-three"].apply([{"op": "add_event", "event": needs}])
    assert play(campaign, worlds, gate="studio").view["blocked"] == []
    worlds["w-three"] = worlds["w-three"].apply([{"op": "set_event_requires", "event": "pour", "value": ["wings"]}])
    assert [one["lint"] for one in play(campaign, worlds, gate="studio").view["blocked"]] == ["unreachable-require"]
    assert play(campaign, worlds).view["blocked"] == []


def test_a_campaign_is_not_recorded_as_if_it_were_one_world(player: CampaignPlayer, tmp_path: Path) -> None:
    with pytest.raises(WorldError, match=r"session\.trace.*replay_campaign"):
        player.record(tmp_path / "saga.recording")
    assert not (tmp_path / "saga.recording").exists()
