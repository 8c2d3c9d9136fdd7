"""A world is a value wherever values go: through pydantic, FastAPI, pickle and copies, without loss."""

from __future__ import annotations

import copy
import json
import pickle
from collections import OrderedDict
from types import MappingProxyType
from typing import Annotated, Any

import pytest
from fastapi import Body, FastAPI
from fastapi.testclient import TestClient
from hypothesis import given, settings
from pydantic import BaseModel, TypeAdapter, ValidationError

import worldkit as wk
from tests.strategies import documents

HYPOTHESIS_SETTINGS = settings(max_examples=60, deadline=None)


class Shelf(BaseModel):
    """A model of somebody who uses worldkit."""

    best: wk.World
    others: list[wk.World] = []


@HYPOTHESIS_SETTINGS
@given(documents())
def test_a_world_in_a_model_is_its_document_both_ways(document: dict[str, Any]) -> None:
    world = wk.World.from_dict(document)
    shelf = Shelf(best=world, others=[document])
    assert shelf.best is world and shelf.others == [world]
    assert shelf.model_dump() == {"best": document, "others": [document]}
    again = Shelf.model_validate_json(shelf.model_dump_json())
    assert again.best == world and again.best.to_json() == world.to_json()


@HYPOTHESIS_SETTINGS
@given(documents())
def test_copies_and_pickles_are_equal_and_keep_what_belongs_to_the_value(document: dict[str, Any]) -> None:
    world = wk.World.from_dict(document).fork("mine").apply([{"op": "set_narrate", "narrate": True}])
    for again in (copy.copy(world), copy.deepcopy(world), pickle.loads(pickle.dumps(world))):
        assert again == world and hash(again) == hash(world) and again.to_json() == world.to_json()
        assert (again.rev, again.parent, type(again)) == (world.rev, world.parent, wk.World)


def test_a_world_is_read_from_any_mapping() -> None:
    document = wk.samples.load("bench").to_dict()
    for mapping in (OrderedDict(document), MappingProxyType(document)):
        assert wk.World.from_dict(mapping) == wk.load(mapping) == wk.World.from_dict(document)


def test_a_type_adapter_reads_and_writes_worlds_and_says_what_is_wrong() -> None:
    adapter = TypeAdapter(list[wk.World])
    text = adapter.dump_json([wk.samples.load("bench")])
    assert adapter.validate_json(text) == [wk.samples.load("bench")]
    for wrong in ({"scene": {"states": {"a": {}}, "events": []}}, "bench", 1):
        with pytest.raises(ValidationError, match=r"base: required|expected a world"):
            TypeAdapter(wk.World).validate_python(wrong)


def test_a_route_that_returns_a_world_answers_its_document_and_one_that_takes_it_reads_it() -> None:
    app = FastAPI()
    world = wk.samples.load("lighthouse")

    @app.get("/world")
    def get() -> wk.World:
        return world

    @app.post("/name")
    def name(world: Annotated[wk.World, Body()]) -> str | None:
        return world.name

    client = TestClient(app)
    assert client.get("/world").json() == world.to_dict()
    assert client.post("/name", json=world.to_dict()).json() == world.name
    assert client.post("/name", json={"scene": {}}).status_code == 422
    schema = client.get("/openapi.json").json()
    assert "scene" in json.dumps(schema["components"]["schemas"])


def test_copies_of_read_only_parts_can_be_changed_and_read_back() -> None:
    world = wk.samples.load("bench")
    for states in (
        copy.deepcopy(world.raw["scene"]["states"]),
        pickle.loads(pickle.dumps(world.raw))["scene"]["states"],
    ):
        states["attic"] = {"base": "Dust."}
    assert wk.World.from_dict(world.raw) == world == wk.load(world.raw)
    assert json.loads(json.dumps(world.raw)) == world.to_dict()
    assert {**world.raw, "name": "x"}["name"] == "x" and dict(world.states) == world.states


def test_a_part_that_is_to_be_changed_says_how_a_world_is_edited() -> None:
    world = wk.samples.load("lighthouse")
    parts = (world.states["landing"], world.states["landing"].camera, world.events[0], world.scene, world.entrance)
    for part in parts:
        name = next(iter(type(part).model_fields))
        with pytest.raises(AttributeError, match=rf"^{name} cannot be set: a world does not change: world\.apply"):
            setattr(part, name, "Rain")
        with pytest.raises(AttributeError, match=rf"^{name} cannot be deleted: a world does not change"):
            delattr(part, name)
    with pytest.raises(AttributeError, match="new cannot be set"):
        world.states["landing"].new = 1
    assert world == wk.samples.load("lighthouse")


def test_a_part_of_a_campaign_that_is_to_be_changed_says_how_a_campaign_is_edited() -> None:
    act = {"actId": "a", "worldId": "w", "title": "A", "canonical": True}
    campaign = wk.Campaign.from_dict({"start": "a", "acts": [act], "edges": []})
    for part in (campaign, campaign.acts[0]):
        with pytest.raises(AttributeError, match="title cannot be set: a campaign does not change"):
            setattr(part, "title", "B")  # noqa: B010  # type checkers refuse the plain form


def test_what_a_world_does_not_have_is_an_error_that_suggests_what_it_has() -> None:
    world = wk.samples.load("bench")
    with pytest.raises(AttributeError, match="entrnace"):
        world.entrnace  # type: ignore[attr-defined]  # noqa: B018


def test_flags_are_named_once_wherever_a_world_names_them() -> None:
    facts = [{"text": "A fact.", "requires": ["fact"]}]
    events = [
        {"name": "take", "kind": "override", "from": ["a"], "base": "Taken.", "grants": ["key", "lamp"]},
        {"name": "go", "kind": "transition", "from": ["a"], "to": "b", "base": "On.", "requires": ["key"]},
        {
            "name": "ask",
            "kind": "terminal",
            "from": ["a"],
            "base": "A desk.",
            "terminal": {"persona": "A clerk.", "facts": facts},
        },
    ]
    objectives = [
        {"id": "first", "text": "Take it.", "requires": ["lamp"]},
        {"id": "second", "text": "Go.", "grants": "gone"},
    ]
    world = wk.World.from_dict(
        {
            "scene": {"states": {"a": {"base": "A."}, "b": {"base": "B."}}, "events": events},
            "missions": [{"id": "m", "title": "M", "complete": "all", "objectives": objectives}],
            "outro": {"flag": "end", "video": "end.mp4", "state": "b"},
        }
    )
    assert world.flags[:3] == ("key", "lamp", "fact")
    assert sorted(world.flags) == ["all", "end", "fact", "first", "gone", "key", "lamp"]
    assert wk.World.new("empty").flags == ()
