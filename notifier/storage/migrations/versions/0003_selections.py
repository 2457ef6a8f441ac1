"""Selections that readers build."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

INSTANT = sa.BigInteger().with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "selections",
        sa.Column("token", sa.String(16), nullable=False),
        sa.Column("canonical", sa.Text(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("last_fetched", sa.Date(), nullable=False),
        sa.Column("retired_at", INSTANT),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("last_modified", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("token", name="pk_selections"),
    )
    op.create_index("ix_selections_last_fetched", "selections", ["last_fetched"])
