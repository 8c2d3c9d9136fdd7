"""The rule about URLs that a page would not open."""

from __future__ import annotations

import re
from collections.abc import Iterator

from worldkit.core.json_values import quote
from worldkit.ruleset.index import Index
from worldkit.ruleset.rules import Found, of_world, rule

_IGNORED_CHARACTERS = re.compile(r"^[\x00-\x20]+|[\t\n\r]+")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]*):")
_PICTURE = re.compile(r"data:image/", re.IGNORECASE)


def unsafe_scheme(url: str, picture: bool = False) -> str | None:
    """Return the scheme that makes a URL unsafe, or None when it is http, https or relative.

    Browsers drop control characters before a URL and line breaks inside it (WHATWG URL Standard, 4.4), so
    they are dropped here too before the scheme is read (RFC 3986, 3.1).

    Args:
        picture: Whether it is the URL of a picture, which may be a ``data:image/...``.
    """
    text = _IGNORED_CHARACTERS.sub("", url)
    match = _SCHEME.match(text)
    if match is None:
        return None
    scheme = match[1].lower()
    if scheme in ("http", "https") or (picture and _PICTURE.match(text)):
        return None
    return scheme


@rule(
    "unsafe-url",
    "warning",
    "An address that is not opened",
    "Pictures and clips are fetched by http or https or from beside the world, and a picture may be written out as "
    "data:image. Anything else, such as javascript: or file:, is never opened. Use an https or a relative address.",
    parts=of_world,
)
def unsafe_url(index: Index) -> Iterator[Found]:
    """A picture's or clip's URL with a scheme other than http, https or, for pictures, data:image."""
    world = index.world
    image = world.entrance.image if world.entrance else None
    own = (
        ("cover", world.cover, True),
        ("entrance.image.src", image.src if image else None, True),
        ("introVideo", world.intro_video, False),
        ("outro.video", world.outro.video if world.outro else None, False),
    )
    for field, url, picture in own:
        if url is not None and (scheme := unsafe_scheme(url, picture)):
            yield Found(_message(url, scheme, picture), "world", field=field)
    for cutscene in world.cutscenes or ():
        if scheme := unsafe_scheme(cutscene.video):
            yield Found(_message(cutscene.video, scheme), "cutscene", cutscene.id, "video")


def _message(url: str, scheme: str, picture: bool = False) -> str:
    may = "http, https, data:image or a relative address" if picture else "http, https or a relative address"
    return f"{quote(url)} is never opened, because its scheme is {scheme}:; use {may}"
