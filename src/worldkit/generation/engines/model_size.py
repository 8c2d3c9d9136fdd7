"""How many parameters a model has, and from how many on it is asked for plans and whole places."""

from __future__ import annotations

import asyncio
import json

import httpx

from worldkit.generation.engines import run_async
from worldkit.generation.engines.chat_stream import Broken, read_bytes
from worldkit.generation.engines.openai_client import OpenAIClient
from worldkit.model_access.endpoint import Endpoint
from worldkit.model_access.packed import is_packed

CAPABLE = 900_000_000
"""Parameters from which a model is asked for plans and whole places; smaller ones are asked for single sentences."""
PATIENCE_S = 5.0
"""Seconds that the whole answer may take."""
MAX_BYTES = 1 << 20

_FAILURES = (
    *(httpx.HTTPError, TimeoutError, Broken),
    *(ValueError, LookupError, TypeError, AttributeError, RecursionError, OverflowError),
)


def parameter_count(where: Endpoint) -> int | None:
    """Return how many parameters the model of an endpoint has; None where its server does not say.

    llama.cpp's server says so in its list of models. Only a server on this machine is asked.
    """
    if not where.loopback:
        return None

    async def list_of_models(_: object) -> bytes:
        async with (
            asyncio.timeout(PATIENCE_S),
            OpenAIClient(where).client() as client,
            client.stream("GET", where.at("/models")) as response,
        ):
            if is_packed(response.headers):
                raise ValueError("the answer is packed, which was not asked for")
            return await read_bytes(response, MAX_BYTES)

    try:
        models = json.loads(run_async.run(list_of_models, lambda: None))["data"]
        model = next((each for each in models if each.get("id") == where.model), models[0])
        return int(model["meta"]["n_params"])
    except _FAILURES:
        return None
