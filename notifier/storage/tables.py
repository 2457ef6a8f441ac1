"""The tables, in SQLAlchemy Core. A change here needs a migration beside it; a test compares the two."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Date,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    text,
)

from notifier.domain.deliveries import DeliveryKind, DeliveryState, EditionKind, EditionState, SubscriberStatus
from notifier.storage.columns import NUMBER, UtcInstant, identity, reference, word

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql, sqlite

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

preferences = Table(
    "preferences",
    metadata,
    identity(),
    Column("key", Text, nullable=False, unique=True),
    Column("language", String(35), nullable=False),
    Column("zone", String(64), nullable=False),
    Column("hour", Integer, nullable=False),
    Column("leads", Text),
    Column("digest", String(16), nullable=False),
    Column("selection", Text, nullable=False),
    # The next instant at which the planner looks at this preference.
    Column("next_at", UtcInstant, nullable=False, index=True),
    # The last local date that everybody has been told of who has no date of their own.
    Column("covered_through", Date),
)

subscribers = Table(
    "subscribers",
    metadata,
    identity(),
    Column("key", String(16), nullable=False, unique=True),
    Column("email", Text, nullable=False),
    # For comparison alone: lower case.
    Column("email_key", Text, nullable=False, unique=True),
    reference("preference_id", "preferences.id"),
    Column("status", word(SubscriberStatus), nullable=False),
    # Why it is what it is, for operators: who suppressed, what bounced.
    Column("reason", Text, nullable=False, server_default=""),
    # The local date on which a pause ends; they are written to again on it.
    Column("paused_until", Date),
    # What the one confirmation link that is open carries; null once it was used.
    Column("nonce", String(16)),
    # Dates on which something came back, since it last went well, and the last of them (UTC).
    Column("bounces", Integer, nullable=False, server_default="0"),
    Column("bounced_on", Date),
    # The last local date this person has been told of; null for whoever stands with all others of their preference.
    Column("covered_through", Date),
    Column("consent", Text, nullable=False),
    Column("consent_at", UtcInstant, nullable=False),
    Column("consent_source", Text, nullable=False),
    # Only where the operator has asked for it.
    Column("consent_ip", Text),
    # When they last confirmed from their own mailbox; null for whom an operator added.
    Column("confirmed_at", UtcInstant),
    # What somebody who left is asked to confirm, as JSON, and since when; what is above stands until they do.
    Column("request", Text),
    Column("requested_at", UtcInstant),
    Column("tags", Text, nullable=False),
    Column("created_at", UtcInstant, nullable=False),
    Column("updated_at", UtcInstant, nullable=False),
    # Nearly everybody has no date of their own, so that this changes for few.
    Index(None, "preference_id", "status", "covered_through"),
)

# Nearly nobody is paused, and every pass of the planner asks who no longer is.
_PAUSED = Index(
    "ix_subscribers_paused_until", subscribers.c.paused_until, sqlite_where=subscribers.c.paused_until.is_not(None)
)

editions = Table(
    "editions",
    metadata,
    identity(),
    Column("key", String(26), nullable=False, unique=True),
    Column("digest", String(64), nullable=False, unique=True),
    Column("kind", word(EditionKind), nullable=False, server_default="notice"),
    Column("language", String(35), nullable=False),
    Column("day", Date, nullable=False),
    Column("notices", Text, nullable=False),
    # What a digest looks ahead to, written as `notices` are.
    Column("outlook", Text, nullable=False, server_default="[]"),
    # The preference a service message speaks of; the key of the edition that is corrected.
    Column("about", Text, nullable=False, server_default=""),
    Column("state", word(EditionState), nullable=False),
    # Null until rendered.
    Column("subject", Text),
    Column("text", Text),
    Column("html", Text),
    Column("created_at", UtcInstant, nullable=False),
)

deliveries = Table(
    "deliveries",
    metadata,
    identity(),
    reference("subscriber_id", "subscribers.id"),
    reference("edition_id", "editions.id"),
    Column("kind", word(DeliveryKind), nullable=False),
    Column("day", Date, nullable=False),
    Column("state", word(DeliveryState), nullable=False),
    # What the person's `covered_through` was before this delivery, to be given back when it cannot go out.
    Column("covered_before", Date, nullable=False),
    # Not sent at this instant or after it.
    Column("closes_at", UtcInstant, nullable=False),
    # When a sender may take it next; null once nothing more is to be done.
    Column("next_at", UtcInstant),
    # The token of the sender that has it.
    Column("claim", String(36)),
    Column("attempts", Integer, nullable=False),
    Column("detail", Text, nullable=False),
    Column("updated_at", UtcInstant, nullable=False),
    # A number is not given again, as SQLite otherwise does with the highest; messages carry it.
    sqlite_autoincrement=True,
)

# Both questions about what is still open, what may go out and what came too late, are ranges of this index; finished
# deliveries, nearly all there ever are, are not in it.
_OPEN = Index(
    "ix_deliveries_open",
    deliveries.c.closes_at,
    deliveries.c.next_at,
    deliveries.c.id,
    sqlite_where=deliveries.c.next_at.is_not(None),
)
_CLAIMED = Index("ix_deliveries_claim", deliveries.c.claim, sqlite_where=deliveries.c.claim.is_not(None))

ONE_NOTICE = text("kind = 'notice'")
"""One message of notices for a person and local date."""

ONE_CORRECTION = text("kind = 'correction'")
"""One message for a person and corrected edition."""

_NOTICES = Index(
    "uq_deliveries_notice", deliveries.c.subscriber_id, deliveries.c.day, unique=True, sqlite_where=ONE_NOTICE
)
_CORRECTIONS = Index(
    "uq_deliveries_correction",
    deliveries.c.subscriber_id,
    deliveries.c.edition_id,
    unique=True,
    sqlite_where=ONE_CORRECTION,
)
# Somebody waits for these, whatever else is open.
_SERVICE = Index(
    "ix_deliveries_service",
    deliveries.c.next_at,
    sqlite_where=text("kind = 'service' AND next_at IS NOT NULL"),
)


def make_tables(db: Connection) -> None:
    """Make every table and index at once."""
    if db.dialect.name == "postgresql":
        # Said above, it would import that dialect for SQLite too: 26 ms and 3 MB.
        for index in (_PAUSED, _OPEN, _CLAIMED, _NOTICES, _CORRECTIONS, _SERVICE):
            index.dialect_options["postgresql"]["where"] = index.dialect_options["sqlite"]["where"]
    metadata.create_all(db)


# What one pass of the planner is about to join to people. Empty between passes.
due = Table(
    "due",
    metadata,
    reference("preference_id", "preferences.id", primary_key=True),
    Column("covered_through", Date, primary_key=True),
    # Whether it is for those who have no date of their own.
    Column("together", Boolean, primary_key=True),
    Column("day", Date, nullable=False),
    Column("closes_at", UtcInstant, nullable=False),
    # Null where there is nothing to announce and only the date moves on.
    reference("edition_id", "editions.id", nullable=True),
)

revisions = Table(
    "revisions",
    metadata,
    Column("uid", Text, primary_key=True),
    Column("language", String(35), primary_key=True),
    Column("event_id", Text, nullable=False),
    Column("year", Integer, nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("created", UtcInstant, nullable=False),
    Column("revised", UtcInstant, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("fingerprint", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),
    # Both inclusive.
    Column("first", Date, nullable=False),
    Column("last", Date, nullable=False),
    # Their ids, with spaces between.
    Column("collections", Text, nullable=False),
    Column("cancelled_at", UtcInstant),
    # Which anniversary it is; null where that is not counted.
    Column("ordinal", Integer),
    # Its programme, whose items are entries of their own in some feeds; null where it has none.
    Column("timed", LargeBinary),
)

feeds = Table(
    "feeds",
    metadata,
    Column("path", Text, primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("last_modified", UtcInstant, nullable=False),
    # What the feed said of itself: it goes on for a while after the last of its events was taken out.
    Column("head", Text),
)

# What the WebSub hub was last told of: each feed's whole address, and its Last-Modified at that time.
pings = Table(
    "pings",
    metadata,
    Column("topic", Text, primary_key=True),
    Column("last_modified", UtcInstant, nullable=False),
)

# One row, whose id is 1: the calendar that was published last, and what operators ask of the process that publishes.
calendar = Table(
    "calendar",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    # SHA-256 of its files, the files themselves, packed, and the first ids of its events with spaces between.
    Column("digest", String(64)),
    Column("files", LargeBinary),
    Column("events", Text),
    # Its own id; null where an earlier version published it.
    Column("calendar_id", Text),
    # A calendar that takes too much away: SHA-256 of its files, how many events are gone, and of how many; and the id
    # it has where that is another one.
    Column("held", String(64)),
    Column("held_gone", Integer),
    Column("held_total", Integer),
    Column("held_id", Text),
    # The one that may be published all the same.
    Column("accepted", String(64)),
    # Raised whenever somebody wants the files read again.
    Column("asked", Integer, nullable=False),
)


# Selections that somebody built, by the token in their address.
selections = Table(
    "selections",
    metadata,
    Column("token", String(16), primary_key=True),
    # Everything that was chosen. The token is made of it, so it comes back under that after its row is gone too.
    Column("canonical", Text, nullable=False),
    Column("created_at", UtcInstant, nullable=False),
    # The last date (UTC) on which anybody fetched it, or built it.
    Column("last_fetched", Date, nullable=False),
    Column("retired_at", UtcInstant),
    # SHA-256 of what its feed was made from when that last changed, and when; as in `feeds`.
    Column("digest", String(64), nullable=False),
    Column("last_modified", UtcInstant, nullable=False),
    Index(None, "last_fetched"),
)


# Addresses that are never written to again: a keyed hash of each, which outlives the person's row.
suppressions = Table(
    "suppressions",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("reason", String(32), nullable=False),
    Column("at", UtcInstant, nullable=False),
)

# What came back. One that nobody could read is kept as it came, for a person to look at.
bounces = Table(
    "bounces",
    metadata,
    identity(),
    Column("kind", String(16), nullable=False),
    reference("subscriber_id", "subscribers.id", nullable=True),
    Column("delivery_id", NUMBER),
    Column("detail", Text, nullable=False),
    Column("raw", LargeBinary),
    Column("at", UtcInstant, nullable=False),
    Index(None, "subscriber_id"),
    Index(None, "at"),
)

# When the next message may leave: under "" of all of them, under a domain of those that go there. On the real clock.
rates = Table(
    "rates",
    metadata,
    Column("key", Text, primary_key=True),
    Column("next_at", UtcInstant, nullable=False),
)

# One row, whose id is 1: whether anything may leave at all.
sending = Table(
    "sending",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("held_at", UtcInstant),
    Column("reason", Text, nullable=False),
    # Where this database is, and what the file beside it says too; by them a copy is known.
    Column("place", Text),
    Column("mark", String(32)),
)

# Events that operators keep from going out: `held` in every year until released; `cancelled` in one nominal year.
holds = Table(
    "holds",
    metadata,
    # The event's first id.
    Column("event", Text, primary_key=True),
    # The nominal year; 0 for all of them.
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("state", String(16), nullable=False),
    Column("at", UtcInstant, nullable=False),
)

# What the operator was written to about, so that nothing is told twice.
told = Table(
    "told",
    metadata,
    Column("what", Text, primary_key=True),
    Column("at", UtcInstant, nullable=False),
)


def insert_into(db: Connection, table: Table) -> postgresql.Insert | sqlite.Insert:
    """Return an INSERT that can say what happens on a conflict."""
    if db.dialect.name == "postgresql":
        from sqlalchemy.dialects.postgresql import insert as insert_postgresql

        return insert_postgresql(table)
    from sqlalchemy.dialects.sqlite import insert as insert_sqlite

    return insert_sqlite(table)
