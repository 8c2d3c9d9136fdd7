"""The /v1 server: the calls of the hosted API over a store of your own.

``create_app(Settings(...))`` creates the application; ``worldkit serve`` runs it. ``import worldkit`` does not import
this package.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

from worldkit.core.errors import MissingExtra
from worldkit.server.settings import Settings

if TYPE_CHECKING:
    from fastapi import FastAPI

PACKAGES = ("fastapi", "uvicorn", "jwt", "sqlalchemy")


def create_app(settings: Settings | None = None) -> FastAPI:
    """Return the application that answers /v1 over a store.

    Args:
        settings: The configuration; by default ``worlds.db`` and the template writer.

    Raises:
        MissingExtra: The required packages are not installed.
        StoreError: The database cannot be opened.
    """
    need()
    from worldkit.server.app import create

    return create(settings or Settings())


def need() -> None:
    """Check that the packages that the server requires are installed.

    Raises:
        MissingExtra: A package is missing.
    """
    missing = [name for name in PACKAGES if find_spec(name) is None]
    if missing:
        raise MissingExtra("the /v1 server", "server", ", ".join(missing))


__all__ = ["Settings", "create_app"]
