"""The calls of ``Client`` on apps, keys and webhooks, with the token of an account."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from worldkit.stores.api.account_results import App, AppKey, Webhook
from worldkit.stores.api.client_runner import ClientRunner


class ClientAccount(ClientRunner):
    """The calls on an account."""

    def apps(self) -> Sequence[App]:
        """Return the account's apps."""
        return self._run(self._calls.apps())

    def create_app(self, name: str) -> App:
        """Create an app, which owns worlds, sessions and usage.

        Example:
            >>> app = api.create_app("Stories")
            >>> app.name, app.mode_default
            ('Stories', 'test')
        """
        return self._run(self._calls.create_app(name))

    def update_app(self, app: str, **fields: Any) -> App:
        """Change an app.

        Args:
            app: The app's id.
            **fields: Any of ``name``, ``mode_default`` and ``embedding_origins``.

        Example:
            >>> app = api.create_app("Stories")
            >>> app = api.update_app(app.id, embedding_origins=["https://example.org"])
            >>> app.embedding_origins
            ('https://example.org',)
        """
        return self._run(self._calls.update_app(app, fields))

    def keys(self, app: str) -> Sequence[AppKey]:
        """Return the API keys of an app, without the keys themselves.

        Example:
            >>> app = api.create_app("Stories")
            >>> key = api.create_key(app.id, name="the website")
            >>> [(key.name, key.kind) for key in api.keys(app.id)]
            [('the website', 'publishable')]
        """
        return self._run(self._calls.keys(app))

    def create_key(
        self,
        app: str,
        *,
        kind: Literal["publishable", "secret"] = "publishable",
        mode: Literal["test", "live"] = "test",
        name: str | None = None,
    ) -> AppKey:
        """Create an API key. Only this call returns its ``key``.

        Args:
            app: The app's id.
            kind: A secret key writes and belongs on a server; a publishable one only reads.
            mode: A test key touches test worlds only.
            name: What to call it.

        Example:
            >>> app = api.create_app("Stories")
            >>> key = api.create_key(app.id, kind="secret", name="build server")
            >>> key.prefix, key.scopes
            ('sk_test_', ('worlds:read', 'worlds:write', 'sessions:mint'))
        """
        return self._run(self._calls.create_key(app, kind, mode, name))

    def revoke_key(self, app: str, key: str) -> None:
        """Revoke an API key; the server refuses it from then on.

        Args:
            app: The app's id.
            key: The key's id.

        Example:
            >>> app = api.create_app("Stories")
            >>> key = api.create_key(app.id)
            >>> api.revoke_key(app.id, key.id)
            >>> [key.revoked_at is None for key in api.keys(app.id)]
            [False]
        """
        self._run(self._calls.revoke_key(app, key))

    def webhooks(self, app: str) -> Sequence[Webhook]:
        """Return the webhooks of an app, without their secrets.

        Example:
            >>> app = api.create_app("Stories")
            >>> webhook = api.create_webhook(app.id, "https://example.org/hook")
            >>> [webhook.url for webhook in api.webhooks(app.id)]
            ['https://example.org/hook']
        """
        return self._run(self._calls.webhooks(app))

    def create_webhook(self, app: str, url: str, *, events: Sequence[str] | None = None) -> Webhook:
        """Register an address that the server calls when something happened (docs/spec/webhooks.md).

        Args:
            app: The app's id.
            url: The address; https only.
            events: The events to be told of; by default those of generations.

        Example:
            >>> app = api.create_app("Stories")
            >>> webhook = api.create_webhook(app.id, "https://example.org/hook")
            >>> webhook.events, webhook.enabled
            (('world.generation.succeeded', 'world.generation.failed'), True)
        """
        return self._run(self._calls.create_webhook(app, url, events))

    def delete_webhook(self, app: str, webhook: str) -> None:
        """Delete a webhook.

        Args:
            app: The app's id.
            webhook: The webhook's id.

        Example:
            >>> app = api.create_app("Stories")
            >>> webhook = api.create_webhook(app.id, "https://example.org/hook")
            >>> api.delete_webhook(app.id, webhook.id)
            >>> api.webhooks(app.id)
            []
        """
        self._run(self._calls.delete_webhook(app, webhook))
