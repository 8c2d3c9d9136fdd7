"""Where worlds live: a local store, the hosted API and a server of one's own, with the same calls."""

from __future__ import annotations

from worldkit.stores.local.store import Store
from worldkit.stores.protocol import WorldStore
from worldkit.stores.stored_world import StoredWorld

__all__ = ["Store", "StoredWorld", "WorldStore"]
