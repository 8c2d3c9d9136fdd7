"""What ``Client`` and ``AsyncClient`` have in common: the address, the key, the request log."""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable
from typing import Any, Self

from worldkit.stores.api.protocol import LoggedRequest, Request
from worldkit.stores.api.secret import Secret, found, judge, permit, wanted_mode
from worldkit.stores.api.transport import Address

HOSTED = "https://api.alakazam.gg"
KEPT = 200
"""Requests that a client's log holds."""

log = logging.getLogger("worldkit.api")


class Connected:
    """An address with a key to it.

    Attributes:
        requests: The last requests made, oldest first: method, path, status, time, tries; nothing of keys and bodies.
    """

    def __init__(
        self, key: Secret, base_url: str | None, mode: str | None, timeout: float, clock: Callable[[], float]
    ) -> None:
        self._connect(base_url, mode, timeout, clock)
        self._use(key)

    def _connect(self, base_url: str | None, mode: str | None, timeout: float, clock: Callable[[], float]) -> None:
        if not timeout > 0:
            raise ValueError(f"timeout is a number of seconds above 0, got {timeout!r}")
        self._address = Address(base_url or HOSTED)
        self._mode = wanted_mode(mode)
        self._timeout = timeout
        self._clock = clock
        self._key: Secret | None = None
        self.requests: deque[LoggedRequest] = deque(maxlen=KEPT)

    def _begin(self) -> None:
        """Make what sends; without connecting."""
        raise NotImplementedError

    def _use(self, key: Secret) -> None:
        held = found(key)
        judge(held, self._mode)
        self._key = held

    def _secret(self) -> Secret:
        if self._key is None:  # it came out of a pickle, which holds no key
            self._use(Secret(None))
        assert self._key is not None
        return self._key

    @property
    def base_url(self) -> str:
        """The address of the API."""
        return self._address.url

    @property
    def mode(self) -> str | None:
        """``"test"`` or ``"live"``, as the key says; None when it does not."""
        return self._secret().mode

    @property
    def label(self) -> str:
        """What to call it in a line for a person: the host."""
        return self._address.host

    def _permit(self, request: Request) -> Request:
        permit(self._secret(), request.scope, f"{request.method} {request.path}")
        return request

    def _note(self, line: LoggedRequest) -> None:
        self.requests.append(line)
        log.debug("%s", line)

    def __repr__(self) -> str:
        return f"{type(self).__name__} {self._address.url} with {self._key!r}"

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return _revived, (type(self), self._address.url, self._mode, self._timeout)


def _revived(kind: type[Connected], base_url: str, mode: str | None, timeout: float) -> Connected:
    made = kind.__new__(kind)
    made._connect(base_url, mode, timeout, time.monotonic)
    made._begin()
    return made
