"""The tables of a server are made as the code knows them."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

import worldkit as wk
from worldkit.server.migrate import prepare
from worldkit.server.tables import metadata


def test_the_migrations_make_the_tables_that_the_server_uses(tmp_path: Path) -> None:
    with wk.Store(tmp_path / "w.db") as store:
        prepare(store.database)
        with store.database.reading() as connection:
            inspector = sa.inspect(connection)
            for table in metadata.sorted_tables:
                columns = {column["name"]: column["nullable"] for column in inspector.get_columns(table.name)}
                assert columns == {column.name: column.nullable for column in table.columns}, table.name
                indexes = {tuple(index["column_names"]) for index in inspector.get_indexes(table.name)}
                assert {tuple(column.name for column in index.columns) for index in table.indexes} <= indexes
