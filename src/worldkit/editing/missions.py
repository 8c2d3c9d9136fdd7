"""Missions compile: objectives become states and events (docs/spec/rules.md#missions-compile).

``compile_mission`` is a pure function from a world and a mission to operations of the specification; the
``add_mission`` operation runs them and records the mission.
"""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from worldkit.core.json_values import Json, quote
from worldkit.core.model import Mission
from worldkit.core.problems import validate
from worldkit.core.profile import HOSTED, Profile
from worldkit.editing.flag_refs import given_flag, texts_by_flag
from worldkit.editing.naming import NameNumbers
from worldkit.editing.patching import without_nulls
from worldkit.editing.refs import cutscene_ids
from worldkit.editing.refusals import OpRefused, already_used, invalid_body

WIN_TITLE = "MISSION COMPLETE"
LOSE_TITLE = "FAILED"
FAIL_NAME = "Wrong move"
EVENT_FORM = "{} ({})"
"""How a number is appended to the name of an event that is taken."""
DEFAULT_PROXIMITY = 0.1

_NEGATION = re.compile(r"\b(?:no|not|without|never|none|cannot)\b|n['’‘ʼ]t\b", re.IGNORECASE)
_ARTICLE = re.compile(r"(?:an?|the)\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class MissionContext:
    """What a mission is compiled into.

    Attributes:
        states: The states by id.
        start: The id of the state where play starts; None without states.
        texts: The text of the first objective that gives each flag.
        subject: Who or what the camera follows.
        state_numbers: Finds ids of states that are not taken.
        event_numbers: Finds names of events that are not taken.
    """

    states: Mapping[str, Any]
    start: str | None
    event_names: Container[str]
    cutscene_ids: Container[str]
    mission_ids: Container[str]
    texts: Mapping[str, str]
    subject: str
    state_numbers: NameNumbers
    event_numbers: NameNumbers


@dataclass(frozen=True, slots=True)
class Compiled:
    """The result of compiling a mission.

    Attributes:
        ops: Operations of the specification that build it, states before the events that name them.
        record: The mission as it is recorded in ``missions``: as it was compiled, with what was left to defaults.
        new_names: Ids and names that were already used, with the ones used instead.
    """

    ops: list[Json]
    record: Json
    new_names: dict[str, str]


def compile_mission(world: Mapping[str, Any], mission: Mapping[str, Any], profile: Profile = HOSTED) -> Compiled:
    """Compile a mission into the graph of a world.

    Args:
        world: The world's JSON; it is only read.
        mission: The mission's JSON: ``id``, ``title``, ``objectives``, and optionally
            ``win``, the ``title`` and ``subtitle`` of the ending it leads to.
        profile: Whose missions they are: in it they differ in waypoints, and in what a way to fail requires.

    Returns:
        The operations and the record.

    Raises:
        OpRefused: No id, title or objectives, a duplicate id, or a world without states.
    """
    missions = world.get("missions", ())
    states, entrance = world["scene"]["states"], world.get("entrance")
    context = MissionContext(
        states=states,
        start=start_state(states, entrance, next(iter(states), None)),
        event_names={event["name"] for event in world["scene"]["events"]},
        cutscene_ids=cutscene_ids(dict(world)),
        mission_ids={record["id"] for record in missions},
        texts=texts_by_flag(missions),
        subject=world.get("subject", ""),
        state_numbers=NameNumbers(),
        event_numbers=NameNumbers(EVENT_FORM),
    )
    return compile_into(context, mission, profile)


def compile_into(context: MissionContext, mission: Mapping[str, Any], profile: Profile = HOSTED) -> Compiled:
    """Compile a mission; as ``compile_mission``, which says more."""
    return _Compiler(context, mission, profile).compile()


def start_state(states: Container[str], entrance: Json | None, first: str | None) -> str | None:
    """Return the id of the state where play starts: the entrance if it is one, else the first."""
    return entrance["state"] if entrance and entrance["state"] in states else first


@dataclass(slots=True)
class _Compiler:
    context: MissionContext
    mission: Mapping[str, Any]
    profile: Profile
    ops: list[Json] = field(default_factory=list)
    new_names: dict[str, str] = field(default_factory=dict)
    new_states: dict[str, Json] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    own_texts: dict[str, str] = field(default_factory=dict)

    def compile(self) -> Compiled:
        mission = _read_mission(self.context, self.mission)
        start = self.context.start
        if start is None:
            raise OpRefused("the world has no states yet, so the mission starts nowhere; add a state first")
        self.own_texts = texts_by_flag([mission])
        win = _win_texts(mission)
        title, subtitle = win.get("title") or WIN_TITLE, win.get("subtitle") or f"{mission['title']} — accomplished."
        state, flag = start, None
        objectives = []
        for number, objective in enumerate(mission["objectives"], start=1):
            is_last = number == len(mission["objectives"])
            full_objective = self._with_defaults(objective, state, flag)
            last_outcome = f"The mission is complete. {subtitle}" if is_last else None
            state = self._compile_objective(full_objective, state, last_outcome)
            flag = given_flag(full_objective)
            objectives.append(full_objective)
        self.ops.append({"op": "set_state_ending", "state": state, "kind": "win", "title": title, "subtitle": subtitle})
        record = {**mission, "objectives": objectives, "complete": mission.get("complete", flag)}
        return Compiled(self.ops, record, self.new_names)

    def _with_defaults(self, objective: Json, state: str, previous_flag: str | None) -> Json:
        """Return an objective with what it leaves to defaults filled in, as it is recorded."""
        requires = objective.get("requires", [previous_flag] if previous_flag is not None else [])
        hint = objective.get("lockedHint") or (self._locked_hint(requires[0]) if requires else None)
        full_objective = {**objective, "location": objective.get("location", state), "grants": given_flag(objective)}
        if requires:
            full_objective["requires"] = requires
        if hint:
            full_objective["lockedHint"] = hint
        return full_objective

    def _compile_objective(self, objective: Json, state: str, last_outcome: str | None) -> str:
        """Compile one objective; return the state of the player after it.

        Args:
            objective: The objective, with its defaults.
            state: The state of the player before it.
            last_outcome: What is seen after the last objective when it says nothing else; None for the others.
        """
        location = objective["location"]
        if self._state(location) is None:
            base = objective.get("base") or objective.get("action") or objective["text"]
            self._add_state(location, self._with_frame(base, objective, self._required_state(state)))
        to = self._destination(objective, state, location, last_outcome)
        event: Json = {"name": self._unused_event_name(objective["text"]), "kind": "override", "from": [state]}
        if to is not None:
            event |= {"kind": "transition", "to": to}
        event |= _body(objective) | {"oneShot": True, "grants": [given_flag(objective)]}
        event |= {name: objective[name] for name in ("requires", "lockedHint") if objective.get(name)}
        event |= _grounding(objective.get("grounded"), moves=to is not None)
        if self.profile.move_waypoint_m is not None and to is not None and location != state:
            event["waypoint"] = {"label": location, "distanceM": self.profile.move_waypoint_m}
        self._add_event(event)
        if "fail" in objective:
            gate: Json = {name: event[name] for name in ("requires", "anchor") if name in event}
            self._compile_fail(objective, state, location, gate if self.profile.fail_inherits_gate else {})
        return to or state

    def _destination(self, objective: Json, state: str, location: str, last_outcome: str | None) -> str | None:
        """Add the outcome state if there is one; return the target of the objective, None when it stays."""
        is_confirmed = "confirm" in objective.get("grounded", {})
        outcome = objective.get("outcome") or last_outcome
        if outcome is None:
            return location if location != state or is_confirmed else None
        body = self._required_state(location)
        id = self._unused_id(f"{location}__{objective['id']}")
        self._add_state(id, {"base": outcome, **_frame(body)})
        return id

    def _compile_fail(self, objective: Json, state: str, location: str, gate: Json) -> None:
        """Add the way an objective fails, with the same gate: else failing might be all that can be done."""
        fail = objective["fail"]
        id = self._unused_id(f"{location}__fail_{objective['id']}")
        ending = {"kind": "lose", "title": fail.get("title") or LOSE_TITLE}
        if "subtitle" in fail:
            ending["subtitle"] = fail["subtitle"]
        self._add_state(id, {"base": fail["outcome"], **_frame(self._required_state(location)), "ending": ending})
        name = self._unused_event_name(fail["name"])
        self._add_event({"name": name, "kind": "transition", "from": [state], "to": id, "base": fail["action"], **gate})

    def _with_frame(self, base: str, objective: Json, source: Json) -> Json:
        frame = _frame(source)
        if "camera" in objective:
            frame["camera"] = {"static": objective["camera"], "dynamic": objective["camera"]}
        if "movement" in objective:
            frame["movement"] = {"static": self._standing_still(), "dynamic": objective["movement"]}
        return {"base": base, **frame}

    def _standing_still(self) -> str:
        subject = re.split(r"[,.]", self.context.subject, maxsplit=1)[0].strip()
        return f"The {_ARTICLE.sub('', subject, count=1) or 'figure'} stands completely still."

    def _locked_hint(self, flag: str) -> str:
        texts = self.own_texts if flag in self.own_texts else self.context.texts
        return f"Need: {texts.get(flag, flag.replace('_', ' '))}"

    def _state(self, id: str) -> Json | None:
        return self.new_states[id] if id in self.new_states else self.context.states.get(id)

    def _required_state(self, id: str) -> Json:
        body = self._state(id)
        assert body is not None  # it is where the player is, or was added
        return body

    def _add_state(self, id: str, body: Json) -> None:
        self.new_states[id] = body
        self.ops.append({"op": "add_state", "id": id, "state": body})

    def _add_event(self, event: Json) -> None:
        self.names.add(event["name"])
        self.ops.append({"op": "add_event", "event": event})

    def _unused_id(self, id: str) -> str:
        around = self.context
        unused_id = around.state_numbers.unused(id, around.states, self.new_states, around.cutscene_ids)
        return self._record_rename(id, unused_id)

    def _unused_event_name(self, name: str) -> str:
        unused_name = self.context.event_numbers.unused(name, self.context.event_names, self.names)
        return self._record_rename(name, unused_name)

    def _record_rename(self, name: str, unique_name: str) -> str:
        if unique_name != name:
            self.new_names[name] = unique_name
        return unique_name


def _read_mission(context: MissionContext, mission_json: Mapping[str, Any]) -> Json:
    mission = without_nulls(mission_json)
    if isinstance(mission.get("objectives"), list):
        mission["objectives"] = [_read_objective(o) if isinstance(o, dict) else o for o in mission["objectives"]]
    try:
        model = validate(Mission, mission)
    except ValidationError as error:
        raise invalid_body("the mission", error) from None
    for name in ("id", "title"):
        if not mission[name].strip():
            raise OpRefused(f"{name}: expected a string that is not blank, got {quote(mission[name])}")
    if not model.objectives:
        raise OpRefused("objectives: expected at least one, got none")
    if model.id in context.mission_ids:
        raise already_used("mission", model.id)
    ids: set[str] = set()
    for index, objective in enumerate(model.objectives):
        for name, text in (("id", objective.id), ("text", objective.text)):
            if not text.strip():
                raise OpRefused(f"objectives[{index}].{name}: expected a string that is not blank, got {quote(text)}")
        if objective.id in ids:
            raise OpRefused(f"objectives[{index}].id: {quote(objective.id)} is used by an earlier objective")
        ids.add(objective.id)
    return mission


def _read_objective(objective: Json) -> Json:
    objective = without_nulls(objective)
    fail = objective.get("fail")
    if isinstance(fail, dict) and fail.get("name") in (None, ""):
        objective["fail"] = {**fail, "name": FAIL_NAME}
    return objective


def _win_texts(mission: Json) -> dict[str, str]:
    win = mission.get("win")
    return {k: v for k, v in win.items() if isinstance(v, str)} if isinstance(win, dict) else {}


def _frame(state: Json) -> Json:
    """Return the camera and movement that a state hands on; a movement that says what is absent is left empty."""
    frame: Json = {key: dict(state[key]) for key in ("camera", "movement") if key in state}
    if any(isinstance(half, str) and _NEGATION.search(half) for half in frame.get("movement", {}).values()):
        frame["movement"] = {"static": "", "dynamic": ""}
    return frame


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
    fields: Json = {"anchor": {**anchor, "minProximity": grounded.get("proximity", DEFAULT_PROXIMITY)}}
    if moves and "confirm" in grounded:
        fields["landWhen"] = {"label": grounded["confirm"]}
        if "confirmAliases" in grounded:
            fields["landWhen"]["aliases"] = grounded["confirmAliases"]
    return fields
