"""The client of the /v1 API (docs/spec/api-v1.md): worlds that live elsewhere, with the calls of a store."""

from __future__ import annotations

from worldkit.stores.api.async_client import AsyncClient
from worldkit.stores.api.client import Client

__all__ = ["AsyncClient", "Client"]
