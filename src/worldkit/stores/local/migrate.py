"""The shape of a database's tables: made where there are none, brought up to date, refused where it is newer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy import Connection

from worldkit.core.errors import StoreError


@dataclass(frozen=True, slots=True)
class Schema:
    """Tables that belong together, and the name of their shape, which a table of its own holds.

    Attributes:
        label: What to call them in a message, with its verb.
        metadata: The tables as they are now.
        version_table: Where a database says which shape they have there.
        version: The name of the shape they have now.
        upgrades: What takes tables of an older shape to the next one, by the older one's name, oldest first.
    """

    label: str
    metadata: sa.MetaData
    version_table: str
    version: str
    upgrades: Mapping[str, Callable[[Connection], None]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.version_table not in self.metadata.tables:
            sa.Table(self.version_table, self.metadata, sa.Column("version_num", sa.String(32), primary_key=True))

    def version_of(self, connection: Connection) -> str | None:
        """Return the name of the shape that the tables of a database have, None where there are none.

        Raises:
            StoreError: They were made by another release, mostly a newer one.
        """
        if not sa.inspect(connection).has_table(self.version_table):
            return None
        current = connection.execute(sa.select(self._versions)).scalar()
        if current not in {None, self.version, *self.upgrades}:
            raise StoreError(
                f"{self.label} at schema {current!r}, this release reads {self.version!r}; "
                "install a newer smworldkit, or the one that made it"
            )
        return current

    def bring_up_to_date(self, connection: Connection) -> None:
        """Make the tables, or give those that there are their newest shape, inside the connection's transaction."""
        current = self.version_of(connection)
        if current is None:
            self.metadata.create_all(connection)
            connection.execute(sa.insert(self._versions).values(version_num=self.version))
        elif current != self.version:  # another process may have been first
            older = list(self.upgrades)
            for name in older[older.index(current) :]:
                self.upgrades[name](connection)
            connection.execute(sa.update(self._versions).values(version_num=self.version))

    @property
    def _versions(self) -> sa.Table:
        return self.metadata.tables[self.version_table]
