"""What columns of the tables hold: instants, numbers of rows, words of states."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Dialect,
    Enum,
    ForeignKey,
    Integer,
    TypeDecorator,
)
from sqlalchemy.types import TypeEngine

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class UtcInstant(TypeDecorator[datetime]):
    """An aware instant, in UTC, to the microsecond. A naive one is refused.

    PostgreSQL keeps it as `timestamptz`, SQLite as whole microseconds since 1970 (UTC), which compare as they should.
    """

    impl = BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the column's type."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(DateTime(timezone=True))
        return dialect.type_descriptor(BigInteger())

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | int | None:
        """Return what the database is given."""
        if value is None:
            return None
        if value.tzinfo is None:
            message = f"{value} has no zone"
            raise ValueError(message)
        return value.astimezone(UTC) if dialect.name == "postgresql" else (value - _EPOCH) // _MICROSECOND

    def process_result_value(self, value: datetime | int | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002  # SQLAlchemy names it
        """Return what the database gave, in UTC."""
        if isinstance(value, int):
            return _EPOCH + value * _MICROSECOND
        return None if value is None else value.astimezone(UTC)


# SQLite numbers a row by itself only when the column's type is exactly INTEGER.
NUMBER = BigInteger().with_variant(Integer(), "sqlite")


def identity() -> Column[int]:
    """Return the column of a number that each row is known by."""
    return Column("id", NUMBER, primary_key=True)


def reference(name: str, target: str, *, primary_key: bool = False, nullable: bool = False) -> Column[int]:
    """Return a column that holds the number of a row of another table, `target` being its column."""
    return Column(name, NUMBER, ForeignKey(target), primary_key=primary_key, nullable=nullable)


def word(kind: type[StrEnum]) -> Enum:
    """Return the type of a state: its own word as text, so that a later version can add words."""
    return Enum(kind, native_enum=False, length=16, values_callable=lambda members: [str(member) for member in members])
