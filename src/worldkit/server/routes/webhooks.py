"""Webhooks of apps, for the operator, who has the user session of the server (docs/spec/webhooks.md)."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from worldkit.server import answer_bodies, app_bodies
from worldkit.server.outgoing_addresses import parse
from worldkit.server.services import ServicesDep, StrictRoute, UserAccess, json_response

router = APIRouter(route_class=StrictRoute, tags=["webhooks"])


@router.post("/v1/apps/{id}/webhooks", response_model=app_bodies.MadeWebhook)
def create_webhook(services: ServicesDep, _: UserAccess, id: str, body: app_bodies.NewWebhook) -> Response:
    """Register an address that is called when a world was generated; the answer alone shows its secret."""
    parse(body.url, private=services.settings.webhooks_private)
    return json_response(services.webhooks.create(id, body.url, body.events))


@router.get("/v1/apps/{id}/webhooks", response_model=app_bodies.WebhookLines)
def list_webhooks(services: ServicesDep, _: UserAccess, id: str) -> Response:
    """Return an app's webhooks, oldest first, without their secrets."""
    return json_response({"webhooks": services.webhooks.list(id)})


@router.delete("/v1/apps/{id}/webhooks/{wid}", response_model=answer_bodies.Deleted)
@router.post("/v1/apps/{id}/webhooks/{wid}/delete", response_model=answer_bodies.Deleted)
def delete_webhook(services: ServicesDep, _: UserAccess, id: str, wid: str) -> Response:
    """Delete a webhook, and what was on its way to it."""
    services.webhooks.delete(id, wid)
    return json_response({"ok": True, "deleted": wid})
