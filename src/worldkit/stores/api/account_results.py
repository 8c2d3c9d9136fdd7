"""What the calls for apps, keys, webhooks and play sessions return (docs/spec/api-v1.md)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from worldkit.world import World


@dataclass(frozen=True, slots=True)
class App:
    """A project of an account: it owns worlds, sessions and usage.

    Attributes:
        id: Its id.
        name: Its name.
        slug: Its name in addresses.
        mode_default: ``"test"`` or ``"live"``: the mode of a new key.
        embedding_origins: The origins that may embed its worlds; empty for any.
        billing_plan: Its plan.
        created_at: When it was created, in UTC.

    Example:
        >>> app = api.create_app("Stories")
        >>> app.name, app.mode_default
        ('Stories', 'test')
    """

    id: str
    name: str
    slug: str | None = None
    mode_default: str | None = None
    embedding_origins: tuple[str, ...] = ()
    billing_plan: str | None = None
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class AppKey:
    """An API key of an app.

    Attributes:
        id: Its id.
        kind: ``"publishable"`` or ``"secret"``.
        mode: ``"test"`` or ``"live"``.
        prefix: How it begins.
        last4: Its last four characters.
        scopes: What it may do.
        name: What it was called.
        created_at, last_used_at, revoked_at: When, in UTC; None when never.
        key: The key itself, of one that was just created: no later call returns it. Left out of the repr.

    Example:
        >>> app = api.create_app("Stories")
        >>> key = api.create_key(app.id, kind="secret")
        >>> key.kind, key.prefix
        ('secret', 'sk_test_')
    """

    id: str
    kind: str
    mode: str
    prefix: str | None = None
    last4: str | None = None
    scopes: tuple[str, ...] = ()
    name: str | None = None
    created_at: datetime | None = None
    last_used_at: datetime | None = None
    revoked_at: datetime | None = None
    key: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Webhook:
    """An address of yours that the server calls when something happened (docs/spec/webhooks.md).

    Attributes:
        id: Its id.
        url: The address.
        events: The events it gets.
        enabled: Whether it gets any.
        created_at: When it was created, in UTC.
        secret: What deliveries are signed with, of one that was just created: no later call returns it. Left out of
            the repr.

    Example:
        >>> app = api.create_app("Stories")
        >>> webhook = api.create_webhook(app.id, "https://example.org/hook")
        >>> webhook.enabled, webhook.url
        (True, 'https://example.org/hook')
    """

    id: str
    url: str
    events: tuple[str, ...] = ()
    enabled: bool = True
    created_at: datetime | None = None
    secret: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Connection:
    """An open play session: what a player needs to open its stream of pictures.

    Attributes:
        reactor_jwt: The credential of the stream; left out of the repr.
        expires_in: Seconds for which it is valid.
        expires_at: When it ends, in UTC, where the server says so.
        world: The world to be played, where the server sends it.
        world_id: Its id.

    Example:
        >>> stored = api.create(world)
        >>> connection = api.connect(api.session_token(stored.id).token)
        >>> connection.world_id == stored.id
        True
    """

    reactor_jwt: str = field(repr=False)
    expires_in: float | None = None
    expires_at: datetime | None = None
    world: World | None = None
    world_id: str | None = None
