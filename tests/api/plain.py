"""A small server of the specification and of nothing more: it knows no documents and no exact operations.

What worldkit's own server answers beside the specification is missing here on purpose: no ``rev`` of a world, no
``parent``, no names for forks, no idempotency but for creating, ``strict`` ignored, lists newest first and unfiltered.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import worldkit as wk
from tests.api.scripted import Answer, Json, ReceivedRequest
from worldkit.editing.batch import apply
from worldkit.editing.vocabulary import OWN_OPS

GENERATED_WORLD = {
    "name": "A premise",
    "scene": {"states": {"start": {"base": "A bare room with one window."}}, "events": []},
}


class Plain:
    """The worlds of a server, and ``handle`` for ``serving``."""

    def __init__(self) -> None:
        self.worlds: dict[str, wk.World] = {}
        self.revs: dict[str, int] = {}
        self.versions: dict[str, list[Json]] = {}
        self.created: dict[str, Json] = {}
        self.jobs: dict[str, list[Json]] = {}
        self.steps: list[Json] = []
        self.knows: set[str] | None = None
        """The only fields of a body that are not refused, when set."""
        self.log: list[str] = []

    def handle(self, request: ReceivedRequest) -> Answer:
        self.log.append(f"{request.method} {request.path}")
        if self.knows is not None and request.raw and (unknown := request.body.keys() - self.knows):
            return Answer({"detail": f"unknown fields: {sorted(unknown)}"}, 422)
        for method, pattern, call in ROUTES:
            match = re.fullmatch(pattern, request.path)
            if match and method == request.method:
                try:
                    return Answer(call(self, request, *match.groups()))
                except _Refused as error:
                    return error.answer
        return Answer({"detail": "no such call"}, 404)

    # ---- worlds ----------------------------------------------------------------------------

    def add(self, world: wk.World) -> str:
        id = f"w{len(self.revs) + 1}"
        self.worlds[id], self.revs[id], self.versions[id] = world, 0, []
        return id

    def world(self, id: str) -> wk.World:
        if id not in self.worlds:
            raise _Refused(404, {"detail": "no such world"})
        return self.worlds[id]

    def create(self, request: ReceivedRequest) -> Json:
        key = request.headers["idempotency-key"]
        if key not in self.created:
            body = request.body
            id = self.add(wk.World.from_dict({**GENERATED_WORLD, "name": body.get("name") or "A premise"}))
            if body.get("async"):
                job = f"j{len(self.jobs) + 1}"
                self.jobs[job] = [*self.steps, {"status": "succeeded", "worldId": id}]
                self.created[key] = {"jobId": job, "status": "queued"}
            else:
                self.created[key] = {"worldId": id, "status": "ready", "schemaVersion": "1.0"}
        return self.created[key]

    def job(self, request: ReceivedRequest, id: str) -> Json:
        steps = self.jobs[id]
        return {"jobId": id, **(steps.pop(0) if len(steps) > 1 else steps[0])}

    def list(self, request: ReceivedRequest) -> Json:
        ids = sorted(self.worlds, key=lambda id: -int(id[1:]))
        at = int(request.query.get("cursor", 0))
        size = min(int(request.query["limit"]), 2)
        page = [{"id": id, "name": self.worlds[id].name or "untitled"} for id in ids[at : at + size]]
        return {"worlds": page, "nextCursor": str(at + size) if at + size < len(ids) else None}

    def read(self, request: ReceivedRequest, id: str) -> Json:
        return self.world(id).to_dict()

    def describe(self, request: ReceivedRequest, id: str) -> Json:
        self.worlds[id] = wk.World.from_dict({**self.world(id).raw, **request.body})
        return {"id": id, "name": self.worlds[id].name, "updated_at": "2026-01-02T03:04:05Z"}

    def delete(self, request: ReceivedRequest, id: str) -> Json:
        self.world(id)
        del self.worlds[id]
        return {"ok": True, "deleted": id}

    def fork(self, request: ReceivedRequest, id: str) -> Json:
        return {"worldId": self.add(self.world(id).fork()), "schemaVersion": "1.0"}

    def scene(self, request: ReceivedRequest, id: str) -> Json:
        return {**self.world(id).to_dict()["scene"], "rev": str(self.revs[id])}

    # ---- the graph -------------------------------------------------------------------------

    def write(self, request: ReceivedRequest, id: str, ops: list[Json]) -> Json:
        self.world(id)
        if_match = request.headers.get("if-match")
        if if_match is None:
            raise _Refused(400, {"detail": "a graph write names the revision it was made against"})
        if if_match != str(self.revs[id]):
            raise _Refused(409, {"detail": "stale"})
        if any(op["op"] in OWN_OPS for op in ops):
            raise _Refused(422, {"detail": "there is no such operation"})
        try:
            result = apply(self.worlds[id], ops)
        except wk.OpError as error:
            raise _Refused(422, {"detail": str(error)}) from None
        self.worlds[id] = result.world
        self.revs[id] += 1
        return {
            "world": result.world.to_dict(),
            "rev": str(self.revs[id]),
            "diagnostics": result.notes.to_list(),
            "schemaVersion": "1.0",
        }

    def ops(self, request: ReceivedRequest, id: str) -> Json:
        return self.write(request, id, request.body["ops"])

    def add_state(self, request: ReceivedRequest, id: str) -> Json:
        return self.write(request, id, [{"op": "add_state", **request.body}])

    def update_state(self, request: ReceivedRequest, id: str, state: str) -> Json:
        return self.write(request, id, [{"op": "update_state", "id": state, "patch": request.body}])

    def delete_state(self, request: ReceivedRequest, id: str, state: str) -> Json:
        return self.write(request, id, [{"op": "delete_state", "id": state}])

    def add_event(self, request: ReceivedRequest, id: str) -> Json:
        return self.write(request, id, [{"op": "add_event", "event": request.body}])

    def update_event(self, request: ReceivedRequest, id: str, name: str) -> Json:
        return self.write(request, id, [{"op": "update_event", "name": name, "patch": request.body}])

    def delete_event(self, request: ReceivedRequest, id: str, name: str) -> Json:
        return self.write(request, id, [{"op": "delete_event", "name": name}])

    def entrance(self, request: ReceivedRequest, id: str) -> Json:
        return self.write(request, id, [{"op": "set_entrance", **request.body}])

    def edit(self, request: ReceivedRequest, id: str) -> Json:
        op = {"op": "set_subject", "subject": request.body["instruction"]}
        answer = self.write(request, id, [op])
        return {"ok": True, "world": answer["world"], "diagnostics": [], "reply": "Done.\nAnything else?"}

    def validate(self, request: ReceivedRequest, id: str) -> Json:
        return {"ok": True, "diagnostics": [], "world": request.body.get("world") or self.world(id).to_dict()}

    def lint(self, request: ReceivedRequest, id: str) -> Json:
        world = wk.load(request.body["world"]) if "world" in request.body else self.world(id)
        diagnostics = world.lint()
        return {"ok": not diagnostics.errors, "diagnostics": diagnostics.to_list(), "promptBudget": {"used": 1}}

    # ---- versions --------------------------------------------------------------------------

    def keep(self, request: ReceivedRequest, id: str) -> Json:
        versions = self.versions[id]
        version = {
            "id": f"v{len(versions) + 1}",
            "parentVersionId": request.body.get("parentVersionId") or (versions[0]["id"] if versions else None),
            "source": request.body.get("source") or "manual",
            "title": request.body.get("title") or "Untitled",
            "created_at": f"2026-01-02T03:04:{len(versions):02d}Z",
            "snapshot": self.world(id).to_dict(),
        }
        versions.insert(0, version)
        return {"versionId": version["id"], "version": len(versions)}

    def list_versions(self, request: ReceivedRequest, id: str) -> Json:
        return {"versions": [{k: v for k, v in one.items() if k != "snapshot"} for one in self.versions[id]]}

    def version(self, request: ReceivedRequest, id: str, version: str) -> Json:
        version_record = next((one for one in self.versions[id] if one["id"] == version), None)
        if version_record is None:
            raise _Refused(404, {"detail": "no such version"})
        return {"id": version, "snapshot": version_record["snapshot"]}

    def retitle(self, request: ReceivedRequest, id: str, version: str) -> Json:
        next(one for one in self.versions[id] if one["id"] == version)["title"] = request.body["title"]
        return {"id": version}

    def prune(self, request: ReceivedRequest, id: str, version: str) -> Json:
        if self.versions[id][0]["id"] == version:
            raise _Refused(409, {"detail": "the head version cannot be deleted"})
        self.versions[id] = [one for one in self.versions[id] if one["id"] != version]
        return {"ok": True, "deleted": version}

    def diff(self, request: ReceivedRequest, id: str, a: str, b: str) -> Json:
        before, after = (wk.load(self.version(request, id, one)["snapshot"]) for one in (a, b))
        difference = wk.diff(before, after)
        parts = {
            part: {"added": list(changes.added), "removed": list(changes.removed), "changed": list(changes.changed)}
            for part, changes in (("states", difference.states), ("events", difference.events))
        }
        return {"a": a, "b": b, **parts}

    def checkout(self, request: ReceivedRequest, id: str) -> Json:
        if request.headers.get("if-match") != str(self.revs[id]):
            raise _Refused(409, {"detail": "stale"})
        self.worlds[id] = wk.load(self.version(request, id, request.body["versionId"])["snapshot"])
        self.revs[id] += 1
        return {"world": self.worlds[id].to_dict(), "rev": str(self.revs[id])}

    # ---- the rest --------------------------------------------------------------------------

    def token(self, request: ReceivedRequest) -> Json:
        return {"token": "t.o.k", "expiresIn": 60, "worldId": request.body["worldId"], "slug": "lane", "jti": "1"}

    def perceive(self, request: ReceivedRequest) -> Json:
        return {"summary": request.body["frame_b64"], "visible": ["a gate"], "affordances": [], "exits": ["north"]}

    def ground(self, request: ReceivedRequest) -> Json:
        spots = [{"label": one, "bbox": [0, 0, 1, 0.5], "confidence": 0.9} for one in request.body["labels"]]
        return {"hotspots": spots}

    def seed_frame(self, request: ReceivedRequest) -> Json:
        return {"imageBase64": "aGk=", "mimeType": "image/png", "url": "u", "prompt": request.body["prompt"]}

    def usage(self, request: ReceivedRequest) -> Json:
        return {"day": "2026-01-02", "usage": {"generations": 1}, "caps": {"generations": 5}}


class _Refused(Exception):
    def __init__(self, status: int, body: Json) -> None:
        self.answer = Answer(body, status)


_W = r"/v1/worlds/([^/]+)"
ROUTES: list[tuple[str, str, Callable[..., Any]]] = [
    ("POST", "/v1/worlds", Plain.create),
    ("GET", "/v1/worlds", Plain.list),
    ("GET", "/v1/jobs/([^/]+)", Plain.job),
    ("GET", _W, Plain.read),
    ("PATCH", _W, Plain.describe),
    ("DELETE", _W, Plain.delete),
    ("POST", f"{_W}/forks", Plain.fork),
    ("GET", f"{_W}/scene", Plain.scene),
    ("POST", f"{_W}/states", Plain.add_state),
    ("PATCH", f"{_W}/states/([^/]+)", Plain.update_state),
    ("DELETE", f"{_W}/states/([^/]+)", Plain.delete_state),
    ("POST", f"{_W}/events", Plain.add_event),
    ("PATCH", f"{_W}/events/([^/]+)", Plain.update_event),
    ("DELETE", f"{_W}/events/([^/]+)", Plain.delete_event),
    ("PATCH", f"{_W}/entrance", Plain.entrance),
    ("POST", f"{_W}/ops", Plain.ops),
    ("POST", f"{_W}/validate", Plain.validate),
    ("POST", f"{_W}/lint", Plain.lint),
    ("POST", f"{_W}/edit", Plain.edit),
    ("POST", f"{_W}/versions", Plain.keep),
    ("GET", f"{_W}/versions", Plain.list_versions),
    ("GET", f"{_W}/versions/([^/]+)", Plain.version),
    ("PATCH", f"{_W}/versions/([^/]+)", Plain.retitle),
    ("DELETE", f"{_W}/versions/([^/]+)", Plain.prune),
    ("GET", f"{_W}/versions/([^/]+)/diff/([^/]+)", Plain.diff),
    ("POST", f"{_W}/checkout", Plain.checkout),
    ("POST", "/v1/sessions/token", Plain.token),
    ("POST", "/v1/perceive", Plain.perceive),
    ("POST", "/v1/ground/objects", Plain.ground),
    ("POST", "/v1/seed-frame", Plain.seed_frame),
    ("GET", "/v1/usage", Plain.usage),
]
