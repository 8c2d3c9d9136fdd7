"""Pictures of requests: what is sent as text, and ``fetch_frame``, one at a public address (docs/spec/frames.md).

An address is asked as that of a webhook is: it is resolved once, every number of it has to be on the public Internet,
and the connection goes to what was checked. Nothing is sent along, redirects are not followed.
"""

from __future__ import annotations

import base64

from worldkit.core.errors import WorldError
from worldkit.core.image_types import IMAGE_KINDS, image_type
from worldkit.server.outgoing_addresses import BadAddress, Resolve, addresses, parse, system_resolve
from worldkit.server.outgoing_requests import get
from worldkit.stores.api.frames import picture_in

MAX_BYTES = 10_000_000


class FrameRefused(WorldError):
    """A picture's address may not be asked, or there is no picture at it or in the request."""


def checked_picture(text: str) -> str:
    """Return a picture as a world holds it and a model sees it: a ``data:`` URL of the type that its first bytes tell.

    Args:
        text: Base64, or a ``data:`` URL of base64.

    Raises:
        FrameRefused: It is neither, or no picture.
    """
    picture = picture_in(text)
    if picture is None:
        raise FrameRefused(f"frame_b64: expected a {IMAGE_KINDS} as base64 or as a data: URL of it, got something else")
    return picture.src


def fetch_frame(url: str, *, private: bool = False, resolve: Resolve = system_resolve) -> str:
    """Return the picture at an address, as a ``data:`` URL.

    Args:
        private: Whether private networks are allowed, and with them ``http`` on this machine, for trying it out.
        resolve: Resolves names.

    Raises:
        FrameRefused: The address is not public, nobody answers, or what comes is no picture or too large.
    """
    try:
        target = parse(url, private=private)
        status, data = get(target, addresses(target, resolve, private=private), MAX_BYTES)
    except BadAddress as error:
        raise FrameRefused(f"frame_url: {error}") from None
    except OSError as error:
        raise FrameRefused(f"frame_url: {target.host} does not answer ({type(error).__name__})") from None
    if status != 200:
        hint = "; redirects are not followed" if 300 <= status < 400 else ""
        raise FrameRefused(f"frame_url: expected a picture, {target.host} answered {status}{hint}")
    if len(data) > MAX_BYTES:
        raise FrameRefused(f"frame_url: expected a picture of at most {MAX_BYTES // 1_000_000} MB, got a larger one")
    media = image_type(data)
    if not media:
        raise FrameRefused(f"frame_url: expected a {IMAGE_KINDS}, got something else")
    return f"data:{media};base64,{base64.b64encode(data).decode('ascii')}"
