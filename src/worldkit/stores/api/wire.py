"""What is asked for on the wire: the paths, queries and bodies of docs/spec/api-v1.md.

With ``answers``, which reads what comes back, this holds every assumption about the wire. Pure functions. What our own
server (``worldkit serve``) knows beside the specification is marked **ours**; ``calls`` gets by without it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote as percent_encode

from worldkit.core.argument_ranges import expect_count
from worldkit.core.document import json_of
from worldkit.core.errors import ApiNotFound, WrongArgument
from worldkit.core.json_values import Json, quote
from worldkit.stores.api.frames import read_frame, read_picture
from worldkit.stores.api.protocol import Request
from worldkit.world import World

WORLDS_PATH = "/v1/worlds"
MAX_PAGE_SIZE = 500
"""Worlds on a page at the most."""

FULL_LIST_PAGE_SIZE = 100
"""Worlds on a page when all pages are read."""

MODEL_PATIENCE = 10.0
"""How many times the usual timeout a call may take that a model answers."""

SERVER_FIELDS = ("id", "name", "description", "cover", "schemaVersion", "slug", "visibility")
"""Fields of a document that belong to the server: it may fill them in, and no operation sets them."""

_SAFE_SEGMENT = re.compile(r"[^/\\\x00-\x1f\x7f]+")


def segment(text: str) -> str:
    """Return a name as one part of a path.

    Raises:
        ApiNotFound: It cannot be one: it is empty, a dot or two, or holds a slash.
    """
    if not is_path_segment(text):
        raise ApiNotFound(f"{quote(text)} is no id: expected one without slashes and control characters")
    try:
        return percent_encode(text, safe="")
    except UnicodeEncodeError:
        raise ApiNotFound(f"{quote(text)} is no id: it holds half of a surrogate pair") from None


def is_path_segment(text: object) -> bool:
    """Say whether a name can be a part of a path; servers and what stands before them mend others in different ways."""
    return isinstance(text, str) and bool(_SAFE_SEGMENT.fullmatch(text)) and text.strip(". ") != ""


def _world(id: str, *parts: str) -> str:
    return "/".join([WORLDS_PATH, segment(id), *parts])


def present(**fields: Any) -> Json:
    """Return the fields that are given."""
    return {key: value for key, value in fields.items() if value is not None}


def _write(method: str, path: str, body: Json | None = None, **options: Any) -> Request:
    return Request(method, path, body=body, scope="worlds:write", **options)


def create_world(world: World, name: str | None, key: str) -> Request:
    """**Ours**: a whole document in ``world``. The specification makes worlds from premises only."""
    raw = json_of(world) if name is None else {**json_of(world), "name": name}
    return _write("POST", WORLDS_PATH, present(world=raw, name=name), key=key)


def create_from_premise(premise: str, name: str | None, key: str) -> Request:
    """Ask for a world made from a premise, and wait for it."""
    return _write("POST", WORLDS_PATH, {"premise": premise, **present(name=name)}, key=key, patience=MODEL_PATIENCE)


def generate_world(
    premise: str,
    name: str | None,
    pov: str | None,
    frame: str | os.PathLike[str] | bytes | None,
    seed: int | None,
    key: str,
) -> Request:
    """Ask for a world made from a premise, as a job; a frame is a picture or its address. **Ours**: with a seed."""
    frame_fields: Json = {}
    if frame is not None:
        picture = read_frame(frame)
        frame_fields = {"frame_url": picture.url} if picture.url else {"frame_b64": picture.base64}
    # a picture may stand in place of a premise
    premise_fields = {} if frame_fields and not premise.strip() else {"premise": premise}
    body = {**premise_fields, **present(name=name, pov=pov, seed=seed), **frame_fields, "async": True}
    return _write("POST", WORLDS_PATH, body, key=key, patience=MODEL_PATIENCE)


def cancel(id: str) -> Request:
    """End a job before it is done; **ours**."""
    return Request("DELETE", f"/v1/jobs/{segment(id)}", scope="worlds:write")


def job(id: str) -> Request:
    """Ask how a job stands."""
    return Request("GET", f"/v1/jobs/{segment(id)}")


def worlds(limit: int, cursor: str | None, name: str | None = None) -> Request:
    """Ask for a page of worlds; **ours**: only those of a name."""
    expect_count(limit, "limit", maximum=MAX_PAGE_SIZE)
    return Request("GET", WORLDS_PATH, present(limit=str(limit), cursor=cursor, name=name))


def world(id: str) -> Request:
    """Ask for a world."""
    return Request("GET", _world(id))


def describe(id: str, fields: Mapping[str, str | None]) -> Request:
    """Set what a list says of a world; null removes."""
    unknown = fields.keys() - {"name", "description", "cover", "visibility"}
    if unknown:
        raise WrongArgument("fields", "name, description, cover and visibility", quote(sorted(unknown)))
    return _write("PATCH", _world(id), dict(fields))


def delete_world(id: str) -> Request:
    """Delete a world."""
    return _write("DELETE", _world(id))


def fork(id: str, name: str | None, version: str | None, key: str) -> Request:
    """Copy a world; **ours**: under a name, and as it was in a version."""
    return _write("POST", _world(id, "forks"), present(name=name, versionId=version), key=key)


def scene(id: str) -> Request:
    """Ask for a world's graph and its revision."""
    return Request("GET", _world(id, "scene"))


