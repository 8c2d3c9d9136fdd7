"""What llama.cpp's server says beside OpenAI's protocol: how large its model is, and what tokens words are made of.

llama.cpp goes through its whole vocabulary wherever a model would say something else than its grammar allows, which
takes longer than the token itself. So the tokens of a grammar's words are made likelier than all others, each by as
much: what the model prefers among them stays the same, and the grammar refuses less often.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import httpx

from worldkit.generation.engines import run_async
from worldkit.generation.engines.chat_stream import Broken, read_bytes
from worldkit.generation.engines.openai_client import OpenAIClient
from worldkit.model_access.endpoint import Endpoint
from worldkit.model_access.packed import is_packed

LIKELIER = 20.0
"""What is added to the logit of a token."""
PATIENCE_S = 5.0
"""Seconds that a whole answer may take."""
MAX_BYTES = 1 << 20

_SIZE = re.compile(r"(\d+(?:\.\d+)?)([bm])(?![a-z])", re.IGNORECASE)
_UNITS = {"b": 1e9, "m": 1e6}
_FAILURES = (
    *(httpx.HTTPError, TimeoutError, Broken),
    *(ValueError, LookupError, TypeError, AttributeError, RecursionError, OverflowError),
)


def named_size(model: str) -> float | None:
    """Return how many parameters a model has by its name, such as ``qwen2.5:1.5b``; None where that does not say.

    Example:
        >>> named_size("qwen2.5-coder:1.5b"), named_size("gpt-5")
        (1500000000.0, None)
    """
    sizes = [float(match[1]) * _UNITS[match[2].lower()] for match in _SIZE.finditer(model)]
    # what is smaller is how much a model reads, such as 1m
    return max((size for size in sizes if size >= 1e7), default=None)


def parameter_count(where: Endpoint) -> int | None:
    """Return how many parameters the model of an endpoint has; None where its server does not say.

    llama.cpp's server says so in its list of models. Only a server on this machine is asked.
    """
    if not where.loopback:
        return None

    async def list_of_models(_: object) -> Any:
        async with OpenAIClient(where).client() as client:
            return await _json(client, "GET", where.at("/models"))

    try:
        models = run_async.run(list_of_models, lambda: None)["data"]
        model = next((each for each in models if each.get("id") == where.model), models[0])
        return int(model["meta"]["n_params"])
    except _FAILURES:
        return None


async def logit_bias(words: Iterable[str], where: Endpoint, client: httpx.AsyncClient) -> list[tuple[int, float]]:
    """Return a bias, as llama.cpp takes it, that makes the tokens of words likelier; none where the server cannot tell.

    Args:
        words: The words. Those that begin with a letter or a digit are taken to stand after a space.
        where: The endpoint.
        client: Asks it.
    """
    text = "".join(f" {word}" if word[0].isalnum() else word for word in words)
    # tokens are told beside the protocol's own paths, which begin with /v1
    parts = urlsplit(where.at("/tokenize"))
    address = urlunsplit(parts._replace(path=parts.path.replace("/v1/tokenize", "/tokenize")))
    try:
        tokens = (await _json(client, "POST", address, {"content": text}))["tokens"]
        return [(token, LIKELIER) for token in sorted({int(token) for token in tokens})]
    except _FAILURES:
        return []


async def _json(client: httpx.AsyncClient, method: str, address: str, body: Any = None) -> Any:
    async with asyncio.timeout(PATIENCE_S), client.stream(method, address, json=body) as response:
        if response.status_code != 200 or is_packed(response.headers):
            raise ValueError("the server does not answer, or packed its answer, which was not asked for")
        return json.loads(await read_bytes(response, MAX_BYTES))
