"""Runs a file of SQL as one migration; statements end with a semicolon at the end of a line outside `$$`."""

from pathlib import Path

from alembic import op

FOLDER = Path(__file__).parent / "sql"


def run(name: str) -> None:
    """Run each statement of the file, in the transaction of the migration."""
    for statement in statements((FOLDER / name).read_text()):
        op.execute(statement)


def statements(script: str) -> list[str]:
    """The statements of a script: asyncpg prepares one at a time."""
    found, current, quoted = [], list[str](), False
    for line in script.splitlines():
        if line.startswith("--") and not current:
            continue
        quoted ^= line.count("$$") % 2 == 1
        current.append(line)
        if line.rstrip().endswith(";") and not quoted:
            found.append("\n".join(current))
            current = []
    return [statement.replace(":", "\\:") for statement in found if statement.strip()]
