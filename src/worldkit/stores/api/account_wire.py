"""Apps, keys, webhooks and play sessions on the wire: what is asked for, and how answers are read.

Calls below ``/v1/apps`` carry the credential of an account, those of a play session its token; neither takes an API
key (docs/spec/api-v1.md, "Credentials").
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from worldkit.core.errors import WrongArgument
from worldkit.core.json_values import Json, quote
from worldkit.stores.api import answers, wire
from worldkit.stores.api.account_results import App, AppKey, Connection, Webhook
from worldkit.stores.api.protocol import Request
from worldkit.stores.api.secret import Secret

APPS = "/v1/apps"
APP_FIELDS = ("name", "mode_default", "embedding_origins")
"""Fields of an app that can be changed."""

Value = TypeVar("Value")


def _app(app: str, *parts: str) -> str:
    return "/".join([APPS, wire.segment(app), *parts])


def _request(method: str, path: str, body: Json | None = None) -> Request:
    return Request(method, path, body=body, scope="account")


def apps() -> Request:
    """Ask for the account's apps."""
    return _request("GET", APPS)


def create_app(name: str) -> Request:
    """Create an app."""
    return _request("POST", APPS, {"name": name})


def update_app(app: str, fields: Mapping[str, Any]) -> Request:
    """Change an app.

    Raises:
        WrongArgument: It has no such field.
    """
    for field in fields:
        if field not in APP_FIELDS:
            raise WrongArgument("fields", " or ".join(APP_FIELDS), quote(field))
    return _request("PATCH", _app(app), dict(fields))


def keys(app: str) -> Request:
    """Ask for an app's keys."""
    return _request("GET", _app(app, "keys"))


def create_key(app: str, kind: str, mode: str, name: str | None) -> Request:
    """Create a key."""
    return _request("POST", _app(app, "keys"), {"kind": kind, "mode": mode, **wire.present(name=name)})


def revoke_key(app: str, key: str) -> Request:
    """Revoke a key."""
    return _request("POST", _app(app, "keys", wire.segment(key), "revoke"), {})


def webhooks(app: str) -> Request:
    """Ask for an app's webhooks."""
    return _request("GET", _app(app, "webhooks"))


def create_webhook(app: str, url: str, events: Sequence[str] | None) -> Request:
    """Register a webhook."""
    return _request(
        "POST", _app(app, "webhooks"), {"url": url, **wire.present(events=None if events is None else list(events))}
    )


def delete_webhook(app: str, webhook: str) -> Request:
    """Delete a webhook."""
    return _request("DELETE", _app(app, "webhooks", wire.segment(webhook)))


def session(call: str, token: Secret, **fields: Any) -> Request:
    """Make a call of a play session: ``"connect"``, ``"refresh"``, ``"track"`` or ``"end"``."""
    body = {"token": token.reveal(), **fields}
    return Request("POST", f"/v1/sessions/{call}", body=body, scope="session", credential=token)


# ---- answers -----------------------------------------------------------------------------------


def items_of(answer: Mapping[str, Any], name: str, parse: Callable[[Mapping[str, Any]], Value]) -> list[Value]:
    """Return the items of a list in an answer.

    Args:
        answer: The answer.
        name: The name of the list.
        parse: Reads an item.

    Raises:
        ApiError: There is no such list.
    """
    items = answer.get(name)
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise answers.unexpected(f"{name!r}, a list of objects", items)
    return [parse(item) for item in items]


def app_of(answer: Mapping[str, Any]) -> App:
    """Return an app."""
    return App(
        answers.text(answer, "id"),
        answers.text(answer, "name"),
        answers.optional_text(answer, "slug"),
        answers.optional_text(answer, "mode_default"),
        answers.names(answer.get("embedding_origins")),
        answers.optional_text(answer, "billing_plan"),
        answers.parse_time(answer.get("created_at")),
    )


def key_of(answer: Mapping[str, Any]) -> AppKey:
    """Return a key."""
    return AppKey(
        answers.text(answer, "id"),
        answers.text(answer, "kind"),
        answers.text(answer, "mode"),
        answers.optional_text(answer, "prefix"),
        answers.optional_text(answer, "last4"),
        answers.names(answer.get("scopes")),
        answers.optional_text(answer, "name"),
        answers.parse_time(answer.get("created_at")),
        answers.parse_time(answer.get("last_used_at")),
        answers.parse_time(answer.get("revoked_at")),
        answers.optional_text(answer, "key"),
    )


def webhook_of(answer: Mapping[str, Any]) -> Webhook:
    """Return a webhook."""
    return Webhook(
        answers.text(answer, "id"),
        answers.text(answer, "url"),
        answers.names(answer.get("events")),
        answer.get("enabled") is not False,
        answers.parse_time(answer.get("created_at")),
        answers.optional_text(answer, "secret"),
    )


def connection_of(answer: Mapping[str, Any]) -> Connection:
    """Return an open play session."""
    document = answer.get("world")
    return Connection(
        answers.text(answer, "reactorJwt"),
        answers.number(answer.get("expiresIn")),
        answers.parse_time(answer.get("expiresAt")),
        answers.world_of(document) if isinstance(document, dict) else None,
        answers.optional_text(answer, "worldId"),
    )


def seconds_to_wait(answer: Mapping[str, Any]) -> float:
    """Return how long to wait before asking again for a place in the waiting line."""
    pause = answers.number(answer.get("retryAfterMs"))
    if pause is None:
        return 2.0
    return min(30.0, max(0.3, pause / 1000))
