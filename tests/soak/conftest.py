"""The databases of the integration ring."""

from tests.integration.conftest import database_url, migrated_sqlite, postgresql

__all__ = ["database_url", "migrated_sqlite", "postgresql"]
