"""Starting and stopping on one machine: cleanly, after a kill, after half a start; otherwise with one clear line."""

import signal
import socket
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

import psutil
import pytest

from adapters.embedded.ports import free_port
from tests.acceptance.instance import COMMAND, Running
from tests.servers import open_folder
from tests.waiting import until_sync
from wiring.children import Child, child_of, process_of, remember, remembered
from wiring.processes.up import PRODUCTS, SERVERS

EVERYTHING = {*PRODUCTS, *SERVERS}
PROGRAMS = ("initdb", "StorageTool", "kafka.Kafka")
SCHEMA = "instance.json"
"""Written when the servers answer, just before the schema is made."""
STEPS = (*PROGRAMS, SCHEMA, "wiring.cli serve")
"""What a first start goes through, in this order: moments to kill it."""


@pytest.fixture
def place() -> Iterator[Running]:
    """An instance that does not run yet, in a folder with a space and an accent in its name."""
    with open_folder() as folder:
        made = Running(data=folder / "crisis café" / "data", port=free_port())
        made.data.mkdir(parents=True)
        try:
            yield made
        finally:
            if made.process and made.process.poll() is None:
                made.stop()


def running_in(data: Path) -> list[str]:
    """Command lines of processes that work with this folder: it is named there, or they stand in it."""
    return [words for each in psutil.process_iter() if str(data) in (words := _words(each))]


def _words(process: psutil.Process) -> str:
    try:
        if process.status() == psutil.STATUS_ZOMBIE:
            return ""
        key = process.environ().get("DRIEHOEK_SIGNING_KEY", "")
        return " ".join((*process.cmdline(), process.cwd(), key))
    except psutil.Error:
        return ""


def nothing_runs(data: Path, known: Sequence[Child]) -> bool:
    """Whether no child is left, and no other process that works with this folder."""
    return not any(process_of(child) for child in known) and not running_in(data)


def refused(data: Path, port: int) -> str:
    """The one line with which a start is refused."""
    argv = [*COMMAND, "up", "--demo", "--data", str(data), "--port", str(port)]
    done = subprocess.run(argv, capture_output=True, text=True, check=False, timeout=120)
    assert (done.returncode, done.stdout) == (1, "")
    (line,) = done.stderr.splitlines()
    return line


def test_the_life_of_an_instance(place: Running) -> None:
    """One instance through everything that happens to it, because a start costs seconds."""
    place.start()
    children = remembered(place.data)
    assert {child.name for child in children} == EVERYTHING
    _status_tells(place)
    assert "draait Driehoek al" in refused(place.data, free_port())
    _killed_and_started_again(place, children)
    _strangers_are_left_alone(place)
    _stopped_by_down(place)


def _status_tells(place: Running) -> None:
    told = place.told_json("status")
    assert (told["ok"], told["mode"], told["url"]) == (True, "live", place.url)
    assert {row["name"] for row in told["processes"]} == EVERYTHING
    for row in told["processes"]:
        assert set(row) == {"name", "state", "pid", "restarts", "pss_mib"}
        assert row["state"] == "running"
        assert row["restarts"] == 0
        assert row["pss_mib"] > 0


def _killed_and_started_again(place: Running, before: Sequence[Child]) -> None:
    """SIGKILL to `up`: its children die with it or are stopped by the next start, and everything is back."""
    place.kill_supervisor()
    place.start()
    assert not any(process_of(child) for child in before)
    assert {child.name for child in remembered(place.data)} == EVERYTHING


def _strangers_are_left_alone(place: Running) -> None:
    """A stale file with the pid of somebody else, and of an orphan of ours: the orphan is stopped and nobody else."""
    place.kill_supervisor()
    sleeper = ("sleep", "600")
    with subprocess.Popen(sleeper) as stranger, subprocess.Popen(sleeper) as orphan:
        other = Child(name="intake", pid=stranger.pid, started="another-boot:1")
        remember(place.data, {"intake": other, "relay": child_of("relay", orphan.pid, 0)})
        place.start()
        assert stranger.poll() is None
        assert orphan.poll() == -signal.SIGTERM
        stranger.kill()


def _stopped_by_down(place: Running) -> None:
    children, process = remembered(place.data), place.process
    assert process is not None
    assert place.command("down").returncode == 0
    assert process.wait(5) == 0
    assert nothing_runs(place.data, children)
    assert remembered(place.data) == []
    told = place.command("status", "--json")
    assert told.returncode == 1
    assert '"ok":false' in told.stdout
    assert "Er draait niets" in place.command("down").stderr


@pytest.mark.long
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_start_that_is_broken_off_ends_cleanly(place: Running, number: signal.Signals) -> None:
    process = _begin(place)
    _step_reached(place, "kafka.Kafka")
    process.send_signal(number)
    assert process.wait(40) == 0
    assert nothing_runs(place.data, ())


@pytest.mark.long
def test_a_first_start_that_is_killed_anywhere_is_finished_by_the_next(place: Running) -> None:
    for step in STEPS:
        process = _begin(place)
        _step_reached(place, step)
        process.kill()
        process.wait()
        until_sync(lambda: nothing_runs(place.data, ()), within=20, what=f"nothing is left after a kill at {step}")
    place.start()
    assert place.told_json("status")["ok"] is True
    assert place.stop() == 0


def _begin(place: Running) -> "subprocess.Popen[bytes]":
    argv = [*COMMAND, "up", "--demo", "--data", str(place.data), "--port", str(place.port)]
    return subprocess.Popen(argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _step_reached(place: Running, step: str) -> None:
    def reached() -> bool:
        if step == SCHEMA:
            return (place.data / SCHEMA).exists()
        return any(step in words for words in running_in(place.data))

    until_sync(reached, within=90, what=f"the start reaches {step}")


def test_a_taken_port_is_one_line_and_nothing_is_started(place: Running) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port: int = other.getsockname()[1]
        line = refused(place.data, port)
    assert f"127.0.0.1:{port}" in line
    assert not (place.data / "postgres").exists()
