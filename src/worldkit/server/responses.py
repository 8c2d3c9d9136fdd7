"""What /v1 answers, as JSON values; a world goes out as its document, key order and unknown fields included."""

from __future__ import annotations

from typing import TYPE_CHECKING

from worldkit.comparison import diff
from worldkit.core.diagnostics import Diagnostics
from worldkit.core.document import json_of
from worldkit.core.json_values import Json, dumps
from worldkit.core.prompt_parts import MAX_PROMPT_LENGTH
from worldkit.core.schema import CURRENT_VERSION
from worldkit.playing.prompts import budget
from worldkit.server import hosted_world
from worldkit.server.hosted_world import hosted_document
from worldkit.server.wire_times import wire_time
from worldkit.stores.pages import WorldRef
from worldkit.stores.stored_world import StoredWorld
from worldkit.stores.versions import Version
from worldkit.world import World

if TYPE_CHECKING:
    from worldkit.server.jobs import ServerJob


def version_of(world: World) -> str:
    """Return the schema version a document is in."""
    return world.schema_version or CURRENT_VERSION


def created(stored_world: StoredWorld) -> Json:
    """Return the answer to a create."""
    return {
        "worldId": stored_world.id,
        "slug": None,
        "ok": hosted_world.is_sound(stored_world.world),
        "cover": stored_world.world.cover,
        "schemaVersion": version_of(stored_world.world),
    }


def whole(stored_world: StoredWorld) -> Json:
    """Return a world beside what is known of it, in worldkit's own dialect: the document is exactly the one kept."""
    return {
        "world": json_of(stored_world.world),
        "rev": stored_world.rev,
        "schemaVersion": version_of(stored_world.world),
        "versionId": stored_world.version,
        "parent": stored_world.parent,
        "parentVersionId": stored_world.parent_version,
    }


def written_exactly(stored_world: StoredWorld) -> Json:
    """Return the answer to a graph write in worldkit's own dialect: with what the write took along."""
    return {
        "world": json_of(stored_world.world),
        "rev": stored_world.rev,
        "diagnostics": stored_world.diagnostics.to_list(),
        "schemaVersion": version_of(stored_world.world),
        "versionId": stored_world.version,
    }


def written(stored_world: StoredWorld, advice: list[Json]) -> Json:
    """Return the answer to a graph write.

    Args:
        stored_world: The world after it.
        advice: The warnings and infos of the rules.
    """
    return {
        "world": hosted_document(stored_world.world, stored_world.id),
        "diagnostics": advice,
        "rev": stored_world.rev,
        "schemaVersion": version_of(stored_world.world),
    }


def checked_out(stored_world: StoredWorld) -> Json:
    """Return the answer to going back to a version."""
    return {"world": hosted_document(stored_world.world, stored_world.id), "rev": stored_world.rev}


def forked(stored_world: StoredWorld) -> Json:
    """Return the answer to a fork."""
    origin = {"parent": stored_world.parent, "parentVersionId": stored_world.parent_version}
    return {
        "worldId": stored_world.id,
        "schemaVersion": version_of(stored_world.world),
        **origin,
        "rev": stored_world.rev,
    }


def item(ref: WorldRef) -> Json:
    """Return a line of the list of worlds."""
    line: Json = {name: getattr(ref, name) for name in ("id", "slug", "name", "description", "cover", "visibility")}
    return {**line, "created_at": wire_time(ref.created_at), "updated_at": wire_time(ref.updated_at)}


def version(one: Version, world: str) -> Json:
    """Return a version as a node of the tree; ``created_at`` is ``createdAt`` again, for the Studio's client.

    Args:
        world: Its world's id.
    """
    created_at = wire_time(one.created_at)
    return {
        "id": one.id,
        "worldId": world,
        "parentVersionId": one.parent,
        "source": one.source,
        "title": one.title or None,
        "createdAt": created_at,
        "created_at": created_at,
        "rev": one.rev,
    }


def difference(a: str, b: str, before: World, after: World) -> Json:
    """Return what differs between two versions: states by id, events by name, compared as they are written.

    ``renamed``, ``world`` and ``ops`` say more than the specification asks for.

    Args:
        a, b: The versions.
        before, after: What they hold.
    """
    difference = diff(before, after)
    old, new = (json_of(world)["scene"] for world in (before, after))
    events = ({event["name"]: event for event in scene["events"]} for scene in (old, new))
    return {
        "a": a,
        "b": b,
        "states": {**_changes(old["states"], new["states"]), "renamed": dict(difference.states.renamed)},
        "events": {**_changes(*events), "renamed": dict(difference.events.renamed)},
        "world": [change.path for change in difference.world],
        "ops": list(difference.ops),
    }


def _changes(before: Json, after: Json) -> Json:
    in_both = [id for id in after if id in before]
    return {
        "added": [id for id in after if id not in before],
        "removed": [id for id in before if id not in after],
        "changed": [id for id in in_both if dumps(before[id], None) != dumps(after[id], None)],
    }


def lint_result(world: World, diagnostics: Diagnostics) -> Json:
    """Return what lint says, and how long the prompts of a world are."""
    lengths = {id: budget(state) for id, state in world.states.items()}
    prompts = {"limit": MAX_PROMPT_LENGTH, "most": max(lengths.values(), default=0), "states": lengths}
    return {**lint_findings(diagnostics), "prompts": prompts}


def lint_findings(diagnostics: Diagnostics) -> Json:
    """Return what lint says of a document that may be no world."""
    return {
        "ok": not diagnostics.errors,
        "diagnostics": diagnostics.to_list(),
        "counts": diagnostics.counts,
        "promptBudget": MAX_PROMPT_LENGTH,
        "prompts": {"limit": MAX_PROMPT_LENGTH, "most": 0, "states": {}},
    }


def job(one: ServerJob) -> Json:
    """Return a job as it stands; ``problem`` is the whole problem behind ``error``."""
    body: Json = {
        "jobId": one.id,
        "status": one.status,
        "phase": one.phase,
        "progress": one.progress or 0.0,
        "worldId": one.world,
        "error": None if one.error is None else str(one.error.get("detail", "")),
        "schemaVersion": CURRENT_VERSION,
    }
    return body if one.error is None else {**body, "problem": one.error}
