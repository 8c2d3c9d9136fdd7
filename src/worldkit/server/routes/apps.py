"""Apps and their keys, for the operator, who has the user session of the server."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from worldkit.server import app_bodies
from worldkit.server.services import ServicesDep, StrictRoute, UserAccess, json_response

router = APIRouter(route_class=StrictRoute, tags=["apps"])


@router.post("/v1/apps", response_model=app_bodies.AppLine)
def create_app(services: ServicesDep, _: UserAccess, body: app_bodies.NewApp) -> Response:
    """Make an app, without keys."""
    return json_response(services.app_admin.create(body.name))


@router.get("/v1/apps", response_model=app_bodies.AppLines)
def list_apps(services: ServicesDep, _: UserAccess) -> Response:
    """Return every app, oldest first."""
    return json_response({"apps": services.app_admin.list()})


@router.patch("/v1/apps/{id}", response_model=app_bodies.AppLine)
def change_app(services: ServicesDep, _: UserAccess, id: str, body: app_bodies.AppChanges) -> Response:
    """Set an app's name, default mode, or the origins whose pages may embed its worlds."""
    changes = {
        name: getattr(body, name) for name in app_bodies.AppChanges.model_fields if name in body.model_fields_set
    }
    return json_response(services.app_admin.update(id, changes))


@router.post("/v1/apps/{id}/keys", response_model=app_bodies.MadeKey)
def create_key(services: ServicesDep, _: UserAccess, id: str, body: app_bodies.NewKey | None = None) -> Response:
    """Make a key of an app; the answer is the only place where it is seen."""
    new_key = body or app_bodies.NewKey()
    return json_response(services.app_admin.create_key(id, new_key.kind, new_key.mode, new_key.name, new_key.scopes))


@router.get("/v1/apps/{id}/keys", response_model=app_bodies.KeyLines)
def list_keys(services: ServicesDep, _: UserAccess, id: str) -> Response:
    """Return an app's keys, oldest first, revoked ones too."""
    return json_response({"keys": services.app_admin.keys(id)})


@router.post("/v1/apps/{id}/keys/{kid}/revoke", response_model=app_bodies.RevokedKey)
def revoke_key(services: ServicesDep, _: UserAccess, id: str, kid: str) -> Response:
    """Revoke a key, and with it the tokens that it minted."""
    return json_response(services.app_admin.revoke_key(id, kid))
