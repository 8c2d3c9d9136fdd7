"""Opening a WebSocket to a server that is not trusted: no redirect is followed, and nothing it sends is unpacked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from worldkit.core.errors import MissingExtra
from worldkit.painting.websocket.address import ModelAddress
from worldkit.painting.websocket.messages import MAX_MESSAGE_BYTES

if TYPE_CHECKING:
    from websockets.asyncio.client import connect

OPEN_SECONDS = 8.0


def check_installed() -> None:
    """Check that the package for WebSockets is there.

    Raises:
        MissingExtra: The package ``websockets`` is missing.
    """
    try:
        import websockets.asyncio.client  # noqa: F401
    except ImportError:
        raise MissingExtra("a painter over WebSocket", "live", "websockets") from None


def connection_to(address: ModelAddress) -> connect:
    """Return a connection that opens when it is awaited or entered.

    It raises what ``websockets`` raises, ``InvalidHandshake`` where the server leads to another address. The package is
    there: see ``check_installed``.

    Args:
        address: Where to.
    """
    from websockets.asyncio.client import connect
    from websockets.exceptions import InvalidHandshake, InvalidStatus

    class DirectConnection(connect):
        def process_redirect(self, exc: Exception) -> Exception | str:
            if isinstance(exc, InvalidStatus) and 300 <= exc.response.status_code < 400:
                status = exc.response.status_code
                return InvalidHandshake(
                    f"it answered {status}; redirects are not followed, give the address it leads to"
                )
            return exc

    return DirectConnection(
        address.full_url,
        open_timeout=OPEN_SECONDS,
        close_timeout=1,
        max_size=MAX_MESSAGE_BYTES,
        max_queue=2,
        compression=None,
        proxy=None,
    )
