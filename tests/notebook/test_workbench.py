"""A workbench: what each tab holds and when it is made, and the traits that widgets link."""

from __future__ import annotations

import sys
import types
from pathlib import Path
from typing import Any

import pytest
import traitlets

import worldkit as wk
from worldkit import World
from worldkit.widgets.generator import Generator
from worldkit.widgets.workbench import COMPARE, GENERATE, MAP, PLAY, REPORT

RENAME = [{"op": "rename_state", "from": "gate", "to": "door"}]


def test_a_tab_is_made_when_it_is_opened_and_not_before(lane: World) -> None:
    bench = wk.workbench(lane)
    assert (bench.player, bench.exploration, bench.comparison) == (None, None, None)
    assert bench.children[MAP].children == (bench.editor,)
    bench.selected_index = PLAY
    assert bench.player is not None and bench.children[PLAY].children == (bench.player,)
    bench.selected_index = REPORT
    assert bench.exploration is not None and bench.exploration.world == lane
    bench.selected_index = GENERATE
    assert isinstance(bench.children[GENERATE].children[0], Generator)


def test_play_follows_the_editor_and_report_and_comparison_are_made_anew_when_the_world_has_changed(
    lane: World,
) -> None:
    bench = wk.workbench(lane).show("play").show("report").show("compare")
    assert bench.player is not None and bench.comparison is None, "nothing has changed yet"
    player, exploration = bench.player, bench.exploration
    bench.player.state = "gate"
    bench.editor.apply(RENAME)
    assert bench.player is player and player.state == "door"
    assert bench.comparison is not None and bench.comparison.b == bench.world
    comparison = bench.comparison
    assert bench.show("report").exploration is not exploration
    assert bench.show("compare").comparison is comparison, "it is not made again for the same two worlds"
    bench.editor.undo()
    assert "Nothing has changed" in bench.children[COMPARE].children[0].value


def test_pictures_of_the_player_are_out_of_date_once_the_world_is_edited_and_not_before(lane: World) -> None:
    bench = wk.workbench(lane).show("play")
    assert bench.player is not None
    version = bench.player.view["worldVersion"]
    bench.player.session.fire("walk")
    assert bench.player.view["worldVersion"] == version
    bench.editor.apply([{"op": "set_field", "state": "lane", "field": "base", "value": "A dark cellar."}])
    assert bench.player.view["worldVersion"] == version + 1
    bench.editor.undo()
    assert bench.player.view["worldVersion"] == version + 2


def test_a_comparison_is_shown_again_after_an_undo_and_a_redo(lane: World) -> None:
    bench = wk.workbench(lane)
    bench.editor.apply(RENAME)
    comparison = bench.show("compare").comparison
    bench.show("map").editor.undo()
    bench.show("compare")
    bench.show("map").editor.redo()
    assert bench.show("compare").comparison is comparison
    assert bench.children[COMPARE].children[0] is comparison


def test_a_report_is_shown_again_once_there_are_scenes_again(lane: World) -> None:
    bench = wk.workbench(lane).show("report")
    report = bench.children[REPORT].children[0]
    bench.editor.replace(World.from_dict({"scene": {"states": {}, "events": []}}))
    assert "the world has no scenes" in bench.children[REPORT].children[0].value
    bench.editor.undo()
    assert bench.children[REPORT].children[0] is report


def test_a_report_tells_of_the_properties_as_they_are_now(lane: World) -> None:
    bench = wk.workbench(lane).show("report")
    exploration = bench.exploration
    assert len(bench.children[REPORT].children) == 2
    bench.editor.change_properties({"an end": "always possible: ending"})
    assert "an end" in bench.show("map").show("report").children[REPORT].children[-1].value
    assert bench.exploration is exploration, "the world is the same, and is not played through again"
    bench.editor.change_properties({"an end": None})
    assert len(bench.show("map").show("report").children[REPORT].children) == 2


def test_a_report_tells_of_the_tags_as_they_are_now(lane: World, tmp_path: Path) -> None:
    beside = tmp_path / "lane.properties.toml"
    beside.write_text("[properties]\nn = 'never tag \"night\"'\n[tags]\nnight = ['lane']\n")
    bench = wk.workbench(lane.save(tmp_path / "lane.world.json")).show("report")
    assert "0 of 1 property holds" in bench.children[REPORT].children[-1].value
    bench.editor.apply([{"op": "add_state", "id": "cave", "state": {"base": "A cave."}}])
    bench.show("report").show("map")
    beside.write_text(beside.read_text().replace("lane", "cave"))
    bench.editor.change_properties({"l": "never lose"}).change_properties({"l": None})
    assert "0 of 1 property holds" not in bench.show("report").children[REPORT].children[-1].value


