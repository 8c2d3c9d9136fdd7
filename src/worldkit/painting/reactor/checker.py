"""Check a Reactor model claim by claim: does its schema name commands, and does its picture follow them?"""

from __future__ import annotations

import httpx

from worldkit.core.errors import PainterRefused
from worldkit.painting.claims import PROMPTS, CheckedPainter, Claim, check_goes_on, check_pictures, require_pillow
from worldkit.painting.eye import Eye
from worldkit.painting.http_json import get_json
from worldkit.painting.reactor.address import ReactorAddress, reactor_address
from worldkit.painting.reactor.client import ReactorPainter
from worldkit.painting.reactor.commands import COMMAND_PURPOSES, commands_of
from worldkit.painting.websocket.messages import plain_text
from worldkit.painting.websocket.probe import PROBE_SECONDS

MAX_SCHEMA_BYTES = 4 * 1024 * 1024
UNKNOWN_COMMAND = "worldkit_unknown"


async def check_reactor(url: str, key: str | None = None) -> CheckedPainter:
    """Check a Reactor model, and return claim by claim what holds.

    Args:
        url: Its address, with or without ``reactor:``.
        key: An API key of the coordinator.

    Raises:
        MissingExtra: ``reactor-sdk`` or Pillow is missing.
        WorldError: The address cannot be used.

    Source:
        docs/painters.md#reactor
    """
    require_pillow()
    painter = ReactorPainter(url, key)
    result = CheckedPainter(f"reactor:{painter.shown}")
    claims = result.claims
    claims.append(await _schema(reactor_address(url, bool(key))))
    if not result.passed:
        return result
    try:
        capabilities = await painter.open(PROMPTS[0])
    except PainterRefused as error:
        claims.append(Claim("begins a session", "fail", str(error)))
        return result
    claims.append(Claim("begins a session", "pass", capabilities.note or "it says nothing of itself"))
    eye = Eye(painter)
    try:
        async with eye.looking():
            await check_pictures(painter, eye, capabilities, result)
            claims.append(await _refuses_unknown(painter, eye))
    finally:
        await painter.close()
    claims.append(await _begins_again(url, key))
    return result


async def _schema(address: ReactorAddress) -> Claim:
    """Ask a runtime of one's own for its schema, which begins no session; a coordinator has none to ask for."""
    name = "describes its commands"
    if not address.is_own:
        return Claim(name, "skip", "a coordinator describes a model only in a session")
    try:
        schema = await get_json(f"{address.url}/schema", seconds=PROBE_SECONDS, max_bytes=MAX_SCHEMA_BYTES)
    except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, ValueError) as error:
        reason = plain_text(str(error)) or type(error).__name__
        return Claim(name, "fail", f"no schema at {address.url}/schema: {reason}")
    commands = commands_of(schema)
    words = [
        f"{purpose}: {commands[purpose].name}" if purpose in commands else f"{purpose}: none"
        for purpose in COMMAND_PURPOSES
    ]
    return Claim(name, "pass" if commands else "fail", ", ".join(words))


async def _refuses_unknown(painter: ReactorPainter, eye: Eye) -> Claim:
    reasons: list[str] = []

    async def send_unknown() -> None:
        reasons.append(await painter.send_raw(UNKNOWN_COMMAND, {"value": [1]}))

    name = "refuses what it does not know"
    claim = await check_goes_on(name, eye, lambda: painter.status, send_unknown)
    if claim.outcome == "pass" and not reasons[0]:
        return Claim(name, "fail", f"the command {UNKNOWN_COMMAND} was accepted")
    return claim


async def _begins_again(url: str, key: str | None) -> Claim:
    name = "can be begun again after it was ended"
    painter = ReactorPainter(url, key)
    try:
        await painter.open(PROMPTS[0])
    except PainterRefused as error:
        return Claim(name, "fail", str(error))
    finally:
        await painter.close()
    return Claim(name, "pass", "a second session began")
