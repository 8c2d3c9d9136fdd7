"""The browser's side of protocol 1 in a few lines: a copy of the world that is only ever told what changed."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from worldkit.core.json_values import json_equal
from worldkit.editing import field_names

Json = dict[str, Any]


@dataclass
class Copy:
    """A world as a list of entries, a list of events and the other fields."""

    states: list[list[Any]]
    events: list[Json]
    fields: Json
    scene: Json

    @classmethod
    def of(cls, raw: Json) -> Copy:
        raw = json.loads(json.dumps(raw))
        scene = raw.pop("scene")
        states, events = scene.pop("states"), scene.pop("events")
        return cls([[id, body] for id, body in states.items()], events, raw, scene)

    def take(self, patch: Json) -> None:
        patch = json.loads(json.dumps(patch))
        for name, entries in (("states", self.states), ("events", self.events)):
            for at, remove, insert in patch[name]:
                entries[at : at + remove] = insert
        for name, value in patch["world"]["set"].items():
            of_scene, key = field_names.parse_name(name)
            (self.scene if of_scene else self.fields)[key] = value
        for name in patch["world"]["remove"]:
            of_scene, key = field_names.parse_name(name)
            del (self.scene if of_scene else self.fields)[key]

    def raw(self) -> Json:
        scene = {**self.scene, "states": dict(self.states), "events": self.events}
        return {**self.fields, "scene": scene}

    def same_as(self, raw: Json) -> bool:
        raw = json.loads(json.dumps(raw))
        return list(raw["scene"]["states"]) == [id for id, _ in self.states] and json_equal(self.raw(), raw)


@dataclass
class Browser:
    """A view: it knows what it was told, and which of its requests were answered."""

    seed: Json
    copy: Copy = field(init=False)
    replies: list[Json] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.reseed(self.seed)

    def reseed(self, seed: Json) -> None:
        self.seed = json.loads(json.dumps(seed))
        self.copy = Copy.of(self.seed["world"])
        self.rev, self.layout = self.seed["rev"], dict(self.seed["layout"])
        self.diagnostics = list(self.seed["diagnostics"])

    def hear(self, message: Json) -> None:
        message = json.loads(json.dumps(message))
        if message["type"] != "changed":
            self.replies.append(message)
            return
        assert message["from"] == self.rev, "a view is never told of a change it cannot place"
        self.copy.take(message["patch"])
        for at, remove, insert in message["diagnostics"]:
            self.diagnostics[at : at + remove] = insert
        self.layout = {id: p for id, p in self.layout.items() if id in dict(self.copy.states)} | message["layout"]
        self.rev = message["rev"]
