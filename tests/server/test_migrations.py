"""The shape of a server's tables has a name, so that databases of another shape are noticed."""

from __future__ import annotations

from tests.store.shapes import shape_of
from worldkit.server.tables import SCHEMA


def test_a_server_whose_tables_have_changed_has_a_new_version_and_an_upgrade() -> None:
    assert (SCHEMA.version, shape_of(SCHEMA)) == ("s0007", "c7d0b5063883b712")