def test_what_was_compared_with_can_be_set_to_the_world_as_it_is_now(lane: World) -> None:
    bench = wk.workbench(lane)
    bench.editor.apply(RENAME)
    _, button = bench.show("compare").children[COMPARE].children
    button.click()
    assert bench.base == bench.world and "Nothing has changed" in bench.children[COMPARE].children[0].value


def test_a_workbench_without_scenes_says_so_and_fills_its_tabs_once_there_are_some() -> None:
    bench = wk.workbench()
    for tab in ("play", "report"):
        bench.show(tab)
        assert "the world has no scenes" in bench.children[bench.selected_index].children[0].value
    bench._take(wk.samples.load("bench"))
    assert bench.selected_index == MAP and bench.world.name == "The Red Mitten"
    assert bench.show("play").player is not None and bench.show("report").exploration is not None
    assert not bench.editor.undo().world.states, "a generated world is put in place as one step"


class OfferedJob:
    """A generation that is done, with one world to take."""

    def __init__(self) -> None:
        self.state: dict[str, Any] | None = {"status": "done"}
        self.world = wk.samples.load("bench")

    def carry_out(self, request: object) -> World:
        return self.world

    def clear(self) -> None:
        self.state = None

    def stop(self) -> None:
        """Nothing runs."""


def take_generated_world(bench: wk.Workbench) -> tuple[OfferedJob, list[dict[str, Any]]]:
    """Take a generated world in a view of the form; return what is left of the generation, and the replies."""
    job, replies = OfferedJob(), []
    generator = bench._generator
    generator.__dict__["_job"] = job
    generator.send = lambda content, buffers=None: replies.append(content)
    generator._handle_custom_msg({"type": "generation", "id": "1", "view": "v", "choice": "use", "world": 0}, [])
    return job, replies


def test_a_generated_world_that_cannot_be_saved_is_in_place_and_shown(lane: World, tmp_path: Path) -> None:
    path = lane.save(tmp_path / "lane.world.json")
    bench = wk.workbench(wk.edit(path)).show("generate")
    lane.apply([{"op": "set_field", "state": "hall", "field": "base", "value": "Elsewhere."}]).save(path)
    job, replies = take_generated_world(bench)
    assert bench.world.name == "The Red Mitten" and bench.editor.conflict is not None
    assert bench.selected_index == MAP and job.state is None
    assert [reply["type"] for reply in replies] == ["accepted"]


def test_the_map_is_shown_when_a_generated_world_is_taken_that_equals_the_present_one() -> None:
    bench = wk.workbench(wk.samples.load("bench")).show("generate")
    job, replies = take_generated_world(bench)
    assert [reply["type"] for reply in replies] == ["accepted"] and job.state is None
    assert bench.selected_index == MAP


def test_a_generated_world_is_in_place_and_shown_although_a_listener_was_interrupted(lane: World) -> None:
    bench = wk.workbench(lane).show("generate")

    def interrupt(_: World) -> None:
        raise KeyboardInterrupt

    bench.editor.on_change(interrupt)
    with pytest.raises(KeyboardInterrupt):
        bench._take(wk.samples.load("bench"))
    assert bench.selected_index == MAP and bench.world.name == "The Red Mitten"


@pytest.mark.parametrize(
    "refusal", [wk.OpError(0, "add_state", "the store is full"), wk.InvalidWorld(["the store is full"])]
)
def test_a_generated_world_that_the_store_refuses_is_still_offered(
    lane: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refusal: Exception
) -> None:
    bench = wk.workbench(wk.Store(tmp_path / "worlds.db").create(lane)).show("generate")

    def refuse(*_: object, **__: object) -> None:
        raise refusal

    monkeypatch.setattr(wk.Store, "apply", refuse)
    job, (reply,) = take_generated_world(bench)
    assert (reply["type"], reply["code"]) == ("rejected", "op") and "the store is full" in reply["message"]
    assert bench.world == lane and bench.selected_index == GENERATE and job.state is not None
    monkeypatch.undo()
    assert [reply["type"] for reply in take_generated_world(bench)[1]] == ["accepted"]
    assert bench.selected_index == MAP and bench.world.name == "The Red Mitten"


