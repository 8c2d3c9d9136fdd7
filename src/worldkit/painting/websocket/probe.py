"""Ask a world model what it can do, without beginning the costly part."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass

from worldkit.core.argument_checks import checked
from worldkit.core.errors import PainterRefused
from worldkit.model_access.secret_texts import without_secrets
from worldkit.painting.painter import Capabilities
from worldkit.painting.websocket.address import ModelAddress, websocket_address
from worldkit.painting.websocket.messages import HELLO_SECONDS, Ended, ErrorMessage, hello, read_text
from worldkit.painting.websocket.opening import check_installed, connection_to

PROBE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Probe:
    """The answer of a world model to a probe.

    Attributes:
        capabilities: What it can do.
        seconds: How long it took to say so.
    """

    capabilities: Capabilities
    seconds: float


@checked
async def probe(url: str, key: str | None = None) -> Probe:
    """Return what a world model can do, as it says itself; ``start`` is never sent.

    Args:
        url: Its address.
        key: Its key.

    Raises:
        PainterRefused: It did not answer within 5 s, refused, or ended at once.
        WorldError: The address cannot be used.

    Source:
        docs/spec/frames.md#world-models-over-websocket-protocol-1

    Example:
        >>> answer = await wk.painters.probe("ws://127.0.0.1:8765")
        >>> answer.capabilities.prompt, answer.capabilities.note
        (True, 'a computed picture; no model paints')
    """
    check_installed()
    from websockets.exceptions import WebSocketException

    address = websocket_address(url, key)
    loop = asyncio.get_running_loop()
    began = loop.time()
    try:
        async with asyncio.timeout(PROBE_SECONDS), connection_to(address) as socket:
            await socket.send(json.dumps(hello()))
            capabilities = await _first_capabilities(socket, address)
            seconds = loop.time() - began
            await socket.send(json.dumps({"type": "bye"}))
            return Probe(capabilities, seconds)
    except TimeoutError:
        raise PainterRefused(f"{address.safe_url} did not answer within {PROBE_SECONDS:g} s") from None
    except (OSError, WebSocketException) as error:
        raise PainterRefused(f"no world model answers at {address.safe_url}: {address.describe(error)}") from None


async def _first_capabilities(socket: object, address: ModelAddress) -> Capabilities:
    try:
        async with asyncio.timeout(HELLO_SECONDS):
            async for data in socket:  # type: ignore[attr-defined]
                text = without_secrets(data, address.secrets) if isinstance(data, str) else ""
                message = read_text(text, address.host)
                if isinstance(message, Capabilities):
                    return message
                if isinstance(message, Ended | ErrorMessage):
                    words = message.reason if isinstance(message, Ended) else message.message
                    raise PainterRefused(f"{address.safe_url} refused: {words}")
    except TimeoutError:
        return Capabilities(inferred=True, streaming=False)
    raise PainterRefused(f"{address.safe_url} closed the connection without a word")
