"""A test double of the hosted API (docs/spec/api-v1.md): a stand-in on a real socket, written from the page alone.

It shares no code with worldkit. Its ids are UUIDs, its revisions are opaque words, its worlds are flat, and it takes
the nine operations: what it cannot apply it lists in ``applyErrors``. ``Faults`` say what goes wrong, once each.
"""

from __future__ import annotations

import copy
import itertools
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.api.scripted import Answer, Json, ReceivedRequest

HOSTED_OPS = (
    "add_state",
    "update_state",
    "delete_state",
    "add_event",
    "update_event",
    "delete_event",
    "set_entrance",
    "add_variant",
    "remove_variant",
)
SECRET, PUBLISHABLE, ACCOUNT = "sk_test_hosteddouble0123456789", "pk_test_hosteddouble0123456789", "account-0123456789"
PAIR = {"static": "", "dynamic": ""}
GENERATED: Json = {
    "name": "A premise",
    "entrance": {"state": "opening"},
    "scene": {
        "states": {
            "opening": {
                "base": "A bare room with one window.",
                "camera": {"static": "Eye level.", "dynamic": "Follows."},
                "movement": {"static": "Stands.", "dynamic": "Walks."},
            }
        },
        "events": [],
    },
}


class Refused(Exception):
    """A call that is answered with an error."""

    def __init__(self, status: int, detail: str, headers: dict[str, str] | None = None, **members: Any) -> None:
        self.answer = Answer({"detail": detail, **members}, status, headers or {})


class Inapplicable(Exception):
    """An operation that cannot be applied."""


# ---- the nine operations -----------------------------------------------------------------------


def apply_nine(world: Json, ops: list[Json]) -> tuple[Json, list[str]]:
    """Apply what can be applied, in order; return the world and the ``applyErrors``."""
    world = copy.deepcopy(world)
    errors: list[str] = []
    for op in ops:
        try:
            if op["op"] not in HOSTED_OPS:
                raise Inapplicable(f"{op['op']} is not an operation of this server")
            globals()[f"_{op['op']}"](world, op)
        except Inapplicable as reason:
            errors.append(f"{op['op']}: {reason}")
    return world, errors


def _body(op: Json, key: str, *arguments: str) -> Json:
    if isinstance(op.get(key), dict):
        return dict(op[key])
    return {key: value for key, value in op.items() if key not in ("op", *arguments)}


def _merge(target: Json, patch: Json) -> None:
    for key, value in patch.items():
        if value is None:
            target.pop(key, None)
        else:
            target[key] = value


def _state(world: Json, id: Any) -> Json:
    if id not in world["scene"]["states"]:
        raise Inapplicable(f"no state {id!r}")
    state: Json = world["scene"]["states"][id]
    return state


def _event(world: Json, name: Any) -> Json:
    event: Json | None = next((one for one in world["scene"]["events"] if one["name"] == name), None)
    if event is None:
        raise Inapplicable(f"no event {name!r}")
    return event


def _add_state(world: Json, op: Json) -> None:
    states = world["scene"]["states"]
    if op["id"] in states:
        raise Inapplicable(f"state {op['id']!r} is there already")
    if not states and not world.get("entrance"):
        world["entrance"] = {"state": op["id"]}
    states[op["id"]] = _body(op, "state", "id")


def _update_state(world: Json, op: Json) -> None:
    _merge(_state(world, op["id"]), op["patch"])


def _delete_state(world: Json, op: Json) -> None:
    _state(world, op["id"])
    if user := state_user(world, op["id"]):
        raise Inapplicable(f"state {op['id']!r} is in use: {user}")
    del world["scene"]["states"][op["id"]]


def state_user(world: Json, id: str) -> str:
    """Return what names a state; empty when nothing does."""
    if (world.get("entrance") or {}).get("state") == id:
        return "it is the entrance"
    for event in world["scene"]["events"]:
        if id in (event["from"] if isinstance(event["from"], list) else [event["from"]]) or event.get("to") == id:
            return f"event {event['name']!r} names it"
    return "a cutscene names it" if any(id in (c["from"], c["to"]) for c in world.get("cutscenes", ())) else ""


