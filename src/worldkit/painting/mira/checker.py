"""Check a world model claim by claim: does it speak MIRA's dialect, and does its picture do what it says?"""

from __future__ import annotations

import asyncio
import json
from urllib.parse import urlsplit, urlunsplit

import httpx

from worldkit.core.errors import PainterRefused
from worldkit.model_access.secret_texts import without_secrets
from worldkit.painting.claims import (
    FIRST_PICTURE_SECONDS,
    PROMPTS,
    CheckedPainter,
    Claim,
    check_goes_on,
    check_pictures,
    require_pillow,
)
from worldkit.painting.eye import Eye
from worldkit.painting.http_json import get_json
from worldkit.painting.mira.client import MiraPainter
from worldkit.painting.painter import Capabilities
from worldkit.painting.websocket.address import ModelAddress, websocket_address
from worldkit.painting.websocket.messages import plain_text
from worldkit.painting.websocket.probe import PROBE_SECONDS, Probe


async def check_mira(url: str, key: str | None = None) -> CheckedPainter:
    """Check a world model that speaks MIRA's dialect, and return claim by claim what holds.

    Args:
        url: Its address, with or without ``mira:``.

    Raises:
        MissingExtra: ``websockets`` or Pillow is missing.
        WorldError: The address cannot be used.

    Source:
        docs/painters.md#mira
    """
    require_pillow()
    painter = MiraPainter(url, key)
    result = CheckedPainter(f"mira:{painter.shown}")
    claims = result.claims
    try:
        answer = await probe(url, key)
    except PainterRefused as error:
        claims.append(Claim("says whether it is ready", "fail", str(error)))
        return result
    note = answer.capabilities.note or "the model is ready"
    claims.append(Claim("says whether it is ready", "pass", f"{note}, after {1000 * answer.seconds:.0f} ms"))
    try:
        capabilities = await painter.open(PROMPTS[0], world="worldkit check")
    except PainterRefused as error:
        claims.append(Claim("begins a session", "fail", str(error)))
        return result
    claims.append(_session(painter))
    eye = Eye(painter)

    async def send_unknown() -> None:
        for message in ({"type": "worldkit-unknown", "value": [1]}, {"type": "actions", "held": {"99": ["W"]}}):
            await painter.send_raw(json.dumps(message))

    try:
        async with eye.looking():
            await check_pictures(painter, eye, capabilities, result)
            claims.append(_size(painter, eye))
            name = "ignores what it does not know"
            claims.append(await check_goes_on(name, eye, lambda: painter.status, send_unknown))
            claims.append(await _end(painter, eye))
    finally:
        await painter.close()
    return result


def _session(painter: MiraPainter) -> Claim:
    ready = painter.ready
    assert ready is not None
    if not (ready.players and ready.width and ready.height):
        return Claim("begins a session", "fail", 'the "meta" of ready names no n_players, width and height')
    prompts = "takes prompts" if ready.capabilities.prompt else "takes no prompts"
    return Claim("begins a session", "pass", f"views: {ready.players}, {ready.width} x {ready.height}, {prompts}")


def _size(painter: MiraPainter, eye: Eye) -> Claim:
    name, ready = "pictures have the size announced", painter.ready
    if not eye.size or ready is None or not ready.width:
        return Claim(name, "skip", "there are no pictures, or no size was announced")
    announced_size = f"{ready.width} x {ready.height}"
    detail = eye.size if eye.size == announced_size else f"announced {announced_size}, sent {eye.size}"
    return Claim(name, "pass" if eye.size == announced_size else "fail", detail)


async def _end(painter: MiraPainter, eye: Eye) -> Claim:
    await painter.send_raw(json.dumps({"type": "stop"}))
    has_ended = await eye.until_over(FIRST_PICTURE_SECONDS) and painter.status == "ended"
    detail = f"ended: {painter.detail}" if has_ended else f"no ended after stop, the connection is {painter.status}"
    return Claim("ends when it is told to", "pass" if has_ended else "fail", detail)


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
        answer = await get_json(_health_address(address), seconds=PROBE_SECONDS, max_bytes=MAX_ANSWER_BYTES)
    except TimeoutError:
        raise PainterRefused(f"{address.safe_url} did not answer within {PROBE_SECONDS:g} s") from None
    except (httpx.HTTPStatusError, ValueError):
        answer = None
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise PainterRefused(f"no world model answers at {address.safe_url}: {address.describe(error)}") from None
    seconds = loop.time() - began
    if not isinstance(answer, dict) or type(answer.get("ready")) is not bool:
        raise PainterRefused(f"{address.safe_url} does not say at /healthz whether its model is ready")
    if problem := plain_text(answer.get("load_error")):
        problem = without_secrets(problem, address.secrets)
        raise PainterRefused(f"the model at {address.safe_url} failed to load: {problem}")
    note = "" if answer["ready"] else "the model is still loading"
    return Probe(Capabilities(hold=True, note=note, inferred=True), seconds)


def _health_address(address: ModelAddress) -> str:
    """Return the address that tells whether a server is ready: ``/healthz`` beside its WebSocket ``/ws``."""
    parts = urlsplit(address.full_url)
    scheme = "https" if parts.scheme == "wss" else "http"
    folder = parts.path.rstrip("/").removesuffix("/ws")
    return urlunsplit((scheme, parts.netloc, f"{folder}/healthz", parts.query, ""))
