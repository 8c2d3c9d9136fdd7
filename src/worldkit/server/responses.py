"""What /v1 answers, as JSON values; a world goes out as its document, key order and unknown fields included."""

from __future__ import annotations

from typing import TYPE_CHECKING

from worldkit.core.diagnostics import Diagnostics
from worldkit.core.document import json_of
from worldkit.core.json_values import Json
from worldkit.core.schema import CURRENT_VERSION
from worldkit.stores.protocol import StoredWorld, Version, WorldRef
from worldkit.world import World

if TYPE_CHECKING:
    from worldkit.comparison import Diff
    from worldkit.comparison.world_diff import Changes
    from worldkit.server.jobs import Job


def version_of(world: World) -> str:
    """Return the schema version a document is in."""
    return world.schema_version or CURRENT_VERSION


def created(stored: StoredWorld) -> Json:
    """Return the answer to a create."""
    body: Json = {"worldId": stored.id, "slug": None, "status": "ready", "schemaVersion": version_of(stored.world)}
    if stored.world.cover is not None:
        body["cover"] = stored.world.cover
    return body


def whole(stored: StoredWorld) -> Json:
    """Return a world with where it stands."""
    return {
        "world": json_of(stored.world),
        "rev": stored.rev,
        "schemaVersion": version_of(stored.world),
        "versionId": stored.version,
        "parent": stored.parent,
        "parentVersionId": stored.parent_version,
    }


def written(stored: StoredWorld) -> Json:
    """Return the answer to a graph write."""
    return {
        "world": json_of(stored.world),
        "rev": stored.rev,
        "diagnostics": stored.diagnostics.to_list(),
        "schemaVersion": version_of(stored.world),
        "versionId": stored.version,
    }


def forked(stored: StoredWorld) -> Json:
    """Return the answer to a fork."""
    return {**created(stored), "parent": stored.parent, "parentVersionId": stored.parent_version, "rev": stored.rev}


def item(ref: WorldRef) -> Json:
    """Return a line of the list of worlds; what it does not have is left out."""
    body: Json = {"id": ref.id, "name": ref.name}
    for name in ("description", "cover", "visibility", "slug"):
        if (value := getattr(ref, name)) is not None:
            body[name] = value
    if ref.updated_at is not None:
        body["updated_at"] = ref.updated_at.isoformat()
    return body


def version(one: Version) -> Json:
    """Return a version as a line of the list of versions."""
    return {
        "id": one.id,
        "parentVersionId": one.parent,
        "source": one.source,
        "title": one.title,
        "created_at": one.created_at.isoformat() if one.created_at else None,
        "rev": one.rev,
    }


def difference(a: str, b: str, diff: Diff) -> Json:
    """Return what differs between two versions; ``renamed`` and ``ops`` say more than the specification asks for."""
    return {
        "a": a,
        "b": b,
        "states": _changes(diff.states),
        "events": _changes(diff.events),
        "world": [change.path for change in diff.world],
        "ops": list(diff.ops),
    }


def _changes(changes: Changes) -> Json:
    return {
        "added": list(changes.added),
        "removed": list(changes.removed),
        "changed": list(changes.changed),
        "renamed": dict(changes.renamed),
    }


def lint_result(world: World, diagnostics: Diagnostics) -> Json:
    """Return what lint says."""
    from worldkit.playing.prompts import LIMIT, budget

    budgets = {id: budget(state) for id, state in world.states.items()}
    prompt = {"limit": LIMIT, "most": max(budgets.values(), default=0), "states": budgets}
    return {
        "ok": not diagnostics.errors,
        "diagnostics": diagnostics.to_list(),
        "counts": diagnostics.counts,
        "promptBudget": prompt,
    }


def job(one: Job) -> Json:
    """Return a job as it stands; what is not known yet is left out."""
    body: Json = {"jobId": one.id, "status": one.status}
    for name, value in (("phase", one.phase), ("progress", one.progress), ("worldId", one.world), ("error", one.error)):
        if value is not None:
            body[name] = value
    return body
