"""The local store: worlds, versions and positions in SQLite or PostgreSQL.

``objects`` cuts a world into items addressed by their content (pure). ``tables`` says what is kept where,
``migrate`` brings a database to that shape, ``engine`` opens one, ``transaction`` reads and writes
within one, and ``store`` is the public class. ``import_export`` exports and imports, and ``incoming_worlds``
reads what is imported.
"""
