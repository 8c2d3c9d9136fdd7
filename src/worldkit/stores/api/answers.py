"""What comes back on the wire, read into values; the other half of ``wire``.

A reader takes what docs/spec/api-v1.md promises, leaves alone what it does not know, and says what it missed. What our
own server answers beside the specification is marked **ours**.
"""

from __future__ import annotations

import base64
import binascii
import dataclasses
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar

from worldkit.core.errors import ApiError, InvalidWorld
from worldkit.core.json_values import json_equal, quote
from worldkit.stores.api.protocol import Received, clean_rev, is_sendable
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
from worldkit.stores.api.server_words import diagnostics, safe_text
from worldkit.stores.pages import WorldRef
from worldkit.stores.versions import Version, Versions
from worldkit.world import World, load

Value = TypeVar("Value")


def unexpected(expected: str, value: object = None) -> ApiError:
    """Return the error for an answer that is not as the specification says."""
    found_text = "" if value is None else f", got {safe_text(quote(value), 80)}"
    return ApiError(f"the server's answer is not as docs/spec/api-v1.md says: expected {expected}{found_text}")


def text(answer: Mapping[str, Any], name: str) -> str:
    """Return a string of an answer; a whole number stands for its digits.

    Raises:
        ApiError: There is none.
    """
    value = answer.get(name)
    if type(value) is int:
        return str(value)
    if not isinstance(value, str) or not value:
        raise unexpected(f"{name!r}, a string", answer.get(name))
    return value


def optional_text(answer: Mapping[str, Any], name: str) -> str | None:
    """Return a string of an answer, None when it is missing or something else."""
    value = answer.get(name)
    return str(value) if isinstance(value, str) or type(value) is int else None


def number(value: object) -> float | None:
    """Return a number of an answer, None when it is something else or larger than a float."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    try:
        return float(value)
    except OverflowError:
        return None


def items_of(answer: Mapping[str, Any], name: str, parse: Callable[[Mapping[str, Any]], Value]) -> list[Value]:
    """Return the items of a list in an answer.

    Args:
        name: The name of the list.
        parse: Reads an item.

    Raises:
        ApiError: There is no such list.
    """
    items = answer.get(name)
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise unexpected(f"{name!r}, a list of objects", items)
    return [parse(item) for item in items]


_READERS: dict[str, Callable[[Mapping[str, Any], str], Any]] = {
    "str": text,
    "str | None": optional_text,
    "tuple[str, ...]": lambda answer, name: names(answer.get(name)),
    "datetime | None": lambda answer, name: parse_time(answer.get(name)),
}
"""How a field of a value is read, by its annotation."""


def value_of(kind: type[Value], answer: Mapping[str, Any], **given: Any) -> Value:
    """Return a value whose fields stand in an answer under their own names.

    Args:
        kind: A data class.
        given: The fields that are read in another way.

    Raises:
        ApiError: A field is missing that every answer has.
    """
    fields = {field.name: field.type for field in dataclasses.fields(kind) if field.name not in given}  # type: ignore[arg-type]
    return kind(**{name: _READERS[str(annotation)](answer, name) for name, annotation in fields.items()}, **given)


def rev_of(reply: Received) -> str:
    """Return the revision that an answer names in its body or its ``ETag``; an opaque word.

    Raises:
        ApiError: It names none, or one that cannot be sent back.
    """
    rev = reply.body.get("rev")
    named_rev = str(rev) if type(rev) is int else clean_rev(rev) if isinstance(rev, str) else ""
    value = named_rev or reply.etag
    if not value:
        raise unexpected("'rev' or an ETag, a revision", rev)
    if not is_sendable(value):
        raise unexpected("a revision of printable ASCII characters", value)
    return value


def rev_of_world(reply: Received) -> str | None:
    """Return the revision that a world is answered with; None when it comes without.

    In a flat world ``rev`` is a field of the document, so only the ``ETag`` names the revision.
    """
    if "scene" in reply.body:
        return reply.etag
    return rev_of(reply) if reply.etag or reply.body.get("rev") is not None else None


def world_of(answer: Mapping[str, Any]) -> World:
    """Return the world of an answer, bare or in an envelope.

    A server may write an absent field as null, where the document has no null.

    Raises:
        InvalidWorld: It is none.
        UnsupportedVersion: Its major schema version is unknown.
    """
    try:
        return load(answer)
    except InvalidWorld:
        without = _without_nulls(answer)
        if json_equal(without, answer):
            raise
        return load(without)


_MEANINGFUL_NULLS = ("drive", "hotkey", "cover")
"""Fields in which the document has nulls of its own."""


def _without_nulls(value: Any) -> Any:
    if isinstance(value, Mapping):
        present = {key: item for key, item in value.items() if item is not None or key in _MEANINGFUL_NULLS}
        return {key: _without_nulls(item) for key, item in present.items()}
    return [_without_nulls(item) for item in value] if isinstance(value, list) else value


def apply_errors(answer: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the operations that a server lists as not applied."""
    errors = answer.get("applyErrors")
    return tuple(map(str, errors)) if isinstance(errors, list) else ()


def job_of(answer: Mapping[str, Any]) -> Job:
    """Return a job; progress is a fraction, or a percentage when it is above 1."""
    share = number(answer.get("progress"))
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
    refs = items_of(answer, "worlds", ref_of)
    cursor = answer.get("nextCursor")
    if cursor is not None and not isinstance(cursor, str) and type(cursor) is not int:
        raise unexpected("'nextCursor', a string or null", cursor)
    return refs, optional_text(answer, "nextCursor") or None


def ref_of(line: Mapping[str, Any]) -> WorldRef:
    """Return a line of a list of worlds."""
    return value_of(WorldRef, line, name=optional_text(line, "name") or "untitled")


