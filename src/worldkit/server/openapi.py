"""The OpenAPI description: what FastAPI makes of the routes, with problem details for every refusal."""

from __future__ import annotations

import json
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from worldkit.core.json_values import Json
from worldkit.core.schema import load_schema
from worldkit.server.problems import MEDIA_TYPE

REFUSALS = {
    400: "The request is not JSON or lacks what is required, or the item is in use or its name taken.",
    401: "The key is missing, unknown or revoked, or a publishable one where a secret one is needed.",
    402: "The daily quota is used up; nothing was charged.",
    403: "The secret key lacks a scope, which `scope` names.",
    404: "There is no such thing, or it is another app's or mode's.",
    405: "The address does not take that method.",
    409: "The world is at another revision, which `rev` names; or the version is the one it stands on.",
    413: "The body is too large.",
    422: "The request cannot be read, or the rules refuse it; `errors` and `diagnostics` say why.",
    429: "Too many requests; `Retry-After` says when to try again.",
    500: "The server failed.",
    502: "The generator could not do it; nothing was charged.",
    503: "Not available, before any effect: safe to try again.",
}

PROBLEM: Json = {
    "title": "Problem",
    "description": "Problem details, RFC 9457.",
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {"type": "array", "items": {"anyOf": [{"type": "string"}, {"type": "object"}]}},
        "diagnostics": {"type": "array", "items": {"type": "object"}},
        "rev": {"type": "string"},
        "scope": {"type": "string"},
        "schemaVersion": {"type": "string"},
        "quota": {
            "type": "object",
            "properties": {
                "kind": {"type": "string"},
                "used": {"type": "integer"},
                "cap": {"type": "integer"},
                "day": {"type": "string"},
            },
        },
    },
}


def documented() -> dict[int | str, dict[str, Any]]:
    """Return every refusal as FastAPI describes answers."""
    schema = {"schema": {"$ref": "#/components/schemas/Problem"}}
    return {status: {"description": text, "content": {MEDIA_TYPE: schema}} for status, text in REFUSALS.items()}


def describe(app: FastAPI) -> None:
    """Make an application describe itself, once it has its routes."""

    def openapi() -> Json:
        if app.openapi_schema is None:
            description = get_openapi(
                title=app.title, version=app.version, routes=app.routes, description=API_DESCRIPTION
            )
            description["components"]["schemas"] |= {"Problem": PROBLEM, **_document()}
            for path_item in description["paths"].values():
                for operation in path_item.values():
                    for parameter in operation.get("parameters", ()):
                        parameter["schema"] = _present(parameter["schema"])
            app.openapi_schema = description
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def _present(schema: Json) -> Json:
    """Return the schema of a parameter that is there; one that is not is no null."""
    kinds = [kind for kind in schema.get("anyOf", ()) if kind != {"type": "null"}]
    if len(kinds) != 1:
        return schema
    return {**{key: value for key, value in schema.items() if key != "anyOf"}, **kinds[0]}


def _document() -> Json:
    """Return the schema of worlds as components of the description."""
    schema = load_schema()
    parts = {f"SMWorld.{name}": part for name, part in schema["$defs"].items()}
    world = {key: value for key, value in schema.items() if key not in ("$defs", "$id", "$schema")}
    components: Json = json.loads(json.dumps({"SMWorld": world, **parts}).replace(DOCUMENT_REFS, COMPONENT_REFS))
    return components


DOCUMENT_REFS, COMPONENT_REFS = '"#/$defs/', '"#/components/schemas/SMWorld.'

API_DESCRIPTION = (
    "Worlds, their graphs, versions and forks, generation as jobs, and session tokens for embedding a player."
)
