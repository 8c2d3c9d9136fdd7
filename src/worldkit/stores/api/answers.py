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
from worldkit.stores.api.error_mapping import diagnostics, safe_text
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


def _wrong(expected: str, value: object = None) -> ApiError:
    got = "" if value is None else f", got {safe_text(quote(value), 80)}"
    return ApiError(f"the server's answer is not as docs/spec/api-v1.md says: expected {expected}{got}")


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


def optional_text(answer: Mapping[str, Any], name: str) -> str | None:
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
    detail = error.get("detail") or error.get("message") if isinstance(error, dict) else error
    return Job(
        text(answer, "jobId"),
        text(answer, "status"),
        safe_text(answer["phase"], 120) if isinstance(answer.get("phase"), str) else None,
        share,
        optional_text(answer, "worldId"),
        safe_text(detail) if detail else None,
    )


def refs_of(answer: Mapping[str, Any]) -> tuple[list[WorldRef], str | None]:
    """Return a page of worlds, and the cursor of the next."""
    lines = answer.get("worlds")
    if not isinstance(lines, list) or not all(isinstance(line, dict) for line in lines):
        raise _wrong("'worlds', a list of objects", lines)
    return [ref_of(line) for line in lines], optional_text(answer, "nextCursor")


def ref_of(line: Mapping[str, Any]) -> WorldRef:
    """Return a line of a list of worlds."""
    return WorldRef(
        text(line, "id"),
        optional_text(line, "name") or "untitled",
        optional_text(line, "description"),
        optional_text(line, "cover"),
        optional_text(line, "visibility"),
        optional_text(line, "slug"),
        parse_time(line.get("updated_at")),
    )


def parse_time(value: object) -> datetime | None:
    """Return a time in UTC, None when it is not written as one."""
    if not isinstance(value, str):
        return None
    try:
        time = datetime.fromisoformat(value)
    except ValueError:
        return None
    return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)


def scene_of(answer: Mapping[str, Any]) -> SceneAt:
    """Return a scene; **ours**: whether exact operations are taken."""
    states, events = answer.get("states"), answer.get("events")
    if not isinstance(states, dict) or not isinstance(events, list):
        raise _wrong("'states', an object, and 'events', a list", [type(states).__name__, type(events).__name__])
    return SceneAt(states, tuple(events), rev_of(answer), answer.get("exactOps") is True)


def validation_of(answer: Mapping[str, Any]) -> Validation:
    """Return a validation."""
    document = answer.get("world")
    return Validation(
        ok(answer), diagnostics(answer.get("diagnostics")), load(document) if isinstance(document, dict) else None
    )


def linting_of(answer: Mapping[str, Any]) -> Linting:
    """Return what a server's rules found."""
    return Linting(ok(answer), diagnostics(answer.get("diagnostics")), answer.get("promptBudget"))


def ok(answer: Mapping[str, Any]) -> bool:
    """Return the verdict of an answer."""
    if not isinstance(answer.get("ok"), bool):
        raise _wrong("'ok', true or false", answer.get("ok"))
    return answer["ok"] is True


def version_of(line: Mapping[str, Any]) -> Version:
    """Return a line of a list of versions; **ours**: the revision."""
    return Version(
        text(line, "id"),
        optional_text(line, "parentVersionId"),
        optional_text(line, "title") or "",
        optional_text(line, "source"),
        parse_time(line.get("created_at")),
        optional_text(line, "rev"),
    )


def versions_of(answer: Mapping[str, Any]) -> Versions:
    """Return the versions, oldest first where they say when they were made; **ours**: which the world stands on."""
    lines = answer.get("versions")
    if not isinstance(lines, list) or not all(isinstance(line, dict) for line in lines):
        raise _wrong("'versions', a list of objects", lines)
    parsed = [version_of(line) for line in lines]
    times = [line.created_at for line in parsed if line.created_at is not None]
    if len(times) == len(parsed) > 1 and times[0] > times[-1]:
        parsed.reverse()  # newest first, as such lists often are
    return Versions(parsed, optional_text(answer, "head"))


