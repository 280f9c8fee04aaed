"""Receipts, signals, positions, doors, spool, quarantine."""

from adapters.store.migrations.script import run

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Run the SQL beside."""
    run("0002_intake.sql")
