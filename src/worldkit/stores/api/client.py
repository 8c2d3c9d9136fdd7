"""``Client``: the /v1 API, with the calls of a store and all the others of docs/spec/api-v1.md."""

from __future__ import annotations

import time
from collections.abc import Callable

from worldkit.core.argument_checks import checked_methods
from worldkit.model_access import background_loop
from worldkit.stores.api.calls import Calls
from worldkit.stores.api.client_account import ClientAccount
from worldkit.stores.api.client_graph import ClientGraph
from worldkit.stores.api.client_play import ClientPlay
from worldkit.stores.api.client_versions import ClientVersions
from worldkit.stores.api.client_worlds import ClientWorlds
from worldkit.stores.api.secret import Secret
from worldkit.stores.api.transport import Sender


@checked_methods
class Client(ClientWorlds, ClientGraph, ClientVersions, ClientPlay, ClientAccount):
    """A place where worlds live behind the /v1 API; code written for a ``Store`` works with this as well.

    Safe to use from several threads. Requests are sent again where docs/spec/api-v1.md calls that safe; every create
    and edit carries an idempotency key, and every graph write the revision it was made against.

    Args:
        key: The API key; by default ``ALAKAZAM_API_KEY`` or, where the ``keyring`` package is installed, the entry
            ``alakazam``/``api_key``. It is in no repr, log, traceback or pickle.
        base_url: The address of the API; https, or http on this machine. By default the hosted service.
        mode: ``"test"`` refuses a live key, ``"live"`` a test key. By default what ``ALAKAZAM_MODE`` says, else any.
        dialect: What the server takes: ``"hosted"`` (nine operations), ``"worldkit"`` (a server of your own) or
            ``"studio"``. By default the first response tells.
        account: The token of an account, for the calls on apps, keys and webhooks; by default
            ``ALAKAZAM_ACCOUNT_TOKEN``, or for a server of your own ``WORLDKIT_ADMIN_TOKEN``.
        timeout: Seconds an answer may take; ten times that where a model answers.
        sleep: Waits so many seconds between tries.
        clock: Seconds that only grow.

    Raises:
        AuthError: There is no key, it does not look like one, or it is of the other mode.
        WorldError: ``base_url`` is no address, or the key would go over the network in the open.

    Example:
        >>> wk.Client("sk_test_0123456789abcdef", base_url="http://localhost:8000")
        Client http://localhost:8000 with sk_test_...
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
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        secret, key = Secret(key), None  # from here on no frame holds the plain key
        account_token, account = Secret(account), None
        super().__init__(secret, account_token, base_url, mode, dialect, timeout, clock)
        self._begin(sleep)

    def _begin(self, sleep: Callable[[float], None] = time.sleep) -> None:
        self._sleep = sleep
        self._sender = Sender(self._address, self._secret, self._timeout, self._clock, self._asked_dialect)
        self._calls = Calls(self.base_url, self._clock, self._need, self._server, self)

    def close(self) -> None:
        """Close the connections; a call after it opens new ones."""
        background_loop.run(self._sender.close)

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
