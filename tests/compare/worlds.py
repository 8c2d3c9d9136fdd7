"""Small worlds for comparing."""

from __future__ import annotations

from typing import Any

import worldkit as wk

Json = dict[str, Any]

LANE = {"base": "A stone lane runs between dry walls under low cloud, and a lamp burns at its end."}
GATE = {"base": "An iron gate stands open on a field of wet barley, its latch swinging."}


def world(states: Json, events: list[Json], **fields: Any) -> wk.World:
    return wk.load({"scene": {"states": states, "events": events}, **fields})


def go(name: str, source: str, to: str, **fields: Any) -> Json:
    return {"name": name, "kind": "transition", "from": [source], "to": to, **fields}


BASE = world({"lane": LANE, "gate": GATE}, [go("walk", "lane", "gate")], entrance={"state": "lane"})


def kinds(difference: wk.Diff) -> list[str]:
    return [op["op"] for op in difference.ops]