def snapshot_of(answer: Mapping[str, Any]) -> World:
    """Return the world of a version."""
    document = answer.get("snapshot")
    if not isinstance(document, dict):
        raise _wrong("'snapshot', a world", document)
    return world_of(document)


def version_diff_of(answer: Mapping[str, Any]) -> VersionDiff:
    """Return what a server says differs between two versions."""

    def part(name: str) -> dict[str, tuple[str, ...]]:
        changes = answer.get(name)
        if not isinstance(changes, dict):
            raise _wrong(f"{name!r}, an object", changes)
        return {kind: names(changes.get(kind)) for kind in ("added", "removed", "changed")}

    return VersionDiff(text(answer, "a"), text(answer, "b"), part("states"), part("events"))


def names(value: object) -> tuple[str, ...]:
    """Return ids that stand as strings, as the keys of an object, or as objects with an ``id`` or a ``name``."""
    if not isinstance(value, (list, dict)):
        return ()
    ids = [item.get("id") or item.get("name") if isinstance(item, dict) else item for item in value]
    return tuple(item for item in ids if isinstance(item, str))


def token_of(answer: Mapping[str, Any]) -> SessionToken:
    """Return a session token."""
    seconds = answer.get("expiresIn")
    if not isinstance(seconds, (int, float)) or isinstance(seconds, bool):
        raise _wrong("'expiresIn', seconds", seconds)
    return SessionToken(
        text(answer, "token"),
        float(seconds),
        text(answer, "worldId"),
        optional_text(answer, "slug"),
        optional_text(answer, "jti"),
    )


def perceived_of(answer: Mapping[str, Any]) -> Perceived:
    """Return what is seen in a frame."""
    lists = (answer.get(key) for key in ("visible", "affordances", "exits"))
    return Perceived(text(answer, "summary"), *(tuple(values) if isinstance(values, list) else () for values in lists))


def hotspots_of(answer: Mapping[str, Any]) -> tuple[Hotspot, ...]:
    """Return where labels are seen."""
    items = answer.get("hotspots")
    if not isinstance(items, list):
        raise _wrong("'hotspots', a list", items)
    return tuple(_hotspot(item) for item in items)


def _hotspot(item: Any) -> Hotspot:
    box = item.get("bbox") if isinstance(item, dict) else None
    values = list(box.values()) if isinstance(box, dict) else box
    numbers = values if isinstance(values, list) else []
    confidence = item.get("confidence") if isinstance(item, dict) else None
    if not numbers or not all(isinstance(number, (int, float)) for number in [*numbers, confidence]):
        raise _wrong("a hotspot with 'label', 'bbox' and 'confidence'", item)
    return Hotspot(
        text(item, "label"), tuple(map(float, numbers)), float(confidence or 0), optional_text(item, "choice_id")
    )


def seed_frame_of(answer: Mapping[str, Any]) -> SeedFrame:
    """Return a drawn picture."""
    try:
        image = base64.b64decode(picture(text(answer, "imageBase64")), validate=True)
    except (binascii.Error, ValueError):
        raise _wrong("'imageBase64', base64") from None
    return SeedFrame(
        image, text(answer, "mimeType"), *(optional_text(answer, key) for key in ("url", "prompt", "art_style"))
    )


def usage_of(answer: Mapping[str, Any]) -> Usage:
    """Return what of the quota is used."""
    used, caps = (_counts(answer.get(key), key) for key in ("usage", "caps"))
    return Usage(text(answer, "day"), used, caps)


def _counts(value: object, name: str) -> dict[str, int]:
    if not isinstance(value, dict):
        raise _wrong(f"{name!r}, an object of numbers", value)
    return {kind: count for kind, count in value.items() if type(count) is int}
