"""What comes back on the wire, read into values; the other half of ``wire``.

A reader takes what docs/spec/api-v1.md promises, leaves alone what it does not know, and says what it missed. What our
own server answers beside the specification is marked **ours**.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from worldkit.core.errors import ApiError
from worldkit.core.json_values import quote
from worldkit.stores.api.error_mapping import diagnostics, told
from worldkit.stores.api.results import (
    Hotspot,
    Job,
    Linting,
    Perceived,
    SceneAt,
    SeedFrame,
    SessionToken,
    Usage,
    Validation,
    VersionDiff,
)
from worldkit.stores.api.wire import picture
from worldkit.stores.protocol import Version, Versions, WorldRef
from worldkit.world import World, load


def _wrong(what: str, value: object = None) -> ApiError:
    found = "" if value is None else f", got {told(quote(value), 80)}"
    return ApiError(f"the server's answer is not as docs/spec/api-v1.md says: expected {what}{found}")


def text(answer: Mapping[str, Any], name: str) -> str:
    """Return a string of an answer; a whole number stands for its digits.

    Raises:
        ApiError: There is none.
    """
    value = answer.get(name)
    if type(value) is int:
        return str(value)
    if not isinstance(value, str) or not value:
        raise _wrong(f"{name!r}, a string", answer.get(name))
    return value


def maybe(answer: Mapping[str, Any], name: str) -> str | None:
    """Return a string of an answer, None when it is missing or something else."""
    value = answer.get(name)
    return str(value) if isinstance(value, str) or type(value) is int else None


def rev_of(answer: Mapping[str, Any]) -> str:
    """Return the revision an answer names."""
    rev = text(answer, "rev")
    if not (rev.isascii() and rev.isdigit() and len(rev) < 19):
        raise _wrong("'rev', a decimal string", rev)
    return rev


def world_of(answer: Mapping[str, Any]) -> World:
    """Return the world of an answer, bare or in an envelope.

    Raises:
        InvalidWorld: It is none.
        UnsupportedVersion: Its major schema version is unknown.
    """
    return load(answer)


def names_rev(answer: Mapping[str, Any]) -> bool:
    """**Ours**: say whether a world comes with its revision; in a bare one ``rev`` is a field of the document."""
    return "rev" in answer and "scene" not in answer


def job_of(answer: Mapping[str, Any]) -> Job:
    """Return a job; progress is a fraction, or a percentage when it is above 1."""
    progress = answer.get("progress")
    share = float(progress) if isinstance(progress, (int, float)) and not isinstance(progress, bool) else None
    if share is not None:
        share = min(1.0, max(0.0, share / 100 if share > 1 else share))
    error = answer.get("error")
    said = error.get("detail") or error.get("message") if isinstance(error, dict) else error
    return Job(
        text(answer, "jobId"),
        text(answer, "status"),
        told(answer["phase"], 120) if isinstance(answer.get("phase"), str) else None,
        share,
        maybe(answer, "worldId"),
        told(said) if said else None,
    )


def refs_of(answer: Mapping[str, Any]) -> tuple[list[WorldRef], str | None]:
    """Return a page of worlds, and the cursor of the next."""
    found = answer.get("worlds")
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise _wrong("'worlds', a list of objects", found)
    return [ref_of(one) for one in found], maybe(answer, "nextCursor")


def ref_of(one: Mapping[str, Any]) -> WorldRef:
    """Return a line of a list of worlds."""
    return WorldRef(
        text(one, "id"),
        maybe(one, "name") or "untitled",
        maybe(one, "description"),
        maybe(one, "cover"),
        maybe(one, "visibility"),
        maybe(one, "slug"),
        when(one.get("updated_at")),
    )


def when(value: object) -> datetime | None:
    """Return a time in UTC, None when it is not written as one."""
    if not isinstance(value, str):
        return None
    try:
        read = datetime.fromisoformat(value)
    except ValueError:
        return None
    return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)


def scene_of(answer: Mapping[str, Any]) -> SceneAt:
    """Return a scene; **ours**: whether exact operations are taken."""
    states, events = answer.get("states"), answer.get("events")
    if not isinstance(states, dict) or not isinstance(events, list):
        raise _wrong("'states', an object, and 'events', a list", [type(states).__name__, type(events).__name__])
    return SceneAt(states, tuple(events), rev_of(answer), answer.get("exactOps") is True)


def validation_of(answer: Mapping[str, Any]) -> Validation:
    """Return a validation."""
    held = answer.get("world")
    return Validation(
        ok(answer), diagnostics(answer.get("diagnostics")), load(held) if isinstance(held, dict) else None
    )


def linting_of(answer: Mapping[str, Any]) -> Linting:
    """Return what a server's rules found."""
    return Linting(ok(answer), diagnostics(answer.get("diagnostics")), answer.get("promptBudget"))