def _add_event(world: Json, op: Json) -> None:
    event = {"name": op["name"], **_body(op, "event", "name")}
    if any(one["name"] == event["name"] for one in world["scene"]["events"]):
        raise Inapplicable(f"event {event['name']!r} is there already")
    world["scene"]["events"].append(event)


def _update_event(world: Json, op: Json) -> None:
    event = _event(world, op["name"])
    name = op["patch"].get("name", op["name"])
    if name != op["name"] and any(one["name"] == name for one in world["scene"]["events"]):
        raise Inapplicable(f"event {name!r} is there already")
    _merge(event, op["patch"])


def _delete_event(world: Json, op: Json) -> None:
    world["scene"]["events"].remove(_event(world, op["name"]))


def _set_entrance(world: Json, op: Json) -> None:
    if op["state"] is None:
        world.pop("entrance", None)
        return
    entrance = world.setdefault("entrance", {})
    entrance["state"] = op["state"]
    if "image" in op:
        _merge(entrance, {"image": op["image"]})


def _add_variant(world: Json, op: Json) -> None:
    _state(world, op["state"]).setdefault("variants", []).append(op["variant"])


def _remove_variant(world: Json, op: Json) -> None:
    variants = _state(world, op["state"]).get("variants", [])
    variants[:] = [one for one in variants if one["label"] != op["label"]]


def structural(world: Json) -> list[Json]:
    """Return the structural errors of a world, as the gate's 422 lists them."""
    states, findings = world["scene"]["states"], []
    if (start := (world.get("entrance") or {}).get("state")) is not None and start not in states:
        findings.append(("dangling-ref", "entrance.state", f"the entrance names no state: {start}"))
    names = [event["name"] for event in world["scene"]["events"]]
    for event in world["scene"]["events"]:
        for source in event["from"] if isinstance(event["from"], list) else [event["from"]]:
            if source not in states:
                findings.append(("dangling-ref", f"event[{event['name']}].from", f"{source} is not a state"))
        if event.get("to") is not None and event["to"] not in states:
            findings.append(("dangling-ref", f"event[{event['name']}].to", f"{event['to']} is not a state"))
        if (event["kind"] == "transition") != ("to" in event) and event["kind"] != "terminal":
            findings.append(
                ("transition-needs-to", f"event[{event['name']}].to", "a transition has a to, nothing else")
            )
        if names.count(event["name"]) > 1:
            findings.append(("dangling-ref", f"event[{event['name']}].name", "the name is doubled"))
    return [{"lint": lint, "severity": "error", "path": path, "message": text} for lint, path, text in findings]


def empty_fields(world: Json) -> list[str]:
    """Return the pairs that the schema requires and a state lacks."""
    return [
        f"scene.states.{id}.{pair}: required {{ static, dynamic }} strings"
        for id, state in world["scene"]["states"].items()
        for pair in ("camera", "movement")
        if not isinstance(state.get(pair), dict) or set(state[pair]) < {"static", "dynamic"}
    ]


# ---- the server --------------------------------------------------------------------------------


@dataclass
class Faults:
    """What goes wrong next; each happens once, to the next request that is a write to a graph.

    Attributes:
        refuse: Answer this instead of doing anything, one request each.
        lose: Do the work, and hang up instead of answering, so many times.
        drop: Do not apply operations of these items, and say so in ``applyErrors``.
        ignore: Do not apply operations of these items, and say nothing.
        rival: Have somebody else write this just before.
    """

    refuse: list[Answer] = field(default_factory=list)
    lose: int = 0
    drop: set[str] = field(default_factory=set)
    ignore: set[str] = field(default_factory=set)
    rival: list[Json] = field(default_factory=list)


