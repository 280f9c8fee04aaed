"""Alembic's environment: migrations run as the owner, one at a time, on the connection that is handed in."""

from alembic import context
from sqlmodel import SQLModel


def run() -> None:
    """Run the migrations on the connection of `adapters.store.migrate`."""
    connection = context.config.attributes["connection"]
    context.configure(connection=connection, target_metadata=SQLModel.metadata)
    with context.begin_transaction():
        context.run_migrations()


run()
