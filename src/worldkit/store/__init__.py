"""Where worlds live: a local store, the hosted API and a server of one's own, with the same calls."""

from __future__ import annotations

from worldkit.store.interface import Page, StoredWorld, Version, Versions, WorldRef, Worlds
from worldkit.store.local.store import Store

__all__ = ["Page", "Store", "StoredWorld", "Version", "Versions", "WorldRef", "Worlds"]
