"""What a server said: fit to be shown to a person, on one line and without secrets; and how long it asks to wait."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from worldkit.core.characters import printable_line


def server_words(text: str, secrets: Collection[str], max_length: int) -> str:
    """Return the message of an error body on one line; the whole body where it holds no message.

    Args:
        text: The body, JSON or not.
        secrets: Texts that are left out, which some servers repeat.
        max_length: Characters that are returned at most.
    """
    try:
        words = _message(json.loads(text)) or text
    except (ValueError, RecursionError):
        words = text
    for secret in sorted(secrets, key=len, reverse=True):
        words = words.replace(secret, "…")
    return printable_line(words)[:max_length]


def retry_pause(text: str | None, longest: float) -> float:
    """Return for how many seconds a server asks not to be asked again.

    Args:
        text: Its ``Retry-After``; a date, or what is no number, counts as no wish.
        longest: Seconds that it is granted at most.
    """
    try:
        return min(longest, max(0.0, float(text or 0)))
    except ValueError:
        return 0.0


def _message(body: Any) -> str:
    """Return the message of an error body, or nothing when it holds none that is text."""
    error = body.get("error", body.get("detail", body)) if isinstance(body, dict) else body
    message = error.get("message") if isinstance(error, dict) else error
    return message if isinstance(message, str) else ""
