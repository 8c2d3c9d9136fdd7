"""The tokens that words are made of, as llama.cpp's server counts them.

llama.cpp goes through its whole vocabulary wherever a model would say something else than its grammar allows, which
takes longer than the token itself. So the tokens of a grammar's words are made likelier than all others, each by as
much: what the model prefers among them stays the same, and the grammar refuses less often.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable
from urllib.parse import urlsplit, urlunsplit

import httpx

from worldkit.generation.engines.chat_stream import Broken, read_bytes
from worldkit.model_access.endpoint import Endpoint
from worldkit.model_access.packed import is_packed

LIKELIER = 20.0
"""What is added to the logit of a token."""
PATIENCE_S = 5.0
"""Seconds that the whole answer may take."""
MAX_BYTES = 1 << 20

_FAILURES = (httpx.HTTPError, TimeoutError, Broken, ValueError, LookupError, TypeError, OverflowError, RecursionError)


async def logit_bias(words: Iterable[str], where: Endpoint, client: httpx.AsyncClient) -> list[tuple[int, float]]:
    """Return a bias, as llama.cpp takes it, that makes the tokens of words likelier; none where the server cannot tell.

    Args:
        words: The words. Those that begin with a letter or a digit are taken to stand after a space.
        where: The endpoint.
        client: Asks it.
    """
    text = "".join(f" {word}" if word[0].isalnum() else word for word in words)
    try:
        async with (
            asyncio.timeout(PATIENCE_S),
            client.stream("POST", _address(where), json={"content": text}) as response,
        ):
            if response.status_code != 200 or is_packed(response.headers):
                return []
            tokens = json.loads(await read_bytes(response, MAX_BYTES))["tokens"]
        return [(token, LIKELIER) for token in sorted({int(token) for token in tokens})]
    except _FAILURES:
        return []


def _address(where: Endpoint) -> str:
    """Return where tokens are told: beside the protocol's own paths, which begin with ``/v1``."""
    parts = urlsplit(where.at("/tokenize"))
    return urlunsplit(parts._replace(path=parts.path.replace("/v1/tokenize", "/tokenize")))
