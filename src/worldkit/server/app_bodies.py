"""The bodies of the calls about apps, their keys and webhooks (docs/spec/api-v1.md, docs/spec/webhooks.md)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from worldkit.core.errors import WorldError
from worldkit.server import origins
from worldkit.server.body_fields import Body
from worldkit.server.outgoing_addresses import MAX_URL_LENGTH

Name = Annotated[str, StringConstraints(min_length=1, max_length=80, pattern=r"\S")]
Mode = Literal["test", "live"]
Kind = Literal["publishable", "secret"]
EventType = Literal["world.generation.succeeded", "world.generation.failed", "session.ended", "*"]


def _origin(text: str) -> str:
    try:
        return origins.checked(text)
    except WorldError as error:
        raise ValueError(str(error)) from None


EmbeddingOrigin = Annotated[str, StringConstraints(max_length=300), AfterValidator(_origin)]


class NewWebhook(Body):
    """A webhook to register; without ``events`` it gets what is sent today, with ``*`` also what comes later."""

    url: Annotated[str, StringConstraints(min_length=1, max_length=MAX_URL_LENGTH)]
    events: Annotated[list[EventType], Field(min_length=1, max_length=4, fail_fast=True)] | None = None


class WebhookLine(Body):
    """A webhook, without its secret."""

    id: str
    url: str
    events: list[str]
    enabled: bool
    created_at: str


class MadeWebhook(WebhookLine):
    """A new webhook, whose secret is shown this once."""

    secret: str


class WebhookLines(Body):
    """An app's webhooks, oldest first."""

    webhooks: list[WebhookLine]


class NewApp(Body):
    """An app to make."""

    name: Name


class AppChanges(Body):
    """What to change of an app; what is absent stays. ``embedding_origins`` empty: pages of any origin may embed."""

    name: Name = ""
    mode_default: Mode = "test"
    embedding_origins: list[EmbeddingOrigin] = Field(default_factory=list, max_length=100, fail_fast=True)


class AppLine(Body):
    """An app."""

    id: str
    name: str
    slug: str
    mode_default: Mode
    embedding_origins: list[str]
    billing_plan: str
    created_at: str


class AppLines(Body):
    """The apps, oldest first."""

    apps: list[AppLine]


class NewKey(Body):
    """A key to make; ``scopes`` are for a secret one."""

    kind: Kind = "publishable"
    mode: Mode = "test"
    name: Name | None = None
    scopes: Annotated[list[Name], Field(max_length=100, fail_fast=True)] | None = None


class KeyLine(Body):
    """A key, without the key itself."""

    id: str
    prefix: str
    last4: str
    kind: Kind
    mode: Mode
    scopes: list[str]
    name: str | None
    created_at: str
    last_used_at: str | None
    revoked_at: str | None


class MadeKey(KeyLine):
    """A new key, shown this once."""

    key: str


class KeyLines(Body):
    """An app's keys, oldest first, revoked ones too."""

    keys: list[KeyLine]


class RevokedKey(KeyLine):
    """A key that is revoked."""

    ok: bool
