"""What the address of a store means: a file's path, or the URL of a PostgreSQL database."""

from __future__ import annotations

import os
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import Engine

from worldkit.core.errors import MissingExtra, StoreError
from worldkit.core.json_values import quote
from worldkit.core.paths import expand_home

SECRET_PARAMETERS = ("password", "sslpassword", "oauth_client_secret")
"""Parts of a PostgreSQL address's query that nobody may see (libpq's connection parameters)."""


def file_path(address: str) -> Path:
    """Return the file that an address means, absolute.

    Raises:
        StoreError: It means no file that can be made or opened.
    """
    name = address.removeprefix("sqlite:///")
    if name.strip() in ("", ":memory:"):
        raise StoreError("a store is a file or a PostgreSQL database; give a path such as 'worlds.db'")
    if name != address and "?" in name:  # without the address: a parameter may be a password
        raise StoreError("a store in a file takes no parameters; give its path without the ? and what follows it")
    path = expand_home(name).absolute()
    try:
        if path.is_symlink():
            path = Path(os.path.realpath(path))  # what lies beside a store lies beside the file itself
        if not path.parent.is_dir():
            raise StoreError(f"{path} cannot be made: there is no folder {path.parent}; make it first")
        if path.is_dir():
            raise StoreError(f"{path} is a folder; a store is a file, such as {path / 'worlds.db'}")
    except OSError as error:  # such as a name that is too long
        raise StoreError(f"{path} cannot be looked at: {error.strerror}") from None
    return path


def postgres_url(address: str) -> sa.URL:
    """Return the URL of a PostgreSQL database.

    Raises:
        StoreError: It is the URL of something else, or cannot be read.
    """
    url = _parsed_url(address)
    if url is None or _is_password_cut_off(address, url):
        scheme = address.partition("://")[0]
        raise StoreError(  # without the address: what stands where in it is not known, so any part may be a password
            f"{quote(f'{scheme}://...')} is no address of a database; expected postgresql://user@host:5432/name, where "
            "@ and : in a password are written %40 and %3A"
        )
    if url.drivername == "sqlite":
        raise StoreError("sqlite:// names no file; give a path such as 'worlds.db', or 'sqlite:///worlds.db'")
    if url.drivername not in ("postgres", "postgresql", "postgresql+psycopg"):
        raise StoreError(
            f"a store lives in a file or in PostgreSQL, not behind {url.drivername}://; "
            "give a path such as 'worlds.db' or a URL such as 'postgresql://user@host/name'"
        )
    return url.set(drivername="postgresql+psycopg")


def _parsed_url(address: str) -> sa.URL | None:
    """Return an address as a URL; None when it cannot be read."""
    try:
        return sa.make_url(address)
    except (ValueError, sa.exc.ArgumentError):  # they may show a part of the password
        return None


def _is_password_cut_off(address: str, url: sa.URL) -> bool:
    """Say whether a password ends at an @ of its own, so that its rest is taken for the host."""
    if url.password is None:
        return False
    after_password = address.partition("://")[2].partition(":")[2].partition("@")[2]
    return "@" in after_password.partition("?")[0]


def address_without_password(url: sa.URL) -> str:
    """Return the address of a PostgreSQL database without any password, which its client then finds by itself."""
    public = url.difference_update_query(SECRET_PARAMETERS)
    return public._replace(password=None).render_as_string(hide_password=False)


def is_there(address: str) -> bool:
    """Return whether opening an address makes no new file: a file that is there, or a database."""
    return "://" in address or Path(address).exists()


def postgres_engine(url: sa.URL) -> Engine:
    """Return an engine over a PostgreSQL database.

    Raises:
        MissingExtra: Its driver is not installed.
    """
    try:
        # an error of the database goes into logs: without what was asked for and stored
        return sa.create_engine(url, pool_pre_ping=True, isolation_level="READ COMMITTED", hide_parameters=True)
    except ImportError:
        raise MissingExtra("a store in PostgreSQL", "postgres", "psycopg") from None
