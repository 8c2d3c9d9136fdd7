"""Read one JSON document over HTTP from a server that is not trusted."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx

from worldkit.model_access.answer_body import UNCOMPRESSED_HEADERS, read_body


async def get_json(url: str, *, seconds: float, max_bytes: int) -> Any:
    """Return the JSON document at an address.

    Args:
        seconds: How long the whole answer may take.
        max_bytes: How long it may be.

    Raises:
        TimeoutError: It took longer.
        httpx.HTTPError: The server cannot be reached, or answered with an error.
        httpx.InvalidURL: It is no address.
        ValueError: The answer is too long, packed, or not JSON.
    """
    async with (
        asyncio.timeout(seconds),
        httpx.AsyncClient(trust_env=False) as client,
        client.stream("GET", url, headers=UNCOMPRESSED_HEADERS) as response,
    ):
        response.raise_for_status()
        body = await read_body(response, max_bytes)
    try:
        return json.loads(body)
    except RecursionError:
        raise ValueError("the answer is nested too deeply") from None
