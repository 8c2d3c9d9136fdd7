"""Ask a MIRA server whether its model is loaded, without beginning a session."""

from __future__ import annotations

import asyncio
from urllib.parse import urlsplit, urlunsplit

import httpx

from worldkit.core.errors import PainterRefused
from worldkit.model_access.secret_texts import without_secrets
from worldkit.painting.http_json import get_json
from worldkit.painting.painter import Capabilities
from worldkit.painting.websocket.address import ModelAddress, websocket_address
from worldkit.painting.websocket.messages import plain_text
from worldkit.painting.websocket.probe import PROBE_SECONDS, Probe

MAX_ANSWER_BYTES = 64 * 1024


async def probe(url: str, key: str | None = None) -> Probe:
    """Return what a MIRA server says without a session: that it is there, and whether its model is loaded.

    Args:
        url: Its address, with or without ``mira:``.

    Raises:
        PainterRefused: It did not answer within 5 s, or its model failed to load.
        WorldError: The address cannot be used.

    Source:
        docs/painters.md#mira
    """
    address = websocket_address(url.removeprefix("mira:"), key)
    loop = asyncio.get_running_loop()
    began = loop.time()
    try:
        answer = await get_json(health_address(address), seconds=PROBE_SECONDS, max_bytes=MAX_ANSWER_BYTES)
    except TimeoutError:
        raise PainterRefused(f"{address.shown} did not answer within {PROBE_SECONDS:g} s") from None
    except (httpx.HTTPStatusError, ValueError):
        answer = None
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise PainterRefused(f"no world model answers at {address.shown}: {address.describe(error)}") from None
    seconds = loop.time() - began
    if not isinstance(answer, dict) or type(answer.get("ready")) is not bool:
        raise PainterRefused(f"{address.shown} does not say at /healthz whether its model is ready")
    if problem := plain_text(answer.get("load_error")):
        problem = without_secrets(problem, address.secrets)
        raise PainterRefused(f"the model at {address.shown} failed to load: {problem}")
    note = "" if answer["ready"] else "the model is still loading"
    return Probe(Capabilities(hold=True, note=note, inferred=True), seconds)


def health_address(address: ModelAddress) -> str:
    """Return the address that tells whether a server is ready: ``/healthz`` beside its WebSocket ``/ws``."""
    parts = urlsplit(address.full)
    scheme = "https" if parts.scheme == "wss" else "http"
    folder = parts.path.rstrip("/").removesuffix("/ws")
    return urlunsplit((scheme, parts.netloc, f"{folder}/healthz", parts.query, ""))
