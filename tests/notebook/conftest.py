"""Worlds of the notebook's tests."""

from __future__ import annotations

import json
from typing import Any

import comm
import pytest
from comm.base_comm import BaseComm

from tests.notebook import declared
from worldkit import World


def small() -> dict[str, Any]:
    return {
        "schemaVersion": "1.0",
        "name": "Lane",
        "entrance": {"state": "lane"},
        "subject": "A walker in a grey coat.",
        "scene": {
            "states": {
                "lane": {"base": "A stone lane runs between dry walls under low cloud."},
                "gate": {"base": "Rain beads on the iron gate and the lamp beside it."},
                "hall": {
                    "base": "A hall of slate, one long table, a window full of sea.",
                    "ending": {"kind": "win", "title": "HOME"},
                },
            },
            "events": [
                {"name": "walk", "kind": "transition", "from": ["lane"], "to": "gate", "hotkey": "e"},
                {"name": "take_key", "kind": "override", "from": ["gate"], "base": "A key.", "grants": ["key"]},
                {"name": "enter", "kind": "transition", "from": ["gate"], "to": "hall", "requires": ["key"]},
            ],
        },
    }


@pytest.fixture
def lane() -> World:
    return World.from_dict(small())


@pytest.fixture(scope="session")
def large() -> World:
    count = 1000
    states = {f"s{n}": {"base": f"Room {n}: a table, a lamp, a door to the west."} for n in range(count)}
    events = [
        {"name": f"e{n}", "kind": "transition", "from": [f"s{n % count}"], "to": f"s{(n * 7 + 1) % count}"}
        for n in range(5 * count)
    ]
    return World.from_dict({"entrance": {"state": "s0"}, "scene": {"states": states, "events": events}})


class RecordingComm(BaseComm):
    """A comm that keeps, in order, every message the kernel publishes; ``receive`` is the browser sending one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.published: list[dict[str, Any]] = []
        super().__init__(*args, **kwargs)

    def publish_msg(
        self, msg_type: str, data: Any = None, metadata: Any = None, buffers: Any = None, **keys: Any
    ) -> None:
        # through JSON, so that later changes of a shared value would not be seen here
        message = json.loads(json.dumps(data or {}, allow_nan=False))
        declared.check(message)
        self.published.append({"msg_type": msg_type, **message, **({"buffers": buffers} if buffers else {})})

    def receive(self, content: Any) -> None:
        self.handle_msg({"content": {"data": {"method": "custom", "content": content}}, "buffers": []})

    def set_trait(self, **state: Any) -> None:
        self.handle_msg({"content": {"data": {"method": "update", "state": state}}, "buffers": []})

    def take(self) -> list[dict[str, Any]]:
        """Return what was published since the last time: custom contents, and trait updates as they are."""
        messages, self.published = self.published, []
        return [message.get("content", message) for message in messages]


@pytest.fixture
def comms(monkeypatch: pytest.MonkeyPatch) -> list[RecordingComm]:
    created: list[RecordingComm] = []

    def create(*args: Any, **kwargs: Any) -> RecordingComm:
        created.append(RecordingComm(*args, **kwargs))
        return created[-1]

    monkeypatch.setattr(comm, "create_comm", create)
    return created
