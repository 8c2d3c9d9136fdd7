"""The body of an answer, which is not to be packed: unpacked, some hundred bytes may become gigabytes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import httpx

UNCOMPRESSED_HEADERS: Mapping[str, str] = {"Accept-Encoding": "identity"}
"""Headers that ask for an answer that is not packed."""


def is_packed(headers: Mapping[str, str]) -> bool:
    """Say whether an answer is packed.

    Args:
        headers: Its headers; their names in any case, or in lower case.
    """
    return headers.get("content-encoding", "").strip().lower() not in ("", "identity")


async def read_body(response: httpx.Response, max_bytes: int, *, truncate: bool = False) -> bytes:
    """Return the body of an answer.

    Args:
        max_bytes: How long its body may be.
        truncate: Return the beginning of a longer one.

    Raises:
        ValueError: It is packed, or longer; what the server did is said in words that go behind its name.
    """
    if is_packed(response.headers):
        raise ValueError("packed its answer, though it was asked for it as it is")
    body = bytearray()
    async for chunk in response.aiter_raw():
        body += chunk
        if len(body) > max_bytes and not truncate:
            raise ValueError(f"sent more than {max_bytes >> 10:,} kB, which is no answer")
        if len(body) > max_bytes:
            break
    return bytes(body[:max_bytes])
