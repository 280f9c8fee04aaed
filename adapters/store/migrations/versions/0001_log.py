"""The log, the state rows, and what leaves by outbox and notices."""

from adapters.store.migrations.script import run

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Run the SQL beside."""
    run("0001_log.sql")