def ops(id: str, batch: Sequence[Json], strict: bool, rev: str, key: str) -> Request:
    """Write a batch; **ours**: strictly."""
    body: Json = {"ops": list(batch), "expectedRev": rev, **({"strict": True} if strict else {})}
    return _write("POST", _world(id, "ops"), body, rev=rev, key=key)


def one_op(id: str, op: Json, rev: str, key: str) -> Request:
    """Write one operation by a call of its own; as a batch where a name or a field of it does not fit into the call."""
    body: Json | None = None
    match op:
        case {"op": "add_state", "state": fields} if not fields.keys() & {"expectedRev", *op.keys() & {"id"}}:
            method, place, body = "POST", ["states"], {**present(id=op.get("id")), **fields}
        case {"op": "add_event", "event": fields} if "expectedRev" not in fields:
            method, place, body = "POST", ["events"], fields
        case {"op": "update_state", "id": name, "patch": patch} if is_path_segment(name):
            method, place, body = "PATCH", ["states", segment(name)], _patch_body(patch)
        case {"op": "update_event", "name": name, "patch": patch} if is_path_segment(name):
            method, place, body = "PATCH", ["events", segment(name)], _patch_body(patch)
        case {"op": "delete_state", "id": name} if is_path_segment(name):
            method, place = "DELETE", ["states", segment(name)]
        case {"op": "delete_event", "name": name} if is_path_segment(name):
            method, place = "DELETE", ["events", segment(name)]
        case {"op": "set_entrance"}:
            method, place, body = "PATCH", ["entrance"], {key: value for key, value in op.items() if key != "op"}
        case _:
            return ops(id, [op], False, rev, key)
    return _write(method, _world(id, *place), body, rev=rev, key=key, op=op["op"])


def _patch_body(patch: Json) -> Json:
    """Return a patch as a body; nested where one of its fields would be taken for a field of the call."""
    return {"patch": patch} if patch.keys() & {"patch", "expectedRev"} else patch


def check_world(id: str, check: str, world: World | None) -> Request:
    """``"validate"`` or ``"lint"``: the world as it stands there, or one given."""
    return Request("POST", _world(id, check), body={} if world is None else {"world": json_of(world)})


def edit(id: str, instruction: str, verified: Sequence[str] | None, rev: str, key: str) -> Request:
    """Have an instruction carried out by a model."""
    objects = None if verified is None else list(verified)
    body = {"instruction": instruction, "expectedRev": rev, **present(verifiedObjects=objects)}
    return _write("POST", _world(id, "edit"), body, rev=rev, key=key, patience=MODEL_PATIENCE)


def snapshot(id: str, title: str | None, parent: str | None, source: str | None, key: str) -> Request:
    """Keep a version."""
    return _write("POST", _world(id, "versions"), present(title=title, parentVersionId=parent, source=source), key=key)


def versions(id: str) -> Request:
    """Ask for a world's versions."""
    return Request("GET", _world(id, "versions"))


def version(id: str, version: str) -> Request:
    """Ask for a version."""
    return Request("GET", _world(id, "versions", segment(version)))


def retitle(id: str, version: str, title: str) -> Request:
    """Give a version another title."""
    return _write("PATCH", _world(id, "versions", segment(version)), {"title": title})


def prune(id: str, version: str) -> Request:
    """Forget a version."""
    return _write("DELETE", _world(id, "versions", segment(version)))


def version_diff(id: str, a: str, b: str) -> Request:
    """Ask what differs between two versions."""
    return Request("GET", _world(id, "versions", segment(a), "diff", segment(b)))


def checkout(id: str, version: str, rev: str, key: str) -> Request:
    """Go back to a version."""
    return _write("POST", _world(id, "checkout"), {"versionId": version, "expectedRev": rev}, rev=rev, key=key)


def session_token(id: str, player: str | None, origin: str | None, seconds: int | None) -> Request:
    """Mint a token. It is metered and the specification knows no idempotency for it, so it is never sent twice."""
    expect_count(seconds, "seconds", or_none=True)
    body = {"worldId": id, **present(playerIdentity=player, origin=origin, ttlSeconds=seconds)}
    return Request("POST", "/v1/sessions/token", body=body, scope="sessions:mint")


def perceive(frame: str | os.PathLike[str] | bytes, room_name: str | None, room_description: str | None) -> Request:
    """Ask what is seen in a frame."""
    body = {"frame_b64": read_picture(frame).base64, **present(room_name=room_name, room_description=room_description)}
    return Request("POST", "/v1/perceive", body=body, patience=MODEL_PATIENCE)


def ground(frame: str | os.PathLike[str] | bytes, labels: Sequence[str]) -> Request:
    """Ask where labels are seen in a frame."""
    body = {"frame_b64": read_picture(frame).base64, "labels": list(labels)}
    return Request("POST", "/v1/ground/objects", body=body, patience=MODEL_PATIENCE)


def seed_frame(prompt: str, pov: str | None, mood: str | None, style: str | None) -> Request:
    """Have a first picture drawn."""
    body = {"prompt": prompt, **present(pov=pov, mood=mood, style=style)}
    return _write("POST", "/v1/seed-frame", body, patience=MODEL_PATIENCE)


def usage() -> Request:
    """Ask what of the quota is used."""
    return Request("GET", "/v1/usage")
