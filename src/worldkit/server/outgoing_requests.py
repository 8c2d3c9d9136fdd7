"""``post`` and ``get``: one request to an address that was checked, within a fixed time."""

from __future__ import annotations

import asyncio
import ssl
from functools import cache

import httpx

from worldkit.core.version import __version__
from worldkit.model_access import background_loop
from worldkit.server.outgoing_addresses import CheckedAddress

TIMEOUT_S = 10.0
_OWN_HEADERS = {"User-Agent": f"worldkit/{__version__}", "Accept-Encoding": "identity", "Connection": "close"}


def post(
    target: CheckedAddress, addresses: list[str], body: bytes, headers: dict[str, str], seconds: float = TIMEOUT_S
) -> int:
    """Post a body, and return the status that is answered; what follows the status is not read.

    Args:
        target: Where to; its name is what the certificate has to be for.
        addresses: What to connect to, tried in order.
        headers: Further headers.
        seconds: How long it may take from the beginning to the answer's head.

    Raises:
        OSError: Nobody answers with HTTP, not in time, or with a certificate of another name.
    """
    headers = {"Content-Type": "application/json", **headers}
    status, _ = background_loop.run(_ask, "POST", target, addresses, body, headers, seconds, None)
    return status


def get(target: CheckedAddress, addresses: list[str], max_bytes: int, seconds: float = TIMEOUT_S) -> tuple[int, bytes]:
    """Ask for what is at an address; returns the status, and of a body that is longer than allowed some more than that.

    Args:
        target: Where.
        addresses: What to connect to, tried in order.
        max_bytes: How many bytes are allowed.
        seconds: How long it may take in all.

    Raises:
        OSError: As for ``post``.
    """
    return background_loop.run(_ask, "GET", target, addresses, None, {}, seconds, max_bytes)


async def _ask(
    method: str,
    target: CheckedAddress,
    addresses: list[str],
    content: bytes | None,
    headers: dict[str, str],
    seconds: float,
    max_bytes: int | None,
) -> tuple[int, bytes]:
    failure = OSError("the name has no address")
    headers = {"Host": target.authority, **_OWN_HEADERS, **headers}
    async with (
        asyncio.timeout(seconds),
        httpx.AsyncClient(verify=tls_context(), trust_env=False, timeout=None) as client,
    ):
        for address in addresses:
            url = httpx.URL(scheme=target.scheme, host=address, port=target.port, raw_path=target.path.encode())
            request = client.build_request(
                method, url, content=content, headers=headers, extensions={"sni_hostname": target.host}
            )
            try:
                response = await client.send(request, stream=True)
                body = bytearray()
                if max_bytes is not None:
                    async for chunk in response.aiter_raw():
                        body += chunk
                        if len(body) > max_bytes:
                            break
                return response.status_code, bytes(body)
            except httpx.ConnectError as error:
                failure = _system_error(error)
            except httpx.HTTPError as error:
                raise _system_error(error) from error
    raise failure


def _system_error(error: httpx.HTTPError) -> OSError:
    """Return what the system said of a request that failed."""
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, OSError):
        cause = cause.__cause__ or cause.__context__
    while cause is not None and isinstance(cause.__cause__, OSError):  # the first may only say that all were tried
        cause = cause.__cause__
    return cause or ConnectionError(type(error).__name__)


@cache
def tls_context() -> ssl.SSLContext:
    """Return the TLS settings: the usual authorities, or those of ``$SSL_CERT_FILE``."""
    return httpx.create_ssl_context()
