"""Messages of several kinds, pauses, confirmations, bounces, suppressions, rates, and a hold on everything."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.BigInteger().with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    change_people()
    change_messages()
    make_bounces()
    make_sending()
    change_revisions()
    change_publishing()


def change_people() -> None:
    op.add_column("preferences", sa.Column("covered_through", sa.Date()))
    with op.batch_alter_table("subscribers") as subscribers:
        subscribers.alter_column("covered_through", existing_type=sa.Date(), nullable=True)
    op.drop_index("ix_subscribers_preference_id_status", "subscribers")
    group = ["preference_id", "status", "covered_through"]
    op.create_index("ix_subscribers_preference_id_status_covered_through", "subscribers", group)
    make_due()
    for column in (
        sa.Column("reason", sa.Text(), nullable=False, server_default=""),
        sa.Column("paused_until", sa.Date()),
        sa.Column("nonce", sa.String(16)),
        sa.Column("bounces", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("bounced_on", sa.Date()),
        sa.Column("consent_ip", sa.Text()),
        sa.Column("confirmed_at", INSTANT),
        sa.Column("request", sa.Text()),
        sa.Column("requested_at", INSTANT),
    ):
        op.add_column("subscribers", column)
    paused = sa.text("paused_until IS NOT NULL")
    op.create_index(
        "ix_subscribers_paused_until", "subscribers", ["paused_until"], sqlite_where=paused, postgresql_where=paused
    )


def make_due() -> None:
    # Empty between passes.
    op.drop_table("due")
    op.create_table(
        "due",
        sa.Column("preference_id", NUMBER, nullable=False),
        sa.Column("covered_through", sa.Date(), nullable=False),
        sa.Column("together", sa.Boolean(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("closes_at", INSTANT, nullable=False),
        sa.Column("edition_id", NUMBER),
        sa.PrimaryKeyConstraint("preference_id", "covered_through", "together", name="pk_due"),
        sa.ForeignKeyConstraint(["preference_id"], ["preferences.id"], name="fk_due_preference_id"),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name="fk_due_edition_id"),
    )


def change_messages() -> None:
    for column in (
        sa.Column("kind", sa.String(16), nullable=False, server_default="notice"),
        sa.Column("outlook", sa.Text(), nullable=False, server_default="[]"),
        sa.Column("about", sa.Text(), nullable=False, server_default=""),
    ):
        op.add_column("editions", column)
    with op.batch_alter_table("deliveries", table_kwargs={"sqlite_autoincrement": True}) as deliveries:
        deliveries.drop_constraint("uq_deliveries_subscriber_id_kind_day", type_="unique")
    for name, columns, where, unique in (
        ("uq_deliveries_notice", ["subscriber_id", "day"], "kind = 'notice'", True),
        ("uq_deliveries_correction", ["subscriber_id", "edition_id"], "kind = 'correction'", True),
        ("ix_deliveries_service", ["next_at"], "kind = 'service' AND next_at IS NOT NULL", False),
    ):
        condition = sa.text(where)
        op.create_index(name, "deliveries", columns, unique=unique, sqlite_where=condition, postgresql_where=condition)


def make_bounces() -> None:
    op.create_table(
        "bounces",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("subscriber_id", NUMBER),
        sa.Column("delivery_id", NUMBER),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("raw", sa.LargeBinary()),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_bounces"),
        sa.ForeignKeyConstraint(["subscriber_id"], ["subscribers.id"], name="fk_bounces_subscriber_id"),
    )
    op.create_index("ix_bounces_subscriber_id", "bounces", ["subscriber_id"])
    op.create_index("ix_bounces_at", "bounces", ["at"])
    op.create_table(
        "suppressions",
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("reason", sa.String(32), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("hash", name="pk_suppressions"),
    )


def make_sending() -> None:
    op.create_table(
        "rates",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("next_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_rates"),
    )
    op.create_table(
        "sending",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("held_at", INSTANT),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("place", sa.Text()),
        sa.Column("mark", sa.String(32)),
        sa.PrimaryKeyConstraint("id", name="pk_sending"),
    )
    op.create_table(
        "holds",
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("event", "year", name="pk_holds"),
    )
    op.create_table(
        "told",
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("what", name="pk_told"),
    )


def change_revisions() -> None:
    op.add_column("revisions", sa.Column("ordinal", sa.Integer()))
    op.add_column("revisions", sa.Column("timed", sa.LargeBinary()))


def change_publishing() -> None:
    op.add_column("calendar", sa.Column("calendar_id", sa.Text()))
    op.add_column("calendar", sa.Column("held_id", sa.Text()))
    op.create_table(
        "pings",
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("last_modified", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("topic", name="pk_pings"),
    )
