# Written by scripts/async_client.py from client.py. Change that file and run the script.
"""``AsyncClient``: the calls of ``Client``, awaited; the same requests, retries and results."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

from worldkit.core.argument_checks import checked_methods
from worldkit.stores.api.async_client_account import AsyncClientAccount
from worldkit.stores.api.async_client_graph import AsyncClientGraph
from worldkit.stores.api.async_client_play import AsyncClientPlay
from worldkit.stores.api.async_client_versions import AsyncClientVersions
from worldkit.stores.api.async_client_worlds import AsyncClientWorlds
from worldkit.stores.api.calls import Calls
from worldkit.stores.api.secret import Secret
from worldkit.stores.api.transport import Sender


@checked_methods
class AsyncClient(AsyncClientWorlds, AsyncClientGraph, AsyncClientVersions, AsyncClientPlay, AsyncClientAccount):
    """The /v1 API on an event loop: every call of ``Client`` under its name, awaited.

    The ``StoredWorld`` values it returns are values: go on with this client's calls, such as
    ``await client.apply(stored.id, ops, rev=stored.rev)``. Where ``Client`` says ``client[name]``, it is ``find``.

    Args:
        key, base_url, mode, dialect, account, timeout, clock: As for ``Client``.
        sleep: Waits so many seconds between tries.

    Example:
        >>> wk.AsyncClient("sk_test_0123456789abcdef", base_url="http://localhost:8000")
        AsyncClient http://localhost:8000 with sk_test_...
    """

    def __init__(
        self,
        key: str | None = None,
        base_url: str | None = None,
        mode: str | None = None,
        *,
        dialect: str | None = None,
        account: str | None = None,
        timeout: float = 60.0,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        secret, key = Secret(key), None  # from here on no frame holds the plain key
        account_token, account = Secret(account), None
        super().__init__(secret, account_token, base_url, mode, dialect, timeout, clock)
        self._begin(sleep)

    def _begin(self, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        self._sleep = sleep
        self._sender = Sender(self._address, self._secret, self._timeout, self._clock, self._asked_dialect)
        self._calls = Calls(self.base_url, self._server)

    async def close(self) -> None:
        """Close the connections; a call after it opens new ones."""
        await self._sender.close()

    async def __aenter__(self) -> AsyncClient:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()
