"""`up`, `down`, `status`, and one command per process."""

import asyncio
import signal
import time
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import psutil
import typer

from domain.events.core import Mode
from wiring.children import process_of, pss_mib, remembered
from wiring.commands.options import Data, Json, settings
from wiring.output import emit, say, stop
from wiring.runtime import NoInstanceError, read_instance

DEFAULT_PORT = 8080
DOWN_SECONDS = 40
"""Product, broker and database have eight seconds each."""
POLL_SECONDS = 0.1


def up(
    data: Annotated[Path, typer.Option(help="map voor alles wat bewaard blijft")] = Path(".data/live"),
    port: Annotated[int, typer.Option(help="poort van de pagina's, op deze machine")] = DEFAULT_PORT,
    mode: Annotated[Mode, typer.Option(help="live of oefening")] = Mode.LIVE,
    demo: Annotated[bool, typer.Option("--demo", help="met demonstratie-accounts en -gegevens")] = False,
) -> None:
    """Start alles op deze machine, blijf op de voorgrond; Ctrl-C of SIGTERM stopt netjes."""
    from wiring.logs import configure
    from wiring.processes.up import Asked, run
    from wiring.supervisor import AlreadyRunsError

    configure(process="up", level="WARNING")
    try:
        code = asyncio.run(run(Asked(data=data.absolute(), port=port, mode=mode.value, demo=demo)))
    except (AlreadyRunsError, TimeoutError) as error:
        stop(str(error))
    except Exception as error:  # noqa: BLE001 - a person at a terminal gets one line, the log has the rest
        stop(f"Starten lukte niet: {str(error) or type(error).__name__}. Zie de logbestanden in {data}/log.")
    raise typer.Exit(code)


def down(data: Annotated[Path, typer.Option(help="gegevensmap van `driehoek up`")] = Path(".data/live")) -> None:
    """Stop wat in deze map draait."""
    holder = _supervisor(data)
    if holder is None:
        say("Er draait niets in deze map.")
        return
    holder.send_signal(signal.SIGTERM)
    until = time.monotonic() + DOWN_SECONDS
    while _supervisor(data) is not None:  # not the process: whoever started it may never ask how it ended
        if time.monotonic() > until:
            stop(f"Na {DOWN_SECONDS} s nog niet gestopt.")
        time.sleep(POLL_SECONDS)


def status(
    data: Annotated[Path, typer.Option(help="gegevensmap van `driehoek up`")] = Path(".data/live"),
    as_json: Json = False,
) -> None:
    """Welke processen er draaien, en hoeveel geheugen ze gebruiken."""
    rows = []
    for child in remembered(data):
        process = process_of(child)
        rows.append(
            {
                "name": child.name,
                "state": "running" if process else "stopped",
                "pid": child.pid,
                "restarts": child.restarts,
                "pss_mib": pss_mib(process) if process else 0.0,
            }
        )
    try:
        known = read_instance(data).settings
    except NoInstanceError:
        known = {}
    good = bool(rows) and all(row["state"] == "running" for row in rows) and _supervisor(data) is not None
    emit({"ok": good, "mode": known.get("mode"), "url": known.get("public_url"), "processes": rows}, as_json=as_json)
    raise typer.Exit(0 if good else 1)


def _supervisor(data: Path) -> psutil.Process | None:
    """The process that holds the lock of this folder: the kernel knows."""
    lock = data / "lock"
    if not lock.exists():
        return None
    inode = str(lock.stat().st_ino)
    for line in Path("/proc/locks").read_text().splitlines():
        words = line.split()
        # Another file system may have the same number, so its holder must have our file open.
        if words[1] == "FLOCK" and words[5].rpartition(":")[2] == inode and _has_open(holder := int(words[4]), lock):
            with suppress(psutil.NoSuchProcess):
                return psutil.Process(holder)
    return None


def _has_open(pid: int, file: Path) -> bool:
    try:
        return any(each.samefile(file) for each in Path(f"/proc/{pid}/fd").iterdir() if each.exists())
    except OSError:
        return False


def migrate(data: Data = None) -> None:
    """Breng het schema van de database op de stand van deze versie, als eigenaar."""
    from wiring.processes.first_start import migrate_and_check

    migrate_and_check(settings(data))


def serve(data: Data = None) -> None:
    """De pagina's, de API en de websocket."""
    from wiring.processes.serve import run

    run(settings(data))


def intake(data: Data = None) -> None:
    """Leest signalen en maakt er incidenten van."""
    from wiring.processes.workers import run_intake

    run_intake(settings(data))


def stream(data: Data = None) -> None:
    """De Faust-agent: van gebeurtenissen naar kaarten."""
    from wiring.processes.stream import run

    run(settings(data))


def relay(data: Data = None) -> None:
    """Nummert en publiceert, in volgorde."""
    from wiring.processes.workers import run_relay

    run_relay(settings(data))


def scheduler(data: Data = None) -> None:
    """Maakt de rondes wakker: termijnen, controlepunten, kanarie."""
    from wiring.processes.workers import run_scheduler

    run_scheduler(settings(data))


def deliver(data: Data = None) -> None:
    """Verstuurt berichten."""
    from wiring.processes.workers import run_deliver

    run_deliver(settings(data))


def healthy(name: str, data: Data = None) -> None:
    """Of een proces nog werkt; voor de controle van een container."""
    from wiring.processes.health import is_healthy

    if not asyncio.run(is_healthy(settings(data), name)):
        stop(f"{name} werkt niet")
