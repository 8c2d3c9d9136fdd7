"""What a server said: fit to be shown to a person, on one line and without secrets; and how long it asks to wait."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from worldkit.core.characters import printable_line
from worldkit.model_access.secret_texts import without_secrets


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
    return printable_line(without_secrets(words, secrets))[:max_length]


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Return how many seconds an answer asks to wait, as ``Retry-After`` in either form (RFC 9110, 10.2.3).

    Args:
        headers: Its headers; their names in any case, or in lower case.
    """
    header = headers.get("retry-after", "").strip()
    if header.isascii() and header.isdigit():
        return float(header[:9])
    time, now = _date(header), _date(headers.get("date", "")) or datetime.now(UTC)
    return None if time is None else max(0.0, (time - now).total_seconds())


def _date(text: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(text)
    except (TypeError, ValueError, OverflowError):
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)


def _message(body: Any) -> str:
    """Return the message of an error body, or nothing when it holds none that is text."""
    error = body.get("error", body.get("detail", body)) if isinstance(body, dict) else body
    message = error.get("message") if isinstance(error, dict) else error
    return message if isinstance(message, str) else ""
