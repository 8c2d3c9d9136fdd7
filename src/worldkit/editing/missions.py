"""Missions compile: objectives become states and events (docs/spec/rules.md#missions-compile).

``compile_mission`` is a pure function from a world and a mission to operations of the specification; the
``add_mission`` operation runs them and records the mission.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from worldkit.core.json_values import Json, shown
from worldkit.core.model import Mission
from worldkit.core.problems import validated
from worldkit.editing.naming import free
from worldkit.editing.patching import without_nulls
from worldkit.editing.refs import cutscene_ids
from worldkit.editing.refusals import Refused, invalid, taken

WON = "MISSION COMPLETE"
LOST = "FAILED"
PROXIMITY = 0.1

_ARTICLE = re.compile(r"(?:an?|the)\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Compiled:
    """What a mission compiles to.

    Attributes:
        ops: Operations of the specification that build it, states before the events that name them.
        record: The mission as it is recorded in ``missions``, its ``complete`` flag filled in.
        renamed: Ids and names that were taken, with the ones used in their place.
    """

    ops: list[Json]
    record: Json
    renamed: dict[str, str]


def compile_mission(world: Mapping[str, Any], mission: Mapping[str, Any]) -> Compiled:
    """Compile a mission into the graph of a world.

    Args:
        world: The world's JSON; it is only read.
        mission: The mission's JSON: ``id``, ``title``, ``objectives``, and as an unknown field
            perhaps ``win``, the ``title`` and ``subtitle`` of the ending it leads to.

    Returns:
        The operations and the record.

    Raises:
        Refused: No id, title or objectives, a duplicate id, or a world without states.
    """
    return _Compiler(world, mission).compiled()


@dataclass(slots=True)
class _Compiler:
    world: Mapping[str, Any]
    mission: Mapping[str, Any]
    ops: list[Json] = field(default_factory=list)
    renamed: dict[str, str] = field(default_factory=dict)
    states: dict[str, Json] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    texts: dict[str, str] = field(default_factory=dict)

    def compiled(self) -> Compiled:
        mission = _valid(self.world, self.mission)
        self.states = dict(self.world["scene"]["states"])
        self.names = {event["name"] for event in self.world["scene"]["events"]}
        for known in (*self.world.get("missions", ()), mission):
            for objective in known["objectives"]:
                self.texts.setdefault(_flag(objective), objective["text"])
        here, flag = _start(self.world), None
        last = mission["objectives"][-1]
        for objective in mission["objectives"]:
            here = self._objective(objective, here, flag, last=objective is last)
            flag = _flag(objective)
        win = _win(mission)
        title, subtitle = win.get("title") or WON, win.get("subtitle") or mission["title"]
        self.ops.append({"op": "set_state_ending", "state": here, "kind": "win", "title": title, "subtitle": subtitle})
        return Compiled(self.ops, {**mission, "complete": mission.get("complete", flag)}, self.renamed)

    def _objective(self, objective: Json, here: str, before: str | None, last: bool) -> str:
        """Compile one objective; return where the player stands once it is done."""
        location = objective.get("location", here)
        if location not in self.states:
            base = objective.get("base") or objective.get("action") or objective["text"]
            self._state(location, self._framed(base, objective, self.states[here]))
        to = self._destination(objective, here, location, last)
        requires = objective.get("requires", [before] if before is not None else [])
        event: Json = {"name": self._free_name(objective["text"]), "kind": "override", "from": [here]}
        if to is not None:
            event |= {"kind": "transition", "to": to}
        event |= _body(objective) | {"oneShot": True, "grants": [_flag(objective)]}
        if requires:
            event["requires"] = requires
        hint = objective.get("lockedHint") or (self._need(requires[0]) if requires else None)
        if hint:
            event["lockedHint"] = hint
        event |= _grounding(objective.get("grounded"), moves=to is not None)
        self._event(event)
        if "fail" in objective:
            self._fail(objective, here, location)
        return to or here

    def _destination(self, objective: Json, here: str, location: str, last: bool) -> str | None:
        """Make the outcome state if there is one; return where the objective leads, None when it stays."""
        confirmed = "confirm" in objective.get("grounded", {})
        outcome = objective.get("outcome")
        if outcome is None and not last:
            return location if location != here or confirmed else None
        place = self.states[location]
        id = self._free_id(f"{location}__{objective['id']}")
        self._state(id, {"base": outcome or place["base"], **_frame(place)})
        return id

    def _fail(self, objective: Json, here: str, location: str) -> None:
        fail = objective["fail"]
        id = self._free_id(f"{location}__fail_{objective['id']}")
        ending = {"kind": "lose", "title": fail.get("title") or LOST}
        if "subtitle" in fail:
            ending["subtitle"] = fail["subtitle"]
        self._state(id, {"base": fail["outcome"], **_frame(self.states[location]), "ending": ending})
        name = self._free_name(fail["name"])
        self._event({"name": name, "kind": "transition", "from": [here], "to": id, "base": fail["action"]})

    def _framed(self, base: str, objective: Json, source: Json) -> Json:
        frame = _frame(source)
        if "camera" in objective:
            frame["camera"] = {"static": objective["camera"], "dynamic": objective["camera"]}
        if "movement" in objective:
            frame["movement"] = {"static": self._standing(), "dynamic": objective["movement"]}
        return {"base": base, **frame}

    def _standing(self) -> str:
        subject = re.split(r"[,.]", self.world.get("subject", ""), maxsplit=1)[0].strip()
        return f"The {_ARTICLE.sub('', subject, count=1) or 'figure'} stands completely still."

    def _need(self, flag: str) -> str:
        return f"need: {self.texts.get(flag, flag.replace('_', ' '))}"

    def _state(self, id: str, body: Json) -> None:
        self.states[id] = body
        self.ops.append({"op": "add_state", "id": id, "state": body})

    def _event(self, event: Json) -> None:
        self.names.add(event["name"])
        self.ops.append({"op": "add_event", "event": event})

    def _free_id(self, wanted: str) -> str:
        return self._noted(wanted, free(wanted, self.states, cutscene_ids(dict(self.world))))

    def _free_name(self, wanted: str) -> str:
        return self._noted(wanted, free(wanted, self.names, form="{} ({})"))

    def _noted(self, wanted: str, used: str) -> str:
        if used != wanted:
            self.renamed[wanted] = used
        return used


def _valid(world: Mapping[str, Any], given: Mapping[str, Any]) -> Json:
    mission = without_nulls(given)
    if isinstance(mission.get("objectives"), list):
        mission["objectives"] = [without_nulls(o) if isinstance(o, dict) else o for o in mission["objectives"]]
    try:
        typed = validated(Mission, mission)
    except ValidationError as error:
        raise invalid("the mission", error) from None
    for name in ("id", "title"):
        if not mission[name].strip():
            raise Refused(f"{name}: expected a string that is not blank, got {shown(mission[name])}")
    if not typed.objectives:
        raise Refused("objectives: expected at least one, got none")
    if typed.id in [held["id"] for held in world.get("missions", ())]:
        raise taken("mission", typed.id)
    seen: set[str] = set()
    for index, objective in enumerate(typed.objectives):
        for name, text in (("id", objective.id), ("text", objective.text)):
            if not text.strip():
                raise Refused(f"objectives[{index}].{name}: expected a string that is not blank, got {shown(text)}")
        if objective.id in seen:
            raise Refused(f"objectives[{index}].id: {shown(objective.id)} is used by an objective before it")
        seen.add(objective.id)
    if not world["scene"]["states"]:
        raise Refused("the world has no states yet, so the mission starts nowhere; add a state first")
    return mission


def _start(world: Mapping[str, Any]) -> str:
    states: Json = world["scene"]["states"]
    entrance = world.get("entrance")
    return entrance["state"] if entrance and entrance["state"] in states else next(iter(states))


def _win(mission: Json) -> dict[str, str]:
    given = mission.get("win")
    return {k: v for k, v in given.items() if isinstance(v, str)} if isinstance(given, dict) else {}


def _flag(objective: Json) -> str:
    flag: str = objective["grants"] if "grants" in objective else objective["id"]
    return flag


def _frame(state: Json) -> Json:
    return {key: dict(state[key]) for key in ("camera", "movement") if key in state}


def _body(objective: Json) -> Json:
    phases = objective.get("phases", [])
    if len(phases) >= 2:
        return {"phases": phases}
    base = objective.get("action") or (phases[0]["base"] if phases else None)
    return {"base": base} if base else {}


def _grounding(grounded: Json | None, moves: bool) -> Json:
    if grounded is None:
        return {}
    anchor = {"label": grounded["target"]}
    if "targetAliases" in grounded:
        anchor["aliases"] = grounded["targetAliases"]
    made: Json = {"anchor": {**anchor, "minProximity": grounded.get("proximity", PROXIMITY)}}
    if moves and "confirm" in grounded:
        made["landWhen"] = {"label": grounded["confirm"]}
        if "confirmAliases" in grounded:
            made["landWhen"]["aliases"] = grounded["confirmAliases"]
    return made