class HostedDouble:
    """The double: its worlds by id, and ``handle`` for ``serving``."""

    def __init__(self) -> None:
        self.worlds: dict[str, Json] = {}
        self.revs: dict[str, str] = {}
        self.versions: dict[str, list[Json]] = {}
        self.created: dict[str, tuple[int, Json]] = {}
        self.jobs: dict[str, list[Json]] = {}
        self.steps: list[Json] = []
        self.apps: dict[str, Json] = {}
        self.keys: dict[str, list[Json]] = {}
        self.hooks: dict[str, list[Json]] = {}
        self.usage = {"generation": 0, "edit": 0, "session": 0}
        self.caps = {"generation": 20, "edit": 50, "session": 100, "session_seconds": 3600}
        self.clean = True
        """Whether a created world lands clean; its ``ok``."""
        self.reply = "Done."
        self.line_before = 0
        """How many players wait for a slot before the next one."""
        self.tracked: list[str] = []
        self.faults = Faults()
        self.remembers_writes = True
        """Whether the same ``Idempotency-Key`` again gets the first answer of a write to a graph, as of a create."""
        self.description_failures = 0
        """How many calls that describe a world fail before anything is done."""
        self.answered: dict[tuple[str, str, str], Answer] = {}
        self._revisions = itertools.count(1)
        self._seconds = itertools.count()

    # ---- the wire --------------------------------------------------------------------------

    def handle(self, request: ReceivedRequest) -> Answer:
        try:
            for method, pattern, call, kind in ROUTES:
                match = re.fullmatch(pattern, request.path)
                if match and method == request.method:
                    self._authorize(request, kind)
                    if kind == "graph":
                        return self._with_faults(request, call, match.groups())
                    return _answer(call(self, request, *match.groups()))
        except Refused as error:
            return error.answer
        return Answer({"detail": "no such call"}, 404)

    def _authorize(self, request: ReceivedRequest, kind: str) -> None:
        credential = request.headers.get("authorization", "").removeprefix("Bearer ")
        if kind == "session":
            return
        allowed = {"account": {ACCOUNT}, "read": {SECRET, PUBLISHABLE}}.get(kind, {SECRET})
        if credential not in allowed:
            raise Refused(401, "this call takes another credential")

    def _with_faults(self, request: ReceivedRequest, call: Callable[..., Any], groups: tuple[str, ...]) -> Answer:
        faults = self.faults
        call_key = request.method, request.path, request.headers.get("idempotency-key", str(uuid.uuid4()))
        if self.remembers_writes and call_key in self.answered:
            return self.answered[call_key]
        if faults.refuse:
            return faults.refuse.pop(0)
        if faults.rival:
            ops, faults.rival = faults.rival, []
            self.rewrite(groups[0], apply_nine(self.worlds[groups[0]], ops)[0])
        answer = self.answered[call_key] = copy.deepcopy(_answer(call(self, request, *groups)))
        if faults.lose:
            faults.lose -= 1
            return Answer(fault="hang up")
        return answer

    def time(self) -> str:
        return (datetime(2026, 1, 2, tzinfo=UTC) + timedelta(seconds=next(self._seconds))).isoformat()

    # ---- worlds ----------------------------------------------------------------------------

    def add(self, document: Json) -> str:
        """Keep a world, as this server would have made it, and return its id."""
        id = str(uuid.uuid4())
        world = copy.deepcopy({**document, "id": id, "schemaVersion": "1.0"})
        world.setdefault("name", "Untitled")
        for state in world["scene"]["states"].values():
            for pair in ("camera", "movement"):
                state.setdefault(pair, dict(PAIR))
        self.versions[id] = []
        self.worlds[id] = world
        self.rewrite(id, world)
        return id

    def rewrite(self, id: str, world: Json) -> None:
        self.worlds[id], self.revs[id] = world, f"rev-{next(self._revisions):04x}"

    def world(self, id: str) -> Json:
        if id not in self.worlds:
            raise Refused(404, "no such world")
        return self.worlds[id]

    def create(self, request: ReceivedRequest) -> Any:
        body, key = request.body, request.headers.get("idempotency-key", str(uuid.uuid4()))
        if not any(body.get(name) for name in ("premise", "frame_b64", "frame_url")):
            raise Refused(400, "a premise or a frame is required")
        if key not in self.created:
            self.spend("generation")
            id = self.add({**GENERATED, "name": body.get("name") or GENERATED["name"]})
            if body.get("async"):
                job = str(uuid.uuid4())
                self.jobs[job] = [*self.steps, {"status": "succeeded", "progress": 1, "worldId": id}]
                self.created[key] = 202, self.job_json(job, {"status": "queued"})
            else:
                answer = {"worldId": id, "slug": None, "ok": self.clean, "cover": None, "schemaVersion": "1.0"}
                self.created[key] = 200, answer
        status, answer = self.created[key]
        return Answer(answer, status)

    def spend(self, unit: str) -> None:
        if self.usage[unit] >= self.caps[unit]:
            raise Refused(402, f"daily {unit} quota exceeded", schemaVersion="1.0")
        self.usage[unit] += 1

    def job(self, request: ReceivedRequest, id: str) -> Json:
        steps = self.jobs[id]
        return self.job_json(id, steps.pop(0) if len(steps) > 1 else steps[0])

    def job_json(self, id: str, step: Json) -> Json:
        empty = {"phase": None, "progress": 0, "worldId": None, "error": None, "schemaVersion": "1.0"}
        return {"jobId": id, **empty, **step}

    def list(self, request: ReceivedRequest) -> Json:
        ids = list(reversed(self.worlds))
        at = int(request.query.get("cursor", 0))
        size = min(int(request.query.get("limit", 20)), 100)
        lines = [self.line(id) for id in ids[at : at + size]]
        return {"worlds": lines, "nextCursor": str(at + size) if at + size < len(ids) else None}

    def line(self, id: str) -> Json:
        world = self.worlds[id]
        created_at = "2026-01-02T03:04:05Z"
        fields = {name: world.get(name) for name in ("slug", "name", "description", "cover")}
        return {"id": id, **fields, "created_at": created_at}

    def read(self, request: ReceivedRequest, id: str) -> Answer:
        return Answer(self.world(id), headers=self.etag(id))

    def etag(self, id: str) -> dict[str, str]:
        return {"ETag": f'W/"{self.revs[id]}"'}

    def describe(self, request: ReceivedRequest, id: str) -> Json:
        if self.description_failures:
            self.description_failures -= 1
            raise Refused(500, "the server failed")
        _merge(self.world(id), request.body)
        return self.line(id)

    def delete(self, request: ReceivedRequest, id: str) -> Json:
        self.world(id)
        del self.worlds[id]
        self.created = {key: made for key, made in self.created.items() if made[1].get("worldId") != id}
        return {"ok": True, "deleted": id}

    def fork(self, request: ReceivedRequest, id: str) -> Json:
        key = request.path + request.headers.get("idempotency-key", str(uuid.uuid4()))
        if key not in self.created:
            self.created[key] = 200, {"worldId": self.add(self.world(id)), "schemaVersion": "1.0"}
        return self.created[key][1]

    # ---- the graph -------------------------------------------------------------------------

    def scene(self, request: ReceivedRequest, id: str) -> Answer:
        scene = self.world(id)["scene"]
        body = {"states": scene["states"], "events": scene["events"], "rev": self.revs[id]}
        return Answer(body, headers=self.etag(id))

    def asserted(self, request: ReceivedRequest, id: str) -> None:
        header, body = request.headers.get("if-match"), request.body or {}
        revisions = {header.removeprefix("W/").strip('"')} if header else set()
        revisions |= {body["expectedRev"]} if "expectedRev" in body else set()
        if len(revisions) > 1:
            raise Refused(400, "If-Match and expectedRev differ")
        if revisions and revisions != {self.revs[id]}:
            raise Refused(409, "the asserted revision is stale", rev=self.revs[id])

    def write(self, request: ReceivedRequest, id: str, ops: list[Json]) -> tuple[Json, list[str]]:
        before = self.world(id)
        self.asserted(request, id)
        faults, self.faults = self.faults, Faults(lose=self.faults.lose, refuse=self.faults.refuse)
        ops_to_apply = [op for op in ops if op.get("id", op.get("name")) not in faults.drop | faults.ignore]
        ops_to_drop = [op for op in ops if op.get("id", op.get("name")) in faults.drop]
        world, errors = apply_nine(before, ops_to_apply)
        errors += [f"{op['op']}: {op.get('id', op.get('name'))!r} was not applied" for op in ops_to_drop]
        if missing := empty_fields(world):
            raise Refused(422, "the world does not fit the schema", errors=missing, schemaVersion="1.0")
        if findings := structural(world):
            raise Refused(422, "the world is structurally broken", diagnostics=findings)
        if world != before:
            self.rewrite(id, world)
        return world, errors

    def answer(self, id: str, **more: Any) -> Answer:
        body = {"world": self.worlds[id], "diagnostics": [], "rev": self.revs[id], "schemaVersion": "1.0", **more}
        return Answer(body, headers=self.etag(id))

    def ops(self, request: ReceivedRequest, id: str) -> Answer:
        if not request.body.get("ops"):
            raise Refused(422, "one operation at least")
        _, errors = self.write(request, id, request.body["ops"])
        return self.answer(id, applyErrors=errors)

    def single(self, request: ReceivedRequest, id: str, op: Json, status: int, **more: Any) -> Answer:
        _, errors = self.write(request, id, [op])
        if errors:
            raise Refused(status, errors[0])
        return self.answer(id, **more)

    def add_state(self, request: ReceivedRequest, id: str) -> Answer:
        state = request.body.get("id") or f"state_{len(self.world(id)['scene']['states']) + 1}"
        body = {key: value for key, value in request.body.items() if key not in ("id", "expectedRev")}
        return self.single(request, id, {"op": "add_state", "id": state, "state": body}, 400, stateId=state)

    def patch_of(self, request: ReceivedRequest) -> Json:
        patch: Json = request.body.get("patch") or request.body
        return {key: value for key, value in patch.items() if key != "expectedRev"}

    def update_state(self, request: ReceivedRequest, id: str, state: str) -> Answer:
        return self.single(request, id, {"op": "update_state", "id": state, "patch": self.patch_of(request)}, 404)

    def delete_state(self, request: ReceivedRequest, id: str, state: str) -> Answer:
        status = 400 if state in self.world(id)["scene"]["states"] else 404
        return self.single(request, id, {"op": "delete_state", "id": state}, status)

    def add_event(self, request: ReceivedRequest, id: str) -> Answer:
        body = {key: value for key, value in request.body.items() if key not in ("name", "expectedRev")}
        name = request.body.get("name") or f"go_to_{body.get('to')}"
        return self.single(request, id, {"op": "add_event", "name": name, "event": body}, 400, eventName=name)

    def update_event(self, request: ReceivedRequest, id: str, name: str) -> Answer:
        return self.single(request, id, {"op": "update_event", "name": name, "patch": self.patch_of(request)}, 404)

    def delete_event(self, request: ReceivedRequest, id: str, name: str) -> Answer:
        return self.single(request, id, {"op": "delete_event", "name": name}, 404)

    def entrance(self, request: ReceivedRequest, id: str) -> Answer:
        body = {key: value for key, value in request.body.items() if key != "expectedRev"}
        return self.single(request, id, {"op": "set_entrance", **body}, 422)

    def edit(self, request: ReceivedRequest, id: str) -> Answer:
        text = request.body.get("instruction") or request.body.get("message")
        if not text:
            raise Refused(400, "an instruction is required")
        self.asserted(request, id)
        self.spend("edit")
        if not text.endswith("?"):
            world = copy.deepcopy(self.world(id))
            next(iter(world["scene"]["states"].values()))["base"] = text
            self.rewrite(id, world)
        return Answer({"world": self.world(id), "diagnostics": [], "reply": self.reply}, headers=self.etag(id))

    def checked(self, request: ReceivedRequest, id: str) -> tuple[Json, list[Json]]:
        body = request.body or {}
        world = body.get("world") or body.get("data") or self.world(id)
        return world, structural(world)

    def validate(self, request: ReceivedRequest, id: str) -> Json:
        world, findings = self.checked(request, id)
        if findings:
            raise Refused(422, "the world is structurally broken", diagnostics=findings)
        return {"ok": True, "world": world, "diagnostics": []}

    def lint(self, request: ReceivedRequest, id: str) -> Json:
        _, findings = self.checked(request, id)
        counts = {"error": len(findings), "warning": 0, "info": 0}
        return {"ok": not findings, "diagnostics": findings, "counts": counts, "promptBudget": 1900}

    # ---- versions --------------------------------------------------------------------------

    def snapshot(self, request: ReceivedRequest, id: str) -> Json:
        versions, body = self.versions[id], request.body or {}
        node = {
            "id": str(uuid.uuid4()),
            "worldId": id,
            "parentVersionId": body.get("parentVersionId") or (versions[-1]["id"] if versions else None),
            "source": body.get("source") or "save",
            "title": body.get("title"),
            "createdAt": self.time(),
            "snapshot": copy.deepcopy(self.world(id)),
        }
        versions.append(node)
        return {"versionId": node["id"], "version": len(versions)}

    def list_versions(self, request: ReceivedRequest, id: str) -> Json:
        return {"versions": [{k: v for k, v in node.items() if k != "snapshot"} for node in self.versions[id]]}

    def version(self, request: ReceivedRequest, id: str, version: str) -> Json:
        node = next((node for node in self.versions[id] if node["id"] == version), None)
        if node is None:
            raise Refused(404, "no such version")
        return dict(node)

    def diff(self, request: ReceivedRequest, id: str, a: str, b: str) -> Json:
        scenes = [self.version(request, id, version)["snapshot"]["scene"] for version in (a, b)]
        old, new = scenes
        events = [{event["name"]: event for event in scene["events"]} for scene in scenes]
        return {"a": a, "b": b, "states": _changes(old["states"], new["states"]), "events": _changes(*events)}

    def checkout(self, request: ReceivedRequest, id: str) -> Answer:
        if not request.body.get("versionId"):
            raise Refused(400, "versionId is required")
        self.asserted(request, id)
        self.rewrite(id, copy.deepcopy(self.version(request, id, request.body["versionId"])["snapshot"]))
        return Answer({"world": self.worlds[id], "rev": self.revs[id]}, headers=self.etag(id))

    def retitle(self, request: ReceivedRequest, id: str, version: str) -> Json:
        node = next(node for node in self.versions[id] if node["id"] == version)
        node["title"] = request.body["title"]
        return {"ok": True, "versionId": version, "title": node["title"]}

    def prune(self, request: ReceivedRequest, id: str, version: str) -> Json:
        if self.versions[id][-1]["id"] == version:
            raise Refused(409, "the head version cannot be deleted")
        self.versions[id] = [node for node in self.versions[id] if node["id"] != version]
        return {"ok": True, "deleted": version}

    # ---- apps, keys, webhooks, the rest ----------------------------------------------------

    def token(self, request: ReceivedRequest) -> Json:
        seconds = request.body.get("ttlSeconds", 300)
        if not 60 <= seconds <= 3600:
            raise Refused(422, "ttlSeconds: 60 to 3600")
        self.spend("session")
        world, jti = request.body["worldId"], str(uuid.uuid4())
        return {"token": "t.o.k", "expiresIn": seconds, "worldId": world, "slug": None, "jti": jti}

    def connect(self, request: ReceivedRequest) -> Any:
        self.session_of(request)
        if self.line_before:
            place, self.line_before = self.line_before, self.line_before - 1
            return Answer({"position": place, "queueDepth": place + 1, "retryAfterMs": 500}, 202)
        world = next(reversed(self.worlds))
        jwt = {"reactorJwt": "run.token.1", "expiresIn": 120, "expiresAt": "2026-01-02T00:02:00Z"}
        return {**jwt, "world": self.worlds[world], "worldId": world}

    def session_of(self, request: ReceivedRequest) -> None:
        bearer = request.headers.get("authorization", "").removeprefix("Bearer ")
        if "t.o.k" not in (bearer, request.body.get("token")):
            raise Refused(401, "the session token is unknown")

    def refresh(self, request: ReceivedRequest) -> Json:
        self.session_of(request)
        return {"reactorJwt": "run.token.2", "expiresIn": 120, "expiresAt": None}

    def track(self, request: ReceivedRequest) -> Json:
        self.session_of(request)
        self.tracked.append(request.body["reactorSessionId"])
        return {}

    def end(self, request: ReceivedRequest) -> Json:
        self.session_of(request)
        return {"ok": True, "seconds": 42}

    def perceive(self, request: ReceivedRequest) -> Json:
        return {"summary": "A gate.", "visible": ["a gate"], "affordances": [], "exits": ["north"]}

    def ground(self, request: ReceivedRequest) -> Json:
        return {
            "hotspots": [{"label": label, "bbox": [0, 0, 1, 1], "confidence": 0.9} for label in request.body["labels"]]
        }

    def seed_frame(self, request: ReceivedRequest) -> Json:
        return {"imageBase64": "aGk=", "mimeType": "image/png", "url": "u", "prompt": request.body["prompt"]}

    def quota(self, request: ReceivedRequest) -> Json:
        return {"day": "2026-01-02", "usage": self.usage, "caps": self.caps, "resets_at": "2026-01-03T00:00:00Z"}

    def create_app(self, request: ReceivedRequest) -> Json:
        id = str(uuid.uuid4())
        app = {"id": id, "name": request.body["name"], "slug": "app", "mode_default": "test", "embedding_origins": []}
        self.apps[id] = {**app, "billing_plan": "free", "created_at": self.time()}
        self.keys[id], self.hooks[id] = [], []
        return self.apps[id]

    def list_apps(self, request: ReceivedRequest) -> Json:
        return {"apps": list(self.apps.values())}

    def update_app(self, request: ReceivedRequest, id: str) -> Json:
        if id not in self.apps:
            raise Refused(404, "no such app")
        self.apps[id] |= request.body
        return self.apps[id]

    def create_key(self, request: ReceivedRequest, id: str) -> Json:
        kind, mode = request.body.get("kind", "publishable"), request.body.get("mode", "test")
        prefix = f"{'sk' if kind == 'secret' else 'pk'}_{mode}_"
        key = {"id": str(uuid.uuid4()), "prefix": prefix, "last4": "6789", "kind": kind, "mode": mode}
        key |= {"scopes": ["worlds:read"], "name": request.body.get("name"), "created_at": self.time()}
        self.keys[id].append({**key, "last_used_at": None, "revoked_at": None})
        return {**key, "key": f"{prefix}verysecret0123456789"}

    def list_keys(self, request: ReceivedRequest, id: str) -> Json:
        return {"keys": self.keys[id]}

    def revoke_key(self, request: ReceivedRequest, id: str, key: str) -> Json:
        next(one for one in self.keys[id] if one["id"] == key)["revoked_at"] = self.time()
        return {"ok": True}

    def create_hook(self, request: ReceivedRequest, id: str) -> Json:
        if not request.body["url"].startswith("https://"):
            raise Refused(422, "url must be https")
        events = request.body.get("events") or ["world.generation.succeeded", "world.generation.failed"]
        hook = {"id": str(uuid.uuid4()), "url": request.body["url"], "events": events, "enabled": True}
        hook["created_at"] = self.time()
        self.hooks[id].append(hook)
        return {**hook, "secret": "whsec_verysecret0123456789"}

    def list_hooks(self, request: ReceivedRequest, id: str) -> Json:
        return {"webhooks": self.hooks[id]}

    def delete_hook(self, request: ReceivedRequest, id: str, hook: str) -> Json:
        if all(one["id"] != hook for one in self.hooks[id]):
            raise Refused(404, "no such webhook")
        self.hooks[id] = [one for one in self.hooks[id] if one["id"] != hook]
        return {"ok": True, "deleted": hook}


