"""The calendar that was published last, what is held of a later one, and what a feed said of itself."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("feeds", sa.Column("head", sa.Text()))
    op.create_table(
        "calendar",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("digest", sa.String(64)),
        sa.Column("files", sa.LargeBinary()),
        sa.Column("events", sa.Text()),
        sa.Column("held", sa.String(64)),
        sa.Column("held_gone", sa.Integer()),
        sa.Column("held_total", sa.Integer()),
        sa.Column("accepted", sa.String(64)),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_calendar"),
    )
