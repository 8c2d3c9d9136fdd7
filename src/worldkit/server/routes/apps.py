"""Apps, their keys and their webhooks, for the operator, who has the user session of the server."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from worldkit.server import answer_bodies, app_bodies
from worldkit.server.outgoing_addresses import parse
from worldkit.server.services import ServicesDep, StrictRoute, UserAccess, json_response

router = APIRouter(route_class=StrictRoute)


@router.post("/v1/apps", response_model=app_bodies.AppLine, tags=["apps"])
def create_app(services: ServicesDep, _: UserAccess, body: app_bodies.NewApp) -> Response:
    """Make an app, without keys."""
    return json_response(services.app_admin.create(body.name))


@router.get("/v1/apps", response_model=app_bodies.AppLines, tags=["apps"])
def list_apps(services: ServicesDep, _: UserAccess) -> Response:
    """Return every app, oldest first."""
    return json_response({"apps": services.app_admin.list()})


@router.patch("/v1/apps/{id}", response_model=app_bodies.AppLine, tags=["apps"])
def change_app(services: ServicesDep, _: UserAccess, id: str, body: app_bodies.AppChanges) -> Response:
    """Set an app's name, default mode, or the origins whose pages may embed its worlds."""
    changes = {
        name: getattr(body, name) for name in app_bodies.AppChanges.model_fields if name in body.model_fields_set
    }
    return json_response(services.app_admin.update(id, changes))


@router.post("/v1/apps/{id}/keys", response_model=app_bodies.MadeKey, tags=["apps"])
def create_key(services: ServicesDep, _: UserAccess, id: str, body: app_bodies.NewKey | None = None) -> Response:
    """Make a key of an app; the answer is the only place where it is seen."""
    new_key = body or app_bodies.NewKey()
    return json_response(services.app_admin.create_key(id, new_key.kind, new_key.mode, new_key.name, new_key.scopes))


@router.get("/v1/apps/{id}/keys", response_model=app_bodies.KeyLines, tags=["apps"])
def list_keys(services: ServicesDep, _: UserAccess, id: str) -> Response:
    """Return an app's keys, oldest first, revoked ones too."""
    return json_response({"keys": services.app_admin.keys(id)})


@router.post("/v1/apps/{id}/keys/{kid}/revoke", response_model=app_bodies.RevokedKey, tags=["apps"])
def revoke_key(services: ServicesDep, _: UserAccess, id: str, kid: str) -> Response:
    """Revoke a key, and with it the tokens that it minted."""
    return json_response(services.app_admin.revoke_key(id, kid))


@router.post("/v1/apps/{id}/webhooks", response_model=app_bodies.MadeWebhook, tags=["webhooks"])
def create_webhook(services: ServicesDep, _: UserAccess, id: str, body: app_bodies.NewWebhook) -> Response:
    """Register an address that is called when a world was generated; the answer alone shows its secret."""
    address = parse(body.url, private=services.settings.webhooks_private)
    return json_response(services.webhooks.create(id, address.url, body.events))


@router.get("/v1/apps/{id}/webhooks", response_model=app_bodies.WebhookLines, tags=["webhooks"])
def list_webhooks(services: ServicesDep, _: UserAccess, id: str) -> Response:
    """Return an app's webhooks, oldest first, without their secrets."""
    return json_response({"webhooks": services.webhooks.list(id)})


@router.delete("/v1/apps/{id}/webhooks/{wid}", response_model=answer_bodies.Deleted, tags=["webhooks"])
@router.post("/v1/apps/{id}/webhooks/{wid}/delete", response_model=answer_bodies.Deleted, tags=["webhooks"])
def delete_webhook(services: ServicesDep, _: UserAccess, id: str, wid: str) -> Response:
    """Delete a webhook, and what was on its way to it."""
    services.webhooks.delete(id, wid)
    return json_response({"ok": True, "deleted": wid})