def _answer(body: Any) -> Answer:
    return body if isinstance(body, Answer) else Answer(body)


def _changes(old: Json, new: Json) -> Json:
    changed = [key for key in old if key in new and old[key] != new[key]]
    return {"added": [k for k in new if k not in old], "removed": [k for k in old if k not in new], "changed": changed}


_W, _A, _P = r"/v1/worlds/([^/]+)", r"/v1/apps/([^/]+)", "/([^/]+)"
D = HostedDouble
ROUTES: list[tuple[str, str, Callable[..., Any], str]] = [
    ("POST", "/v1/worlds", D.create, "write"),
    ("GET", "/v1/worlds", D.list, "read"),
    ("GET", f"/v1/jobs{_P}", D.job, "read"),
    ("GET", _W, D.read, "read"),
    ("PATCH", _W, D.describe, "write"),
    ("DELETE", _W, D.delete, "write"),
    ("POST", f"{_W}/forks", D.fork, "write"),
    ("GET", f"{_W}/scene", D.scene, "read"),
    ("POST", f"{_W}/states", D.add_state, "graph"),
    ("PATCH", f"{_W}/states{_P}", D.update_state, "graph"),
    ("DELETE", f"{_W}/states{_P}", D.delete_state, "graph"),
    ("POST", f"{_W}/events", D.add_event, "graph"),
    ("PATCH", f"{_W}/events{_P}", D.update_event, "graph"),
    ("DELETE", f"{_W}/events{_P}", D.delete_event, "graph"),
    ("PATCH", f"{_W}/entrance", D.entrance, "graph"),
    ("POST", f"{_W}/ops", D.ops, "graph"),
    ("POST", f"{_W}/edit", D.edit, "graph"),
    ("POST", f"{_W}/validate", D.validate, "read"),
    ("POST", f"{_W}/lint", D.lint, "read"),
    ("POST", f"{_W}/versions", D.snapshot, "write"),
    ("GET", f"{_W}/versions", D.list_versions, "read"),
    ("GET", f"{_W}/versions{_P}", D.version, "read"),
    ("PATCH", f"{_W}/versions{_P}", D.retitle, "write"),
    ("DELETE", f"{_W}/versions{_P}", D.prune, "write"),
    ("GET", f"{_W}/versions{_P}/diff{_P}", D.diff, "read"),
    ("POST", f"{_W}/checkout", D.checkout, "graph"),
    ("POST", "/v1/sessions/token", D.token, "write"),
    ("POST", "/v1/sessions/connect", D.connect, "session"),
    ("POST", "/v1/sessions/refresh", D.refresh, "session"),
    ("POST", "/v1/sessions/track", D.track, "session"),
    ("POST", "/v1/sessions/end", D.end, "session"),
    ("POST", "/v1/perceive", D.perceive, "write"),
    ("POST", "/v1/ground/objects", D.ground, "write"),
    ("POST", "/v1/seed-frame", D.seed_frame, "write"),
    ("GET", "/v1/usage", D.quota, "read"),
    ("POST", "/v1/apps", D.create_app, "account"),
    ("GET", "/v1/apps", D.list_apps, "account"),
    ("PATCH", _A, D.update_app, "account"),
    ("POST", f"{_A}/keys", D.create_key, "account"),
    ("GET", f"{_A}/keys", D.list_keys, "account"),
    ("POST", f"{_A}/keys{_P}/revoke", D.revoke_key, "account"),
    ("POST", f"{_A}/webhooks", D.create_hook, "account"),
    ("GET", f"{_A}/webhooks", D.list_hooks, "account"),
    ("DELETE", f"{_A}/webhooks{_P}", D.delete_hook, "account"),
]
"""Every call: method, path, what answers it, and which credential it takes."""