def parse_time(value: object) -> datetime | None:
    """Return a time in UTC, None when it is not written as one."""
    if not isinstance(value, str):
        return None
    try:
        time = datetime.fromisoformat(value)
        return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def scene_of(reply: Received) -> SceneAt:
    """Return a scene with its revision."""
    answer = reply.body
    states, events = answer.get("states"), answer.get("events")
    if not isinstance(states, dict) or not isinstance(events, list):
        raise unexpected("'states', an object, and 'events', a list", [type(states).__name__, type(events).__name__])
    return SceneAt(states, tuple(events), rev_of(reply))


def validation_of(answer: Mapping[str, Any]) -> Validation:
    """Return a validation."""
    document = answer.get("world")
    return Validation(
        ok(answer), diagnostics(answer.get("diagnostics")), world_of(document) if isinstance(document, dict) else None
    )


def linting_of(answer: Mapping[str, Any]) -> Linting:
    """Return what a server's rules found."""
    return Linting(ok(answer), diagnostics(answer.get("diagnostics")), answer.get("promptBudget"))


def ok(answer: Mapping[str, Any]) -> bool:
    """Return the verdict of an answer."""
    if not isinstance(answer.get("ok"), bool):
        raise unexpected("'ok', true or false", answer.get("ok"))
    return answer["ok"] is True


def version_of(line: Mapping[str, Any]) -> Version:
    """Return a line of a list of versions; **ours**: the revision."""
    return Version(
        text(line, "id"),
        optional_text(line, "parentVersionId"),
        optional_text(line, "title") or "",
        optional_text(line, "source"),
        parse_time(line.get("createdAt") or line.get("created_at")),
        optional_text(line, "rev"),
    )


def versions_of(answer: Mapping[str, Any]) -> Versions:
    """Return the versions, oldest first where they say when they were made; **ours**: which the world stands on.

    A list of ours is oldest first, whatever its times say: a clock may have gone back, and an import keeps times.
    """
    versions = items_of(answer, "versions", version_of)
    times = [line.created_at for line in versions if line.created_at is not None]
    if "head" not in answer and len(times) == len(versions) > 1 and times[0] > times[-1]:
        versions.reverse()  # newest first, as such lists often are
    return Versions(versions, optional_text(answer, "head"))


def snapshot_of(answer: Mapping[str, Any]) -> World:
    """Return the world of a version."""
    document = answer.get("snapshot")
    if not isinstance(document, dict):
        raise unexpected("'snapshot', a world", document)
    return world_of({key: answer[key] for key in ("schemaVersion", "snapshot") if key in answer})


def version_diff_of(answer: Mapping[str, Any]) -> VersionDiff:
    """Return what a server says differs between two versions."""

    def part(name: str) -> dict[str, tuple[str, ...]]:
        changes = answer.get(name)
        if not isinstance(changes, dict):
            raise unexpected(f"{name!r}, an object", changes)
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
    seconds = number(answer.get("expiresIn"))
    if seconds is None:
        raise unexpected("'expiresIn', seconds", answer.get("expiresIn"))
    return SessionToken(
        text(answer, "token"),
        seconds,
        text(answer, "worldId"),
        optional_text(answer, "slug"),
        optional_text(answer, "jti"),
    )


def perceived_of(answer: Mapping[str, Any]) -> Perceived:
    """Return what is seen in a frame."""
    summary = answer.get("summary")
    if not isinstance(summary, str):
        raise unexpected("'summary', a string", summary)
    lists = (answer.get(key) for key in ("visible", "affordances", "exits"))
    return Perceived(summary, *(tuple(values) if isinstance(values, list) else () for values in lists))


def hotspots_of(answer: Mapping[str, Any]) -> tuple[Hotspot, ...]:
    """Return where labels are seen."""
    items = answer.get("hotspots")
    if not isinstance(items, list):
        raise unexpected("'hotspots', a list", items)
    return tuple(_hotspot(item) for item in items)


def _hotspot(item: Any) -> Hotspot:
    box = item.get("bbox") if isinstance(item, dict) else None
    values = list(box.values()) if isinstance(box, dict) else box
    numbers = [number(value) for value in values] if isinstance(values, list) else []
    corners = tuple(value for value in numbers if value is not None)
    confidence = number(item.get("confidence")) if isinstance(item, dict) else None
    if not corners or len(corners) < len(numbers) or confidence is None:
        raise unexpected("a hotspot with 'label', 'bbox' and 'confidence'", item)
    return Hotspot(text(item, "label"), corners, confidence, optional_text(item, "choice_id"))


def seed_frame_of(answer: Mapping[str, Any]) -> SeedFrame:
    """Return a drawn picture."""
    data = text(answer, "imageBase64")
    try:
        image = base64.b64decode(data.partition(",")[2] if data.startswith("data:") else data, validate=True)
    except (binascii.Error, ValueError):
        raise unexpected("'imageBase64', base64") from None
    return SeedFrame(
        image, text(answer, "mimeType"), *(optional_text(answer, key) for key in ("url", "prompt", "art_style"))
    )


def usage_of(answer: Mapping[str, Any]) -> Usage:
    """Return what of the quota is used."""
    used_counts, caps = (_counts(answer.get(key), key) for key in ("usage", "caps"))
    resets_at, plan = parse_time(answer.get("resets_at")), optional_text(answer, "plan")
    return Usage(text(answer, "day"), used_counts, caps, resets_at, plan)


def _counts(value: object, name: str) -> dict[str, int]:
    if not isinstance(value, dict):
        raise unexpected(f"{name!r}, an object of numbers", value)
    counts = {kind: number(count) for kind, count in value.items()}
    return {kind: int(count) for kind, count in counts.items() if count is not None}
