"""The command line: one name per act. What it prints for machines is described in `docs/commands.md`."""

import logging
from typing import Final

import typer

from wiring.commands import bench, documents, log, pure, running, signals

# A trace with the values of variables would put content and secrets in a log.
QUIET: Final = False
app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=QUIET,
    help="Driehoek: één beeld en één logboek.",
)
signal_app = typer.Typer(no_args_is_help=True, help="Signalen sturen en controleren.")
duties_app = typer.Typer(no_args_is_help=True, help="Wettelijke termijnen.")
playbook_app = typer.Typer(no_args_is_help=True, help="Draaiboeken in CACAO 2.0.")

for command in (
    running.up,
    running.down,
    running.status,
    running.migrate,
    running.serve,
    running.intake,
    running.stream,
    running.relay,
    running.scheduler,
    running.deliver,
    running.healthy,
    log.ledger,
    log.verify,
    log.rebuild,
    log.backup,
    log.restore,
    bench.bench,
    documents.docs,
):
    app.command()(command)
signal_app.command("send")(signals.send)
signal_app.command("check")(pure.signal_check)
duties_app.command("compute")(pure.duties_compute)
playbook_app.command("check")(pure.playbook_check)
playbook_app.command("run")(pure.playbook_run)
app.add_typer(signal_app, name="signal")
app.add_typer(duties_app, name="duties")
app.add_typer(playbook_app, name="playbook")


def main() -> None:
    """Run the command line; wrong use gives exit code 2."""
    # That a broker is away is told by the command itself, in one line.
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    app()


if __name__ == "__main__":
    main()
