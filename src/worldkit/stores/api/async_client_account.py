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
        """Create an app: it owns worlds, sessions and usage."""
        return await self._run(self._calls.create_app(name))

    async def update_app(self, app: str, **fields: Any) -> App:
        """Change an app.

        Args:
            app: The app's id.
            **fields: Any of ``name``, ``mode_default`` and ``embedding_origins``.
        """
        return await self._run(self._calls.update_app(app, fields))

    async def keys(self, app: str) -> Sequence[AppKey]:
        """Return the API keys of an app, without the keys themselves."""
        return await self._run(self._calls.keys(app))

    async def create_key(
        self,
        app: str,
        *,
        kind: Literal["publishable", "secret"] = "publishable",
        mode: Literal["test", "live"] = "test",
        name: str | None = None,
    ) -> AppKey:
        """Create an API key; its ``key`` is returned this once and never again.

        Args:
            app: The app's id.
            kind: A secret key writes and belongs on a server; a publishable one only reads.
            mode: A test key touches test worlds only.
            name: What to call it.
        """
        return await self._run(self._calls.create_key(app, kind, mode, name))

    async def revoke_key(self, app: str, key: str) -> None:
        """Revoke an API key: from then on it is refused.

        Args:
            app: The app's id.
            key: The key's id.
        """
        await self._run(self._calls.revoke_key(app, key))

    async def webhooks(self, app: str) -> Sequence[Webhook]:
        """Return the webhooks of an app, without their secrets."""
        return await self._run(self._calls.webhooks(app))

    async def create_webhook(self, app: str, url: str, *, events: Sequence[str] | None = None) -> Webhook:
        """Register an address that the server calls when something happened (docs/spec/webhooks.md).

        Args:
            app: The app's id.
            url: The address; https only.
            events: The events to be told of; by default those of generations.
        """
        return await self._run(self._calls.create_webhook(app, url, events))

    async def delete_webhook(self, app: str, webhook: str) -> None:
        """Delete a webhook.

        Args:
            app: The app's id.
            webhook: The webhook's id.
        """
        await self._run(self._calls.delete_webhook(app, webhook))
