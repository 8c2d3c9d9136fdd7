"""A world as a hosted server answers it: with id, name, entrance, and both pairs in every state (docs/spec/smworld.md).

What is missing is filled in where a world is written in the hosted profile, and again where one is answered, because
worldkit's own client may have written it as it is. The gate that a write passes is in docs/spec/rules.md.
"""

from __future__ import annotations

from worldkit.core.conversion import completed_state
from worldkit.core.diagnostics import Diagnostics
from worldkit.core.document import from_json, json_of
from worldkit.core.errors import RuleViolation
from worldkit.core.json_values import Json
from worldkit.core.schema import CURRENT_VERSION
from worldkit.editing.hosted_form import entrance_state
from worldkit.world import World


def hosted_document(world: World, id: str) -> Json:
    """Return a world flat, as a hosted server answers it: ``id`` first, then the document's own fields.

    Args:
        id: Its id on this server.
    """
    document = completed_document(json_of(world))
    head = {"id": id, "name": world.name or "untitled"}
    entrance = document.get("entrance") or {"state": next(iter(document["scene"]["states"]), "")}
    required_fields = {"entrance": entrance, "schemaVersion": document.get("schemaVersion") or CURRENT_VERSION}
    return {**head, **document, **head, **required_fields}


def completed(world: World) -> World:
    """Return a world whose states all have both pairs; the same one when they do already."""
    document = json_of(world)
    completed_json = completed_document(document)
    return world if completed_json is document else from_json(World, completed_json)


def with_frame(world: World, frame: str) -> World:
    """Return a world whose entrance and cover show the picture it was made from (docs/spec/frames.md).

    Args:
        frame: The picture, as a ``data:`` URL.
    """
    document = json_of(world)
    entrance = document.get("entrance") or {"state": next(iter(document["scene"]["states"]), "")}
    return from_json(World, {**document, "cover": frame, "entrance": {**entrance, "image": {"src": frame}}})


def completed_document(document: Json) -> Json:
    """Return a document whose states all have both pairs; the same one when they do already."""
    states, donor = document["scene"]["states"], entrance_state(document)
    completed_states = {id: completed_state(state, donor) for id, state in states.items()}
    if all(completed_states[id] is state for id, state in states.items()):
        return document
    return {**document, "scene": {**document["scene"], "states": completed_states}}


def findings(world: World) -> Diagnostics:
    """Return what the hosted rules find in a world."""
    return world.lint("hosted")


def require_sound(world: World) -> Diagnostics:
    """Return what is found in a world that has no structural error.

    Raises:
        RuleViolation: It has one.
    """
    diagnostics = findings(world)
    if diagnostics.errors:
        raise RuleViolation(diagnostics.errors)
    return diagnostics


def is_sound(world: World) -> bool:
    """Say whether a world has no structural error."""
    return not findings(world).errors


def advice(diagnostics: Diagnostics) -> list[Json]:
    """Return the findings that a write is answered with: warnings and infos."""
    return [one.to_dict() for one in diagnostics if one.severity != "error"]
