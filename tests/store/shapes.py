"""The shape of tables, for a test that notices when it changes."""

from __future__ import annotations

from hashlib import sha256

from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

from worldkit.stores.local.migrate import Schema


def shape_of(schema: Schema) -> str:
    """Return a digest of the statements that make the tables."""
    tables = sorted(schema.metadata.tables.values(), key=lambda table: table.name)
    indexes = sorted((index for table in tables for index in table.indexes), key=lambda index: str(index.name))
    statements = [*map(CreateTable, tables), *map(CreateIndex, indexes)]
    text = "\n".join(" ".join(str(statement.compile(dialect=sqlite.dialect())).split()) for statement in statements)
    return sha256(text.encode()).hexdigest()[:16]
