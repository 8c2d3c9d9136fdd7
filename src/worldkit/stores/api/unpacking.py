"""Taking a body out of its ``Content-Encoding``, within a limit.

httpx unpacks whatever a server names, as often as it names it, and without a limit: some hundred bytes become
gigabytes.
"""

from __future__ import annotations

import zlib

from worldkit.core.restorable import Restorable


class AnswerTooLong(Restorable, Exception):
    """An answer that is larger than any that is read.

    Args:
        max_bytes: How large an answer may be.
    """

    def __init__(self, max_bytes: int) -> None:
        super().__init__(f"the answer is larger than {max_bytes / 1e6:,.0f} MB")


class NotUnpacked(Exception):
    """An answer whose packing cannot be undone."""


def unpacked(body: bytes | bytearray, encoding: str, max_bytes: int) -> bytes:
    """Return a body without its ``Content-Encoding``, of which gzip is the one that was asked for.

    Args:
        body: The body as it came.
        encoding: What the header says; empty when there is none.
        max_bytes: How large it may become.

    Raises:
        AnswerTooLong: It becomes larger.
        NotUnpacked: It is packed in another way, or broken.
    """
    name = encoding.strip().lower()
    if not body or name in ("", "identity"):
        return bytes(body)
    if name not in ("gzip", "x-gzip"):
        raise NotUnpacked(f"it is packed as {name[:40]}, and gzip was asked for")
    unpacker = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
    try:
        data = unpacker.decompress(body, max_bytes + 1)
    except zlib.error as error:
        raise NotUnpacked(str(error)) from None
    if len(data) > max_bytes:
        raise AnswerTooLong(max_bytes)
    if not unpacker.eof:
        raise NotUnpacked("it ends in the middle")
    return data
