"""The logs of the libraries that send requests: they hold addresses, and an address may hold a secret."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable

from worldkit.model_access.secret_texts import without_secrets

LOGGERS = (
    "httpx",
    "httpcore.connection",
    "httpcore.http11",
    "httpcore.http2",
    "httpcore.proxy",
    "httpcore.socks",
    "websockets.client",
)
MAX_ADDRESSES = 256
"""Addresses whose secrets are remembered."""

_secrets: deque[frozenset[str]] = deque(maxlen=MAX_ADDRESSES)
_rules: list[Callable[[str], str]] = []


def hide_in_logs(secrets: frozenset[str]) -> None:
    """Take secrets out of what the libraries log from now on.

    Args:
        secrets: From ``secret_texts``.
    """
    if secrets and secrets not in _secrets:
        _secrets.append(secrets)


def add_rule(rule: Callable[[str], str]) -> None:
    """Pass what the libraries log through a function that takes secrets out.

    Args:
        rule: The function.
    """
    _rules.append(rule)


class _WithoutSecrets(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        text = without_secrets(message, frozenset().union(*_secrets))
        for rule in _rules:
            text = rule(text)
        if text != message:
            record.msg, record.args = text, ()
        return True


for _name in LOGGERS:
    logging.getLogger(_name).addFilter(_WithoutSecrets())
