"""The network settings of the environment, which httpx reads: proxies, and a file of certificates."""

from __future__ import annotations

from typing import Any

import httpx

from worldkit.core.errors import ModelError
from worldkit.model_access.endpoint import Endpoint
from worldkit.model_access.library_logs import hide_in_logs

SETTINGS_ERRORS = (httpx.InvalidURL, ImportError, OSError, ValueError)
"""What httpx raises for a proxy or a file of certificates that it cannot use."""


def unusable_settings(error: Exception) -> str:
    """Return what is wrong with the settings, in words, without the password of a proxy."""
    names = "such as HTTPS_PROXY, ALL_PROXY, SSL_CERT_FILE"
    # httpx takes what stands before a slash in a password for a port, and quotes it
    is_no_url = isinstance(error, httpx.InvalidURL)
    problem = "an address is no URL; is a character of its password to be written as %2F or the like?"
    return f"the network settings of the environment cannot be used ({names}): {problem if is_no_url else error}"


def client_for(where: Endpoint, **options: Any) -> httpx.AsyncClient:
    """Return a client for an endpoint, with the key in its headers; the caller closes it.

    Args:
        options: More options of the client.

    Raises:
        ModelError: The network settings cannot be used.
    """
    hide_in_logs(where.secrets())
    try:
        return httpx.AsyncClient(**where.client_options(), **options)
    except SETTINGS_ERRORS as error:
        raise ModelError(f"{where.shown} cannot be asked: {unusable_settings(error)}") from None
