"""What ``Client`` and ``AsyncClient`` have in common: the address, the key, the request log."""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Self, TypeVar

from worldkit.core.argument_ranges import expect_amount
from worldkit.core.errors import AuthError
from worldkit.stores.api import dialect as dialects
from worldkit.stores.api.address import HOSTED_URL, ApiAddress
from worldkit.stores.api.protocol import LoggedRequest, Request
from worldkit.stores.api.secret import (
    Scope,
    Secret,
    check_key,
    check_scope,
    check_sendable,
    find_account,
    find_key,
    required_mode,
)

if TYPE_CHECKING:
    from worldkit.stores.api.calls import Calls

MAX_LOG = 200
"""Requests that a client's log holds."""
MAX_TIMEOUT = 86_400.0
"""Seconds an answer may take at the most; a socket takes no infinite number."""

log = logging.getLogger("worldkit.api")

C = TypeVar("C", bound=type)


def described_as(other: type) -> Callable[[C], C]:
    """Return a decorator that completes the docstrings of a class's methods.

    Args:
        other: A class whose methods of the same names are described in full; the examples stay the class's own.
    """

    def complete(kind: C) -> C:
        for name, method in vars(kind).items():
            description = getattr(getattr(other, name, None), "__doc__", None)
            if description and not name.startswith("_"):
                _, heading, example = method.__doc__.partition("        Example:\n")
                method.__doc__ = description.partition("        Example:\n")[0] + heading + example
        return kind

    return complete


class ApiConnection:
    """An address with a key to it.

    Attributes:
        requests: The last requests made, oldest first: method, path, status, time, tries; nothing of keys and bodies.
    """

    _calls: Calls

    def __init__(
        self,
        key: Secret,
        account: Secret,
        base_url: str | None,
        mode: str | None,
        dialect: str | None,
        timeout: float,
        clock: Callable[[], float],
    ) -> None:
        self._connect(base_url, mode, dialect, timeout, clock)
        self._account = account
        try:
            self._use(key)
        except AuthError:
            if key or not account:  # without any key it can still manage apps
                raise

    def _connect(
        self, base_url: str | None, mode: str | None, dialect: str | None, timeout: float, clock: Callable[[], float]
    ) -> None:
        expect_amount(timeout, "timeout", maximum=MAX_TIMEOUT, above=True, unit="of seconds ")
        self._address = ApiAddress(base_url or HOSTED_URL)
        self._mode = required_mode(mode)
        self._timeout = timeout
        self._clock = clock
        self._key: Secret | None = None
        self._account = Secret(None)
        self._given_dialect = dialect
        known_server = dialects.HOSTED if self._address.is_hosted else None
        self._server = dialects.dialect_named(dialect) if dialect else known_server
        self.requests: deque[LoggedRequest] = deque(maxlen=MAX_LOG)

    def _begin(self) -> None:
        """Make what sends; without connecting."""
        raise NotImplementedError

    def _use(self, key: Secret) -> None:
        found_key = find_key(key)
        check_key(found_key, self._mode)
        self._key = found_key

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
    def _asked_dialect(self) -> str | None:
        """The dialect to ask a server for: worldkit's own, unless another one is given or known."""
        return dialects.WORLDKIT.name if self._server in (None, dialects.WORLDKIT) else None

    @property
    def dialect(self) -> str | None:
        """``"hosted"``, ``"worldkit"`` or ``"studio"``: what the server takes; None before the first response."""
        return self._calls.dialect_name

    @property
    def mode(self) -> str | None:
        """``"test"`` or ``"live"``, as the key says; None when it does not."""
        return self._secret().mode

    @property
    def label(self) -> str:
        """A short name for people: the host."""
        return self._address.host

    def _check_scope(self, request: Request) -> Request:
        if request.scope == "session":  # it carries the token of the session
            check_sendable(request.credential or Secret(None), "session token")
            return request
        if request.scope == "account":
            account = find_account(self._account, is_hosted=self._address.is_hosted)
            return replace(request, credential=account)
        check_scope(self._secret(), request.scope, f"{request.method} {request.path}")
        return request

    def _need(self, scope: Scope) -> None:
        check_scope(self._secret(), scope, "this call")

    def _note(self, line: LoggedRequest) -> None:
        self.requests.append(line)
        log.debug("%s", line)

    def __repr__(self) -> str:
        credential = repr(self._key) if self._key else "an account token" if self._account else "no key"
        return f"{type(self).__name__} {self._address.url} with {credential}"

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return self._unpickle, (self._address.url, self._mode, self._given_dialect, self._timeout)

    @classmethod
    def _unpickle(cls, base_url: str, mode: str | None, dialect: str | None, timeout: float) -> Self:
        self = cls.__new__(cls)
        self._connect(base_url, mode, dialect, timeout, time.monotonic)
        self._begin()
        return self
