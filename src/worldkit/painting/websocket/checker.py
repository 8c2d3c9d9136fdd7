"""Check a world model claim by claim: does it speak protocol 1, and does its picture do what it says?"""

from __future__ import annotations

import json

from worldkit.core.errors import PainterRefused
from worldkit.painting.claims import PROMPTS, CheckedPainter, Claim, check_goes_on, check_pictures, require_pillow
from worldkit.painting.eye import Eye
from worldkit.painting.painter import Capabilities
from worldkit.painting.websocket.client import WebSocketPainter
from worldkit.painting.websocket.probe import probe


async def check_protocol_1(url: str, key: str | None = None) -> CheckedPainter:
    """Check a world model that speaks protocol 1, and return claim by claim what holds.

    Args:
        url: Its address.

    Raises:
        MissingExtra: ``websockets`` or Pillow is missing.
        WorldError: The address cannot be used.

    Source:
        docs/spec/frames.md#world-models-over-websocket-protocol-1
    """
    require_pillow()
    painter = WebSocketPainter(url, key)
    result = CheckedPainter(painter.shown)
    claims = result.claims
    try:
        answer = await probe(url, key)
    except PainterRefused as error:
        claims.append(Claim("answers a probe", "fail", str(error)))
        return result
    claims.append(Claim("answers a probe", "pass", f"after {1000 * answer.seconds:.0f} ms, without a start"))
    claims.append(_announcement(answer.capabilities))
    try:
        capabilities = await painter.open(PROMPTS[0], world="worldkit check")
    except PainterRefused as error:
        claims.append(Claim("starts", "fail", str(error)))
        return result
    eye = Eye(painter)

    async def send_unknown() -> None:
        for text in ("not json", json.dumps({"type": "worldkit-unknown", "value": [1]}), "[]"):
            await painter.send_raw(text)

    try:
        async with eye.looking():
            await check_pictures(painter, eye, capabilities, result)
            name = "ignores what it does not know"
            claims.append(await check_goes_on(name, eye, lambda: painter.status, send_unknown))
    finally:
        await painter.close()
    return result


def _announcement(capabilities: Capabilities) -> Claim:
    name = "says what it can do"
    if capabilities.inferred:
        return Claim(name, "fail", "no capabilities within 2.5 s, so none are assumed")
    words = ", ".join(
        f"{word} {'yes' if value else 'no'}"
        for word, value in (
            ("streaming", capabilities.streaming),
            ("promptableEvents", capabilities.prompt),
            ("heldCommands", capabilities.hold),
            ("persistentWorlds", capabilities.persistent),
        )
    )
    return Claim(name, "pass", words)
