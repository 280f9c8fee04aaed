"""The mode that a database serves."""

from adapters.store.migrations.script import run

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Run the SQL beside."""
    run("0004_mode.sql")
