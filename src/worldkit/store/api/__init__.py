"""The client of the /v1 API (contract/api-v1.md): worlds that live elsewhere, with the calls of a store."""

from __future__ import annotations

from worldkit.store.api.aclient import AsyncClient
from worldkit.store.api.client import Client
from worldkit.store.api.exchange import LoggedRequest
from worldkit.store.api.results import (
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
    "AsyncClient",
    "AsyncPage",
    "Client",
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
]
