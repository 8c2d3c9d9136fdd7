"""The client of the /v1 API (docs/spec/api-v1.md): worlds that live elsewhere, with the calls of a store."""

from __future__ import annotations

from worldkit.stores.api.account_results import App, AppKey, Connection, Webhook
from worldkit.stores.api.async_client import AsyncClient
from worldkit.stores.api.client import Client
from worldkit.stores.api.protocol import LoggedRequest
from worldkit.stores.api.results import (
    AsyncPage,
    Edited,
    Hotspot,
    Job,
    Linting,
    Perceived,
    SceneAt,
    SeedFrame,
    SessionToken,
    Usage,
    Validation,
    VersionDiff,
)

__all__ = [
    "App",
    "AppKey",
    "AsyncClient",
    "AsyncPage",
    "Client",
    "Connection",
    "Edited",
    "Hotspot",
    "Job",
    "Linting",
    "LoggedRequest",
    "Perceived",
    "SceneAt",
    "SeedFrame",
    "SessionToken",
    "Usage",
    "Validation",
    "VersionDiff",
    "Webhook",
]
