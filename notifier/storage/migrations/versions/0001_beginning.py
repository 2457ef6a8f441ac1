"""The beginning: people, what they want, editions, deliveries, and what was published.

Written out rather than taken from `tables`, which goes on changing while this stays.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.BigInteger().with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    make_people()
    make_messages()
    make_published()


def make_people() -> None:
    op.create_table(
        "preferences",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("language", sa.String(35), nullable=False),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("leads", sa.Text()),
        sa.Column("digest", sa.String(16), nullable=False),
        sa.Column("selection", sa.Text(), nullable=False),
        sa.Column("next_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_preferences"),
        sa.UniqueConstraint("key", name="uq_preferences_key"),
    )
    op.create_index("ix_preferences_next_at", "preferences", ["next_at"])
    op.create_table(
        "subscribers",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("key", sa.String(16), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("email_key", sa.Text(), nullable=False),
        sa.Column("preference_id", NUMBER, nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("covered_through", sa.Date(), nullable=False),
        sa.Column("consent", sa.Text(), nullable=False),
        sa.Column("consent_at", INSTANT, nullable=False),
        sa.Column("consent_source", sa.Text(), nullable=False),
        sa.Column("tags", sa.Text(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_subscribers"),
        sa.UniqueConstraint("key", name="uq_subscribers_key"),
        sa.UniqueConstraint("email_key", name="uq_subscribers_email_key"),
        sa.ForeignKeyConstraint(["preference_id"], ["preferences.id"], name="fk_subscribers_preference_id"),
    )
    op.create_index("ix_subscribers_preference_id_status", "subscribers", ["preference_id", "status"])


def make_messages() -> None:
    op.create_table(
        "editions",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("key", sa.String(26), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("language", sa.String(35), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("notices", sa.Text(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("subject", sa.Text()),
        sa.Column("text", sa.Text()),
        sa.Column("html", sa.Text()),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_editions"),
        sa.UniqueConstraint("key", name="uq_editions_key"),
        sa.UniqueConstraint("digest", name="uq_editions_digest"),
    )
    op.create_table(
        "deliveries",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("subscriber_id", NUMBER, nullable=False),
        sa.Column("edition_id", NUMBER, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("covered_before", sa.Date(), nullable=False),
        sa.Column("closes_at", INSTANT, nullable=False),
        sa.Column("next_at", INSTANT),
        sa.Column("claim", sa.String(36)),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_deliveries"),
        sa.UniqueConstraint("subscriber_id", "kind", "day", name="uq_deliveries_subscriber_id_kind_day"),
        sa.ForeignKeyConstraint(["subscriber_id"], ["subscribers.id"], name="fk_deliveries_subscriber_id"),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name="fk_deliveries_edition_id"),
    )
    for name, columns, where in (
        ("ix_deliveries_open", ["closes_at", "next_at", "id"], sa.text("next_at IS NOT NULL")),
        ("ix_deliveries_claim", ["claim"], sa.text("claim IS NOT NULL")),
    ):
        op.create_index(name, "deliveries", columns, sqlite_where=where, postgresql_where=where)
    op.create_table(
        "due",
        sa.Column("preference_id", NUMBER, nullable=False),
        sa.Column("covered_through", sa.Date(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("closes_at", INSTANT, nullable=False),
        sa.Column("edition_id", NUMBER),
        sa.PrimaryKeyConstraint("preference_id", "covered_through", name="pk_due"),
        sa.ForeignKeyConstraint(["preference_id"], ["preferences.id"], name="fk_due_preference_id"),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name="fk_due_edition_id"),
    )


def make_published() -> None:
    op.create_table(
        "revisions",
        sa.Column("uid", sa.Text(), nullable=False),
        sa.Column("language", sa.String(35), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("created", INSTANT, nullable=False),
        sa.Column("revised", INSTANT, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("collections", sa.Text(), nullable=False),
        sa.Column("cancelled_at", INSTANT),
        sa.PrimaryKeyConstraint("uid", "language", name="pk_revisions"),
    )
    op.create_table(
        "feeds",
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("last_modified", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("path", name="pk_feeds"),
    )
