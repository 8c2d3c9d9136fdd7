"""Check a world model claim by claim, in the dialect that its address names."""

from __future__ import annotations

from worldkit.core.argument_checks import checked
from worldkit.painting.claims import CheckedPainter
from worldkit.painting.mira.checker import check_mira
from worldkit.painting.reactor.checker import check_reactor
from worldkit.painting.registry import with_lower_scheme
from worldkit.painting.websocket.checker import check_protocol_1


@checked
async def check(url: str, key: str | None = None) -> CheckedPainter:
    """Check a world model, and return the result of every claim.

    Args:
        url: Its address: ``ws://`` and ``wss://`` for protocol 1, ``mira:ws://`` for MIRA's dialect, ``reactor:http://``
            and ``reactor:https://host/model`` for Reactor.
        key: Its key.

    Raises:
        MissingExtra: ``websockets``, ``reactor-sdk`` or Pillow is missing.
        WorldError: The address cannot be used.

    Source:
        docs/world-model-server.md#check-it

    Example:
        >>> print(await wk.painters.check("ws://127.0.0.1:9"))
        ws://127.0.0.1:9
        FAIL  answers a probe: no world model answers at ws://127.0.0.1:9: ...
    """
    dialects = {"mira": check_mira, "reactor": check_reactor}
    address = with_lower_scheme(url)
    return await dialects.get(address.partition(":")[0], check_protocol_1)(address, key)
