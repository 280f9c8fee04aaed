"""Accounts, sessions, sources, registers, drafts."""

from adapters.store.migrations.script import run

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Run the SQL beside."""
    run("0003_access.sql")
