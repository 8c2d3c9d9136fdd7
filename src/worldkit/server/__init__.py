"""The /v1 server: the hosted API's calls for people without it, over a store of one's own.

``create_app(Settings(...))`` makes the application; ``worldkit serve`` runs it. Nothing of it is imported with
worldkit itself.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

from worldkit.core.errors import MissingExtra
from worldkit.server.settings import Settings

if TYPE_CHECKING:
    from fastapi import FastAPI

PACKAGES = ("fastapi", "uvicorn", "jwt", "sqlalchemy", "alembic")


def create_app(settings: Settings | None = None) -> FastAPI:
    """Return the application that answers /v1 over a store.

    Args:
        settings: How it is to run; by default over ``worlds.db`` with the template writer.

    Raises:
        MissingExtra: The packages behind it are not installed.
        StoreError: The database cannot be opened.
    """
    need()
    from worldkit.server.app import create

    return create(settings or Settings())


def need() -> None:
    """Check that the packages behind the server are installed.

    Raises:
        MissingExtra: One is not.
    """
    missing = [name for name in PACKAGES if find_spec(name) is None]
    if missing:
        raise MissingExtra("the /v1 server", "server", ", ".join(missing))


__all__ = ["Settings", "create_app"]
