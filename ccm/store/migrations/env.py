"""Alembic's environment: migrations run inside the connection and transaction that `upgrade` opens."""

from alembic import context

from ccm.store.models import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    compare_type=True,
)
context.run_migrations()
