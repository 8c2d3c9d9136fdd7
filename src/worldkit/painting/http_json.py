"""Read one JSON document over HTTP from a server that is not trusted."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx

from worldkit.model_access.packed import AS_IT_IS, is_packed


async def get_json(url: str, *, seconds: float, max_bytes: int) -> Any:
    """Return the JSON document at an address.

    Args:
        url: The address.
        seconds: How long the whole answer may take.
        max_bytes: How long it may be.

    Raises:
        TimeoutError: It took longer.
        httpx.HTTPError: The server cannot be reached, or answered with an error.
        httpx.InvalidURL: It is no address.
        ValueError: The answer is too long, packed, or not JSON.
    """
    body = bytearray()
    async with (
        asyncio.timeout(seconds),
        httpx.AsyncClient(trust_env=False) as client,
        client.stream("GET", url, headers=AS_IT_IS) as response,
    ):
        response.raise_for_status()
        if is_packed(response.headers):
            raise ValueError("the answer is packed, which was not asked for")
        async for chunk in response.aiter_raw():
            body += chunk
            if len(body) > max_bytes:
                raise ValueError(f"the answer is longer than {max_bytes // 1024:,} kB")
    try:
        return json.loads(body)
    except RecursionError:
        raise ValueError("the answer is nested too deeply") from None