def test_marimo_is_shown_what_there_is_now(lane: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ui = types.SimpleNamespace(anywidget=lambda widget: widget, tabs=lambda contents: contents)
    monkeypatch.setitem(sys.modules, "marimo", types.SimpleNamespace(ui=ui, md=lambda text: text))
    bench = wk.workbench(lane)
    bench.editor.apply(RENAME)
    assert bench._display_()["Compare"] is bench.comparison
    bench.editor.undo()
    contents = bench._display_()
    assert isinstance(contents["Compare"], str) and contents["Report"].exploration.world == lane
    bench.editor.replace(World.from_dict({"scene": {"states": {}, "events": []}}))
    assert isinstance(bench._display_()["Report"], str)


def test_a_workbench_opens_a_file_a_stored_world_and_an_editor(lane: World, tmp_path: Path) -> None:
    path = tmp_path / "mine.world.json"
    bench = wk.workbench(path)
    bench.editor.replace(lane)
    assert wk.load(path) == lane and wk.workbench(str(path)).world == lane
    stored = wk.Store(tmp_path / "worlds.db").create(lane)
    wk.workbench(stored).editor.apply(RENAME)
    assert "door" in stored.reload().world.states
    editor = wk.edit(lane)
    assert wk.workbench(editor).editor is editor
    with pytest.raises(TypeError, match="expected a World"):
        wk.workbench(7)  # type: ignore[arg-type]


def test_places_of_cards_are_refused_beside_an_editor_that_has_its_own(lane: World) -> None:
    editor = wk.edit(lane)
    with pytest.raises(wk.WrongArgument, match=r"layout: expected none with an editor, .* editor.move"):
        wk.workbench(editor, layout={"lane": (0, 300)})
    assert wk.workbench(lane, layout={"lane": (0, 300)}).editor.layout["lane"] == (0, 300)


def test_there_is_no_other_tab_and_closing_closes_all(lane: World) -> None:
    bench = wk.workbench(lane).show("play")
    with pytest.raises(ValueError, match="'map', 'play', 'report', 'compare', 'generate'"):
        bench.show("paint")
    player = bench.player
    assert player is not None
    bench.close()
    assert player.comm is None and bench.editor.comm is None


def test_the_output_of_a_workbench_has_a_picture_for_readers_without_a_kernel(lane: World) -> None:
    output, _ = wk.workbench(lane)._repr_mimebundle_()
    assert "<svg" in output["image/svg+xml"] and output["text/plain"].startswith("Workbench of World 'Lane'")


# ---- traits to observe and link ------------------------------------------------------------------


def test_the_state_of_a_player_can_be_observed_and_set(lane: World) -> None:
    player = wk.play(lane)
    states: list[str] = []
    player.observe(lambda change: states.append(change["new"]), "state")
    player.session.fire("walk")
    player.state = "lane"
    assert states == ["gate", "lane"] and player.session.state == "lane"
    player.session.undo()
    assert player.refresh().state == "gate", "setting it can be undone"
    with pytest.raises(traitlets.TraitError, match=r"no state .nowhere."):
        player.state = "nowhere"
    assert player.state == "gate"


def test_a_player_and_the_selection_of_a_map_are_linked_both_ways(lane: World) -> None:
    editor = wk.edit(lane)
    player = wk.play(editor)
    traitlets.link(
        (editor, "selection"),
        (player, "state"),
        transform=(
            lambda selection: selection["id"] if selection and selection["kind"] == "state" else player.state,
            lambda state: {"kind": "state", "id": state},
        ),
    )
    editor.selection = {"kind": "state", "id": "gate"}
    assert player.session.state == "gate"
    player.session.fire("take_key")
    player.session.fire("enter")
    assert editor.selection == {"kind": "state", "id": "hall"}
    editor.selection = {"kind": "event", "id": "walk"}
    assert player.state == "hall"


def test_a_campaign_is_played_from_act_to_act_and_not_begun_elsewhere_by_a_link(lane: World) -> None:
    campaign = wk.Campaign.from_dict(
        {
            "start": "a",
            "acts": [{"actId": "a", "worldId": "w", "title": "Act one", "canonical": True}],
            "edges": [],
        }
    )
    player = wk.play(wk.CampaignSession(campaign, {"w": lane}))
    player.campaign_session.fire("walk")
    assert player.state == "gate"
    with pytest.raises(traitlets.TraitError, match="act to act"):
        player.state = "lane"
