# Written by scripts/async_client.py from client_account.py. Change that file and run the script.
"""The calls of ``AsyncClient`` on apps, keys and webhooks, with the token of an account."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from worldkit.core.argument_checks import checked_methods
from worldkit.stores.api.account_results import App, AppKey, Webhook
from worldkit.stores.api.async_client_runner import AsyncClientRunner


@checked_methods
class AsyncClientAccount(AsyncClientRunner):
    """The calls on an account."""

    async def apps(self) -> Sequence[App]:
        """Return the account's apps."""
        return await self._run(self._calls.apps())

    async def create_app(self, name: str) -> App:
        """Create an app, which owns worlds, sessions and usage.

        Example:
            >>> app = await api.create_app("Stories")
            >>> app.name, app.mode_default
            ('Stories', 'test')
        """
        return await self._run(self._calls.create_app(name))

    async def update_app(self, app: str, **fields: Any) -> App:
        """Change an app.

        Args:
            app: The app's id.
            **fields: Any of ``name``, ``mode_default`` and ``embedding_origins``.

        Example:
            >>> app = await api.create_app("Stories")
            >>> app = await api.update_app(app.id, embedding_origins=["https://example.org"])
            >>> app.embedding_origins
            ('https://example.org',)
        """
        return await self._run(self._calls.update_app(app, fields))

    async def keys(self, app: str) -> Sequence[AppKey]:
        """Return the API keys of an app, without the keys themselves.

        Example:
            >>> app = await api.create_app("Stories")
            >>> key = await api.create_key(app.id, name="the website")
            >>> [(key.name, key.kind) for key in await api.keys(app.id)]
            [('the website', 'publishable')]
        """
        return await self._run(self._calls.keys(app))

    async def create_key(
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
            >>> app = await api.create_app("Stories")
            >>> key = await api.create_key(app.id, kind="secret", name="build server")
            >>> key.prefix, key.scopes
            ('sk_test_', ('worlds:read', 'worlds:write', 'sessions:mint'))
        """
        return await self._run(self._calls.create_key(app, kind, mode, name))

    async def revoke_key(self, app: str, key: str) -> None:
        """Revoke an API key; the server refuses it from then on.

        Args:
            app: The app's id.
            key: The key's id.

        Example:
            >>> app = await api.create_app("Stories")
            >>> key = await api.create_key(app.id)
            >>> await api.revoke_key(app.id, key.id)
            >>> [key.revoked_at is None for key in await api.keys(app.id)]
            [False]
        """
        await self._run(self._calls.revoke_key(app, key))

    async def webhooks(self, app: str) -> Sequence[Webhook]:
        """Return the webhooks of an app, without their secrets.

        Example:
            >>> app = await api.create_app("Stories")
            >>> webhook = await api.create_webhook(app.id, "https://example.org/hook")
            >>> [webhook.url for webhook in await api.webhooks(app.id)]
            ['https://example.org/hook']
        """
        return await self._run(self._calls.webhooks(app))

    async def create_webhook(self, app: str, url: str, *, events: Sequence[str] | None = None) -> Webhook:
        """Register an address that the server calls when something happened (docs/spec/webhooks.md).

        Args:
            app: The app's id.
            url: The address; https only.
            events: The events to be told of; by default those of generations.

        Example:
            >>> app = await api.create_app("Stories")
            >>> webhook = await api.create_webhook(app.id, "https://example.org/hook")
            >>> webhook.events, webhook.enabled
            (('world.generation.succeeded', 'world.generation.failed'), True)
        """
        return await self._run(self._calls.create_webhook(app, url, events))

    async def delete_webhook(self, app: str, webhook: str) -> None:
        """Delete a webhook.

        Args:
            app: The app's id.
            webhook: The webhook's id.

        Example:
            >>> app = await api.create_app("Stories")
            >>> webhook = await api.create_webhook(app.id, "https://example.org/hook")
            >>> await api.delete_webhook(app.id, webhook.id)
            >>> await api.webhooks(app.id)
            []
        """
        await self._run(self._calls.delete_webhook(app, webhook))
