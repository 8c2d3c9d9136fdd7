"""What jobs came to is kept with the idempotency key of their call, where it is counted, and nowhere else."""

from __future__ import annotations

import zlib

import sqlalchemy as sa
from alembic import op

revision = "s0005"
down_revision = "s0004"
branch_labels = None
depends_on = None

ENDED = "('succeeded', 'failed', 'cancelled')"


def upgrade() -> None:
    """Move the answers of jobs to their keys, and drop those without a key and the input of jobs that have ended."""
    connection = op.get_bind()
    keyed_jobs = sa.text("SELECT job FROM server_answers WHERE job IS NOT NULL")
    select = sa.text("SELECT answer FROM server_jobs WHERE id = :job AND answer IS NOT NULL")
    update = sa.text("UPDATE server_answers SET body = :body WHERE job = :job")
    for job in list(connection.execute(keyed_jobs).scalars()):
        answer = connection.execute(select, {"job": job}).scalar()
        if answer is not None:
            connection.execute(update, {"job": job, "body": zlib.compress(answer.encode())})
    op.execute(f"UPDATE server_jobs SET answer = NULL, input = '{{}}' WHERE status IN {ENDED}")


def downgrade() -> None:
    """Move the answers back; what was dropped stays away."""
    connection = op.get_bind()
    select = sa.text("SELECT job, body FROM server_answers WHERE job IS NOT NULL")
    update = sa.text("UPDATE server_jobs SET answer = :answer WHERE id = :job AND status = 'succeeded'")
    for job, body in list(connection.execute(select)):
        if answer := zlib.decompress(bytes(body)).decode():
            connection.execute(update, {"job": job, "answer": answer})