def ok(answer: Mapping[str, Any]) -> bool:
    """Return the verdict of an answer."""
    if not isinstance(answer.get("ok"), bool):
        raise _wrong("'ok', true or false", answer.get("ok"))
    return answer["ok"] is True


def version_of(one: Mapping[str, Any]) -> Version:
    """Return a line of a list of versions; **ours**: the revision."""
    return Version(
        text(one, "id"),
        maybe(one, "parentVersionId"),
        maybe(one, "title") or "",
        maybe(one, "source"),
        when(one.get("created_at")),
        maybe(one, "rev"),
    )


def versions_of(answer: Mapping[str, Any]) -> Versions:
    """Return the versions, oldest first where they say when they were made; **ours**: which the world stands on."""
    found = answer.get("versions")
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise _wrong("'versions', a list of objects", found)
    read = [version_of(one) for one in found]
    times = [one.created_at for one in read if one.created_at is not None]
    if len(times) == len(read) > 1 and times[0] > times[-1]:
        read.reverse()  # newest first, as such lists often are
    return Versions(read, maybe(answer, "head"))


def snapshot_of(answer: Mapping[str, Any]) -> World:
    """Return the world of a version."""
    held = answer.get("snapshot")
    if not isinstance(held, dict):
        raise _wrong("'snapshot', a world", held)
    return world_of(held)


def version_diff_of(answer: Mapping[str, Any]) -> VersionDiff:
    """Return what a server says differs between two versions."""

    def part(name: str) -> dict[str, tuple[str, ...]]:
        held = answer.get(name)
        if not isinstance(held, dict):
            raise _wrong(f"{name!r}, an object", held)
        return {kind: names(held.get(kind)) for kind in ("added", "removed", "changed")}

    return VersionDiff(text(answer, "a"), text(answer, "b"), part("states"), part("events"))


def names(held: object) -> tuple[str, ...]:
    """Return ids that stand as strings, as the keys of an object, or as objects with an ``id`` or a ``name``."""
    if not isinstance(held, (list, dict)):
        return ()
    read = [one.get("id") or one.get("name") if isinstance(one, dict) else one for one in held]
    return tuple(one for one in read if isinstance(one, str))


def token_of(answer: Mapping[str, Any]) -> SessionToken:
    """Return a session token."""
    seconds = answer.get("expiresIn")
    if not isinstance(seconds, (int, float)) or isinstance(seconds, bool):
        raise _wrong("'expiresIn', seconds", seconds)
    return SessionToken(
        text(answer, "token"), float(seconds), text(answer, "worldId"), maybe(answer, "slug"), maybe(answer, "jti")
    )


def perceived_of(answer: Mapping[str, Any]) -> Perceived:
    """Return what is seen in a frame."""
    lists = (answer.get(key) for key in ("visible", "affordances", "exits"))
    return Perceived(text(answer, "summary"), *(tuple(held) if isinstance(held, list) else () for held in lists))


def hotspots_of(answer: Mapping[str, Any]) -> tuple[Hotspot, ...]:
    """Return where labels are seen."""
    found = answer.get("hotspots")
    if not isinstance(found, list):
        raise _wrong("'hotspots', a list", found)
    return tuple(_hotspot(one) for one in found)


def _hotspot(one: Any) -> Hotspot:
    box = one.get("bbox") if isinstance(one, dict) else None
    values = list(box.values()) if isinstance(box, dict) else box
    numbers = values if isinstance(values, list) else []
    sure = one.get("confidence") if isinstance(one, dict) else None
    if not numbers or not all(isinstance(part, (int, float)) for part in [*numbers, sure]):
        raise _wrong("a hotspot with 'label', 'bbox' and 'confidence'", one)
    return Hotspot(text(one, "label"), tuple(map(float, numbers)), float(sure or 0), maybe(one, "choice_id"))


def seed_frame_of(answer: Mapping[str, Any]) -> SeedFrame:
    """Return a drawn picture."""
    try:
        image = base64.b64decode(picture(text(answer, "imageBase64")), validate=True)
    except (binascii.Error, ValueError):
        raise _wrong("'imageBase64', base64") from None
    return SeedFrame(image, text(answer, "mimeType"), *(maybe(answer, key) for key in ("url", "prompt", "art_style")))


def usage_of(answer: Mapping[str, Any]) -> Usage:
    """Return what of the quota is used."""
    used, caps = (_counts(answer.get(key), key) for key in ("usage", "caps"))
    return Usage(text(answer, "day"), used, caps)


def _counts(held: object, name: str) -> dict[str, int]:
    if not isinstance(held, dict):
        raise _wrong(f"{name!r}, an object of numbers", held)
    return {kind: count for kind, count in held.items() if type(count) is int}
