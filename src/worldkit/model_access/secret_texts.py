"""Secrets of an address in every form in which a server may repeat them, and texts without them."""

from __future__ import annotations

import json
from collections.abc import Collection
from urllib.parse import quote, quote_plus, unquote, unquote_plus

KEY_BEGINNINGS = ("sk-", "sk_", "hf_", "gsk_", "xai-", "pplx-", "nvapi-", "AIza")
"""How the keys of known services begin, and no model's name does."""
MIN_SECRET_LENGTH = 8
"""Characters of a value in an address that may be a secret; shorter ones, such as ``v=1``, are words like others."""


def secret_texts(query: str, *others: str) -> frozenset[str]:
    """Return what is never shown: secrets, and all of a query.

    Args:
        query: The query of an address.
        others: Further secrets, such as a key; empty ones are left out.
    """
    values = [value for field in query.split("&") for value in (field, field.partition("=")[2])]
    values = [decoded for value in (query, *values) for decoded in (value, unquote(value), unquote_plus(value))]
    texts = {text for text in values if len(text) >= MIN_SECRET_LENGTH} | {text for text in others if text}
    texts |= {encode(text) for text in texts for encode in (quote, quote_plus)}
    escaped_texts = {json.dumps(text)[1:-1] for text in texts}
    return frozenset({*texts, *escaped_texts, *(text.replace("/", "\\/") for text in escaped_texts)})


def without_secrets(text: str, secrets: Collection[str]) -> str:
    """Return a text with an ellipsis in place of each secret.

    Args:
        secrets: From ``secret_texts``.
    """
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, "…")
    return text


def is_key(text: str) -> bool:
    """Say whether a text is the key of a known service, which was given in the place of something else."""
    return text.strip().startswith(KEY_BEGINNINGS)


def public_part(address: str) -> str:
    """Return the beginning of an address, or of a model's name, without what may be secret, for a message.

    Args:
        address: What was given; it may be no address at all.
    """
    if is_key(address):
        return "…"
    return address.partition("?")[0].rpartition("@")[2][:80]
