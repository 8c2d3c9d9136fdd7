"""A small world is one object, which code for revision 0002 takes for damage."""

from __future__ import annotations

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change nothing: worlds are read as they were written, and written anew when they change."""


def downgrade() -> None:
    """Change nothing: code for revision 0002 reads all but small worlds."""
