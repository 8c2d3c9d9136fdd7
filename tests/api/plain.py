"""A small server of the specification and of nothing more: it knows no documents and no exact operations.

What worldkit's own server answers beside the specification is missing here on purpose: no ``rev`` of a world, no
``parent``, no names for forks, no idempotency but for creating, ``strict`` ignored, lists newest first and unfiltered.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import worldkit as wk
from tests.api.scripted import Answer, Json, Seen
from worldkit.editing import apply
from worldkit.editing.raw_ops import RAW_OPS

PREMISED = {"name": "A premise", "scene": {"states": {"start": {"base": "A bare room with one window."}}, "events": []}}


class Plain:
    """The worlds of a server, and ``handle`` for ``serving``."""

    def __init__(self) -> None:
        self.worlds: dict[str, wk.World] = {}
        self.revs: dict[str, int] = {}
        self.versions: dict[str, list[Json]] = {}
        self.made: dict[str, Json] = {}
        self.jobs: dict[str, list[Json]] = {}
        self.steps: list[Json] = []
        self.knows: set[str] | None = None
        """The only fields of a body that are not refused, when set."""
        self.log: list[str] = []

    def handle(self, seen: Seen) -> Answer:
        self.log.append(f"{seen.method} {seen.path}")
        if self.knows is not None and seen.raw and (unknown := seen.body.keys() - self.knows):
            return Answer({"detail": f"unknown fields: {sorted(unknown)}"}, 422)
        for method, pattern, call in ROUTES:
            found = re.fullmatch(pattern, seen.path)
            if found and method == seen.method:
                try:
                    return Answer(call(self, seen, *found.groups()))
                except _Refused as refused:
                    return refused.answer
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

    def create(self, seen: Seen) -> Json:
        key = seen.headers["idempotency-key"]
        if key not in self.made:
            body = seen.body
            id = self.add(wk.World.from_dict({**PREMISED, "name": body.get("name") or "A premise"}))
            if body.get("async"):
                job = f"j{len(self.jobs) + 1}"
                self.jobs[job] = [*self.steps, {"status": "succeeded", "worldId": id}]
                self.made[key] = {"jobId": job, "status": "queued"}
            else:
                self.made[key] = {"worldId": id, "status": "ready", "schemaVersion": "1.0"}
        return self.made[key]

    def job(self, seen: Seen, id: str) -> Json:
        steps = self.jobs[id]
        return {"jobId": id, **(steps.pop(0) if len(steps) > 1 else steps[0])}

    def list(self, seen: Seen) -> Json:
        ids = sorted(self.worlds, key=lambda id: -int(id[1:]))
        at = int(seen.query.get("cursor", 0))
        size = min(int(seen.query["limit"]), 2)
        page = [{"id": id, "name": self.worlds[id].name or "untitled"} for id in ids[at : at + size]]
        return {"worlds": page, "nextCursor": str(at + size) if at + size < len(ids) else None}

    def read(self, seen: Seen, id: str) -> Json:
        return self.world(id).to_dict()

    def describe(self, seen: Seen, id: str) -> Json:
        self.worlds[id] = wk.World.from_dict({**self.world(id).raw, **seen.body})
        return {"id": id, "name": self.worlds[id].name, "updated_at": "2026-01-02T03:04:05Z"}

    def delete(self, seen: Seen, id: str) -> Json:
        self.world(id)
        del self.worlds[id]
        return {"ok": True, "deleted": id}

    def fork(self, seen: Seen, id: str) -> Json:
        return {"worldId": self.add(self.world(id).fork()), "schemaVersion": "1.0"}

    def scene(self, seen: Seen, id: str) -> Json:
        return {**self.world(id).to_dict()["scene"], "rev": str(self.revs[id])}

    # ---- the graph -------------------------------------------------------------------------

    def write(self, seen: Seen, id: str, ops: list[Json]) -> Json:
        self.world(id)
        given = seen.headers.get("if-match")
        if given is None:
            raise _Refused(400, {"detail": "a graph write names the revision it was made against"})
        if given != str(self.revs[id]):
            raise _Refused(409, {"detail": "stale"})
        if any(op["op"] in RAW_OPS for op in ops):
            raise _Refused(422, {"detail": "there is no such operation"})
        try:
            done = apply(self.worlds[id], ops)
        except wk.OpError as error:
            raise _Refused(422, {"detail": str(error)}) from None
        self.worlds[id] = done.world
        self.revs[id] += 1
        return {
            "world": done.world.to_dict(),
            "rev": str(self.revs[id]),
            "diagnostics": done.notes.to_list(),
            "schemaVersion": "1.0",
        }

    def ops(self, seen: Seen, id: str) -> Json:
        return self.write(seen, id, seen.body["ops"])

    def add_state(self, seen: Seen, id: str) -> Json:
        return self.write(seen, id, [{"op": "add_state", **seen.body}])

    def update_state(self, seen: Seen, id: str, state: str) -> Json:
        return self.write(seen, id, [{"op": "update_state", "id": state, "patch": seen.body}])

    def delete_state(self, seen: Seen, id: str, state: str) -> Json:
        return self.write(seen, id, [{"op": "delete_state", "id": state}])

    def add_event(self, seen: Seen, id: str) -> Json:
        return self.write(seen, id, [{"op": "add_event", "event": seen.body}])

    def update_event(self, seen: Seen, id: str, name: str) -> Json:
        return self.write(seen, id, [{"op": "update_event", "name": name, "patch": seen.body}])

    def delete_event(self, seen: Seen, id: str, name: str) -> Json:
        return self.write(seen, id, [{"op": "delete_event", "name": name}])

    def entrance(self, seen: Seen, id: str) -> Json:
        return self.write(seen, id, [{"op": "set_entrance", **seen.body}])

    def edit(self, seen: Seen, id: str) -> Json:
        op = {"op": "set_subject", "subject": seen.body["instruction"]}
        said = self.write(seen, id, [op])
        return {"ok": True, "world": said["world"], "diagnostics": [], "reply": "Done.\nAnything else?"}

    def validate(self, seen: Seen, id: str) -> Json:
        return {"ok": True, "diagnostics": [], "world": seen.body.get("world") or self.world(id).to_dict()}

    def lint(self, seen: Seen, id: str) -> Json:
        world = wk.load(seen.body["world"]) if "world" in seen.body else self.world(id)
        found = world.lint()
        return {"ok": not found.errors, "diagnostics": found.to_list(), "promptBudget": {"used": 1}}

    # ---- versions --------------------------------------------------------------------------

    def keep(self, seen: Seen, id: str) -> Json:
        kept = self.versions[id]
        version = {
            "id": f"v{len(kept) + 1}",
            "parentVersionId": seen.body.get("parentVersionId") or (kept[0]["id"] if kept else None),
            "source": seen.body.get("source") or "manual",
            "title": seen.body.get("title") or "Untitled",
            "created_at": f"2026-01-02T03:04:{len(kept):02d}Z",
            "snapshot": self.world(id).to_dict(),
        }
        kept.insert(0, version)
        return {"versionId": version["id"], "version": len(kept)}

    def kept(self, seen: Seen, id: str) -> Json:
        return {"versions": [{k: v for k, v in one.items() if k != "snapshot"} for one in self.versions[id]]}

    def version(self, seen: Seen, id: str, version: str) -> Json:
        found = next((one for one in self.versions[id] if one["id"] == version), None)
        if found is None:
            raise _Refused(404, {"detail": "no such version"})
        return {"id": version, "snapshot": found["snapshot"]}

    def retitle(self, seen: Seen, id: str, version: str) -> Json:
        next(one for one in self.versions[id] if one["id"] == version)["title"] = seen.body["title"]
        return {"id": version}

    def prune(self, seen: Seen, id: str, version: str) -> Json:
        if self.versions[id][0]["id"] == version:
            raise _Refused(409, {"detail": "the head version cannot be deleted"})
        self.versions[id] = [one for one in self.versions[id] if one["id"] != version]
        return {"ok": True, "deleted": version}

    def diff(self, seen: Seen, id: str, a: str, b: str) -> Json:
        before, after = (wk.load(self.version(seen, id, one)["snapshot"]) for one in (a, b))
        found = wk.diff(before, after)
        parts = {
            part: {"added": list(held.added), "removed": list(held.removed), "changed": list(held.changed)}
            for part, held in (("states", found.states), ("events", found.events))
        }
        return {"a": a, "b": b, **parts}

    def checkout(self, seen: Seen, id: str) -> Json:
        if seen.headers.get("if-match") != str(self.revs[id]):
            raise _Refused(409, {"detail": "stale"})
        self.worlds[id] = wk.load(self.version(seen, id, seen.body["versionId"])["snapshot"])
        self.revs[id] += 1
        return {"world": self.worlds[id].to_dict(), "rev": str(self.revs[id])}

    # ---- the rest --------------------------------------------------------------------------

    def token(self, seen: Seen) -> Json:
        return {"token": "t.o.k", "expiresIn": 60, "worldId": seen.body["worldId"], "slug": "lane", "jti": "1"}

    def perceive(self, seen: Seen) -> Json:
        return {"summary": seen.body["frame_b64"], "visible": ["a gate"], "affordances": [], "exits": ["north"]}

    def ground(self, seen: Seen) -> Json:
        spots = [{"label": one, "bbox": [0, 0, 1, 0.5], "confidence": 0.9} for one in seen.body["labels"]]
        return {"hotspots": spots}

    def seed_frame(self, seen: Seen) -> Json:
        return {"imageBase64": "aGk=", "mimeType": "image/png", "url": "u", "prompt": seen.body["prompt"]}

    def usage(self, seen: Seen) -> Json:
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
    ("GET", f"{_W}/versions", Plain.kept),
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
