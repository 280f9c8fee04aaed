"""Children start again, orphans are stopped, strangers are left alone, and one folder has one supervisor."""

import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from adapters.embedded.servers import ServerProcess
from tests.waiting import until
from wiring.children import Child, child_of, process_of, remember, remembered, stop_orphans
from wiring.supervisor import LOG_LIMIT, AlreadyRunsError, FolderLock, Supervisor, rotate

FOREVER = (sys.executable, "-c", "import signal; signal.pause()")


def _spec(folder: Path, name: str = "slaper") -> ServerProcess:
    return ServerProcess(name=name, argv=FOREVER, log=folder / f"{name}.log")


async def _yes() -> bool:
    return True


def _pid(folder: Path) -> int:
    return remembered(folder)[0].pid


async def test_a_child_that_is_killed_starts_again_and_is_counted(tmp_path: Path) -> None:
    supervisor = Supervisor(tmp_path)
    await supervisor.start(_spec(tmp_path), _yes, within=5)
    first = _pid(tmp_path)
    os.kill(first, 9)

    async def replaced() -> bool:
        children = remembered(tmp_path)
        return bool(children) and children[0].pid != first and children[0].restarts == 1

    await until(replaced, within=5, what="a new child")
    await supervisor.stop(servers=())
    assert remembered(tmp_path) == []
    assert not psutil.pid_exists(first)


async def test_a_child_that_ends_again_and_again_is_named(tmp_path: Path) -> None:
    async def never() -> bool:
        return False

    supervisor = Supervisor(tmp_path)
    spec = ServerProcess(name="kort", argv=(sys.executable, "-c", "exit(3)"), log=tmp_path / "kort.log")
    with pytest.raises(TimeoutError, match=r"kort stopt steeds weer \(code 3\)"):
        await supervisor.start(spec, never, within=20)
    await supervisor.stop(servers=())


def test_what_a_killed_supervisor_left_is_stopped_and_nothing_else(tmp_path: Path) -> None:
    with subprocess.Popen(FOREVER) as orphan, subprocess.Popen(FOREVER) as stranger:
        ours = child_of("wees", orphan.pid, 0)
        reused = Child(name="vreemde", pid=stranger.pid, started="another-boot:1")
        remember(tmp_path, {"wees": ours, "vreemde": reused})
        assert stop_orphans(tmp_path, patience=5) == ["wees"]
        assert process_of(ours) is None
        assert stranger.poll() is None
        stranger.kill()


@pytest.mark.parametrize("damage", ["", "{", '[{"pid": 1}]', "null"])
def test_a_damaged_file_stops_nothing(tmp_path: Path, damage: str) -> None:
    (tmp_path / "children.json").write_text(damage)
    assert stop_orphans(tmp_path, patience=1) == []


def test_one_folder_has_one_supervisor(tmp_path: Path) -> None:
    with FolderLock(tmp_path), pytest.raises(AlreadyRunsError, match="draait Driehoek al"), FolderLock(tmp_path):
        pass
    with FolderLock(tmp_path):
        pass


def test_children_die_with_a_killed_parent(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from adapters.embedded.servers import ServerProcess\n"
        f"p = ServerProcess(name='kind', argv={FOREVER!r}, log=Path({str(tmp_path / 'k.log')!r})).start()\n"
        "print(p.pid, flush=True); import signal; signal.pause()"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = psutil.Process(int(parent.stdout.readline()))
        parent.kill()
        psutil.wait_procs([child], timeout=5)
        assert not child.is_running() or child.status() == psutil.STATUS_ZOMBIE


def test_a_large_log_is_moved_aside_while_its_writer_goes_on(tmp_path: Path) -> None:
    log = tmp_path / "groot.log"
    with log.open("ab") as writer:
        writer.write(b"x" * (LOG_LIMIT + 1))
        writer.flush()
        rotate(log)
        writer.write(b"verder")
    assert log.read_bytes() == b"verder"
    assert log.with_suffix(".1").stat().st_size == LOG_LIMIT + 1
