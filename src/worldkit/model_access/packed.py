"""Whether an answer came packed though it was asked for as it is: unpacked, some hundred bytes may become gigabytes."""

from __future__ import annotations

from collections.abc import Mapping

AS_IT_IS: Mapping[str, str] = {"Accept-Encoding": "identity"}
"""Headers that ask for an answer that is not packed."""


def is_packed(headers: Mapping[str, str]) -> bool:
    """Say whether an answer is packed.

    Args:
        headers: Its headers; their names in any case, or in lower case.

    Example:
        >>> is_packed({"content-encoding": "gzip"}), is_packed({})
        (True, False)
    """
    return headers.get("content-encoding", "").strip().lower() not in ("", "identity")
