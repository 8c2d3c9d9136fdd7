"""Which painter an address means: one of the dialects, or a painter that another package registers."""

from __future__ import annotations

from collections.abc import Callable

from worldkit.core.argument_checks import refusal
from worldkit.core.errors import WorldError
from worldkit.painting.mira.client import MiraPainter
from worldkit.painting.painter import Painter
from worldkit.painting.reactor.client import ReactorPainter
from worldkit.painting.websocket.address import SCHEMES
from worldkit.painting.websocket.client import WebSocketPainter

DIALECTS: dict[str, Callable[[str], Painter]] = {
    **dict.fromkeys(SCHEMES, WebSocketPainter),
    "mira": MiraPainter,
    "reactor": ReactorPainter,
}
"""The painter of each scheme that needs no other package."""

ENTRY_POINT_GROUP = "worldkit.painters"
"""The group of entry points: the name is the scheme of an address, the object a function of the whole address."""


def painter_of(value: Painter | str) -> Painter:
    """Return a painter that is given as one, or by its address.

    Args:
        value: A painter; ``ws://`` or ``wss://`` (protocol 1); ``mira:ws://``; ``reactor:http://``; or an address with
            a scheme that an installed package registers.

    Raises:
        MissingExtra: A package is missing.
        TypeError: It is neither a painter nor a text.
        WorldError: The address cannot be used, or the package that registers its scheme fails.
    """
    if not isinstance(value, str):
        if isinstance(value, Painter):
            return value
        raise refusal("painter", 'the address of a world model ("ws://..."), or a painter', value)
    address = with_lower_scheme(value)
    scheme = address.partition(":")[0]
    return DIALECTS[scheme](address) if scheme in DIALECTS else _registered(scheme, address)


def with_lower_scheme(address: str) -> str:
    """Return an address with its scheme in lower case; in which case a scheme is written makes no difference."""
    scheme, colon, rest = address.partition(":")
    return f"{scheme.lower()}{colon}{rest}"


def _registered(scheme: str, address: str) -> Painter:
    from importlib.metadata import entry_points

    matches = [point for point in entry_points(group=ENTRY_POINT_GROUP) if point.name == scheme]
    if not matches:
        return WebSocketPainter(address)  # refuses the address, and says what one looks like
    try:
        painter = matches[0].load()(address)
    except WorldError:
        raise
    except Exception as error:
        raise WorldError(f"the painter {scheme!r} of {matches[0].value} failed: {error}") from error
    if not isinstance(painter, Painter):
        raise WorldError(
            f"the painter {scheme!r} of {matches[0].value} is none: expected {Painter.__name__}'s five methods"
        )
    return painter
