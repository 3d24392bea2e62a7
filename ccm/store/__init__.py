"""The store: tables, engine, migrations, journal. SQLite by default, PostgreSQL by URL."""

from ccm.store.engine import Store, Transaction, count_rows, open_store, read_revision
from ccm.store.upgrade import is_current, upgrade

__all__ = ["Store", "Transaction", "count_rows", "is_current", "open_store", "read_revision", "upgrade"]
